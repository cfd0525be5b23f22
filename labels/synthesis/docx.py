"""The report as a Word document, with Word's own styles, captions and contents."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..exchange.rows import printable
from ..texts import Texts
from .content import blocks
from .content.blocks import Block, Cell, Given, Heading, Marks, Quotation, Report, Target
from .docx_file import describe, saved
from .docx_template import SMALL_TABLE_POINTS, TABLE_POINTS, new_document
from .docx_text import (
    add_bookmark,
    add_contents,
    add_field,
    add_link,
    add_marks,
    add_words,
    column_widths,
    keep_row,
    plain,
)
from .figures.interface import Figure
from .languages import texts_in

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_IN_CONTENTS = 2
"""Level of the headings that the contents name."""
_DOTS_AN_INCH = 192
_MANY_COLUMNS = 8
_SHORT = 12
"""Rows of a table that stays on one page."""
_FIRST_ROWS = 3
"""Rows of a longer one that stay together, the head among them."""


def docx(report: Report, figures: Sequence[Figure], template: Path | None = None) -> bytes:
    """The document; the same report, figures and template give the same bytes.

    Figures that the report has no place for are left out, and so are places without a figure.

    Args:
        report: What it says.
        figures: Its drawings.
        template: An office's own document or template, whose styles, headers and footers are kept.

    Raises:
        WhatworksError: the template cannot be read.
    """
    document = new_document(report.language, template)
    drawn = {one.name: one for one in figures}
    writer = _Writer(document, texts_in(report.language), drawn)
    laid_out = tuple(report.laid_out(drawn))
    writer.title_page(report)
    writer.contents(laid_out)
    for block in laid_out:
        writer.write(block)
    if template is None:
        _number_pages(document)
    describe(document, report)
    return saved(document)


class _Writer:
    """Writes block after block."""

    def __init__(self, document: "Document", texts: Texts, figures: Mapping[str, Figure]) -> None:
        self._document = document
        self._texts = texts
        self._figures = figures
        self._bookmarks = 0
        self._places: dict[str, str] = {}
        self._is_wide = False
        # Asking python-docx for a style by name takes long, and every cell has one.
        self._style_ids = {one.name: one.style_id for one in document.styles}
        self._numbers_itself = {
            level: _numbers_itself(document, f"Heading {level}") for level in (1, 2, 3, 4)
        }
        self._bullet = "" if _numbers_itself(document, "List Bullet") else "•\u00a0"

    def title_page(self, report: Report) -> None:
        """Who says what, and as of when."""
        from docx.shared import Cm

        for text, style in (
            (report.office, "Subtitle"),
            (report.title, "Title"),
            (report.subtitle, "Subtitle"),
            (", ".join(report.authors), "Normal"),
            (report.date, "Normal"),
        ):
            if text:
                self._paragraph(Given(text), style)
        first = self._document.paragraphs[0]
        first.paragraph_format.space_before = Cm(6)

    def contents(self, laid_out: Sequence[Block]) -> None:
        """A field that Word brings up to date, and until then the headings without pages."""
        title = self._paragraph(self._texts("Contents"), "Subtitle")
        title.paragraph_format.page_break_before = True
        headings = [
            one for one in laid_out if isinstance(one, Heading) and one.level <= _IN_CONTENTS
        ]
        self._places = {one.anchor: f"_Toc{n}" for n, one in enumerate(headings, start=1)}
        add_contents(
            [self._paragraph(style=f"toc {one.level}") for one in headings],
            [(self._heading_text(one), self._places[one.anchor]) for one in headings],
            _IN_CONTENTS,
        )

    def write(self, block: Block) -> None:
        """Any block."""
        match block:
            case Heading():
                self._heading(block)
            case blocks.Paragraph():
                paragraph = self._paragraph(block.text)
                if block.marks:
                    paragraph.paragraph_format.keep_with_next = True
                    add_words(paragraph, " ")
                    add_marks(paragraph, block.marks)
            case blocks.Note():
                self._paragraph(block.text, "Note")
            case blocks.Definition():
                self._paragraph(block.text, "Definition")
            case blocks.List():
                for item in block.items:
                    add_words(self._paragraph(self._bullet, "List Bullet"), item)
            case Quotation():
                self._quotation(block, "Quote", "Source")
            case blocks.Box():
                title = self._texts("Box %(number)s. %(title)s", number="\0", title=block.title)
                self._caption(title, "Box", block.number, "Box Title")
                for quoted in block.quotations:
                    self._quotation(quoted, "Box", "Box Source")
            case blocks.Table():
                self._table(block)
            case blocks.FigureRef():
                self._figure(self._figures[block.name], block.number)

    def _paragraph(self, words: Given | str = "", style: str = "Normal") -> "Paragraph":
        paragraph = self._styled(self._document.add_paragraph(), style)
        if words:
            add_words(paragraph, words)
        return paragraph

    def _styled(self, paragraph: "Paragraph", style: str) -> "Paragraph":
        paragraph._p.style = self._style_ids[style]
        return paragraph

    def _heading(self, block: Heading) -> None:
        is_turned = block.level == 1 and block.is_wide != self._is_wide
        if is_turned:
            self._turn_page(block.is_wide)
        paragraph = self._paragraph(self._heading_text(block), f"Heading {block.level}")
        if block.level == 1 and not is_turned:
            paragraph.paragraph_format.page_break_before = True
        if block.anchor in self._places:
            self._mark_place(paragraph, self._places[block.anchor])

    def _heading_text(self, block: Heading) -> str:
        if block.is_annex:
            letter = self._texts("Annex %(letter)s", letter=block.number)
            return f"{letter}. {block.text}"
        if self._numbers_itself[block.level] or not block.number:
            return block.text
        return f"{block.number} {block.text}"

    def _turn_page(self, is_wide: bool) -> None:
        """Begins a section whose pages lie on their side, or stand again."""
        from docx.enum.section import WD_ORIENT, WD_SECTION

        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.page_width, section.page_height = section.page_height, section.page_width
        section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
        section.different_first_page_header_footer = False
        self._is_wide = is_wide

    def _mark_place(self, paragraph: "Paragraph", name: str) -> None:
        self._bookmarks += 1
        add_bookmark(paragraph, name, self._bookmarks)

    def _quotation(self, block: Quotation, style: str, source: str) -> None:
        paragraph = self._paragraph(block.text, style)
        paragraph.paragraph_format.keep_with_next = True
        below = self._paragraph(style=source)
        add_link(below, block.mark, block.mark)
        add_words(below, f", {block.where}")

    def _caption(self, text: str, series: str, number: int, style: str = "Caption") -> None:
        """A caption whose number Word counts; ``text`` has a NUL in its place."""
        before, after = text.split("\0")
        paragraph = self._paragraph(before, style)
        add_field(paragraph, f"SEQ {series} \\* ARABIC", str(number))
        add_words(paragraph, after)

    def _figure(self, figure: Figure, number: int) -> None:
        from docx.shared import Cm, Inches

        title = self._texts("Figure %(number)s. %(title)s", number="\0", title=figure.title)
        self._caption(title, "Figure", number)
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        wide, high = (int.from_bytes(figure.png[at : at + 4]) for at in (16, 20))
        width = min(Inches(wide / _DOTS_AN_INCH), self._text_width(), Cm(19) * wide // high)
        shape = paragraph.add_run().add_picture(io.BytesIO(figure.png), width=width)
        shape._inline.docPr.set("descr", printable(f"{figure.title}. {figure.caption}"))
        shape._inline.docPr.set("name", figure.name)
        self._paragraph(figure.caption, "Basis")

    def _text_width(self) -> int:
        section = self._document.sections[-1]
        return section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]

    def _table(self, block: blocks.Table) -> None:
        title = self._texts("Table %(number)s. %(title)s", number="\0", title=block.title)
        self._caption(title, "Table", block.number)
        rows: list[tuple[Cell, ...]] = [block.head, *block.rows]
        table = self._document.add_table(len(rows), len(block.head), "Table Grid")
        table.autofit = False
        right = blocks.numeric_columns(block)
        is_small = len(block.head) > _MANY_COLUMNS
        for n, (row, given) in enumerate(zip(table.rows, rows, strict=True)):
            keep_row(row, is_head=not n)
            is_bold = not n or (block.has_total and n == len(rows) - 1)
            # The last one stays with what stands below the table.
            is_kept = len(rows) <= _SHORT or n < _FIRST_ROWS or n == len(rows) - 1
            for place, (cell, value) in enumerate(zip(row.cells, given, strict=True)):
                paragraph = cell.paragraphs[0]
                self._styled(paragraph, "Table Text Small" if is_small else "Table Text")
                self._cell(paragraph, value, place in right, is_bold)
                if is_kept:
                    paragraph.paragraph_format.keep_with_next = True
        words = [[plain(one, self._number(one)) for one in row] for row in rows]
        points = SMALL_TABLE_POINTS if is_small else TABLE_POINTS
        widths = column_widths(words, self._text_width(), points)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
        self._paragraph(block.note, "Basis")

    def _number(self, cell: Cell) -> str:
        return self._texts.number(cell) if isinstance(cell, int) else ""

    def _cell(self, paragraph: "Paragraph", value: Cell, is_right: bool, is_bold: bool) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        if is_right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if isinstance(value, Marks):
            add_marks(paragraph, value.marks)
        elif isinstance(value, Target):
            add_words(paragraph, value.mark)
            self._mark_place(paragraph, value.mark)
        else:
            words = self._number(value) if isinstance(value, int) else value
            add_words(paragraph, words).bold = is_bold or None


def _numbers_itself(document: "Document", name: str) -> bool:
    """Whether a style, or one it is based on, has numbers of its own, as many templates have."""
    style = document.styles[name]
    while style is not None:
        if style.element.find("{*}pPr/{*}numPr") is not None:
            return True
        style = style.base_style
    return False


def _number_pages(document: "Document") -> None:
    """In the foot of each page but the first."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    first = document.sections[0]
    first.different_first_page_header_footer = True
    foot = first.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_field(foot, "PAGE", "1")
