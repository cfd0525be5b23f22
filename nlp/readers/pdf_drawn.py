"""What is drawn on a PDF page and is no text: ruled lines, boxes, bullets."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

PAGE_PATHS_READ = 3000
"""A page with more drawn paths than this is a map or a chart; its rules are not looked at."""

Turn = Callable[[float, float], tuple[float, float]]
"""From a place in the file to one seen by the reader, from the page's upper left corner."""


@dataclass(slots=True)
class Rule:
    """A drawn line, thin bar or one side of a box; upright where ``x0`` equals ``x1``."""

    x0: float
    y0: float
    x1: float
    y1: float


def turning(angle: int, box: tuple[float, float, float, float]) -> tuple[Turn, tuple[float, float]]:
    """How to turn a page so that text at an angle runs to the right, and its width and height."""
    left, bottom, right, top = box
    if angle == 90:
        return lambda x, y: (y - bottom, x - left), (top - bottom, right - left)
    if angle == 180:
        return lambda x, y: (right - x, y - bottom), (right - left, top - bottom)
    if angle == 270:
        return lambda x, y: (top - y, right - x), (top - bottom, right - left)
    return lambda x, y: (x - left, top - y), (right - left, top - bottom)


def read_drawn(
    page: pdfium.PdfPage, turn: Turn
) -> tuple[list[Rule], list[tuple[float, float]], bool]:
    """Ruled lines, the places of drawn bullets, and whether anything is drawn."""
    raw = page.raw
    count = pdfium_c.FPDFPage_CountObjects(raw)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    rules, dots, paths = list[Rule](), list[tuple[float, float]](), 0
    for i in range(count):
        thing = pdfium_c.FPDFPage_GetObject(raw, i)
        if pdfium_c.FPDFPageObj_GetType(thing) != pdfium_c.FPDF_PAGEOBJ_PATH:
            continue
        paths += 1
        if paths > PAGE_PATHS_READ:
            return [], [], True
        if not pdfium_c.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
            continue
        ax, ay = turn(left.value, bottom.value)
        bx, by = turn(right.value, top.value)
        x0, x1, y0, y1 = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        width, height = x1 - x0, y1 - y0
        if height < 3 and width > 6:
            rules.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
        elif width < 3 and height > 6:
            rules.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
        elif 1.5 < width < 8 and abs(width - height) < 1:
            dots.append((x1, (y0 + y1) / 2))
        elif width > 6 and height > 6 and pdfium_c.FPDFPath_CountSegments(thing) <= 6:
            rules += [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1)]
            rules += [Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]
    return rules, dots, count > 0
