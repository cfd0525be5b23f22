"""Adjudications: one of those whom the policy names says what holds."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..decisions import DecisionDraft, Verdict, verdict_for
from .batch import Batch, Recorded
from .blind import hidden_from
from .database import Store
from .decisions import suggested_now
from .disagreements import last_on
from .queue import annotator_number
from .schema import decision, suggestion
from .sent import own_decision, sent_before
from .standings import waits_for


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an adjudicator says about a passage."""

    passage_id: PassageId
    adjudicator: str
    key: str
    """Made by the sender: the same key sent twice is one decision."""
    seen: int
    """The id of the last decision on the passage that the adjudicator knew."""
    labels: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    comment: str = ""
    seconds: float | None = None
    takes_back: bool = False
    """Takes the adjudicator's last decision back instead."""


class SaidMeanwhileError(WhatworksError):
    """Somebody decided the passage since the adjudicator looked."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody decided this passage since you opened it. Nothing was saved: look at what "
            "is said now, and settle it then."
        )


class OwnFirstError(WhatworksError):
    """The adjudicator is asked for an own decision, which the others' would colour."""

    def __init__(self) -> None:
        super().__init__(
            "This passage waits for your own decision. Decide it first, then see what others said."
        )


def adjudicate(store: Store, ruling: Ruling) -> Recorded:
    """Settles a disagreement, or takes that back.

    Raises:
        SaidMeanwhileError: something was decided since.
        OwnFirstError: the adjudicator has to decide it independently first.
        WhatworksError: it cannot be settled, or not by this person.
    """
    with store.writing() as connection:
        before = sent_before(connection, ruling.key, ruling.passage_id, ruling.adjudicator)
        if before is not None:
            return before
        if asked_of(connection, ruling.adjudicator, ruling.passage_id):
            raise OwnFirstError
        if last_on(connection, ruling.passage_id) != ruling.seen:
            raise SaidMeanwhileError
        if ruling.takes_back and not _has_settled(connection, ruling):
            raise WhatworksError("There is nothing of yours here to take back.")
        draft = _draft(connection, ruling)
        batch = Batch(connection, [draft])
        recorded = batch.add(draft)
        batch.write()
    return recorded


def asked_passages(connection: Connection, name: str) -> set[PassageId]:
    """The passages that were assigned to this person and still wait for the decision."""
    return waits_for(connection, annotator_number(connection, name))


def asked_of(connection: Connection, name: str, passage_id: PassageId) -> bool:
    """Whether the passage was assigned to this person and still waits for the decision."""
    me = annotator_number(connection, name)
    return bool(waits_for(connection, me, passage_id))


def last_ruling(connection: Connection, name: str) -> tuple[int, PassageId] | None:
    """Id and passage of what this person settled last, if it is the last decision there."""
    me = annotator_number(connection, name)
    row = connection.execute(
        select(decision.c.id, decision.c.passage_id, decision.c.adjudicates, decision.c.verdict)
        .where(decision.c.annotator_id == me)
        .order_by(decision.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or not row.adjudicates:
        return None
    found = row.id, PassageId(row.passage_id)
    return found if last_on(connection, found[1]) == found[0] else None


def _has_settled(connection: Connection, ruling: Ruling) -> bool:
    """Whether what this person said last here, as far as it holds, is a ruling."""
    latest = own_decision(connection, ruling.adjudicator, ruling.passage_id)
    return latest is not None and latest.adjudicates


def _draft(connection: Connection, ruling: Ruling) -> DecisionDraft:
    passage_id = ruling.passage_id
    draft = DecisionDraft(
        passage_id=passage_id,
        annotator=ruling.adjudicator,
        verdict=Verdict.UNDO,
        comment=ruling.comment,
        seconds=ruling.seconds,
        source="web",
        key=ruling.key,
    )
    if ruling.takes_back:
        return draft
    newest = connection.scalar(
        select(func.max(suggestion.c.id)).where(suggestion.c.passage_id == passage_id)
    )
    suggested = suggested_now(connection, [newest]).get(newest) if newest else None
    return replace(
        draft,
        verdict=verdict_for(ruling.labels, ruling.themes, suggested),
        labels=ruling.labels,
        themes=ruling.themes,
        blind=bool(hidden_from(connection, ruling.adjudicator, [passage_id])),
        adjudicates=True,
        suggestion_id=newest,
    )
