"""Columns, margins, tables and contents pages of PDFs made here."""

import textwrap
from pathlib import Path

import pytest

from tests.pdf_builder import PdfBuilder, PdfPage
from tests.pdf_reports import ROADS, SCHOOLS, WATER, column, fill, read_built, texts_of
from whatworks.nlp.documents import BlockKind


def test_two_columns_are_read_one_after_the_other_between_full_width_headings(
    tmp_path: Path,
) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    page.text(60, 80, "1. What was found in the four provinces of the north", 16, "sans-bold")
    end_left = column(page, 60, 110, ROADS, WATER)
    end_right = column(page, 310, 110, SCHOOLS, ROADS)
    y = max(end_left, end_right) + 20
    page.text(60, y, "2. What was learned from this by all who took part", 16, "sans-bold")
    page.block(60, y + 30, WATER)

    document = read_built(pdf, tmp_path)

    assert [block.kind.value for block in document.blocks] == [
        "heading", "paragraph", "paragraph", "paragraph", "paragraph", "heading", "paragraph",
    ]  # fmt: skip
    assert texts_of(document, BlockKind.PARAGRAPH) == [ROADS, WATER, SCHOOLS, ROADS, WATER]


def test_columns_drawn_row_by_row_are_still_read_one_after_the_other(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    left, right = PdfPage(), PdfPage()
    column(left, 60, 100, ROADS, WATER)
    column(right, 310, 100, SCHOOLS, WATER)
    page = pdf.page()
    for a, b in zip(left.parts, right.parts, strict=False):
        page.parts += [a, b]
    page.parts += left.parts[len(right.parts) :] + right.parts[len(left.parts) :]

    document = read_built(pdf, tmp_path)

    assert texts_of(document, BlockKind.PARAGRAPH) == [ROADS, WATER, SCHOOLS, WATER]


@pytest.mark.parametrize(
    "numbering",
    ["{n}", "- {n} -", "Page {n} of 40", "{n} | Final evaluation", "{roman}", "{n}/40"],
)
def test_page_numbers_are_dropped(tmp_path: Path, numbering: str) -> None:
    pdf = PdfBuilder()
    prose = []
    for n, roman in enumerate(("iii", "iv", "v", "vi", "vii"), start=3):
        page = pdf.page()
        prose += fill(page, n)
        page.text(290, 810, numbering.format(n=n, roman=roman))

    assert [block.text for block in read_built(pdf, tmp_path).blocks] == prose


def test_running_heads_that_alternate_and_change_with_the_chapter_are_dropped(
    tmp_path: Path,
) -> None:
    pdf = PdfBuilder()
    prose = []
    for n in range(1, 13):
        page = pdf.page()
        prose += fill(page, n)
        if n % 2:
            page.text(60, 40, "Final evaluation of the rural roads programme", 8)
            page.text(530, 40, str(n), 8)
        else:
            page.text(60, 40, str(n), 8)
            page.text(380, 40, f"Chapter {1 + n // 7}. Findings", 8)

    assert [block.text for block in read_built(pdf, tmp_path).blocks] == prose


def test_a_first_line_that_repeats_nowhere_stays(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    for n in range(4):
        page = pdf.page()
        page.block(60, 60, f"In province {'ABCD'[n]}, {['one', 'two', 'three', 'four'][n]} {WATER}")
        fill(page, n, top=150)

    found = texts_of(read_built(pdf, tmp_path), BlockKind.PARAGRAPH)

    assert sum(text.startswith("In province") for text in found) == 4


CELLS = [
    ("Province", "Roads", "Committees"),
    ("North", "12", "Nine of twelve"),
    ("South", "31", "All"),
    ("West", "7", "None"),
]


@pytest.mark.parametrize("ruled", [True, False])
def test_tables_are_kept_row_by_row_and_are_no_prose(tmp_path: Path, ruled: bool) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, ROADS) + 30
    for i, row in enumerate(CELLS):
        for x, cell in zip((64, 200, 280), row, strict=True):
            page.text(x, y + 16 * i, cell)
    if ruled:
        for i in range(5):
            page.line(60, y - 11 + 16 * i, 420, y - 11 + 16 * i)
        for x in (60, 196, 276, 420):
            page.line(x, y - 11, x, y - 11 + 64)
    page.block(60, y + 90, WATER)

    document = read_built(pdf, tmp_path)

    assert [block.kind.value for block in document.blocks] == ["paragraph", "table", "paragraph"]
    assert document.blocks[1].text == "\n".join(" | ".join(row) for row in CELLS)


def test_a_table_with_lines_between_its_rows_only_keeps_its_cells_whole(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, ROADS) + 30
    rows = [("Roads", WATER, "Reached"), ("Water", SCHOOLS, "Not reached by the end")]
    page.line(60, y - 14, 480, y - 14)
    for row in rows:
        below = [
            page.block(x, y, cell, chars=20) for x, cell in zip((60, 190, 340), row, strict=True)
        ]
        y = max(below) + 14
        page.line(60, y - 14, 480, y - 14)
    page.block(60, y + 20, WATER)

    document = read_built(pdf, tmp_path)

    assert [block.kind.value for block in document.blocks] == ["paragraph", "table", "paragraph"]
    assert document.blocks[1].text == "\n".join(" | ".join(row) for row in rows)


def test_three_columns_above_two_columns_are_read_in_turn(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    ends = [
        page.block(x, 100, text, chars=24)
        for x, text in ((60, ROADS), (220, WATER), (380, SCHOOLS))
    ]
    y = max(ends) + 30
    page.text(60, y, "2. Lessons", 14, "sans-bold")
    column(page, 60, y + 25, WATER, ROADS)
    column(page, 310, y + 25, SCHOOLS, WATER)

    document = read_built(pdf, tmp_path)

    assert [block.text for block in document.blocks] == [
        ROADS, WATER, SCHOOLS, "2. Lessons", WATER, ROADS, SCHOOLS, WATER,
    ]  # fmt: skip


def test_a_bordered_box_of_prose_is_prose(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, ROADS) + 25
    page.block(70, y, WATER, chars=64)
    for y0, y1, x0, x1 in (
        (-14, -14, 60, 470),
        (40, 40, 60, 470),
        (-14, 40, 60, 60),
        (-14, 40, 470, 470),
    ):
        page.line(x0, y + y0, x1, y + y1)

    assert texts_of(read_built(pdf, tmp_path), BlockKind.PARAGRAPH) == [ROADS, WATER]


@pytest.mark.parametrize("leaders", [True, False])
def test_contents_pages_are_recognised(tmp_path: Path, leaders: bool) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    page.text(60, 80, "Contents", 16, "sans-bold")
    entries = ["1. Context", "2. Findings", "2.1 Relevance", "2.2 Effects", "3. Lessons", "Annexes"]
    for i, entry in enumerate(entries):
        dots = "." * (60 - len(entry)) if leaders else ""
        page.text(60, 120 + 16 * i, entry + dots)
        page.text(430, 120 + 16 * i, str(3 + 4 * i))
    pdf.page().block(60, 100, ROADS)

    document = read_built(pdf, tmp_path)

    assert [block.kind.value for block in document.blocks] == ["heading", "contents", "paragraph"]
    assert document.blocks[1].text.split("\n")[2] == "2.1 Relevance 11"


def test_a_landscape_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    pdf = PdfBuilder(rotate=90)
    page = pdf.page()
    for i, line in enumerate(textwrap.wrap(ROADS, 60)):
        page.parts.append(f"BT /mono 10 Tf 0 1 -1 0 {100 + 13 * i} 60 Tm ({line}) Tj ET")

    assert texts_of(read_built(pdf, tmp_path), BlockKind.PARAGRAPH) == [ROADS]


def test_a_footnote_under_the_longer_column_stays_there(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = column(page, 60, 100, ROADS, WATER)
    page.block(60, y + 8, "3 Interviews held in all of the nine committees, March.", size=8,
               leading=10, chars=36)  # fmt: skip
    column(page, 310, 100, SCHOOLS)

    document = read_built(pdf, tmp_path)

    assert texts_of(document, BlockKind.FOOTNOTE) == [
        "Interviews held in all of the nine committees, March."
    ]
    assert texts_of(document, BlockKind.PARAGRAPH) == [ROADS, WATER, SCHOOLS]
