"""Blind rounds: from whom a suggestion is hidden until the decision is made."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from ...nlp.passages import PassageId
from .log import in_parts
from .queue import annotator_number
from .schema import assignment, decision, round_, selection, suggestion


def hidden_from(
    connection: Connection, annotator_name: str, passage_ids: Iterable[PassageId]
) -> set[PassageId]:
    """Those of the passages whose suggestion this annotator may not see yet.

    They are in an open blind round, and the annotator never decided them, in any round: one
    decision, were it taken back since, has shown the suggestion.
    """
    me = annotator_number(connection, annotator_name)
    found: set[PassageId] = set()
    for ids in in_parts(passage_ids):
        seen = select(decision.c.id).where(
            decision.c.passage_id == selection.c.passage_id, decision.c.annotator_id == me
        )
        query = (
            select(selection.c.passage_id)
            .join(round_, round_.c.id == selection.c.round_id)
            .where(
                selection.c.passage_id.in_(ids),
                round_.c.blind,
                round_.c.closed_at.is_(None),
                ~seen.exists(),
            )
        )
        found.update(map(PassageId, connection.scalars(query)))
    return found


def open_blind(
    connection: Connection, passage_ids: Iterable[PassageId]
) -> dict[PassageId, int | None]:
    """Those of the passages that are in an open blind round, with their newest suggestion's id."""
    found: dict[PassageId, int | None] = {}
    newest = (
        select(func.max(suggestion.c.id))
        .where(suggestion.c.passage_id == selection.c.passage_id)
        .scalar_subquery()
    )
    for ids in in_parts(passage_ids):
        query = (
            select(selection.c.passage_id, newest.label("suggestion_id"))
            .join(round_, round_.c.id == selection.c.round_id)
            .where(selection.c.passage_id.in_(ids), round_.c.blind, round_.c.closed_at.is_(None))
        )
        found |= {PassageId(row.passage_id): row.suggestion_id for row in connection.execute(query)}
    return found


def blind_round(connection: Connection, annotator_name: str, passage_id: PassageId) -> int | None:
    """The open blind round in which this annotator is asked about the passage, if any."""
    me = annotator_number(connection, annotator_name)
    asked = select(assignment.c.annotator_id).where(assignment.c.selection_id == selection.c.id)
    query = (
        select(selection.c.round_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(
            selection.c.passage_id == passage_id,
            round_.c.blind,
            round_.c.closed_at.is_(None),
            asked.where(assignment.c.annotator_id == me).exists() | ~asked.exists(),
        )
        .order_by(selection.c.round_id)
        .limit(1)
    )
    return connection.scalar(query)
