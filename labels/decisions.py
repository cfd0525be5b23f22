"""Decisions: what people said about passages. A decision is never changed, only followed."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..nlp.passages import PassageId


class Verdict(StrEnum):
    """What an annotator did with a suggestion."""

    CONFIRM = "confirm"
    """The labels and themes are those that were suggested."""
    CORRECT = "correct"
    """There is a finding, with other labels or themes than suggested."""
    REJECT = "reject"
    """The passage holds no finding."""
    UNSURE = "unsure"
    """The annotator cannot tell; counts towards nothing."""
    UNDO = "undo"
    """Takes back the annotator's last decision on the passage that still holds."""


class State(StrEnum):
    """Where a passage stands."""

    NEW = "new"
    """Read, not yet pre-labelled, nobody decided."""
    SUGGESTED = "suggested"
    """A model proposed something, nobody decided."""
    IN_REVIEW = "in review"
    """Somebody decided; more is needed."""
    DISAGREED = "disagreed"
    """Enough decided, and they do not agree."""
    CONFIRMED = "confirmed"
    """Agreed or adjudicated: the only state that is ever aggregated."""
    STALE = "stale"
    """Was confirmed; the codebook changed what it says."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passage holds, as somebody or some model sees it."""

    labels: tuple[str, ...] = ()
    """Finding types, sorted; () where there is no finding."""
    themes: tuple[str, ...] = ()
    """Theme ids, sorted."""

    @classmethod
    def of(cls, labels: Iterable[str], themes: Iterable[str]) -> "Answer":
        """Of codes in any order, each counted once."""
        return cls(tuple(sorted(set(labels))), tuple(sorted(set(themes))))


def verdict_for(labels: Iterable[str], themes: Iterable[str], suggested: Answer | None) -> Verdict:
    """What an answer does with the suggestion; ``None`` is no suggestion.

    Nothing suggested and nothing found is a confirmation; nothing found where something or
    nobody suggested is a rejection.

    >>> verdict_for(["lesson"], [], Answer(("lesson",), ("local-presence",)))
    <Verdict.CORRECT: 'correct'>
    """
    answer = Answer.of(labels, themes)
    if answer == suggested:
        return Verdict.CONFIRM
    return Verdict.CORRECT if answer.labels else Verdict.REJECT


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision that somebody is about to make."""

    passage_id: PassageId
    annotator: str
    verdict: Verdict
    labels: tuple[str, ...] = ()
    """Finding types, sorted; () where there is no finding."""
    themes: tuple[str, ...] = ()
    """Theme ids, sorted."""
    comment: str = ""
    seconds: float | None = None
    """Seconds spent on the passage, None where nobody measured."""
    blind: bool = False
    """Whether the suggestion was hidden until the decision was made."""
    adjudicates: bool = False
    """Whether this settles a disagreement of others."""
    suggestion_id: int | None = None
    """The suggestion that was there, shown or hidden."""
    round_id: int | None = None
    """The round it was made in; None is reading as one pleases."""
    source: str = "terminal"
    """'terminal', 'spreadsheet', 'web' or 'import'."""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Made by the sender: the same key sent twice is one decision."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it stands in the log."""

    id: int
    """Its place in the log, from 1, without gaps."""
    passage_id: PassageId
    annotator: str
    verdict: Verdict
    labels: tuple[str, ...]
    themes: tuple[str, ...]
    comment: str
    seconds: float | None
    blind: bool
    adjudicates: bool
    undoes: int | None
    """The id of the decision that an undo takes back."""
    codebook_version: int
    """The number of the project's codebook version it was made under."""
    model_version: str
    """Name of the model version seen, '' where there was no suggestion."""
    round_id: int
    source: str
    key: str
    made_at: str
    """UTC, ISO 8601 with microseconds and 'Z'."""
    hash: str
    """SHA-256 over all of it and the hash before; hex."""


Translation = Mapping[str, Mapping[str, str | None]]
"""What a codebook version does to older labels: {'finding_type'|'theme': {old id: new id, or None
where the label has become stale}}; what is not named stays as it is."""
