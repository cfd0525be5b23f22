"""Which file a passage was read from, in which version."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from ...nlp.passages import PassageId
from .passages import current_versions
from .schema import placement, report, report_version


@dataclass(frozen=True, slots=True)
class Source:
    """A version of a report's file."""

    version_id: int
    report_id: int
    name: str
    """Of the report."""
    title: str
    """Of the report; its name where it has none."""
    path: str
    """As it was kept: seen from the project's folder, or absolute."""
    sha256: str
    added_at: str


def current_sources(connection: Connection) -> list[Source]:
    """The newest version of every report, in the order in which reports were first added."""
    current = current_versions()
    query = _sources().join(current, current.c.id == report_version.c.id).order_by(report.c.id)
    return [_source(row) for row in connection.execute(query)]


def source_of(connection: Connection, passage_id: PassageId) -> Source | None:
    """Of the newest version in which the passage stands; None for an unknown passage."""
    newest = (
        select(placement.c.report_version_id)
        .where(placement.c.passage_id == passage_id)
        .order_by(placement.c.report_version_id.desc())
        .limit(1)
    )
    version_id = connection.scalar(newest)
    return None if version_id is None else get_source(connection, version_id)


def get_source(connection: Connection, version_id: int) -> Source | None:
    """The version of this id, None where there is none."""
    row = connection.execute(_sources().where(report_version.c.id == version_id)).one_or_none()
    return None if row is None else _source(row)


def _sources() -> Select[Any]:
    return select(
        report_version.c.id,
        report_version.c.report_id,
        report.c.name,
        report_version.c.title,
        report_version.c.path,
        report_version.c.sha256,
        report_version.c.added_at,
    ).join(report, report.c.id == report_version.c.report_id)


def _source(row: Row[Any]) -> Source:
    return Source(
        version_id=row.id,
        report_id=row.report_id,
        name=row.name,
        title=row.title or row.name,
        path=row.path,
        sha256=row.sha256,
        added_at=row.added_at,
    )
