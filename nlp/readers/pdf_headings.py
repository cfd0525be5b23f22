"""Headings of a PDF: found by type size, weight and numbering, with their levels."""

import re
from collections import Counter, defaultdict

from ..documents import BlockKind
from .pdf_blocks import Draft, Style
from .pdf_glyphs import BULLETS

_PART = (
    r"(?:chapter|chapitre|cap[íi]tulo|section|secci[óo]n|se[çc][ãa]o|part|partie|parte|"
    r"annex|annexe|anexo|appendix|ap[ée]ndice)\s+"
)
_NUMBER = re.compile(
    rf"(?:{_PART})?(?P<digits>\d{{1,2}}(?:\.\d{{1,2}}){{0,4}})(?:\s?[.):–—-]*\s+|[.):])(?=[^\W\d_]|[¿¡«\"“])|"
    rf"(?:{_PART}(?P<part>[A-Z]|[IVX]{{1,5}})\b[.):]?\s*|(?P<letter>[A-Z](?:\.\d{{1,2}}){{0,4}}|[IVX]{{1,5}})[.):]\s+)",
    re.IGNORECASE,
)
_SIGNS = re.compile(rf"[{re.escape(BULLETS)}\s]+")
MOST_WORDS = 30


def mark_headings(drafts: list[Draft], body: Style) -> None:
    """Turn the drafts that are headings into such, with a level from 1 to 6."""
    for draft in drafts:
        if draft.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and _is_heading(draft, body):
            draft.kind = BlockKind.HEADING
            draft.sign = ""
    _set_levels([draft for draft in drafts if draft.kind is BlockKind.HEADING])


def _heading_text(draft: Draft) -> str:
    return _SIGNS.sub("", draft.text, count=1) if draft.text[:1] in BULLETS else draft.text


def _is_heading(draft: Draft, body: Style) -> bool:
    text = _heading_text(draft)
    words = len(text.split())
    letters = sum(letter.isalpha() for letter in text)
    if not 1 <= words <= MOST_WORDS or letters < 3 or len(draft.lines) > 5 or draft.first.mark:
        return False
    if letters < 0.5 * len(text.replace(" ", "")):
        return False
    size = max(line.size for line in draft.lines)
    ended = text.endswith((".", ";", ",")) and not text.endswith("...")
    numbered = _NUMBER.match(text)
    if size > 1.12 * body.size:
        return not (ended and words > 12) and (size > 1.3 * body.size or not text[0].islower())
    if size < 0.93 * body.size or text[0].islower():
        return False
    bold = all(line.bold for line in draft.lines) and not body.bold
    capitals = text.isupper() and letters > 4
    italic = all(line.italic for line in draft.lines)
    if bold or capitals:
        listed = draft.kind is BlockKind.LIST_ITEM and not numbered and size < 1.04 * body.size
        return not ended and words <= 25 and not (listed and (words > 8 or draft.sign == "•"))
    if not numbered or ended or text.endswith(":") or words > 14 or len(draft.lines) > 2:
        return False
    deep = _depth(draft) > 1
    return (deep or (italic and draft.kind is not BlockKind.LIST_ITEM)) and text[-1] not in "?!:"


def _set_levels(headings: list[Draft]) -> None:
    """Numbering says the level; type says it for headings without a number."""
    by_style: dict[tuple[float, bool], Counter[int]] = defaultdict(Counter)
    for heading in headings:
        depth = _depth(heading)
        by_style[_style(heading)].update([depth] if depth else [])
    # The many sizes of a cover say nothing about the headings of the text.
    inner = {_style(heading) for heading in headings if heading.page > 1}
    level = 0
    levels: dict[tuple[float, bool], int] = {}
    for style in sorted(by_style, reverse=True):
        depths = by_style[style]
        numbered = depths.most_common(1)[0][0] if depths else 0
        levels[style] = numbered or min(level + 1, 6)
        if style in inner or not inner:
            level = levels[style]
    # What is set larger than the headings '1.', '2.' is no deeper than they are.
    cap = 6
    for style in sorted(by_style):
        levels[style] = min(levels[style], cap)
        if by_style[style]:
            cap = max(1, min(cap, levels[style] - 1))
    for heading in headings:
        heading.level = _depth(heading) or levels[_style(heading)]


def _style(heading: Draft) -> tuple[float, bool]:
    return round(heading.first.size * 2) / 2, heading.first.bold


def _depth(heading: Draft) -> int:
    found = _NUMBER.match(_heading_text(heading))
    if not found:
        return 0
    number = found["digits"] or found["letter"] or ""
    return min(6, number.count(".") + 1)
