"""The document that a report is written into: ours, or an office's own template."""

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ...nlp.errors import WhatworksError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import BaseStyle, ParagraphStyle

LOCALES = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "pt": "pt-BR"}
"""What Word checks the spelling by."""
_TEMPLATE = b"wordprocessingml.template.main+xml"
_DOCUMENT = b"wordprocessingml.document.main+xml"
TABLE_POINTS, SMALL_TABLE_POINTS = 9, 7.5
"""How large letters in tables are, and in those of many columns."""
ACCENT = "1F4E79"
"""Of headings and links."""
_INK, _QUIET, _LINE = "1D2329", "565E66", "BFC5CB"
_BOX = "EAF1F7"
_FONT = "Calibri"
_SIZES = {
    "Normal": 10.5,
    "Title": 28,
    "Subtitle": 15,
    "Heading 1": 19,
    "Heading 2": 14,
    "Heading 3": 12,
    "Heading 4": 10.5,
    "Quote": 10.5,
    "Caption": 10,
}
"""Of letters in points, in the styles of Word that a report uses."""


def new_document(language: str, template: Path | None) -> "Document":
    """An empty document with all styles that a report needs.

    Of a template everything stays but its text: styles, headers, footers, margins. Styles that it
    lacks are made.

    Raises:
        WhatworksError: the template is missing, or no Word document that can be read.
    """
    from docx import Document

    if template is None:
        document = Document()
        _own_looks(document)
    else:
        document = _opened(template)
        _emptied(document)
        _complete_page(document)
    _add_styles(document)
    _set_language(document, language)
    return document


def _opened(template: Path) -> "Document":
    from docx import Document

    cure = "Save it in Word as a document (.docx) or template (.dotx) and try again."
    try:
        document = Document(io.BytesIO(_as_document(template.read_bytes())))
        # What a damaged file lacks shows when it is first looked for.
        _ = document.styles, document.sections[0].footer.paragraphs, document.settings
    except OSError as error:
        raise WhatworksError(
            f"The template {template} cannot be read: {error.strerror}."
        ) from error
    # Whatever is wrong in a file of others; python-docx has no error of its own for it.
    except Exception as error:
        raise WhatworksError(
            f"The template {template} is no Word document that can be read. {cure}"
        ) from error
    return document


def _as_document(content: bytes) -> bytes:
    """A .dotx is a .docx but for one word."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for one in given.infolist():
            part = given.read(one)
            if one.filename == "[Content_Types].xml":
                part = part.replace(_TEMPLATE, _DOCUMENT)
            made.writestr(one, part)
    return out.getvalue()


def _emptied(document: "Document") -> None:
    """Takes the text out; the last section keeps its paper, headers and footers."""
    body = document.element.body
    for child in list(body):
        if child is not body.sectPr:
            body.remove(child)


def _complete_page(document: "Document") -> None:
    """Says how large the paper is and where text begins, which a template may leave to Word."""
    from docx.shared import Cm

    section = document.sections[0]
    sizes = {"page_width": 21, "page_height": 29.7, "left_margin": 2.5, "right_margin": 2.5}
    for name, length in sizes.items():
        if getattr(section, name) is None:
            setattr(section, name, Cm(length))


def _own_looks(document: "Document") -> None:
    """Letters, colours and margins, where no template says them."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)
    for name, size in _SIZES.items():
        style = document.styles[name]
        _set_font(style, _FONT)
        style.font.size, style.font.italic = Pt(size), False
        is_large = size > _SIZES["Normal"]
        style.font.color.rgb = RGBColor.from_string(ACCENT if is_large else _INK)
        style.paragraph_format.space_before = Pt(size if "Heading" in name else 0)
        style.paragraph_format.space_after = Pt(5)
    document.styles["Normal"].paragraph_format.line_spacing = 1.15
    document.styles["Caption"].paragraph_format.space_before = Pt(10)
    _indent(document.styles["Quote"])
    for line in document.styles["Table Grid"].element.findall(".//{*}tblBorders/*"):
        line.set(qn("w:color"), _LINE)


def _indent(quote: "ParagraphStyle") -> None:
    """Sets quotations in, close to the source that stands below."""
    from docx.shared import Cm, Pt

    quote.paragraph_format.left_indent = Cm(0.8)
    quote.paragraph_format.space_after = Pt(0)
    quote.paragraph_format.keep_together = True


def _set_font(style: "BaseStyle", name: str) -> None:
    """For all letters: what the theme of Word says comes first otherwise."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), name)


def _add_styles(document: "Document") -> None:
    """Those that are missing: Word's own by the names that python-docx has, and a few of ours."""
    from docx.shared import Cm, Pt

    for name, size in _SIZES.items():
        if (style := _paragraph_style(document, name)) is not None:
            style.font.size = Pt(size)
            style.font.bold = name.startswith(("Heading", "Caption"))
            if name.startswith("Heading"):
                _set_outline(style, int(name[-1]))
            if name == "Quote":
                _indent(style)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Heading 4", "Caption"):
        document.styles[name].paragraph_format.keep_with_next = True
    for name, indent in (("List Bullet", 0.6), ("toc 1", 0), ("toc 2", 0.6)):
        if (style := _paragraph_style(document, name)) is not None:
            style.paragraph_format.left_indent = Cm(indent)
            style.paragraph_format.space_after = Pt(1)
            style.paragraph_format.line_spacing = 1
    _add_quiet_styles(document)
    _add_framed_styles(document)
    _add_table_grid(document)


def _add_quiet_styles(document: "Document") -> None:
    """What stands below or beside something else, in small or grey letters."""
    from docx.shared import Pt, RGBColor

    for name, base, size, after in (
        ("Definition", "Normal", None, 6),
        ("Basis", "Normal", 9, 10),
        ("Source", "Quote", 9, 8),
        ("Table Text", "Normal", TABLE_POINTS, 2),
        ("Table Text Small", "Normal", SMALL_TABLE_POINTS, 2),
    ):
        style = _paragraph_style(document, name)
        if style is None:
            continue
        style.base_style = document.styles[base]
        style.font.italic = style.paragraph_format.keep_with_next = name == "Definition"
        style.paragraph_format.space_after = Pt(after)
        if size:
            style.font.size = Pt(size)
        if name.startswith(("Table", "Basis")):
            style.paragraph_format.space_before = Pt(2)
            style.paragraph_format.line_spacing = 1
        if not name.startswith("Table"):
            style.font.color.rgb = RGBColor.from_string(_QUIET)


def _add_framed_styles(document: "Document") -> None:
    """Notes and boxes."""
    from docx.shared import Pt

    if (note := _paragraph_style(document, "Note")) is not None:
        _frame(note, "FFF3DF", "B45F06")
        note.paragraph_format.space_after = Pt(8)
    if (box := _paragraph_style(document, "Box")) is not None:
        _frame(box, _BOX, ACCENT)
    if (title := _paragraph_style(document, "Box Title")) is not None:
        # The line above keeps it apart from the box before: Word joins frames that are alike.
        _frame(title, _BOX, ACCENT, is_first=True)
        title.font.bold = True
        title.paragraph_format.space_before = Pt(14)
        title.paragraph_format.keep_with_next = True
    if (source := _paragraph_style(document, "Box Source")) is not None:
        source.base_style = document.styles["Box"]
        source.font.size = Pt(9)


def _paragraph_style(document: "Document", name: str) -> "ParagraphStyle | None":
    """A new style on 'Normal'; None where it is there already."""
    from docx.enum.style import WD_STYLE_TYPE

    # Word writes 'heading 1' in its files, and python-docx finds it by 'Heading 1'.
    if name in document.styles:
        return None
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.hidden, style.quick_style = False, True
    if "Normal" in document.styles:
        style.base_style = document.styles["Normal"]
    return cast("ParagraphStyle", style)


def _set_outline(style: "ParagraphStyle", level: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level - 1))
    style.element.get_or_add_pPr().append(outline)


def _frame(style: "ParagraphStyle", fill: str, line: str, is_first: bool = False) -> None:
    """A coloured ground with a line on the left."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Cm, Pt

    style.paragraph_format.left_indent = style.paragraph_format.right_indent = Cm(0.3)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.keep_together = True
    properties = style.element.get_or_add_pPr()
    borders = f'<w:left w:val="single" w:sz="24" w:space="8" w:color="{line}"/>'
    if is_first:
        borders = f'<w:top w:val="single" w:sz="4" w:space="4" w:color="{line}"/>{borders}'
    frame = parse_xml(f"<w:pBdr {nsdecls('w')}>{borders}</w:pBdr>")
    ground = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')
    # The schema wants them before spacing and indent.
    spacing = properties.find("{*}spacing")
    spacing.addprevious(frame)
    spacing.addprevious(ground)


def _add_table_grid(document: "Document") -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    if "Table Grid" in document.styles:
        return
    style = document.styles.add_style("Table Grid", WD_STYLE_TYPE.TABLE)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{one} w:val="single" w:sz="4" w:color="auto"/>' for one in sides)
    style.element.append(
        parse_xml(f"<w:tblPr {nsdecls('w')}><w:tblBorders>{lines}</w:tblBorders></w:tblPr>")
    )


def _set_language(document: "Document", language: str) -> None:
    """Of all text that has no language of its own."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = document.styles["Normal"].element.get_or_add_rPr()
    for one in properties.findall(qn("w:lang")):
        properties.remove(one)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), LOCALES[language])
    properties.append(lang)
