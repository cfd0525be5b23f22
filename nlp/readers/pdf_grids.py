"""Tables of a PDF page that are drawn with ruled lines."""

from dataclasses import dataclass
from itertools import pairwise

from .pdf_drawn import Rule
from .pdf_pieces import Piece
from .pdf_text import Page

TOUCHING = 4.0
"""Ruled lines closer than this, in points, belong to one grid."""
GRID_LINES_READ = 600
MOST_WORDS_IN_CELL = 70
"""More text between two lines across the page is prose in columns."""


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


def take_grids(page: Page) -> list[Insert]:
    """The tables with ruled lines, taken out of the page's pieces."""
    if not page.rules or len(page.rules) > GRID_LINES_READ:
        return []
    return [*_take_ruled(page), *_take_between_lines(page)]


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


def take_out(
    page: Page, taken: list[Piece], rows: list[list[str]], contents: bool = False
) -> Insert:
    """What was taken as an insert; the page keeps its other pieces."""
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


def _take_ruled(page: Page) -> list[Insert]:
    """Grids of ruled lines with at least two columns and text in more than one of them."""
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
        found.append(take_out(page, inside, _grid_rows(inside, columns, lines)))
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


def _take_between_lines(page: Page) -> list[Insert]:
    """Tables whose rows are parted by lines and whose columns are not."""
    found = []
    for x0, x1, heights in _lines_across(page):
        within = [p for p in page.pieces if p.x0 > x0 - 4 and p.x1 < x1 + 6]
        for lines in _tabular_runs(within, heights):
            inside = [p for p in within if lines[0] < p.baseline < lines[-1] + 1]
            columns = _column_edges(inside)
            if len(columns) < (3 if len(lines) > 2 else 4):
                continue
            inside += _row_above(page.pieces, columns, lines)
            found.append(take_out(page, inside, _grid_rows(inside, columns, [0.0, *lines])))
    return found


def _tabular_runs(pieces: list[Piece], lines: list[float]) -> list[list[float]]:
    """Lines one below the other that have cells and no more than cells between them."""
    runs: list[list[float]] = [[lines[0]]]
    for above, below in pairwise(lines):
        between = [p for p in pieces if above < p.baseline < below + 1]
        columns = len(_column_edges(between)) - 1
        words = sum(len(piece.text.split()) for piece in between)
        if columns > 1 and words <= MOST_WORDS_IN_CELL * columns:
            runs[-1].append(below)
        else:
            runs.append([below])
    return [run for run in runs if len(run) > 1]


def _lines_across(page: Page) -> list[tuple[float, float, list[float]]]:
    """Left end, right end and heights of the lines that begin and end below each other."""
    whole: list[Rule] = []
    for rule in sorted((r for r in page.rules if r.y0 == r.y1), key=lambda r: (round(r.y0), r.x0)):
        # The lower sides of the cells of a row make one line.
        if whole and abs(whole[-1].y0 - rule.y0) < 1.5 and rule.x0 < whole[-1].x1 + TOUCHING:
            whole[-1].x1 = max(whole[-1].x1, rule.x1)
        else:
            whole.append(Rule(rule.x0, rule.y0, rule.x1, rule.y1))
    by_extent: dict[tuple[int, int], list[Rule]] = {}
    for rule in whole:
        if rule.x1 - rule.x0 > 0.3 * page.width:
            by_extent.setdefault((round(rule.x0 / 6), round(rule.x1 / 6)), []).append(rule)
    found = []
    for rules in by_extent.values():
        lines = _distinct([rule.y0 for rule in rules])
        if len(lines) > 1:
            found.append((min(r.x0 for r in rules), max(r.x1 for r in rules), lines))
    return found


def _row_above(pieces: list[Piece], columns: list[float], lines: list[float]) -> list[Piece]:
    """The cells over the first line, where a table begins with its text and not with a line."""
    found: list[Piece] = []
    height = lines[0]
    for row in reversed(rows_of([p for p in pieces if p.baseline < lines[0]])):
        crossing = any(p.x0 + 2 < edge < p.x1 - 2 for p in row for edge in columns[1:-1])
        inside = columns[0] - 4 < row[0].x0 and row[-1].x1 < columns[-1] + 6
        far = height - row[0].baseline > 1.7 * row[0].size
        if crossing or not inside or far or row[0].text.rstrip().endswith(":"):
            break
        found += row
        height = row[0].baseline
    # One column only is the paragraph above the table.
    return found if len({_between(columns, p.x0 + 2) for p in found}) > 1 else []


def _column_edges(pieces: list[Piece]) -> list[float]:
    """Where columns begin and end: the middles of the gaps that no piece crosses."""
    if not pieces:
        return []
    spans = sorted((piece.x0, piece.x1) for piece in pieces)
    reach, edges = spans[0][1], [spans[0][0]]
    for x0, x1 in spans[1:]:
        if x0 - reach > 3:
            edges.append((reach + x0) / 2)
        reach = max(reach, x1)
    return [*edges, reach]
