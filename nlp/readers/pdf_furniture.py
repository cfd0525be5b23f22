"""Running heads, feet and page numbers: what a report repeats on its pages and nobody reads."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from .pdf_pieces import Piece
from .pdf_text import Page

MARGIN_SHARE = 0.18
"""Running heads and feet stand within this share of the page's height from its edge."""
MOST_ROWS = 5
NEARBY_PAGES = 12
"""A head that changes with the chapter has to repeat within so many pages, not in the report."""

_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_NUMBER = re.compile(
    r"[-–—|\[(\s]*(?:p(?:ages?|ágina|ag)?\.?\s*)?(\d{1,4}|[ivxlc]{1,8})"
    r"(?:\s*(?:of|de|sur|/|\||on)\s*\d{1,4})?[-–—|\])\s.]*",
    re.IGNORECASE,
)
_EDGE_NUMBER = re.compile(r"^(\d{1,4}|[ivxl]{1,7})\b(?=\W)|\b(\d{1,4}|[ivxl]{1,7})$", re.IGNORECASE)


def drop_furniture(pages: Iterable[Page]) -> None:
    """Take running heads and feet and page numbers off the pages, in place."""
    pages = [page for page in pages if page.pieces]
    rows = [[_rows(page, top) for top in (True, False)] for page in pages]
    for side in (0, 1):
        _drop_side(pages, [both[side] for both in rows])


def _rows(page: Page, top: bool) -> tuple[list[list[Piece]], int]:
    """The rows next to the upper or lower edge, from there inwards; how many in the margin."""
    rows: list[list[Piece]] = []
    in_margin = 0
    for piece in sorted(page.pieces, key=lambda p: p.baseline, reverse=not top):
        if rows and abs(rows[-1][0].baseline - piece.baseline) < 0.5 * piece.size:
            rows[-1].append(piece)
            continue
        if len(rows) > MOST_ROWS or len(rows) > in_margin:
            break
        rows.append([piece])
        depth = piece.baseline if top else page.height - piece.baseline
        in_margin += depth < MARGIN_SHARE * page.height
    return rows, min(in_margin, MOST_ROWS)


def _drop_side(pages: list[Page], margins: list[tuple[list[list[Piece]], int]]) -> None:
    seen_on: dict[tuple[str, int], list[int]] = defaultdict(list)
    shifts: Counter[int] = Counter()
    for page, (rows, in_margin) in zip(pages, margins, strict=True):
        for piece in (piece for row in rows[:in_margin] for piece in row):
            for place in _places(piece):
                seen_on[_signature(piece.text), place].append(page.number)
        shifts.update({n - page.number for row in rows[:in_margin] for n in _numbers(row)})
    usual_shifts = {shift for shift, count in shifts.items() if count >= min(3, len(pages))}
    if len(pages) == 1:
        usual_shifts = set()

    for page, (rows, in_margin) in zip(pages, margins, strict=True):
        found: list[tuple[list[Piece], bool]] = []
        for row in rows[:in_margin]:
            numbered = any(number - page.number in usual_shifts for number in _numbers(row))
            if not (numbered and _is_short(row)) and not any(
                _repeats(piece, page.number, seen_on, len(pages)) for piece in row
            ):
                break
            found.append((row, numbered))
        # A sentence may stand at the same place of several pages by chance, as part of a paragraph.
        while found and not found[-1][1] and len(rows) > len(found):
            if not _is_prose(found[-1][0], rows[len(found)]):
                break
            found.pop()
        dropped = {id(piece) for row, _ in found for piece in row}
        page.pieces = [piece for piece in page.pieces if id(piece) not in dropped]


def _is_prose(row: list[Piece], inner: list[Piece]) -> bool:
    """Whether a row goes on in the next one towards the middle of the page."""
    size = row[0].size
    near = abs(row[0].baseline - inner[0].baseline) < 1.6 * size
    return near and abs(inner[0].size - size) < 0.05 * size and inner[0].bold == row[0].bold


def _places(piece: Piece) -> tuple[int, int]:
    """Two coarse heights, so that neighbours across a grid line still meet."""
    return round(piece.baseline / 8), -1000 - int(piece.baseline / 8)


def _signature(text: str) -> str:
    """The text as it is on every page: without the page number at either end."""
    if page_number(text) is not None:
        return "#"
    return _EDGE_NUMBER.sub("#", text).casefold()


def _repeats(
    piece: Piece, number: int, seen_on: dict[tuple[str, int], list[int]], n_pages: int
) -> bool:
    signature = _signature(piece.text)
    if signature == "#" or piece.mark or not any(letter.isalpha() for letter in signature):
        return False
    for place in _places(piece):
        near = {n for n in seen_on[signature, place] if abs(n - number) <= NEARBY_PAGES}
        if len(near) >= (3 if n_pages > 3 else 2):
            return True
    return False


def _is_short(row: list[Piece]) -> bool:
    """Whether a row beside its page number holds at most a title."""
    return sum(len(piece.text.split()) for piece in row) <= 14


def _numbers(row: list[Piece]) -> list[int]:
    """The numbers a row could be giving its page: alone in a piece, or '12 | Title'."""
    numbers = [page_number(piece.text) for piece in row]
    edges = (row[0].text, row[-1].text)
    for text in edges:
        match = re.match(r"^(\d{1,4})\s*[|•·–—]\s", text) or re.search(
            r"\s[|•·–—]\s*(\d{1,4})$", text
        )
        if match:
            numbers.append(int(match[1]))
    return [number for number in numbers if number is not None]


def page_number(text: str) -> int | None:
    """The number in '12', 'xii', '- 12 -', 'Page 3 of 40' or '3/40'; None in any other text."""
    match = _NUMBER.fullmatch(text.strip())
    if not match:
        return None
    found = match[1].lower()
    if found.isdigit():
        return int(found)
    if not _ROMAN.fullmatch(found):
        return None
    values = [_VALUES[letter] for letter in found]
    following = [*values[1:], 0]
    return sum(-v if v < f else v for v, f in zip(values, following, strict=True))
