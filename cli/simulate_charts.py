"""The drawings of the page of ``whatworks simulate``: dashes tell lines apart, beside colours."""

from collections.abc import Sequence

from ..training.simulating.measures import Summary
from .simulate_text import number, share
from .web.charts import Dot, Dots, dots
from .web.marks import WIDTH, Chart, Mark, rule, words

LINES = 8
"""So many lines can be told apart; further ones look like the first again."""
_LEFT, _TOP, _RIGHT, _HEIGHT = 48, 12, 24, 300
_MOST_LABELS = 16
_MOST_DRAWN = 4
"""Strategies in a drawing with a row a label."""


def line(place: int) -> str:
    """The class of the line of a strategy, by its place."""
    return f"line-{place % LINES}"


def curves_chart(found: Sequence[Summary]) -> Chart:
    """Passages read across, macro F1 upward; a shade is the 95% interval."""
    last = max(float(one.read[-1]) for one in found)
    scores = [float(value) for one in found for value in one.macro_f1]
    low, high = int(min(scores) * 10) / 10, min(1.0, int(max(scores) * 10 + 1) / 10)

    def across(value: float) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * value / last, 1)

    def upward(value: float) -> float:
        return round(_TOP + _HEIGHT * (1 - (min(max(value, low), high) - low) / (high - low)), 1)

    marks: list[Mark] = []
    for n in range(round((high - low) * 10) + 1):
        value = low + n / 10
        marks += [
            rule(_LEFT, upward(value), WIDTH - _RIGHT, upward(value), "grid"),
            words(_LEFT - 8, upward(value), f"{value:.1f}", "tick", "end"),
        ]
    for n in range(6):
        at = last * n / 5
        marks.append(words(across(at), _TOP + _HEIGHT + 16, f"{at:,.0f}", "tick", "middle"))
    for place, one in enumerate(found):
        points = list(
            zip(one.read.tolist(), one.macro_f1.tolist(), one.half_widths.tolist(), strict=True)
        )
        above = [f"{across(read)},{upward(score + width)}" for read, score, width in points]
        below = [f"{across(read)},{upward(score - width)}" for read, score, width in points]
        band = " ".join([*above, *reversed(below)])
        marks.append(Mark("polygon", {"points": band, "class": f"band {line(place)}"}))
    for place, one in enumerate(found):
        path = " ".join(
            f"{across(read)},{upward(score)}"
            for read, score in zip(one.read.tolist(), one.macro_f1.tolist(), strict=True)
        )
        tip = f"{one.strategy}: 95% of the full score after {number(one.needed[1])} passages"
        shape = {"points": path, "class": f"trend {line(place)}"}
        marks.append(Mark("polyline", shape, tip=tip))
    said = "; ".join(
        f"{one.strategy}: from {one.macro_f1[0]:.2f} after {one.read[0]:,.0f} to "
        f"{one.macro_f1[-1]:.2f} after {one.read[-1]:,.0f}"
        for one in found
    )
    return Chart("Macro F1 by passages read", said, _TOP + _HEIGHT + 28, tuple(marks))


def recall_chart(found: Sequence[Summary]) -> Chart | None:
    """The share of the pool read until 90% of a label's passages were found, the rarest first; None
    where that is not known of any.
    """
    drawn = found[:_MOST_DRAWN]
    rows = []
    for place, label in enumerate(found[0].found[:_MOST_LABELS]):
        own = []
        for n, one in enumerate(drawn):
            effort = one.found[place].effort
            if effort.value is not None:
                interval = effort.interval
                low = interval.low if interval else effort.value
                high = interval.high if interval else effort.value
                tip = f"{one.strategy} {share(effort)}"
                own.append(Dot(line(n), effort.value, low, high, tip))
        rows.append(Dots(label.label, tuple(own), " / ".join(
            share(one.found[place].effort) for one in drawn[:2])))  # fmt: skip
    if not any(row.dots for row in rows):
        return None
    said = "; ".join(f"{row.label} {', '.join(dot.tip for dot in row.dots)}" for row in rows)
    ticks = [(n / 5, f"{n / 5:.0%}") for n in range(6)]
    return dots("Reading until 90% of a label is found", said, rows, low=0, high=1, ticks=ticks)
