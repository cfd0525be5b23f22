"""Prose and shapes of reports for the tests of the PDF reader."""

from pathlib import Path

from tests.pdf_builder import PdfBuilder, PdfPage
from whatworks.nlp.documents import BlockKind, Document
from whatworks.nlp.readers.pdf import read_pdf

ROADS = (
    "The programme rebuilt rural roads in four provinces and trained the village committees "
    "that look after them, so that every road was open through the whole rainy season."
)
WATER = (
    "Water users paid their fees more readily once the accounts were read out in public, "
    "and the committees that did so had twice the income of those that kept them closed."
)
SCHOOLS = (
    "Schools that served a meal from local produce kept their pupils, and the farmers who sold "
    "to them planted more vegetables in the following year than their neighbours did."
)


def read_built(builder: PdfBuilder, tmp_path: Path) -> Document:
    path = tmp_path / "report.pdf"
    path.write_bytes(builder.build())
    return read_pdf(path)


def texts_of(document: Document, kind: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if block.kind is kind]


def fill(page: PdfPage, number: int, *, top: float = 100, bottom: float = 700) -> list[str]:
    """Paragraphs between two heights, other ones on every page; gives their texts."""
    found = []
    while top < bottom:
        district = "".join("abcdefghij"[int(digit)] for digit in f"{number:04}")
        text = f"{district.title()} {('had', 'saw', 'did')[len(found) % 3]} it. "
        text += (ROADS, WATER, SCHOOLS)[len(found) % 3]
        top = page.block(60, top, text) + 10
        found.append(text)
    return found


def column(page: PdfPage, x: float, y: float, *paragraphs: str) -> float:
    """Paragraphs one below the other in a narrow column; gives the next baseline."""
    for text in paragraphs:
        y = page.block(x, y, text, chars=36) + 8
    return y
