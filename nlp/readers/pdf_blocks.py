"""Lines of a PDF page grouped into paragraphs, list items, captions and the like."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from ..documents import BlockKind
from .pdf_columns import Line, Region
from .pdf_glyphs import BULLETS, DASH_BULLETS

_SIGN = re.compile(rf"(?:[{re.escape(BULLETS)}]+|[{re.escape(DASH_BULLETS)}](?=\s))\s*")
_NUMERAL = re.compile(
    r"(?:\((?:\d{1,3}|[a-z]|[ivx]{1,5})\)|(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)|\d{1,3}\.(?!\d)|[a-z]\.)\s+(?=\S)"
)
_NUMBERED = re.compile(
    r"(?:\d{1,2}\.?(?:\d{1,2}\.?){0,4}|[A-Z]\.(?:\d{1,2}\.?)*|[IVX]{1,5}\.)\s+(?=\S)"
)
_CAPTION = re.compile(
    r"(?:table|figure|fig\.|box|chart|graph|map|photo|exhibit|tableau|graphique|encadré|carte|"
    r"cuadro|tabla|gráfico|gráfica|figura|recuadro|mapa|quadro|tabela|caixa|ilustración|imagem)"
    r"\s*(?:n[°ºo.]+\s*)?(?:[A-Z]?[\d]+(?:[.\-–]\d+)*|[IVX]+)(?P<sep>\s*[.:|]|\s+[–—-]|$)?",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"(?:sources?|fuentes?|fontes?|nota|notes?)\s?:", re.IGNORECASE)
_ENDED = re.compile(r"[.?!…][\"”»’')\]]*$")
_CUT = re.compile(r"[^\W\d_]-$")
_CLOSED = re.compile(r"[.?!…:;][\"”»’')\]]*$")


@dataclass(slots=True)
class Style:
    """The type most of the report's prose is set in."""

    size: float
    bold: bool


@dataclass(slots=True)
class Draft:
    """A block in the making."""

    kind: BlockKind
    page: int
    region: int
    lines: list[Line] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    sign: str = ""
    """The kind of bullet or numeral a list item begins with."""
    full: bool = False
    """Whether its last line reaches the right edge of its column."""
    level: int = 0
    left: float = 0.0
    justified: bool = False
    gap: float = 0.0
    """Points between it and the line above, 0 at the head of a column."""

    @property
    def first(self) -> Line:
        """The line it begins with."""
        return self.lines[0]

    @property
    def text(self) -> str:
        """Its lines as they stand, for looking at."""
        return " ".join(line.text for line in self.lines)


def body_style(lines: Iterable[Line]) -> Style:
    """The type that most characters of the report are set in."""
    sizes: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2, line.bold] += len(line.text)
    if not sizes:
        return Style(10.0, False)
    (size, bold), _ = sizes.most_common(1)[0]
    return Style(size, bold)


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_ENDED.search(text[-6:]))


def draft_region(region: Region, page: int, number: int, body: Style) -> list[Draft]:
    """The blocks of one region."""
    if region.insert is not None:
        kind = BlockKind.CONTENTS if region.insert.contents else BlockKind.TABLE
        return [Draft(kind, page, number, rows=region.insert.rows)]
    drafts: list[Draft] = []
    leading = _Leading(region.lines)
    edge = _edge(region.lines)
    flush = sum(abs(line.x1 - edge) < 2 for line in region.lines)
    justified = len(region.lines) > 4 and flush > 0.5 * len(region.lines)
    left = _usual_left(region.lines)
    previous: Line | None = None
    for line in region.lines:
        gap = line.baseline - previous.baseline if previous else 0.0
        sign = _sign(line, previous, drafts[-1] if drafts else None, gap > 1.25 * leading(line))
        if previous is None or _starts(
            line, previous, drafts[-1], sign, gap, leading(line), edge, justified
        ):
            drafts.append(_draft(line, sign, page, number, left, justified, body))
            drafts[-1].gap = gap
        else:
            drafts[-1].lines.append(line)
        previous = line
    for draft in drafts:
        last = draft.lines[-1]
        # With fewer lines nobody knows where the edge of the column is.
        draft.full = len(region.lines) > 3 and last.x1 > edge - (
            1.0 if justified else 3 * last.size
        )
    return drafts


def _draft(
    line: Line, sign: str, page: int, number: int, left: float, justified: bool, body: Style
) -> Draft:
    kind = BlockKind.LIST_ITEM if sign else BlockKind.PARAGRAPH
    if is_caption(line, body):
        kind, sign = BlockKind.CAPTION, ""
    return Draft(kind, page, number, [line], sign=sign, left=left, justified=justified)


def is_caption(line: Line, body: Style) -> bool:
    """Whether a block that begins with this line names a table, figure or box, or its source."""
    text = _SIGN.sub("", line.text, count=1) if line.text[:1] in BULLETS else line.text
    small = line.size < 0.97 * body.size
    if _SOURCE.match(text):
        return small or text.lower().startswith(("source", "fuente", "fonte"))
    found = _CAPTION.match(text)
    if not found or not text[:1].isupper():
        return False
    return found["sep"] is not None or small or line.italic or (line.bold and not body.bold)


class _Leading:
    """The usual distance between the lines of a paragraph, by their size."""

    def __init__(self, lines: list[Line]) -> None:
        gaps: dict[int, list[float]] = {}
        for above, below in pairwise(lines):
            gap = below.baseline - above.baseline
            if abs(above.size - below.size) < 0.3 and 0.9 * below.size < gap < 2.2 * below.size:
                gaps.setdefault(round(below.size * 2), []).append(gap)
        # The narrow gaps are those within paragraphs, the wide ones those between them.
        self._usual = {size: sorted(found)[len(found) // 3] for size, found in gaps.items()}

    def __call__(self, line: Line) -> float:
        usual = self._usual.get(round(line.size * 2), 1.2 * line.size)
        return min(usual, 1.75 * line.size)


def _edge(lines: list[Line]) -> float:
    """The right edge of the column: where lines end that are not by chance the longest."""
    ends = sorted(line.x1 for line in lines)
    if len(ends) < 4:
        return ends[-1]
    counts = Counter(round(end / 2) for end in ends)
    place, count = counts.most_common(1)[0]
    common = max(end for end in ends if round(end / 2) == place)
    wider = sum(end > common + 3 for end in ends)
    return common if count > 0.25 * len(ends) and wider <= 0.1 * len(ends) else ends[-1]


def _usual_left(lines: list[Line]) -> float:
    counts = Counter(round(line.x0) for line in lines)
    return float(counts.most_common(1)[0][0])


def _sign(line: Line, previous: Line | None, draft: Draft | None, apart: bool) -> str:
    """The kind of list sign a line begins with, '' where it is no list item."""
    text = line.text
    found = _SIGN.match(text)
    if found and found.end() < len(text):
        sign = found[0].strip()[:1]
        if sign in BULLETS:
            return sign
        kind = sign
    else:
        number = _NUMERAL.match(text)
        if not number:
            return ""
        kind = re.sub(r"\d+", "1", re.sub(r"[a-zA-Z]+", "a", number[0].strip()))
    # A dash or a number may also stand by chance where a line of prose begins.
    if previous is None or draft is None or apart:
        return kind
    if draft.sign == kind:
        return kind if abs(line.x0 - draft.first.x0) < 0.6 * line.size else ""
    indented = line.x0 > previous.x0 + 0.5 * line.size
    return kind if indented or _CLOSED.search(previous.text[-6:]) else ""


def _starts(
    line: Line, previous: Line, draft: Draft, sign: str, gap: float, leading: float, edge: float,
    justified: bool,
) -> bool:  # fmt: skip
    """Whether a line begins a new block."""
    size = line.size
    if sign or line.mark or gap > 1.25 * leading or gap < 0:
        return True
    if abs(size - previous.size) > 0.08 * size and not _is_stray(line, previous):
        return True
    if _CUT.search(previous.text[-2:]) and line.text[0].isalpha() and line.bold == previous.bold:
        return False
    word = line.text.split(" ", 1)[0]
    room = edge - previous.x1
    word_width = (line.x1 - line.x0) / max(1, len(line.text)) * (len(word) + 1)
    short = room > word_width + (0.3 if justified else 1.2) * size
    if line.bold != previous.bold and (
        short or (all(x.bold for x in draft.lines) and line.text[0].isupper())
    ):
        return short
    if is_caption(line, Style(size, False)) and (short or line.bold):
        return True
    if draft.kind is BlockKind.LIST_ITEM:
        hanging = draft.lines[1].x0 if len(draft.lines) > 1 else draft.first.x0
        if line.x0 < draft.first.x0 - 0.6 * size:
            return True
        if (
            len(draft.lines) > 1
            and hanging > draft.first.x0 + 0.5 * size
            and line.x0 < hanging - 0.5 * size
        ):
            return True
    elif previous.x0 + 0.8 * size < line.x0 < previous.x0 + 5 * size and (
        # An indented first line; but the second line of a hanging paragraph is indented too.
        len(draft.lines) > 1 or short
    ):
        return True
    if not short:
        return False
    if justified and _CLOSED.search(previous.text[-6:]):
        return True
    capital = line.text[0].isupper() or line.text[0] in "¿¡«“"
    very_short = room > word_width + 0.35 * (edge - min(line.x0, previous.x0))
    return capital and (very_short or bool(_ENDED.search(previous.text[-6:])))


def _is_stray(line: Line, previous: Line) -> bool:
    """Whether a line of another size is a sign or a number inside a paragraph."""
    return len(line.text) < 4 or len(previous.text) < 4


def strip_sign(draft: Draft) -> None:
    """Take the bullet or the numeral off a list item, the bullet off anything else."""
    first = draft.first
    found = _SIGN.match(first.text)
    if found and (draft.sign or first.text[0] in BULLETS):
        first.text = first.text[found.end() :]
    if draft.sign and (numeral := _NUMERAL.match(first.text)):
        first.text = first.text[numeral.end() :]
