"""Tables and contents pages of a PDF: what is set in rows and is no prose."""

import re
from collections import Counter
from itertools import pairwise

from .pdf_grids import Insert, rows_of, take_grids, take_out
from .pdf_pieces import Piece
from .pdf_text import Page

_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{5,}")
_ENDS_IN_PAGE = re.compile(r"(?:\s|\.|…|^)(\d{1,4}|[ivxl]{1,6})$")


def take_inserts(page: Page) -> list[Insert]:
    """The tables and contents lines of the page, taken out of its pieces."""
    return [*_take_contents(page), *take_grids(page), *_take_aligned(page)]


def _take_contents(page: Page) -> list[Insert]:
    """Lines with dot leaders, or most of a page of lines that end in rising page numbers."""
    rows = rows_of(page.pieces)
    if not rows:
        return []
    texts = [" ".join(piece.text for piece in row) for row in rows]
    led = [bool(_LEADERS.search(text)) for text in texts]
    if sum(led) < 3:
        numbers = [_ENDS_IN_PAGE.search(text) for text in texts]
        ends = [
            bool(found) and len(row) > 1 and row[-1].x1 - row[-1].x0 < 4 * row[-1].size
            for found, row in zip(numbers, rows, strict=True)
        ]
        rights = Counter(round(row[-1].x1 / 4) for row, end in zip(rows, ends, strict=True) if end)
        values = [
            int(n[1]) for n, end in zip(numbers, ends, strict=True) if n and end and n[1].isdigit()
        ]
        rising = sum(a <= b for a, b in pairwise(values))
        several = len(values) >= 5 and sum(ends) > 0.5 * len(rows)
        if (
            not several
            or rising < 0.85 * (len(values) - 1)
            or rights.most_common(1)[0][1] < 0.6 * len(values)
        ):
            return []
        led = ends
    first = led.index(True)
    last = len(led) - 1 - led[::-1].index(True)
    # The first line of an entry of two lines has no leaders yet.
    while first and not led[first - 1] and _joins_entry(rows[first - 1], rows[first]):
        first -= 1
    taken = [piece for row in rows[first : last + 1] for piece in row]
    lines = [_LEADERS.sub(" ", text) for text in texts[first : last + 1]]
    return [take_out(page, taken, [[" ".join(line.split())] for line in lines], contents=True)]


def _joins_entry(above: list[Piece], below: list[Piece]) -> bool:
    gap = below[0].baseline - above[0].baseline
    same = abs(above[0].size - below[0].size) < 0.5 and above[0].bold == below[0].bold
    return same and gap < 1.5 * below[0].size and len(" ".join(p.text for p in above)) > 40


def _take_aligned(page: Page) -> list[Insert]:
    """Three or more rows whose short cells begin or end at common places."""
    found = []
    run: list[list[Piece]] = []
    for row in [*rows_of(page.pieces), []]:
        if row and _continues(run, row):
            run.append(row)
            continue
        while run and len(run[-1]) == 1:
            run.pop()
        if _is_table(run):
            taken = [piece for cells in run for piece in cells]
            lines = [[piece.text for piece in cells] for cells in run]
            found.append(take_out(page, taken, lines))
        run = [row] if len(row) > 1 else []
    return found


def _continues(run: list[list[Piece]], row: list[Piece]) -> bool:
    if not run:
        return len(row) > 1
    size = row[0].size
    if row[0].baseline - run[-1][0].baseline > 3.2 * size:
        return False
    anchors = [(p.x0, p.x1) for cells in run[-6:] for p in cells if len(cells) > 1]
    aligned = sum(_aligned(p, anchors) for p in row)
    if len(row) > 1:
        return aligned >= 2 or (len(row) > 2 and aligned >= 1 and len(run) == 1)
    # The second line of a cell; a line of prose below the table is wider.
    width = max(p.x1 for cells in run for p in cells) - min(p.x0 for cells in run for p in cells)
    narrow = row[0].x1 - row[0].x0 < 0.45 * width
    return aligned == 1 and narrow and row[0].baseline - run[-1][0].baseline < 1.6 * size


def _aligned(piece: Piece, anchors: list[tuple[float, float]]) -> bool:
    middle = (piece.x0 + piece.x1) / 2
    return any(
        abs(piece.x0 - x0) < 3 or abs(piece.x1 - x1) < 3 or abs(middle - (x0 + x1) / 2) < 3
        for x0, x1 in anchors
    )


def _is_table(run: list[list[Piece]]) -> bool:
    """Whether aligned rows are cells and no columns of prose."""
    several = [row for row in run if len(row) > 1]
    if len(several) < 3 or len(several) < 0.4 * len(run):
        return False
    pieces = [piece for row in run for piece in row]
    by_start: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_start.setdefault(round(piece.x0 / 6), []).append(piece)
    full = 0
    for column in by_start.values():
        width = max(p.x1 - p.x0 for p in column)
        full += sum(p.x1 - p.x0 > max(0.8 * width, 11 * p.size) for p in column)
    return full < 0.4 * len(pieces)
