"""Drawings: marks in their places, nothing outside of the picture."""

import itertools
import re

import pytest

from whatworks.cli.web.charts import Bar, Dot, Dots, Stack, bars, dots, pairs, stacks
from whatworks.cli.web.marks import WIDTH, Chart
from whatworks.cli.web.trends import Point, ceiling, columns, line


def of_kind(chart: Chart, kind: str, colour: str = "") -> list[dict[str, float]]:
    return [
        dict(one.attributes)
        for one in chart.marks
        if one.kind == kind and colour in [*str(one.attributes.get("class", "")).split(), ""]
    ]


def texts(chart: Chart, colour: str) -> list[str]:
    return [one.text for one in chart.marks if one.attributes.get("class") == colour]


def test_bars_are_as_long_as_their_values() -> None:
    chart = bars(
        "t", "d", [Bar("a", 10, "ten"), Bar("b", 5, "five"), Bar("c", 0, "none")], colour="x"
    )

    longest, half = of_kind(chart, "rect", "x")
    assert half["width"] == pytest.approx(longest["width"] / 2, abs=0.1)
    assert longest["y"] < half["y"]
    assert texts(chart, "value") == ["ten", "five", "none"]
    assert texts(chart, "label") == ["a", "b", "c"]


def test_a_full_bar_can_be_given() -> None:
    quarter = bars("t", "d", [Bar("a", 0.25, "")], colour="x", most=1)
    whole = bars("t", "d", [Bar("a", 1, "")], colour="x", most=1)

    assert of_kind(quarter, "rect")[0]["width"] == pytest.approx(
        of_kind(whole, "rect")[0]["width"] / 4, abs=0.1
    )


def test_pairs_share_one_scale_and_stand_apart() -> None:
    chart = pairs(
        "t",
        "d",
        [(Bar("a", 10, "10"), Bar("a", 40, "40"))],
        heads=("one", "other"),
        colours=("x", "y"),
    )

    (first,), (second,) = of_kind(chart, "rect", "x"), of_kind(chart, "rect", "y")
    assert second["width"] == pytest.approx(4 * first["width"], abs=0.3)
    assert first["x"] + first["width"] < second["x"]
    assert texts(chart, "head") == ["one", "other"]


def test_the_parts_of_a_stack_follow_each_other_and_fill_the_row() -> None:
    rows = [
        Stack("a", [("x", 1, "one"), ("y", 3, "three"), ("z", 0, "none")], "25%"),
        Stack("b", [("x", 100, "hundred"), ("y", 100, "hundred")], "50%"),
        Stack("c", [("x", 0, ""), ("y", 0, "")], "–"),
    ]
    chart = stacks("t", "d", rows, key=[("x", "ex")])

    first, second, third, fourth = of_kind(chart, "rect")
    assert first["x"] + first["width"] == pytest.approx(second["x"], abs=0.2)
    assert second["width"] == pytest.approx(3 * first["width"], abs=0.3)
    assert second["x"] + second["width"] == pytest.approx(fourth["x"] + fourth["width"], abs=0.2)
    assert third["width"] == pytest.approx(fourth["width"], abs=0.2)
    assert chart.key == (("x", "ex"),)


def test_dots_stand_on_a_common_scale_with_their_intervals() -> None:
    rows = [
        Dots("a", [Dot("x", 0.5, 0.25, 0.75, "half")], "0.5"),
        Dots("b", [Dot("x", 1.0, 0.5, 1.0, "one"), Dot("y", 0.0, -0.5, 0.25, "none")], "1"),
    ]
    chart = dots("t", "d", rows, low=0, high=1, ticks=[(0, "0"), (1, "1")])

    half, one, none = of_kind(chart, "circle")
    assert half["cx"] == pytest.approx((one["cx"] + none["cx"]) / 2, abs=0.1)
    assert one["cy"] != none["cy"]
    ranges = [dict(m.attributes) for m in chart.marks if "range" in str(m.attributes["class"])]
    # What lies below the scale is drawn at its beginning.
    assert min(each["x1"] for each in ranges) == none["cx"]
    assert [one.tip for one in chart.marks if one.kind == "circle"] == [
        "a: half",
        "b: one",
        "b: none",
    ]


@pytest.mark.parametrize("make", [columns, line])
def test_moments_go_from_left_to_right_and_their_labels_do_not_meet(make) -> None:
    points = [Point(f"{n:02}-01", n, f"{n}") for n in range(1, 57)]
    chart = make("t", "d", points, colour="x")

    kind, at = ("rect", "x") if make is columns else ("circle", "cx")
    places = [one[at] for one in of_kind(chart, kind)]
    assert len(places) == 56
    assert places == sorted(places)
    labels = [one for one in chart.marks if re.fullmatch(r"\d\d-01", one.text)]
    spots = [float(one.attributes["x"]) for one in labels]
    assert len(labels) > 5
    assert all(b - a > 5 * 7 for a, b in itertools.pairwise(spots))


def test_a_line_of_one_moment_is_a_dot() -> None:
    chart = line("t", "d", [Point("a", 5, "")], colour="x")

    assert of_kind(chart, "polyline") == []
    assert len(of_kind(chart, "circle")) == 1


@pytest.mark.parametrize("make", [columns, line])
def test_nothing_to_draw_is_no_error(make) -> None:
    assert make("t", "d", [], colour="x").height > 0
    assert bars("t", "d", [], colour="x").marks == ()
    assert stacks("t", "d", [], key=[]).marks == ()


def test_the_top_of_an_axis_is_round() -> None:
    tops = [ceiling(most) for most in (0, 1, 2, 3, 9, 10, 11, 37, 41, 99, 101, 4321)]
    assert tops == [2, 2, 2, 4, 10, 10, 20, 40, 60, 100, 200, 6000]


def test_long_labels_take_two_lines_and_what_is_longer_is_cut() -> None:
    long = "Review of the feeder roads improvement and maintenance project, Liberia"
    chart = bars("t", "d", [Bar(long, 1, "1"), Bar("short", 1, "1")], colour="x")

    found = [one for one in chart.marks if one.attributes["class"] == "label"]
    assert len(found) == 3
    assert found[1].text.endswith("…")
    assert found[1].tip == long
    assert found[0].attributes["y"] < found[1].attributes["y"]
    rows = of_kind(chart, "rect")
    assert rows[1]["y"] - rows[0]["y"] > 30


def test_nothing_is_drawn_outside_of_the_picture() -> None:
    name = "A label " * 20
    charts = [
        bars("t", "d", [Bar(name, 1, "1,234 of 9,999")], colour="x"),
        pairs(
            "t",
            "d",
            [(Bar("a", 9, "9,999"), Bar("a", 9, "9,999"))],
            heads=("h", "h"),
            colours=("x", "y"),
        ),
        stacks("t", "d", [Stack(name, [("x", 1e-9, ""), ("y", 1, "")], "100%")], key=[]),
        dots("t", "d", [Dots("a", [Dot("x", 9, -9, 99, "")], "")], low=0, high=1, ticks=[(1, "1")]),
        columns("t", "d", [Point("12-31", 7, "") for _ in range(300)], colour="x"),
    ]
    for chart in charts:
        for one in chart.marks:
            values = dict(one.attributes)
            for name in ("x", "x1", "x2", "cx"):
                assert 0 <= values.get(name, 0) <= WIDTH
            for name in ("y", "y1", "y2", "cy"):
                assert 0 <= values.get(name, 0) <= chart.height
            assert values.get("x", 0) + values.get("width", 0) <= WIDTH + 0.1
            assert values.get("width", 1) > 0
