"""What stands on one PDF page: words with place and type, joined to pieces of lines."""

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from .pdf_drawn import Rule, Turn, read_drawn, turning
from .pdf_glyphs import sign_of_symbol
from .pdf_pieces import Piece, Word, join_words, place_dots


@dataclass(slots=True)
class Page:
    """One page as it was drawn."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    rules: list[Rule]
    drawn: bool
    """Whether anything is drawn on it at all, be it an image."""


class _Style(NamedTuple):
    size: float
    """Points as seen, whatever the page is scaled by."""
    angle: int
    """Degrees, a multiple of 90."""
    font: int
    bold: bool
    italic: bool
    signs: bool
    """Whether the font has bullets and arrows in the place of letters."""


# The same function as pdfium_c.FPDFText_GetTextObject, but giving a plain number:
# a ctypes pointer for every character would take most of the reading time.
_text_object_at = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
_font_of = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(
    ctypes.cast(pdfium_c.FPDFTextObj_GetFont, ctypes.c_void_p).value or 0
)


_SPACES = frozenset([*range(2), *range(3, 33), 0xA0, *range(0x2000, 0x200C), 0x202F, 0x3000])
"""White space and control codes; 2 is the library's sign for a hyphen at a line end."""


def read_page(pdf: pdfium.PdfDocument, index: int) -> Page:
    """The page at ``index``, turned so that most of its text runs from left to right.

    Text at a right angle to the rest (labels of an axis, a note in the margin) is left out.

    Raises:
        pypdfium2.PdfiumError: The page is damaged.
    """
    page = pdf[index]
    try:
        textpage = page.get_textpage()
        try:
            words, turn, (width, height) = _words(textpage, page.get_bbox())
        finally:
            textpage.close()
        rules, dots, drawn = read_drawn(page, turn)
    finally:
        page.close()
    pieces = join_words(words, [rule for rule in rules if rule.x0 == rule.x1])
    place_dots(pieces, dots)
    return Page(index + 1, width, height, pieces, rules, drawn)


def _words(
    textpage: pdfium.PdfTextPage, box: tuple[float, float, float, float]
) -> tuple[list[Word], Turn, tuple[float, float]]:
    raw = textpage.raw
    spans = _spans(textpage)
    styles: dict[int, _Style] = {}
    fonts: dict[int, tuple[bool, bool, bool]] = {}
    angles: Counter[int] = Counter()
    for start, text, thing in spans:
        if thing not in styles:
            styles[thing] = _style(raw, start, thing, fonts)
        angles[styles[thing].angle] += len(text)
    angle = angles.most_common(1)[0][0] if angles else 0
    turn, extent = turning(angle, box)
    words = []
    rect = pdfium_c.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    box_at, origin_at = pdfium_c.FPDFText_GetLooseCharBox, pdfium_c.FPDFText_GetCharOrigin
    for start, text, thing in spans:
        style = styles[thing]
        if style.angle != angle:
            continue
        box_at(raw, start, rect)
        x0 = min(turn(rect.left, rect.bottom)[0], turn(rect.right, rect.top)[0])
        box_at(raw, start + len(text) - 1, rect)
        x1 = max(turn(rect.left, rect.bottom)[0], turn(rect.right, rect.top)[0])
        origin_at(raw, start, x, y)
        _, baseline = turn(x.value, y.value)
        if style.signs:
            text = sign_of_symbol(text)
        words.append(Word(text, x0, x1, baseline, style.size, style.font, style.bold, style.italic))
    return words, turn, extent


def _spans(textpage: pdfium.PdfTextPage) -> list[tuple[int, str, int]]:
    """Index of the first character, text and text object of each word of one object."""
    raw = textpage.raw
    handle = ctypes.cast(raw, ctypes.c_void_p).value
    unicode_at = pdfium_c.FPDFText_GetUnicode
    spans: list[tuple[int, str, int]] = []
    letters: list[str] = []
    first, thing = 0, 0
    for i in range(textpage.count_chars()):
        code, own = unicode_at(raw, i), _text_object_at(handle, i)
        # Signs without an object are spaces and line ends that the library added.
        if own and own == thing and letters and code not in _SPACES:
            letters.append(chr(code))
            continue
        if letters:
            spans.append((first, "".join(letters), thing))
            letters = []
        thing = own
        if own and code not in _SPACES:
            first = i
            letters.append(chr(code))
    if letters:
        spans.append((first, "".join(letters), thing))
    return spans


def _style(
    raw: object, index: int, thing: int, fonts: dict[int, tuple[bool, bool, bool]]
) -> _Style:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
    size = pdfium_c.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
    angle = round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360
    font = _font_of(thing) or 0
    if font not in fonts:
        buffer, flags = ctypes.create_string_buffer(256), ctypes.c_int()
        pdfium_c.FPDFText_GetFontInfo(raw, index, buffer, 256, flags)
        name = buffer.value.decode("utf-8", "replace").lower()
        weight = pdfium_c.FPDFText_GetFontWeight(raw, index)
        bold = any(word in name for word in ("bold", "black", "heavy", "demi")) or weight >= 600
        italic = any(word in name for word in ("italic", "oblique")) or bool(flags.value & 64)
        signs = any(word in name for word in ("wingding", "symbol", "webding"))
        fonts[font] = bold, italic, signs
    return _Style(size, angle, font, *fonts[font])
