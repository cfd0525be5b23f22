from pathlib import Path

import pytest

from whatworks.labels.codebook_copy import FileState, bring_up, state_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "codebook.yaml"
    path.write_text("old\n", "utf-8")
    return path


def test_a_file_that_held_the_version_before_holds_the_new_one(file: Path) -> None:
    assert bring_up(file, "old\n", "été\n") is FileState.WRITTEN
    assert file.read_text("utf-8") == "été\n"
    assert bring_up(file, "old\n", "été\n") is FileState.SAME
    assert [one.name for one in file.parent.iterdir()] == ["codebook.yaml"]


def test_a_file_that_somebody_changed_is_left_as_it_is(file: Path) -> None:
    assert bring_up(file, "older\n", "new\n") is FileState.DIFFERS
    assert file.read_text("utf-8") == "old\n"
    assert state_of(file, "new\n") is FileState.DIFFERS


def test_line_ends_and_marks_of_editors_make_no_other_file(file: Path) -> None:
    file.write_bytes("\ufeffold\r\n".encode())
    assert state_of(file, "old\n") is FileState.SAME
    assert bring_up(file, "old", "new\n") is FileState.WRITTEN


def test_a_file_that_cannot_be_read_or_written_stops_nothing(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\xff")
    assert bring_up(file, "old\n", "new\n") is FileState.FAILED
    file.unlink()
    assert bring_up(file, "old\n", "new\n") is FileState.FAILED
    assert state_of(file, "new\n") is FileState.FAILED
