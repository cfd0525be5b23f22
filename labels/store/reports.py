"""The reports of a project and their versions. A changed file is a new version, never a new text
under the old one: passages that stayed keep their ids, and with them what was decided on them.
"""

import difflib
import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, insert, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import Passage
from ...nlp.reading import ReadReport
from .database import Store, utc_now
from .passages import current_versions
from .schema import passage, placement, report, report_version, resolution


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A report as one version of its file has it."""

    id: int
    report_id: int
    name: str
    """Of the report: the same in all versions."""
    number: int
    """Counted from 1."""
    sha256: str
    """Of the file; of a report in a table, of its rows."""
    path: str
    """Where it was read: seen from the project's folder, or absolute if outside of it."""
    title: str
    language: str
    pages: int | None
    warnings: tuple[str, ...]
    added_at: str
    added_by: str


class NameTakenError(WhatworksError):
    """Somebody else added a report of this name at the same time."""

    def __init__(self, path: str, name: str) -> None:
        self.cause = f"Somebody else added a report named '{name}' at the same time."
        self.cure = "Run the command again."
        super().__init__(f"{path}: {self.cause} {self.cure}")


class Outcome(StrEnum):
    """What became of a report that was to be added."""

    NEW = "new"
    CHANGED = "changed"
    """A new version of a report that was there."""
    KNOWN = "known"
    """Its newest version has this content already; nothing was stored."""


@dataclass(frozen=True, slots=True)
class AddedReport:
    """A report that was added, and what that did to its passages."""

    name: str
    outcome: Outcome
    version: int
    new: int
    """Passages that the version before did not have."""
    kept: int
    gone: int
    """Passages that only the version before had."""
    gone_decided: int
    """Those of them on which somebody has decided; the decisions stay in the log."""


def reports(connection: Connection) -> list[StoredVersion]:
    """The newest version of every report, in the order in which reports were first added."""
    current = current_versions()
    query = _versions().join(current, report_version.c.id == current.c.id).order_by(report.c.id)
    return [_version(row) for row in connection.execute(query)]


def report_versions(connection: Connection, report_id: int | None = None) -> list[StoredVersion]:
    """All versions of one report, or of all, the first ones first."""
    query = _versions().order_by(report_version.c.id)
    if report_id is not None:
        query = query.where(report.c.id == report_id)
    return [_version(row) for row in connection.execute(query)]


def find_report(connection: Connection, given: str) -> StoredVersion:
    """The newest version of the report of this name, or of the only one whose name ends so.

    Raises:
        WhatworksError: there is none, or several; the nearest names are given.
    """
    # As names are kept: what a Mac completes has letters in two parts.
    given = unicodedata.normalize("NFC", given)
    known = {one.name: one for one in reports(connection)}
    if given in known:
        return known[given]
    ending = [name for name in known if name.endswith(f"/{given}")]
    if len(ending) == 1:
        return known[ending[0]]
    if ending:
        raise WhatworksError(
            f"Several reports are called '{given}': {', '.join(ending)}. Give the whole name."
        )
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.5)
    hint = f" Nearest: '{near[0]}'." if near else ""
    raise WhatworksError(
        f"Unknown report '{given}'.{hint} The reports are listed by: whatworks status"
    )


def add_report(
    store: Store,
    read: ReadReport,
    path: str,
    sha256: str,
    by: str,
    *,
    report_id: int | None = None,
) -> AddedReport:
    """Adds a report that was read, as a new one or as a new version, in one transaction.

    Args:
        store: The project's.
        read: Under the name that the report has, or is to have, in the project.
        path: As it is to be kept.
        sha256: Of what was read.
        by: Who adds it.
        report_id: The report of which it is a new version; None for a new report.

    Raises:
        NameTakenError: another report has that name by now.
    """
    with store.writing() as connection:
        found = connection.scalar(select(report.c.id).where(report.c.name == read.name))
        last = None if found is None else report_versions(connection, found)[-1]
        if last is not None and last.sha256 == sha256:
            return AddedReport(read.name, Outcome.KNOWN, last.number, 0, len(read.passages), 0, 0)
        if found != report_id:
            raise NameTakenError(path, read.name)
        now = utc_now()
        if found is None:
            found = _insert(connection, report, name=read.name, metadata={}, added_at=now)
        number = 1 if last is None else last.number + 1
        version_id = _insert(
            connection,
            report_version,
            report_id=found,
            number=number,
            sha256=sha256,
            path=path,
            title=storable(read.title),
            language=read.language,
            pages=read.pages,
            warnings=[storable(one) for one in read.warnings],
            added_at=now,
            added_by=by,
        )
        _place(connection, found, version_id, read.passages)
        had = set() if last is None else _placed(connection, last.id)
        has = {one.id for one in read.passages}
        return AddedReport(
            name=read.name,
            outcome=Outcome.NEW if last is None else Outcome.CHANGED,
            version=number,
            new=len(has - had),
            kept=len(has & had),
            gone=len(had - has),
            gone_decided=0 if last is None else _decided_and_gone(connection, last.id, version_id),
        )


def storable(text: str) -> str:
    """The text with a sign in place of what is none: NUL, which PostgreSQL refuses, and halves of
    letters, which no database takes. Its length stays.
    """
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def text_sha256(text: str) -> str:
    """Of a passage's text as it is stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def _insert(connection: Connection, table: Table, **values: Any) -> int:
    (key,) = connection.execute(insert(table).values(**values)).inserted_primary_key or (0,)
    return int(key)


def _place(
    connection: Connection, report_id: int, version_id: int, passages: Sequence[Passage]
) -> None:
    """Stores the texts that are new in the report, and where every passage stands."""
    known = set(connection.scalars(select(passage.c.id).where(passage.c.report_id == report_id)))
    texts = []
    places = []
    for position, one in enumerate(passages, 1):
        if one.id not in known:
            text = storable(one.text)
            texts.append(
                {
                    "id": one.id,
                    "report_id": report_id,
                    "language": one.language,
                    "text": text,
                    "text_sha256": text_sha256(text),
                }
            )
        places.append(
            {
                "report_version_id": version_id,
                "position": position,
                "passage_id": one.id,
                "page": one.page,
                "heading": [storable(part) for part in one.heading],
                "start": one.start,
                "end": one.end,
                "kind": str(one.kind),
                "lead_in": storable(one.lead_in),
            }
        )
    for table, rows in ((passage, texts), (placement, places)):
        if rows:
            connection.execute(insert(table), rows)


def _placed(connection: Connection, version_id: int) -> set[str]:
    query = select(placement.c.passage_id).where(placement.c.report_version_id == version_id)
    return set(connection.scalars(query))


def _decided_and_gone(connection: Connection, before: int, after: int) -> int:
    """How many decided passages of one version are not in the other."""
    stays = select(placement.c.passage_id).where(placement.c.report_version_id == after)
    query = (
        select(func.count())
        .select_from(placement.join(resolution, placement.c.passage_id == resolution.c.passage_id))
        .where(placement.c.report_version_id == before, placement.c.passage_id.not_in(stays))
    )
    return connection.scalar(query) or 0


def _versions() -> Select[Any]:
    return select(report_version, report.c.name).join(
        report, report.c.id == report_version.c.report_id
    )


def _version(row: Row[Any]) -> StoredVersion:
    return StoredVersion(
        id=row.id,
        report_id=row.report_id,
        name=row.name,
        number=row.number,
        sha256=row.sha256,
        path=row.path,
        title=row.title,
        language=row.language,
        pages=row.pages,
        warnings=tuple(row.warnings),
        added_at=row.added_at,
        added_by=row.added_by,
    )
