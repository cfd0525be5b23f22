"""What a model proposes for the passages of a report. A person decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..nlp.passages import Passage

BY_WORDS = 0.8
"""The probability of a theme that is told by words: of those found in the sample reports so many
were right (docs/for-whom.md). No model tells one passage from another here."""


@dataclass(frozen=True, slots=True)
class ThemeSuggestion:
    """A theme a model proposes for a passage, should the passage be a finding."""

    theme: str
    """A theme id of the codebook."""
    probability: float
    """In [0, 1]: that the theme applies, given that the passage holds a finding."""


@dataclass(frozen=True, slots=True)
class WordSuggestion:
    """A theme that a passage names by one of its words in the codebook."""

    theme: str
    """A theme id of the codebook."""
    words: tuple[str, ...]
    """As they stand in the passage, each once."""
    probability: float = BY_WORDS


@dataclass(frozen=True, slots=True)
class PassageSuggestions:
    """All that a model proposes for one passage."""

    passage: Passage
    probabilities: Mapping[str, float]
    """Finding type id to calibrated probability in [0, 1], in the codebook's order."""
    labels: tuple[str, ...]
    """Finding types at or above the threshold, strongest first; () is none."""
    themes: tuple[ThemeSuggestion, ...]
    """The likeliest themes, strongest first; given for every passage, also where no label is."""
    columns: Mapping[str, str | int | float | None] = field(default_factory=dict)
    """The other columns of the row, where the passage came from a table."""
    by_words: tuple[WordSuggestion, ...] = ()
    """Themes that are told by words, in the codebook's order, also where no label is."""


@dataclass(frozen=True, slots=True)
class ReportSuggestions:
    """The suggestions for one report, or for one stretch of a long table."""

    report: str
    path: str
    language: str
    passages: tuple[PassageSuggestions, ...]
    pages: int | None = None
    title: str = ""
    warnings: tuple[str, ...] = ()
    is_table: bool = False
    """The rows of a table of passages: every row is written, labelled or not."""


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that could not be read, with the cause and the cure in plain words."""

    path: str
    cause: str
    cure: str


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What every result file says about its making."""

    model: str
    """Name and version: 'starter 1.0 (bundled encoder)'."""
    codebook: str
    """Id and version: 'ilo-social-protection 1'."""
    thresholds: Mapping[str, float]
    created: str
    """UTC, ISO 8601, to the second."""
    version: str
    """Of whatworks."""
