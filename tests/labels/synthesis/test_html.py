"""The report as a page: complete, safe, and to be read by everybody."""

from dataclasses import replace
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag

from tests.synthesis_material import (
    AWKWARD_TITLE,
    LONG_TITLE,
    RIGHT_TO_LEFT_TEXT,
    RIGHT_TO_LEFT_TITLE,
    a_material,
)
from tests.synthesis_report import ESTIMATES, a_drawing, a_report, an_audit
from whatworks.labels.exchange.html import content_hash
from whatworks.labels.synthesis.figures import figures
from whatworks.labels.synthesis.html import html
from whatworks.labels.synthesis.languages import texts_in

DRAWINGS = (a_drawing(), a_drawing("themes-by-year", "Another"), a_drawing("nowhere"))


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    words = {"office": "EVAL", "authors": ("Ana", "Ben"), "quotations": 9}
    found = a_report(estimates=ESTIMATES, audit=an_audit(), **words)
    return BeautifulSoup(html(found, DRAWINGS), "html.parser")


def one(page: BeautifulSoup, selector: str) -> Tag:
    (found,) = page.select(selector)
    return found


def test_the_head_says_who_made_it_and_as_of_when(page: BeautifulSoup) -> None:
    assert one(page, "html")["lang"] == "en"
    assert one(page, "h1").text == "What works, for whom and why"
    assert one(page, "time")["datetime"] == "2026-11-28T16:20:00.000000Z"
    assert "Ana, Ben" in one(page, "header").text


def test_every_link_leads_somewhere_and_every_name_is_one_places(page: BeautifulSoup) -> None:
    names = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(names) == len(set(names))
    links = {str(tag["href"]) for tag in page.find_all(href=True)}
    assert links <= {f"#{name}" for name in names}
    assert {"#E1", "#E18", "#works"} <= links


def test_source_marks_lead_to_the_annex(page: BeautifulSoup) -> None:
    mark = one(page, "#E5")
    assert mark.find_parent("tr").text.strip().startswith("E5")  # type: ignore[union-attr]
    assert LONG_TITLE in mark.find_parent("tr").text  # type: ignore[union-attr]


def test_the_contents_name_all_chapters_and_sections(page: BeautifulSoup) -> None:
    there = [tag["id"] for tag in page.select("main h2, main h3")]
    assert [str(tag["href"])[1:] for tag in page.select("nav a")] == there


def test_headings_go_down_one_level_at_a_time(page: BeautifulSoup) -> None:
    levels = [int(tag.name[1]) for tag in page.select("h1, h2, h3, h4, h5")]
    assert levels[0] == 1
    steps = [deeper - level for level, deeper in pairwise(levels)]
    assert max(steps) == 1


def test_tables_have_captions_and_heads(page: BeautifulSoup) -> None:
    tables = page.select("table")
    assert len(tables) > 25
    for table in tables:
        assert table.caption
        assert table.caption.text.startswith("Table ")
        assert all(tag["scope"] == "col" for tag in table.select("thead th"))
        widths = {len(row.find_all(["th", "td"])) for row in table.select("tr")}
        assert len(widths) == 1
        assert all(row.select("th[scope=row]") for row in table.select("tbody tr"))


def test_words_of_others_say_their_language_and_direction(page: BeautifulSoup) -> None:
    quotation = next(tag for tag in page.select("blockquote") if tag.text == RIGHT_TO_LEFT_TEXT)
    assert quotation["dir"] == "auto"
    assert {str(tag.get("lang")) for tag in page.select("blockquote")} == {"en", "fr", "es", "pt"}
    title = next(tag for tag in page.select("td span") if tag.text == RIGHT_TO_LEFT_TITLE)
    assert title["dir"] == "auto"


def test_signs_of_the_format_in_a_title_are_only_signs(page: BeautifulSoup) -> None:
    assert page.find("pilot") is None
    assert any(tag.text == AWKWARD_TITLE for tag in page.select("td span"))


def test_the_page_needs_no_network_and_runs_nothing(page: BeautifulSoup) -> None:
    assert page.select("script, img, link, iframe") == []
    policy = str(one(page, "meta[http-equiv]")["content"])
    assert policy.startswith("default-src 'none'; ")
    assert content_hash(one(page, "style").text) in policy


def test_only_figures_that_the_report_has_a_place_for_are_shown(page: BeautifulSoup) -> None:
    shown = page.select("figure.figure")
    assert [tag["id"] for tag in shown] == ["figure-screening-flow", "figure-themes-by-year"]
    captions = [one.figcaption.b.text for one in shown if one.figcaption and one.figcaption.b]
    assert captions == ["Figure 1. A <figure>", "Figure 2. Another"]


def test_names_within_a_drawing_are_its_own(page: BeautifulSoup) -> None:
    assert one(page, "#screening-flow-clip")
    drawn = one(page, "#figure-themes-by-year [clip-path]")
    assert drawn["clip-path"] == "url(#themes-by-year-clip)"


@pytest.mark.parametrize("language", ["fr", "es", "pt"])
def test_the_page_is_in_the_language_of_the_report(language: str) -> None:
    page = BeautifulSoup(html(a_report(language=language), ()), "html.parser")
    assert one(page, "html")["lang"] == language
    captions = {tag.text.split()[0] for tag in page.select("caption")}
    assert captions == {{"fr": "Tableau", "es": "Tabla", "pt": "Tabela"}[language]}
    assert "Annex " not in page.text


def test_the_same_report_gives_the_same_page() -> None:
    assert html(a_report(), DRAWINGS) == html(a_report(material=a_material()), DRAWINGS)


def test_signs_that_are_no_text_are_left_out() -> None:
    assert "\x07" not in html(replace(a_report(), title="What\x07 works"), ())


def test_the_figures_of_a_project_have_their_places_in_its_report() -> None:
    material = a_material()
    drawn = figures(material, texts_in("en"))
    page = BeautifulSoup(html(a_report(material), drawn), "html.parser")
    shown = {str(tag["id"]).removeprefix("figure-") for tag in page.select("figure.figure")}
    assert shown == {figure.name for figure in drawn}
    assert len(shown) >= 7
    names = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(names) == len(set(names))
