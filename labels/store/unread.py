"""Passages that a new round may be chosen from: nobody decided them, and nobody is asked to."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, select

from ...nlp.passages import PassageId
from .kept_apart import select_kept_apart
from .passages import current_versions
from .schema import passage, placement, resolution, round_, selection


@dataclass(frozen=True, slots=True)
class Unread:
    """Such passages in reading order; every array has one entry a passage."""

    ids: tuple[PassageId, ...]
    reports: NDArray[np.intp]
    """Ids of their reports."""
    languages: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def without(self, some: Collection[PassageId]) -> "Unread":
        """The others."""
        rows = [row for row, one in enumerate(self.ids) if one not in some]
        return Unread(
            tuple(self.ids[row] for row in rows),
            self.reports[rows],
            tuple(self.languages[row] for row in rows),
        )


def unread(connection: Connection, *, report_id: int | None = None, language: str = "") -> Unread:
    """The passages of the newest versions of reports that wait for a first reading.

    Not among them are those of the audit sample, which learning never sees, and those of other
    rounds that are open.

    Args:
        connection: A reading or writing one.
        report_id: Only those of this report.
        language: Only those in this language, an ISO 639-1 code.
    """
    versions = current_versions()
    query = (
        select(placement.c.passage_id, versions.c.report_id, passage.c.language)
        .join(versions, placement.c.report_version_id == versions.c.id)
        .join(passage, placement.c.passage_id == passage.c.id)
        .where(~_is_taken(placement.c.passage_id))
        .order_by(versions.c.report_id, placement.c.position)
    )
    if report_id is not None:
        query = query.where(versions.c.report_id == report_id)
    if language:
        query = query.where(passage.c.language == language)
    rows = connection.execute(query).all()
    return Unread(
        tuple(PassageId(row.passage_id) for row in rows),
        np.array([row.report_id for row in rows], np.intp),
        tuple(row.language for row in rows),
    )


def taken(connection: Connection, ids: list[PassageId]) -> set[PassageId]:
    """Those of these passages that are no longer unread; at most as many as a query names."""
    query = select(passage.c.id).where(passage.c.id.in_(ids), _is_taken(passage.c.id))
    return set(map(PassageId, connection.scalars(query)))


def _is_taken(passage_id: ColumnElement[str]) -> ColumnElement[bool]:
    # Lists rather than a look at each passage: they are short beside all passages.
    in_open_round = (
        select(selection.c.passage_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(round_.c.purpose != "reading", round_.c.closed_at.is_(None))
    )
    return (
        passage_id.in_(select(resolution.c.passage_id))
        | passage_id.in_(in_open_round)
        | passage_id.in_(select_kept_apart())
    )
