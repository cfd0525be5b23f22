"""Which evaluation of the register somebody means."""

from collections.abc import Collection

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .register import Evaluation, title_key


def named(given: str, among: Collection[Evaluation]) -> Evaluation:
    """The evaluation that is meant: by mark ('E12', '12'), symbol, name of its report, or title.

    Raises:
        WhatworksError: there is none, and the nearest name is told; or several have that title.
    """
    key = given.strip().casefold()
    for one in among:
        names = (one.mark, str(one.number), one.facts.symbol, one.facts.report)
        if key and key in map(str.casefold, names):
            return one
    titled = [one for one in among if key and title_key(one.facts.title) == title_key(given)]
    if len(titled) == 1:
        return titled[0]
    if titled:
        raise WhatworksError(
            f"Several evaluations are called '{given}': {', '.join(one.mark for one in titled)}. "
            "Give the mark."
        )
    known = [name for one in among for name in (one.mark, one.facts.symbol, one.facts.title)]
    raise WhatworksError(
        f"{unknown('evaluation', given, filter(None, known))} They are listed by: whatworks "
        "register list"
    )
