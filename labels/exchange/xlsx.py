"""An Excel workbook: passages, matrix, skipped files, and what it all means."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from ..codebook import Codebook
from ..suggestions import ReportSuggestions, RunInfo, SkippedFile
from .cells import CellStyles, cell_text, pale, row_height, write_cell
from .files import FileWriter
from .matrix import Matrix, ReportCounts, skipped_rows
from .rows import RowSpool, Value, result_columns, result_values, written_passages
from .words import MARK, about_rows

# An Excel sheet has 1,048,576 rows; the mark and the header take two.
ROWS_A_SHEET = 1_048_576 - 2
# The library keeps every height it is given; Excel fits the rows after these by itself.
FITTED_ROWS = 10_000


class XlsxWriter(FileWriter):
    """Writes the workbook; rows stream through disk, so memory stays flat."""

    encoding = None

    def __init__(self, path: Path, info: RunInfo, codebook: Codebook, include_none: bool) -> None:
        super().__init__(path)
        self._info = info
        self._codebook = codebook
        self._include_none = include_none
        self._columns = result_columns(codebook)
        self._matrix = Matrix()

    def _begin(self) -> None:
        titles = [column.title for column in self._columns]
        self._spool = RowSpool(self._open("rows", "utf-8"), titles)

    def _add(self, report: ReportSuggestions) -> None:
        self._matrix.add(report)
        for item in written_passages(report, self._include_none):
            values = result_values(item, self._info, self._codebook, names=True)
            self._spool.add(dict(item.columns), values)

    def _end(self, skipped: Sequence[SkippedFile]) -> None:
        options = {"constant_memory": True, "tmpdir": str(self._folder)}
        self._book = xlsxwriter.Workbook(self._file, options)
        # Its row files are closed by hand: on failure the library leaves them open.
        self._resources.callback(self._close_row_files)
        self._book.set_properties({"title": MARK, "comments": f"whatworks {self._info.version}"})
        self._make_formats()
        rows = self._spool.rows()
        for number in itertools.count(1):
            chunk = itertools.islice(rows, ROWS_A_SHEET)
            self._write_passages("Passages" if number == 1 else f"Passages {number}", chunk)
            if self._spool.count <= number * ROWS_A_SHEET:
                break
        self._write_matrix()
        self._write_skipped(skipped)
        self._write_about()
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def _close_row_files(self) -> None:
        for sheet in self._book.worksheets():
            sheet._opt_close()

    def _make_formats(self) -> None:
        def new(**properties: Any) -> Any:
            return self._book.add_format({"valign": "top", "font_size": 10, **properties})

        head = {"bold": True, "bg_color": "#E9ECEF", "bottom": 1, "text_wrap": True}
        self._mark = new(bold=True, font_color="#8A3B00", bg_color="#FFF4E5", valign="vcenter")
        self._head = new(**head)
        self._tilted = new(**head, rotation=90, align="center")
        self._group = new(bold=True, font_color="#555555")
        line = {"bottom": 1, "bottom_color": "#DDE1E5"}
        self._styles = CellStyles(
            text=new(**line, text_wrap=True),
            risky=new(**line, text_wrap=True, quote_prefix=True),
            number=new(**line, align="center"),
        )
        self._percent = new(**line, num_format="0%", align="center")
        self._total = new(bold=True, top=1, align="center")
        self._total_name = new(bold=True, top=1)
        self._strong = self._book.add_format({"bold": True})

    def _sheet(self, name: str, widths: Sequence[int], frozen: tuple[int, int]) -> Any:
        """A new sheet with the mark in its first row."""
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(*frozen)
        for n, width in enumerate(widths):
            sheet.set_column(n, n, width)
        sheet.set_row(0, 20)
        sheet.write_string(0, 0, f"{MARK}. Model: {cell_text(self._info.model)}", self._mark)
        for n in range(1, max(len(widths), 2)):
            sheet.write_blank(0, n, None, self._mark)
        return sheet

    def _cell(self, sheet: Any, row: int, column: int, value: Value, style: Any = None) -> None:
        write_cell(sheet, row, column, value, self._styles, style)

    def _write_passages(self, name: str, rows: Any) -> None:
        own = self._spool.own_headers
        widths = [min(30, max(12, len(name) + 3)) for name in own]
        widths += [column.width for column in self._columns]
        sheet = self._sheet(name, widths, (2, 0 if own else 2))
        sheet.set_row(1, 32)
        sheet.repeat_rows(1)
        for n, title in enumerate([*own, *(column.title for column in self._columns)]):
            sheet.write_string(1, n, cell_text(title), self._head)
        percent = {len(own) + n for n, c in enumerate(self._columns) if c.kind == "probability"}
        last = 1
        for last, row in enumerate(rows, start=2):
            if last < FITTED_ROWS:
                sheet.set_row(last, row_height(row, widths))
            for n, value in enumerate(row):
                self._cell(sheet, last, n, value, self._percent if n in percent else None)
        sheet.autofilter(1, 0, last, len(widths) - 1)
        # On paper: up to the first theme, so that the letters stay readable.
        keys = [column.key for column in self._columns]
        sheet.print_area(0, 0, last, len(own) + keys.index("theme_1"))
        self._mark_probabilities(sheet, len(own), last)

    def _mark_probabilities(self, sheet: Any, first: int, last: int) -> None:
        keys = [column.key for column in self._columns]
        for finding_type in self._codebook.finding_types:
            n = first + keys.index(finding_type.id)
            threshold = self._info.thresholds.get(finding_type.id)
            if threshold is not None:
                rule = {"type": "cell", "criteria": ">=", "value": threshold}
                sheet.conditional_format(2, n, max(last, 2), n, {**rule, "format": self._strong})
            # A shade, no data bar: bars that start at 0 need an extension other tools drop.
            shade = {"type": "2_color_scale", "min_type": "num", "max_type": "num"}
            ends = {"min_value": 0, "max_value": 1, "min_color": "#FFFFFF"}
            colour = pale(finding_type.colour)
            sheet.conditional_format(2, n, max(last, 2), n, {**shade, **ends, "max_color": colour})

    def _write_matrix(self) -> None:
        types, themes = self._codebook.finding_types, self._codebook.themes
        sheet = self._sheet("Matrix", [36, *[10] * max(2 + len(types), 1 + len(themes))], (0, 1))
        row = 2
        note = "Labelled passages by finding type (a passage with two counts under both)"
        sheet.write_string(row, 0, note, self._group)
        sheet.set_row(row + 1, 30)
        head = ["Report", "Passages", "Labelled", *(code.name() for code in types)]
        for n, title in enumerate(head):
            sheet.write_string(row + 1, n, cell_text(title), self._head)
        row = self._write_counts(
            sheet,
            row + 2,
            lambda c: [c.passages, c.labelled, *(c.finding_types[code.id] for code in types)],
        )
        row += 1
        note = "Labelled passages by theme (each counts once, under its likeliest theme)"
        sheet.write_string(row, 0, note, self._group)
        # Rows in order: the library has forgotten a row as soon as the next one is begun.
        starts = [n for n, t in enumerate(themes) if n == 0 or t.group != themes[n - 1].group]
        for n in starts:
            title = self._codebook.groups.get(themes[n].group, {}).get("en", themes[n].group)
            sheet.write_string(row + 1, n + 2, cell_text(title), self._group)
        sheet.set_row(row + 2, 150)
        for n, title in enumerate(["Report", "Labelled"]):
            sheet.write_string(row + 2, n, title, self._head)
        for n, theme in enumerate(themes, start=2):
            sheet.write_string(row + 2, n, cell_text(theme.name()), self._tilted)
        self._write_counts(
            sheet, row + 3, lambda c: [c.labelled, *(c.themes[theme.id] for theme in themes)]
        )

    def _write_counts(
        self, sheet: Any, row: int, numbers: Callable[[ReportCounts], list[int]]
    ) -> int:
        """Writes a line a report and their total; the first free row."""
        lines = [(self._matrix.shown_name(c), c, None) for c in self._matrix.reports]
        for name, counts, style in [*lines, ("Total", self._matrix.total(), self._total)]:
            values: list[Value] = [name, *numbers(counts)]
            for n, value in enumerate(values):
                self._cell(sheet, row, n, value, style and (style if n else self._total_name))
            row += 1
        return row

    def _write_skipped(self, skipped: Sequence[SkippedFile]) -> None:
        widths = [50, 50, 70]
        sheet = self._sheet("Skipped files", widths, (2, 0))
        for n, title in enumerate(("Path", "Cause", "Cure")):
            sheet.write_string(1, n, title, self._head)
        row = 2
        for file in skipped_rows(skipped):
            sheet.set_row(row, row_height(file, widths))
            for n, value in enumerate(file):
                self._cell(sheet, row, n, value)
            row += 1
        warned = [(c.path, text) for c in self._matrix.reports for text in c.warnings]
        if warned:
            sheet.write_string(row + 1, 0, "Read, with a remark", self._head)
            sheet.write_string(row + 1, 1, "Remark", self._head)
        for number, remark in enumerate(warned, start=row + 2):
            sheet.set_row(number, row_height(remark, widths[:2]))
            for n, value in enumerate(remark):
                self._cell(sheet, number, n, value)

    def _write_about(self) -> None:
        sheet = self._sheet("About", [28, 110], (1, 0))
        for row, (name, value) in enumerate(about_rows(self._info, self._codebook), start=2):
            sheet.set_row(row, row_height([name, value], [28, 110]))
            sheet.write_string(row, 0, cell_text(name), self._group)
            self._cell(sheet, row, 1, value)
