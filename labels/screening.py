"""Screening: which evaluations are taken into the synthesis, by which criteria, and what became of
all that were identified.
"""

from dataclasses import dataclass
from enum import StrEnum


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
    """What it is a reason for: 'include', 'exclude' or 'possible'."""


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
