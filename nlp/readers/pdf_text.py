"""What stands on one PDF page: words with place and type, joined to pieces of lines."""

import ctypes
import math
from collections import Counter
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from .pdf_drawn import Rule, Turn, read_drawn, turning
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


# The same function as pdfium_c.FPDFText_GetTextObject, but giving a plain number:
# a ctypes pointer for every character would take most of the reading time.
_text_object_at = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
_font_of = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(
    ctypes.cast(pdfium_c.FPDFTextObj_GetFont, ctypes.c_void_p).value or 0
)


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
    handle = ctypes.cast(raw, ctypes.c_void_p).value
    count = textpage.count_chars()
    unicode_at = pdfium_c.FPDFText_GetUnicode
    codes = [unicode_at(raw, i) for i in range(count)]
    objects = [_text_object_at(handle, i) for i in range(count)]
    styles: dict[int, tuple[float, int, int, bool, bool]] = {}
    fonts: dict[int, tuple[bool, bool]] = {}
    spans: list[tuple[int, int, int]] = []
    angles: Counter[int] = Counter()
    start = 0
    while start < count:
        thing = objects[start]
        code = codes[start]
        if not thing or (code <= 32 and code != 2) or code == 0xA0 or 0x2000 <= code <= 0x200B:
            start += 1
            continue
        end = start + 1
        while (
            end < count
            and objects[end] == thing
            and (codes[end] > 32 or codes[end] == 2)
            and codes[end] != 0xA0
            and not 0x2000 <= codes[end] <= 0x200B
        ):
            end += 1
        if thing not in styles:
            styles[thing] = _style(raw, start, thing, fonts)
        angles[styles[thing][1]] += end - start
        spans.append((start, end, thing))
        start = end
    angle = angles.most_common(1)[0][0] if angles else 0
    turn, extent = turning(angle, box)
    words = []
    rect = pdfium_c.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    box_at, origin_at = pdfium_c.FPDFText_GetLooseCharBox, pdfium_c.FPDFText_GetCharOrigin
    for start, end, thing in spans:
        size, word_angle, font, bold, italic = styles[thing]
        if word_angle != angle:
            continue
        box_at(raw, start, rect)
        ax, _ = turn(rect.left, rect.bottom)
        bx, _ = turn(rect.right, rect.top)
        if end - start > 1:
            box_at(raw, end - 1, rect)
            cx, _ = turn(rect.left, rect.bottom)
            dx, _ = turn(rect.right, rect.top)
        else:
            cx, dx = ax, bx
        origin_at(raw, start, x, y)
        _, baseline = turn(x.value, y.value)
        text = "".join([chr(c) for c in codes[start:end] if not 0xD800 <= c < 0xE000])
        words.append(
            Word(text, min(ax, bx, cx, dx), max(ax, bx, cx, dx), baseline, size, font, bold, italic)
        )
    return words, turn, extent


def _style(
    raw: object, index: int, thing: int, fonts: dict[int, tuple[bool, bool]]
) -> tuple[float, int, int, bool, bool]:
    """Size in points as seen, angle in degrees, font, bold, italic."""
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
        fonts[font] = bold, italic
    return size, angle, font, *fonts[font]
