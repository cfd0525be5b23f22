"""The workbook that a reviewer fills in: drop-down lists from the codebook, all else locked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from ...nlp.errors import WhatworksError
from .cells import cell_text, row_height
from .csv import is_formula_like
from .files import NOTES, WholeFile
from .review_guide import CODEBOOK_TITLES, about_sheet, codebook_rows, decision_words, rules
from .review_layout import (
    BANDS,
    FIRST_ROW,
    LINE,
    LOCKED,
    THEME_NAMES,
    TINTS,
    Layout,
    Styles,
    add_colours,
    add_lists,
)
from .review_sheet import (
    CODES,
    GUIDE,
    HIDDEN,
    NO_FINDING,
    NOT_LABELLED,
    NOTED,
    NOTES_FORMAT,
    REVIEW,
    ReviewColumn,
    ReviewRow,
    ReviewSheet,
    locked_values,
    text_digest,
    with_probabilities,
)
from .rows import Value

MAX_ROWS = 50_000


class ReviewWorkbook(WholeFile):
    """Writes the workbook, whole or not at all."""

    encoding = None
    option = "--for-review"
    # The command asks before it replaces one.
    spares_decisions = False

    def write(self, sheet: ReviewSheet) -> None:
        """Puts the workbook in its place.

        Raises:
            WhatworksError: there are too many passages, or the file cannot be written.
        """
        if len(sheet.rows) > MAX_ROWS:
            raise WhatworksError(
                f"{self.path}: {len(sheet.rows):,} passages are too many for one workbook "
                f"({MAX_ROWS:,}). Choose reports with --report, or a state with --state."
            )
        with self._told():
            book = xlsxwriter.Workbook(self._file, {"tmpdir": str(self._folder)})
            _Sheets(book, sheet).write()
            try:
                book.close()
            except FileCreateError as error:
                raise error.args[0] from error
            self._put()


class _Sheets:
    """The sheets of one workbook, as they are being written."""

    def __init__(self, book: Any, sheet: ReviewSheet) -> None:
        self._book = book
        self._sheet = sheet
        self._layout = Layout(sheet)
        self._styles = Styles(book)

    def write(self) -> None:
        self._book.set_properties(
            {
                "title": cell_text(f"Review: {self._sheet.title}"),
                "comments": f"whatworks {self._sheet.version}",
            }
        )
        self._write_guide()
        self._write_review()
        self._write_codebook()
        self._write_notes()

    def _add_sheet(self, name: str, widths: Sequence[int]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for n, width in enumerate(widths):
            sheet.set_column(n, n, width)
        # Without 'sort': Excel would sort the open columns alone, and decisions lose their texts.
        sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
        return sheet

    def _head(self) -> Any:
        look = {"bg_color": "#E9ECEF", "bottom": 1, "text_wrap": True}
        return self._styles(bold=True, **look)

    def _write_guide(self) -> None:
        sheet = self._add_sheet(GUIDE, [18, 96])
        strong = self._styles(bold=True, text_wrap=True)
        title = self._styles(bold=True, font_size=16, font_color=BANDS["Your decision"])
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, cell_text(f"Review: {self._sheet.title}"), title)
        about = cell_text(about_sheet(self._sheet))
        sheet.write_string(1, 0, about, self._styles(font_color="#555555"))
        of_all = f" of {len(self._sheet.rows):,}"
        sheet.write_string(3, 0, "Decided so far", strong)
        counted = f'=COUNTA({REVIEW}!{self._layout.cells("decision")})&"{of_all}"'
        sheet.write_formula(3, 1, counted, strong, f"0{of_all}")
        ask = "In the sheet Review, read each passage and choose a decision:"
        sheet.write_string(5, 0, ask, self._styles(bold=True))
        told = [
            (word, meaning, self._styles(bold=True, bg_color=TINTS[word], indent=1))
            for word, meaning in decision_words(self._sheet.blind)
        ]
        told += [("", "", strong)]
        told += [(word, meaning, strong) for word, meaning in rules(self._sheet.blind)]
        for row, (word, meaning, style) in enumerate(told, 6):
            sheet.set_row(row, row_height([word, meaning], [18, 96]) + 2)
            sheet.write_string(row, 0, word, style)
            sheet.write_string(row, 1, meaning, self._styles(text_wrap=True))

    def _write_review(self) -> None:
        layout = self._layout
        sheet = self._add_sheet(REVIEW, [column.width for column in layout.columns])
        sheet.freeze_panes(FIRST_ROW - 1, layout.at["text"] + 1)
        sheet.repeat_rows(0, 1)
        sheet.set_row(0, 18)
        # High enough for the filters' arrows to stand below the words.
        sheet.set_row(1, 42)
        self._write_titles(sheet)
        for n, row in enumerate(self._sheet.rows, FIRST_ROW - 1):
            self._write_row(sheet, n, row)
        sheet.autofilter(1, 0, layout.last_row - 1, len(layout.columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": layout.cells("passage_id")})
        add_lists(sheet, layout)
        add_colours(sheet, layout, self._styles)

    def _write_titles(self, sheet: Any) -> None:
        white = {"bold": True, "font_color": "#FFFFFF", "valign": "vcenter"}
        band = ""
        for n, column in enumerate(self._layout.columns):
            look = self._styles(**white, bg_color=BANDS[column.band])
            sheet.write_string(0, n, column.band if column.band != band else "", look)
            band = column.band
            style = self._head()
            if column.code:
                colour = self._layout.colours[column.code]
                look = {"bg_color": colour, "text_wrap": True, "align": "center", "bottom": 1}
                style = self._styles(bold=True, font_color="#FFFFFF", **look)
            sheet.write_string(1, n, cell_text(column.title), style)

    def _write_row(self, sheet: Any, n: int, row: ReviewRow) -> None:
        columns = self._layout.columns
        shown = locked_values(row, self._sheet, self._layout.types, self._layout.themes)
        values: list[Value] = [shown.get(column.key) for column in columns]
        sheet.set_row(n, max(18.0, row_height(values, [column.width for column in columns])))
        for at, (column, value) in enumerate(zip(columns, values, strict=True)):
            if column.key == "suggested" and value in (HIDDEN, NOT_LABELLED, NO_FINDING):
                sheet.write_string(n, at, value, self._styles(**LOCKED, font_color="#7A838C"))
            elif column.key == "suggested":
                self._write_suggested(sheet, n, at, row)
            elif isinstance(value, str) and value:
                sheet.write_string(n, at, value, self._style(column, value))
            elif isinstance(value, int):
                sheet.write_number(n, at, value, self._style(column))
            else:
                sheet.write_blank(n, at, None, self._style(column))

    def _style(self, column: ReviewColumn, text: str = "") -> Any:
        if column.is_filled:
            look: dict[str, Any] = {"locked": False, "border": 1, "border_color": "#C9CED6"}
            if column.code or column.key in ("decision", "seconds"):
                return self._styles(**look, align="center")
            return self._styles(**look, text_wrap=True)
        if column.band == "Row":
            return self._styles(**LOCKED, font_color="#8A929B", font_size=8)
        if column.key == "page":
            return self._styles(**LOCKED, align="center")
        # Kept as text also when somebody unlocks and edits the cell in Excel.
        return self._styles(**LOCKED, **({"quote_prefix": True} if is_formula_like(text) else {}))

    def _write_suggested(self, sheet: Any, n: int, at: int, row: ReviewRow) -> None:
        """Each suggested finding type on a line of its own, in its colour."""
        parts: list[Any] = []
        for label in row.labels:
            text = with_probabilities([label], self._layout.types)
            look = {"bold": True, "font_color": self._layout.colours.get(label[0], "#3D4650")}
            if len(row.labels) == 1:
                sheet.write_string(n, at, text, self._styles(**LOCKED, **look))
                return
            parts += [self._styles(**look), f"\n{text}" if parts else text]
        sheet.write_rich_string(n, at, *parts, self._styles(**LOCKED))

    def _write_codebook(self) -> None:
        widths = [13, 30, 60, 40, 40, 40, 24, 22, 26]
        sheet = self._add_sheet(CODES, widths)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        for n, title in enumerate(CODEBOOK_TITLES):
            sheet.write_string(0, n, title, self._head())
        layout, book = self._layout, self._sheet.codebook
        rows = codebook_rows(book, self._sheet.language, layout.types, layout.themes)
        wrapped = self._styles(text_wrap=True, **LINE)
        for n, row in enumerate(rows, 1):
            sheet.set_row(n, row_height(row, widths))
            look: dict[str, Any] = {"bold": True, "text_wrap": True, **LINE}
            if n <= len(book.finding_types):
                look["font_color"] = layout.colours[row[-1]]
            for at, text in enumerate(row):
                style = self._styles(**look) if at == 1 else wrapped
                sheet.write_string(n, at, cell_text(text), style)
        first = len(book.finding_types) + 2
        last = first + len(book.themes) - 1
        self._book.define_name(THEME_NAMES, f"={CODES}!$B${first}:$B${last}")

    def _write_notes(self) -> None:
        """The hidden sheet: where the workbook comes from, and the locked cells once more."""
        sheet = self._add_sheet(NOTES, [20, 68])
        sheet.very_hidden()
        given = self._sheet
        notes = {
            "format": NOTES_FORMAT,
            "project": given.project,
            "workbook": given.workbook_id,
            "codebook": str(given.codebook_number),
            "language": given.language,
            "created_at": given.created_at,
            "created_by": cell_text(given.created_by),
        }
        for n, (name, value) in enumerate(notes.items()):
            sheet.write_string(n, 0, name)
            sheet.write_string(n, 1, value)
        start = len(notes) + 1
        for at, name in enumerate(("passage_id", "text_sha256", *NOTED)):
            sheet.write_string(start, at, name)
        for n, row in enumerate(given.rows, start + 1):
            shown = locked_values(row, given, self._layout.types, self._layout.themes)
            noted = ["" if shown[key] is None else str(shown[key]) for key in NOTED]
            for at, text in enumerate((row.passage_id, text_digest(row.text), *noted)):
                sheet.write_string(n, at, text)


def write_review_workbook(path: Path, sheet: ReviewSheet) -> None:
    """Writes the workbook; an earlier file of that name is replaced only when all went well.

    Raises:
        WhatworksError: there are too many passages, or the file cannot be written.
    """
    with ReviewWorkbook(path) as workbook:
        workbook.write(sheet)
