"""What is replayed, from a file."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...labels.codebook import Codebook, nearest
from ...models.heads import Array
from ...nlp.errors import UnreadableReportError, WhatworksError
from ...nlp.passages import PassageIds
from ...nlp.tables import (
    REPORT_COLUMNS,
    Row,
    TableInfo,
    iter_rows,
    read_table,
    table_passages,
)
from ..assessing.labelled_files import parts, read_labelled
from ..assessing.passages import count_of
from ..evaluation import NONE
from .material import Material, some_labels


@dataclass(frozen=True, slots=True)
class Given:
    """Texts and their labels, before they have vectors."""

    name: str
    texts: tuple[str, ...]
    found: tuple[tuple[str, ...], ...]
    """The labels of each."""
    labels: tuple[str, ...]
    reports: tuple[str, ...]
    languages: tuple[str, ...]
    exclusive: bool
    notes: tuple[str, ...]
    """What a user should know."""

    def material(self, vectors: Array) -> Material:
        """With (n, dim) vectors."""
        column = {label: n for n, label in enumerate(self.labels)}
        given = np.zeros((len(self.texts), len(self.labels)), dtype=np.bool_)
        for row, found in enumerate(self.found):
            given[row, [column[label] for label in found]] = True
        return Material(
            self.name, vectors, given, self.labels, self.reports, self.languages, self.exclusive
        )


def no_vectors(texts: Sequence[str]) -> Array:
    """(n_texts, 0): for what can be said of passages before they have vectors."""
    return np.zeros((len(texts), 0), dtype=np.float32)


def finding_types(path: Path, codebook: Codebook) -> Given:
    """A file of passages with finding types, any number each, as ``whatworks evaluate`` reads it.

    Raises:
        WhatworksError: as ``read_labelled``.
    """
    known = read_labelled(path, codebook)
    return Given(
        name=known.file,
        texts=tuple(one.text for one in known.examples),
        found=tuple(one.labels for one in known.examples),
        labels=codebook.finding_type_ids,
        reports=tuple(one.report for one in known.examples),
        languages=tuple(one.language for one in known.examples),
        exclusive=False,
        notes=known.notes,
    )


def any_labels(path: Path, label: str, report: str | None = None) -> Given:
    """A file of passages with labels of any kind in one column.

    Where each has one at most, labels exclude each other, and an empty cell is the label 'none'.
    Several in a cell are parted by ';' or '|'; then an empty cell is no label.

    Args:
        path: CSV, TSV, XLSX or JSONL with a column 'text'.
        label: The column with the labels.
        report: The column with the report; 'report', 'doc' or 'document' by default.

    Raises:
        WhatworksError: it cannot be read, or there is no such column.
    """
    table = read_table(path)
    label = _column(table, label, "labels")
    of_report = _column(table, report, "reports") if report else _report_column(table)
    texts: list[str] = []
    found: list[tuple[str, ...]] = []
    reports: list[str] = []
    languages: list[str] = []
    ids = PassageIds()
    for chunk in iter_rows(table):
        for row, passage in zip(chunk, table_passages(table, chunk, ids), strict=True):
            if row.text.strip():
                texts.append(row.text)
                found.append(tuple(dict.fromkeys(parts(row.columns.get(label)))))
                reports.append(_report(row, of_report) or f"row {row.number}")
                languages.append(passage.language)
    if not texts:
        raise UnreadableReportError(path, "It holds no passage.", "Get a new copy of it.")
    exclusive = all(len(one) <= 1 for one in found)
    if exclusive:
        found = [one or (NONE,) for one in found]
    counts = Counter(label for one in found for label in one)
    labels = tuple(sorted(counts))
    return Given(
        name=path.name,
        texts=tuple(texts),
        found=tuple(found),
        labels=labels,
        reports=tuple(reports),
        languages=tuple(languages),
        exclusive=exclusive,
        notes=tuple(_notes(table, of_report, counts, exclusive=exclusive)),
    )


def _notes(
    table: TableInfo, of_report: str, counts: Counter[str], *, exclusive: bool
) -> Sequence[str]:
    notes = [table.note] if table.note else []
    if not of_report:
        notes.append("No column 'report': every passage counts as a report of its own.")
    how = "one to a passage" if exclusive else "any number to a passage"
    named = some_labels([label for label, _ in counts.most_common()])
    notes.append(f"{count_of(len(counts), 'label')}, {how}: {named}.")
    return notes


def _column(table: TableInfo, wanted: str, of: str) -> str:
    named = {name.strip().lower(): name for name in reversed(table.columns)}
    if wanted.strip().lower() in named:
        return named[wanted.strip().lower()]
    near = nearest(wanted, table.columns)
    raise WhatworksError(
        f"{table.path}: there is no column '{wanted}' with the {of}."
        + (f" Nearest: '{near}'." if near else "")
        + f" Its columns are {some_labels(table.columns) or 'none beside the text'}."
    )


def _report_column(table: TableInfo) -> str:
    named = {name.strip().lower(): name for name in reversed(table.columns)}
    return next((named[name] for name in REPORT_COLUMNS if name in named), "")


def _report(row: Row, column: str) -> str:
    """The first, where a passage stands in several."""
    return next(parts(row.columns.get(column)), "") if column else ""
