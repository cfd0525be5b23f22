"""Web pages in, a ``Document`` out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from ..documents import Block, BlockKind, Document
from ..encodings import decode
from .blocks import drop_marks, make_document, normalise, table_text, typed_block, typed_blocks

_DROPPED_TAGS = """
script style noscript template nav button select svg iframe dialog object audio video canvas head
math input textarea
"""
_INLINE_TAGS = """
a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike
strong sub sup time tt u var wbr img br o:p
"""
_DROPPED = frozenset(_DROPPED_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_CONTENTS = re.compile(r"(?:^|[\s_-])(?:toc|table-of-contents|contents-list)(?:$|[\s_-])", re.I)
_NOTE_ID = re.compile(r"_?(?:fn|ftn|edn|footnote|endnote|note)[\W_]*\d+$", re.I)
_NOTE_CLASS = re.compile(
    r"(?:^|\s)(?:footnotes?|endnotes?|footnote-(?:text|body|item))(?:$|\s)", re.I
)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_UNITS = ("m", "km", "cm", "mm")


def read_html(path: Path, data: bytes | None = None) -> Document:
    """A web page as blocks: its main part, without menus, heads, feet and hidden text.

    Raises:
        UnreadableReportError: The file is no text.
    """
    data = path.read_bytes() if data is None else data
    declared = _DECLARED.search(data[:2048])
    text, warnings = decode(data, path, declared[1].decode("ascii") if declared else None)
    # The doctype keeps the parser from taking a short text for a file name.
    declaration = _XML_DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    soup = BeautifulSoup("<!DOCTYPE html>" + text, "lxml")
    title = soup.title.get_text() if soup.title else ""
    reader = _PageReader()
    main = _main_part(soup)
    reader.read(main)
    if not any(block.kind is BlockKind.HEADING and block.level == 1 for block in reader.blocks):
        heading = soup.find("h1")
        if isinstance(heading, Tag):
            title = heading.get_text(" ")
    return make_document(path.name, reader.blocks, title=title, warnings=warnings)


def html_blocks(text: str) -> list[Block]:
    """The blocks of a piece of HTML, such as stands in Markdown files."""
    reader = _PageReader()
    reader.read(BeautifulSoup("<!DOCTYPE html>" + text, "lxml"))
    return reader.blocks


def _main_part(soup: BeautifulSoup) -> Tag:
    body = soup.body or soup
    whole = len(body.get_text())
    for found in (soup.select("main"), soup.select("[role=main]"), soup.select("article")):
        # Teasers are articles too: only what holds most of the page is its main part.
        if len(found) == 1 and len(found[0].get_text()) > 0.4 * whole:
            return found[0]
    return body


@dataclass(slots=True)
class _PageReader:
    """Goes through a page from top to bottom and collects its blocks."""

    blocks: list[Block] = field(default_factory=list)
    line: str = ""
    """Text that stands in no block yet; line breaks are line ends."""
    kind: BlockKind = BlockKind.PARAGRAPH
    depth: int = 0

    def read(self, root: Tag) -> None:
        """Collect the blocks of an element."""
        self._read_children(root)
        self._flush()

    def _read_children(self, parent: Tag) -> None:
        for child in parent.children:
            if isinstance(child, Tag):
                if not _is_hidden(child):
                    self._read_tag(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self.line += re.sub(r"\s+", " ", str(child))

    def _read_tag(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self.line += "\n"
        elif name in _INLINE:
            if not _is_mark(tag, self.line):
                self._read_children(tag)
        else:
            self._flush()
            self._read_block(tag)
            self._flush()

    def _read_block(self, tag: Tag) -> None:
        name = tag.name
        if name in _HEADINGS:
            text = normalise(_inner_text(tag))
            self.blocks.append(Block(BlockKind.HEADING, text, level=_HEADINGS[name]))
        elif _is_contents(tag):
            lines = [normalise(entry.get_text(" ")) for entry in tag.find_all(["li", "p", "tr"])]
            text = "\n".join(filter(None, lines)) or normalise(tag.get_text(" "))
            self.blocks.append(Block(BlockKind.CONTENTS, text))
        elif _is_note(tag):
            self._read_notes(tag)
        elif name in ("figcaption", "caption"):
            self.blocks.append(Block(BlockKind.CAPTION, normalise(_inner_text(tag))))
        elif name == "table":
            self._read_table(tag)
        elif name in ("ul", "ol", "menu"):
            self._within(tag, BlockKind.LIST_ITEM, self.depth + 1)
        elif name in ("header", "footer"):
            # Names, dates and links; the heading of an article may stand in its header.
            for heading in tag.find_all(list(_HEADINGS)):
                self._read_block(heading)
        else:
            self._read_children(tag)

    def _within(self, tag: Tag, kind: BlockKind, depth: int) -> None:
        before = self.kind, self.depth
        self.kind, self.depth = kind, depth
        self._read_children(tag)
        self._flush()
        self.kind, self.depth = before

    def _read_notes(self, tag: Tag) -> None:
        single = [note for note in tag.find_all(["li", "p", "div"]) if _has_note_id(note)]
        for note in single or tag.find_all(["li", "p"]) or [tag]:
            text = re.sub(r"^(?:\[?\d{1,3}\]?[.)]?\s+)|[↩↑^]\ufe0e?", "", _inner_text(note).strip())
            block = typed_block(text)
            self.blocks.append(Block(BlockKind.FOOTNOTE, block.text))

    def _read_table(self, table: Tag) -> None:
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        cells = [row.find_all(["td", "th"], recursive=False) for row in rows]
        caption = table.find("caption", recursive=False)
        if isinstance(caption, Tag):
            self._read_block(caption)
        if table.get("role") == "presentation" or max(map(len, cells), default=0) <= 1:
            for cell in (cell for row in cells for cell in row):
                self._within(cell, BlockKind.PARAGRAPH, 0)
            return
        text = table_text([[_inner_text(cell) for cell in row] for row in cells])
        self.blocks.append(Block(BlockKind.TABLE, drop_marks(text)))

    def _flush(self) -> None:
        text, self.line = self.line, ""
        # An empty line made with two breaks parts paragraphs.
        for part in re.split(r"\n\s*\n", text):
            if not part.strip():
                continue
            if self.kind is BlockKind.LIST_ITEM:
                item = typed_block(part)
                self.blocks.append(Block(BlockKind.LIST_ITEM, item.text, level=self.depth))
            else:
                self.blocks.extend(typed_blocks(part))


def _inner_text(tag: Tag) -> str:
    """The text of a tag on one line, without marks, backlinks and hidden parts."""

    def parts(parent: Tag, before: str) -> Iterator[str]:
        for child in parent.children:
            if isinstance(child, Tag):
                if child.name == "br":
                    yield " "
                elif not _is_hidden(child) and not _is_mark(child, before):
                    text = "".join(parts(child, before))
                    yield text if child.name in _INLINE else f" {text} "
                    before += text
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                before += str(child)
                yield str(child)

    return "".join(parts(tag, ""))


def _words(tag: Tag, name: str) -> str:
    value = tag.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def _is_hidden(tag: Tag) -> bool:
    return (
        (tag.name in _DROPPED and not _is_contents(tag))
        # A box with prose in it belongs to the report, one with links only to the site.
        or (tag.name == "aside" and tag.find("p") is None and not _is_note(tag))
        or tag.has_attr("hidden")
        or _words(tag, "aria-hidden") == "true"
        or bool(_HIDDEN.search(_words(tag, "style")))
        or _words(tag, "role") in ("doc-backlink", "navigation", "banner", "contentinfo", "search")
    )


def _is_contents(tag: Tag) -> bool:
    if tag.name not in ("nav", "div", "section", "ul", "ol", "table"):
        return False
    place = f"{_words(tag, 'id')} {_words(tag, 'class')}"
    if _words(tag, "role") == "doc-toc":
        return True
    # 'page-with-toc' may name the whole page: only what is mostly links is its contents.
    linked = sum(len(link.get_text()) for link in tag.find_all("a"))
    return bool(_CONTENTS.search(place)) and linked > 0.5 * len(tag.get_text().strip())


def _has_note_id(tag: Tag) -> bool:
    return bool(_NOTE_ID.match(_words(tag, "id")))


def _is_note(tag: Tag) -> bool:
    role = _words(tag, "role")
    if role in ("doc-footnote", "doc-endnote", "doc-endnotes"):
        return True
    if tag.name not in ("div", "section", "ol", "ul", "li", "p", "aside", "footer"):
        return False
    return bool(_NOTE_CLASS.search(_words(tag, "class"))) or (
        _has_note_id(tag) and tag.name in ("li", "p", "div")
    )


def _is_mark(tag: Tag, before: str) -> bool:
    """Whether an inline tag is a footnote mark: a raised number or a link to a note."""
    text = tag.get_text().strip()
    if _words(tag, "role") == "doc-noteref":
        return True
    link = tag if tag.name == "a" else tag.find("a")
    is_link = isinstance(link, Tag) and _words(link, "href").startswith("#")
    short = len(text) <= 5 and bool(
        re.fullmatch(r"[\[(]?(?:\d{1,3}|[*†‡§]|[a-z]|[ivx]{1,5})[\])]?", text)
    )
    if (
        is_link
        and short
        and (tag.name == "sup" or text.startswith("[") or (link and link.find("sup")))
    ):
        return True
    if tag.name != "sup" or not text.isdigit() or len(text) > 3 or not before.strip():
        return False
    return not before[-1].isdigit() and before.split()[-1].lower() not in _UNITS
