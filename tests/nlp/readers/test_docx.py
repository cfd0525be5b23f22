import io
import zipfile
from pathlib import Path

import docx
import pytest

from tests.word_builder import W, paragraph, run, word_bytes, zip_bytes
from whatworks.nlp.documents import Block, BlockKind, Document
from whatworks.nlp.errors import UnreadableReportError
from whatworks.nlp.readers.docx import read_docx

NOT_BOLD = '<w:b w:val="0"/>'
NOTE_2 = '<w:footnoteReference w:id="2"/>'
ENDNOTE_5 = '<w:endnoteReference w:id="5"/>'
PAGE_BREAK = '<w:br w:type="page"/>'
WIDE = "\u00a0\u00ad"
PROSE = "The fund was set up with the ministry and paid every claim within one month."


def read(body: str, **parts: object) -> Document:
    return read_docx(Path("report.docx"), word_bytes(body, **parts))  # type: ignore[arg-type]


def kinds_and_texts(document: Document) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def test_a_document_written_with_python_docx_is_read_by_its_styles() -> None:
    source = docx.Document()
    source.core_properties.title = "In the properties"
    source.add_heading("An evaluation", 0)
    source.add_heading("Findings", 1)
    source.add_paragraph(PROSE)
    source.add_paragraph("One thing", style="List Bullet")
    source.add_paragraph("Under it", style="List Bullet 2")
    source.add_paragraph("Counted", style="List Number")
    source.add_paragraph("Figure 3: A map", style="Caption")
    table = source.add_table(2, 2)
    for cell, text in zip(table._cells, ["a", "b", "c\nd", "|"], strict=True):
        cell.text = text
    buffer = io.BytesIO()
    source.save(buffer)
    document = read_docx(Path("r.docx"), buffer.getvalue())
    assert document.title == "An evaluation"
    assert document.language == "en"
    assert document.pages is None
    assert document.blocks == (
        Block(BlockKind.HEADING, "An evaluation", None, 1),
        Block(BlockKind.HEADING, "Findings", None, 1),
        Block(BlockKind.PARAGRAPH, PROSE),
        Block(BlockKind.LIST_ITEM, "One thing", None, 1),
        Block(BlockKind.LIST_ITEM, "Under it", None, 2),
        Block(BlockKind.LIST_ITEM, "Counted", None, 1),
        Block(BlockKind.CAPTION, "Figure 3: A map"),
        Block(BlockKind.TABLE, "a | b\nc d | |"),
    )


@pytest.mark.parametrize(
    ("style", "level"), [("berschrift1", 1), ("Kapitel", 1), ("Titulo2", 2), ("Titel", 1)]
)
def test_headings_are_known_in_any_language_and_by_inheritance(style: str, level: int) -> None:
    assert read(paragraph("Resultados", style)).blocks == (
        Block(BlockKind.HEADING, "Resultados", None, level),
    )


def test_an_outline_level_on_the_paragraph_itself_makes_a_heading() -> None:
    body = paragraph("Results", properties='<w:outlineLvl w:val="2"/>')
    assert read(body).blocks[0] == Block(BlockKind.HEADING, "Results", None, 3)


def test_prose_in_a_heading_style_is_prose() -> None:
    assert read(paragraph(" ".join([PROSE] * 4), "berschrift1")).blocks[0].kind == "paragraph"


@pytest.mark.parametrize(
    ("text", "level"), [("3.2 Effectiveness", 2), ("Lessons learned", 2), ("4.1.3 Costs", 3)]
)
def test_a_short_bold_paragraph_is_a_heading(text: str, level: int) -> None:
    bold = f"<w:p>{run(text[:4], '<w:b/>')}{run(text[4:], '<w:b/>')}</w:p>"
    document = read(paragraph("Findings", "berschrift1") + bold + paragraph(PROSE))
    assert document.blocks[1] == Block(BlockKind.HEADING, text, None, level)


@pytest.mark.parametrize("text", ["The reasons were:", "It worked well.", "partly so"])
def test_bold_prose_is_no_heading(text: str) -> None:
    assert read(f"<w:p>{run(text, '<w:b/>')}</w:p>").blocks[0].kind == "paragraph"


def test_switched_off_bold_is_not_bold() -> None:
    document = read(f"<w:p>{run('Lessons learned', NOT_BOLD)}</w:p>")
    assert document.blocks[0].kind == "paragraph"


def test_lists_keep_their_depth_and_lose_typed_signs() -> None:
    numbered = '<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>'
    plain = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    document = read(
        paragraph("Numbered", properties=numbered)
        + paragraph("By style", "Liste")
        + paragraph("Taken out of the list, as it were.", "Liste", plain)
        + paragraph("▶ Typed sign")
        + paragraph("a) Typed letter")
        + f"<w:p>{run('- One')}{run('<w:br/>')}{run('- Two')}</w:p>"
    )
    assert [(b.kind.value, b.text, b.level) for b in document.blocks] == [
        ("list item", "Numbered", 3),
        ("list item", "By style", 2),
        ("paragraph", "Taken out of the list, as it were.", 0),
        ("list item", "Typed sign", 1),
        ("list item", "Typed letter", 1),
        ("list item", "One", 1),
        ("list item", "Two", 1),
    ]


def test_footnotes_follow_the_paragraph_that_cites_them() -> None:
    body = (
        f"<w:p>{run('It worked')}{run(NOTE_2)}{run(' well.')}</w:p>"
        + paragraph(PROSE)
        + f"<w:p>{run(ENDNOTE_5)}{run('At the end.')}</w:p>"
    )
    endnotes = f'<w:endnote w:id="5">{paragraph("An endnote.")}</w:endnote>'
    document = read(body, notes={2: " See the annex."}, endnotes=endnotes)
    assert kinds_and_texts(document) == [
        (BlockKind.PARAGRAPH, "It worked well."),
        (BlockKind.FOOTNOTE, "See the annex."),
        (BlockKind.PARAGRAPH, PROSE),
        (BlockKind.PARAGRAPH, "At the end."),
        (BlockKind.FOOTNOTE, "An endnote."),
    ]


def test_typed_footnotes_and_marks_are_set_apart_and_cut_paragraphs_joined() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    body = (
        f"<w:p>{run('Committees in the twelve districts of the north met monthly')}"
        f"{run('3', raised)}{run(' over 10 km')}{run('2', raised)}{run(' with all of the')}</w:p>"
        + paragraph("³ As reported by the ministry.")
        + paragraph("partners.⁴ They agreed.")
    )
    assert kinds_and_texts(read(body)) == [
        (
            BlockKind.PARAGRAPH,
            "Committees in the twelve districts of the north met monthly over 10 km2 with all of "
            "the partners. They agreed.",
        ),
        (BlockKind.FOOTNOTE, "As reported by the ministry."),
    ]


def test_tracked_changes_are_accepted_and_hidden_text_left_out() -> None:
    body = (
        f"<w:p>{run('It ')}<w:ins>{run('clearly ')}</w:ins>"
        f"<w:del><w:r><w:delText>hardly </w:delText></w:r></w:del>"
        f"{run('worked')}{run(' secretly', '<w:vanish/>')}<w:moveFrom>{run('x')}</w:moveFrom>"
        f"{run('.')}</w:p>"
    )
    assert read(body).text == "It clearly worked."


def test_links_controls_and_special_signs_are_read_as_text() -> None:
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:hyperlink>{run('Social pro')}</w:hyperlink>"
        f"{run('<w:softHyphen/>')}{run('tection')}{run('<w:tab/>')}<w:sdt><w:sdtContent>"
        f"{run('is')}</w:sdtContent></w:sdt>{run('<w:br/>')}{run('non')}"
        f"{run('<w:noBreakHyphen/>')}{run('state' + WIDE + 'run.')}</w:p></w:sdtContent></w:sdt>"
    )
    assert read(body).text == "Social protection is non-state run."


def test_field_codes_are_dropped_and_contents_set_apart() -> None:
    def field(kind: str) -> str:
        return run(f'<w:fldChar w:fldCharType="{kind}"/>')

    toc = run("<w:instrText>TOC \\o</w:instrText>")
    page = run("<w:instrText>PAGE</w:instrText>")
    body = (
        f"<w:p>{field('begin')}{toc}{field('separate')}{run('1 Findings 4')}</w:p>"
        f"<w:p>{run('2 Lessons 9')}</w:p>"
        f"<w:p>{field('end')}</w:p>"
        + paragraph("3 Annexes 12", "Verzeichnis1")
        + f"<w:p>{run('See page ')}{field('begin')}{page}{field('separate')}{run('7')}"
        f"{field('end')}{run('.')}</w:p>"
    )
    assert kinds_and_texts(read(body)) == [
        (BlockKind.CONTENTS, "1 Findings 4\n2 Lessons 9\n3 Annexes 12"),
        (BlockKind.PARAGRAPH, "See page 7."),
    ]


def test_text_boxes_are_read_once_after_their_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(PROSE)}</w:txbxContent>"
    drawing = (
        f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    document = read(f"<w:p>{run('Beside the box.')}{run(drawing)}</w:p>")
    assert [block.text for block in document.blocks] == ["Beside the box.", PROSE]


def test_a_table_of_one_column_is_a_box_of_prose() -> None:
    cells = f"<w:tr><w:tc>{paragraph('Box 1. Title')}{paragraph(PROSE)}</w:tc></w:tr>"
    assert kinds_and_texts(read(f"<w:tbl>{cells}</w:tbl>")) == [
        (BlockKind.CAPTION, "Box 1. Title"),
        (BlockKind.PARAGRAPH, PROSE),
    ]


def test_footnotes_in_tables_follow_the_table() -> None:
    cells = f"<w:tc><w:p>{run('a')}{run(NOTE_2)}</w:p></w:tc><w:tc>{paragraph('b')}</w:tc>"
    document = read(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>", notes={2: "Note."})
    assert kinds_and_texts(document) == [(BlockKind.TABLE, "a | b"), (BlockKind.FOOTNOTE, "Note.")]


def test_pages_are_counted_from_the_breaks_word_noted() -> None:
    rendered = "<w:lastRenderedPageBreak/>"
    body = (
        paragraph("One.")
        + f"<w:p>{run('Two begins')}{run(rendered)}{run(' and ends.')}</w:p>"
        + f"<w:p>{run(PAGE_BREAK)}{run(rendered)}{run('Three.')}</w:p>"
    )
    document = read(body)
    assert [block.page for block in document.blocks] == [1, 1, 3]
    assert document.pages == 3


def test_pages_are_unknown_where_word_noted_none() -> None:
    # A break that a writer set is one of many pages' ends: counting it alone would mislead.
    body = paragraph("One.") + f"<w:p>{run(PAGE_BREAK)}</w:p>" + paragraph("Two.")
    assert [block.page for block in read(body).blocks] == [None, None]
    assert read(body).pages is None


def test_a_style_based_on_itself_does_no_harm() -> None:
    assert read(paragraph(PROSE, "Loop") + paragraph(PROSE, "Missing")).blocks[1].text == PROSE


def test_strict_open_xml_is_read_too() -> None:
    with zipfile.ZipFile(io.BytesIO(word_bytes(paragraph(PROSE)))) as archive:
        strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
        parts = {n: archive.read(n).replace(W.encode(), strict) for n in archive.namelist()}
    assert read_docx(Path("a.docx"), zip_bytes(parts)).text == PROSE


def _with_part(name: str, data: bytes | None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(word_bytes(paragraph(PROSE)))) as archive:
        parts = {n: archive.read(n) for n in archive.namelist() if n != name}
    return zip_bytes(parts | ({name: data} if data is not None else {}))


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (_with_part("word/document.xml", None), "no document part"),
        (_with_part("word/document.xml", b"<w:document"), "damaged"),
        (_with_part("word/document.xml", b"<html/>"), "not a Word document"),
        (word_bytes(paragraph(PROSE))[:-40], "damaged"),
        (word_bytes(paragraph(PROSE)).replace(b"PK\x01\x02", b"PK\x09\x09"), "damaged"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_damaged_files_are_refused(data: bytes, cause: str) -> None:
    with pytest.raises(UnreadableReportError, match=cause) as caught:
        read_docx(Path("a b.docx"), data)
    assert str(caught.value).startswith("a b.docx: ")


def test_garbled_contents_are_refused() -> None:
    data = bytearray(word_bytes(paragraph(PROSE) * 50))
    start = data.index(b"word/document.xml") + 40
    data[start : start + 60] = b"\xff" * 60
    with pytest.raises(UnreadableReportError, match="damaged"):
        read_docx(Path("a.docx"), bytes(data))


def test_entities_are_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE d [<!ENTITY a "AAAAAAAAAA"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<w:document xmlns:w="' + W.encode() + b'"><w:body><w:p><w:r><w:t>Some text. &b;</w:t>'
        b"</w:r></w:p></w:body></w:document>"
    )
    assert "AAAA" not in read_docx(Path("a.docx"), _with_part("word/document.xml", bomb)).text


def test_a_file_that_unpacks_to_gigabytes_is_refused_before_it_does() -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(70):
            member.write(b" " * 1_000_000)
    with pytest.raises(UnreadableReportError, match=r"unpack to 0\.1 GB"):
        read_docx(Path("bomb.docx"), buffer.getvalue())
