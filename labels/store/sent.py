"""Decisions that a screen sends: it may be out of date, or send the same one twice."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..decisions import Decision, DecisionDraft, Verdict, verdict_for
from ..drafts import clean_name
from ..resolution import name_key, that_hold
from .batch import Batch, Recorded
from .blind import blind_round, hidden_from
from .database import Store
from .decisions import suggested_now
from .log import decisions_on, select_decisions, to_decision
from .queue import annotator_number
from .resolutions import resolutions_of
from .schema import decision, suggestion

KEY = "key:"
"""Begins a ``Sent.seen`` that names a decision by its key."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody decided on a screen."""

    passage_id: PassageId
    annotator: str
    key: str
    """Made by the sender: the same key sent twice is one decision."""
    verdict: Verdict | None = None
    """'unsure' or 'undo'; None for an answer, whose verdict follows from the suggestion."""
    labels: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    comment: str = ""
    seconds: float | None = None
    suggestion_id: int | None = None
    """The one that was shown. Of a hidden one the screen knows nothing: it is found here."""
    round_id: int | None = None
    seen: str = ""
    """This annotator's last decision on the passage that the screen knew: its id, or 'key:' and
    its key; '' is none."""
    source: str = "web"


class DecidedMeanwhileError(WhatworksError):
    """The same person decided the passage elsewhere since the screen was made."""

    def __init__(self, latest: Decision | None) -> None:
        self.latest = latest
        """What holds now; None where the last decision was taken back."""
        super().__init__(
            "You decided this passage in another window meanwhile. Look at both answers and say "
            "which one holds."
        )


def record_sent(store: Store, sent: Sent) -> Recorded:
    """Adds what a screen sent to the log, once.

    Raises:
        DecidedMeanwhileError: the screen did not know this annotator's last decision.
        WhatworksError: it cannot be recorded; the text says why, and nothing was.
    """
    with store.writing() as connection:
        known = sent_before(connection, sent.key, sent.passage_id, sent.annotator)
        if known is not None:
            return known
        draft = _draft(connection, sent)
        _check_seen(connection, sent)
        batch = Batch(connection, [draft])
        recorded = batch.add(draft)
        batch.write()
    return recorded


def sent_before(
    connection: Connection, key: str, passage_id: PassageId, annotator: str
) -> Recorded | None:
    """The decision of this key, where the log has it: its answer was lost on the way.

    Raises:
        WhatworksError: it is about another passage, or somebody else's.
    """
    key = clean_name(key, "key")
    row = connection.execute(select_decisions().where(decision.c.key == key)).one_or_none()
    if row is None:
        return None
    first = to_decision(row)
    if first.passage_id != passage_id or name_key(first.annotator) != name_key(annotator):
        raise WhatworksError(
            f"Passage {passage_id}: the key of this decision is that of another one. Load "
            "the page again and decide again."
        )
    resolution = resolutions_of(connection, [passage_id]).get(passage_id)
    return Recorded(first, resolution, is_new=False)


def _draft(connection: Connection, sent: Sent) -> DecisionDraft:
    passage_id, suggestion_id = sent.passage_id, sent.suggestion_id
    round_id, is_blind = sent.round_id, False
    verdict = sent.verdict
    if verdict is Verdict.UNDO:
        suggestion_id = round_id = None
    else:
        is_blind = bool(hidden_from(connection, sent.annotator, [passage_id]))
        if is_blind:
            newest = select(func.max(suggestion.c.id)).where(suggestion.c.passage_id == passage_id)
            suggestion_id = connection.scalar(newest)
            round_id = round_id or blind_round(connection, sent.annotator, passage_id)
    if verdict is None:
        shown = [] if suggestion_id is None else [suggestion_id]
        suggested = suggested_now(connection, shown).get(suggestion_id or 0)
        verdict = verdict_for(sent.labels, sent.themes, suggested)
    return DecisionDraft(
        passage_id=passage_id,
        annotator=sent.annotator,
        verdict=verdict,
        labels=sent.labels,
        themes=sent.themes,
        comment=sent.comment,
        seconds=sent.seconds,
        blind=is_blind,
        suggestion_id=suggestion_id,
        round_id=round_id,
        source=sent.source,
        key=sent.key,
    )


def _check_seen(connection: Connection, sent: Sent) -> None:
    me = annotator_number(connection, sent.annotator)
    last = connection.scalar(
        select(func.max(decision.c.id)).where(
            decision.c.passage_id == sent.passage_id, decision.c.annotator_id == me
        )
    )
    if sent.seen.startswith(KEY):
        seen = connection.scalar(
            select(decision.c.id).where(decision.c.key == sent.seen.removeprefix(KEY))
        )
    else:
        seen = int(sent.seen) if sent.seen.isdecimal() else None
    if seen != last:
        raise DecidedMeanwhileError(own_decision(connection, sent.annotator, sent.passage_id))


def own_decision(
    connection: Connection, annotator_name: str, passage_id: PassageId
) -> Decision | None:
    """This annotator's decision on the passage that holds, None where none does."""
    me = name_key(annotator_name)
    said = decisions_on(connection, [passage_id])[passage_id]
    own = [one for one in that_hold(said) if name_key(one.annotator) == me]
    return own[-1] if own else None
