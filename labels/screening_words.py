"""What people write when they screen, in four languages, and what is meant by it."""

from collections.abc import Mapping, Sequence

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .register import title_key
from .screening import ANSWERS, VERDICTS, ScreeningPlan

_VERDICTS: Mapping[str, Sequence[str]] = {
    "include": ("included", "inclure", "inclus", "incluir", "incluido", "incluída", "in"),
    "exclude": ("excluded", "exclure", "exclu", "excluir", "excluido", "excluída", "out"),
    "possible": ("possibly", "possível", "posible", "maybe", "peut-être", "talvez", "quizás"),
}
_ANSWERS: Mapping[str, Sequence[str]] = {
    "yes": ("y", "oui", "sí", "sim"),
    "partly": (
        "partially",
        "partial",
        "en partie",
        "partiellement",
        "en parte",
        "em parte",
        "parcialmente",
    ),
    "no": ("n", "non", "não"),
}


def verdict_of(given: str) -> str:
    """One of ``VERDICTS``; raises WhatworksError for what is none."""
    return _meant("verdict", given, VERDICTS, _VERDICTS)


def answer_of(given: str) -> str:
    """One of ``ANSWERS``; raises WhatworksError for what is none."""
    return _meant("answer", given, ANSWERS, _ANSWERS)


def settles_of(given: str) -> bool:
    """Whether a cell says that the word settles a conflict; raises WhatworksError."""
    if title_key(given) in ("", "x"):
        return bool(given.strip())
    answer = answer_of(given)
    if answer == "partly":
        raise WhatworksError("Nothing is settled partly. Write yes, or leave it empty.")
    return answer == "yes"


def reason_of(given: str, verdict: str, plan: ScreeningPlan) -> str:
    """The id of the criterion that is meant, by its id or its text.

    Raises:
        WhatworksError: the settings have no such reason for this verdict.
    """
    criteria = plan.criteria_for(verdict)
    if not criteria:
        raise WhatworksError(
            f"There is no reason '{given}': the settings have no reasons to {verdict}. Write them "
            f"in whatworks.toml, below [screening.{verdict}]."
        )
    ids = [one.id for one in criteria]
    texts = [one.text for one in criteria]
    for names in (ids, map(title_key, ids), map(title_key, texts)):
        found = [
            id_ for id_, name in zip(ids, names, strict=True) if name in (given, title_key(given))
        ]
        if len(found) == 1:
            return found[0]
    raise WhatworksError(
        f"{unknown(f'reason to {verdict}', given, ids)} There are {', '.join(ids)}."
    )


def item_of(given: str, plan: ScreeningPlan) -> str:
    """The item of the checklist that is meant; the beginning of its name is enough.

    Raises:
        WhatworksError: there is none, or there are several.
    """
    exact = [one for one in plan.checklist if title_key(one) == title_key(given)]
    begun = [
        one
        for one in plan.checklist
        if title_key(given) and title_key(one).startswith(title_key(given))
    ]
    found = exact or begun
    if len(found) == 1:
        return found[0]
    raise WhatworksError(
        f"{unknown('item', given, plan.checklist)} The checklist has {', '.join(plan.checklist)}."
    )


def _meant(what: str, given: str, known: Sequence[str], others: Mapping[str, Sequence[str]]) -> str:
    for one in known:
        if title_key(given) in map(title_key, (one, *others[one])):
            return one
    raise WhatworksError(f"{unknown(what, given, known)} There are {', '.join(known)}.")
