"""Passages as rows: the columns that the CSV and the XLSX share."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Literal

from ..codebook import Codebook
from ..suggestions import PassageSuggestions, ReportSuggestions, RunInfo

Value = str | int | float | None

STATUS = "suggested, not confirmed"
THEMES_SHOWN = 3
BY_WORDS = "themes_by_words"
"""Key of the column that is there where the codebook has themes that are told by words."""
# Line ends and tabs are text; other control characters, lone surrogates and the two
# non-characters are no text and break XML. What turns the reading direction can hide words.
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of ours."""

    key: str
    """Its header in a CSV: 'theme_1'."""
    title: str
    """Its header in a workbook: 'Theme 1'."""
    kind: Literal["text", "number", "probability"] = "text"
    width: int = 14
    """In characters, for a workbook."""


def printable(text: str) -> str:
    """The text without control characters, which break terminals, CSV readers and XML."""
    return _NO_TEXT.sub("", text)


def written_passages(report: ReportSuggestions, include_none: bool) -> Iterable[PassageSuggestions]:
    """The passages a result file holds: those with a label, all rows of a table, or all."""
    if include_none or report.is_table:
        return report.passages
    return (item for item in report.passages if item.labels)


def result_columns(codebook: Codebook) -> list[Column]:
    """Our columns, in order."""
    columns = [
        Column("report", "Report", width=24),
        Column("page", "Page", "number", 7),
        Column("heading", "Heading", width=30),
        Column("text", "Text", width=80),
        Column("labels", "Labels", width=20),
    ]
    columns += [Column(t.id, t.name(), "probability", 12) for t in codebook.finding_types]
    for n in range(1, THEMES_SHOWN + 1):
        columns.append(Column(f"theme_{n}", f"Theme {n}", width=24))
        columns.append(Column(f"theme_{n}_probability", f"Theme {n} probability", "probability"))
    if any(theme.words for theme in codebook.themes):
        columns.append(Column(BY_WORDS, "Themes by words", width=30))
    return [
        *columns,
        Column("language", "Language", width=11),
        Column("passage_id", "Passage id", width=19),
        Column("order", "Order", "number", 8),
        Column("model", "Model", width=24),
        Column("status", "Status", width=24),
    ]


def result_values(
    item: PassageSuggestions, info: RunInfo, codebook: Codebook, *, names: bool
) -> list[Value]:
    """The values of our columns for one passage; labels and themes by name, or by id."""
    shown = {code.id: code.name() for code in (*codebook.finding_types, *codebook.themes)}
    if not names:
        shown = {}
    passage = item.passage
    values: list[Value] = [
        passage.report,
        passage.page,
        " > ".join(passage.heading),
        passage.text,
        "; ".join(shown.get(label, label) for label in item.labels),
    ]
    for finding_type in codebook.finding_types:
        probability = item.probabilities.get(finding_type.id)
        values.append(None if probability is None else round(float(probability), 4))
    for n in range(THEMES_SHOWN):
        if n < len(item.themes):
            theme = item.themes[n]
            values += [shown.get(theme.theme, theme.theme), round(float(theme.probability), 4)]
        else:
            values += [None, None]
    if any(theme.words for theme in codebook.themes):
        values.append("; ".join(shown.get(one.theme, one.theme) for one in item.by_words))
    return [*values, passage.language, passage.id, passage.order, info.model, STATUS]


class RowSpool:
    """Rows kept on disk until all columns are known: a later table may bring new ones."""

    def __init__(self, file: IO[str], taken: Iterable[str]) -> None:
        self._file = file
        self._taken = {name.casefold() for name in taken}
        self._headers: dict[str, str] = {}
        self.count = 0

    @property
    def own_headers(self) -> list[str]:
        """The headers of the tables' own columns, in the order in which they were first seen."""
        return list(self._headers.values())

    def add(self, own: dict[str, Value], values: list[Value]) -> None:
        """Keeps one row: the table's own columns by name, and ours in order."""
        for name in own:
            if name not in self._headers:
                self._headers[name] = self._free_header(name)
        self._file.write(json.dumps([own, values]) + "\n")
        self.count += 1

    def rows(self) -> Iterator[list[Value]]:
        """Every row in order: own columns first, None where a report has no such column."""
        self._file.seek(0)
        for line in self._file:
            own, values = json.loads(line)
            yield [own.get(name) for name in self._headers] + values

    def _free_header(self, name: str) -> str:
        """The name, with a suffix where a column of ours or another own one has it."""
        header = name
        n = 1
        while header.casefold() in self._taken:
            header = f"{name} (table)" if n == 1 else f"{name} (table {n})"
            n += 1
        self._taken.add(header.casefold())
        return header
