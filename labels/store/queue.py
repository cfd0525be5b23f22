"""The queue: which passage an annotator looks at next.

It tells nobody what others decided: a passage that needs more decisions is in it whether or not
somebody else has decided it already, and one that needs no more is simply not there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from ...nlp.passages import PassageId
from ..decisions import State, Verdict
from ..resolution import name_key
from .older_codes import said_as_now, stale_now
from .passages import current_versions
from .schema import (
    annotator,
    assignment,
    decision,
    passage,
    placement,
    resolution,
    selection,
    suggested_code,
    suggestion,
)

_SETTLED = (State.CONFIRMED, State.DISAGREED)
"""Enough have voted: no other vote is asked for."""
_NOBODY = 0
"""Who never decided has no number; this one is given to nobody."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages somebody wants to go through."""

    report_id: int | None = None
    round_id: int | None = None
    """Those selected for a round, in the order in which they were selected. Where passages of it
    are assigned to people: those of this annotator, whoever else decided them, and those of
    nobody."""
    states: frozenset[State] = frozenset()
    """Passages in one of these states, whoever decided them; empty: whatever this annotator still
    has to decide."""
    unsure: bool = False
    """Only those on which this annotator was unsure."""
    label: str = ""
    """Only those for which this finding type is suggested."""
    language: str = ""
    """Only those in this language, an ISO 639-1 code."""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage and where it stands in the queue."""

    passage_id: PassageId
    at: tuple[int, int]
    """The version of its report, or its selection in a round; and its position in the report."""


def next_passage(
    connection: Connection,
    annotator_name: str,
    wanted: Wanted | None = None,
    *,
    after: tuple[int, int] | None = None,
    without: Collection[PassageId] = (),
) -> Place | None:
    """The next passage that this annotator has to look at, None where there is none.

    Report by report in reading order, those first that were added or changed first; only
    passages of the newest version of a report.

    Args:
        connection: Within ``store.reading()``.
        annotator_name: Who asks.
        wanted: Where to look; everywhere by default.
        after: ``Place.at`` of the passage to go on from; None begins at the beginning.
        without: Passages to leave out: those that were skipped.
    """
    wanted = wanted or Wanted()
    first, second = _order(wanted)
    query = _queued(connection, annotator_name, wanted, without).add_columns(first, second)
    if after is not None:
        query = query.where(tuple_(first, second) > after)
    found = connection.execute(query.order_by(first, second).limit(1)).one_or_none()
    return None if found is None else Place(found[0], (found[1], found[2]))


def left(
    connection: Connection,
    annotator_name: str,
    wanted: Wanted | None = None,
    *,
    without: Collection[PassageId] = (),
) -> int:
    """How many passages ``next_passage`` would give, one after another."""
    query = _queued(connection, annotator_name, wanted or Wanted(), without)
    found: int = connection.execute(query.with_only_columns(func.count())).scalar_one()
    return found


def where_stopped(
    connection: Connection, annotator_name: str, wanted: Wanted | None = None
) -> tuple[int, int] | None:
    """What to give as ``after`` to go on where this annotator stopped.

    None where the last decision was made elsewhere, or there is none.
    """
    wanted = wanted or Wanted()
    last = connection.execute(
        select(decision.c.passage_id, decision.c.verdict)
        .where(decision.c.annotator_id == annotator_number(connection, annotator_name))
        .order_by(decision.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return None
    first, second = _order(wanted)
    query = _placed(wanted).add_columns(first, second)
    found = connection.execute(query.where(placement.c.passage_id == last.passage_id)).first()
    if found is None:
        return None
    # What was taken back has to be decided anew.
    return found[1], found[2] - (last.verdict == Verdict.UNDO)


def annotator_number(connection: Connection, name: str) -> int:
    """The id of the annotator of this name in any spelling; 0 for one who never decided."""
    rows = connection.execute(select(annotator.c.name, annotator.c.id))
    known: dict[str, int] = {name_key(row.name): row.id for row in rows}
    return known.get(name_key(name), _NOBODY)


def _order(wanted: Wanted) -> tuple[ColumnElement[int], ColumnElement[int]]:
    if wanted.round_id is not None:
        return selection.c.id, placement.c.position
    # Not by report: SQLite would sort all passages before it gave the first.
    return placement.c.report_version_id, placement.c.position


def _placed(wanted: Wanted) -> Select[Any]:
    """The ids of all passages of the report or the round, or of the project."""
    current = current_versions()
    versions = select(current.c.id)
    if wanted.report_id is not None:
        versions = versions.where(current.c.report_id == wanted.report_id)
    query = select(placement.c.passage_id).where(placement.c.report_version_id.in_(versions))
    if wanted.round_id is not None:
        query = query.join(
            selection,
            and_(
                selection.c.passage_id == placement.c.passage_id,
                selection.c.round_id == wanted.round_id,
            ),
        )
    return query


def _queued(
    connection: Connection, name: str, wanted: Wanted, without: Collection[PassageId]
) -> Select[Any]:
    """The ids of the passages that are in the queue."""
    me = annotator_number(connection, name)
    query = _placed(wanted)
    if without:
        query = query.where(placement.c.passage_id.not_in(without))
    if wanted.language:
        query = query.join(passage, passage.c.id == placement.c.passage_id).where(
            passage.c.language == wanted.language
        )
    if wanted.label:
        query = query.where(_is_suggested(connection, wanted.label))
    if wanted.unsure:
        return query.where(_was_unsure(me))
    if wanted.states:
        return _in_states(query, wanted.states, _has_decided(connection, me))
    return _to_decide(query, wanted, me, _has_decided(connection, me))


def _to_decide(
    query: Select[Any], wanted: Wanted, me: int, has_decided: ColumnElement[bool]
) -> Select[Any]:
    query = query.outerjoin(resolution, resolution.c.passage_id == placement.c.passage_id)
    # Without a row nobody's decision holds, and no look into the log is needed.
    needed = or_(
        resolution.c.passage_id.is_(None),
        and_(resolution.c.state.not_in(_SETTLED), ~has_decided),
    )
    if wanted.round_id is None:
        return query.where(needed)
    asked = exists().where(assignment.c.selection_id == selection.c.id)
    of_me = asked.where(assignment.c.annotator_id == me)
    return query.where(or_(and_(of_me, ~has_decided), and_(~asked, needed)))


def _in_states(
    query: Select[Any], states: frozenset[State], has_decided: ColumnElement[bool]
) -> Select[Any]:
    given = [state for state in states if state not in (State.NEW, State.SUGGESTED)]
    here = resolution.c.passage_id == placement.c.passage_id
    # Who has decided it again has done what a stale passage asks for.
    in_state = and_(
        resolution.c.state.in_(given), or_(resolution.c.state != State.STALE, ~has_decided)
    )
    if len(given) == len(states):
        return query.join(resolution, here).where(in_state)
    undecided: ColumnElement[bool] = resolution.c.passage_id.is_(None)
    if not {State.NEW, State.SUGGESTED} <= states:
        suggested = exists().where(suggestion.c.passage_id == placement.c.passage_id)
        undecided = and_(undecided, suggested if State.SUGGESTED in states else ~suggested)
    return query.outerjoin(resolution, here).where(or_(undecided, in_state))


def _holding(me: int) -> Select[Any]:
    """The ids of the annotator's decisions on the passage that were not taken back."""
    mine, undo = decision.alias("mine"), decision.alias("undo")
    undone = exists().where(
        undo.c.passage_id == mine.c.passage_id,
        undo.c.annotator_id == mine.c.annotator_id,
        undo.c.undoes_id == mine.c.id,
    )
    return (
        select(mine.c.id)
        .where(
            mine.c.passage_id == placement.c.passage_id,
            mine.c.annotator_id == me,
            mine.c.verdict != Verdict.UNDO,
            ~undone,
        )
        .correlate(placement)
    )


def _last_of(me: int) -> ColumnElement[int]:
    holding = _holding(me)
    (number,) = holding.selected_columns
    return holding.with_only_columns(func.max(number)).scalar_subquery()


def _has_decided(connection: Connection, me: int) -> ColumnElement[bool]:
    """Whether the annotator's last decision holds and its codes still mean what they meant."""
    stale = stale_now(connection)
    if stale is None:
        return _holding(me).exists()
    return exists().where(decision.c.id == _last_of(me), ~stale)


def _was_unsure(me: int) -> ColumnElement[bool]:
    ever = select(decision.c.passage_id).where(
        decision.c.annotator_id == me, decision.c.verdict == Verdict.UNSURE
    )
    last = exists().where(decision.c.id == _last_of(me), decision.c.verdict == Verdict.UNSURE)
    return and_(placement.c.passage_id.in_(ever), last)


def _is_suggested(connection: Connection, label: str) -> ColumnElement[bool]:
    last = (
        select(func.max(suggestion.c.id))
        .where(suggestion.c.passage_id == placement.c.passage_id)
        .correlate(placement)
        .scalar_subquery()
    )
    return exists().where(
        suggestion.c.id == last,
        suggested_code.c.suggestion_id == suggestion.c.id,
        suggested_code.c.kind == "finding_type",
        suggested_code.c.suggested,
        said_as_now(connection, label),
    )
