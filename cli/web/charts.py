"""Charts as drawings: plain functions from numbers to marks, which ``_chart.html`` makes SVG of.

Colours, fonts and what they are in the dark stand in the stylesheet; here are places and sizes.
Every chart says in words what it shows, and stands beside its data as a table. Charts over time
are in ``trends.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .marks import (
    LABELS,
    ROW,
    WIDTH,
    Chart,
    Mark,
    Value,
    bar_marks,
    label_marks,
    row_height,
    rule,
    words,
)

_VALUES = 72
"""How much of the width values take."""
_PAIR_VALUES = 44


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of ``bars``."""

    label: str
    value: float
    shown: str
    """The value in words."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A row of ``stacks``: its parts one after another."""

    label: str
    parts: Sequence[tuple[str, float, str]]
    """Class, value, and what it is in words."""
    shown: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with the interval in which it may lie."""

    colour: str
    value: float
    low: float
    high: float
    tip: str


@dataclass(frozen=True, slots=True)
class Dots:
    """A row of ``dots``."""

    label: str
    dots: Sequence[Dot]
    shown: str


def bars(
    title: str, description: str, rows: Sequence[Bar], *, colour: str, most: float | None = None
) -> Chart:
    """A row a bar.

    Args:
        title: What it shows.
        description: The same, with what is most important.
        rows: From above.
        colour: The class of the bars.
        most: The value of a full bar; by default the largest.
    """
    full = max([most or 0, *(row.value for row in rows)])
    step = row_height(row.label for row in rows)
    marks: list[Mark] = []
    for place, row in enumerate(rows):
        top = place * step
        length = _room() * row.value / full if full else 0
        marks += [
            *label_marks(row.label, top, step),
            *bar_marks(LABELS, top, step, length, colour, f"{row.label}: {row.shown}"),
            words(LABELS + length + 6, top + step / 2, row.shown, "value", "start"),
        ]
    return Chart(title, description, len(rows) * step, tuple(marks))


def pairs(
    title: str,
    description: str,
    rows: Sequence[tuple[Bar, Bar]],
    *,
    heads: tuple[str, str],
    colours: tuple[str, str],
) -> Chart:
    """Two bars a row, beside each other and on one scale: not to be added up.

    Args:
        title: What it shows.
        description: The same, with what is most important.
        rows: From above; the label is that of the first of the two.
        heads: What stands above the first bars and above the second.
        colours: Their classes.
    """
    full = max((bar.value for row in rows for bar in row), default=0)
    step, half = row_height(first.label for first, _second in rows), (WIDTH - LABELS) / 2
    marks = [
        words(LABELS + number * half, ROW / 2 - 2, head, "head", "start")
        for number, head in enumerate(heads)
    ]
    for place, row in enumerate(rows):
        top = ROW + place * step
        marks += label_marks(row[0].label, top, step)
        for number, bar in enumerate(row):
            left = LABELS + number * half
            length = (half - _PAIR_VALUES) * bar.value / full if full else 0
            tip = f"{row[0].label}, {heads[number]}: {bar.shown}"
            marks += [
                *bar_marks(left, top, step, length, colours[number], tip),
                words(left + length + 6, top + step / 2, bar.shown, "value", "start"),
            ]
    return Chart(title, description, ROW + len(rows) * step, tuple(marks))


def stacks(
    title: str, description: str, rows: Sequence[Stack], *, key: Sequence[tuple[str, str]]
) -> Chart:
    """A row of parts that make a whole: shares, so that all rows are equally long.

    Args:
        title: What it shows.
        description: The same, with what is most important.
        rows: From above.
        key: Class and words of each kind of part.
    """
    step = row_height(row.label for row in rows)
    marks: list[Mark] = []
    for place, row in enumerate(rows):
        top, left = place * step, float(LABELS)
        whole = sum(value for _, value, _ in row.parts)
        marks += label_marks(row.label, top, step)
        for colour, value, said in row.parts:
            length = _room() * value / whole if whole else 0
            marks += bar_marks(left, top, step, length, colour, f"{row.label}: {said}")
            left += length
        marks.append(words(WIDTH, top + step / 2, row.shown, "value", "end"))
    return Chart(title, description, len(rows) * step, tuple(marks), tuple(key))


def dots(
    title: str,
    description: str,
    rows: Sequence[Dots],
    *,
    low: float,
    high: float,
    ticks: Sequence[tuple[float, str]],
    key: Sequence[tuple[str, str]] = (),
) -> Chart:
    """A row of values with their intervals on a common scale.

    Args:
        title: What it shows.
        description: The same, with what is most important.
        rows: From above.
        low: Where the scale begins; what lies below is drawn there.
        high: Where it ends.
        ticks: Values and words of the lines across.
        key: Class and words of the colours.
    """

    def at(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return round(LABELS + share * _room(), 1)

    several = max((len(row.dots) for row in rows), default=1)
    step = max(row_height(row.label for row in rows), 14 * several + 10)
    bottom = len(rows) * step
    marks: list[Mark] = []
    for value, said in ticks:
        marks += [
            rule(at(value), 0, at(value), bottom, "grid"),
            words(at(value), bottom + 12, said, "tick", "middle"),
        ]
    for place, row in enumerate(rows):
        top = place * step
        marks += label_marks(row.label, top, step)
        marks.append(words(WIDTH, top + step / 2, row.shown, "value", "end"))
        for number, dot in enumerate(row.dots):
            middle = top + step / 2 + 14 * (number - (len(row.dots) - 1) / 2)
            place_: dict[str, Value] = {"cx": at(dot.value), "cy": middle, "r": 5}
            marks += [
                rule(at(dot.low), middle, at(dot.high), middle, f"range {dot.colour}"),
                Mark(
                    "circle",
                    {**place_, "class": f"dot {dot.colour}"},
                    tip=f"{row.label}: {dot.tip}",
                ),
            ]
    return Chart(title, description, bottom + 26, tuple(marks), tuple(key))


def _room() -> float:
    """How long the longest bar is."""
    return WIDTH - LABELS - _VALUES
