"""Marks: what drawings are made of."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WIDTH = 600
"""Of every drawing; the page makes it as wide as there is room."""
LABELS = 186
"""How much of it labels take."""
GAP = 12
ROW = 26
TALL_ROW = 36
"""Of a drawing with labels in two lines."""
BAR = 14
LETTER = 7.2
"""About how wide a letter is, in a wide font."""

Value = str | float


@dataclass(frozen=True, slots=True)
class Mark:
    """An element of SVG."""

    kind: str
    attributes: Mapping[str, Value]
    text: str = ""
    tip: str = ""
    """What is said of it where a pointer rests on it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and what it says."""

    title: str
    description: str
    """For who cannot see it: what is drawn, and the most important of it."""
    height: int
    marks: tuple[Mark, ...]
    key: tuple[tuple[str, str], ...] = ()
    """What the colours mean: class and words."""


def row_height(labels: Iterable[str]) -> int:
    """How far rows are apart: further where a label takes two lines."""
    return TALL_ROW if any(len(lines_of(one)) > 1 for one in labels) else ROW


def lines_of(text: str) -> list[str]:
    """A label in one line or two; what has no room is cut."""
    most = int((LABELS - GAP) / LETTER)
    found = textwrap.wrap(text, most, max_lines=2, placeholder="…")
    return found or [""]


def label_marks(text: str, top: float, step: float) -> list[Mark]:
    """What stands before a row."""
    lines = lines_of(text)
    tip = text if lines[-1].endswith("…") else ""
    first = top + step / 2 - 7.5 * (len(lines) - 1)
    return [
        words(LABELS - GAP, first + 15 * number, line, "label", "end", tip)
        for number, line in enumerate(lines)
    ]


def bar_marks(
    left: float, top: float, step: float, length: float, colour: str, tip: str
) -> list[Mark]:
    """A bar in a row; none where there is nothing to be seen."""
    if length <= 0:
        return []
    y = top + (step - BAR) / 2
    place = {"x": left, "y": y, "width": max(length, 1), "height": BAR}
    return [Mark("rect", {**placed(place), "class": colour}, tip=tip)]


def rule(x1: float, y1: float, x2: float, y2: float, colour: str) -> Mark:
    """A straight line."""
    place = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return Mark("line", {**placed(place), "class": colour})


def words(x: float, middle: float, text: str, colour: str, anchor: str, tip: str = "") -> Mark:
    """Text of which the letters stand around the middle."""
    place = placed({"x": x, "y": middle + 4.5})
    return Mark("text", {**place, "class": colour, "text-anchor": anchor}, text, tip)


def placed(place: Mapping[str, float]) -> dict[str, Value]:
    """Places with one decimal: more cannot be seen."""
    return {name: round(value, 1) for name, value in place.items()}
