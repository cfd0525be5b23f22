"""How sheets are written: frozen, filtered, with widths and heights that any program keeps."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from ...exchange.cells import CellStyles, cell_text, row_height, write_cell
from ...exchange.review_layout import LINE, Styles
from ...exchange.xlsx import FITTED_ROWS
from .sheet import Column, Sheet

_GREY = "#4A5560"
_A3, _A4 = 8, 9
_PAGE = 260
"""Signs across a sheet of A3 that can still be read."""
_NUMBER = '#,##0;-#,##0;"–"'


def workbook_bytes(sheets: Iterable[Sheet], title: str, comments: str, as_of: str) -> bytes:
    """The workbook, the same for the same sheets whenever it is written.

    Args:
        sheets: In order.
        title: Of the file.
        comments: On the file.
        as_of: An ISO 8601 moment: when it was 'created'.
    """
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    # Without a time zone, as the format has it.
    created = datetime.fromisoformat(as_of).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": cell_text(title), "comments": comments, "created": created})
    writer = _Writer(book)
    for sheet in sheets:
        writer.write(sheet)
    book.close()
    return file.getvalue()


class _Writer:
    def __init__(self, book: Any) -> None:
        self._book = book
        self._styles = Styles(book)

    def write(self, sheet: Sheet) -> None:
        page = self._book.add_worksheet(sheet.name)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(_A3 if sheet.is_wide else _A4)
        if sheet.is_wide:
            page.repeat_columns(0, sheet.fixed - 1)
        width = sum(column.width for column in sheet.columns)
        page.fit_to_pages(-(-width // _PAGE) if sheet.is_wide else 1, 0)
        for n, column in enumerate(sheet.columns):
            page.set_column(n, n, column.width)
        top = self._write_about(page, sheet)
        page.freeze_panes(top + 1, sheet.fixed)
        page.repeat_rows(top)
        last = self._write_rows(page, sheet, top)
        if sheet.is_filtered:
            page.autofilter(top, 0, max(last - sheet.totals, top + 1), len(sheet.columns) - 1)
        if sheet.printed:
            page.print_area(0, 0, last, sheet.printed - 1)

    def _write_about(self, page: Any, sheet: Sheet) -> int:
        """What stands above the table, and its titles; the row of these."""
        row = 0
        for row, said in enumerate(sheet.about):
            style = self._styles(bold=row == 0, font_color="#23292f" if row == 0 else "#59636e")
            page.write_string(row, 0, cell_text(said), style)
        row += 2
        if any(column.band for column in sheet.columns):
            self._write_bands(page, row, sheet.columns)
            row += 1
        head = self._styles(bold=True, bg_color="#E9ECEF", bottom=1, text_wrap=True)
        titles = [column.title for column in sheet.columns]
        widths = [column.width for column in sheet.columns]
        # One line more: the arrow of a filter hides the end of a title.
        page.set_row(row, row_height(titles, widths) + 13)
        for n, title in enumerate(titles):
            page.write_string(row, n, cell_text(title), head)
        return row

    def _write_bands(self, page: Any, row: int, columns: Sequence[Column]) -> None:
        before = ""
        for n, column in enumerate(columns):
            if column.band:
                colour = column.colour or _GREY
                style = self._styles(bold=True, font_color="#FFFFFF", bg_color=colour)
                if column.band == before:
                    page.write_blank(row, n, None, style)
                else:
                    page.write_string(row, n, cell_text(column.band), style)
            before = column.band

    def _write_rows(self, page: Any, sheet: Sheet, top: int) -> int:
        """Writes the rows below that one; the last one."""
        rows = list(sheet.rows)
        widths = [column.width for column in sheet.columns]
        usual = [self._cells(column) for column in sheet.columns]
        strong = [self._cells(column, bold=True, top=1) for column in sheet.columns]
        for n, row in enumerate(rows, top + 1):
            is_total = n > top + len(rows) - sheet.totals
            if n < FITTED_ROWS:
                page.set_row(n, row_height(row, widths))
            for at, (value, styles) in enumerate(
                zip(row, strong if is_total else usual, strict=True)
            ):
                if value is None or value == "":
                    page.write_blank(n, at, None, styles.text)
                else:
                    write_cell(page, n, at, value, styles)
        return top + len(rows)

    def _cells(self, column: Column, **more: Any) -> CellStyles:
        look = {**LINE, **more}
        number = column.number_format or _NUMBER
        return CellStyles(
            text=self._styles(**look, text_wrap=True),
            risky=self._styles(**look, text_wrap=True, quote_prefix=True),
            number=self._styles(**look, num_format=number, align="center"),
        )
