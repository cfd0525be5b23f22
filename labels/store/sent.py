"""Decisions that a screen sends: it may be out of date, or send the same one twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..decisions import Decision, DecisionDraft, Verdict, verdict_for
from ..drafts import clean_name
from ..resolution import name_key, that_hold
from .batch import Batch, Recorded
from .blind import blind_round, open_blind
from .database import Store
from .log import decisions_on, select_decisions, to_decision
from .resolutions import resolutions_of
from .rules import current_rules
from .schema import decision

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
    [outcome] = record_all_sent(store, [sent])
    if isinstance(outcome, WhatworksError):
        raise outcome
    return outcome


def record_all_sent(store: Store, several: Sequence[Sent]) -> list[Recorded | WhatworksError]:
    """Adds what several screens sent, in one transaction and each for itself.

    What cannot be recorded keeps none of the others from it: its error stands in its place.

    Raises:
        WhatworksError: the database cannot be written; then nothing of it was.
    """
    with store.writing() as connection:
        rules = current_rules(connection)
        hidden = _as_hidden(connection, several) if rules.has_blind else {}
        batch = Batch(connection, [*several, *hidden.values()], rules)
        outcomes = [_added(batch, one, hidden.get(place)) for place, one in enumerate(several)]
        batch.write()
    return outcomes


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
    _check_same(first, passage_id, annotator)
    resolution = resolutions_of(connection, [passage_id]).get(passage_id)
    return Recorded(first, resolution, is_new=False)


def own_decision(
    connection: Connection, annotator_name: str, passage_id: PassageId
) -> Decision | None:
    """This annotator's decision on the passage that holds, None where none does."""
    said = decisions_on(connection, [passage_id])[passage_id]
    return next(reversed(that_hold(_of(said, annotator_name))), None)


def _added(batch: Batch, sent: Sent, as_hidden: Sent | None) -> Recorded | WhatworksError:
    try:
        key = clean_name(sent.key, "key")
        if key in batch.known.by_key:
            first = batch.known.by_key[key][0]
            _check_same(first, sent.passage_id, sent.annotator)
            return Recorded(first, batch.resolution(first.passage_id), is_new=False)
        own = _of(batch.known.said.get(sent.passage_id, []), sent.annotator)
        if not _has_seen(sent, own):
            raise DecidedMeanwhileError(next(reversed(that_hold(own)), None))
        # One decision, were it taken back since, has shown the suggestion.
        is_blind = as_hidden is not None and not own
        return batch.add(_draft(batch, as_hidden if as_hidden and is_blind else sent, is_blind))
    except WhatworksError as error:
        return error


def _as_hidden(connection: Connection, several: Sequence[Sent]) -> dict[int, Sent]:
    """Place to what was sent from there with what a blind round hid, if the person is new to it."""
    answers = {n: one for n, one in enumerate(several) if one.verdict is not Verdict.UNDO}
    suggested = open_blind(connection, {one.passage_id for one in answers.values()})
    return {
        place: replace(
            one,
            suggestion_id=suggested[one.passage_id],
            round_id=one.round_id or blind_round(connection, one.annotator, one.passage_id),
        )
        for place, one in answers.items()
        if one.passage_id in suggested
    }


def _draft(batch: Batch, sent: Sent, is_blind: bool) -> DecisionDraft:
    is_undo = sent.verdict is Verdict.UNDO
    verdict = sent.verdict
    if verdict is None:
        verdict = verdict_for(sent.labels, sent.themes, batch.suggested(sent.suggestion_id))
    return DecisionDraft(
        passage_id=sent.passage_id,
        annotator=sent.annotator,
        verdict=verdict,
        labels=sent.labels,
        themes=sent.themes,
        comment=sent.comment,
        seconds=sent.seconds,
        blind=is_blind,
        suggestion_id=None if is_undo else sent.suggestion_id,
        round_id=None if is_undo else sent.round_id,
        source=sent.source,
        key=sent.key,
    )


def _has_seen(sent: Sent, own: Sequence[Decision]) -> bool:
    """Whether the screen knew the last of these decisions."""
    last = own[-1] if own else None
    if sent.seen.startswith(KEY):
        return last is None or last.key == sent.seen.removeprefix(KEY)
    seen = int(sent.seen) if sent.seen.isdecimal() else None
    return seen == (last.id if last else None)


def _of(said: Sequence[Decision], annotator: str) -> list[Decision]:
    """Those of one annotator."""
    me = name_key(annotator)
    return [one for one in said if name_key(one.annotator) == me]


def _check_same(first: Decision, passage_id: PassageId, annotator: str) -> None:
    if first.passage_id != passage_id or name_key(first.annotator) != name_key(annotator):
        raise WhatworksError(
            f"Passage {passage_id}: the key of this decision is that of another one. Load "
            "the page again and decide again."
        )
