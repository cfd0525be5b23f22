import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.nlp.documents import Block, BlockKind, Document
from whatworks.nlp.passages import split_document
from whatworks.nlp.readers.text import read_text

PROSE = (
    "The fund was set up with the ministry and paid every claim within one month, so that the "
    "members of the twelve cooperatives renewed their contracts and brought their neighbours."
)


def read(text: str) -> Document:
    return read_text(Path("report.txt"), text.encode())


def kinds_and_texts(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in read(text).blocks]


def headings(text: str) -> list[tuple[str, int]]:
    return [(b.text, b.level) for b in read(text).blocks if b.kind is BlockKind.HEADING]


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert kinds_and_texts(f"{PROSE}\n\n{PROSE}\n") == [(BlockKind.PARAGRAPH, PROSE)] * 2


def test_lines_that_are_paragraphs_stay_apart() -> None:
    assert kinds_and_texts(f"{PROSE}\n{PROSE}\n{PROSE}") == [(BlockKind.PARAGRAPH, PROSE)] * 3


@pytest.mark.parametrize("width", [45, 72, 100])
def test_wrapped_lines_are_joined(width: int) -> None:
    wrapped = "\n".join(textwrap.wrap(PROSE, width))
    text = f"{wrapped}\n\n{wrapped}\n{wrapped}\n\n- {wrapped}\n- {wrapped}"
    assert [block.text for block in read(text).blocks] == [PROSE] * 5


def test_words_cut_at_line_ends_are_whole_again() -> None:
    text = (
        "The partners agreed that social protec-\ntion was a right of every mem-\n"
        "ber and that long-\nterm funding was needed for the protection of all\nmembers there."
    )
    assert read(text).text == (
        "The partners agreed that social protection was a right of every member and that "
        "long-term funding was needed for the protection of all members there."
    )


def test_numbered_and_other_headings_are_told_with_their_levels() -> None:
    text = (
        f"REPORT ON THE FUND\n\n{PROSE}\n\n► 1.1 The work of the fund\n\n{PROSE}\n\n"
        f"1.1.2 Costs\n\n{PROSE}\n\nCHAPTER 2\n\n{PROSE}\n\n3\n\nWhat is being done?\n\n{PROSE}\n\n"
        f"Annexe 1 : Sources\n\n{PROSE}\n\nSmall heading\n\n{PROSE}\n\n\n\nLarge heading\n\n{PROSE}"
    )
    assert headings(text) == [
        ("REPORT ON THE FUND", 1),
        ("1.1 The work of the fund", 2),
        ("1.1.2 Costs", 3),
        ("CHAPTER 2", 1),
        ("What is being done?", 1),
        ("Annexe 1 : Sources", 1),
        ("Small heading", 2),
        ("Large heading", 1),
    ]
    assert read(text).title == "REPORT ON THE FUND"


def test_underlined_and_markdown_headings_are_told() -> None:
    text = f"Findings\n========\n\n{PROSE}\n\nCosts\n-----\n\n{PROSE}\n\n### Staff ###\n\n{PROSE}"
    assert headings(text) == [("Findings", 1), ("Costs", 2), ("Staff", 3)]


def test_a_heading_without_a_blank_line_under_it_is_told() -> None:
    wrapped = "\n".join(textwrap.wrap(PROSE, 70))
    assert kinds_and_texts(f"3.2 Effectiveness\n{wrapped}") == [
        (BlockKind.HEADING, "3.2 Effectiveness"),
        (BlockKind.PARAGRAPH, PROSE),
    ]


@pytest.mark.parametrize(
    "line", ["It worked well.", "The reasons were:", "and so it went on", PROSE[:-1]]
)
def test_prose_between_blank_lines_is_no_heading(line: str) -> None:
    assert headings(f"{PROSE}\n\n{line}\n\n{PROSE}") == []


def test_bullets_of_every_kind_lose_their_signs_and_keep_their_depth() -> None:
    text = (
        "The reasons were:\n\n- One cost\n- ▶ **Two** costs\n• Three costs\n* Four costs\n"
        "1) Five costs\n(a) Six costs\n  - Nested cost\n"
    )
    items = [(b.text, b.level) for b in read(text).blocks if b.kind is BlockKind.LIST_ITEM]
    assert items == [
        ("One cost", 1),
        ("Two costs", 1),
        ("Three costs", 1),
        ("Four costs", 1),
        ("Five costs", 1),
        ("Six costs", 1),
        ("Nested cost", 2),
    ]


def test_footnotes_are_set_apart_and_what_they_cut_goes_on() -> None:
    text = (
        "The committees in the twelve districts of the north met every month¹ and decided with\n\n"
        "¹ *Annual report*, 2019.\n\n[2] See page 4.\n\nall the partners.² They renewed it.\n\n"
        "The area is 40 km².\n"
    )
    assert kinds_and_texts(text) == [
        (
            BlockKind.PARAGRAPH,
            "The committees in the twelve districts of the north met every month and decided "
            "with all the partners. They renewed it.",
        ),
        (BlockKind.FOOTNOTE, "Annual report, 2019."),
        (BlockKind.FOOTNOTE, "See page 4."),
        (BlockKind.PARAGRAPH, "The area is 40 km²."),
    ]


def test_emphasis_links_and_tags_are_read_as_their_text() -> None:
    text = "It **really** worked, *as* [the report](http://x.org/a_b) says:<br>2 * 3 * 4 in a_b_c."
    assert read(text).text == "It really worked, as the report says: 2 * 3 * 4 in a_b_c."


@pytest.mark.parametrize(
    "table",
    [
        "| Name | Cost |\n|------|-----:|\n| A | 1 |",
        "Name\tCost\nA\t1",
        "Name          Cost\nA             1",
        "+------+------+\n| Name | Cost |\n+------+------+\n| A    | 1    |\n+------+------+",
    ],
)
def test_tables_are_recognised(table: str) -> None:
    assert kinds_and_texts(f"{PROSE}\n\n{table}\n\n{PROSE}")[1:2] == [
        (BlockKind.TABLE, "Name | Cost\nA | 1")
    ]


def test_captions_sources_and_contents_are_set_apart() -> None:
    text = (
        "1 Findings ............ 4\n2.1 Costs . . . . . . . 12\nAnnexes……… 30\n\n"
        f"► **Figure 2. Costs by year**\n\nSource: Annual report.\n\n{PROSE}\n\n"
        "Figure 2 shows that costs fell in every year of the project.\n"
    )
    kinds = [block.kind for block in read(text).blocks]
    assert kinds == [
        BlockKind.CONTENTS,
        BlockKind.CAPTION,
        BlockKind.CAPTION,
        BlockKind.PARAGRAPH,
        BlockKind.PARAGRAPH,
    ]


def test_form_feeds_are_pages_and_running_heads_are_dropped() -> None:
    pages = [
        f"Final evaluation    {n}\n\n{PROSE} On page {n}.\n\nOffice of evaluation\n- {n} -\n"
        for n in range(1, 6)
    ]
    document = read("\f".join(pages))
    assert document.pages == 5
    assert [(block.page, block.text) for block in document.blocks] == [
        (n, f"{PROSE} On page {n}.") for n in range(1, 6)
    ]


def test_a_paragraph_over_a_page_end_is_one() -> None:
    start = "The committees in the twelve districts of the north met every"
    document = read(f"{start}\f  month and agre-\fed to it.")
    assert document.blocks == (
        Block(
            BlockKind.PARAGRAPH,
            f"{start} month and agreed to it.",
            1,
        ),
    )


def test_numbers_alone_on_a_line_are_no_text() -> None:
    assert kinds_and_texts(f"{PROSE}\n\n12\n\n{PROSE}") == [(BlockKind.PARAGRAPH, PROSE)] * 2


@pytest.mark.parametrize("text", ["*a " * 5_000, "." * 50_000, "a\tb\n" * 5_000, "A. " * 9_000])
def test_odd_long_texts_take_no_more_than_moments(text: str) -> None:
    start = time.monotonic()
    split_document(read(text))
    assert time.monotonic() - start < 20


@settings(deadline=None)
@given(text=st.text(st.sampled_from("Aa b.:|-•*_#¹\n\n\t\f12>[]()é "), max_size=200))
def test_no_text_stops_the_reader(text: str) -> None:
    document = read(text)
    assert all(block.text.strip() for block in document.blocks)
    assert all("\n" not in b.text for b in document.blocks if b.kind is BlockKind.PARAGRAPH)
