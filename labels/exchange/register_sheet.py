"""The register as a workbook or CSV: read again as it is, it changes nothing."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...nlp.errors import WhatworksError
from ..register import Evaluation
from ..register_changes import FIELDS, shown
from ..register_words import heading_of
from .cells import CellStyles, row_height, write_cell
from .csv import safe_cell
from .files import WholeFile
from .rows import Value

ENDINGS = (".xlsx", ".csv")
SHEET = "Register"
WIDTHS = {"mark": 7, "title": 48, "year": 7, "language": 10, "timing": 11, "report": 30}
"""In characters; others have 18."""


def register_header() -> list[str]:
    """The headings, in the order of the facts."""
    return [heading_of(field) for field in ("mark", *FIELDS)]


def register_row(evaluation: Evaluation, language: str = "en") -> list[Value]:
    """What stands under each heading; countries by name."""
    facts = evaluation.facts
    return [
        evaluation.mark,
        *(facts.year if field == "year" else shown(facts, field, language) for field in FIELDS),
    ]


def write_register(path: Path, evaluations: Sequence[Evaluation]) -> None:
    """Writes the register, whole or not at all.

    Raises:
        WhatworksError: another ending than ``ENDINGS``, or the file cannot be written.
    """
    writers: dict[str, type[_CsvRegister | _XlsxRegister]] = {
        ".csv": _CsvRegister,
        ".xlsx": _XlsxRegister,
    }
    if path.suffix.lower() not in writers:
        raise WhatworksError(f"{path}: a register is written as .xlsx or .csv. Give such a name.")
    with writers[path.suffix.lower()](path) as file:
        file.write(evaluations)


class _CsvRegister(WholeFile):
    encoding = "utf-8-sig"

    def write(self, evaluations: Sequence[Evaluation]) -> None:
        with self._told():
            sheet = csv.writer(self._file)
            sheet.writerow(register_header())
            for one in evaluations:
                sheet.writerow([safe_cell(value) for value in register_row(one)])
            self._put()


class _XlsxRegister(WholeFile):
    encoding = None

    def write(self, evaluations: Sequence[Evaluation]) -> None:
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError

        with self._told():
            book = xlsxwriter.Workbook(self._file, {"tmpdir": str(self._folder)})
            _fill(book, evaluations)
            try:
                book.close()
            except FileCreateError as error:
                raise error.args[0] from error
            self._put()


def _fill(book: Any, evaluations: Sequence[Evaluation]) -> None:
    widths = [WIDTHS.get(field, 18) for field in ("mark", *FIELDS)]
    head = book.add_format({"bold": True, "bg_color": "#E9ECEF", "bottom": 1, "valign": "top"})
    line = {"text_wrap": True, "valign": "top"}
    body = book.add_format(line)
    styles = CellStyles(body, book.add_format({**line, "quote_prefix": True}), body)
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    for n, heading in enumerate(register_header()):
        sheet.write_string(0, n, heading, head)
    for number, one in enumerate(evaluations, 1):
        row = register_row(one)
        sheet.set_row(number, row_height(row, widths))
        for n, value in enumerate(row):
            write_cell(sheet, number, n, value, styles)
    sheet.autofilter(0, 0, len(evaluations), len(widths) - 1)
