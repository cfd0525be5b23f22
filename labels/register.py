"""The register: which evaluations there are, and what is known of each before anybody reads it."""

from dataclasses import dataclass

TYPES = ("independent", "internal", "joint", "high-level")
"""Who evaluated."""
TIMINGS = ("mid-term", "final", "ex-post")
"""When in the life of what was evaluated."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an evaluation; '' or () where nobody has said."""

    title: str
    symbol: str = ""
    """By what the office calls it, such as 'RAF/12/04/FRA': a later list finds it by this."""
    type: str = ""
    """One of ``TYPES``."""
    timing: str = ""
    """One of ``TIMINGS``."""
    nature: str = ""
    """What was evaluated, in the office's words: 'project', 'country programme', ..."""
    regions: tuple[str, ...] = ()
    """In the office's words."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes."""
    coverage: tuple[str, ...] = ()
    """Thematic coverage, in the office's words."""
    funding: tuple[str, ...] = ()
    """Who paid, in the office's words."""
    year: int | None = None
    """Of the report."""
    language: str = ""
    """ISO 639-1, of the report."""
    project: str = ""
    """What the evaluations of one project have in common: its code, or its name."""
    report: str = ""
    """Name of the report in this whatworks project; '' while its file is not there."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A row of the register as it is now."""

    id: int
    number: int
    """Given once: 'E12' in every source mark."""
    facts: Facts
    report_id: int | None = None
    """The report that ``facts.report`` names; None while it was not added."""
    letter: str = "E"
    """'R' where nobody made a register, and the project's reports stand for it."""

    @property
    def mark(self) -> str:
        """How sources are marked: 'E12'."""
        return f"{self.letter}{self.number}"
