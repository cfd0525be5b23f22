"""Screening: which evaluations are taken into the synthesis, by which criteria, and what became of
all that were identified.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .register import Evaluation

VERDICTS = ("include", "exclude", "possible")
"""What a screener may say."""
ANSWERS = ("yes", "partly", "no")
"""What an item of the quality checklist is answered by."""
PREFER = ("final", "all")
"""Which of several evaluations of one project are used."""


class Screening(StrEnum):
    """Where an evaluation stands."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    POSSIBLE = "possible"
    """Screened, and put off: it may be taken in for some questions."""
    CONFLICT = "conflict"
    """Two screeners do not say the same, and nobody has settled it."""
    OPEN = "open"
    """Not screened, or not by as many as the settings ask for."""
    SUPERSEDED = "superseded"
    """Would be included, but another evaluation of the same project is used in its place."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A reason for a screening decision."""

    id: str
    text: str
    verdict: str
    """What it is a reason for: one of ``VERDICTS``."""


@dataclass(frozen=True, slots=True)
class ScreeningPlan:
    """What the settings say of screening."""

    screeners: int = 1
    """How many must screen each evaluation: 1 or 2."""
    criteria: tuple[Criterion, ...] = ()
    checklist: tuple[str, ...] = ("Comprehensive", "Complete", "Evidence-based", "Relevant")
    """What the quality of a report is appraised by."""
    prefer: str = "final"
    """Of several included evaluations of one project: 'final' uses the last in its life, 'all'
    uses each."""

    def criteria_for(self, verdict: str) -> tuple[Criterion, ...]:
        """The reasons there are for a verdict, in their order."""
        return tuple(one for one in self.criteria if one.verdict == verdict)


@dataclass(frozen=True, slots=True)
class Screened:
    """Where an evaluation stands, and by whose word."""

    state: Screening
    reasons: tuple[Criterion, ...] = ()
    """Those given by whoever's word holds, in the order of the settings."""
    note: str = ""
    screeners: tuple[str, ...] = ()
    """Who screened it, in the order of the log; the one who settled a conflict last."""
    superseded_by: str = ""
    """Mark of the evaluation that is used in its place."""


@dataclass(frozen=True, slots=True)
class Appraised:
    """What somebody said of the quality of a report, once."""

    appraiser: str
    answers: Mapping[str, str]
    """Item of the checklist to one of ``ANSWERS``."""
    note: str = ""
    made_at: str = ""
    """UTC."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How many evaluations went which way, after PRISMA 2020 (Page et al. 2021)."""

    identified: int
    without_file: int
    """Of those included: listed, but their report is not in the project."""
    open: int
    conflicts: int
    possible: int
    excluded: int
    excluded_by_reason: tuple[tuple[Criterion | None, int], ...]
    """By the first reason given, in the order of the settings; None is 'no reason given'. They
    add up to ``excluded``."""
    superseded: int
    included: int
    is_screened: bool = True
    """False while nobody's verdict holds: then every evaluation is taken in."""

    @property
    def screened(self) -> int:
        """How many were screened to the end, in conflict or not."""
        return self.identified - self.open if self.is_screened else 0


def flow(
    plan: ScreeningPlan,
    evaluations: Sequence[Evaluation],
    screened: Mapping[int, Screened],
    *,
    is_screened: bool,
) -> Flow:
    """How many of the evaluations went which way.

    Every one of them is in just one of ``open``, ``conflicts``, ``possible``, ``excluded``,
    ``superseded`` and ``included``.

    Args:
        plan: As it stands in the settings.
        evaluations: Those on the list.
        screened: Where each stands, by its id.
        is_screened: Whether somebody's verdict holds.
    """
    states = Counter(screened[one.id].state for one in evaluations)
    excluded = [
        screened[one.id] for one in evaluations if screened[one.id].state is Screening.EXCLUDED
    ]
    reasons = Counter(one.reasons[0] if one.reasons else None for one in excluded)
    # Criteria that left the settings come after those that stand there, and no reason last.
    order = dict.fromkeys([*plan.criteria_for("exclude"), *(one for one in reasons if one)])
    return Flow(
        identified=len(evaluations),
        without_file=sum(
            screened[one.id].state is Screening.INCLUDED and one.report_id is None
            for one in evaluations
        ),
        open=states[Screening.OPEN],
        conflicts=states[Screening.CONFLICT],
        possible=states[Screening.POSSIBLE],
        excluded=states[Screening.EXCLUDED],
        excluded_by_reason=tuple((one, reasons[one]) for one in (*order, None) if reasons[one]),
        superseded=states[Screening.SUPERSEDED],
        included=states[Screening.INCLUDED],
        is_screened=is_screened,
    )
