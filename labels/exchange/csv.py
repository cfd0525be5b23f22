"""CSV that a spreadsheet opens with the right letters and runs nothing of."""

import csv
import math
import re
from collections.abc import Sequence
from pathlib import Path

from ..codebook import Codebook
from ..suggestions import ReportSuggestions, RunInfo, SkippedFile
from .files import FileWriter
from .rows import RowSpool, Value, printable, result_columns, result_values, written_passages

# Spreadsheets trim spaces and quotes before they look for a formula; the wide forms count too.
_FORMULA = re.compile("[\\s'\"\u200b\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?%?")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might run a text cell: it begins with = + - @, a tab or a line end.

    A text that is a number as a whole ('-5', '+3.2%') is none.

    >>> is_formula_like(' =1+1'), is_formula_like('-5'), is_formula_like('a = b')
    (True, False, False)
    """
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def safe_cell(value: Value) -> Value:
    """The value as a CSV cell: a formula-like text gets a leading apostrophe."""
    if isinstance(value, str):
        text = printable(value)
        return f"'{text}" if is_formula_like(text) else text
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


class CsvWriter(FileWriter):
    """Writes one row a passage, in UTF-8 with the mark that Excel needs."""

    encoding = "utf-8-sig"

    def __init__(self, path: Path, info: RunInfo, codebook: Codebook, include_none: bool) -> None:
        super().__init__(path)
        self._info = info
        self._codebook = codebook
        self._include_none = include_none

    def _begin(self) -> None:
        self._keys = [column.key for column in result_columns(self._codebook)]
        self._spool = RowSpool(self._open("rows", "utf-8"), self._keys)

    def _add(self, report: ReportSuggestions) -> None:
        for item in written_passages(report, self._include_none):
            values = result_values(item, self._info, self._codebook, names=False)
            self._spool.add(dict(item.columns), values)

    def _end(self, skipped: Sequence[SkippedFile]) -> None:
        """Writes the rows; files that were skipped have no passage, so no row."""
        del skipped
        sheet = csv.writer(self._file)
        sheet.writerow([safe_cell(name) for name in (*self._spool.own_headers, *self._keys)])
        for row in self._spool.rows():
            sheet.writerow([safe_cell(value) for value in row])
