"""Who was asked to read what, and what of it still waits."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, exists, func, select

from ...nlp.passages import PassageId
from ..decisions import Verdict
from .log import in_parts
from .older_codes import stale_now
from .passages import current_versions
from .schema import annotator, assignment, decision, placement, round_, selection


@dataclass(frozen=True, slots=True)
class Workload:
    """How far somebody has come in a round."""

    round_id: int
    annotator_id: int
    name: str
    assigned: int
    open: int
    """Passages that wait for this person's decision; of a closed round none does."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A passage of a round, and to whom it is assigned."""

    selection_id: int
    readers: tuple[str, ...] = ()


def workloads(
    connection: Connection, *, annotator_id: int | None = None, round_id: int | None = None
) -> list[Workload]:
    """Of everybody in every round, or of one person, or in one round.

    Passages that are no longer in their report count only where they are decided.
    """
    # Worked out once for each reading: it takes a look into the log.
    standing = case((_is_decided(connection), _DECIDED), (is_there(), _THERE), else_=_GONE)
    columns = (
        selection.c.round_id,
        assignment.c.annotator_id,
        annotator.c.name,
        round_.c.closed_at,
    )
    query = (
        select(*columns, standing.label("standing"), func.count().label("readings"))
        .select_from(assignment)
        .join(selection, selection.c.id == assignment.c.selection_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .join(annotator, annotator.c.id == assignment.c.annotator_id)
        .group_by(*columns, "standing")
        .order_by(selection.c.round_id, annotator.c.name)
    )
    if annotator_id is not None:
        query = query.where(assignment.c.annotator_id == annotator_id)
    if round_id is not None:
        query = query.where(selection.c.round_id == round_id)
    found: dict[tuple[int, int], Workload] = {}
    for row in connection.execute(query):
        key = row.round_id, row.annotator_id
        before = found.get(key, Workload(*key, row.name, 0, 0))
        counts = 0 if row.standing == _GONE else row.readings
        waits = row.readings if row.standing == _THERE and row.closed_at is None else 0
        found[key] = Workload(*key, row.name, before.assigned + counts, before.open + waits)
    return list(found.values())


_DECIDED, _THERE, _GONE = "decided", "there", "gone"


def open_passages(connection: Connection, round_id: int, annotator_id: int) -> dict[PassageId, int]:
    """What waits for somebody in a round: passage to selection."""
    query = (
        select(selection.c.passage_id, selection.c.id)
        .select_from(assignment)
        .join(selection, selection.c.id == assignment.c.selection_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(
            selection.c.round_id == round_id,
            assignment.c.annotator_id == annotator_id,
            _is_open(connection),
        )
        .order_by(selection.c.id)
    )
    return {row.passage_id: row.id for row in connection.execute(query)}


def waits_for(
    connection: Connection, annotator_id: int, passage_id: PassageId | None = None
) -> set[PassageId]:
    """All passages that were assigned to somebody and wait for the decision, or of this one."""
    query = (
        select(selection.c.passage_id)
        .select_from(assignment)
        .join(selection, selection.c.id == assignment.c.selection_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(assignment.c.annotator_id == annotator_id, _is_open(connection))
    )
    if passage_id is not None:
        query = query.where(selection.c.passage_id == passage_id)
    return {PassageId(one) for one in connection.scalars(query)}


def first_open_round(
    connection: Connection, annotator_id: int, waits: Callable[[PassageId], bool]
) -> int | None:
    """The oldest open round with a passage assigned to somebody that waits for the decision.

    Args:
        connection: A reading one.
        annotator_id: Of the person.
        waits: Whether a passage waits for this person's decision, were it assigned.
    """
    query = (
        select(selection.c.round_id, selection.c.passage_id)
        .select_from(assignment)
        .join(selection, selection.c.id == assignment.c.selection_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(assignment.c.annotator_id == annotator_id, round_.c.closed_at.is_(None))
        .order_by(selection.c.id)
    )
    with connection.execute(query.execution_options(yield_per=1000)) as asked:
        return next((row.round_id for row in asked if waits(row.passage_id)), None)


def selected_in(connection: Connection, round_id: int) -> dict[PassageId, Selected]:
    """The passages of a round in their order, with those who are to read them."""
    query = (
        select(selection.c.passage_id, selection.c.id, annotator.c.name)
        .outerjoin(assignment, assignment.c.selection_id == selection.c.id)
        .outerjoin(annotator, annotator.c.id == assignment.c.annotator_id)
        .where(selection.c.round_id == round_id)
        .order_by(selection.c.id, annotator.c.name)
    )
    found: dict[PassageId, Selected] = {}
    for passage_id, number, name in connection.execute(query):
        before = found.get(passage_id, Selected(number))
        readers = before.readers if name is None else (*before.readers, name)
        found[passage_id] = Selected(number, readers)
    return found


def decided_by(
    connection: Connection,
    passage_ids: Iterable[PassageId],
    people: Mapping[str, int],
    *,
    ever: bool,
) -> dict[PassageId, set[str]]:
    """Which of these people decided each passage; passages that nobody of them did are left out.

    Args:
        connection: A reading or writing one.
        passage_ids: Which passages.
        people: Name to id.
        ever: Also those who took it back since: they saw the suggestion.
    """
    names = {number: name for name, number in people.items()}
    found: dict[PassageId, set[str]] = {}
    for ids in in_parts(passage_ids):
        rows = connection.execute(
            select(
                decision.c.id,
                decision.c.passage_id,
                decision.c.annotator_id,
                decision.c.verdict,
                decision.c.undoes_id,
            ).where(decision.c.passage_id.in_(ids), decision.c.annotator_id.in_(list(names)))
        ).all()
        undone: Collection[int] = () if ever else {row.undoes_id for row in rows}
        for row in rows:
            if row.verdict != Verdict.UNDO and row.id not in undone:
                found.setdefault(PassageId(row.passage_id), set()).add(names[row.annotator_id])
    return found


def _is_open(connection: Connection) -> ColumnElement[bool]:
    """Whether an assignment waits: the round is open, the passage still there and undecided."""
    return round_.c.closed_at.is_(None) & ~_is_decided(connection) & is_there()


def is_there() -> ColumnElement[bool]:
    """Whether the passage is in the newest version of its report."""
    return exists().where(
        placement.c.passage_id == selection.c.passage_id,
        placement.c.report_version_id.in_(select(current_versions().c.id)),
    )


def _is_decided(connection: Connection) -> ColumnElement[bool]:
    """Whether the last decision of whom it is assigned to holds, in codes that still count."""
    mine, undo = decision.alias("mine"), decision.alias("undo")
    undone = exists().where(
        undo.c.passage_id == mine.c.passage_id,
        undo.c.annotator_id == mine.c.annotator_id,
        undo.c.undoes_id == mine.c.id,
    )
    holding: Any = (
        select(mine.c.id)
        .where(
            mine.c.passage_id == selection.c.passage_id,
            mine.c.annotator_id == assignment.c.annotator_id,
            mine.c.verdict != Verdict.UNDO,
            ~undone,
        )
        .correlate(selection, assignment)
    )
    found: ColumnElement[bool] = holding.exists()
    stale = stale_now(connection)
    if stale is not None:
        last = holding.with_only_columns(func.max(mine.c.id)).scalar_subquery()
        found = exists().where(decision.c.id == last, ~stale)
    return found
