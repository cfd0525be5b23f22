"""What any workbook of ours needs of a cell: text that fits, a height, a pale colour."""

import re
from collections.abc import Sequence

from .rows import Value, printable

_MAX_CELL = 32_767
_CUT = " […]"


def cell_text(text: str) -> str:
    """The text as a cell can hold it: no control characters, at most 32,767 UTF-16 units."""
    clean = printable(text)
    raw = clean.encode("utf-16-le")
    if len(raw) <= 2 * _MAX_CELL:
        return clean
    return raw[: 2 * (_MAX_CELL - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


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
