"""Tables of a PDF page, found by their ruled lines or by their aligned columns."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from .pdf_drawn import Rule
from .pdf_pieces import Piece
from .pdf_text import Page

TOUCHING = 4.0
"""Ruled lines closer than this, in points, belong to one grid."""
GRID_LINES_READ = 600

_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{5,}")
_ENDS_IN_PAGE = re.compile(r"(?:\s|\.|…|^)(\d{1,4}|[ivxl]{1,6})$")


@dataclass(slots=True)
class Insert:
    """A table or a part of a contents page: it stands between the prose and keeps its rows."""

    rows: list[list[str]]
    """The cells of each row; a line feed where the text of a cell was broken."""
    x0: float
    x1: float
    top: float
    bottom: float
    contents: bool = False


def take_inserts(page: Page) -> list[Insert]:
    """The tables and contents lines of the page, taken out of its pieces."""
    return [*_take_contents(page), *_take_ruled(page), *_take_aligned(page)]


def rows_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces on a common baseline, rows from the top, pieces from the left."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.baseline):
        if rows and piece.baseline - rows[-1][0].baseline < 0.4 * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda p: p.x0)
    return rows


def _insert(
    page: Page, taken: list[Piece], rows: list[list[str]], contents: bool = False
) -> Insert:
    ids = {id(piece) for piece in taken}
    page.pieces = [piece for piece in page.pieces if id(piece) not in ids]
    return Insert(
        rows,
        min(p.x0 for p in taken),
        max(p.x1 for p in taken),
        min(p.baseline - 0.8 * p.size for p in taken),
        max(p.baseline + 0.2 * p.size for p in taken),
        contents,
    )


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
    return [_insert(page, taken, [[" ".join(line.split())] for line in lines], contents=True)]


def _joins_entry(above: list[Piece], below: list[Piece]) -> bool:
    gap = below[0].baseline - above[0].baseline
    same = abs(above[0].size - below[0].size) < 0.5 and above[0].bold == below[0].bold
    return same and gap < 1.5 * below[0].size and len(" ".join(p.text for p in above)) > 40


def _take_ruled(page: Page) -> list[Insert]:
    """Grids of ruled lines with at least two columns and text in more than one of them."""
    if not page.rules or len(page.rules) > GRID_LINES_READ:
        return []
    found = []
    for grid in _grids(page.rules):
        columns = _distinct([r.x0 for r in grid if r.x0 == r.x1])
        if len(columns) < 3:
            continue
        top, bottom = min(r.y0 for r in grid), max(r.y1 for r in grid)
        inside = [
            p
            for p in page.pieces
            if top - 2 < p.baseline < bottom + 2
            and columns[0] - 4 < p.x0
            and p.x1 < columns[-1] + 8
        ]
        cells = {_between(columns, (p.x0 + min(p.x1, p.x0 + 20)) / 2) for p in inside}
        if len(cells) < 2:
            continue
        lines = _distinct([r.y0 for r in grid if r.y0 == r.y1])
        found.append(_insert(page, inside, _grid_rows(inside, columns, lines)))
    return found


def _grids(rules: list[Rule]) -> list[list[Rule]]:
    """Rules that touch one another, directly or through others."""
    grids: list[tuple[list[float], list[Rule]]] = []
    for rule in sorted(rules, key=lambda r: (r.y0, r.x0)):
        box = [rule.x0, rule.y0, rule.x1, rule.y1]
        members, rest = [rule], []
        for other, others in grids:
            apart = (
                other[0] > box[2] + TOUCHING
                or other[2] < box[0] - TOUCHING
                or other[1] > box[3] + TOUCHING
                or other[3] < box[1] - TOUCHING
            )
            if apart:
                rest.append((other, others))
            else:
                members += others
                box = [min(box[0], other[0]), min(box[1], other[1]),
                       max(box[2], other[2]), max(box[3], other[3])]  # fmt: skip
        grids = [*rest, (box, members)]
    return [members for _, members in grids]


def _distinct(values: list[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > TOUCHING:
            kept.append(value)
    return kept


def _between(edges: list[float], value: float) -> int:
    return max(0, sum(edge < value for edge in edges) - 1)


def _grid_rows(pieces: list[Piece], columns: list[float], lines: list[float]) -> list[list[str]]:
    table: dict[int, dict[int, list[str]]] = {}
    ruled = len(lines) > 2
    for index, row in enumerate(rows_of(pieces)):
        for piece in row:
            line = _between(lines, piece.baseline - 0.3 * piece.size) if ruled else index
            column = _between(columns, (piece.x0 + min(piece.x1, piece.x0 + 20)) / 2)
            table.setdefault(line, {}).setdefault(column, []).append(piece.text)
    return [["\n".join(row[column]) for column in sorted(row)] for _, row in sorted(table.items())]


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
            found.append(_insert(page, taken, lines))
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
