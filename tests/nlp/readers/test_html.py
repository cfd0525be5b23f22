from pathlib import Path

import pytest

from whatworks.nlp.documents import Block, BlockKind, Document
from whatworks.nlp.readers.html import read_html

PROSE = "The fund was set up with the ministry and paid every claim within one month."


def read(html: str, encoding: str = "utf-8") -> Document:
    return read_html(Path("report.html"), html.encode(encoding))


def kinds_and_texts(html: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in read(html).blocks]


def test_headings_paragraphs_and_nested_lists_are_read_in_order() -> None:
    html = (
        f"<h1>An  evaluation</h1><h2>1. Findings</h2><p>{PROSE}</p><p>The reasons were:</p>"
        "<ul><li>First <b>thing</b><ol><li>Under it</li></ol></li><li><p>Second</p></li></ul>"
    )
    assert read(html).blocks == (
        Block(BlockKind.HEADING, "An evaluation", None, 1),
        Block(BlockKind.HEADING, "1. Findings", None, 2),
        Block(BlockKind.PARAGRAPH, PROSE),
        Block(BlockKind.PARAGRAPH, "The reasons were:"),
        Block(BlockKind.LIST_ITEM, "First thing", None, 1),
        Block(BlockKind.LIST_ITEM, "Under it", None, 2),
        Block(BlockKind.LIST_ITEM, "Second", None, 1),
    )


def test_only_the_main_part_is_read() -> None:
    html = (
        "<body><header><h1>Our office</h1><a href='/'>Home</a></header><nav><p>Menu</p></nav>"
        f"<main><header><h1>Title</h1><p>By line</p></header><p>{PROSE}</p><footer>Share</footer>"
        "</main><aside><a href='#'>Other reports</a></aside><footer><p>Imprint</p></footer></body>"
    )
    assert kinds_and_texts(html) == [(BlockKind.HEADING, "Title"), (BlockKind.PARAGRAPH, PROSE)]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var a = 1;</script>",
        "<style>p { color: red }</style>",
        "<p hidden>x</p>",
        "<div style='display: none'><p>x</p></div>",
        "<p aria-hidden='true'>x</p>",
        "<!-- a comment -->",
        "<template><p>x</p></template>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(hidden: str) -> None:
    assert read(f"<p>{PROSE}</p>{hidden}").text == PROSE


def test_text_without_paragraph_tags_is_read() -> None:
    html = "<div>Loose <i>text</i> here<br><br>More of it<div>in a box</div>and after</div>"
    assert [b.text for b in read(html).blocks] == [
        "Loose text here",
        "More of it",
        "in a box",
        "and after",
    ]


def test_a_list_typed_with_line_breaks_is_a_list() -> None:
    assert kinds_and_texts("<p>They were:<br>• One cost<br>• Two costs</p>") == [
        (BlockKind.PARAGRAPH, "They were:"),
        (BlockKind.LIST_ITEM, "One cost"),
        (BlockKind.LIST_ITEM, "Two costs"),
    ]


def test_tables_and_captions_are_set_apart_but_boxes_are_prose() -> None:
    html = (
        "<table><caption>Table 1. Costs</caption><tr><th>A<th>B<tr><td>1<td><p>2</p></table>"
        f"<table role='presentation'><tr><td><p>{PROSE}</p></td></tr></table>"
        "<figure><img alt='x'><figcaption>Figure 1. A map</figcaption></figure>"
    )
    assert kinds_and_texts(html) == [
        (BlockKind.CAPTION, "Table 1. Costs"),
        (BlockKind.TABLE, "A | B\n1 | 2"),
        (BlockKind.PARAGRAPH, PROSE),
        (BlockKind.CAPTION, "Figure 1. A map"),
    ]


@pytest.mark.parametrize(
    "notes",
    [
        "<div class='footnotes'><ol><li id='fn1'>A note. <a href='#r1'>↩</a></li></ol></div>",
        "<aside role='doc-footnote'>1 A note.</aside>",
        "<p id='_ftn1'><a href='#_ftnref1'>[1]</a> A note.</p>",
        "<div class='footnote'><p><sup>1</sup> A note.</p></div>",
    ],
)
def test_footnotes_are_set_apart(notes: str) -> None:
    assert kinds_and_texts(f"<p>{PROSE}</p>{notes}")[1:] == [(BlockKind.FOOTNOTE, "A note.")]


@pytest.mark.parametrize(
    "mark",
    [
        "<sup>3</sup>",
        "<sup><a href='#fn3'>3</a></sup>",
        "<a href='#_ftn3'><sup>3</sup></a>",
        "<a href='#fn3' role='doc-noteref'>3</a>",
        "<a href='#fn3'>[3]</a>",
    ],
)
def test_marks_are_removed_and_powers_kept(mark: str) -> None:
    html = f"<p>It worked{mark} over 40 km<sup>2</sup>, see <a href='#a'>section 3</a>.</p>"
    assert read(html).text == "It worked over 40 km2, see section 3."


def test_contents_are_set_apart_but_a_page_with_contents_is_read() -> None:
    html = (
        "<div class='page-with toc'><ul class='toc'><li><a href='#a'>1 Findings</a></li>"
        f"<li><a href='#b'>2 Costs</a></li></ul><p>{PROSE}</p><p>{PROSE}</p></div>"
    )
    assert kinds_and_texts(html)[:2] == [
        (BlockKind.CONTENTS, "1 Findings\n2 Costs"),
        (BlockKind.PARAGRAPH, PROSE),
    ]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset='iso-8859-1'>", "latin-1"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'>", "cp1252"),
        ("<?xml version='1.0' encoding='utf-8'?>", "utf-8"),
        ("", "utf-16"),
        ("", "cp1252"),
    ],
)
def test_accents_are_read_in_any_declared_or_undeclared_encoding(head: str, encoding: str) -> None:
    text = "La gestão não é má; où ça, niño?"
    assert read(f"{head}<p>{text}</p>", encoding).text == text


def test_the_title_is_the_pages_or_its_first_heading() -> None:
    assert read(f"<title>In the head</title><h1>Seen</h1><p>{PROSE}</p>").title == "In the head"
    assert read(f"<h1>Seen</h1><p>{PROSE}</p>").title == "Seen"


def test_broken_markup_still_gives_its_text() -> None:
    assert read(f"<p>{PROSE}<p>One<b>two</i></div><li>three").text == f"{PROSE}\n\nOnetwo\n\nthree"
