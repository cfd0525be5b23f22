"""Plain text in, a ``Document`` out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from ..documents import Block, BlockKind, Document
from ..encodings import decode
from .blocks import (
    MARKDOWN_HEADING,
    drop_marks,
    heading_level,
    looks_like_heading,
    make_document,
    names_a_part,
    normalise,
    table_text,
    typed_block,
    without_bullet,
)
from .hyphens import HyphenJoiner
from .text_lines import Line, chunks, read_lines, wrap_width

_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=[^\s*_])(.{1,400}?)(?<=[^\s*_])\1(?![\w*])")
_TAG = re.compile(
    r"</?(?:ul|ol|li|br|p|b|i|strong|em|span|div|t[drh]|table|sup|sub)\b[^<>]*>", re.I
)
_RULER = re.compile(r"[^\w]*[-=_*~#+.]{3,}[^\w]*")
_TABLE_RULE = re.compile(r"[\s|:+=-]+")
_WIDE_GAP = re.compile(r"(?<=\S)(?: {3,}|\s*\t\s*)(?=\S)")
_NUMBER_ONLY = re.compile(r"(?:\d{1,3}|[IVXL]{1,5})\.?")
_SENTENCE_END = re.compile(r"[.!?…][\"”»’')\]]*$")
_MAX_TITLE_WORDS = 12
_MIN_PROSE = 60


def read_text(path: Path, data: bytes | None = None) -> Document:
    """A plain text as blocks, told apart by blank lines, numbers, bullets and columns.

    Lines that were wrapped are joined again. Pages are known where form feeds part them.

    Raises:
        UnreadableReportError: The file is no text.
    """
    text, warnings = decode(path.read_bytes() if data is None else data, path)
    lines, pages = read_lines(text)
    reader = _TextReader(wrap_width(lines), HyphenJoiner([line.text for line in lines]))
    found = list(chunks(lines))
    for chunk, following in zip_longest(found, found[1:], fillvalue=()):
        reader.read(chunk, following)
    return make_document(path.name, reader.blocks, pages=pages, warnings=warnings)


@dataclass(slots=True)
class _TextReader:
    """Goes through the lines from top to bottom and collects blocks."""

    width: int | None
    joiner: HyphenJoiner
    blocks: list[Block] = field(default_factory=list)
    level: int = 0
    """Of the last heading that told its level."""
    after_number: bool = False
    """Whether the last line was a chapter's number, alone on its line."""
    base_indent: int | None = None
    """Of the first item of the list that goes on here."""

    def read(self, chunk: Sequence[Line], following: Sequence[Line]) -> None:
        """Collect the blocks of lines that no blank line parts."""
        if len(chunk) == 1 and _NUMBER_ONLY.fullmatch(chunk[0].text):
            # A chapter's number, or one that a table or page lost; no words are in it.
            self.after_number = True
            return
        if self._read_as_heading(chunk, following):
            return
        self.after_number = False
        rows: list[Line] = []
        tabular = sum(map(_has_columns, chunk)) > 1
        for paragraph in self._paragraphs(chunk):
            if _is_row(paragraph, tabular):
                rows += paragraph
                continue
            self._add_table(rows)
            rows = []
            self._add(paragraph)
        self._add_table(rows)

    def _read_as_heading(self, chunk: Sequence[Line], following: Sequence[Line]) -> bool:
        """Take a chunk that is nothing but a heading; say whether it was one."""
        underlined = len(chunk) == 2 and _RULER.fullmatch(chunk[1].text) is not None
        lines = chunk[:1] if underlined else chunk
        text = drop_marks(_plain(self.joiner.join([line.text for line in lines])))
        if len(lines) > 2 or not looks_like_heading(MARKDOWN_HEADING.sub("", text)):
            return False
        block = typed_block(text)
        if block.kind in (BlockKind.CAPTION, BlockKind.CONTENTS, BlockKind.FOOTNOTE):
            return False
        if any(_WIDE_GAP.search(line.text) or "|" in line.text for line in lines):
            return False
        first = chunk[0]
        if match := MARKDOWN_HEADING.match(text):
            self._add_heading(text[match.end() :], len(match[1]), first.page)
        elif underlined:
            self._add_heading(text, 1 if "=" in chunk[1].text else 2, first.page)
        elif level := heading_level(text):
            if level == 1 and block.kind is BlockKind.LIST_ITEM and not _is_title(text, first):
                return False
            self._add_heading(text, level, first.page)
        elif without_bullet(text) != text and not text.startswith("►"):
            return False
        elif self.after_number or text.isupper() or first.blank_before >= 2:
            self._add_heading(text, 1, first.page)
        elif _is_bold(chunk) or (_is_title(text, first) and _is_prose(following)):
            self._add_heading(text, 0, first.page)
        else:
            return False
        return True

    def _add_heading(self, text: str, level: int, page: int | None) -> None:
        if level:
            self.level = level
        else:
            level = self.level + 1
        text = normalise(without_bullet(text).rstrip("#"))
        self.blocks.append(Block(BlockKind.HEADING, text, page, min(level, 6)))
        self.after_number, self.base_indent = False, None

    def _paragraphs(self, chunk: Sequence[Line]) -> Iterator[list[Line]]:
        """The chunk's paragraphs, bullets and rows, each as its lines."""
        paragraph: list[Line] = []
        for line in chunk:
            if _RULER.fullmatch(line.text) and not _TABLE_RULE.fullmatch(line.text):
                continue
            if paragraph and self._starts(line, paragraph):
                yield paragraph
                paragraph = []
            paragraph.append(line)
        if paragraph:
            yield paragraph

    def _starts(self, line: Line, paragraph: Sequence[Line]) -> bool:
        previous = paragraph[-1]
        if self.width is None or _has_columns(line) or _has_columns(previous):
            return True
        kind = typed_block(_plain(line.text)).kind
        before = typed_block(_plain(paragraph[0].text)).kind
        if kind is BlockKind.LIST_ITEM:
            # A number or dash may also stand where a line of prose happens to begin.
            signed = without_bullet(line.text) != line.text
            return previous.is_closed or before is kind or (signed and len(line.text) > 3)
        if kind is not BlockKind.PARAGRAPH or before is BlockKind.CONTENTS:
            return True
        if len(paragraph) == 1 and self._is_heading_line(previous):
            return True
        # A wrapped paragraph ends where its next word would still have found room.
        word = line.text.split()[0]
        short = len(previous.text) + 1 + len(word) <= 0.95 * self.width
        indented = 1 < line.indent - previous.indent < 9 and before is not BlockKind.LIST_ITEM
        return (short or indented) and bool(_SENTENCE_END.search(previous.text))

    def _is_heading_line(self, line: Line) -> bool:
        """Whether a line above prose is a heading without a blank line under it."""
        short = self.width is None or len(line.text) < 0.75 * self.width
        text = _plain(line.text)
        return (
            short
            and looks_like_heading(text)
            and typed_block(text).kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
            and (heading_level(text) > 1 or names_a_part(text) or text.isupper() or text[0] == "#")
        )

    def _add(self, paragraph: Sequence[Line]) -> None:
        first = paragraph[0]
        text = _plain(self.joiner.join([line.text for line in paragraph]))
        if not any(map(str.isalnum, text)):
            return
        if len(paragraph) == 1 and self._is_heading_line(first):
            match = MARKDOWN_HEADING.match(text)
            level = len(match[1]) if match else heading_level(text) or 1
            self._add_heading(text[match.end() if match else 0 :], level, first.page)
            return
        block = typed_block(text, first.page)
        if block.kind is BlockKind.LIST_ITEM:
            self.base_indent = first.indent if self.base_indent is None else self.base_indent
            depth = 1 + min(5, max(0, first.indent - self.base_indent) // 2)
            block = Block(block.kind, block.text, block.page, depth)
        elif block.kind is not BlockKind.FOOTNOTE:
            self.base_indent = None
        self.blocks.append(block)

    def _add_table(self, rows: Sequence[Line]) -> None:
        cells = [_cells(row.text) for row in rows if not _TABLE_RULE.fullmatch(row.text)]
        if cells:
            self.blocks.append(Block(BlockKind.TABLE, table_text(cells), rows[0].page))


def _plain(text: str) -> str:
    """Without the signs of emphasis and the tags that conversions leave behind."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return normalise(text)


def _is_bold(chunk: Sequence[Line]) -> bool:
    text = chunk[0].text
    return len(chunk) == 1 and text.startswith(("**", "__")) and text.endswith(("**", "__"))


def _is_title(text: str, line: Line) -> bool:
    """Whether a line that stands alone is short enough for a heading, and not a cut sentence."""
    return len(text.split()) <= _MAX_TITLE_WORDS and bool(line.blank_before) and text[0] != "-"


def _is_prose(chunk: Sequence[Line]) -> bool:
    return sum(len(line.text) for line in chunk) > _MIN_PROSE and not _has_columns(chunk[0])


def _has_columns(line: Line) -> bool:
    return line.text.count("|") > 1 or bool(_WIDE_GAP.search(line.text))


def _is_row(paragraph: Sequence[Line], tabular: bool) -> bool:
    """Whether a line is a table's: columns in it, and in its neighbours or three and more."""
    line = paragraph[0]
    if len(paragraph) > 1 or typed_block(line.text).kind is BlockKind.CONTENTS:
        return False
    if line.text.startswith("|") and line.text.endswith("|") and len(line.text) > 2:
        return True
    if _TABLE_RULE.fullmatch(line.text):
        return len(line.text) > 2
    if not _has_columns(line):
        return False
    return tabular or len(_cells(line.text)) > 2


def _cells(row: str) -> list[str]:
    if row.count("|") > 1:
        return [_plain(cell) for cell in row.strip("|").split("|")]
    return [_plain(cell) for cell in _WIDE_GAP.split(row)]
