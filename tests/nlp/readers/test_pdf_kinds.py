"""Headings, list items, captions and footnotes of PDFs made here."""

from pathlib import Path

import pytest

from tests.pdf_builder import PdfBuilder
from tests.pdf_reports import ROADS, SCHOOLS, WATER, fill, read_built, texts_of
from whatworks.nlp.documents import BlockKind


def test_footnote_marks_leave_the_sentence_and_square_metres_stay(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    page.text(60, 100, "The committees met every month")
    page.text(240, 96, "12", 6)
    page.text(254, 100, "and repaired 40 m")
    page.text(357, 96, "2", 6)
    page.text(367, 100, "of road surface.")
    page.block(60, 125, f"{ROADS} {WATER}")

    assert texts_of(read_built(pdf, tmp_path), BlockKind.PARAGRAPH)[0] == (
        "The committees met every month and repaired 40 m2 of road surface."
    )


def test_footnotes_without_gap_or_raised_mark_are_told_apart(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    page.block(60, 100, f"{ROADS} {WATER}")
    page.block(60, 740, "11 Interviews in March.\n12 Ministry of Roads, annual report.", size=8,
               leading=10)  # fmt: skip

    assert texts_of(read_built(pdf, tmp_path), BlockKind.FOOTNOTE) == [
        "Interviews in March.",
        "Ministry of Roads, annual report.",
    ]


def test_bullets_are_items_without_sign_joined_over_lines_with_their_depth(
    tmp_path: Path,
) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, "Three things helped the committees to keep the roads open:")
    y = page.block(70, y, f"• {ROADS}", chars=60, hang=12)
    y = page.block(90, y, "– paid in cash on the last market day of the month;", chars=60)
    y = page.block(90, y, f"– {SCHOOLS}", chars=58, hang=12)
    y = page.block(70, y, f"• {WATER}", chars=60, hang=12)
    page.block(60, y + 10, SCHOOLS)

    items = [b for b in read_built(pdf, tmp_path).blocks if b.kind is BlockKind.LIST_ITEM]

    assert [(item.level, item.text) for item in items] == [
        (1, ROADS),
        (2, "paid in cash on the last market day of the month;"),
        (2, SCHOOLS),
        (1, WATER),
    ]


def test_bullets_of_symbol_fonts_and_drawn_bullets_are_bullets(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, "Three things helped the committees to keep the roads open:")
    page.text(70, y, "§", 10, "wingdings")
    y = page.block(90, y, ROADS, chars=60)
    page.dot(72, y - 1)
    y = page.block(90, y, WATER, chars=60)
    page.text(70, y, "o", 10, "sans")
    page.block(90, y, SCHOOLS, chars=60)

    assert texts_of(read_built(pdf, tmp_path), BlockKind.LIST_ITEM) == [ROADS, WATER, SCHOOLS]


def test_a_bullet_goes_on_over_a_page_break(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    words = f"{ROADS} {WATER}".split()
    page = pdf.page()
    y = page.block(60, 560, "Three things helped the committees to keep the roads open:")
    y = page.block(70, y, f"• {SCHOOLS}", chars=60, hang=12)
    page.block(70, y, "• " + " ".join(words[:29]), chars=60, hang=12)
    page = pdf.page()
    y = page.block(82, 100, " ".join(words[29:]), chars=60)
    page.block(60, y + 10, SCHOOLS)

    assert texts_of(read_built(pdf, tmp_path), BlockKind.LIST_ITEM) == [SCHOOLS, " ".join(words)]


@pytest.mark.parametrize("signs", [("a)", "b)", "c)"), ("1.", "2.", "3."), ("i)", "ii)", "iii)")])
def test_numbered_items_lose_their_numbers(tmp_path: Path, signs: tuple[str, ...]) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, "Three things helped the committees to keep the roads open:")
    for sign, text in zip(signs, (ROADS, WATER, SCHOOLS), strict=True):
        page.text(70, y, sign)
        y = page.block(100, y, text, chars=60)

    assert texts_of(read_built(pdf, tmp_path), BlockKind.LIST_ITEM) == [ROADS, WATER, SCHOOLS]


def test_headings_are_found_by_size_weight_and_number_and_joined(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    page.block(60, 70, "Final evaluation of the rural\nroads programme", size=24, leading=28,
               font="sans-bold")  # fmt: skip
    page.text(60, 150, "2. Findings", 16, "sans-bold")
    y = page.block(60, 175, ROADS)
    page.text(60, y + 15, "2.1 Relevance", 12, "sans-bold")
    y = page.block(60, y + 35, WATER)
    page.text(60, y + 15, "A village that did well", 10, "mono-bold")
    y = page.block(60, y + 30, SCHOOLS)
    fill(page, 1, top=y + 20)

    document = read_built(pdf, tmp_path)
    found = [(b.level, b.text) for b in document.blocks if b.kind is BlockKind.HEADING]

    assert found == [
        (1, "Final evaluation of the rural roads programme"),
        (1, "2. Findings"),
        (2, "2.1 Relevance"),
        (3, "A village that did well"),
    ]
    assert document.title == "Final evaluation of the rural roads programme"


@pytest.mark.parametrize(
    "caption",
    ["Table 3. Roads by province", "Figure 2: Committees", "Box 1 - One village", "Gráfico 4. Anos",
     "Tableau 2. Écoles suivies", "Cuadro 1. Caminos", "Quadro 5. Escolas"],
)  # fmt: skip
def test_captions_are_set_apart_and_sentences_about_tables_are_not(
    tmp_path: Path, caption: str
) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, f"Table 3 shows how often. {ROADS}")
    page.text(60, y + 15, caption, 10, "mono-bold")
    page.block(60, y + 45, WATER)

    document = read_built(pdf, tmp_path)

    assert texts_of(document, BlockKind.CAPTION) == [caption]
    assert texts_of(document, BlockKind.PARAGRAPH) == [f"Table 3 shows how often. {ROADS}", WATER]
