"""Charts over time, as drawings."""

from collections.abc import Sequence
from dataclasses import dataclass

from .marks import LETTER, WIDTH, Chart, Mark, placed, rule, words

_LEFT = 46
_HEAD = 10
_HEIGHT = 150


@dataclass(frozen=True, slots=True)
class Point:
    """A moment of ``columns`` or ``line``."""

    label: str
    """As it stands at the axis."""
    value: float
    tip: str
    between: tuple[float, float] | None = None
    """The interval in which it may lie; of ``line`` alone."""


def columns(title: str, description: str, points: Sequence[Point], *, colour: str) -> Chart:
    """An upright bar for each moment; labels stand where there is room."""
    top = ceiling(max((one.value for one in points), default=0))
    marks = _axis(top, _HEIGHT)
    step = (WIDTH - _LEFT) / max(1, len(points))
    for place, one in enumerate(points):
        length = _HEIGHT * one.value / top
        left = _LEFT + (place + 0.1) * step
        bar = {"x": left, "y": _HEAD + _HEIGHT - length, "width": step * 0.8, "height": length}
        marks.append(Mark("rect", {**placed(bar), "class": colour}, tip=one.tip))
    marks += _moments(points, step, _HEIGHT)
    return Chart(title, description, _HEIGHT + _HEAD + 26, tuple(marks))


def line(
    title: str,
    description: str,
    points: Sequence[Point],
    *,
    colour: str,
    most: float | None = None,
) -> Chart:
    """A line through the moments, with a dot at each, and its interval where there is one.

    Args:
        title: What it shows.
        description: The same, with what is most important.
        points: From the first moment on.
        colour: The class of line and dots.
        most: Where the scale ends; by default above the greatest.
    """
    top = most or ceiling(max((one.value for one in points), default=0))
    marks = _axis(top, _HEIGHT)
    step = (WIDTH - _LEFT) / max(1, len(points))
    places = [
        placed(
            {
                "cx": _LEFT + (place + 0.5) * step,
                "cy": _HEAD + _HEIGHT * (1 - one.value / top),
            }
        )
        for place, one in enumerate(points)
    ]
    if len(points) > 1:
        path = " ".join(f"{place['cx']},{place['cy']}" for place in places)
        marks.append(Mark("polyline", {"points": path, "class": f"trend {colour}"}))
    for place, one in zip(places, points, strict=True):
        if one.between is not None:
            low, high = (_HEAD + _HEIGHT * (1 - value / top) for value in one.between)
            middle = float(place["cx"])
            marks.append(rule(middle, low, middle, high, f"range {colour}"))
    marks += [
        Mark("circle", {**place, "r": 4, "class": f"dot {colour}"}, tip=one.tip)
        for place, one in zip(places, points, strict=True)
    ]
    marks += _moments(points, step, _HEIGHT)
    return Chart(title, description, _HEIGHT + _HEAD + 26, tuple(marks))


def ceiling(most: float) -> float:
    """A round number that is not below, of which the half is round too.

    >>> ceiling(37), ceiling(4), ceiling(0)
    (40, 4, 2)
    """
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if most <= step * size:
                return step * size
        size *= 10


def _axis(top: float, height: int) -> list[Mark]:
    """Lines across at nothing, half and all."""
    marks: list[Mark] = []
    for share in (0, 0.5, 1):
        y = _HEAD + height * (1 - share)
        marks += [
            rule(_LEFT, y, WIDTH, y, "grid"),
            words(_LEFT - 8, y, f"{top * share:,.10g}", "tick", "end"),
        ]
    return marks


def _moments(points: Sequence[Point], step: float, height: int) -> list[Mark]:
    """Labels below, as many as do not run into each other."""
    widest = max((len(one.label) for one in points), default=0) * LETTER + 14
    every = max(1, -(-int(widest) // max(1, int(step))))
    marks = []
    for place in range(0, len(points), every):
        label = points[place].label
        middle = min(_LEFT + (place + 0.5) * step, WIDTH - len(label) * LETTER / 2)
        marks.append(words(middle, _HEAD + height + 14, label, "tick", "middle"))
    return marks
