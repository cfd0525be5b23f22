"""What a reviewer did last, and in which report a passage stands."""

from sqlalchemy import Connection, exists, func, select

from ...nlp.passages import PassageId
from ..decisions import Decision, Verdict
from .log import select_decisions, to_decision
from .queue import annotator_number
from .schema import decision, placement, report_version


def last_decision(
    connection: Connection, annotator_name: str, *, with_rulings: bool = True
) -> Decision | None:
    """The last decision of this annotator that holds, on whatever passage; None without any.

    Args:
        connection: A reading one.
        annotator_name: Whose.
        with_rulings: Whether what they settled as an adjudicator is among them.
    """
    undo = decision.alias("undo")
    undone = exists().where(
        undo.c.passage_id == decision.c.passage_id,
        undo.c.annotator_id == decision.c.annotator_id,
        undo.c.undoes_id == decision.c.id,
    )
    query = select_decisions().where(
        decision.c.annotator_id == annotator_number(connection, annotator_name),
        decision.c.verdict != Verdict.UNDO,
        ~undone,
    )
    if not with_rulings:
        query = query.where(~decision.c.adjudicates)
    row = connection.execute(query.order_by(decision.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else to_decision(row)


def report_of(connection: Connection, passage_id: PassageId) -> tuple[str, int]:
    """The title of the newest version of its report that has the passage, and how many it has."""
    newest = (
        select(func.max(placement.c.report_version_id))
        .where(placement.c.passage_id == passage_id)
        .scalar_subquery()
    )
    row = connection.execute(
        select(report_version.c.title, func.max(placement.c.position).label("passages"))
        .join(placement, placement.c.report_version_id == report_version.c.id)
        .where(report_version.c.id == newest)
        .group_by(report_version.c.title)
    ).one()
    return row.title, row.passages
