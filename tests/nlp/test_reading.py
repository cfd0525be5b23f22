import json
import os
import pickle
from pathlib import Path

import pytest

from tests.command import PROSE, text_report
from whatworks.nlp import reading
from whatworks.nlp.errors import UnreadableReportError
from whatworks.nlp.reading import ReadReport, read_report, report_names


def kept(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_report_is_read_and_split(tmp_path: Path) -> None:
    found = read_report(text_report(tmp_path / "a.md", "# A title", *PROSE))
    assert (found.name, found.language, found.pages) == ("a.md", "en", None)
    assert [passage.text for passage in found.passages] == list(PROSE)
    assert {passage.report for passage in found.passages} == {"a.md"}


def test_what_was_read_comes_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = text_report(tmp_path / "a.md", "# A title", *PROSE, "* Lists too:\n\n  * a bullet")
    first = read_report(report, cache=tmp_path / "kept")
    assert first == read_report(report)

    def fail(path: Path) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("whatworks.nlp.readers.interface.read_document", fail)
    assert read_report(report, cache=tmp_path / "kept") == first
    # The content counts, not the place.
    copy = tmp_path / "other" / "a.md"
    copy.parent.mkdir()
    copy.write_bytes(report.read_bytes())
    assert read_report(copy, cache=tmp_path / "kept") == first
    with pytest.raises(UnreadableReportError, match="read again"):
        read_report(report)


@pytest.mark.parametrize("change", ["content", "name", "language", "code"])
def test_whatever_changes_the_result_is_read_anew(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, folder = text_report(tmp_path / "a.txt"), tmp_path / "kept"
    read_report(report, cache=folder)
    options = {}
    if change == "content":
        text_report(report, "Funds came late.")
    elif change == "code":
        monkeypatch.setattr(reading, "_reader_version", lambda: "another")
    else:
        options = {change: "pt"}
    again = read_report(report, cache=folder, **options)
    assert len(kept(folder)) == 2
    assert again == read_report(report, **options)


def test_the_name_given_is_the_report_of_every_passage(tmp_path: Path) -> None:
    found = read_report(text_report(tmp_path / "a.txt"), name="2019/a.txt")
    assert found.name == "2019/a.txt"
    assert {passage.report for passage in found.passages} == {"2019/a.txt"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"3", b'{"passages": 1}', b"\xff"])
def test_a_damaged_kept_report_is_read_again(content: bytes, tmp_path: Path) -> None:
    report, folder = text_report(tmp_path / "a.txt"), tmp_path / "kept"
    first = read_report(report, cache=folder)
    (file,) = kept(folder)
    file.write_bytes(content)
    assert read_report(report, cache=folder) == first
    assert json.loads(file.read_text())["name"] == "a.txt"
    assert kept(folder) == [file]


def test_a_cache_that_cannot_be_written_costs_no_result(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = read_report(text_report(tmp_path / "a.txt"), cache=tmp_path / "file" / "kept")
    assert len(found.passages) == 3


def test_a_full_disk_leaves_nothing_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", full)
    found = read_report(text_report(tmp_path / "a.txt"), cache=tmp_path / "kept")
    assert len(found.passages) == 3
    assert kept(tmp_path / "kept") == []


def test_a_name_that_is_no_text_is_kept_too(tmp_path: Path) -> None:
    report = text_report(tmp_path / os.fsdecode(b"r\xe9sum\xe9.txt"))
    first = read_report(report, cache=tmp_path / "kept")
    assert first.name == "r\udce9sum\udce9.txt"
    assert read_report(report, cache=tmp_path / "kept") == first
    assert len(kept(tmp_path / "kept")) == 1


def test_an_unreadable_report_says_so_and_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no PDF")
    with pytest.raises(UnreadableReportError, match="is no PDF"):
        read_report(tmp_path / "a.pdf", cache=tmp_path / "kept")
    with pytest.raises(UnreadableReportError, match="no such file"):
        read_report(tmp_path / "missing.pdf", cache=tmp_path / "kept")
    assert kept(tmp_path / "kept") == []


def test_a_fault_of_ours_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("whatworks.nlp.readers.interface.read_document", broken)
    with pytest.raises(UnreadableReportError) as raised:
        read_report(text_report(tmp_path / "a.txt"))
    assert "not foreseen (ZeroDivisionError: division by zero)" in raised.value.cause
    assert "report it" in raised.value.cure


def test_what_is_raised_in_another_process_comes_whole() -> None:
    error = UnreadableReportError("a.pdf", "It is a scan.", "Run OCR.")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.path, copy.cause, copy.cure) == (error.path, error.cause, error.cure)
    assert str(copy) == "a.pdf: It is a scan. Run OCR."
    report = ReadReport("a", "", "en", None, ())
    assert pickle.loads(pickle.dumps(report)) == report


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ([], []),
        (["/a/r.pdf"], ["r.pdf"]),
        (["/a/r.pdf", "/b/r.pdf"], ["a/r.pdf", "b/r.pdf"]),
        (["/x/a/r.pdf", "/y/a/r.pdf", "/b/r.pdf"], ["x/a/r.pdf", "y/a/r.pdf", "b/r.pdf"]),
        (["/a/r.pdf", "/a/s.pdf", "/b/r.pdf"], ["a/r.pdf", "s.pdf", "b/r.pdf"]),
        (["/r.pdf", "/a/r.pdf"], ["//r.pdf", "a/r.pdf"]),
    ],
)
def test_names_tell_reports_apart(paths: list[str], names: list[str]) -> None:
    assert report_names([Path(path) for path in paths]) == names


def test_relative_names_take_the_folder_they_are_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert report_names([Path("r.pdf"), Path("../r.pdf")])[0] == "here/r.pdf"


def test_many_reports_of_one_name_are_named_quickly() -> None:
    names = report_names([Path(f"/evaluations/{n // 50}/{n % 50}/final.pdf") for n in range(5000)])
    assert len(set(names)) == 5000
