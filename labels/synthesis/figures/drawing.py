"""From a chart to files: SVG that any program shows, PNG, CSV."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ...exchange.csv import safe_cell
from ...exchange.rows import Value, printable
from .interface import Figure
from .lettering import FONT, INK, LINE, QUIET

if TYPE_CHECKING:
    from altair import Chart, TopLevelMixin, Y

SIZE = 12
"""Of letters, in points of the drawing."""
LINE_HEIGHT = SIZE + 2
_PIXELS_A_POINT = 2
# What the version of vl-convert that we ask for understands, whatever a newer Altair would say.
_VEGA_LITE = "6.1"


def figure_of_chart(
    chart: "TopLevelMixin", name: str, title: str, caption: str, rows: Iterable[Sequence[Value]]
) -> Figure:
    """The figure that a chart of Altair draws; ``rows`` are its numbers, their heads first."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(
        {**chart.to_dict(), "config": _CONFIG}, vl_version=_VEGA_LITE
    )
    return figure_of_svg(drawn, name, title, caption, rows)


def figure_of_svg(
    svg: str, name: str, title: str, caption: str, rows: Iterable[Sequence[Value]]
) -> Figure:
    """The figure that an SVG is; title and caption are told to whoever cannot see it."""
    import vl_convert

    begin, rest = svg.split(">", 1)
    said = f"<title>{escape(printable(title))}</title><desc>{escape(printable(caption))}</desc>"
    svg = f'{begin} role="img" aria-label={quoteattr(printable(title))}>{said}{rest}\n'
    png = vl_convert.svg_to_png(svg, scale=_PIXELS_A_POINT)
    return Figure(name, title, caption, svg, png, csv_text(rows))


def labels_of(lines: Sequence[Sequence[str]]) -> str:
    """For an axis of numbers from 0: what stands there in place of each, line by line."""
    return f"{json.dumps([list(one) for one in lines])}[datum.value]"


def row_names(lines: Sequence[Sequence[str]], down: "Y") -> "Chart":
    """The names of rows, left of them; unlike an axis it puts the middle line in the middle."""
    import altair

    values = [
        {"row": row, "lines": list(some), "up": -LINE_HEIGHT / 2 * (len(some) - 1)}
        for row, some in enumerate(lines)
    ]
    names: Chart = (
        altair.Chart(altair.InlineData(values))
        .mark_text(
            align="right",
            baseline="middle",
            dx=-8,
            dy=altair.ExprRef("datum.up"),
            lineHeight=LINE_HEIGHT,
        )
        .encode(x=altair.value(0), y=down, text="lines:N")
    )
    return names


def csv_text(rows: Iterable[Sequence[Value]]) -> str:
    """The rows as CSV; no text in it becomes a formula where a spreadsheet opens it."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue()


_CONFIG = {
    "font": FONT,
    "background": "white",
    "padding": 8,
    # Its marks would be read out by their numbers; the figure as a whole has its words.
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": SIZE,
        "labelColor": INK,
        "labelLimit": 0,
        "labelLineHeight": LINE_HEIGHT,
        "labelOverlap": False,
        "titleFontSize": SIZE,
        "titleFontWeight": "normal",
        "titleColor": QUIET,
        "domainColor": LINE,
        "tickColor": LINE,
        "gridColor": "#e6eaee",
    },
    "legend": {
        "labelFontSize": SIZE,
        "labelColor": INK,
        "labelLimit": 0,
        "titleFontSize": SIZE,
    },
    "text": {"fontSize": SIZE, "color": INK},
}
