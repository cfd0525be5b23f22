import csv
import io
import re
import struct
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from tests.synthesis_material import EVALUATIONS, a_codebook, a_material, some_listed
from whatworks.labels.screening import Criterion, Flow, Screened, Screening
from whatworks.labels.synthesis.figures import figures
from whatworks.labels.synthesis.figures.drawing import csv_text
from whatworks.labels.synthesis.languages import texts_in
from whatworks.labels.synthesis.material import Listed
from whatworks.labels.synthesis.tables import (
    NONE,
    by_attribute,
    finding_types_by_theme,
    themes_by_attribute,
)

pytestmark = pytest.mark.slow

ENGLISH = texts_in("en")
NAMES = [
    "screening-flow",
    "evaluations-by-type",
    "evaluations-by-timing",
    "evaluations-by-region",
    "finding-types-by-theme",
    "themes-by-year",
    "finding-types-by-target-group",
]


@pytest.fixture(scope="module")
def material():
    return a_material()


@pytest.fixture(scope="module")
def drawn(material):
    return {one.name: one for one in figures(material, ENGLISH)}


def rows_of(figure):
    return list(csv.reader(io.StringIO(figure.csv)))


def words_of(figure):
    """All that is written in the drawing."""
    root = ElementTree.fromstring(figure.svg)
    return [
        part.text or ""
        for part in root.iter()
        if part.tag.endswith(("}text", "}tspan")) and (part.text or "").strip()
    ]


def test_each_figure_comes_as_a_drawing_as_pixels_and_as_numbers(drawn):
    assert list(drawn) == NAMES
    for one in drawn.values():
        root = ElementTree.fromstring(one.svg)
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"] == one.title
        assert [part.text for part in root[:2]] == [one.title, one.caption]
        width, height = struct.unpack(">II", one.png[16:24])
        size = float(root.attrib["width"]), float(root.attrib["height"])
        assert (width, height) == pytest.approx((2 * size[0], 2 * size[1]), abs=2)
        assert len(rows_of(one)) > 1


def test_the_same_material_gives_the_same_bytes(material, drawn):
    assert figures(material, ENGLISH) == tuple(drawn.values())


def test_letters_are_those_that_come_with_the_drawing_and_end_in_a_generic_family(drawn):
    for one in drawn.values():
        families = set(re.findall(r'font-family="([^"]*)"', one.svg))
        assert families == {"Liberation Sans, Arial, Helvetica, sans-serif"}


def test_a_drawing_needs_nothing_from_elsewhere_and_can_stand_in_a_page_beside_others(drawn):
    for one in drawn.values():
        assert not re.findall(r'(?:href|src)="|url\(|<style|<script| id="| style="', one.svg)


def test_the_bars_are_how_many_are_listed_and_included(material, drawn):
    assert rows_of(drawn["evaluations-by-type"]) == [
        ["Kind", "Included", "Listed"],
        ["independent", "10", "14"],
        ["internal", "4", "7"],
        ["joint", "3", "4"],
        ["high-level", "1", "2"],
        ["not stated", "1", "1"],
    ]
    assert sum(int(row[2]) for row in rows_of(drawn["evaluations-by-type"])[1:]) == len(
        material.listed
    )
    assert "10 of 14" in words_of(drawn["evaluations-by-type"])
    assert drawn["evaluations-by-type"].caption == (
        "19 of the 28 evaluations that were identified are included."
    )


def test_an_evaluation_of_two_regions_counts_under_each_and_that_is_said(drawn):
    by_region = {row[0]: row[1:] for row in rows_of(drawn["evaluations-by-region"])[1:]}
    assert by_region["Africa"] == ["8", "13"]
    assert drawn["evaluations-by-region"].caption.endswith(
        "One that has several counts under each."
    )


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("finding-types-by-theme", finding_types_by_theme),
        (
            "finding-types-by-target-group",
            lambda material: by_attribute(material, "target_group"),
        ),
    ],
)
def test_the_numbers_of_the_squares_are_those_of_the_table(material, drawn, name, table):
    counts = table(material)
    types = {one.name(): one.id for one in material.codebook.finding_types}
    rows = rows_of(drawn[name])[1:]
    assert len(rows) == len(counts.rows) * len(types)
    for row, _, finding_type, *numbers in rows:
        cell = counts.cell(row, types[finding_type])
        given = [cell.reports, cell.passages, cell.double_read, cell.agreed]
        assert [int(one) for one in numbers] == given
    seen = sorted(one for one in words_of(drawn[name]) if re.fullmatch(r"\d+ \(\d+\)", one))
    assert seen == sorted(f"{one.reports} ({one.passages})" for one in counts.cells.values())


def test_themes_over_the_years_add_up_to_the_table_and_name_those_of_no_year(material, drawn):
    head, evaluations, *rows = rows_of(drawn["themes-by-year"])
    counts = themes_by_attribute(material, "year")
    assert head[1:] == [*(one for one in counts.columns if one != NONE), "not stated"]
    assert sum(map(int, evaluations[1:])) == sum(one.confirmed > 0 for one in material.included)
    for theme, row in zip(counts.rows, rows, strict=True):
        assert [int(one) for one in row[1:]] == [
            counts.cell(theme, year).reports for year in counts.columns
        ]


def test_years_of_which_nothing_was_read_do_not_look_as_if_nothing_was_found(material):
    of_2018 = {one.evaluation.id for one in material.listed if one.evaluation.facts.year == 2018}
    unread = tuple(
        replace(one, confirmed=0) if one.evaluation.id in of_2018 else one
        for one in material.listed
    )
    findings = tuple(one for one in material.findings if one.evaluation.id not in of_2018)
    found = {
        one.name: one for one in figures(a_material(listed=unread, findings=findings), ENGLISH)
    }
    head = rows_of(found["themes-by-year"])[0]
    assert head[-2:] == ["2017", "not stated"]


def test_many_years_are_put_together_in_periods(material):
    years = iter(range(1990, 1990 + len(EVALUATIONS)))
    listed = tuple(
        replace(
            one,
            evaluation=replace(
                one.evaluation, facts=replace(one.evaluation.facts, year=next(years))
            ),
        )
        for one in material.listed
    )
    by_number = {one.evaluation.number: one.evaluation for one in listed}
    findings = tuple(
        replace(one, evaluation=by_number[one.evaluation.number]) for one in material.findings
    )
    moved = a_material(listed=listed, findings=findings)
    found = {one.name: one for one in figures(moved, ENGLISH)}["themes-by-year"]
    head, evaluations, *rows = rows_of(found)
    assert head[1:3] == ["1990–1991", "1992–1993"]
    assert len(head) - 1 <= 12
    assert sum(map(int, evaluations[1:])) == sum(one.confirmed > 0 for one in moved.included)
    counts = themes_by_attribute(moved, "year")
    assert [sum(map(int, row[1:])) for row in rows] == [
        sum(counts.cell(theme, year).reports for year in counts.columns) for theme in counts.rows
    ]


def test_more_evaluations_are_darker_in_the_colour_of_their_finding_type(material, drawn):
    root = ElementTree.fromstring(drawn["finding-types-by-theme"].svg)
    fills = {part.get("fill") for part in root.iter() if part.tag.endswith("path")}
    darkest = {"#328c6c"}  # nine tenths of #1b7f5c with white
    assert darkest <= fills


def test_every_step_of_the_flow_is_drawn_with_its_number(drawn):
    said = " ".join(words_of(drawn["screening-flow"])).replace("\u00a0", " ")
    for text in (
        "Identified (n = 28)",
        "Not screened to the end (n = 1)",
        "Screened (n = 27)",
        "Excluded (n = 5)",
        "Not about social protection (n = 3)",
        "no reason given (n = 1)",
        "Put off as possible (n = 1)",
        "Screeners disagree (n = 1)",
        "Meet the criteria (n = 20)",
        "Another evaluation of the same project is used (n = 1)",
        "Included (n = 19)",
        "of these, the report's file is missing (n = 2)",
    ):
        assert text in said


def test_the_flow_holds_eight_long_reasons_each_in_its_box(material):
    reasons = [
        Criterion(str(n), f"Reason {n}, " + "which is explained at some length, " * n, "exclude")
        for n in range(1, 9)
    ]
    reasons[6] = replace(reasons[6], text="Donaudampfschifffahrtsgesellschaft" * 8)
    flow = Flow(
        identified=60,
        without_file=0,
        open=0,
        conflicts=0,
        possible=0,
        excluded=36,
        excluded_by_reason=tuple((one, n) for n, one in enumerate(reasons, 1)),
        superseded=0,
        included=24,
    )
    found = figures(a_material(flow=flow), ENGLISH)[0]
    root = ElementTree.fromstring(found.svg)
    boxes = [part for part in root.iter() if part.tag.endswith("rect")][1:]
    side = max(boxes, key=lambda one: float(one.attrib["height"]))
    left, top, width, height = (float(side.attrib[key]) for key in ("x", "y", "width", "height"))
    lines = [one for one in root.iter() if one.tag.endswith("text")]
    own = [one for one in lines if float(one.attrib["x"]) >= left]
    # A line for the head, at most three for each reason: none stands on another, or outside.
    assert 1 + 8 <= len(own) <= 1 + 8 * 3
    assert len({one.attrib["y"] for one in own}) == len(own)
    assert all(top < float(one.attrib["y"]) < top + height for one in own)
    assert top + height < float(root.attrib["height"])
    assert all(len(one.text or "") * 5 < width for one in own)
    # However long a reason is, its number stands there.
    said = " ".join(one.text for one in own)
    assert [n for n in range(1, 9) if f"(n\u00a0=\u00a0{n})" not in said] == []
    assert "… (n\u00a0=\u00a07)" in said
    assert [row for row in rows_of(found) if row[1] == reasons[7].text] == [
        ["Excluded", reasons[7].text, "8"]
    ]


def test_what_there_is_nothing_to_draw_of_is_left_out():
    codebook = a_codebook()
    nobody_screened = a_material(is_register=False, codebook=codebook)
    assert "screening-flow" not in [one.name for one in figures(nobody_screened, ENGLISH)]
    bare = tuple(
        Listed(
            replace(one, facts=replace(one.facts, type="", timing="", regions=(), year=None)),
            Screened(Screening.INCLUDED),
        )
        for one in EVALUATIONS
    )
    nothing = a_material(is_register=False, listed=bare, findings=(), codebook=codebook)
    assert figures(nothing, ENGLISH) == ()


def test_figures_speak_the_language_of_the_report(material):
    found = {one.name: one for one in figures(material, texts_in("fr"))}
    assert found["evaluations-by-type"].title == "Évaluations par type"
    assert "indépendante" in words_of(found["evaluations-by-type"])
    assert "Facteur de succès" in " ".join(words_of(found["finding-types-by-theme"]))
    assert "Femmes" in words_of(found["finding-types-by-target-group"])
    assert "non incluses" in words_of(found["evaluations-by-region"])


def test_names_that_break_formats_stay_words(material):
    awkward = '<b>"R&D"</b> =1+1 ' + "very " * 40
    listed = tuple(
        replace(
            one,
            evaluation=replace(
                one.evaluation,
                facts=replace(one.evaluation.facts, regions=(awkward, "=HYPERLINK(1)", "آسيا")),
            ),
        )
        for one in some_listed(material.findings)
    )
    found = {one.name: one for one in figures(a_material(listed=listed), ENGLISH)}
    figure = found["evaluations-by-region"]
    assert '<b>"R&D"</b> =1+1 very' in " ".join(words_of(figure))
    assert {row[0] for row in rows_of(figure)[1:]} == {awkward, "'=HYPERLINK(1)", "آسيا"}


def test_a_csv_has_no_formula_in_it():
    assert csv_text([["=1+1", 3], ["a, b", -5]]) == '\'=1+1,3\n"a, b",-5\n'


def test_nothing_heavy_is_loaded_before_something_is_drawn():
    code = (
        "import sys, whatworks.labels.synthesis.figures\n"
        "print([one for one in ('altair', 'vl_convert', 'jinja2', 'babel') if one in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
