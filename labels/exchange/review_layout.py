"""How the sheet of a review workbook is laid out: where columns stand, drop-downs and colours."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from ..codebook import Codebook
from .cells import pale
from .review_guide import decision_words
from .review_sheet import YES, ReviewColumn, ReviewSheet, review_columns, shown_names

FIRST_ROW = 3
"""Of the passages, as a spreadsheet counts; bands and titles stand above."""
THEME_NAMES = "theme_names"
"""The range that the drop-down lists of themes come from: a list in the cell itself may have
255 characters only."""
BANDS = {
    "Passage": "#4A5560",
    "Suggested by a model": "#8A3B00",
    "Your decision": "#1D4E68",
    "Row": "#8A929B",
}
TINTS = {
    "confirm": "#D5EBDD",
    "finding": "#D5EBDD",
    "correct": "#FDECC0",
    "reject": "#E1E5EA",
    "no finding": "#E1E5EA",
    "unsure": "#E9DDF2",
}
LINE = {"bottom": 1, "bottom_color": "#DDE1E5"}
LOCKED = {"text_wrap": True, "bg_color": "#F6F7F9", **LINE}
_RED = "#FF8F80"


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        """A cell's format, in the workbook's own letters."""
        return self.bare(**{"valign": "top", "font_size": 10, **properties})

    def bare(self, **properties: Any) -> Any:
        """A format of these properties alone, for rules that change a cell's look."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


@dataclass(frozen=True)
class Layout:
    """Where everything stands in the sheet."""

    sheet: ReviewSheet

    @property
    def codebook(self) -> Codebook:
        """The codes that can be chosen."""
        return self.sheet.codebook

    @cached_property
    def columns(self) -> tuple[ReviewColumn, ...]:
        """In order."""
        return review_columns(self.codebook, self.sheet.language)

    @cached_property
    def at(self) -> Mapping[str, int]:
        """The number of each column, from 0, by its key."""
        return {column.key: n for n, column in enumerate(self.columns)}

    @cached_property
    def types(self) -> Mapping[str, str]:
        """The shown names of finding types, by id."""
        return {column.code: column.title for column in self.columns if column.code}

    @cached_property
    def themes(self) -> Mapping[str, str]:
        """The shown names of themes, by id."""
        return shown_names(self.codebook.themes, self.sheet.language)

    @cached_property
    def colours(self) -> Mapping[str, str]:
        """The colours of finding types, by id; dark grey where one is none for a workbook."""
        return {
            code.id: code.colour if pale(code.colour) != pale("") else "#3D4650"
            for code in self.codebook.finding_types
        }

    @property
    def last_row(self) -> int:
        """The last passage's, as a spreadsheet counts."""
        return FIRST_ROW - 1 + max(1, len(self.sheet.rows))

    def cells(self, first: str, last: str | None = None) -> str:
        """The passages' cells from one column to another: 'G3:G614'."""
        return f"{self.letter(first)}{FIRST_ROW}:{self.letter(last or first)}{self.last_row}"

    def letter(self, key: str) -> str:
        """The column's letters."""
        return str(xl_col_to_name(self.at[key]))


def add_lists(target: Any, layout: Layout) -> None:
    """Drop-down lists, and what is said to somebody who types something else."""
    words = [word for word, _ in decision_words(layout.sheet.blind)]
    decision = {"validate": "list", "source": words}
    _add_list(target, layout, "decision", decision, f"Choose {', '.join(words)}.")
    for column in layout.columns:
        if column.code:
            rule: dict[str, Any] = {"validate": "list", "source": [YES]}
            _add_list(target, layout, column.key, rule, "Choose 'yes', or leave the cell empty.")
        elif column.key.startswith("theme_"):
            rule = {"validate": "list", "source": f"={THEME_NAMES}"}
            message = "Choose a theme from the list; all are explained in the sheet Codebook."
            _add_list(target, layout, column.key, rule, message)
    number = {"validate": "decimal", "criteria": ">=", "value": 0}
    _add_list(target, layout, "seconds", number, "Give a number of seconds, or leave it empty.")


def _add_list(target: Any, layout: Layout, key: str, rule: dict[str, Any], message: str) -> None:
    told = {"error_title": "This cannot be taken", "error_message": message}
    target.data_validation(layout.cells(key), {**rule, **told})


def add_colours(target: Any, layout: Layout, styles: Styles) -> None:
    """Tints for what is chosen; red for what the import would refuse."""

    def rule(cells: str, formula: str, **look: Any) -> None:
        options = {"type": "formula", "criteria": formula, "format": styles.bare(**look)}
        target.conditional_format(cells, options)

    def first(key: str, fixed: str = "$") -> str:
        return f"{fixed}{layout.letter(key)}{FIRST_ROW}"

    types = [column.key for column in layout.columns if column.code]
    themes = [key for key in layout.at if key.startswith("theme_")]
    finding = "finding" if layout.sheet.blind else "correct"
    chosen, decision = first("decision"), layout.cells("decision")
    filled = f"{first(types[0])}:{first('seconds')}"
    marked = f"{first(types[0])}:{first(types[-1])}"
    rule(decision, f'=AND({chosen}="",COUNTA({filled})>0)', bg_color=_RED)
    rule(
        layout.cells(types[0], themes[-1]),
        f'=AND({chosen}<>"",{chosen}<>"{finding}",{first(types[0], "")}<>"")',
        bg_color=_RED,
    )
    rule(
        layout.cells(types[0], types[-1]),
        f'=AND({chosen}="{finding}",COUNTA({marked})=0)',
        bg_color=_RED,
    )
    for word, _ in decision_words(layout.sheet.blind):
        rule(decision, f'={chosen}="{word}"', bg_color=TINTS[word])
    for code in layout.codebook.finding_types:
        key = f"type:{code.id}"
        tint = {"bg_color": pale(code.colour), "bold": True}
        rule(layout.cells(key), f'={first(key, "")}="{YES}"', **tint)
    rule(layout.cells("report", "text"), f'={chosen}<>""', font_color="#7A838C")
