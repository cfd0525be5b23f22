"""Bars: how many evaluations there are of each kind, and how many of them are taken in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...texts import Texts
from .drawing import LINE_HEIGHT, SIZE, figure_of_chart, row_names
from .interface import Figure
from .lettering import wrapped

_INCLUDED = "#2f5d9b"
# Light against dark: told apart without colours, and on paper.
_OTHER = "#c3ceda"
_HEIGHT = 26
_WIDTH = 380
_NAMES = 190


@dataclass(frozen=True, slots=True)
class Bar:
    """How many evaluations are of one kind."""

    name: str
    included: int
    listed: int
    """With those that are included."""


def bars(name: str, title: str, caption: str, texts: Texts, given: Sequence[Bar]) -> Figure:
    """The figure of these bars, in the order given."""
    import altair

    words = texts("included"), texts("not included")
    lines = [wrapped(one.name, _NAMES, SIZE) for one in given]
    # By number: two kinds that are called the same stay two.
    values = [
        {"row": n, "part": word, "from": start, "to": end}
        for n, one in enumerate(given)
        for word, start, end in (
            (words[0], 0, one.included),
            (words[1], one.included, one.listed),
        )
        if end > start
    ]
    ends = [{"row": n, "to": one.listed, "said": _said(one, texts)} for n, one in enumerate(given)]
    most = max(one.listed for one in given)
    rows = altair.Y(
        "row:O",
        scale=altair.Scale(domain=list(range(len(given))), paddingInner=0.3),
        axis=None,
    )
    across = altair.X(
        "from:Q",
        scale=altair.Scale(domain=[0, most], nice=False),
        axis=altair.Axis(title=texts("evaluations"), tickMinStep=1, tickCount=5, format="d"),
    )
    parts = (
        altair.Chart(altair.InlineData(values))
        .mark_bar()
        .encode(
            x=across,
            x2="to:Q",
            y=rows,
            color=altair.Color(
                "part:N",
                scale=altair.Scale(domain=list(words), range=[_INCLUDED, _OTHER]),
                legend=altair.Legend(title=None, orient="top", symbolType="square"),
            ),
        )
    )
    numbers = (
        altair.Chart(altair.InlineData(ends))
        .mark_text(align="left", dx=6)
        .encode(x=altair.X("to:Q"), y=rows, text="said:N")
    )
    chart = altair.layer(parts, numbers, row_names(lines, rows)).properties(
        width=_WIDTH, height=len(given) * max(_HEIGHT, LINE_HEIGHT * max(map(len, lines)) + 4)
    )
    return figure_of_chart(chart, name, title, caption, _table(given, texts))


def _said(one: Bar, texts: Texts) -> str:
    return texts(
        "%(included)s of %(listed)s",
        included=texts.number(one.included),
        listed=texts.number(one.listed),
    )


def _table(given: Sequence[Bar], texts: Texts) -> Iterable[Sequence[str | int]]:
    yield texts("Kind"), texts("Included"), texts("Listed")
    for one in given:
        yield one.name, one.included, one.listed
