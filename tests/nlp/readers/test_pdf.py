"""What a PDF gives as blocks, feature by feature, on PDFs made here."""

import textwrap
import time
from pathlib import Path

import pytest

from tests.pdf_builder import PdfBuilder, PdfPage
from whatworks.nlp.documents import Block, BlockKind, Document
from whatworks.nlp.readers.pdf import read_pdf

ROADS = (
    "The programme rebuilt rural roads in four provinces and trained the village committees "
    "that look after them, so that every road was open through the whole rainy season."
)
WATER = (
    "Water users paid their fees more readily once the accounts were read out in public, "
    "and the committees that did so had twice the income of those that kept them closed."
)
SCHOOLS = (
    "Schools that served a meal from local produce kept their pupils, and the farmers who sold "
    "to them planted more vegetables in the following year than their neighbours did."
)


def read(builder: PdfBuilder, tmp_path: Path) -> Document:
    path = tmp_path / "report.pdf"
    path.write_bytes(builder.build())
    return read_pdf(path)


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if block.kind is kind]


def fill(page: PdfPage, number: int, *, top: float = 100, bottom: float = 700) -> list[str]:
    """Paragraphs between two heights, other ones on every page; gives their texts."""
    found = []
    while top < bottom:
        district = "".join("abcdefghij"[int(digit)] for digit in f"{number:04}")
        text = f"{district.title()} {('had', 'saw', 'did')[len(found) % 3]} it. "
        text += (ROADS, WATER, SCHOOLS)[len(found) % 3]
        top = page.block(60, top, text) + 10
        found.append(text)
    return found


def column(page: PdfPage, x: float, y: float, *paragraphs: str) -> float:
    """Paragraphs one below the other in a narrow column; gives the next baseline."""
    for text in paragraphs:
        y = page.block(x, y, text, chars=36) + 8
    return y


def test_paragraphs_are_one_line_each_with_their_page(tmp_path: Path) -> None:
    pdf = PdfBuilder(title="Evaluation of rural roads")
    page = pdf.page()
    y = page.block(60, 100, ROADS)
    page.block(60, y + 10, WATER)
    pdf.page().block(60, 100, SCHOOLS)

    document = read(pdf, tmp_path)

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

    assert texts(read(pdf, tmp_path), BlockKind.PARAGRAPH) == [ROADS + " It worked.", WATER]


def test_paragraphs_without_a_gap_part_at_an_indented_first_line(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = 100.0
    for text in (ROADS, WATER, SCHOOLS):
        first, rest = text[:40], text[40:]
        cut = first.rindex(" ")
        page.text(80, y, text[:cut])
        y = page.block(60, y + 13, text[cut:40] + rest)

    assert texts(read(pdf, tmp_path), BlockKind.PARAGRAPH) == [ROADS, WATER, SCHOOLS]


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

    document = read(pdf, tmp_path)

    assert [block.kind.value for block in document.blocks] == [
        "heading", "paragraph", "paragraph", "paragraph", "paragraph", "heading", "paragraph",
    ]  # fmt: skip
    assert texts(document, BlockKind.PARAGRAPH) == [ROADS, WATER, SCHOOLS, ROADS, WATER]


def test_columns_drawn_row_by_row_are_still_read_one_after_the_other(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    left, right = PdfPage(), PdfPage()
    column(left, 60, 100, ROADS, WATER)
    column(right, 310, 100, SCHOOLS, WATER)
    page = pdf.page()
    for a, b in zip(left.parts, right.parts, strict=False):
        page.parts += [a, b]
    page.parts += left.parts[len(right.parts) :] + right.parts[len(left.parts) :]

    assert texts(read(pdf, tmp_path), BlockKind.PARAGRAPH) == [ROADS, WATER, SCHOOLS, WATER]


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

    assert [block.text for block in read(pdf, tmp_path).blocks] == prose


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

    assert [block.text for block in read(pdf, tmp_path).blocks] == prose


def test_a_first_line_that_repeats_nowhere_stays(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    for n in range(4):
        page = pdf.page()
        page.block(60, 60, f"In province {'ABCD'[n]}, {['one', 'two', 'three', 'four'][n]} {WATER}")
        fill(page, n, top=150)

    starts = [t for t in texts(read(pdf, tmp_path), BlockKind.PARAGRAPH) if t.startswith("In prov")]

    assert len(starts) == 4


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

    first = texts(read(pdf, tmp_path), BlockKind.PARAGRAPH)[0]

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

    document = read(pdf, tmp_path)

    assert texts(document, BlockKind.PARAGRAPH)[0] == " ".join(words)
    assert texts(document, BlockKind.FOOTNOTE) == ["Interviews with nine committees in March."]
    assert document.blocks[0].page == 1


def test_footnote_marks_leave_the_sentence_and_square_metres_stay(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    page.text(60, 100, "The committees met every month")
    page.text(240, 96, "12", 6)
    page.text(254, 100, "and repaired 40 m")
    page.text(357, 96, "2", 6)
    page.text(367, 100, "of road surface.")
    page.block(60, 125, f"{ROADS} {WATER}")

    assert texts(read(pdf, tmp_path), BlockKind.PARAGRAPH)[0] == (
        "The committees met every month and repaired 40 m2 of road surface."
    )


def test_footnotes_without_gap_or_raised_mark_are_told_apart(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    page.block(60, 100, f"{ROADS} {WATER}")
    page.block(60, 740, "11 Interviews in March.\n12 Ministry of Roads, annual report.", size=8,
               leading=10)  # fmt: skip

    assert texts(read(pdf, tmp_path), BlockKind.FOOTNOTE) == [
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

    items = [b for b in read(pdf, tmp_path).blocks if b.kind is BlockKind.LIST_ITEM]

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

    assert texts(read(pdf, tmp_path), BlockKind.LIST_ITEM) == [ROADS, WATER, SCHOOLS]


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

    assert texts(read(pdf, tmp_path), BlockKind.LIST_ITEM) == [SCHOOLS, " ".join(words)]


@pytest.mark.parametrize("signs", [("a)", "b)", "c)"), ("1.", "2.", "3."), ("i)", "ii)", "iii)")])
def test_numbered_items_lose_their_numbers(tmp_path: Path, signs: tuple[str, ...]) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    y = page.block(60, 100, "Three things helped the committees to keep the roads open:")
    for sign, text in zip(signs, (ROADS, WATER, SCHOOLS), strict=True):
        page.text(70, y, sign)
        y = page.block(100, y, text, chars=60)

    assert texts(read(pdf, tmp_path), BlockKind.LIST_ITEM) == [ROADS, WATER, SCHOOLS]


def test_headings_are_found_by_size_weight_and_number_and_joined(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    page = pdf.page()
    page.block(60, 70, "Final evaluation of the rural\nroads programme", size=24, leading=28,
               font="sans-bold")  # fmt: skip
    page.text(60, 150, "2. Findings", 16, "sans-bold")
    y = page.block(60, 175, ROADS)
    page.text(60, y + 15, "2.1 Relevance", 12, "sans-bold")
    y = page.block(60, y + 35, WATER)
    page.text(60, y + 15, "What helped", 10, "mono-bold")
    y = page.block(60, y + 30, SCHOOLS)
    fill(page, 1, top=y + 20)

    document = read(pdf, tmp_path)
    found = [(b.level, b.text) for b in document.blocks if b.kind is BlockKind.HEADING]

    assert found == [
        (1, "Final evaluation of the rural roads programme"),
        (1, "2. Findings"),
        (2, "2.1 Relevance"),
        (3, "What helped"),
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

    document = read(pdf, tmp_path)

    assert texts(document, BlockKind.CAPTION) == [caption]
    assert texts(document, BlockKind.PARAGRAPH) == [f"Table 3 shows how often. {ROADS}", WATER]


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

    document = read(pdf, tmp_path)

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

    document = read(pdf, tmp_path)

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

    document = read(pdf, tmp_path)

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

    assert texts(read(pdf, tmp_path), BlockKind.PARAGRAPH) == [ROADS, WATER]


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

    document = read(pdf, tmp_path)

    assert [block.kind.value for block in document.blocks] == ["heading", "contents", "paragraph"]
    assert document.blocks[1].text.split("\n")[2] == "2.1 Relevance 11"


def test_a_landscape_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    pdf = PdfBuilder(rotate=90)
    page = pdf.page()
    for i, line in enumerate(textwrap.wrap(ROADS, 60)):
        page.parts.append(f"BT /mono 10 Tf 0 1 -1 0 {100 + 13 * i} 60 Tm ({line}) Tj ET")

    assert texts(read(pdf, tmp_path), BlockKind.PARAGRAPH) == [ROADS]


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

    document = read(pdf, tmp_path)

    assert document.pages == 1000
    assert [block.text for block in document.blocks] == prose
    assert time.perf_counter() - start < 50
