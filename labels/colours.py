"""Colours on which white text can be read."""

import re

MIN_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of normal size."""


def is_colour(text: str) -> bool:
    """Whether it is written '#rrggbb'."""
    return re.fullmatch("#[0-9a-fA-F]{6}", text) is not None


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of white and '#rrggbb', from 1 (white) to 21 (black), by WCAG 2.2.

    >>> round(contrast_with_white("#767676"), 2)
    4.54
    """
    red, green, blue = (_linear(int(colour[n : n + 2], 16) / 255) for n in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def darkened(colour: str) -> str:
    """The lightest shade of the colour that white text can be read on; itself where it can.

    >>> darkened("#ffa500")
    '#a36900'
    """
    parts = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    for share in range(100, -1, -1):
        shade = "#" + "".join(f"{part * share // 100:02x}" for part in parts)
        if contrast_with_white(shade) >= MIN_CONTRAST:
            return shade
    raise AssertionError("black has a contrast of 21")


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
