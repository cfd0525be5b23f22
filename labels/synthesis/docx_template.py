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
ACCENT = "1F4E79"
"""Of headings and links."""
_INK, _QUIET, _LINE = "1D2329", "565E66", "BFC5CB"
_BOX = "EAF1F7"
_FONT = "Calibri"


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


def _own_looks(document: "Document") -> None:
    """Letters, colours and margins, where no template says them."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.3)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    sizes = {"Title": 28, "Subtitle": 15, "Heading 1": 19, "Heading 2": 14, "Heading 3": 12,
             "Heading 4": 10.5}  # fmt: skip
    for name in ("Normal", *sizes, "Quote", "Caption"):
        _set_font(document.styles[name], _FONT)
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor.from_string(_INK if name == "Heading 4" else ACCENT)
        style.font.italic = False
        style.paragraph_format.space_before = Pt(0 if "itle" in name else size)
        style.paragraph_format.space_after = Pt(5)
    caption, quote = document.styles["Caption"], document.styles["Quote"]
    caption.font.size, caption.font.color.rgb = Pt(10), RGBColor.from_string(_INK)
    caption.paragraph_format.space_before = Pt(10)
    caption.paragraph_format.space_after = Pt(4)
    quote.font.italic, quote.font.color.rgb = False, RGBColor.from_string(_INK)
    quote.paragraph_format.left_indent = Cm(0.8)
    quote.paragraph_format.space_after = Pt(0)
    quote.paragraph_format.keep_together = True
    for line in document.styles["Table Grid"].element.findall(".//{*}tblBorders/*"):
        line.set(qn("w:color"), _LINE)


def _set_font(style: "BaseStyle", name: str) -> None:
    """For all letters: what the theme of Word says comes first otherwise."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), name)


def _add_styles(document: "Document") -> None:
    """Those that are missing; Word's own by their names in its files, and a few of ours."""
    from docx.shared import Cm, Pt, RGBColor

    quiet = RGBColor.from_string(_QUIET)
    _paragraph_style(document, "Normal")
    for level, size in enumerate((19, 14, 12, 10.5), start=1):
        heading = _paragraph_style(document, f"Heading {level}")
        if heading is not None:
            heading.font.size, heading.font.bold = Pt(size), True
            heading.paragraph_format.keep_with_next = True
            _set_outline(heading, level)
    for name, size in (("Title", 28), ("Subtitle", 15)):
        if (title := _paragraph_style(document, name)) is not None:
            title.font.size = Pt(size)
    if (caption := _paragraph_style(document, "Caption")) is not None:
        caption.font.bold, caption.font.size = True, Pt(10)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    if (quote := _paragraph_style(document, "Quote")) is not None:
        quote.paragraph_format.left_indent = Cm(0.8)
    if (bullet := _paragraph_style(document, "List Bullet")) is not None:
        bullet.paragraph_format.left_indent = Cm(0.6)
    for level in (1, 2):
        if (contents := _paragraph_style(document, f"toc {level}")) is not None:
            contents.paragraph_format.left_indent = Cm(0.6 * (level - 1))
            contents.paragraph_format.space_after = Pt(2)
    if (source := _paragraph_style(document, "Source")) is not None:
        source.base_style = document.styles["Quote"]
        source.font.size, source.font.color.rgb, source.font.italic = Pt(9), quiet, False
        source.paragraph_format.space_after = Pt(8)
    if (definition := _paragraph_style(document, "Definition")) is not None:
        definition.font.italic, definition.font.color.rgb = True, quiet
    if (basis := _paragraph_style(document, "Basis")) is not None:
        basis.font.size, basis.font.color.rgb = Pt(9), quiet
        basis.paragraph_format.space_before, basis.paragraph_format.space_after = Pt(3), Pt(10)
    if (cell := _paragraph_style(document, "Table Text")) is not None:
        cell.font.size = Pt(9)
        cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(2)
        cell.paragraph_format.line_spacing = 1
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
        source.font.size, source.font.color.rgb = Pt(9), quiet
    _add_table_grid(document)


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
