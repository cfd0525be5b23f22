"""The passages of a project, each where it stands in its report."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Subquery, bindparam, func, select

from ...nlp.documents import BlockKind
from ...nlp.errors import WhatworksError
from ...nlp.passages import Passage, PassageId
from .known import unknown_passage
from .log import in_parts
from .schema import passage, placement, report, report_version

_ID_DIGITS = 16
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands around a passage, in reading order."""

    before: tuple[Passage, ...]
    after: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class PassageText:
    """Of a passage only what it says."""

    id: PassageId
    text: str
    lead_in: str


def first_added() -> Subquery:
    """Columns ``passage_id`` and ``at``, when each passage first came: for queries."""
    return (
        select(placement.c.passage_id, func.min(report_version.c.added_at).label("at"))
        .join(report_version, report_version.c.id == placement.c.report_version_id)
        .group_by(placement.c.passage_id)
        .subquery()
    )


def current_versions() -> Subquery:
    """Columns ``id`` and ``report_id`` of the newest version of every report: for queries."""
    newest = (
        select(report_version.c.report_id, func.max(report_version.c.number).label("number"))
        .group_by(report_version.c.report_id)
        .subquery()
    )
    return (
        select(report_version.c.id, report_version.c.report_id)
        .join(
            newest,
            (report_version.c.report_id == newest.c.report_id)
            & (report_version.c.number == newest.c.number),
        )
        .subquery("current_version")
    )


def current_passages(connection: Connection, report_id: int | None = None) -> list[Passage]:
    """The passages of the newest version of one report, or of all, in reading order."""
    current = current_versions()
    query = _placed().join(current, placement.c.report_version_id == current.c.id)
    if report_id is not None:
        query = query.where(current.c.report_id == report_id)
    rows = connection.execute(query.order_by(current.c.report_id, placement.c.position))
    return [_passage(row) for row in rows]


def current_texts(connection: Connection) -> Iterator[PassageText]:
    """What the current passages say, in the order of a worklist; read as it is asked for."""
    current = current_versions()
    rows = connection.execute(
        select(placement.c.passage_id, passage.c.text, placement.c.lead_in)
        .join(current, placement.c.report_version_id == current.c.id)
        .join(passage, placement.c.passage_id == passage.c.id)
        .order_by(placement.c.report_version_id, placement.c.position),
        execution_options={"yield_per": 2000},
    )
    for row in rows:
        yield PassageText(PassageId(row.passage_id), row.text, row.lead_in)


def passages_of(connection: Connection, ids: Iterable[PassageId]) -> dict[PassageId, Passage]:
    """These passages by id; one that is no longer in its report stands where it last stood."""
    found: dict[PassageId, Passage] = {}
    for some in in_parts(ids):
        last = (
            select(
                placement.c.passage_id, func.max(placement.c.report_version_id).label("version_id")
            )
            .where(placement.c.passage_id.in_(some))
            .group_by(placement.c.passage_id)
            .subquery()
        )
        rows = connection.execute(
            _placed().join(
                last,
                (placement.c.passage_id == last.c.passage_id)
                & (placement.c.report_version_id == last.c.version_id),
            )
        )
        for row in rows:
            one = _passage(row)
            found[one.id] = one
    return found


def get_passage(connection: Connection, given: str) -> Passage:
    """The passage of this id, or of the only id that begins with it.

    Raises:
        WhatworksError: there is none, or several; some of them are named.
    """
    found = find_passage_id(connection, given)
    return passages_of(connection, [found])[found]


def find_passage_id(connection: Connection, given: str) -> PassageId:
    """The whole id of the passage that is meant; raises as ``get_passage`` does."""
    wanted = given.strip().lower()
    if not wanted or len(wanted) > _ID_DIGITS or set(wanted) - set("0123456789abcdef"):
        raise WhatworksError(
            f"'{given}' is no passage id. It has {_ID_DIGITS} digits from 0 to 9 and a to f, such "
            "as 3f09a1b2c4d5e6f7; its beginning is enough where only one begins so."
        )
    matches = _beginning_with(connection, wanted, _NAMED + 1)
    if len(matches) == 1:
        return PassageId(matches[0])
    if matches:
        shown = ", ".join(matches[:_NAMED]) + (", ..." if len(matches) > _NAMED else "")
        raise WhatworksError(
            f"Several passage ids begin with '{wanted}': {shown}. Give more of it."
        )
    raise unknown_passage(connection, wanted)


def neighbours(
    connection: Connection, passage_id: PassageId, *, before: int = 2, after: int = 2
) -> Neighbours:
    """The passages around one, in the newest version of its report in which it stands."""
    place = connection.execute(
        select(placement.c.report_version_id, placement.c.position)
        .where(placement.c.passage_id == passage_id)
        .order_by(placement.c.report_version_id.desc())
        .limit(1)
    ).one_or_none()
    if place is None:
        return Neighbours((), ())
    rows = connection.execute(
        _placed()
        .where(
            placement.c.report_version_id == place.report_version_id,
            placement.c.position.between(place.position - before, place.position + after),
        )
        .order_by(placement.c.position)
    )
    around = [_passage(row) for row in rows]
    return Neighbours(
        tuple(one for one in around if one.order < place.position),
        tuple(one for one in around if one.order > place.position),
    )


def passages_between(
    connection: Connection, report_version_id: int, first: int, last: int
) -> list[Passage]:
    """The passages of one version of a report from one position to another, both included."""
    rows = connection.execute(_BETWEEN, {"version": report_version_id, "a": first, "b": last})
    return [_passage(row) for row in rows]


def _placed() -> Select[Any]:
    return (
        select(
            passage.c.id,
            passage.c.language,
            passage.c.text,
            report.c.name.label("report"),
            placement.c.position,
            placement.c.page,
            placement.c.heading,
            placement.c.start,
            placement.c.end,
            placement.c.kind,
            placement.c.lead_in,
        )
        .select_from(placement)
        .join(passage, passage.c.id == placement.c.passage_id)
        .join(report, report.c.id == passage.c.report_id)
    )


def _passage(row: Row[Any]) -> Passage:
    return Passage(
        id=PassageId(row.id),
        report=row.report,
        order=row.position,
        page=row.page,
        heading=tuple(row.heading),
        language=row.language,
        text=row.text,
        start=row.start,
        end=row.end,
        kind=BlockKind(row.kind),
        lead_in=row.lead_in,
    )


# Made once: it is asked for every card that a screen shows.
_BETWEEN = (
    _placed()
    .where(
        placement.c.report_version_id == bindparam("version"),
        placement.c.position.between(bindparam("a"), bindparam("b")),
    )
    .order_by(placement.c.position)
)


def _beginning_with(connection: Connection, prefix: str, limit: int) -> Sequence[str]:
    # Ids are hex: all that begin so lie between the prefix and the prefix with a 'g'.
    query = select(passage.c.id).where(passage.c.id >= prefix, passage.c.id < f"{prefix}g")
    return connection.scalars(query.order_by(passage.c.id).limit(limit)).all()
