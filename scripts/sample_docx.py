"""Sample reports as Word files: title page, columns, running heads, real footnotes."""

import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from sample_source import Element, SampleReport, french_spaces, spans

# What the schema wants after w:suppressAutoHyphens in paragraph properties.
_AFTER_HYPHENS = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def write_docx(report: SampleReport, path: Path, pages: dict[str, int]) -> None:
    """Writes the report; ``pages`` are the page numbers its contents page shows."""
    writer = _Writer(report, pages)
    writer.write()
    writer.document.save(str(path))
    _fix_dates(path)


class _Writer:
    def __init__(self, report: SampleReport, pages: dict[str, int]) -> None:
        self.report = report
        self.meta = report.meta
        self.pages = pages
        self.document = Document()
        self.notes: list[str] = []
        self.numbering = 0

    def write(self) -> None:
        self._styles()
        self._title_page()
        body = self.document.add_section(WD_SECTION.NEW_PAGE)
        if columns := self.meta.get("columns"):
            for old in body._sectPr.findall(qn("w:cols")):
                body._sectPr.remove(old)
            cols = f'<w:cols {nsdecls("w")} w:num="{columns}" w:space="454"/>'
            body._sectPr.append(parse_xml(cols))
        self._heads(body)
        previous = ""
        for element in self.report.elements:
            if element.kind == "number" and previous != "number":
                self._restart_numbering()
            self._element(element)
            previous = element.kind
        self._footnotes()
        core = self.document.core_properties
        core.title, core.author = self.meta["title"], self.meta["organisation"]
        core.language, core.comments = self.meta["lang"], "Invented sample report, CC0"
        core.created = core.modified = datetime(2024, 1, 15, 9, 0)
        core.last_modified_by = ""

    def _styles(self) -> None:
        document, meta = self.document, self.meta
        section = document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        side = Cm(float(meta.get("margin", 2.4)))
        section.left_margin = section.right_margin = side
        section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
        styles = document.styles
        size = float(meta.get("size", 10.5))
        self._font("Normal", meta["font"], size)
        normal = styles["Normal"].paragraph_format
        normal.space_after, normal.line_spacing = Pt(6), float(meta.get("leading", 1.1))
        normal.widow_control = True
        colour = RGBColor.from_string(meta["colour"])
        heading_font = meta.get("heading_font", meta["font"])
        for level, more in ((1, 5.0), (2, 2.5), (3, 1.0), (4, 0.5)):
            self._font(f"Heading {level}", heading_font, size + more)
            style = styles[f"Heading {level}"]
            style.font.color.rgb, style.font.bold = colour, True
            style.font.italic = level == 3
            style.paragraph_format.space_before = Pt(14 if level == 1 else 9)
            style.paragraph_format.space_after = Pt(4)
        for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
            whole_words = parse_xml(f"<w:suppressAutoHyphens {nsdecls('w')}/>")
            properties = styles[name].element.get_or_add_pPr()
            properties.insert_element_before(whole_words, *_AFTER_HYPHENS)
        styles["Subtitle"].font.color.rgb = RGBColor(0x50, 0x50, 0x50)
        for name in ("List Bullet", "List Number"):
            styles[name].paragraph_format.space_after = Pt(3)
        self._font("Caption", heading_font, size - 1)
        styles["Caption"].font.color.rgb = colour
        for name in ("toc 1", "toc 2", "footnote text", "Table Text", "Source Line"):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles["Normal"]
        styles["footnote text"].font.size = Pt(size - 2)
        styles["footnote text"].paragraph_format.space_after = Pt(0)
        styles["Table Text"].font.size = Pt(size - 1.5)
        styles["Table Text"].paragraph_format.space_after = Pt(1)
        styles["Source Line"].font.size = Pt(size - 2)
        defaults = styles.element.find(qn("w:docDefaults"))
        for language in defaults.iter(qn("w:lang")):
            language.set(qn("w:val"), meta["locale"])
        hyphenate = parse_xml(f"<w:autoHyphenation {nsdecls('w')}/>")
        settings = document.settings.element
        settings.insert(list(settings).index(settings.find(qn("w:defaultTabStop"))), hyphenate)
        if meta.get("even_head"):
            document.settings.odd_and_even_pages_header_footer = True

    def _font(self, style: str, font: str, size: float) -> None:
        properties = self.document.styles[style].element.get_or_add_rPr()
        for old in properties.findall(qn("w:rFonts")):
            properties.remove(old)
        names = " ".join(f'w:{slot}="{font}"' for slot in ("ascii", "hAnsi", "cs", "eastAsia"))
        properties.insert(0, parse_xml(f"<w:rFonts {nsdecls('w')} {names}/>"))
        self.document.styles[style].font.size = Pt(size)

    def _title_page(self) -> None:
        meta, colour = self.meta, RGBColor.from_string(self.meta["colour"])
        lines = [(meta["organisation"], 12, False, 90), (meta["type"], 13, False, 110)]
        lines += [(meta["title"], 24, True, 24), (meta["subtitle"], 14, False, 12)]
        lines += [(line, 11, False, 4) for line in meta["imprint"]]
        for n, (text, size, bold, before) in enumerate(lines):
            style = "Title" if n == 2 else "Subtitle" if n == 3 else "Normal"
            paragraph = self.document.add_paragraph(style=style)
            for border in self.document.styles[style].element.findall(f".//{qn('w:pBdr')}"):
                border.getparent().remove(border)
            paragraph.paragraph_format.space_before = Pt(before if n < 4 or n > 4 else 60)
            run = paragraph.add_run(self._spaced(text))
            run.font.size, run.bold, run.italic = Pt(size), bold, False
            run.font.name = meta.get("heading_font", meta["font"])
            if bold or n == 1:
                run.font.color.rgb = colour
        notice = self.document.add_paragraph(style="Source Line")
        notice.paragraph_format.space_before = Pt(60)
        notice.add_run(self._spaced(meta["notice"]))

    def _heads(self, section: object) -> None:
        # The title page keeps an empty head; the sections after it have their own.
        for which, text in (("", "head"), ("even_page_", "even_head")):
            if not self.meta.get(text):
                continue
            header, footer = (getattr(section, f"{which}{end}") for end in ("header", "footer"))
            header.is_linked_to_previous = footer.is_linked_to_previous = False
            paragraph = header.paragraphs[0]
            paragraph.text = self._spaced(self.meta[text])
            bottom = '<w:bottom w:val="single" w:sz="4" w:space="2" w:color="808080"/>'
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f"<w:pBdr {nsdecls('w')}>{bottom}</w:pBdr>")
            )
            paragraph.runs[0].font.size = Pt(8.5)
            foot = footer.paragraphs[0]
            side = WD_ALIGN_PARAGRAPH.LEFT if which else WD_ALIGN_PARAGRAPH.RIGHT
            foot.alignment = side if self.meta.get("even_head") else WD_ALIGN_PARAGRAPH.CENTER
            before, _, after = str(self.meta.get("foot", "{page}")).partition("{page}")
            foot.add_run(self._spaced(before)).font.size = Pt(8.5)
            number = '<w:r><w:rPr><w:sz w:val="17"/></w:rPr><w:t>1</w:t></w:r>'
            field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE">{number}</w:fldSimple>'
            foot._p.append(parse_xml(field))
            foot.add_run(self._spaced(after)).font.size = Pt(8.5)

    def _element(self, element: Element) -> None:
        document = self.document
        if element.kind == "heading":
            # A box's title looks bold but is no entry of the outline.
            if element.boxed:
                self._box(document.add_paragraph(), element.text, bold=True)
            else:
                document.add_heading(self._spaced(element.text), element.level)
        elif element.kind == "contents":
            self._contents()
        elif element.kind == "table":
            self._table(element)
        elif element.kind in ("caption", "source"):
            named = "Caption" if element.kind == "caption" else "Source Line"
            paragraph = document.add_paragraph(self._spaced(element.text), style=named)
            paragraph.paragraph_format.keep_with_next = element.kind == "caption"
        else:
            style = {"bullet": "List Bullet", "number": "List Number"}.get(element.kind, "Normal")
            paragraph = document.add_paragraph(style=style)
            if element.kind == "number":
                self._numbered(paragraph)
            if self.meta.get("justify", True):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            if element.boxed:
                self._box(paragraph, element.text)
            else:
                self._runs(paragraph, element.text)

    def _runs(self, paragraph: Paragraph, text: str) -> None:
        for kind, piece in spans(text):
            if kind == "note":
                self.notes.append(piece)
                mark = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                mark += f'<w:footnoteReference w:id="{len(self.notes) + 1}"/>'
                paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{mark}</w:r>"))
                continue
            run = paragraph.add_run(self._spaced(piece))
            run.bold, run.italic = kind == "bold" or None, kind == "italic" or None

    def _box(self, paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
        colour = self.meta["colour"]
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="6" w:space="5" w:color="{colour}"/>'
            for side in ("top", "left", "bottom", "right")
        )
        properties = paragraph._p.get_or_add_pPr()
        properties.append(parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>"))
        properties.append(
            parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="F1F4F8"/>')
        )
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(0.25)
        self._runs(paragraph, f"**{text}**" if bold else text)

    def _contents(self) -> None:
        document = self.document
        run = document.add_paragraph().add_run(self.meta["contents_title"])
        run.bold, run.font.size = True, Pt(15)
        for entry in self.report.elements:
            if entry.kind != "heading" or entry.level > 2 or entry.boxed:
                continue
            line = document.add_paragraph(style=f"toc {entry.level}")
            line.paragraph_format.left_indent = Cm(0.6 * (entry.level - 1))
            line.paragraph_format.space_after = Pt(2)
            tabs = line.paragraph_format.tab_stops
            tabs.add_tab_stop(Cm(15.8), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
            line.add_run(f"{self._spaced(entry.text)}\t{self.pages.get(entry.text, 0)}")
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _table(self, element: Element) -> None:
        table = self.document.add_table(0, len(element.rows[0]), style="Table Grid")
        table.autofit = False
        columns = int(self.meta.get("columns", 1))
        width = (21 - 2 * float(self.meta.get("margin", 2.4)) - 0.8 * (columns - 1)) / columns
        share = 1 / (len(element.rows[0]) + 1)
        widths = [Cm(width * share * (2 if n == 0 else 1)) for n in range(len(table.columns))]
        for n, row in enumerate(element.rows):
            for cell, text, wide in zip(table.add_row().cells, row, widths, strict=True):
                cell.width = wide
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.keep_with_next = True
                paragraph.style = self.document.styles["Table Text"]
                paragraph.add_run(self._spaced(text)).bold = n == 0
                if n == 0:
                    fill = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="DCE4EE"/>'
                    cell._tc.get_or_add_tcPr().append(parse_xml(fill))
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = wide
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def _restart_numbering(self) -> None:
        numbering = self.document.part.numbering_part.element
        base = self.document.styles["List Number"].element.pPr.numPr.numId.val
        abstract = next(n.abstractNumId.val for n in numbering.num_lst if n.numId == base)
        number = numbering.add_num(abstract)
        number.add_lvlOverride(0).add_startOverride(1)
        self.numbering = number.numId

    def _numbered(self, paragraph: Paragraph) -> None:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = self.numbering

    def _footnotes(self) -> None:
        notes = [
            f'<w:footnote w:type="{kind}" w:id="{n}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
            for n, (kind, mark) in enumerate(
                (("separator", "separator"), ("continuationSeparator", "continuationSeparator"))
            )
        ]
        style = self.document.styles["footnote text"].style_id
        for n, text in enumerate(self.notes, start=2):
            sign = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
            words = f'<w:r><w:t xml:space="preserve"> {escape(self._spaced(text))}</w:t></w:r>'
            notes.append(
                f'<w:footnote w:id="{n}"><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
                f"{sign}{words}</w:p></w:footnote>"
            )
        xml = f"<w:footnotes {nsdecls('w')}>{''.join(notes)}</w:footnotes>".encode()
        package = self.document.part.package
        part = Part(PackURI("/word/footnotes.xml"), _NOTES_TYPE, xml, package)
        self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _spaced(self, text: str) -> str:
        return french_spaces(text) if self.meta["lang"] == "fr" else text


def _fix_dates(path: Path) -> None:
    """Packs the file again with one fixed date, so that a rebuild gives the same bytes."""
    with zipfile.ZipFile(path) as packed:
        members = [(name, packed.read(name)) for name in packed.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            info = zipfile.ZipInfo(name, (2024, 1, 15, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
