"""Every bad input: a clear message with the file's name and a cure, and nothing else lost."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from tests.command import PROSE, Ran, Run, text_report
from tests.pdf_builder import PdfBuilder
from tests.word_builder import paragraph, word_bytes

pytestmark = pytest.mark.slow


def pdf(*paragraphs: str, **options: bool) -> bytes:
    builder = PdfBuilder(**options)
    for text in paragraphs:
        builder.page().block(60, 80, text)
    return builder.build()


def scanned_pdf() -> bytes:
    builder = PdfBuilder()
    builder.page().image()
    builder.page().image()
    return builder.build()


def broken_off_pdf() -> bytes:
    return pdf(*PROSE)[:150]


def huge_word_file() -> bytes:
    """A megabyte that unpacks to more than a gigabyte."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(1100):
            member.write(b" " * 1_000_000)
    return buffer.getvalue()


def word_file_cut_short() -> bytes:
    return word_bytes(paragraph(PROSE[0]) * 50)[:-300]


def word_file_garbled() -> bytes:
    data = bytearray(word_bytes("".join(paragraph(f"{n} {PROSE[0]}") for n in range(50))))
    start = data.index(b"word/document.xml") + 60
    data[start : start + 40] = b"\xa5" * 40
    return bytes(data)


UNREADABLE: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "encrypted PDF": (
        "locked.pdf",
        lambda: pdf(PROSE[0], encrypted=True),
        "encrypted and needs a password",
        "save or print a copy without one",
    ),
    "scanned PDF": ("scan.pdf", scanned_pdf, "no text layer", "OCR"),
    "PDF broken off": ("cut.pdf", broken_off_pdf, "damaged", "Download it again"),
    "empty file": ("empty.docx", lambda: b"", "The file is empty", "Get a new copy"),
    "corrupt zip": ("cut.docx", word_file_cut_short, "damaged", "new copy"),
    "garbled zip": ("garbled.docx", word_file_garbled, "damaged", "new copy"),
    "zip that is no zip": ("a.docx", lambda: b"PK\x03\x04 nothing", "damaged", "new copy"),
    "encrypted Word file": (
        "a.docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted with a password",
        "save a copy without one",
    ),
    "no PDF at all": ("a.pdf", lambda: b"hello, no PDF", "is no PDF", "get a new copy"),
    "binary file": ("a.txt", lambda: bytes(range(1, 32)) * 99, "not a text file", "complete"),
    "picture": ("a.md", lambda: b"\x89PNG\r\n\x1a\n", "picture", "OCR"),
    "table without text": ("t.csv", lambda: b"code,note\n1,a\n", "no 'text' column", "Name the"),
    "table without rows": ("t.csv", lambda: b"code,text\n", "no rows", "right file"),
    "table with a broken row": ("t.csv", lambda: b"text\na,b,c\n", "Line 2 has 3 cells", "quotes"),
    "broken JSON lines": ("t.jsonl", lambda: b'{"text": "a"}\n{"text"', "Line 2", "JSON"),
}


@pytest.fixture
def with_sound(classify: Run, report: Path, tmp_path: Path) -> Callable[..., Ran]:
    """Runs with bad inputs before a sound report, and checks that the latter is not lost."""

    def call(*bad: Path | str, classify: Run = classify) -> Ran:
        result = tmp_path / "result.jsonl"
        ran = classify(*bad, report, "--include-none", "-o", result)
        assert "Traceback" not in ran.said
        assert "unforeseen" not in ran.said
        lines = map(json.loads, result.read_text("utf-8").splitlines())
        found = [one["text"] for one in lines if one["report"] == report.name]
        assert found == list(PROSE)
        assert not list(tmp_path.glob(".whatworks-*"))
        return ran

    return call


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_file_that_cannot_be_read_is_named_with_cause_and_cure(
    what: str, with_sound: Callable[..., Ran], tmp_path: Path
) -> None:
    name, data, cause, cure = UNREADABLE[what]
    (tmp_path / name).write_bytes(data())
    ran = with_sound(tmp_path / name)
    assert ran.code == 1
    told = " ".join(ran.err.split())
    assert "1 file or folder could not be read:" in told
    told = told.split("could not be read:")[1]
    assert told.replace(" ", "").startswith(str(tmp_path / name))
    assert cause in told
    assert cure in told


@pytest.mark.slow
def test_a_word_file_that_unpacks_to_gigabytes(
    with_sound: Callable[..., Ran], tmp_path: Path
) -> None:
    data = huge_word_file()
    assert len(data) < 3_000_000
    (tmp_path / "bomb.docx").write_bytes(data)
    ran = with_sound(tmp_path / "bomb.docx")
    assert ran.code == 1
    assert "bomb.docx" in ran.err.replace("\n", "")
    assert "unpacks to" in ran.said or "GB" in ran.said


def test_several_bad_files_are_all_named(with_sound: Callable[..., Ran], tmp_path: Path) -> None:
    for name in ("a.pdf", "b.docx"):
        (tmp_path / name).write_bytes(b"")
    ran = with_sound(tmp_path / "a.pdf", tmp_path / "b.docx", tmp_path / "missing.pdf")
    assert ran.code == 1
    assert "3 files or folders could not be read:" in ran.err
    assert "There is no such file. Check the name and the folder." in ran.said


@pytest.mark.parametrize(
    ("encoding", "warning"), [("latin-1", ""), ("utf-16", ""), ("utf-16-le", ""), ("cp1252", "")]
)
def test_texts_in_old_encodings_are_read(
    encoding: str, warning: str, classify: Run, tmp_path: Path
) -> None:
    text = "La coopération a été menée à bien grâce à l'équipe locale, qui est restée sur place."
    (tmp_path / "rapport.txt").write_bytes(text.encode(encoding))
    ran = classify(tmp_path / "rapport.txt", "--format", "jsonl", "--include-none")
    assert ran.code == 0
    assert json.loads(ran.out)["text"] == text
    assert ran.err == ""


def test_nul_bytes_are_taken_out_with_a_warning(classify: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(PROSE[0].replace(" ", " \0").encode())
    ran = classify(tmp_path / "a.txt", "--format", "jsonl", "--include-none")
    assert ran.code == 0
    assert json.loads(ran.out)["text"] == PROSE[0]
    assert "NUL bytes were removed" in ran.err


def test_a_pdf_damaged_in_the_middle_loses_one_page(
    with_sound: Callable[..., Ran], tmp_path: Path
) -> None:
    data = pdf(*PROSE)
    middle = data.index(b"Funds")
    start, end = data.rindex(b"stream", 0, middle) + 6, data.index(b"endstream", middle)
    damaged = data[:start] + b"\x01" * (end - start) + data[end:]
    (tmp_path / "damaged.pdf").write_bytes(damaged)
    ran = with_sound(tmp_path / "damaged.pdf")
    assert ran.code == 0
    assert "Page 2 is" in ran.said
    lines = (tmp_path / "result.jsonl").read_text("utf-8").splitlines()
    found = [one for one in map(json.loads, lines) if one["report"] == "damaged.pdf"]
    assert [(one["page"], one["text"]) for one in found] == [(1, PROSE[0]), (3, PROSE[2])]


def test_a_pdf_that_is_a_word_file_is_read_with_a_note(
    with_sound: Callable[..., Ran], tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_paragraph(PROSE[1])
    with (tmp_path / "report.pdf").open("wb") as file:
        document.save(file)
    ran = with_sound(tmp_path / "report.pdf")
    assert ran.code == 0
    assert "The file is named '.pdf' but is a Word document and was read as one." in ran.said


@pytest.mark.slow
def test_a_pdf_of_a_thousand_pages(classify: Run, tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(
        pdf(*(f"{PROSE[n % 3]} This was seen in district {n}." for n in range(1000)))
    )
    ran = classify(tmp_path / "long.pdf", "--format", "jsonl", "--include-none")
    assert ran.code == 0
    assert [json.loads(line)["page"] for line in ran.out.splitlines()] == list(range(1, 1001))


def test_a_folder_without_reports_does_not_stop_the_others(
    with_sound: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.log").write_text("no report")
    ran = with_sound(tmp_path / "empty", tmp_path / "*.pdf")
    assert ran.code == 1
    assert "2 files or folders could not be read:" in ran.err
    assert "There are no reports in this folder. Files with these endings are read" in ran.said
    assert "No file matches this pattern. Check the folder and the spelling." in ran.said


def test_an_empty_folder_alone_writes_no_result(classify: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = classify(tmp_path / "empty", "-o", tmp_path / "r.csv")
    assert ran.code == 1
    assert "There are no reports in this folder." in ran.said
    assert not (tmp_path / "r.csv").exists()


def test_nothing_on_standard_input(classify: Run) -> None:
    ran = classify("-", stdin=b"")
    assert ran.code == 1
    assert "standard input: The file is empty." in ran.said


def test_a_table_that_breaks_late_keeps_the_rows_before(classify: Run, tmp_path: Path) -> None:
    good = "Funds came late.\n" * 2001
    (tmp_path / "t.csv").write_text(f"text\n{good}a,b,c\n", "utf-8")
    ran = classify(tmp_path / "t.csv", "-o", tmp_path / "r.jsonl")
    assert ran.code == 1
    assert "Line 2003 has 3 cells" in ran.said
    assert "The 2,000 rows before that stretch are in the results." in ran.said
    assert len((tmp_path / "r.jsonl").read_text("utf-8").splitlines()) == 2000


def test_a_fault_of_the_reader_does_not_stop_the_others(
    with_sound: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, data: bytes) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("whatworks.nlp.readers.markdown.read_markdown", broken)
    ran = with_sound(text_report(tmp_path / "odd.md"))
    assert ran.code == 1
    told = " ".join(ran.err.split())
    assert "odd.md" in told.replace(" ", "")
    assert "a reason not foreseen (IndexError: list index out of range)" in told
    assert "whatworks --debug classify" in told
