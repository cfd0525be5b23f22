"""What any workbook of ours needs of a cell: text that fits, a height, a pale colour."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .csv import is_formula_like
from .rows import Value, printable

MAX_CELL = 32_767
"""How long the text of a cell may be, in UTF-16 units."""
_CUT = " […]"
_MAX_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class CellStyles:
    """The formats of a row's cells, as the workbook's library made them."""

    text: Any
    risky: Any
    """Of a text that is kept as text also when somebody edits the cell in Excel."""
    number: Any


def write_cell(
    sheet: Any, row: int, column: int, value: Value, styles: CellStyles, style: Any = None
) -> None:
    """Writes a value; no text becomes a formula, a link or a number, and nothing is no cell.

    Args:
        sheet: Of xlsxwriter.
        row: From 0.
        column: From 0.
        value: A number that is none, or endless, is left out.
        styles: By what the value is.
        style: In place of these.
    """
    if value is None or value == "":
        return
    if isinstance(value, str):
        text = cell_text(value)
        given = styles.risky if is_formula_like(text) else styles.text
        sheet.write_string(row, column, text, style or given)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _MAX_EXACT:
        # Excel would round it: it is an identifier, not an amount.
        sheet.write_string(row, column, str(value), style or styles.text)
    elif value != value or value in (float("inf"), float("-inf")):
        return
    else:
        sheet.write_number(row, column, value, style or styles.number)


def cell_text(text: str) -> str:
    """The text as a cell can hold it: no control characters, at most 32,767 UTF-16 units."""
    clean = printable(text)
    if 2 * len(clean) <= MAX_CELL:
        return clean
    raw = clean.encode("utf-16-le")
    if len(raw) <= 2 * MAX_CELL:
        return clean
    return raw[: 2 * (MAX_CELL - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def row_height(row: Sequence[Value], widths: Sequence[int]) -> float:
    """Points for the longest cell; set, because LibreOffice fits no row height by itself."""
    lines = 1
    for value, width in zip(row, widths, strict=True):
        if isinstance(value, str):
            lines = max(lines, sum(1 + len(part) // width for part in value.splitlines()))
    return min(12.5 * lines + 4, 409.0)


def pale(colour: str) -> str:
    """The colour mixed with white, so that black numbers read well on it."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        return "#D5DCE4"
    parts = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) * 0.45):02X}" for part in parts)
