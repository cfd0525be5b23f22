"""The colours of finding types on light and dark screens."""

from collections.abc import Sequence

DARK_PAPER = "#1b1d21"
_LIGHT_TINT, _DARK_TINT = 0.08, 0.16
_LEAST = 4.5
"""Contrast of text, by WCAG 2.2, success criterion 1.4.3."""


def stylesheet(colours: Sequence[str]) -> str:
    """CSS that gives the n-th finding type, marked ``.type-n``, its colour and tints.

    ``--ink`` is readable on the page, ``--tint`` is a ground on which ``--ink`` is readable.
    """
    light, dark = [], []
    for number, colour in enumerate(colours, 1):
        ink = darkened(colour)
        light.append(_rule(number, ink, mixed(ink, "#ffffff", _LIGHT_TINT), "#ffffff"))
        lighter = lightened(colour)
        dark.append(_rule(number, lighter, mixed(lighter, DARK_PAPER, _DARK_TINT), DARK_PAPER))
    return "\n".join(
        [*light, "@media (prefers-color-scheme: dark) {", *dark, "}", ""],
    )


def darkened(colour: str) -> str:
    """The colour, made dark enough to be read on its own tint on white paper."""
    for share in range(0, 101, 2):
        shade = mixed("#000000", colour, share / 100)
        if contrast(shade, mixed(shade, "#ffffff", _LIGHT_TINT)) >= _LEAST:
            return shade
    return "#000000"


def lightened(colour: str) -> str:
    """The colour, made light enough to be read on dark paper and on its own tint there."""
    for share in range(0, 101, 4):
        shade = mixed("#ffffff", colour, share / 100)
        if contrast(shade, mixed(shade, DARK_PAPER, _DARK_TINT)) >= _LEAST:
            return shade
    return "#ffffff"


def mixed(over: str, under: str, share: float) -> str:
    """A share of one colour on another.

    >>> mixed("#ffffff", "#000000", 0.5)
    '#808080'
    """
    parts = [
        round(int(over[n : n + 2], 16) * share + int(under[n : n + 2], 16) * (1 - share))
        for n in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21, by WCAG 2.2."""
    lights = sorted((_light(one), _light(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def _rule(number: int, ink: str, tint: str, paper: str) -> str:
    return f".type-{number} {{ --ink: {ink}; --tint: {tint}; --on-ink: {paper}; }}"


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
