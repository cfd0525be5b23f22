import os
import struct
import zipfile
from pathlib import Path

import docx
import pytest

from whatworks.nlp.errors import UnreadableReportError, WhatworksError
from whatworks.nlp.readers.interface import find_reports, read_document

PROSE = "The fund was set up with the ministry and paid every claim within one month."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def word_file(path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph(PROSE)
    with path.open("wb") as file:
        document.save(file)
    return path


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", PROSE.encode()),
        ("a.md", PROSE.encode()),
        ("a.html", f"<p>{PROSE}</p>".encode()),
        ("no ending", PROSE.encode()),
        ("évaluation 'finale' \"2\".TXT", PROSE.encode("utf-16")),
    ],
)
def test_the_ending_decides_for_texts(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    document = read_document(tmp_path / name)
    assert (document.name, document.text, document.language) == (name, PROSE, "en")
    assert document.warnings == ()


def test_a_pdf_that_is_a_word_document_is_read_with_a_warning(tmp_path: Path) -> None:
    document = read_document(word_file(tmp_path / "report.pdf"))
    assert document.text == PROSE
    assert "Word document" in document.warnings[0]


def test_a_pdf_that_is_a_web_page_is_read_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_text(f"\n<!DOCTYPE html><p>{PROSE}</p>")
    document = read_document(tmp_path / "report.pdf")
    assert document.text == PROSE
    assert "web page" in document.warnings[0]


@pytest.mark.parametrize(
    ("name", "data", "cause", "cure"),
    [
        ("a.txt", b"", "empty", "new copy"),
        ("a.pdf", b" \n\0\n", "empty", "new copy"),
        ("a.txt", b"--- ***", "no text", "report itself"),
        ("a.pdf", b"hello this is no pdf", "no PDF", "save it again"),
        ("a.docx", b"hello this is no docx", "no Word document", "save it again"),
        ("a.docx", b"PK\x03\x04 and then nothing", "damaged", "new copy"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "old format", ".docx"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
        ("a.xls", OLE + b"\0" * 99, "old format", ".docx"),
        ("a.rtf", b"{\\rtf1 hello}", "RTF", ".docx"),
        ("a.doc", b"{\\rtf1 hello}", "RTF", ".docx"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "picture", "OCR"),
        ("a.txt", bytes(range(1, 32)) * 30, "not a text", "complete"),
        ("a.pages", b"some text of which we know nothing", "Pages", "Export"),
    ],
)
def test_unreadable_files_are_refused_with_cause_and_cure(
    tmp_path: Path, name: str, data: bytes, cause: str, cure: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableReportError) as caught:
        read_document(path)
    assert cause in caught.value.cause
    assert cure in caught.value.cure
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("members", "cause"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "OpenDocument"),
        ({"ppt/presentation.xml": b"<p/>"}, "slide show"),
        ({"xl/workbook.xml": b"<w/>"}, "workbook"),
        ({"mimetype": b"application/epub+zip"}, "e-book"),
        ({"readme.txt": b"x"}, "archive"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, members: dict[str, bytes], cause: str) -> None:
    with pytest.raises(UnreadableReportError, match=cause):
        read_document(archive(tmp_path / "a.zip", members))


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnreadableReportError, match="no such file"):
        read_document(tmp_path / "none.pdf")
    with pytest.raises(UnreadableReportError, match="folder"):
        read_document(tmp_path)


def test_a_forbidden_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(PROSE)

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableReportError, match="may not read"):
        read_document(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(PROSE)
    path.chmod(0)
    with pytest.raises(UnreadableReportError, match="may not read"):
        read_document(path)


@pytest.mark.slow
def test_a_page_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<div>" * 20_000 + PROSE)
    with pytest.raises(UnreadableReportError, match="nested"):
        read_document(path)


def test_a_pdf_goes_to_the_pdf_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"%PDF-1.4\n" + struct.pack("<I", 7) * 20)
    with pytest.raises(UnreadableReportError):
        read_document(path)


def test_folders_are_searched_in_order_without_hidden_and_lock_files(tmp_path: Path) -> None:
    for name in ("b.docx", "a.PDF", "sub/c.md", ".git/x.txt", "~$b.docx", ".d.txt", "e.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    expected = [tmp_path / name for name in ("a.PDF", "b.docx", "sub/c.md")]
    assert find_reports([tmp_path]) == expected
    assert find_reports([tmp_path], suffixes=frozenset({".csv"})) == [tmp_path / "e.csv"]
    assert find_reports([tmp_path / "*.docx", tmp_path]) == [expected[1], expected[0], expected[2]]
    assert find_reports([str(tmp_path / "**/*.md")]) == [expected[2]]


def test_documents_that_cannot_be_read_are_not_missed(tmp_path: Path) -> None:
    for name in ("a.doc", "b.txt", "c.odt", "c.docx", "d.xls"):
        (tmp_path / name).write_text("x")
    found = [path.name for path in find_reports([tmp_path])]
    # c is there in a format that is read.
    assert found == ["a.doc", "b.txt", "c.docx"]


def test_named_files_are_kept_whatever_they_are(tmp_path: Path) -> None:
    odd = tmp_path / "[1] report*.bin"
    odd.write_text("x")
    assert find_reports([odd, tmp_path / "none.pdf", odd]) == [odd, tmp_path / "none.pdf"]


def test_a_folder_or_pattern_without_reports_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match="no reports in this folder"):
        find_reports([tmp_path])
    with pytest.raises(WhatworksError, match="No file matches"):
        find_reports([tmp_path / "*.pdf"])
