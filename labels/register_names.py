"""Which evaluation of the register somebody means."""

from collections.abc import Callable, Collection, Mapping, Sequence

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .register import Evaluation, title_key

_NAMES: Mapping[str, Callable[[Evaluation], str]] = {
    "mark": lambda one: one.mark.casefold(),
    "symbol": lambda one: one.facts.symbol.casefold(),
    "report": lambda one: one.facts.report.casefold(),
    "title": lambda one: title_key(one.facts.title),
    "number": lambda one: str(one.number),
}
"""What an evaluation goes by. A mark goes before a symbol that looks like one."""


def named(
    given: str, among: Collection[Evaluation], by: Sequence[str] = tuple(_NAMES)
) -> Evaluation:
    """The evaluation that is meant by 'E12', its symbol, its report, its title or '12'.

    Args:
        given: What somebody said.
        among: Those that may be meant.
        by: As what it may be read: 'mark', 'symbol', 'report', 'title', 'number', in this order.

    Raises:
        WhatworksError: there is none, and the nearest name is told; or several have that name.
    """
    for kind in by:
        key = title_key(given) if kind == "title" else given.strip().casefold()
        found = [one for one in among if key and _NAMES[kind](one) == key]
        if len(found) == 1:
            return found[0]
        if found:
            raise WhatworksError(
                f"Several evaluations are called '{given}': "
                f"{', '.join(one.mark for one in found)}. Give the mark."
            )
    known = [name for one in among for name in (one.mark, one.facts.symbol, one.facts.title)]
    raise WhatworksError(
        f"{unknown('evaluation', given, filter(None, known))} They are listed by: whatworks "
        "register list"
    )
