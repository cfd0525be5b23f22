"""Cards: all that an annotator may see of a passage before deciding it, and nothing else."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ..nlp.passages import Passage, PassageId
from .codebook import Codebook
from .decisions import Answer, Decision
from .resolution import Translations, latest_of_each, name_key, that_hold
from .store.blind import blind_round, hidden_from
from .store.codebooks import current_codebook
from .store.decisions import decisions_on, suggested_now
from .store.last import report_of
from .store.log import translations
from .store.passages import neighbours, passages_of
from .store.suggestions import StoredSuggestion, latest_suggestions


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody decided on a passage, in the words of the present codebook."""

    decision: Decision
    answer: Answer
    """Codes that became stale are left out."""
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Card:
    """All that an annotator may see of a passage before deciding."""

    passage: Passage
    title: str
    """Of the report; its name where it has none."""
    of: int
    """How many passages the report has; ``passage.order`` is one of them."""
    before: tuple[Passage, ...]
    after: tuple[Passage, ...]
    codebook: Codebook
    left: int
    """How many are left in the queue, this one included."""
    suggestion: StoredSuggestion | None
    """None also where it is hidden."""
    is_hidden: bool
    """Whether the suggestion, if there is one, is not to be seen before the decision."""
    own: Said | None
    """The annotator's own decision that holds."""
    others: tuple[Said, ...] = ()
    """What each annotator decided: for who adjudicates, for nobody else."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """A card, and what it hides from the annotator but not from the log."""

    card: Card
    suggestion: StoredSuggestion | None
    suggested: Answer | None
    """What the suggestion says now, as verdicts are checked by it."""
    round_id: int | None
    """The round in which the annotator is asked; None is reading as one pleases."""


def deal(
    connection: Connection,
    annotator: str,
    passage_id: PassageId,
    *,
    round_id: int | None = None,
    left: int = 0,
    blind: bool = False,
    adjudicates: bool = False,
) -> Dealt:
    """The card of a passage as the project is now.

    Args:
        connection: Within ``store.reading()``.
        annotator: Who looks at it.
        passage_id: Of a passage that is there.
        round_id: The round that the annotator goes through, if one.
        left: To be told on the card.
        blind: Whether the suggestion is hidden from who never decided the passage; in an open
            blind round it is, whatever is given here.
        adjudicates: Whether what others decided is shown.
    """
    around = neighbours(connection, passage_id)
    passage = passages_of(connection, [passage_id])[passage_id]
    title, count = report_of(connection, passage_id)
    suggestion = latest_suggestions(connection, [passage_id]).get(passage_id)
    shown = [] if suggestion is None else [suggestion.id]
    now = translations(connection)
    said = decisions_on(connection, [passage_id])[passage_id]
    mine = [one for one in said if name_key(one.annotator) == name_key(annotator)]
    held = that_hold(mine)
    in_blind_round = passage_id in hidden_from(connection, annotator, [passage_id])
    is_hidden = in_blind_round or (blind and not mine)
    if round_id is None and in_blind_round:
        round_id = blind_round(connection, annotator, passage_id)
    card = Card(
        passage=passage,
        title=title or passage.report,
        of=count,
        before=around.before,
        after=around.after,
        codebook=current_codebook(connection).codebook,
        left=left,
        suggestion=None if is_hidden else suggestion,
        is_hidden=is_hidden,
        own=_said(held[-1], now) if held else None,
        others=tuple(_said(one, now) for one in latest_of_each(said)) if adjudicates else (),
    )
    suggested = suggested_now(connection, shown).get(shown[0]) if shown else None
    return Dealt(card, suggestion, suggested, round_id)


def _said(decision: Decision, now: Translations) -> Said:
    answer = Answer(decision.labels, decision.themes)
    kept = now.suggestion(decision.codebook_version, answer)
    return Said(decision, kept, now.answer(decision.codebook_version, answer)[1])
