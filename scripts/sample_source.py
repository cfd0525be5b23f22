"""Sample reports as they are written: one source file holds the text and its hand-made labels.

The text and the labels stand side by side in ``tests/samples/sources/*.txt``, so that they
cannot drift apart. The notation is described in ``tests/samples/README.md``.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_TAG = re.compile(r"^\{([ic]) ([a-z_+]+)(?:: ([a-z, -]+))?\}\s*")
_NOTE = re.compile(r"\[\^(.*?)\]")
_MARKS = re.compile(r"\*\*|__")


@dataclass(frozen=True, slots=True)
class Gold:
    """A stretch of text and what a person found in it."""

    text: str
    """With the marks for bold, italics and footnotes."""
    register: str
    labels: tuple[str, ...]
    themes: tuple[str, ...]

    @property
    def plain(self) -> str:
        """The text as a reader should return it: no marks, no footnotes."""
        return _MARKS.sub("", _NOTE.sub("", self.text))


@dataclass(frozen=True, slots=True)
class Element:
    """One heading, paragraph, bullet, table, caption, source line or contents page."""

    kind: str
    """heading, paragraph, bullet, number, table, caption, source or contents."""
    text: str = ""
    level: int = 0
    gold: tuple[Gold, ...] = ()
    """More than one for a long paragraph that is labelled part by part."""
    rows: tuple[tuple[str, ...], ...] = ()
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class SampleReport:
    """A sample report: what is on its title page and its elements in reading order."""

    name: str
    meta: dict[str, Any]
    elements: tuple[Element, ...]

    @property
    def file_name(self) -> str:
        """The name of the report that is shipped."""
        return f"{self.name}.{self.meta['format']}"


def read_source(path: Path) -> SampleReport:
    """The report of a source file. Raises ValueError where a tag is missing or wrong."""
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    elements: list[Element] = []
    boxed = False
    for block in re.split(r"\n\s*\n", body.strip()):
        if block.startswith("[box]"):
            boxed = True
            elements.append(Element("heading", block[5:].strip(), level=4, boxed=True))
        elif block == "[/box]":
            boxed = False
        elif block == "[contents]":
            elements.append(Element("contents"))
        elif heading := re.match(r"(#+) ", block):
            elements.append(Element("heading", _line(block[heading.end() :]), len(heading[1])))
        elif block.startswith("^^ "):
            elements.append(Element("source", _line(block[3:])))
        elif block.startswith("^ "):
            elements.append(Element("caption", _line(block[2:])))
        elif block.startswith("|"):
            rows = (line.strip().strip("|").split("|") for line in block.splitlines())
            cells = tuple(tuple(cell.strip() for cell in row) for row in rows)
            elements.append(Element("table", rows=cells))
        elif block[:2] in ("* ", "+ "):
            kind = "bullet" if block[0] == "*" else "number"
            for item in re.split(r"\n[*+] ", block[2:]):
                elements.append(_prose(kind, item, boxed, path))
        else:
            elements.append(_prose("paragraph", block, boxed, path))
    return SampleReport(path.stem, yaml.safe_load(head), tuple(elements))


def spans(text: str) -> list[tuple[str, str]]:
    """The text cut into ('plain' | 'bold' | 'italic' | 'note', text) in order."""
    cut: list[tuple[str, str]] = []
    for piece in re.split(r"(\[\^.*?\]|\*\*.+?\*\*|__.+?__)", text):
        if piece.startswith("[^"):
            cut.append(("note", piece[2:-1]))
        elif piece.startswith("**"):
            cut.append(("bold", piece[2:-2]))
        elif piece.startswith("__"):
            cut.append(("italic", piece[2:-2]))
        elif piece:
            cut.append(("plain", piece))
    return cut


def french_spaces(text: str) -> str:
    """The text with the no-break spaces that French typography asks for."""
    text = re.sub(r" ([;:!?»%])", "\u00a0\\1", text)
    return text.replace("« ", "«\u00a0")


def _line(text: str) -> str:
    return " ".join(text.split())


def _prose(kind: str, block: str, boxed: bool, path: Path) -> Element:
    if re.search(r"\n(#|\||\[|\^)", block):
        raise ValueError(f"{path.name}: a blank line is missing in: {block[:70]}")
    parts = []
    for part in _line(block).split(" || "):
        tag = _TAG.match(part)
        if not tag:
            raise ValueError(f"{path.name}: no label tag before: {part[:70]}")
        labels = () if tag[2] == "none" else tuple(tag[2].split("+"))
        themes = tuple(t.strip() for t in tag[3].split(",")) if tag[3] else ()
        if bool(labels) != bool(themes):
            raise ValueError(f"{path.name}: labels and themes go together: {part[:70]}")
        register = {"i": "institutional", "c": "concrete"}[tag[1]]
        parts.append(Gold(part[tag.end() :].strip(), register, labels, themes))
    return Element(kind, " ".join(g.text for g in parts), gold=tuple(parts), boxed=boxed)
