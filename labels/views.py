"""Views: which passages somebody wants to go through, and in which order."""

from dataclasses import dataclass
from enum import StrEnum


class Show(StrEnum):
    """Which passages are in a queue, by what became of them."""

    OPEN = "open"
    """What the annotator still has to decide; what is decided is passed over."""
    MINE = "mine"
    """What the annotator decided."""
    UNSURE = "unsure"
    """Where the annotator's last word was 'unsure'."""
    STALE = "stale"
    """Confirmed once; the codebook changed since, and the annotator has not decided again."""
    DISAGREED = "disagreed"
    """Where people disagree: for adjudicators only."""
    CONFIRMED = "confirmed"
    """What is confirmed, but for passages that others confirmed and that wait for one's own
    decision."""


class Order(StrEnum):
    """How a queue is sorted."""

    READING = "reading"
    """Report by report as they are read; a round as its passages were selected."""
    UNCERTAIN = "uncertain"
    """The model's most doubtful suggestions first."""


class By(StrEnum):
    """How passages are searched."""

    WORDS = "words"
    """They have the words."""
    MEANING = "meaning"
    """Their vectors are near to that of what is searched for."""


@dataclass(frozen=True, slots=True)
class View:
    """Which passages somebody wants to go through."""

    report_id: int | None = None
    round_id: int | None = None
    """Where passages of it are assigned to people: those of this annotator and those of nobody."""
    label: str = ""
    """A finding type that is suggested; among one's own decisions, that was given; among what is
    confirmed, that is confirmed."""
    theme: str = ""
    language: str = ""
    show: Show = Show.OPEN
    order: Order = Order.READING
    words: str = ""
    """What is searched for, '' for no search."""
    by: By = By.WORDS
