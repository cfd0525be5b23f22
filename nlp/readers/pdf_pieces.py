"""Words of a PDF page joined to pieces of lines, without the footnote marks between them."""

import unicodedata
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from .pdf_drawn import Rule
from .pdf_glyphs import BULLETS, DASH_BULLETS, clean_glyphs, is_mark, is_sign


@dataclass(slots=True)
class Word:
    """Signs without a space between them, in one font."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    font: int
    bold: bool
    italic: bool


@dataclass(slots=True)
class Piece:
    """A stretch of one line without a wide gap, in points from the page's upper left corner."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    mark: str = ""
    """The footnote mark it begins with; marks further in are already removed."""


def join_words(words: list[Word], uprights: list[Rule]) -> list[Piece]:
    """Words joined where they follow each other on a line with no more than a wide space."""
    uprights = sorted(uprights, key=_place)
    pieces, line = [], list[Word]()
    for word in words:
        if line and not (_follows(line, word) and not _divided(line[-1], word, uprights)):
            pieces.append(_piece(line))
            line = []
        line.append(word)
    if line:
        pieces.append(_piece(line))
    seen, kept = set(), []
    for piece in _with_signs(_without_stretches(pieces), uprights):
        # Some programs print bold type by drawing it twice.
        place = (piece.text, round(piece.x0 / 2), round(piece.baseline / 2))
        if piece.text and place not in seen:
            seen.add(place)
            kept.append(piece)
    return kept


def _without_stretches(pieces: list[Piece]) -> list[Piece]:
    """The same pieces, but a line justified over very wide, equal spaces is one piece."""
    joined, i = list[Piece](), 0
    while i < len(pieces):
        end = i
        first_gap = 0.0
        while end + 1 < len(pieces):
            left, right = pieces[end], pieces[end + 1]
            gap = right.x0 - left.x1
            if abs(right.baseline - left.baseline) > 1 or not 0 < gap < 6 * left.size:
                break
            if end > i and abs(gap - first_gap) > 0.12 * first_gap + 0.5:
                break
            first_gap = first_gap or gap
            end += 1
        run = pieces[i : end + 1]
        if len(run) > 3 and sum(" " in piece.text for piece in run) <= len(run) // 3:
            first = run[0]
            first.text, first.x1 = " ".join(piece.text for piece in run), run[-1].x1
            first.bold = all(piece.bold for piece in run)
            joined.append(first)
        else:
            joined += run
        i = end + 1
    return joined


def _with_signs(pieces: list[Piece], uprights: list[Rule]) -> list[Piece]:
    """The same pieces, but a bullet or number set off from its line is joined to it."""
    joined = list[Piece]()
    sign: Piece | None = None
    for piece in pieces:
        if sign is not None:
            joined.pop()
            beside = abs(piece.baseline - sign.baseline) < 0.4 * piece.size
            near = 0 < piece.x0 - sign.x1 < 5 * piece.size and not any(
                sign.x1 < rule.x0 < piece.x0 and rule.y0 < piece.baseline < rule.y1
                for rule in uprights
            )
            alike = sign.text[:1] in BULLETS + DASH_BULLETS or sign.bold == piece.bold
            if beside and near and alike and not piece.text[:1].isdigit():
                if sign.text == "o":
                    sign.text = "○"
                piece.text, piece.x0 = f"{sign.text} {piece.text}", sign.x0
            else:
                joined.append(sign)
        sign = piece if is_sign(piece.text) else None
        joined.append(piece)
    return joined


def _follows(line: list[Word], word: Word) -> bool:
    last = line[-1]
    tail = line[-3:]
    size = max(word.size, *(w.size for w in tail))
    # A raised mark between two words does not part them.
    shift = 0.0 if word.baseline == last.baseline else _least_shift(tail, word)
    gap = word.x0 - last.x1
    return shift < 0.5 * size and -0.6 * size < gap < 1.1 * size and word.x0 > line[0].x0 - 1


def _least_shift(words: list[Word], word: Word) -> float:
    return min(abs(word.baseline - other.baseline) for other in words)


def _divided(left: Word, right: Word, uprights: list[Rule]) -> bool:
    """Whether a ruled line stands between two words: they are in two cells."""
    first = bisect_left(uprights, left.x1 - 1, key=_place)
    for rule in uprights[first:]:
        if rule.x0 >= right.x0 + 1:
            break
        if rule.y0 - 1 < right.baseline < rule.y1 + 3:
            return True
    return False


def _place(rule: Rule) -> float:
    return rule.x0


def _piece(words: list[Word]) -> Piece:
    lengths: Counter[tuple[float, float]] = Counter()
    for word in words:
        lengths[word.size, word.baseline] += len(word.text)
    size, baseline = lengths.most_common(1)[0][0]
    if len(words) > 1 and words[0].text == "o" and words[0].font != words[1].font:
        words[0].text = "○"
    kept, mark, last_x1 = list[str](), "", words[0].x0
    bold = italic = letters = 0
    for word in words:
        text = clean_glyphs(word.text)
        raised = word.size < 0.85 * size and word.baseline < baseline - 0.15 * size
        gap = word.x0 - last_x1
        last_x1 = word.x1
        if raised and is_mark(text, "".join(kept)):
            mark = mark or (text if not "".join(kept).strip(" " + BULLETS) else "")
            continue
        if kept and gap > 0.14 * size:
            kept.append(" ")
        kept.append(text)
        letters += len(text)
        bold += len(text) * word.bold
        italic += len(text) * word.italic
    text = unicodedata.normalize("NFC", " ".join("".join(kept).split()))
    x0 = min(w.x0 for w in words)
    first_mark = text[: len(text) - len(text.lstrip("⁰¹²³⁴⁵⁶⁷⁸⁹"))]
    if first_mark:
        mark, text = first_mark, text[len(first_mark) :].lstrip()
    return Piece(
        text, x0, max(w.x1 for w in words), baseline, size,
        bold > 0.8 * letters > 0, italic > 0.8 * letters > 0, mark,
    )  # fmt: skip


def place_dots(pieces: list[Piece], dots: list[tuple[float, float]]) -> None:
    """Give a line its bullet sign where the bullet was drawn and not written."""
    for x, y in dots:
        for piece in pieces:
            rise = piece.baseline - y
            if 0 < rise < 0.8 * piece.size and -1 < piece.x0 - x < 2.5 * piece.size:
                if piece.text[0] not in BULLETS:
                    piece.text, piece.x0 = "• " + piece.text, x - 0.4 * piece.size
                break
