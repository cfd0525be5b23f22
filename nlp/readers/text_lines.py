"""The lines of a plain text, its pages without running heads, and how it was wrapped."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .blocks import normalise

_PAGE_NUMBER = re.compile(
    r"(?:[-–—|\s]*(?:page|página|pág\.?|p\.)?\s*(?:\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:of|sur|de|/)\s*\d{1,4})?[-–—|\s]*)",
    re.I,
)
_CLOSED = re.compile(r"[.!?…:;][\"”»’')\]]*$")
_HEAD_LINES = 3
_MAX_HEAD_LENGTH = 120
_MIN_PAGES_TO_TELL = 3
_MIN_SHARE_OF_PAGES = 0.4


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank."""

    text: str
    """As it stands, tabs and wide spaces included, without the margins."""
    indent: int
    blank_before: int
    """Blank lines above it, on its page."""
    page: int | None

    @property
    def is_closed(self) -> bool:
        """Whether it ends as a sentence or a clause does."""
        return bool(_CLOSED.search(self.text))


def read_lines(text: str) -> tuple[list[Line], int | None]:
    """The lines of a text and the number of its pages, None where no form feeds part them.

    Page numbers and lines repeated at the heads or feet of pages are left out.
    """
    pages = text.split("\f")
    if len(pages) > 1 and not pages[-1].strip():
        pages.pop()
    parted = "\f" in text
    numbered = [
        _page_lines(page, number if parted else None) for number, page in enumerate(pages, 1)
    ]
    if parted:
        numbered = _without_furniture(numbered)
    return [line for page in numbered for line in page], len(pages) if parted else None


def _page_lines(page: str, number: int | None) -> list[Line]:
    lines: list[Line] = []
    blank = 1 if number and number > 1 else 0
    for raw in page.split("\n"):
        text = raw.strip()
        if text:
            indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
            lines.append(Line(text, indent, blank, number))
            blank = 0
        else:
            blank += 1
    return lines


def _shape(line: Line) -> str:
    """What is alike in a running head on every page: all but the number."""
    return re.sub(r"\d+", "#", normalise(line.text)).casefold()


def _without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in [*page[:_HEAD_LINES], *page[-_HEAD_LINES:]]})
    least = max(_MIN_PAGES_TO_TELL, _MIN_SHARE_OF_PAGES * len(pages))
    repeated = {shape for shape, count in seen.items() if count >= least}

    def is_furniture(line: Line) -> bool:
        if len(line.text) > _MAX_HEAD_LENGTH:
            return False
        return _shape(line) in repeated or bool(_PAGE_NUMBER.fullmatch(line.text))

    kept = []
    for page in pages:
        start, end = 0, len(page)
        while start < min(end, _HEAD_LINES) and is_furniture(page[start]):
            start += 1
        while end > max(start, len(page) - _HEAD_LINES) and is_furniture(page[end - 1]):
            end -= 1
        kept.append(page[start:end])
    return kept


def chunks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Runs of lines without a blank line or page end between them."""
    chunk: list[Line] = []
    for line in lines:
        if chunk and (line.blank_before or line.page != chunk[-1].page):
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def wrap_width(lines: Sequence[Line]) -> int | None:
    """The width, in characters, that lines were wrapped at; None where each is a paragraph."""
    open_lines, closed = [], 0
    for chunk in chunks(lines):
        for line in chunk[:-1]:
            if len(line.text) < 30 or "\t" in line.text or "|" in line.text:
                continue
            if line.is_closed or len(line.text) > 160:
                closed += 1
            else:
                open_lines.append(len(line.text))
    if not open_lines or len(open_lines) < 0.4 * (len(open_lines) + closed):
        return None
    return sorted(open_lines)[int(0.9 * (len(open_lines) - 1))]
