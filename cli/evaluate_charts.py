"""The drawings of the page of ``whatworks evaluate``, of the same marks as those of the review
app. Shapes and dashes tell things apart, so that no colour is needed.
"""

from collections.abc import Mapping, Sequence

from ..training.assessing.curves import CurvePoint
from ..training.assessing.reliability import Reliability
from ..training.assessing.resampling import FEW
from ..training.assessing.scores import Row
from .evaluate_words import number, shown
from .web.charts import Dot, Dots, dots
from .web.marks import Chart, Mark, placed, rule, words

SQUARE = 320
"""The width of a drawing of probabilities."""
_LEFT, _TOP, _SIDE = 48, 12, 250
_CURVE_WIDTH, _CURVE_HEIGHT = 600, 220


def f1_chart(rows: Sequence[Row], names: Mapping[str, str]) -> Chart:
    """F1 of each finding type with its interval."""
    drawn = []
    for row in rows:
        figure = row.figures["f1"]
        if figure.value is None:
            continue
        interval = figure.interval
        low, high = (interval.low, interval.high) if interval else (figure.value, figure.value)
        dot = Dot("c-main", figure.value, low, high, shown(figure))
        drawn.append(Dots(names[row.what], (dot,), number(figure.value)))
    said = "; ".join(f"{one.label} {one.dots[0].tip}" for one in drawn)
    ticks = [(n / 5, f"{n / 5:.1f}") for n in range(6)]
    return dots("F1 by finding type", said, drawn, low=0, high=1, ticks=ticks)


def reliability_chart(one: Reliability, name: str) -> Chart:
    """Probability across, frequency upward: on the dashed line both are the same."""

    def across(value: float) -> float:
        return _LEFT + _SIDE * value

    def upward(value: float) -> float:
        return _TOP + _SIDE * (1 - value)

    marks: list[Mark] = []
    for n in range(0, 11, 2):
        at = n / 10
        marks += [
            rule(across(0), upward(at), across(1), upward(at), "grid"),
            rule(across(at), upward(0), across(at), upward(1), "grid"),
            words(_LEFT - 8, upward(at), f"{at:.0%}", "tick", "end"),
            words(across(at), upward(0) + 14, f"{at:.0%}", "tick", "middle"),
        ]
    marks.append(rule(across(0), upward(0), across(1), upward(1), "even"))
    for bin_ in one.bins:
        value, interval = bin_.share.value, bin_.share.interval
        if value is None or interval is None:
            continue
        x, y = across(bin_.mean_probability), upward(value)
        few = bin_.share.n < FEW
        tip = (
            f"said {bin_.mean_probability:.0%}, found {value:.0%} "
            f"({interval.low:.0%} to {interval.high:.0%}), n = {bin_.share.n:,}"
        )
        marks.append(rule(x, upward(interval.low), x, upward(interval.high), "range c-main"))
        place = placed({"cx": x, "cy": y, "r": 5})
        marks.append(Mark("circle", {**place, "class": "few" if few else "dot c-main"}, tip=tip))
    return Chart(
        f"{name}: probability said, and how often it was so",
        f"Calibration error {one.error:.3f}. Dots on the dashed line mean what they say; below it "
        "the model claims too much, above it too little. Hollow dots rest on too few to say.",
        _TOP + _SIDE + 30,
        tuple(marks),
    )


def curve_chart(points: Sequence[CurvePoint]) -> Chart:
    """Micro F1 as dots on a line, macro F1 as squares on a dashed one, with the range of folds."""
    values = [value for one in points for value in (*one.micro_range, *one.macro_range)]
    low = max(0.0, int(min(values) * 10) / 10)
    high = min(1.0, int(max(values) * 10 + 1) / 10)
    width = _CURVE_WIDTH - _LEFT - 24

    def upward(value: float) -> float:
        return _TOP + _CURVE_HEIGHT * (1 - (value - low) / (high - low))

    step = width / len(points)
    marks: list[Mark] = []
    lines = round((high - low) * 10)
    for n in range(lines + 1):
        value = low + n / 10
        marks += [
            rule(_LEFT, upward(value), _LEFT + width, upward(value), "grid"),
            words(_LEFT - 8, upward(value), f"{value:.1f}", "tick", "end"),
        ]
    for kind, shift in (("micro", -5), ("macro", 5)):
        path = []
        for place, one in enumerate(points):
            x = _LEFT + (place + 0.5) * step + shift
            score = one.micro_f1 if kind == "micro" else one.macro_f1
            bottom, top = one.micro_range if kind == "micro" else one.macro_range
            y = upward(score)
            path.append(f"{x:.1f},{y:.1f}")
            tip = f"{kind} F1 {number(score)} (folds from {number(bottom)} to {number(top)})"
            marks.append(rule(x, upward(bottom), x, upward(top), f"range {kind}"))
            marks.append(_sign(kind, x, y, tip))
        marks.append(Mark("polyline", {"points": " ".join(path), "class": f"trend {kind}"}))
    for place, one in enumerate(points):
        said = "as it is" if not one.passages else f"{one.passages:,}"
        at = _LEFT + (place + 0.5) * step
        marks.append(words(at, _TOP + _CURVE_HEIGHT + 16, said, "tick", "middle"))
        if one.is_all:
            marks.append(words(at, _TOP + _CURVE_HEIGHT + 31, "(all)", "tick", "middle"))
    first, last = points[0], points[-1]
    return Chart(
        "Scores by how many confirmed passages are learned from",
        f"Micro F1 from {number(first.micro_f1)} as it is to {number(last.micro_f1)} with "
        f"{last.passages:,} passages.",
        _TOP + _CURVE_HEIGHT + 44,
        tuple(marks),
    )


def _sign(kind: str, x: float, y: float, tip: str) -> Mark:
    if kind == "micro":
        return Mark("circle", {**placed({"cx": x, "cy": y, "r": 5}), "class": "dot micro"}, tip=tip)
    place = placed({"x": x - 4.5, "y": y - 4.5, "width": 9, "height": 9})
    return Mark("rect", {**place, "class": "dot macro"}, tip=tip)
