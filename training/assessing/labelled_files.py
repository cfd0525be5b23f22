"""Labelled passages from a file: CSV, TSV, XLSX or JSONL."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...labels.codebook import Code, Codebook, nearest
from ...labels.exchange.review_columns import CodeNames
from ...labels.exchange.rows import STATUS
from ...nlp.errors import UnreadableReportError, WhatworksError
from ...nlp.passages import Passage, PassageIds
from ...nlp.table_formats import Cell
from ...nlp.tables import (
    REPORT_COLUMNS,
    TABLE_SUFFIXES,
    Row,
    is_table,
    iter_rows,
    read_table,
    table_passages,
)
from ..examples import Example
from .passages import Labelled, count_of, with_notes
from .review_files import review_labels, review_sheet

LABEL_COLUMNS = ("labels", "label", "finding_type", "finding type", "finding_types")
THEME_COLUMNS = ("themes", "theme")
_NONE = frozenset({"", "none", "no finding", "-", "–", "n/a"})
_MAX_TOLD = 10


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand, by the names of the columns."""

    labels: str
    themes: tuple[str, ...]
    report: str


def read_labelled(path: Path, codebook: Codebook) -> Labelled:
    """The labelled passages of a file, in its order.

    Columns, however capitalised: 'text' (or 'passage'); 'labels' (or 'label', 'finding_type'),
    several parted by ';' or '|', empty or 'none' for no finding; where there are such 'themes',
    'report', 'language', 'page'. A workbook of ``whatworks export`` that was filled in is known
    by its own columns.

    Args:
        path: The file.
        codebook: Whose ids, or names in any language, the labels are.

    Raises:
        WhatworksError: it cannot be read, lacks a column, has a label that is not in the
            codebook, or holds suggestions of a model in place of labels.
    """
    if not path.exists():
        raise WhatworksError(f"{path}: there is no such file.")
    if not is_table(path):
        endings = ", ".join(sorted(TABLE_SUFFIXES))
        raise WhatworksError(
            f"{path}: labelled passages are read from {endings} files. Save them as one of these."
        )
    review = review_sheet(path)
    if review is not None:
        return with_notes(review_labels(review, codebook))
    table = read_table(path)
    columns = _columns(path, table.columns)
    types, themes = _Reader("label", codebook.finding_types), _Reader("theme", codebook.themes)
    examples: list[Example] = []
    passages: list[Passage] = []
    ids, empty = PassageIds(), 0
    for chunk in iter_rows(table):
        for row, passage in zip(chunk, table_passages(table, chunk, ids), strict=True):
            if not row.text.strip():
                empty += 1
                continue
            _refuse_suggestions(path, row)
            report = str(row.columns.get(columns.report) or "").strip() or path.name
            passages.append(passage)
            examples.append(
                Example(
                    id=passage.id,
                    report=report,
                    language=passage.language,
                    register="",
                    text=row.text,
                    labels=types.read(row, (columns.labels,)),
                    themes=themes.read(row, columns.themes),
                    heading=passage.heading,
                )
            )
    problems = [*types.problems(path), *themes.problems(path)]
    if problems:
        raise WhatworksError("\n  ".join(problems))
    if not examples:
        raise UnreadableReportError(path, "It holds no passage.", "Get a new copy of it.")
    notes = [table.note] if table.note else []
    if not columns.report:
        notes.append("No column 'report': intervals come from passages, not from reports.")
    if empty:
        notes.append(f"{count_of(empty, 'row')} without a text left out.")
    none = sum(not one.labels for one in examples)
    if none:
        notes.append(
            f"{none:,} of {count_of(len(examples), 'passage')} without a label: they count as "
            "holding no finding."
        )
    return with_notes(Labelled(path.name, tuple(examples), tuple(passages), tuple(notes)))


def _columns(path: Path, given: Sequence[str]) -> _Columns:
    named = {" ".join(name.split()).lower(): name for name in reversed(given)}
    labels = next((named[name] for name in LABEL_COLUMNS if name in named), None)
    if labels is None:
        wanted = ", ".join(f"'{name}'" for name in LABEL_COLUMNS)
        near = nearest("labels", named)
        cure = f" Is it '{named[near]}'? Name it 'labels'." if near else ""
        shown = ", ".join(f"'{name}'" for name in given[:12]) or "none beside the text"
        raise WhatworksError(
            f"{path}: there is no column with the labels. Looked for: {wanted}. Its columns are "
            f"{shown}.{cure}"
        )
    single = tuple(named[name] for name in THEME_COLUMNS if name in named)[:1]
    return _Columns(
        labels=labels,
        themes=single,
        report=next((named[name] for name in REPORT_COLUMNS if name in named), ""),
    )


def _refuse_suggestions(path: Path, row: Row) -> None:
    named = {name.strip().lower(): value for name, value in row.columns.items()}
    if named.get("status") == STATUS or {"probabilities", "model"} <= set(named):
        raise WhatworksError(
            f"{path}: these labels are suggestions of a model that no one has confirmed: measured "
            "on them, a model would only agree with itself. Give labels of people. Where people "
            "have corrected them, delete the columns 'status', 'probabilities' and 'model'."
        )


class _Reader:
    """Reads the codes in cells, and gathers those that nobody knows."""

    def __init__(self, what: str, codes: Sequence[Code]) -> None:
        self._what = what
        self._names = CodeNames(codes, "en")
        self._unknown: dict[str, list[int]] = {}

    def read(self, row: Row, columns: Sequence[str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for text in (part for name in columns for part in parts(row.columns.get(name))):
            codes = [self._names.find(text)]
            if None in codes and "," in text:
                # Not the mark that parts them, but what else can be meant?
                codes = [self._names.find(part.strip()) for part in text.split(",")]
            for code in codes:
                if code is None:
                    self._unknown.setdefault(text, []).append(row.number)
                    break
                found[code] = None
        return tuple(found)

    def problems(self, path: Path) -> Iterator[str]:
        known = [*self._names.shown, *self._names.shown.values()]
        for text, rows in list(self._unknown.items())[:_MAX_TOLD]:
            near = nearest(text, known)
            more = f" and {len(rows) - 1:,} more" if len(rows) > 1 else ""
            yield (
                f"Unknown {self._what} '{text[:60]}' in {path}, row {rows[0]}{more} (counted below "
                f"the header). {f'Nearest: {near!r}.' if near else f'There are {self._all()}.'}"
                f"{' Put ; between several.' if ',' in text else ''}"
            )
        if len(self._unknown) > _MAX_TOLD:
            yield f"... and {len(self._unknown) - _MAX_TOLD:,} more unknown {self._what}s."

    def _all(self) -> str:
        return ", ".join(self._names.shown)


def parts(cell: Cell) -> Iterator[str]:
    """'a; b', 'a | b', or a list of JSON, as single texts; what means none is left out."""
    text = str(cell if cell is not None else "").strip()
    parts: Sequence[object] = text.replace("|", ";").replace("\n", ";").split(";")
    if text.startswith("["):
        try:
            parts = json.loads(text)
        except json.JSONDecodeError:
            parts = [text]
    for part in parts:
        # Our own results have themes as objects with an id.
        said = part.get("id", "") if isinstance(part, Mapping) else part
        name = str(said).strip()
        if name.lower() not in _NONE:
            yield name
