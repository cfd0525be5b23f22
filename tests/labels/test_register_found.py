"""What a report says of itself."""

from pathlib import Path

import pytest

from whatworks.labels.register_found import Found, found_in
from whatworks.nlp.documents import Block, BlockKind, Document
from whatworks.nlp.readers.interface import read_document

SAMPLES = Path(__file__).parents[2] / "cli" / "samples"


def document(*texts: str, name: str = "report.pdf", title: str = "", pages: int | None = None):
    """Paragraphs, one a page where there are pages; '# ' before a heading."""
    blocks = tuple(
        Block(
            BlockKind.HEADING if text.startswith("# ") else BlockKind.PARAGRAPH,
            text.removeprefix("# "),
            None if pages is None else number,
        )
        for number, text in enumerate(texts, 1)
    )
    return Document(name=name, blocks=blocks, language="en", title=title, pages=pages)


def found(given: Document, **regions: str) -> dict[str, Found]:
    return {one.field: one for one in found_in(given, regions)}


def value(given: Document, field: str) -> object:
    return found(given)[field].value if field in found(given) else None


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (["Final version, May 2022"], 2022),
        (["Rapport final", "juin 2016"], 2016),
        (["Lima, 3 de Noviembre de 2021"], 2021),
        (["Relatório de março de 2019"], 2019),
        (["Period: June 2014 to June 2018", "Geneva, March 2019"], 2019),
        # A date that stands alone goes before a later one in a sentence.
        (
            ["November 2021", "The project, begun in January 2019, is to end in December 2022."],
            2021,
        ),
        (["The year 2016 was dry."], None),
        (["Phone 2016 2017"], None),
        ([" ".join(["word"] * 50) + " May 2022"], None),
    ],
)
def test_the_year_is_that_of_the_date_on_the_title_page(texts: list[str], year: int | None) -> None:
    assert value(document("# Evaluation", *texts), "year") == year


def test_without_a_date_the_only_year_in_the_title_or_the_name_is_taken() -> None:
    assert value(document("x", title="Evaluation of 2016"), "year") == 2016
    assert value(document("x", title="Project 2012-2016", name="mali-2017.pdf"), "year") == 2017
    assert value(document("x", title="Project 2012-2016", name="mali.pdf"), "year") is None


def test_a_date_on_a_later_page_is_not_the_reports() -> None:
    assert value(document("# Evaluation", "May 2022", pages=2), "year") is None
    assert value(document("# Evaluation, May 2022", "May 2023", pages=2), "year") == 2022


def test_countries_in_the_title_go_before_all_others() -> None:
    given = document(*["Staff in Peru stayed."] * 9, title="Mutuelles au Mali et au Bénin")
    assert value(given, "countries") == ("ML", "BJ")


def test_else_they_are_those_that_many_passages_name() -> None:
    given = document(
        "# Evaluation",
        *["Staff in Peru stayed."] * 9,
        *["Chile joined in."] * 3,
        *["Norway paid."] * 2,
        pages=15,
    )
    one = found(given)["countries"]
    assert one == Found("countries", ("PE", "CL"), "Staff in Peru stayed.", 2, 9)


def test_one_on_the_title_page_is_enough_where_the_text_names_none() -> None:
    given = document("# Evaluation", "Dakar, Sénégal", "Staff stayed.", pages=3)
    assert value(given, "countries") is None
    assert value(document("# Evaluation", "Dakar, Sénégal"), "countries") == ("SN",)


def test_regions_are_told_in_the_offices_words() -> None:
    given = document("# Migration in West Africa and the Arab States", "South Africa")
    assert value(given, "regions") == ("Western Africa", "Arab States")
    assert found(given, **{"011": "Afrique de l'Ouest"})["regions"].value == (
        "Afrique de l'Ouest",
        "Arab States",
    )


def test_words_are_shown_with_what_stands_around_them() -> None:
    given = document("# " + "before " * 9 + "in Mali " + "after " * 9)
    assert found(given)["countries"].words == (
        "…before before before before before in Mali after after after after after after…"
    )


def test_the_name_of_the_site_is_no_part_of_the_title() -> None:
    given = document("# Primer empleo", title="Primer empleo | Consorcio")
    assert value(given, "title") == "Primer empleo"
    assert value(document("x", title="A | B"), "title") == "A | B"
    assert value(document("text", "# Executive summary"), "title") is None


def test_a_report_that_says_nothing_of_itself_gives_nothing() -> None:
    empty = Document(name="a.txt", blocks=(Block(BlockKind.PARAGRAPH, "Hm."),), language="und")
    assert found_in(empty) == ()


@pytest.mark.parametrize(
    ("name", "countries", "year", "language"),
    [
        ("benin-cantines-scolaires-evaluation-finale.pdf", "BJ", 2022, "fr"),
        ("brasil-acai-trabalho-decente-estudo-de-avaliacao.html", "BR", 2023, "pt"),
        ("cambodia-health-insurance-final-evaluation.pdf", "KH", 2023, "en"),
        ("dominicana-primer-empleo-evaluacion-final.html", "DO", 2023, "es"),
        ("guinee-reintegration-evaluation-mi-parcours.docx", "GN", 2022, "fr"),
        ("liberia-feeder-roads-performance-evaluation.docx", "LR", 2022, "en"),
        ("peru-inspeccion-trabajo-evaluacion-intermedia.docx", "PE", 2021, "es"),
        ("saotome-protecao-social-avaliacao-conjunta.pdf", "ST", 2023, "pt"),
    ],
)
def test_of_the_sample_reports_all_is_found(name, countries, year, language) -> None:
    given = read_document(SAMPLES / name)
    assert value(given, "countries") == (countries,)
    assert value(given, "year") == year
    assert value(given, "language") == language
    assert value(given, "title")
