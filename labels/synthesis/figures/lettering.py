"""The letters of drawings: which they are, how wide, and where a line ends."""

import unicodedata
from functools import cache

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first comes with what draws the PNG, and the next two are as wide: a drawing looks the same
wherever it was made, and wherever it is shown."""
INK = "#23292f"
QUIET = "#59636e"
LINE = "#c9d1d9"
# Of Liberation Sans, in shares of the letters' size, rounded up.
_WIDTHS = {
    0.28: " .,:;!/|'’iIjltf()[]-",
    0.34: 'r"*“”',
    0.5: "cksvxyzJ",
    0.67: "ABEKPSVXY&",
    0.73: "CDHNRUwG",
    0.78: "OQ",
    0.84: "mM",
    0.95: "W%@…—",
}
_WIDTH_OF = {sign: width for width, signs in _WIDTHS.items() for sign in signs}


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in the unit of its letters' size; rather too wide than too narrow.

    >>> text_width("iii", 10) < text_width("mmm", 10)
    True
    """
    return size * sum(_width(sign) for sign in text)


def wrapped(text: str, width: float, size: float, most: int = 0) -> tuple[str, ...]:
    """The text in lines that are no wider than that; a word that is wider is broken.

    Args:
        text: One paragraph.
        width: In the unit of the letters' size.
        size: Of the letters.
        most: How many lines at most, 0 for any number; the last then ends in '…'.

    >>> wrapped("Weak design and monitoring", 70, 10)
    ('Weak design', 'and', 'monitoring')
    """
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
            continue
        *whole, rest = _broken(word, width, size)
        lines += [*whole, rest]
    if most and len(lines) > most:
        last = lines[most - 1]
        while last and text_width(f"{last}…", size) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()}…"]
    return tuple(lines)


def _broken(word: str, width: float, size: float) -> list[str]:
    parts = [""]
    for sign in word:
        if parts[-1] and text_width(parts[-1] + sign, size) > width:
            parts.append("")
        parts[-1] += sign
    return parts


@cache
def _width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    plain = unicodedata.normalize("NFD", sign)[0]
    return _WIDTH_OF.get(plain, 0.73 if plain.isupper() else 0.57)
