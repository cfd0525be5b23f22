"""What a PDF gives as blocks: paragraphs made whole, over lines, pages and footnotes."""

import time
from pathlib import Path

import pytest

from tests.pdf_builder import PdfBuilder
from tests.pdf_reports import ROADS, SCHOOLS, WATER, fill, read_built, texts_of
from whatworks.nlp.documents import Block, BlockKind


def test_paragraphs_are_one_line_each_with_their_page(tmp_path: Path) -> None:
    pdf = PdfBuilder(title="Evaluation of rural roads")
    page = pdf.page()
    y = page.block(60, 100, ROADS)
    page.block(60, y + 10, WATER)
    pdf.page().block(60, 100, SCHOOLS)

    document = read_built(pdf, tmp_path)

    assert document.blocks == (
        Block(BlockKind.PARAGRAPH, ROADS, 1),
        Block(BlockKind.PARAGRAPH, WATER, 1),
        Block(BlockKind.PARAGRAPH, SCHOOLS, 2),
    )
    assert document.title == "Evaluation of rural roads"
    assert (document.language, document.pages, document.warnings) == ("en", 2, ())


def test_paragraphs_without_a_gap_part_where_a_line_ends_early(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, ROADS + " It worked.")
    page.block(60, y, WATER)

    assert texts_of(read_built(pdf, tmp_path), BlockKind.PARAGRAPH) == [
        ROADS + " It worked.",
        WATER,
    ]


def test_paragraphs_without_a_gap_part_at_an_indented_first_line(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = 100.0
    for text in (ROADS, WATER, SCHOOLS):
        first, rest = text[:40], text[40:]
        cut = first.rindex(" ")
        page.text(80, y, text[:cut])
        y = page.block(60, y + 13, text[cut:40] + rest)

    assert texts_of(read_built(pdf, tmp_path), BlockKind.PARAGRAPH) == [ROADS, WATER, SCHOOLS]


def test_words_cut_at_line_ends_are_whole_and_real_hyphens_stay(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(
        60, 100, "The South-South exchange and the evidence-based plan were named in the mid-term\n"
        "review as what had helped, and so was the capac-\nity of the staff, the South-\nSouth "
        "network, the mid-\nterm review itself, the evidence-\nbased plan, short-\nand long-term "
        "aid, the years 2012-\n2018 and the implemen-\ntation of all that had been planned here.",
    )  # fmt: skip
    page.block(60, y + 20, ROADS)

    first = texts_of(read_built(pdf, tmp_path), BlockKind.PARAGRAPH)[0]

    assert first.endswith(
        "so was the capacity of the staff, the South-South network, the mid-term review itself, "
        "the evidence-based plan, short- and long-term aid, the years 2012-2018 and the "
        "implementation of all that had been planned here."
    )


def test_a_paragraph_goes_on_over_a_page_break_a_footnote_and_a_running_head(
    tmp_path: Path,
) -> None:
    pdf = PdfBuilder()
    words = f"{ROADS} {WATER} {SCHOOLS}".split()
    for n in range(1, 5):
        page = pdf.page()
        page.text(60, 40, "Evaluation of the rural roads programme", 8)
        page.text(300, 815, str(n), 8)
        if n == 1:
            page.block(60, 100, " ".join(words[:40]))
            page.text(60, 760, "1", 5)
            page.text(66, 763, "Interviews with nine committees in March.", 8)
        elif n == 2:
            y = page.block(60, 100, " ".join(words[40:]))
            fill(page, n, top=y + 10)
        else:
            fill(page, n)

    document = read_built(pdf, tmp_path)

    assert texts_of(document, BlockKind.PARAGRAPH)[0] == " ".join(words)
    assert texts_of(document, BlockKind.FOOTNOTE) == ["Interviews with nine committees in March."]
    assert document.blocks[0].page == 1


@pytest.mark.slow
def test_a_thousand_pages_are_read_fast(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    prose = []
    for n in range(1, 1001):
        page = pdf.page()
        page.text(60, 40, "Evaluation of the rural roads programme", 8)
        prose += fill(page, n, bottom=300)
        page.text(300, 815, str(n), 8)
    start = time.perf_counter()

    document = read_built(pdf, tmp_path)

    assert document.pages == 1000
    assert [block.text for block in document.blocks] == prose
    assert time.perf_counter() - start < 50
