"""A review workbook that comes back, as .xlsx or .csv: its cells as text, not yet judged."""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ...nlp.encodings import decode
from ...nlp.errors import UnreadableReportError, WhatworksError
from ...nlp.workbooks import open_workbook, quietly
from .files import NOTES
from .review_sheet import NOTED, NOTES_FORMAT, REVIEW, matching

ENDINGS = (".xlsx", ".csv")
_HEADER_ROWS = 20
_SURE_TITLES = frozenset(map(matching, ("Passage id", "Reference", "Decision")))
"""Two of them in a row make it the header."""
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row below the header."""

    number: int
    """As a spreadsheet counts, from 1."""
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()
    """The places of cells that hold a formula or an error instead of a value."""


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A file as it came back."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[FilledRow, ...]
    notes: Mapping[str, str] = field(default_factory=dict)
    """From the hidden sheet: 'project', 'workbook', 'created_at', ...; empty where it is lost."""
    originals: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Passage id to what its locked cells showed."""

    @property
    def is_csv(self) -> bool:
        """Whether it came as text, without a hidden sheet."""
        return self.path.suffix.lower() == ".csv"


def read_review(path: Path) -> FilledSheet:
    """The rows of a workbook or CSV that came back, in its order.

    Values only: no formula is worked out, and none is taken.

    Raises:
        WhatworksError: it is not there, damaged, of another kind, or has no such table.
    """
    if path.suffix.lower() not in ENDINGS:
        raise WhatworksError(
            f"{path}: whatworks does not import '{path.suffix}' files. Save it as .xlsx or .csv."
        )
    try:
        return _read_csv(path) if path.suffix.lower() == ".csv" else _read_xlsx(path)
    except FileNotFoundError:
        raise WhatworksError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise WhatworksError(f"{path}: it cannot be read: {error.strerror or error}.") from error


def _read_csv(path: Path) -> FilledSheet:
    decoded, _ = decode(path.read_bytes(), path)
    text = decoded.removeprefix("\ufeff")
    csv.field_size_limit(2**31 - 1)

    def fitness(delimiter: str) -> int:
        head = islice(csv.reader(io.StringIO(text), delimiter=delimiter), _HEADER_ROWS)
        return max((_sure_titles(row) for row in _until_broken(head)), default=0)

    reader = csv.reader(io.StringIO(text), delimiter=max(_DELIMITERS, key=fitness))
    rows: list[FilledRow] = []
    try:
        for number, cells in enumerate(reader, 1):
            rows.append(FilledRow(number, tuple(cell.strip() for cell in cells)))
    except csv.Error as error:
        raise UnreadableReportError(
            path,
            f"Line {reader.line_num} is broken ({error}).",
            "Open it in a spreadsheet program and save it again as CSV.",
        ) from error
    return _table(path, rows)


def _until_broken(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows before the first that is broken, where the separator is another."""
    try:
        yield from reader
    except csv.Error:
        return


def _read_xlsx(path: Path) -> FilledSheet:
    with open_workbook(path, formulas=True) as book:
        names = sorted(book.sheetnames, key=lambda name: name != REVIEW)
        sheets: dict[str, list[FilledRow]] = {name: quietly(_rows, book[name]) for name in names}
    notes, originals = _read_notes(sheets.pop(NOTES, []))
    table = next((rows for rows in sheets.values() if _header_at(rows) is not None), [])
    return _table(path, table, notes, originals)


def _rows(sheet: Any) -> list[FilledRow]:
    if not hasattr(sheet, "iter_rows"):
        return []  # a sheet of nothing but a chart
    sheet.reset_dimensions()  # some programs note wrong ones, and rows would be lost
    rows: list[FilledRow] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [_text(cell.value) for cell in cells]
        odd = frozenset(n for n, cell in enumerate(cells) if cell.data_type in ("f", "e"))
        if any(texts) or odd:
            rows.append(FilledRow(number, tuple(texts), odd))
    return rows


def _text(value: object) -> str:
    """A cell's value as somebody would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value).replace("_x000D_", "").strip()


def _read_notes(rows: Sequence[FilledRow]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    notes: dict[str, str] = {}
    keys: tuple[str, ...] = ()
    originals: dict[str, dict[str, str]] = {}
    for row in rows:
        if keys:
            texts = (*row.cells, *[""] * len(keys))
            originals[texts[0]] = dict(zip(keys, texts, strict=False))
        elif row.cells[0] == "passage_id":
            keys = row.cells
        elif len(row.cells) > 1:
            notes[row.cells[0]] = row.cells[1]
    is_ours = notes.get("format") == NOTES_FORMAT and set(keys) >= {"text_sha256", *NOTED}
    return (notes, originals) if is_ours else ({}, {})


def _table(
    path: Path,
    rows: Sequence[FilledRow],
    notes: Mapping[str, str] | None = None,
    originals: Mapping[str, Mapping[str, str]] | None = None,
) -> FilledSheet:
    at = _header_at(rows)
    if at is None:
        raise WhatworksError(
            f"{path}: there is no table with the columns 'Passage id', 'Reference' and "
            "'Decision'. Give a file that `whatworks export --for-review` made."
        )
    body = tuple(row for row in rows[at + 1 :] if any(row.cells) or row.formulas)
    return FilledSheet(path, rows[at].cells, body, notes or {}, originals or {})


def _header_at(rows: Sequence[FilledRow]) -> int | None:
    head = rows[:_HEADER_ROWS]
    return next((n for n, row in enumerate(head) if _sure_titles(row.cells) > 1), None)


def _sure_titles(cells: Iterable[str]) -> int:
    return len(_SURE_TITLES & set(map(matching, cells)))
