"""The records of CSV, XLSX and JSONL files, one at a time."""

import csv
import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from .encodings import encoding_of
from .errors import UnreadableReportError
from .readers.interface import cannot_open
from .workbooks import open_workbook, quietly

Cell = str | int | float | None
Record = dict[str, Cell]
"""One row's cells by column, in the file's order."""
Numbered = tuple[int, Record]
"""A record and its row as a spreadsheet counts, from 1; in JSONL, its line."""

IsName = Callable[[str], bool]

_DELIMITERS = ",;\t|"
_HEADER_ROWS = 10
_JSON_SAMPLE = 200
_BATCH = 500
_LONGEST_CELL = 2**31 - 1


def open_records(path: Path, is_text_column: IsName) -> tuple[tuple[str, ...], Iterator[Numbered]]:
    """The column names of a table, and its records, read as they are asked for.

    Args:
        path: A .csv, .tsv, .xlsx or .jsonl file.
        is_text_column: Whether a name, in lower case, tells the header and the sheet.

    Raises:
        UnreadableReportError: At once or while reading, with the row's number.
    """
    readers: dict[str, Callable[[Path, IsName], Iterator[Any]]] = {
        ".xlsx": _read_xlsx,
        ".jsonl": _read_jsonl,
    }
    records = readers.get(path.suffix.lower(), _read_csv)(path, is_text_column)
    try:
        header = next(records)  # each reader gives the column names first
    except OSError as error:
        raise cannot_open(path, error) from error
    except StopIteration:
        raise UnreadableReportError(path, "The table is empty.", "Get a new copy of it.") from None
    return header, records


def _column_names(cells: Iterable[object]) -> tuple[str, ...]:
    """The header's cells as names: none empty, none twice, no empty ones at the end."""
    names = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    unique: list[str] = []
    for number, name in enumerate(names, 1):
        name = name or f"column {number}"
        copies = sum(other == name or other.startswith(f"{name} (") for other in unique)
        unique.append(f"{name} ({copies + 1})" if name in unique else name)
    return tuple(unique)


def _record(
    path: Path, columns: Sequence[str], cells: Sequence[Cell], place: str, cure: str
) -> Record:
    if any(cell not in (None, "") for cell in cells[len(columns) :]):
        raise UnreadableReportError(
            path, f"{place} has {len(cells)} cells, the header only {len(columns)}.", cure
        )
    padded = chain(cells, [None] * len(columns))
    return dict(zip(columns, padded, strict=False))


def _has_text_column(cells: Iterable[object], is_text_column: IsName) -> bool:
    return any(is_text_column(str(cell or "").strip().lower()) for cell in cells)


def _read_csv(path: Path, is_text_column: IsName) -> Iterator[Any]:
    csv.field_size_limit(_LONGEST_CELL)
    encoding = encoding_of(path)
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        delimiter, skipped = _delimiter(file, is_text_column)
        file.seek(0)
        raw: list[str] = []
        reader = csv.reader(_kept(islice(file, skipped, None), raw), delimiter=delimiter)
        columns: tuple[str, ...] = ()
        try:
            for number, cells in enumerate(reader, 1):
                begun = reader.line_num + skipped - len(raw) + 1
                if _is_open(raw, delimiter):
                    raise UnreadableReportError(
                        path,
                        f"Line {begun} opens a quote that is never closed.",
                        "Close it, or open the file in a spreadsheet program and save it again as "
                        "CSV.",
                    )
                raw.clear()
                if not cells or (not columns and not any(map(str.strip, cells))):
                    continue  # a blank line
                if not columns:
                    columns = _column_names(cells)
                    yield columns
                    continue
                place = f"Line {reader.line_num + skipped}"
                cure = "Put texts that hold the separator in double quotes."
                yield number, _record(path, columns, cells, place, cure)
        except csv.Error as error:
            raise UnreadableReportError(
                path,
                f"Line {reader.line_num + skipped} is broken ({error}).",
                "Open it in a spreadsheet program and save it again as CSV.",
            ) from error


def _kept(lines: Iterable[str], raw: list[str]) -> Iterator[str]:
    """The lines as they are read; what the newest record is made of is also put into ``raw``."""
    for line in lines:
        line = line.replace("\0", "")
        raw.append(line)
        yield line


def _is_open(raw: Sequence[str], delimiter: str) -> bool:
    """Whether a record ends in the middle of a quotation: it then has swallowed what follows."""
    if sum(line.count('"') for line in raw) % 2 == 0:
        return False
    try:
        list(csv.reader(raw, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _delimiter(file: TextIO, is_text_column: IsName) -> tuple[str, int]:
    """The separator and the number of lines before the header (Excel's 'sep=;')."""
    head = [line.replace("\0", "") for line in islice(file, 200)]
    if head and head[0].strip().strip('"').lower().startswith("sep="):
        return head[0].strip().strip('"')[4:5] or "\t", 1

    def fitness(delimiter: str) -> tuple[bool, int]:
        header = next((row for row in csv.reader(head, delimiter=delimiter) if any(row)), [])
        return _has_text_column(header, is_text_column), len(header)

    return max(_DELIMITERS, key=fitness), 0


def _read_xlsx(path: Path, is_text_column: IsName) -> Iterator[Any]:
    with path.open("rb") as file:
        if not file.read(1):
            return
    with open_workbook(path) as book:
        records = _read_book(path, book, is_text_column)
        # Held over a yield, the silence would reach into whatever runs meanwhile.
        while batch := quietly(_take, records):
            yield from batch


def _take(records: Iterator[Any]) -> list[Any]:
    return list(islice(records, _BATCH))


def _read_book(path: Path, book: Any, is_text_column: IsName) -> Iterator[Any]:
    """The first sheet with a text column in one of its first rows, else the first sheet."""
    first: tuple[Any, int, Sequence[object]] | None = None
    chosen: tuple[Any, int, Sequence[object]] | None = None
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some programs note wrong ones, and rows would be lost
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_row=_HEADER_ROWS), 1):
            if first is None and any(cell is not None for cell in cells):
                first = sheet, number, cells
            if _has_text_column(cells, is_text_column):
                chosen = sheet, number, cells
                break
        if chosen:
            break
    chosen = chosen or first
    if chosen is None:
        return
    sheet, header_row, header = chosen
    columns = _column_names(header)
    yield columns
    empty: list[Numbered] = []
    rows = sheet.iter_rows(values_only=True, min_row=header_row + 1)
    for number, values in enumerate(rows, header_row + 1):
        cells = [_plain_cell(value) for value in values]
        cure = "Give every column a name in the header."
        record = _record(path, columns, cells, f"Row {number}", cure)
        if all(cell is None for cell in cells):
            empty.append((number, record))  # formatted but empty rows at the end are none
            continue
        yield from empty
        empty.clear()
        yield number, record


def _plain_cell(value: object) -> Cell:
    """A value as the results can hold it: dates as ISO 8601, anything nested as JSON."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        return value.replace("_x000D_", "")
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        text = value.isoformat()
        return text.removesuffix("T00:00:00")
    if isinstance(value, datetime.timedelta):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _read_jsonl(path: Path, is_text_column: IsName) -> Iterator[Any]:
    del is_text_column  # the names stand in every line
    encoding = encoding_of(path)
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    with path.open(encoding=encoding, errors="replace") as file:
        records = _json_records(path, file)
        sample = list(islice(records, _JSON_SAMPLE))
        if not sample:
            return
        yield tuple(dict.fromkeys(name for _, record in sample for name in record))
        yield from sample
        yield from records


def _json_records(path: Path, file: TextIO) -> Iterator[Numbered]:
    cure = 'Each line must be one JSON object: {"text": "…"}.'
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "it is too deep"
            raise UnreadableReportError(
                path, f"Line {number} is no JSON ({reason}).", cure
            ) from error
        if not isinstance(value, dict):
            raise UnreadableReportError(path, f"Line {number} is no JSON object.", cure)
        yield number, {name: _plain_cell(cell) for name, cell in value.items()}
