"""The text of Word paragraphs: runs, fields, notes, breaks, text boxes."""

from dataclasses import dataclass, field

from .docx_package import Element, Package, W, is_on

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED = frozenset(
    f"{W}{name}"
    for name in (
        *("del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr"),
        *("rt", "annotationRef", "footnoteRef", "endnoteRef", "sym", "softHyphen", "p", "tbl"),
    )
)
_SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_DRAWINGS = (f"{W}drawing", f"{W}pict", f"{W}object")
_NOTES = (f"{W}footnoteReference", f"{W}endnoteReference")
_UNITS = ("m", "km", "cm", "mm")


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    in_result: bool = False


@dataclass(slots=True)
class Fields:
    """Which of Word's fields (contents, page numbers, links) are open: they span paragraphs."""

    open: list[_Field] = field(default_factory=list)

    @property
    def in_contents(self) -> bool:
        """Whether this place belongs to a table of contents or of figures."""
        return any(one.instruction.split()[:1] == ["TOC"] for one in self.open)

    @property
    def in_instruction(self) -> bool:
        """Whether the text here tells Word what to put in, and is not what the reader sees."""
        return any(not one.in_result for one in self.open)

    def turn(self, kind: str | None) -> None:
        """Open a field, go on to its result, or close it."""
        if kind == "begin":
            self.open.append(_Field())
        elif kind == "separate" and self.open:
            self.open[-1].in_result = True
        elif kind == "end" and self.open:
            self.open.pop()


@dataclass(slots=True)
class ParagraphText:
    """What one paragraph holds."""

    text: str = ""
    """Line breaks inside the paragraph are line ends."""
    notes: list[Element] = field(default_factory=list)
    """Footnotes cited in it."""
    boxes: list[Element] = field(default_factory=list)
    """Contents of the text boxes anchored in it."""
    in_contents: bool = False
    breaks_before: int = 0
    """Page breaks before its first letter."""
    breaks_after: int = 0
    bold_letters: int = 0

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return 0 < sum(map(str.isalpha, self.text)) <= self.bold_letters


def read_paragraph(
    paragraph: Element, package: Package, fields: Fields, *, bold: bool
) -> ParagraphText:
    """The text of a paragraph with what hangs on it.

    Args:
        paragraph: A ``w:p``.
        package: For its footnotes.
        fields: Changed by the fields that begin and end in this paragraph.
        bold: Whether the paragraph's style is bold.
    """
    found = ParagraphText(in_contents=fields.in_contents)
    _Reader(found, package, fields).read(paragraph, bold)
    return found


@dataclass(slots=True)
class _Reader:
    found: ParagraphText
    package: Package
    fields: Fields

    def read(self, element: Element, bold: bool) -> None:
        found = self.found
        for child in element:
            tag = child.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                continue
            if tag == f"{W}r":
                self._read_run(child, bold)
            elif tag in (f"{W}t", f"{_M}t"):
                if child.text and not self.fields.in_instruction:
                    found.text += child.text
                    found.bold_letters += sum(map(str.isalpha, child.text)) if bold else 0
            elif tag in _SIGNS:
                found.text += _SIGNS[tag]
            elif tag == f"{W}br":
                self._read_break(child.get(f"{W}type"))
            elif tag == f"{W}lastRenderedPageBreak":
                self._count_break()
            elif tag == f"{W}instrText":
                if self.fields.open:
                    self.fields.open[-1].instruction += child.text or ""
            elif tag == f"{W}fldChar":
                found.in_contents = found.in_contents or self.fields.in_contents
                self.fields.turn(child.get(f"{W}fldCharType"))
            elif tag in _NOTES:
                self._read_note(child)
            elif tag in _DRAWINGS:
                # The outer box only: a box inside it is read with it.
                found.boxes.extend(list(child.iter(f"{W}txbxContent"))[:1])
            elif tag == f"{_MC}AlternateContent":
                self._read_alternatives(list(child), bold)
            else:
                self.read(child, bold)

    def _read_run(self, run: Element, bold: bool) -> None:
        properties = run.find(f"{W}rPr")
        if properties is not None:
            if is_on(properties, "vanish") or _is_typed_mark(run, properties, self.found.text):
                return
            bold = is_on(properties, "b", bold)
        notes = [note for kind in _NOTES for note in run.findall(kind)]
        if any(note.get(f"{W}customMarkFollows") in ("1", "true", "on") for note in notes):
            for note in notes:  # the rest of the run is the mark, '*' for instance
                self._read_note(note)
            return
        self.read(run, bold)

    def _read_alternatives(self, choices: list[Element], bold: bool) -> None:
        """The same drawing twice, for new and old programs: the first with text in it."""
        with_text = [one for one in choices if one.find(f".//{W}txbxContent") is not None]
        for choice in (with_text or choices)[:1]:
            self.read(choice, bold)

    def _read_note(self, reference: Element) -> None:
        # Endnotes stay where they are: at the end of the document.
        if reference.tag == f"{W}footnoteReference":
            note = self.package.footnotes.get(reference.get(f"{W}id"))
            if note is not None:
                self.found.notes.append(note)

    def _read_break(self, kind: str | None) -> None:
        # Where a page was set to end, Word notes a rendered break too.
        if kind not in ("page", "column"):
            self.found.text += "\n"

    def _count_break(self) -> None:
        if self.found.text.strip():
            self.found.breaks_after += 1
        else:
            self.found.breaks_before += 1


def _is_typed_mark(run: Element, properties: Element, before: str) -> bool:
    """Whether a run is a raised number typed by hand as a mark; 'm²' and '10³' are none."""
    raised = properties.find(f"{W}vertAlign")
    if raised is None or raised.get(f"{W}val") != "superscript":
        return False
    text = "".join(part.text or "" for part in run.iter(f"{W}t")).strip()
    if not text.isdigit() or len(text) > 3 or not before.strip():
        return False
    return not before[-1].isdigit() and before.split()[-1].lower() not in _UNITS
