"""PDF reports: opening them, reading them page by page, and what to say when that fails."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ..documents import Block, BlockKind, Document
from ..errors import UnreadableReportError
from .blocks import make_document
from .hyphens import HyphenJoiner
from .pdf_blocks import Draft, body_style, draft_region
from .pdf_columns import Region, arrange
from .pdf_flow import finish, mark_footnotes
from .pdf_furniture import drop_furniture
from .pdf_headings import mark_headings
from .pdf_tables import take_inserts
from .pdf_text import Page, read_page

_CATALOG = re.compile(rb"(\d+) (\d+) obj\s*<<[^>]{0,400}?/Type\s*/Catalog")


def read_pdf(path: Path, data: bytes | None = None) -> Document:
    """The report in a PDF file, blocks in reading order, each with its page.

    Pages without text are left out and named in the document's warnings. ``data`` is the
    file's content where the caller has it already; ``path`` then only gives the name.

    Raises:
        UnreadableReportError: The file is missing, empty, encrypted, damaged or no PDF, or
            none of its pages has a text layer.
    """
    _check_start(path, data)
    pdf = _open(path, data)
    try:
        pages: list[Page] = []
        unread: dict[str, list[int]] = {"damaged": [], "scanned": [], "empty": []}
        for page, number, trouble in _pages(pdf):
            if trouble or page is None:
                unread[trouble].append(number)
            else:
                pages.append(page)
        count = len(pdf)
        named = pdf.get_metadata_value("Title")
    finally:
        pdf.close()
    if not pages:
        raise _nothing_read(path, unread)
    blocks = _blocks(pages)
    return make_document(
        path.name, blocks, title=_title(named, blocks), pages=count, warnings=_warnings(unread)
    )


def _check_start(path: Path, data: bytes | None) -> None:
    try:
        if data is None:
            with path.open("rb") as file:
                start = file.read(1024)
        else:
            start = data[:1024]
    except OSError as error:
        raise UnreadableReportError(
            path,
            f"The file cannot be opened ({error.strerror or error}).",
            "Check that it exists and that you may read it.",
        ) from error
    if not start.strip():
        raise UnreadableReportError(path, "The file is empty.", "Download or export it again.")
    if b"%PDF" in start:
        return
    if start.startswith(b"PK"):
        cause = "The file is no PDF but a zip archive, such as a Word document."
        cure = "Rename it to .docx if it is a Word document; unpack it otherwise."
    elif start.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        cause = "The file is no PDF but a web page, perhaps a download that failed."
        cure = "Download the report again, or rename the file to .html to read the page."
    else:
        cause = "The file is no PDF: it does not begin as one."
        cure = "Download or export it again."
    raise UnreadableReportError(path, cause, cure)


def _open(path: Path, data: bytes | None) -> pdfium.PdfDocument:
    try:
        pdf = pdfium.PdfDocument(data if data is not None else path)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise UnreadableReportError(
                path,
                "The PDF is encrypted and needs a password.",
                "Open it with its password and save or print a copy without one.",
            ) from error
        if error.err_code == pdfium_c.FPDF_ERR_SECURITY:
            raise UnreadableReportError(
                path,
                "The PDF is protected in a way that cannot be read.",
                "Ask its author for an unprotected copy.",
            ) from error
        pdf = _open_cut_short(path, path.read_bytes() if data is None else data)
    if len(pdf) == 0:
        pdf.close()
        raise _damaged(path)
    return pdf


def _open_cut_short(path: Path, data: bytes) -> pdfium.PdfDocument:
    """A file whose end is missing, opened by the catalogue that many programs write first."""
    catalog = _CATALOG.search(data)
    if not catalog:
        raise _damaged(path)
    size = data.count(b" obj") + 1
    trailer = b"\nendobj\ntrailer\n<< /Root %s %s R /Size %d >>\nstartxref\n0\n%%%%EOF\n"
    try:
        return pdfium.PdfDocument(data + trailer % (*catalog.groups(), size))
    except pdfium.PdfiumError as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> UnreadableReportError:
    return UnreadableReportError(
        path,
        "The PDF is damaged and cannot be opened.",
        "Download it again, or repair it, for example with qpdf or by printing it to a new PDF.",
    )


def _pages(pdf: pdfium.PdfDocument) -> Iterator[tuple[Page | None, int, str]]:
    """Each page with its number, and why there is nothing to read on it, '' if there is."""
    for index in range(len(pdf)):
        try:
            page = read_page(pdf, index)
        except pdfium.PdfiumError:
            yield None, index + 1, "damaged"
            continue
        if page.pieces:
            yield page, index + 1, ""
        else:
            yield None, index + 1, "scanned" if page.drawn else "empty"


def _nothing_read(path: Path, unread: dict[str, list[int]]) -> UnreadableReportError:
    if unread["scanned"]:
        return UnreadableReportError(
            path,
            "The PDF has no text layer: its pages are scanned images.",
            "Run text recognition (OCR) on it first, for example with ocrmypdf.",
        )
    if unread["damaged"]:
        return _damaged(path)
    return UnreadableReportError(
        path, "The PDF has only empty pages.", "Download or export it again."
    )


def _warnings(unread: dict[str, list[int]]) -> Iterator[str]:
    ends = {
        "scanned": ("has no text layer and was left out", "have no text layer and were left out"),
        "damaged": ("is damaged and was left out", "are damaged and were left out"),
        "empty": ("is empty or damaged", "are empty or damaged"),
    }
    for trouble, numbers in unread.items():
        if not numbers:
            continue
        one, several = ends[trouble]
        if len(numbers) == 1:
            yield f"Page {numbers[0]} {one}."
        else:
            listed = ", ".join(map(str, numbers[:-1]))
            yield f"Pages {listed} and {numbers[-1]} {several}."


def _blocks(pages: list[Page]) -> list[Block]:
    drop_furniture(pages)
    regions: list[tuple[int, Region]] = []
    for page in pages:
        inserts = take_inserts(page)
        regions += [(page.number, region) for region in arrange(page.pieces, inserts)]
        page.pieces, page.rules = [], []
    lines = [line for _, region in regions for line in region.lines]
    body = body_style(lines)
    joiner = HyphenJoiner(line.text for line in lines)
    drafts: list[Draft] = []
    for number, (page_number, region) in enumerate(regions):
        drafts += draft_region(region, page_number, number, body)
    mark_footnotes(drafts, body)
    mark_headings(drafts, body)
    return finish(drafts, joiner)


def _title(named: str, blocks: list[Block]) -> str:
    """The title the file carries, or else the highest heading of the first page."""
    title = " ".join(named.split())
    machine = title.lower()
    made_up = (
        not title
        or machine.endswith((".doc", ".docx", ".html", ".indd", ".pdf", ".rtf", ".odt"))
        or machine.startswith(("microsoft ", "untitled", "sans titre", "document"))
        or " " not in title
    )
    if not made_up:
        return title
    first = [block for block in blocks if block.page == blocks[0].page] if blocks else []
    headings = [block for block in first if block.kind is BlockKind.HEADING]
    if headings:
        return min(headings, key=lambda block: block.level).text
    return ""
