"""Texts in pieces, some of them marked: what was searched for, what weighed much."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...models.why import Weight
from ...nlp.words import Span

MOST = 320
"""Characters of a passage that a list shows."""
_BEFORE = 90
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text."""

    text: str
    strength: int = 0
    """0 is not marked; else from 1 to 3."""


def snippet(text: str, spans: Sequence[Span], most: int = MOST) -> tuple[Piece, ...]:
    """The text with these spans marked; of a long one the part with the first of them."""
    start, end = 0, len(text)
    if len(text) > most:
        first = spans[0][0] if spans else 0
        if first > _BEFORE:
            start = _word_start(text, min(first - _BEFORE, len(text) - most))
        least = spans[0][1] if spans else start
        end = min(len(text), max(start + most, least))
        if end < len(text):
            end = _word_end(text, least, end)
    inside = ((a - start, b - start, 3) for a, b in spans if start <= a and b <= end)
    found = pieces(text[start:end], inside)
    before = (Piece(f"{_CUT} "),) if start else ()
    after = (Piece(f" {_CUT}"),) if end < len(text) else ()
    return (*before, *found, *after)


def weighed(text: str, weights: Iterable[Weight]) -> tuple[Piece, ...]:
    """The text with the words marked that weighed much."""
    return pieces(text, ((w.start, w.end, int(w.strength)) for w in weights if w.strength))


def pieces(text: str, marks: Iterable[tuple[int, int, int]]) -> tuple[Piece, ...]:
    """The text cut at the marks: start, end and strength of each, in order, none overlapping."""
    found: list[Piece] = []
    at = 0
    for start, end, strength in marks:
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], strength))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return tuple(found)


def _word_start(text: str, near: int) -> int:
    """Behind the first space from here on, if one is near."""
    space = text.find(" ", near, near + 40)
    return near if space < 0 else space + 1


def _word_end(text: str, least: int, near: int) -> int:
    """Before the last space up to here, if one is near."""
    space = text.rfind(" ", max(least, near - 40), near + 1)
    return near if space < 0 else space
