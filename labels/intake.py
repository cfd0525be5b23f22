"""Files on their way into a project: which report each one is, told before it is read."""

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from ..nlp.errors import UnreadableReportError, WhatworksError
from ..nlp.languages import UNKNOWN
from ..nlp.passages import Passage, PassageIds
from ..nlp.readers.interface import cannot_open
from ..nlp.reading import ReadReport, report_names
from ..nlp.tables import is_table, iter_rows, read_table, table_passages
from .store.reports import StoredVersion, storable
from .store.schema import canonical_json
from .suggestions import SkippedFile


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a file, or one report of a table, belongs in the project."""

    path: Path
    name: str
    """Of the report; its passages' ids are made from it."""
    stored_path: str
    sha256: str = ""
    report_id: int | None = None
    """The report of which it is a new version; None is a new report."""
    is_known: bool = False
    """The project has just this already: nothing is to be done."""
    note: str = ""
    """What a user should know of it."""


class Intake:
    """Knows the reports of a project, and those that are about to be added."""

    def __init__(self, versions: Sequence[StoredVersion], folder: Path) -> None:
        """Begins with what is there.

        Args:
            versions: All versions of all reports, the first ones first.
            folder: The project's.
        """
        self._folder = Path(os.path.realpath(folder))
        self._current = {one.report_id: one for one in versions}
        self._older = {one.sha256: one for one in versions}
        self._by_content = {one.sha256: one.name for one in self._current.values()}
        self._taken = {one.name for one in versions}

    def arrivals(
        self, files: Sequence[Path], replaces: StoredVersion | None = None
    ) -> list[Arrival | SkippedFile | None]:
        """The place of each file, in their order; None for tables, which are read to know it.

        Args:
            files: Each once.
            replaces: The report of which the (only) file is a new version.

        Raises:
            WhatworksError: several files, or a table, are to replace one report.
        """
        if replaces is not None and (len(files) != 1 or is_table(files[0])):
            raise WhatworksError(
                f"'{replaces.name}' can be replaced by one report. Give just one file that is no "
                "table."
            )
        found: list[Arrival | SkippedFile | None] = [
            None if is_table(path) else self._known_arrival(path, replaces) for path in files
        ]
        new = [n for n, one in enumerate(found) if isinstance(one, Arrival) and not one.name]
        for n, name in zip(new, report_names([files[n] for n in new]), strict=True):
            arrival = found[n]
            assert isinstance(arrival, Arrival)
            found[n] = self._new_arrival(arrival, name)
        return found

    def reports_in(
        self, table: Path, language: str | None = None
    ) -> Iterator[tuple[Arrival, ReadReport]]:
        """The reports of a table of passages: one for every value of its column 'report'.

        What the project has from this table and the table has no more comes as a report without
        passages.

        Args:
            table: CSV, TSV, XLSX or JSONL.
            language: Of all rows (ISO 639-1), where it is not to be told from them.

        Raises:
            UnreadableReportError: the table cannot be read.
        """
        info = read_table(table)
        ids = PassageIds()
        groups: dict[str, list[Passage]] = {}
        rows = empty = 0
        for stretch in iter_rows(info):
            rows += len(stretch)
            for one in table_passages(info, stretch, ids):
                if not one.text.strip():
                    empty += 1
                    continue
                groups.setdefault(one.report, []).append(
                    replace(one, language=language or one.language)
                )
        if not groups:
            what = "has a header and no rows" if not rows else "has no text in any row"
            raise UnreadableReportError(
                table, f"The table {what}.", "Check that it is the right file."
            )
        warnings = [info.note] if info.note else []
        if empty:
            rows_were = (
                "1 row without a text was" if empty == 1 else f"{empty:,} rows without a text were"
            )
            warnings.append(f"{rows_were} left out.")
        stored = self._stored(table)
        earlier = {one.name: one for one in self._current.values() if one.path == stored}
        for given, passages in groups.items():
            arrival = self._row_arrival(table, stored, given, passages, earlier)
            earlier.pop(arrival.name, None)
            yield arrival, _report(arrival.name, passages, warnings)
            warnings = []
        for name, version in earlier.items():
            digest = _rows_sha256(name, ())
            if version.sha256 != digest:
                note = f"The report '{name}' no longer stands in {table}."
                arrival = Arrival(table, name, stored, digest, version.report_id, note=note)
                yield arrival, replace(_report(name, (), ()), language=version.language)

    def _known_arrival(self, path: Path, replaces: StoredVersion | None) -> Arrival | SkippedFile:
        """The place of a report's file, without a name where it is a new report."""
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            told = cannot_open(path, error)
            return SkippedFile(told.path, told.cause, told.cure)
        stored = self._stored(path)
        arrival = Arrival(path, "", stored, digest)
        same = self._by_content.get(digest)
        if replaces is not None:
            return replace(
                arrival,
                name=replaces.name,
                report_id=replaces.report_id,
                is_known=replaces.sha256 == digest,
                note=f"'{same}' has the same content." if same not in (None, replaces.name) else "",
            )
        if same is not None:
            return replace(arrival, name=same, is_known=True)
        here = next((one for one in self._current.values() if one.path == stored), None)
        if here is not None:
            self._by_content[digest] = here.name
            return replace(arrival, name=here.name, report_id=here.report_id)
        older = self._older.get(digest)
        if older is not None:
            return replace(
                arrival,
                name=older.name,
                is_known=True,
                note=f"It is version {older.number} of '{older.name}', which version "
                f"{self._current[older.report_id].number} has replaced. To go back to it add "
                f"--replaces '{older.name}'.",
            )
        return arrival

    def _new_arrival(self, arrival: Arrival, name: str) -> Arrival:
        # Two files given together may be copies of each other.
        same = self._by_content.get(arrival.sha256)
        if same is not None:
            return replace(arrival, name=same, is_known=True)
        own = self._free_name(_longer_names(arrival.path, name))
        self._by_content[arrival.sha256] = own
        if own == _name(name):
            return replace(arrival, name=own)
        return replace(
            arrival,
            name=own,
            note=f"There is another report '{_name(name)}'; this one is called '{own}'.",
        )

    def _row_arrival(
        self,
        table: Path,
        stored: str,
        given: str,
        passages: Sequence[Passage],
        earlier: dict[str, StoredVersion],
    ) -> Arrival:
        digest = _rows_sha256(given, passages)
        arrival = Arrival(table, "", stored, digest)
        same = self._by_content.get(digest)
        if same is not None:
            return replace(arrival, name=same, is_known=True)
        plain = _name(given)
        apart = _name(f"{table.name}/{given}")
        for name in (plain, apart):
            if name in earlier:
                return replace(arrival, name=name, report_id=earlier[name].report_id)
        own = self._free_name(
            (plain, apart) if given != table.name else _longer_names(table, given)
        )
        self._by_content[digest] = own
        note = f"There is another report '{plain}'; this one is called '{own}'."
        return replace(arrival, name=own, note="" if own == plain else note)

    def _free_name(self, choices: Sequence[str]) -> str:
        """The first of the names that no report has; failing that the last one with a number."""
        counted = (f"{choices[-1]} ({number})" for number in count(2))
        name = next(one for one in chain(choices, counted) if one not in self._taken)
        self._taken.add(name)
        return name

    def _stored(self, path: Path) -> str:
        """The path as it is kept: seen from the project's folder where it lies in it."""
        whole = Path(os.path.realpath(path))
        if whole.is_relative_to(self._folder):
            return storable(whole.relative_to(self._folder).as_posix())
        return storable(str(whole))


def _name(given: str) -> str:
    """As names are kept: composed letters, so that a file from a Mac is the same elsewhere."""
    return unicodedata.normalize("NFC", storable(given))


def _longer_names(path: Path, name: str) -> list[str]:
    """The name, then the file's name with more and more of the folders it lies in."""
    parts = Path(os.path.abspath(path)).parts  # noqa: PTH100  (links stay what they are)
    return [_name(name), *(_name("/".join(parts[-n:])) for n in range(2, len(parts)))]


def _report(name: str, passages: Sequence[Passage], warnings: Sequence[str]) -> ReadReport:
    ids = PassageIds()
    own = tuple(
        replace(one, id=ids.next(name, one.text), report=name, order=order)
        for order, one in enumerate(passages, 1)
    )
    languages = Counter(one.language for one in passages).most_common(1)
    return ReadReport(
        name=name,
        title="",
        language=languages[0][0] if languages else UNKNOWN,
        pages=None,
        passages=own,
        warnings=tuple(warnings),
    )


def _rows_sha256(report: str, passages: Sequence[Passage]) -> str:
    """Of what a table says of one report: other rows of the table do not matter."""
    said = [report, [[one.text, one.page, one.heading] for one in passages]]
    return hashlib.sha256(canonical_json(said).encode(errors="replace")).hexdigest()
