"""Word documents (.docx, .docm) in, a ``Document`` out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..documents import Block, BlockKind, Document
from .blocks import (
    CONTENTS_TITLE,
    MARKDOWN_HEADING,
    drop_marks,
    heading_level,
    looks_like_heading,
    make_document,
    normalise,
    table_text,
    typed_block,
    typed_blocks,
    without_bullet,
)
from .docx_package import Element, Package, Style, W, open_package, paragraph_style
from .docx_text import Fields, ParagraphText, read_paragraph

# A heading style on a whole paragraph of prose is a slip of the writer's.
_MAX_STYLED_HEADING_WORDS = 40
_CONTAINERS = frozenset(
    f"{W}{name}"
    for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "txbxContent")
)


def read_docx(path: Path, data: bytes | None = None) -> Document:
    """A Word document as blocks: styles, lists, notes, tables and text boxes told apart.

    Deleted and hidden text, comments, headers and footers are left out; inserted text stays.
    Pages are known only where Word noted them when it last showed the document: breaks that
    writers set are not all there are, and a wrong page is worse than none.

    Raises:
        UnreadableReportError: The file is damaged, not a Word document, or unpacks to gigabytes.
    """
    package = open_package(path, path.read_bytes() if data is None else data)
    body = package.body
    rendered = next(body.iter(f"{W}lastRenderedPageBreak"), None) is not None
    reader = _BodyReader(package, 1 if rendered else None)
    reader.read(body)
    for note in package.endnotes.values():
        reader.add_note(note)
    return make_document(
        path.name,
        reader.blocks,
        title=reader.title or package.title,
        pages=reader.page,
    )


@dataclass(slots=True)
class _BodyReader:
    """Goes through a document from top to bottom and collects its blocks."""

    package: Package
    page: int | None
    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    level: int = 0
    """Of the last heading that said its level by style or number."""
    fields: Fields = field(default_factory=Fields)

    def read(self, container: Element) -> None:
        """The blocks of the body, a text box or the cell of a box drawn as a table."""
        for child in container:
            if child.tag == f"{W}p":
                self._read_paragraph(child)
            elif child.tag == f"{W}tbl":
                self._read_table(child)
            elif child.tag in _CONTAINERS:
                self.read(child)

    def _text(self, paragraph: Element, style: Style) -> ParagraphText:
        return read_paragraph(paragraph, self.package, self.fields, bold=style.bold)

    def _read_paragraph(self, paragraph: Element) -> None:
        properties = paragraph.find(f"{W}pPr")
        style = paragraph_style(self.package, properties)
        found = self._text(paragraph, style)
        self._turn_page(found.breaks_before)
        self.blocks.extend(self._blocks(found, style))
        self._turn_page(found.breaks_after)
        for box in found.boxes:
            self.read(box)
        for note in found.notes:
            self.add_note(note)

    def _turn_page(self, breaks: int) -> None:
        if self.page is not None:
            self.page += breaks

    def _blocks(self, found: ParagraphText, style: Style) -> Iterable[Block]:
        text = normalise(found.text)
        if not text:
            return []
        name = style.name
        if found.in_contents or name.startswith(("toc ", "table of figures")):
            return [Block(BlockKind.CONTENTS, text, self.page)]
        if name == "title":
            self.title = self.title or text
            return [self._heading(text, 1)]
        if name == "toc heading" or CONTENTS_TITLE.match(text):
            return [self._heading(text, 1)]
        if name == "caption":
            return [Block(BlockKind.CAPTION, drop_marks(without_bullet(text)), self.page)]
        if name in ("footnote text", "endnote text"):
            return [Block(BlockKind.FOOTNOTE, text, self.page)]
        if style.outline is not None and style.outline < 9:
            if len(text.split()) <= _MAX_STYLED_HEADING_WORDS:
                return [self._heading(text, style.outline + 1)]
            return [Block(BlockKind.PARAGRAPH, drop_marks(text), self.page)]
        if name == "subtitle":
            return [self._heading(text, 2)]
        if style.list_level is not None or name.startswith(("list bullet", "list number")):
            depth = _depth(style)
            if found.is_bold and style.list_level is not None and looks_like_heading(text):
                # Numbered by Word and bold from end to end: a heading without its style.
                return [self._heading(text, depth, told=False)]
            return [self._item(text, depth)]
        return self._plain(found, text)

    def _item(self, text: str, depth: int) -> Block:
        typed = typed_block(text, self.page, depth)
        return Block(BlockKind.LIST_ITEM, typed.text, self.page, depth)

    def _plain(self, found: ParagraphText, text: str) -> Iterable[Block]:
        """A paragraph that no style explains: by the signs typed in it."""
        blocks = typed_blocks(found.text, self.page)
        level = heading_level(text)
        if looks_like_heading(text) and blocks[0].kind is not BlockKind.CAPTION:
            if match := MARKDOWN_HEADING.match(text):
                return [self._heading(text[match.end() :], len(match[1]))]
            if level > 1 or found.is_bold:
                return [self._heading(text, level, told=bool(level))]
        return blocks

    def _heading(self, text: str, level: int, *, told: bool = True) -> Block:
        """A heading; one that does not tell its level stands under the last that did."""
        if told:
            self.level = level
        elif level == 0 or level <= self.level:
            level = self.level + 1
        return Block(
            BlockKind.HEADING, drop_marks(without_bullet(text)), self.page, max(1, min(level, 6))
        )

    def _read_table(self, table: Element) -> None:
        rows = [list(_cells(row)) for row in _rows(table)]
        if max(map(len, rows), default=0) <= 1:
            # One column: a box drawn round prose.
            for row in rows:
                for cell in row:
                    self.read(cell)
            return
        page = self.page
        notes: list[Element] = []
        texts = [[self._cell_text(cell, notes) for cell in row] for row in rows]
        self.blocks.append(Block(BlockKind.TABLE, drop_marks(table_text(texts)), page))
        for note in notes:
            self.add_note(note)

    def _cell_text(self, cell: Element, notes: list[Element]) -> str:
        parts = []
        for paragraph in cell.iter(f"{W}p"):
            found = self._text(paragraph, Style())
            self._turn_page(found.breaks_before + found.breaks_after)
            notes.extend(found.notes)
            parts.append(found.text)
        return " ".join(parts)

    def add_note(self, note: Element) -> None:
        """Add a footnote or endnote as a block here."""
        texts = [self._text(paragraph, Style()).text for paragraph in note.iter(f"{W}p")]
        text = normalise(" ".join(texts))
        if text:
            self.blocks.append(Block(BlockKind.FOOTNOTE, text, self.page))


def _depth(style: Style) -> int:
    """The nesting of a list item, from 1; 'List Bullet 2' is the second level."""
    last = style.name[-1:]
    named = int(last) if last.isdigit() and style.name.startswith("list ") else 1
    return min(9, max(named, (style.list_level or 0) + 1))


def _rows(table: Element) -> Iterable[Element]:
    for child in table:
        if child.tag == f"{W}tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in _CONTAINERS:
            yield from _rows(child)


def _cells(row: Element) -> Iterable[Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in _CONTAINERS:
            yield from _cells(child)
