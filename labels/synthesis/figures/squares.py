"""Squares: a table whose numbers can also be seen as shades."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...colours import MIN_CONTRAST, contrast_with_white
from ...exchange.rows import Value
from .drawing import LINE_HEIGHT, SIZE, figure_of_chart, labels_of, row_names
from .interface import Figure
from .lettering import wrapped

SHADE = "#2f5d9b"
_EMPTY = "#f4f6f8"
_ROW, _LEAST_COLUMN = 30, 54
_ROW_NAMES = 230
_WIDTH = 430
# The fullest square is that much of the colour; an empty one is white.
_DARKEST, _LIGHTEST = 0.9, 0.12


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
    heads = _level(
        [
            [*wrapped(one.name, width - 4, SIZE), *wrapped(one.below, width - 4, SIZE)]
            for one in columns
        ]
    )
    height = max(_ROW, LINE_HEIGHT * max(map(len, row_lines)) + 4)
    values = [
        {"row": row, "column": column, **_look(columns[column], shown.get((row, column)))}
        for row in range(len(rows))
        for column in range(len(columns))
    ]
    down = altair.Y(
        "row:O",
        scale=altair.Scale(domain=list(range(len(rows))), padding=0.06),
        axis=None,
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
            # Lines go down from the first one: that is lifted by the others.
            labelPadding=4 + LINE_HEIGHT * (len(heads[0]) - 1),
            labelExpr=labels_of(heads),
        ),
    )
    base = altair.Chart(altair.InlineData(values))
    filled = base.mark_rect().encode(
        x=across, y=down, color=altair.Color("fill:N", scale=None, legend=None)
    )
    numbers = base.mark_text(baseline="middle").encode(
        x=across, y=down, text="text:N", color=altair.Color("ink:N", scale=None, legend=None)
    )
    chart = altair.layer(filled, numbers, row_names(row_lines, down)).properties(
        width=width * len(columns), height=height * len(rows)
    )
    return figure_of_chart(chart, name, title, caption, table)


def _look(column: Column, square: Square | None) -> dict[str, str]:
    if square is None:
        return {"text": "", "fill": _EMPTY, "ink": "#000000"}
    fill = _mixed(column.colour, square.shade)
    # Where white cannot be read well, black can: their contrasts multiply to 21.
    white = contrast_with_white(fill) >= MIN_CONTRAST
    return {"text": square.text, "fill": fill, "ink": "#ffffff" if white else "#000000"}


def _level(heads: list[list[str]]) -> list[list[str]]:
    """The heads with empty lines before them, so that all end on the same line."""
    most = max(map(len, heads))
    return [[""] * (most - len(one)) + one for one in heads]


def _mixed(colour: str, shade: float) -> str:
    """The colour with white, so that more is darker on every screen and on paper."""
    share = _LIGHTEST + (_DARKEST - _LIGHTEST) * shade
    parts = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)
