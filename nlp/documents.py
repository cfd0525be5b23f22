"""A report as it was read: blocks in reading order, with their pages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is in the layout of a report."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE = "table"
    CONTENTS = "contents"
    FOOTNOTE = "footnote"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, bullet, heading, table, contents page, footnote or caption.

    A paragraph that runs over a page break, a column or a footnote is one block.
    """

    kind: BlockKind
    text: str
    """White space normalised, hyphenated line ends joined, no bullet sign, no footnote mark.

    A table keeps one line per row and ' | ' between cells; a contents page keeps its lines;
    every other kind is one line.
    """
    page: int | None = None
    """The page it starts on, counted from 1 as a PDF viewer counts; None where there are none."""
    level: int = 0
    """Headings: 1 (chapter) to 6. List items: nesting depth from 1. Otherwise 0."""


@dataclass(frozen=True, slots=True)
class Document:
    """A report read into blocks. Its text is the blocks' texts, a blank line between them."""

    name: str
    """The file's name with its ending; the report id that passages carry."""
    blocks: tuple[Block, ...]
    language: str
    """ISO 639-1 code of the language most of the prose is in, 'und' where there is too little."""
    title: str = ""
    pages: int | None = None
    warnings: tuple[str, ...] = field(default=())
    """Sentences a user should read: 'Page 7 has no text layer and was left out.'"""

    @property
    def text(self) -> str:
        """The whole text; passages' character offsets count in it."""
        return "\n\n".join(block.text for block in self.blocks)

    def placed_blocks(self) -> Iterator[tuple[int, Block]]:
        """Each block with the offset of its first character in ``text``."""
        offset = 0
        for block in self.blocks:
            yield offset, block
            offset += len(block.text) + 2
