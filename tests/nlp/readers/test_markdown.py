from pathlib import Path

from whatworks.nlp.documents import Block, BlockKind, Document
from whatworks.nlp.readers.markdown import read_markdown

PROSE = "The fund was set up with the ministry and paid every claim within one month."


def read(text: str) -> Document:
    return read_markdown(Path("report.md"), text.encode())


def test_headings_paragraphs_and_lists_are_read() -> None:
    text = f"# An *evaluation*\n\nFindings\n---\n\n{PROSE}\nIt **lasted**.\n\n"
    text += "- one\n  - two\n\n1. three\n"
    assert read(text).blocks == (
        Block(BlockKind.HEADING, "An evaluation", None, 1),
        Block(BlockKind.HEADING, "Findings", None, 2),
        Block(BlockKind.PARAGRAPH, f"{PROSE} It lasted."),
        Block(BlockKind.LIST_ITEM, "one", None, 1),
        Block(BlockKind.LIST_ITEM, "two", None, 2),
        Block(BlockKind.LIST_ITEM, "three", None, 1),
    )


def test_links_code_and_images_are_read_as_a_reader_sees_them() -> None:
    text = "See [the *page*](http://x.org/a_(b)), <http://y.org>, `code`, "
    text += "![alt](i.png) &amp; <b>all</b>."
    assert read(text).text == "See the page, http://y.org, code, & all."


def test_footnotes_are_set_apart_where_they_stand() -> None:
    text = (
        f"It worked[^1] well.[^b]\n\n[^1]: A *note* that\n    goes on.\n[^b]: Another.\n\n{PROSE}\n"
    )
    assert [(b.kind.value, b.text) for b in read(text).blocks] == [
        ("paragraph", "It worked well."),
        ("footnote", "A note that goes on."),
        ("footnote", "Another."),
        ("paragraph", PROSE),
    ]


def test_tables_and_code_are_no_prose() -> None:
    text = f"| A | B |\n|---|--:|\n| 1 | **2** |\n\n```\nx = 1\n```\n\n{PROSE}\n"
    assert [(b.kind.value, b.text) for b in read(text).blocks] == [
        ("table", "A | B\n1 | 2"),
        ("table", "x = 1"),
        ("paragraph", PROSE),
    ]


def test_indented_text_is_prose() -> None:
    assert read(f"One.\n\n    {PROSE}\n").blocks[1] == Block(BlockKind.PARAGRAPH, PROSE)


def test_html_is_read_by_its_text() -> None:
    text = f"<div class='x'>\n<p>{PROSE}</p>\n<!-- no --></div>\n\nA line<br>with *tags*.\n"
    assert [b.text for b in read(text).blocks] == [PROSE, "A line with tags."]


def test_typed_bullets_and_captions_are_told() -> None:
    text = "They were:\n• One cost\n• Two costs\n\nTable 1. Costs\n"
    assert [b.kind.value for b in read(text).blocks] == [
        "paragraph",
        "list item",
        "list item",
        "caption",
    ]


def test_the_title_stands_in_the_front_matter_or_the_first_heading() -> None:
    assert read(f"---\ntitle: 'A: title'\nyear: 2020\n---\n# Other\n\n{PROSE}").title == "A: title"
    assert read(f"---\n: [broken\n---\n# First\n\n{PROSE}").title == "First"
    assert read(f"---\ntitle: 'A'\n---\n{PROSE}").text == PROSE
