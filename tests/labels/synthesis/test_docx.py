"""The report as a Word document: Word's own parts, an office's template, the same bytes."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.synthesis_material import RIGHT_TO_LEFT_TEXT, RIGHT_TO_LEFT_TITLE, a_material
from tests.synthesis_report import ESTIMATES, a_drawing, a_report, an_audit
from whatworks.labels.synthesis.content.blocks import Heading, Quotation, Table
from whatworks.labels.synthesis.docx import docx
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.reading import read_report

pytestmark = pytest.mark.slow

DRAWINGS = (a_drawing(), a_drawing("themes-by-year", "Another"), a_drawing("nowhere"))
OPTIONS = {"office": "EVAL", "authors": ("Ana", "Ben"), "quotations": 9}
REPORT = a_report(estimates=ESTIMATES, audit=an_audit(), **OPTIONS)


@pytest.fixture(scope="module")
def content() -> bytes:
    return docx(REPORT, DRAWINGS)


@pytest.fixture(scope="module")
def written(content: bytes) -> Opened:
    return Document(io.BytesIO(content))


def of_style(document: Opened, *styles: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style and one.style.name in styles]


def xml(content: bytes, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read(part).decode()


def test_headings_are_words_own_with_their_numbers(written: Opened) -> None:
    chapters = of_style(written, "Heading 1")
    assert chapters[:3] == ["1 At a glance", "2 How to read this report", "3 Method"]
    assert chapters[-1] == "Annex E. Codebook"
    count = sum(isinstance(one, Heading) for one in REPORT.blocks)
    assert len(of_style(written, *(f"Heading {level}" for level in (1, 2, 3, 4)))) == count


def test_every_block_is_there(written: Opened) -> None:
    laid_out = list(REPORT.laid_out([one.name for one in DRAWINGS]))
    quoted = [one.text.text for one in laid_out if isinstance(one, Quotation)]
    assert of_style(written, "Quote") == quoted
    tables = [one for one in laid_out if isinstance(one, Table)]
    assert [len(one.rows) for one in written.tables] == [len(one.rows) + 1 for one in tables]
    assert of_style(written, "Note")[0].startswith("These are estimates")
    assert len(of_style(written, "Box Title")) == 6
    assert of_style(written, "Title") == [REPORT.title]


def test_the_contents_are_a_field_that_lists_chapters_and_sections(written: Opened) -> None:
    listed = of_style(written, "toc 1", "toc 2")
    assert listed == of_style(written, "Heading 1", "Heading 2")
    assert 'TOC \\o "1-2" \\h' in written.element.xml


def test_every_link_leads_to_a_bookmark_and_each_bookmark_is_one_place(content: bytes) -> None:
    places = re.findall(r'<w:bookmarkStart w:id="(\d+)" w:name="([^"]+)"', xml(content))
    names = [name for _, name in places]
    assert len(set(names)) == len(names)
    assert len({number for number, _ in places}) == len(places)
    assert set(re.findall(r'<w:hyperlink w:anchor="([^"]+)"', xml(content))) <= set(names)
    assert {"E1", "E18", "_Toc1"} <= set(names)


def test_captions_are_counted_by_word(written: Opened) -> None:
    captions = of_style(written, "Caption")
    assert captions[0] == "Table 1. The synthesis in figures"
    assert "Figure 1. A <figure>" in captions
    assert written.element.xml.count("SEQ Table ") == len(written.tables)


def test_heads_of_tables_stand_on_each_page_and_rows_stay_whole(written: Opened) -> None:
    for table in written.tables:
        rows = [one._tr.trPr for one in table.rows]
        assert all(one is not None and one.find(qn("w:cantSplit")) is not None for one in rows)
        heads = [one for one in rows if one is not None and one.find(qn("w:tblHeader")) is not None]
        assert heads == rows[:1]
        assert table.style
        assert table.style.name == "Table Grid"


def test_columns_fill_the_page_and_no_more(written: Opened) -> None:
    widths = {sum(column.width for column in table.columns) for table in written.tables}  # type: ignore[misc]
    pages = {
        one.page_width - one.left_margin - one.right_margin  # type: ignore[operator]
        for one in written.sections
    }
    assert len(pages) == 2
    assert all(min(abs(width - page) for page in pages) < 20_000 for width in widths)


def test_the_annexes_with_wide_tables_lie_on_their_side(written: Opened) -> None:
    turned = [one.orientation for one in written.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]


def test_figures_have_a_text_in_their_place(written: Opened) -> None:
    shapes = [one._inline.docPr for one in written.inline_shapes]
    assert [one.get("descr") for one in shapes] == [
        "A <figure>. Two points & no more.",
        "Another. Two points & no more.",
    ]


def test_pages_are_numbered_but_the_first(written: Opened) -> None:
    first = written.sections[0]
    assert first.different_first_page_header_footer
    assert " PAGE " in first.footer._element.xml
    assert all(one.footer.is_linked_to_previous for one in list(written.sections)[1:])


@pytest.mark.parametrize(
    ("language", "code", "table"),
    [("fr", "fr-FR", "Tableau 1."), ("es", "es-ES", "Tabla 1."), ("pt", "pt-BR", "Tabela 1.")],
)
def test_word_checks_the_spelling_by_the_language_of_the_report(
    language: str, code: str, table: str
) -> None:
    document = Document(io.BytesIO(docx(a_report(language=language), ())))
    normal = document.styles["Normal"].element
    assert normal.find(f".//{qn('w:lang')}").get(qn("w:val")) == code
    assert document.core_properties.language == code
    assert of_style(document, "Caption")[0].startswith(table)


def test_quotations_keep_their_language_and_direction(written: Opened) -> None:
    found = {one.text: one for one in written.paragraphs if one.style and one.style.name == "Quote"}
    right_to_left = found[RIGHT_TO_LEFT_TEXT]._p
    assert right_to_left.pPr is not None
    assert right_to_left.pPr.find(qn("w:bidi")) is not None
    assert right_to_left.find(f".//{qn('w:rtl')}") is not None
    codes = {one._p.find(f".//{qn('w:lang')}").get(qn("w:val")) for one in found.values()}  # type: ignore[union-attr]
    assert codes == {"en-GB", "fr-FR", "es-ES", "pt-BR"}
    cell = next(
        one
        for table in written.tables
        for row in table.rows
        for one in row.cells
        if one.text == RIGHT_TO_LEFT_TITLE
    )
    assert cell.paragraphs[0]._p.find(f".//{qn('w:bidi')}") is not None


def test_the_file_says_whose_it_is_and_as_of_when(written: Opened) -> None:
    about = written.core_properties
    assert (about.title, about.author) == (REPORT.title, "Ana, Ben")
    assert about.created == about.modified == datetime(2026, 11, 28, 16, 20, tzinfo=UTC)


def test_the_same_report_gives_the_same_bytes(content: bytes) -> None:
    again = a_report(a_material(), estimates=ESTIMATES, audit=an_audit(), **OPTIONS)
    assert docx(again, DRAWINGS) == content
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert {one.date_time for one in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_whatworks_itself_can_read_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(content)
    read = " ".join(one.text for one in read_report(path).passages)
    assert RIGHT_TO_LEFT_TEXT in read
    assert "685 of 2,198 passages confirmed." in read


def test_signs_that_word_cannot_hold_are_left_out() -> None:
    document = Document(io.BytesIO(docx(replace(a_report(), title="What\x07 works"), ())))
    assert of_style(document, "Title") == ["What works"]


# An office's own template.


def saved(document: Opened, path: Path) -> Path:
    document.save(str(path))
    return path


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """With a header, its own headings and some text, and without most styles that we use."""
    document = Document()
    document.add_paragraph("Replace this text")
    document.add_table(1, 1)
    document.sections[0].header.paragraphs[0].text = "Office of Evaluation"
    document.styles["Heading 1"].font.size = Pt(33)
    for name in ("Quote", "Caption", "Table Grid", "Heading 4", "List Bullet", "Subtitle"):
        document.styles[name].delete()
    return saved(document, tmp_path / "office.docx")


def test_the_styles_and_the_header_of_a_template_stay_and_its_text_goes(template: Path) -> None:
    document = Document(io.BytesIO(docx(REPORT, DRAWINGS, template)))
    assert document.sections[0].header.paragraphs[0].text == "Office of Evaluation"
    assert document.styles["Heading 1"].font.size == Pt(33)
    assert "Replace this text" not in [one.text for one in document.paragraphs]
    assert len(document.tables) == sum(isinstance(one, Table) for one in REPORT.blocks)


def test_styles_that_a_template_lacks_are_made(template: Path) -> None:
    document = Document(io.BytesIO(docx(REPORT, DRAWINGS, template)))
    assert len(of_style(document, "Quote")) > 50
    assert len(of_style(document, "Caption")) == len(document.tables) + 2
    borders = document.styles["Table Grid"].element.find(f".//{qn('w:tblBorders')}")
    assert borders is not None
    assert of_style(document, "List Bullet")[0].startswith("•")


def test_headings_that_number_themselves_get_no_second_number(tmp_path: Path) -> None:
    document = Document()
    properties = document.styles["Heading 1"].element.get_or_add_pPr()
    properties.append(OxmlElement("w:numPr"))
    path = saved(document, tmp_path / "numbered.docx")
    chapters = of_style(Document(io.BytesIO(docx(REPORT, (), path))), "Heading 1")
    assert chapters[0] == "At a glance"
    assert chapters[-1] == "Annex E. Codebook"


def test_a_template_file_of_word_is_taken_as_a_document(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "office.dotx"
    with zipfile.ZipFile(template) as given, zipfile.ZipFile(path, "w") as made:
        for one in given.namelist():
            part = given.read(one).replace(b"document.main+xml", b"template.main+xml")
            made.writestr(one, part)
    document = Document(io.BytesIO(docx(REPORT, (), path)))
    assert document.sections[0].header.paragraphs[0].text == "Office of Evaluation"


def test_a_template_may_leave_the_size_of_the_paper_open(tmp_path: Path) -> None:
    document = Document()
    paper = document.sections[0]._sectPr
    for name in ("w:pgSz", "w:pgMar"):
        paper.remove(paper.find(qn(name)))
    path = saved(document, tmp_path / "open.docx")
    written = Document(io.BytesIO(docx(REPORT, DRAWINGS, path)))
    assert [one.orientation for one in written.sections][1] == WD_ORIENT.LANDSCAPE
    width = written.sections[0].page_width
    assert width is not None
    assert round(width.cm, 2) == 21


def damaged(template: Path, kind: str) -> bytes:
    whole = template.read_bytes()
    if kind == "no zip":
        return b"This is no Word document."
    if kind == "cut off":
        return whole[: len(whole) // 2]
    out = io.BytesIO()
    with zipfile.ZipFile(template) as given, zipfile.ZipFile(out, "w") as made:
        for one in given.namelist():
            if kind == "no text" and one == "word/document.xml":
                continue
            is_broken = kind == "broken styles" and one == "word/styles.xml"
            made.writestr(one, b"<w:styles" if is_broken else given.read(one))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["no zip", "cut off", "no text", "broken styles"])
def test_a_broken_template_is_named_with_a_cure(template: Path, tmp_path: Path, kind: str) -> None:
    broken = tmp_path / "broken.docx"
    broken.write_bytes(damaged(template, kind))
    with pytest.raises(WhatworksError, match=r"broken\.docx is no Word document.*Save it in Word"):
        docx(REPORT, (), broken)


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match=r"none\.docx cannot be read: No such file"):
        docx(REPORT, (), tmp_path / "none.docx")
