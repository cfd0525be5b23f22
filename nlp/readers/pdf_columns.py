"""The reading order of a PDF page: columns from the left, bands from the top."""

from dataclasses import dataclass, field
from itertools import pairwise

from .pdf_grids import Insert, rows_of
from .pdf_pieces import Piece

NARROWEST_COLUMN_EM = 7


@dataclass(slots=True)
class Line:
    """A line of prose within its column."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    mark: str


@dataclass(slots=True)
class Region:
    """Lines that are read one below the other, or one insert."""

    lines: list[Line] = field(default_factory=list)
    insert: Insert | None = None

    @property
    def left(self) -> float:
        """Where most of its lines could begin."""
        return min(line.x0 for line in self.lines)

    @property
    def right(self) -> float:
        """Where its widest line ends."""
        return max(line.x1 for line in self.lines)


def arrange(pieces: list[Piece], inserts: list[Insert]) -> list[Region]:
    """The page's regions in reading order."""
    blocks = [_as_piece(insert) for insert in inserts]
    by_id = {id(block): insert for block, insert in zip(blocks, inserts, strict=True)}
    regions: list[Region] = []
    everything = [*pieces, *blocks]
    groups = [group for band in _bands(everything) for group in _order(band, 0)]
    for group in groups:
        run: list[Piece] = []
        for piece in sorted(group, key=lambda p: p.baseline):
            if id(piece) in by_id:
                if run:
                    regions.append(Region(_lines(run)))
                    run = []
                regions.append(Region(insert=by_id[id(piece)]))
            else:
                run.append(piece)
        if run:
            regions.append(Region(_lines(run)))
    return regions


def _as_piece(insert: Insert) -> Piece:
    return Piece("", insert.x0, insert.x1, insert.top + 5, 6.0, False, False)


def _lines(pieces: list[Piece]) -> list[Line]:
    lines = []
    for row in rows_of(pieces):
        first = row[0]
        main = max(row, key=lambda p: len(p.text))
        lines.append(
            Line(
                " ".join(piece.text for piece in row if piece.text),
                first.x0,
                row[-1].x1,
                main.baseline,
                main.size,
                all(piece.bold for piece in row),
                all(piece.italic for piece in row),
                first.mark,
            )
        )
    return lines


def _bands(pieces: list[Piece]) -> list[list[Piece]]:
    """Parts of the page, from the top, that are set in other columns than the part above."""
    ordered = sorted(pieces, key=lambda p: p.baseline - 0.8 * p.size)
    strips: list[list[Piece]] = []
    bottom = 0.0
    for piece in ordered:
        if not strips or piece.baseline - 0.8 * piece.size - bottom > 0.6 * piece.size:
            strips.append([])
        strips[-1].append(piece)
        bottom = max(bottom, piece.baseline + 0.2 * piece.size)
    bands: list[list[Piece]] = []
    band: list[Piece] = []
    waiting: list[Piece] = []
    gutter: float | None = None
    for strip in strips:
        own = _gutter(strip) if len(strip) > 5 else None
        if own is None:
            waiting += strip
            continue
        if gutter is not None and (_crossed(strip, gutter) or _crossed(band, own)):
            bands.append(band)
            band = []
        # What stands between parts with different columns is the heading of the lower one.
        band += waiting + strip
        waiting, gutter = [], own
    return [part for part in (*bands, band + waiting) if part]


def _crossed(pieces: list[Piece], gutter: float) -> bool:
    """Whether a gutter runs through the columns of these pieces."""
    return sum(p.x0 < gutter - 1 and p.x1 > gutter + 1 for p in pieces) > 0.25 * len(pieces)


def _order(pieces: list[Piece], depth: int) -> list[list[Piece]]:
    gutter = _gutter(pieces) if depth < 4 and len(pieces) >= 6 else None
    if gutter is None:
        return [pieces] if pieces else []
    crossing = sorted(
        (p for p in pieces if p.x0 < gutter - 1 and p.x1 > gutter + 1), key=lambda p: p.baseline
    )
    ids = {id(piece) for piece in crossing}
    beside = sorted((p for p in pieces if id(p) not in ids), key=lambda p: p.baseline)
    groups: list[list[Piece]] = []
    plain: list[Piece] = []

    def close_band(band: list[Piece]) -> None:
        nonlocal plain
        left = [p for p in band if p.x1 <= gutter + 1]
        right = [p for p in band if p.x1 > gutter + 1]
        if not _side_by_side(left, right):
            plain += band
            return
        left, after = _split_tail(left, right)
        if plain:
            groups.append(plain)
        groups.extend(_order(left, depth + 1))
        groups.extend(_order(right, depth + 1))
        plain = after

    band: list[Piece] = []
    for piece in beside:
        while crossing and crossing[0].baseline < piece.baseline:
            if band:
                close_band(band)
                band = []
            plain.append(crossing.pop(0))
        band.append(piece)
    if band:
        close_band(band)
    plain += crossing
    if plain:
        groups.append(plain)
    return groups


def _side_by_side(left: list[Piece], right: list[Piece]) -> bool:
    if len(left) < 2 or len(right) < 2:
        return False
    top = max(min(p.baseline for p in left), min(p.baseline for p in right))
    bottom = min(max(p.baseline for p in left), max(p.baseline for p in right))
    return bottom > top


def _split_tail(left: list[Piece], right: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The left column, and what stands under both columns: a heading, say, after a gap."""
    end = max(p.baseline for p in right)
    usual = _usual_size(left)
    for i, piece in enumerate(left):
        below = piece.baseline > end + 0.5 * piece.size
        # A column does not end in headings or captions.
        if below and 0 < len(left) - i <= 3 and i > 0:
            tail = left[i:]
            if all(p.size > 1.08 * usual or p.bold for p in tail):
                return left[:i], tail
    return left, []


def _usual_size(pieces: list[Piece]) -> float:
    sizes = sorted(piece.size for piece in pieces)
    return sizes[len(sizes) // 2]


def _gutter(pieces: list[Piece]) -> float | None:
    """The place of a gap with lines of prose on both sides, None where there is one column."""
    gaps: list[tuple[float, float, Piece, Piece]] = []
    ordered = sorted(pieces, key=lambda p: p.baseline)
    for i, piece in enumerate(ordered):
        nearest = None
        for other in _near(ordered, i, 0.75 * piece.size):
            if other.x0 >= piece.x1 and (nearest is None or other.x0 < nearest.x0):
                nearest = other
        if nearest is not None and nearest.x0 - piece.x1 > 0.6 * piece.size:
            gaps.append((piece.x1, nearest.x0, piece, nearest))
    if len(gaps) < 3:
        return None
    edges = sorted({edge for gap in gaps for edge in gap[:2]})
    best, score = None, 0
    for a, b in pairwise(edges):
        middle = (a + b) / 2
        support = sum(gap[0] <= a and gap[1] >= b for gap in gaps)
        if support > score:
            best, score = middle, support
    if best is None or score < 3:
        return None
    left = [gap[2] for gap in gaps if gap[0] <= best <= gap[1]]
    right = [gap[3] for gap in gaps if gap[0] <= best <= gap[1]]
    for side in (left, right):
        widths = sorted((p.x1 - p.x0) / p.size for p in side)
        if widths[len(widths) // 2] < NARROWEST_COLUMN_EM:
            return None
    return best


def _near(ordered: list[Piece], index: int, reach: float) -> list[Piece]:
    baseline = ordered[index].baseline
    near = []
    for step in (-1, 1):
        i = index + step
        while 0 <= i < len(ordered) and abs(ordered[i].baseline - baseline) < reach:
            near.append(ordered[i])
            i += step
    return near
