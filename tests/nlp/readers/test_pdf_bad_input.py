"""PDFs that cannot be read, wholly or in part: each says what is wrong and what to do."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.pdf_builder import PdfBuilder
from whatworks.nlp.errors import UnreadableReportError
from whatworks.nlp.readers.pdf import read_pdf

SENTENCE = "The committees kept the roads open through the whole of the rainy season."
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def failure(path: Path, data: bytes) -> UnreadableReportError:
    path.write_bytes(data)
    with pytest.raises(UnreadableReportError) as caught:
        read_pdf(path)
    assert str(path) in str(caught.value)
    with pytest.raises(UnreadableReportError):
        read_pdf(path, data)
    return caught.value


def test_an_encrypted_pdf_asks_for_a_copy_without_password(tmp_path: Path) -> None:
    pdf = PdfBuilder(encrypted=True)
    pdf.page().text(60, 100, SENTENCE)

    error = failure(tmp_path / "locked.pdf", pdf.build())

    assert "password" in error.cause
    assert "without" in error.cure


def test_a_scanned_pdf_asks_for_ocr(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    pdf.page().image()
    pdf.page().image()

    error = failure(tmp_path / "scan.pdf", pdf.build())

    assert "no text layer" in error.cause
    assert "ocrmypdf" in error.cure


def test_an_empty_file_is_named_as_such(tmp_path: Path) -> None:
    assert "empty" in failure(tmp_path / "nothing.pdf", b"").cause


def test_a_damaged_file_is_named_as_such(tmp_path: Path) -> None:
    assert "damaged" in failure(tmp_path / "broken.pdf", b"%PDF-1.4\nnothing else").cause


def test_a_word_document_named_pdf_is_recognised(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")

    assert "zip" in failure(tmp_path / "report.pdf", buffer.getvalue()).cause


def test_a_web_page_named_pdf_is_recognised(tmp_path: Path) -> None:
    error = failure(tmp_path / "report.pdf", b"<!DOCTYPE html><html>Log in</html>")

    assert "web page" in error.cause


def test_a_missing_file_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadableReportError, match=r"nowhere\.pdf.*cannot be opened"):
        read_pdf(tmp_path / "nowhere.pdf")


def test_pages_without_text_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    for year, scanned in zip(("first", "", "second", ""), (False, True, False, True), strict=True):
        page = pdf.page()
        if scanned:
            page.image()
        else:
            page.text(60, 100, f"In the {year} year, {SENTENCE}")
    pdf.page()
    path = tmp_path / "mixed.pdf"
    path.write_bytes(pdf.build())

    document = read_pdf(path)

    assert [block.page for block in document.blocks] == [1, 3]
    assert document.pages == 5
    assert document.warnings == (
        "Pages 2 and 4 have no text layer and were left out.",
        "Page 5 is empty or damaged.",
    )


def test_a_pdf_damaged_in_the_middle_keeps_its_other_pages(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    for number in NUMBERS[:3]:
        pdf.page().text(60, 100, f"In year {number}, {SENTENCE}")
    data = pdf.build().replace(b"7 0 obj\n<< /Type /Page ", b"7 0 obj\n\x00\xff\xfe <<<( /Pag", 1)
    path = tmp_path / "damaged.pdf"
    path.write_bytes(data)

    document = read_pdf(path)

    assert [block.page for block in document.blocks] == [1, 3]
    assert document.warnings == ("Page 2 is damaged and was left out.",)


def test_a_pdf_cut_short_keeps_the_pages_it_has(tmp_path: Path) -> None:
    pdf = PdfBuilder()
    for number in NUMBERS:
        pdf.page().text(60, 100, f"In year {number}, {SENTENCE}")
    whole = pdf.build()
    path = tmp_path / "short.pdf"
    path.write_bytes(whole[: whole.index(b"21 0 obj")])

    document = read_pdf(path)

    assert [block.page for block in document.blocks] == list(range(1, 9))
    assert document.warnings == ("Pages 9 and 10 are damaged and were left out.",)


def test_reading_a_pdf_loads_no_model_library() -> None:
    code = (
        "import sys, whatworks.nlp.readers.pdf; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
