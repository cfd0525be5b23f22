"""Markdown in, a ``Document`` out."""

import re
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..documents import Block, BlockKind, Document
from ..encodings import decode
from .blocks import drop_marks, make_document, normalise, table_text, typed_block, typed_blocks
from .html import html_blocks

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?:[ \t]+\S.*|(?=\n[ \t]+\S)))*)", re.M)
_MARK = re.compile(r"\[\^[^\]\s]+\]")
# Signs no report holds: where a footnote stands in the text until its block is made.
_NOTE_PLACE = "⁂note {}⁂"
_PLACED_NOTE = re.compile(r"⁂note (\d+)⁂")


def read_markdown(path: Path, data: bytes | None = None) -> Document:
    """A Markdown file as blocks; emphasis and links are read as their text.

    Indented text is prose here, never code; fenced code is set apart like a table.

    Raises:
        UnreadableReportError: The file is no text.
    """
    text, warnings = decode(path.read_bytes() if data is None else data, path)
    title = ""
    if match := _FRONT_MATTER.match(text):
        title, text = _title(match[1]), text[match.end() :]
    notes: list[str] = []

    def set_apart(match: re.Match[str]) -> str:
        notes.append(normalise(match[2]))
        return f"\n{_NOTE_PLACE.format(len(notes) - 1)}\n"

    text = _MARK.sub("", _NOTE.sub(set_apart, text))
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    blocks: list[Block] = []
    for block in _blocks(parser.parse(text)):
        if match := _PLACED_NOTE.fullmatch(block.text):
            block = Block(BlockKind.FOOTNOTE, _note_text(parser, notes[int(match[1])]))
        blocks.append(block)
    return make_document(path.name, blocks, title=title, warnings=warnings)


def _title(front_matter: str) -> str:
    try:
        values = yaml.safe_load(front_matter)
    except yaml.YAMLError:
        return ""  # broken front matter costs the title, not the report
    title = values.get("title") if isinstance(values, dict) else None
    return str(title or "")


def _note_text(parser: MarkdownIt, text: str) -> str:
    return normalise(" ".join(map(_inline_text, parser.parseInline(text))))


def _blocks(tokens: list[Token]) -> list[Block]:
    blocks: list[Block] = []
    depth, heading = 0, 0
    rows: list[list[str]] | None = None
    for token in tokens:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif kind in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif kind == "heading_open":
            heading = int(token.tag[1])
        elif kind == "heading_close":
            heading = 0
        elif kind == "table_open":
            rows = []
        elif kind == "table_close":
            blocks.append(Block(BlockKind.TABLE, table_text(rows or [])))
            rows = None
        elif kind == "tr_open" and rows is not None:
            rows.append([])
        elif kind == "inline":
            text = _inline_text(token)
            if rows is not None:
                rows[-1].append(drop_marks(text))
            elif heading:
                level = heading
                blocks.append(Block(BlockKind.HEADING, normalise(drop_marks(text)), level=level))
            elif depth:
                blocks.append(Block(BlockKind.LIST_ITEM, typed_block(text).text, level=depth))
            else:
                blocks.extend(typed_blocks(text))
        elif kind == "html_block":
            blocks.extend(html_blocks(token.content))
        elif kind in ("fence", "code_block"):
            blocks.append(
                Block(BlockKind.TABLE, table_text([[line] for line in token.content.split("\n")]))
            )
    return blocks


def _inline_text(token: Token) -> str:
    """The text of inline Markdown; line breaks are line ends."""
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "html_inline":
            parts.append("\n" if child.content.lower().startswith("<br") else "")
        elif child.type != "image":
            parts.append(child.content)
    return "".join(parts)
