"""Tables of passages already cut elsewhere: CSV, XLSX and JSONL, read a stretch at a time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .errors import UnreadableReportError
from .languages import UNKNOWN, detect_language, prose_language
from .passages import Passage, PassageIds
from .table_formats import Cell, Numbered, open_records

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".jsonl"})
"""Endings, in lower case, of the tables that can be read."""

_TEXT_COLUMN = "text"
_OTHER_TEXT_COLUMNS = ("passage", "excerpt", "texte", "texto")
REPORT_COLUMNS = (
    "report", "doc", "document", "rapport", "informe", "documento", "relatório", "relatorio",
)  # fmt: skip
"""What the column with the report is called; the first that is there counts."""
_MAX_COLUMNS_NAMED = 12
_is_text_column = frozenset({_TEXT_COLUMN, *_OTHER_TEXT_COLUMNS}).__contains__


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table that holds passages, known by its header."""

    path: Path
    columns: tuple[str, ...]
    """Without the text column, in the file's order."""
    text_column: str
    note: str = ""
    """What a user should know: that another column than 'text' is read as the text."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a text, '' where its cell is empty, and the other cells in order."""

    text: str
    columns: Mapping[str, Cell]
    number: int
    """Counted from 1 without the header."""


def is_table(path: str | Path) -> bool:
    """Whether a file's ending is that of a table."""
    return Path(path).suffix.lower() in TABLE_SUFFIXES


def read_table(path: str | Path) -> TableInfo:
    """What a table holds, by its header: the column with the text and the others.

    The text stands in the column 'text', however capitalised; failing that in the only one named
    'passage', 'excerpt', 'texte' or 'texto'.

    Raises:
        UnreadableReportError: The file cannot be read, or has no such column.
    """
    path = Path(path)
    header, _ = open_records(path, _is_text_column)
    named = {name.strip().lower(): name for name in reversed(header)}
    note = ""
    if _TEXT_COLUMN in named:
        text_column = named[_TEXT_COLUMN]
    else:
        others = [named[name] for name in _OTHER_TEXT_COLUMNS if name in named]
        if len(others) != 1:
            shown = ", ".join(f"'{name}'" for name in header[:_MAX_COLUMNS_NAMED])
            more = ", …" if len(header) > _MAX_COLUMNS_NAMED else ""
            raise UnreadableReportError(
                path,
                f"The table has no 'text' column; its columns are {shown}{more}.",
                "Name the column that holds the passages 'text'.",
            )
        text_column = others[0]
        note = f"The column '{text_column}' is read as the text."
    columns = tuple(name for name in header if name != text_column)
    return TableInfo(path=path, columns=columns, text_column=text_column, note=note)


def iter_rows(table: TableInfo, *, chunk_rows: int = 2000) -> Iterator[list[Row]]:
    """The rows of a table in order, ``chunk_rows`` at a time; no more are kept in memory.

    Raises:
        UnreadableReportError: A row is broken; its number is named.
    """
    _, records = open_records(table.path, _is_text_column)
    rows = _rows(table, records)
    while chunk := list(islice(rows, chunk_rows)):
        yield chunk


def _rows(table: TableInfo, records: Iterable[Numbered]) -> Iterator[Row]:
    for number, (_, record) in enumerate(records, 1):
        value = record.pop(table.text_column, None)
        yield Row(text="" if value is None else str(value), columns=record, number=number)


def table_passages(table: TableInfo, rows: Iterable[Row], ids: PassageIds) -> list[Passage]:
    """The rows as passages, one each, in order; an empty text stays one.

    The columns 'report' (or another of ``REPORT_COLUMNS``), 'heading', 'page', and 'language' or
    'lang' are used where there are such; failing that the report is the file's name and the
    language is told from the text, or from its neighbours' where it is too short.

    Args:
        table: Where the rows come from.
        rows: One chunk of ``iter_rows``.
        ids: The same for all chunks of a table: it counts repeated texts.
    """
    rows = list(rows)
    names = {name.strip().lower(): name for name in reversed(table.columns)}
    report_column = next((name for name in REPORT_COLUMNS if name in names), "report")
    main: str | None = None
    passages = []
    for row in rows:

        def cell(name: str, row: Row = row) -> Cell:
            return row.columns.get(names.get(name, name))

        report = str(cell(report_column) or "").strip() or table.path.name
        language = _language_code(cell("language")) or _language_code(cell("lang"))
        language = language or detect_language(row.text)
        if language == UNKNOWN and row.text.strip():
            main = main or prose_language(other.text for other in rows)
            language = main
        passages.append(
            Passage(
                id=ids.next(report, row.text),
                report=report,
                order=row.number,
                page=_page(cell("page")),
                heading=_heading(cell("heading")),
                language=language,
                text=row.text,
                end=len(row.text),
            )
        )
    return passages


def _language_code(value: Cell) -> str:
    """'fr' for 'fr', 'FR' and 'fr-CA', '' for anything that is no code."""
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", str(value or "").strip().lower())
    return match[1] if match else ""


def _page(value: Cell) -> int | None:
    if isinstance(value, float):
        return int(value) if value.is_integer() and value > 0 else None
    match = re.fullmatch(r"(?:p\.|pp\.|page)?\s*(\d{1,6})(?:\.0)?", str(value or "").strip(), re.I)
    return int(match[1]) or None if match else None


def _heading(value: Cell) -> tuple[str, ...]:
    """The heading path, parted by ' > ' as in our own results."""
    return tuple(part.strip() for part in str(value or "").split(" > ") if part.strip())
