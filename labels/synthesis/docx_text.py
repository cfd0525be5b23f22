"""Runs, links, bookmarks and fields of a Word document, which python-docx has no words for."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..exchange.rows import printable
from .content.blocks import Cell, Given, Marks, Target
from .docx_template import ACCENT, LOCALES

if TYPE_CHECKING:
    from docx.table import _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_RIGHT_TO_LEFT = ("R", "AL")
_LONGEST = 60
"""Letters of a cell beyond which more do not widen its column."""


def add_words(paragraph: "Paragraph", given: Given | str) -> "Run":
    """Words at the end of a paragraph, which takes the direction of those of somebody else."""
    if isinstance(given, str):
        return paragraph.add_run(printable(given))
    run = paragraph.add_run(printable(given.text))
    properties = run._r.get_or_add_rPr()
    if is_right_to_left(given.text):
        paragraph._p.get_or_add_pPr().insert_element_before(
            _element("w:bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
            "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr",
        )  # fmt: skip
        properties.append(_element("w:rtl"))
    if given.language:
        properties.append(_element("w:lang", val=LOCALES.get(given.language, given.language)))
    return run


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    kinds = (unicodedata.bidirectional(sign) for sign in text)
    return next((one for one in kinds if one in ("L", *_RIGHT_TO_LEFT)), "L") in _RIGHT_TO_LEFT


def add_link(paragraph: "Paragraph", bookmark: str, text: str, is_coloured: bool = True) -> None:
    """Words that lead to a bookmark."""
    link = _element("w:hyperlink", anchor=bookmark, history="1")
    run = add_words(paragraph, text)
    if is_coloured:
        run._r.get_or_add_rPr().append(_element("w:color", val=ACCENT))
    link.append(run._r)
    paragraph._p.append(link)


def add_marks(paragraph: "Paragraph", marks: Sequence[str]) -> None:
    """Marks of evaluations, each of which leads to its row in the annex."""
    for n, one in enumerate(marks):
        add_words(paragraph, ", " if n else "")
        add_link(paragraph, one, one)


def add_field(paragraph: "Paragraph", instruction: str, shown: str) -> None:
    """What Word works out, and what stands there until then."""
    _field_sign(paragraph, "begin")
    words = paragraph.add_run()._r
    code = _element("w:instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words.append(code)
    _field_sign(paragraph, "separate")
    paragraph.add_run(shown)
    _field_sign(paragraph, "end")


def add_contents(
    paragraphs: Iterable["Paragraph"], entries: Sequence[tuple[str, str]], deepest: int
) -> None:
    """The table of contents, a paragraph an entry: its text, and the bookmark it leads to."""
    for n, (paragraph, (text, bookmark)) in enumerate(zip(paragraphs, entries, strict=True)):
        if not n:
            _field_sign(paragraph, "begin")
            code = _element("w:instrText")
            code.text = f'TOC \\o "1-{deepest}" \\h \\z \\u'
            paragraph.add_run()._r.append(code)
            _field_sign(paragraph, "separate")
        add_link(paragraph, bookmark, text, is_coloured=False)
        if n == len(entries) - 1:
            _field_sign(paragraph, "end")


def add_bookmark(paragraph: "Paragraph", name: str, number: int) -> None:
    """Makes a paragraph the place that a name stands for; the number is its own."""
    begin = _element("w:bookmarkStart", id=str(number), name=name)
    properties = paragraph._p.pPr
    if properties is None:
        paragraph._p.insert(0, begin)
    else:
        properties.addnext(begin)
    paragraph._p.append(_element("w:bookmarkEnd", id=str(number)))


def keep_row(row: "_Row", is_head: bool) -> None:
    """Leaves a row whole; the head stands on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit"))
    if is_head:
        properties.append(_element("w:tblHeader"))
        for cell in row.cells:
            ground = _element("w:shd", val="clear", color="auto", fill="F0F2F4")
            cell._tc.get_or_add_tcPr().append(ground)


def column_widths(rows: Sequence[Sequence[str]], whole: int) -> list[int]:
    """Widths that add up to ``whole``: none is narrower than its longest word if that can be."""
    columns = list(zip(*rows, strict=True))
    least = [max(_longest_word(cell) for cell in column) + 4 for column in columns]
    wanted = [
        max(narrow, max(min(len(cell), _LONGEST) for cell in column))
        for column, narrow in zip(columns, least, strict=True)
    ]
    # A letter takes about this share of the width of a page.
    room = max(0, whole // _LETTER - sum(least))
    more = sum(wanted) - sum(least)
    shares = [
        narrow + (wide - narrow) * (min(1.0, room / more) if more else 0)
        for narrow, wide in zip(least, wanted, strict=True)
    ]
    scale = whole / sum(shares)
    return [int(one * scale) for one in shares]


_LETTER = 60_000
"""Width of a letter in a table, in EMU."""


def plain(cell: Cell, number: str) -> str:
    """What a cell takes room for; ``number`` is a number as it is written."""
    if isinstance(cell, int):
        return number
    if isinstance(cell, Given):
        return cell.text
    if isinstance(cell, Marks):
        return ", ".join(cell.marks)
    return cell.mark if isinstance(cell, Target) else cell


def _longest_word(text: str) -> int:
    return min(18, max((len(word) for word in text.split()), default=0))


def _field_sign(paragraph: "Paragraph", kind: str) -> None:
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType=kind))


def _element(tag: str, **attributes: str):  # type: ignore[no-untyped-def]
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
