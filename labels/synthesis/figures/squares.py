"""Squares: a table whose numbers can also be seen as shades."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...colours import contrast_with_white
from .drawing import SIZE, figure_of_chart
from .interface import Figure
from .lettering import INK, QUIET, wrapped

from ...exchange.rows import Value

SHADE = "#2f5d9b"
_ROW, _LEAST_COLUMN = 30, 54
_ROW_NAMES = 230
_WIDTH = 430
# The fullest square is that much of the colour; an empty one is white.
_DARKEST, _LIGHTEST = 0.9, 0.12
_WHITE_FROM = 3.0
"""White letters where white has this contrast at least: the numbers are large and few."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of squares."""

    name: str
    colour: str = SHADE
    below: str = ""
    """Stands under its name, such as how many evaluations it is about."""


@dataclass(frozen=True, slots=True)
class Square:
    """What one of them shows."""

    shade: float
    """From 0 to 1."""
    text: str


def squares(
    name: str,
    title: str,
    caption: str,
    *,
    rows: Sequence[str],
    columns: Sequence[Column],
    shown: Mapping[tuple[int, int], Square],
    note: str,
    table: Sequence[Sequence[Value]],
) -> Figure:
    """The figure of these squares.

    Args:
        name: Of its files.
        title: Of the figure.
        caption: Of the figure.
        rows: Their names.
        columns: In order.
        shown: (Number of row, number of column) to what stands there.
        note: What the numbers are; stands above the squares.
        table: Its numbers for the CSV, their heads first.
    """
    import altair

    width = max(_LEAST_COLUMN, _WIDTH // len(columns))
    row_lines = [wrapped(one, _ROW_NAMES, SIZE) for one in rows]
    heads = [
        (*wrapped(one.name, width - 4, SIZE), *wrapped(one.below, width - 4, SIZE))
        for one in columns
    ]
    height = max(_ROW, (SIZE + 2) * max(map(len, row_lines)) + 4)
    values = []
    for (row, column), square in shown.items():
        fill = _mixed(columns[column].colour, square.shade)
        white = contrast_with_white(fill) >= _WHITE_FROM
        values.append(
            {
                "row": row,
                "column": column,
                "text": square.text,
                "fill": fill,
                "ink": "#ffffff" if white else INK,
            }
        )
    down = altair.Y(
        "row:O",
        scale=altair.Scale(domain=list(range(len(rows))), padding=0.06),
        axis=altair.Axis(title=None, ticks=False, domain=False, labelExpr=_split(row_lines)),
    )
    across = altair.X(
        "column:O",
        scale=altair.Scale(domain=list(range(len(columns))), padding=0.04),
        axis=altair.Axis(
            title=note,
            orient="top",
            ticks=False,
            domain=False,
            labelAngle=0,
            labelBaseline="bottom",
            labelExpr=_split(heads),
        ),
    )
    base = altair.Chart(altair.InlineData(values))
    filled = base.mark_rect().encode(
        x=across, y=down, color=altair.Color("fill:N", scale=None, legend=None)
    )
    numbers = base.mark_text(baseline="middle").encode(
        x=across, y=down, text="text:N", color=altair.Color("ink:N", scale=None, legend=None)
    )
    chart = altair.layer(filled, numbers).properties(
        width=width * len(columns), height=height * len(rows)
    )
    return figure_of_chart(chart, name, title, caption, table)


def _split(lines: Sequence[Sequence[str]]) -> str:
    """The labels as lists of lines, by their numbers."""
    return f"{json.dumps([list(one) for one in lines])}[datum.value]"


def _mixed(colour: str, shade: float) -> str:
    """The colour with white, so that more is darker on every screen and on paper."""
    share = _LIGHTEST + (_DARKEST - _LIGHTEST) * shade
    parts = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)
