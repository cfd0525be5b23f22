"""Any list as a CSV file or an Excel workbook: one row a thing."""

import csv
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path

from ...nlp.errors import WhatworksError
from .cells import cell_text, row_height
from .csv import is_formula_like, safe_cell
from .files import WholeFile, check_target
from .rows import Column, Value
from .xlsx import FITTED_ROWS

FORMATS = (".csv", ".xlsx")
_ON_PAPER = 190
"""Characters beside each other."""


def check_listing(path: Path) -> None:
    """Raises WhatworksError where a list cannot be written there."""
    if path.suffix.lower() not in FORMATS:
        raise WhatworksError(f"{path}: a list is written as .csv or .xlsx. Give such a name.")
    check_target(path)


def write_listing(
    path: Path, columns: Sequence[Column], rows: Iterable[Sequence[Value]], about: str
) -> None:
    """Writes the file its ending asks for.

    Args:
        path: Where.
        columns: What each value of a row is.
        rows: In order.
        about: What the list is, in a sentence: above the table of a workbook.

    Raises:
        WhatworksError: another ending, or the file cannot be written; an earlier one stays.
    """
    check_listing(path)
    kind = _Workbook if path.suffix.lower() == ".xlsx" else _Csv
    with kind(path) as file:
        file.write(columns, rows, about)


class _Csv(WholeFile):
    # The mark tells Excel that the letters are UTF-8.
    encoding = "utf-8-sig"

    def write(self, columns: Sequence[Column], rows: Iterable[Sequence[Value]], about: str) -> None:
        del about
        with self._told():
            sheet = csv.writer(self._file)
            sheet.writerow([one.key for one in columns])
            sheet.writerows([safe_cell(value) for value in row] for row in rows)
            self._put()


class _Workbook(WholeFile):
    encoding = None

    def write(self, columns: Sequence[Column], rows: Iterable[Sequence[Value]], about: str) -> None:
        import xlsxwriter

        with self._told():
            book = xlsxwriter.Workbook(self._file, {"tmpdir": str(self._folder)})
            book.set_properties({"title": cell_text(about)})
            line = {"valign": "top", "font_size": 10, "text_wrap": True}
            plain = book.add_format(line)
            # Kept as text also when somebody edits the cell in Excel.
            risky = book.add_format({**line, "quote_prefix": True})
            head = book.add_format({**line, "bold": True, "bg_color": "#E9ECEF", "bottom": 1})
            sheet = book.add_worksheet("List")
            sheet.hide_gridlines(2)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.freeze_panes(2, 1)
            sheet.repeat_rows(1)
            sheet.write_string(0, 0, cell_text(about), book.add_format({"bold": True}))
            widths = [one.width for one in columns]
            for n, one in enumerate(columns):
                sheet.set_column(n, n, one.width)
                sheet.write_string(1, n, cell_text(one.title), head)
            last = 1
            for last, row in enumerate(rows, start=2):
                if last < FITTED_ROWS:
                    sheet.set_row(last, row_height(row, widths))
                for n, value in enumerate(row):
                    if isinstance(value, str) and value:
                        text = cell_text(value)
                        style = risky if is_formula_like(text) else plain
                        sheet.write_string(last, n, text, style)
                    elif value is not None and value != "":
                        sheet.write_number(last, n, value, plain)
            sheet.autofilter(1, 0, last, len(columns) - 1)
            # On paper only the first columns, so that the letters stay readable.
            fitting = sum(width <= _ON_PAPER for width in accumulate(widths))
            sheet.print_area(0, 0, last, max(fitting, 1) - 1)
            book.close()
            self._put()
