"""Disks that fill up, folders that may not be written, readers that go away."""

import json
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command import PROSE, Run, text_report


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 160 kB."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("only root may make a small disk, and not in every container")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def long_report(tmp_path: Path) -> Path:
    """Three thousand passages: some hundred kilobytes of results."""
    return text_report(tmp_path / "long.txt", *PROSE * 1000)


@pytest.mark.slow
def test_a_full_disk_leaves_the_earlier_file_and_no_half_one(
    classify: Run, report: Path, long_report: Path, small_disk: Path
) -> None:
    result = small_disk / "r.csv"
    assert classify(report, "-o", result).code == 0
    before = result.read_bytes()
    ran = classify(long_report, "-o", result, "--include-none")
    assert ran.code == 1
    assert f"{result}: The disk is full. Free some space" in ran.said
    assert "The earlier file is unchanged." in ran.said
    assert "Wrote" not in ran.said
    assert result.read_bytes() == before
    assert list(small_disk.iterdir()) == [result]


@pytest.mark.slow
def test_a_full_disk_does_not_stop_the_other_results(
    classify: Run, long_report: Path, small_disk: Path, tmp_path: Path
) -> None:
    full, free = small_disk / "r.html", tmp_path / "r.jsonl"
    ran = classify(long_report, "-o", full, "-o", free, "--include-none")
    assert ran.code == 1
    assert f"Error: {full}: The disk is full." in ran.said
    assert "No file was written." in ran.said
    assert f"Wrote {free}" in ran.err
    assert len(free.read_text("utf-8").splitlines()) == 3000
    assert list(small_disk.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl", "html"])
def test_where_files_may_not_grow_no_half_one_is_left(
    ending: str, classify_apart: Run, long_report: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    ran = classify_apart(long_report, "-o", folder / f"r.{ending}", "--include-none",
                         preexec_fn=limit)  # fmt: skip
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert f"r.{ending}: The file grew past the size allowed here." in ran.said
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_what_may_not_be_read_is_named_and_the_rest_is_done(
    classify_apart: Run, report: Path, as_user: tuple[str, ...], tmp_path: Path
) -> None:
    secret = text_report(tmp_path / "in" / "secret.txt")
    closed = text_report(tmp_path / "in" / "closed" / "a.txt").parent
    text_report(tmp_path / "in" / "open.txt")
    secret.chmod(0)
    closed.chmod(0)
    try:
        ran = classify_apart(tmp_path / "in", closed, report, "-o", tmp_path / "r.jsonl",
                             "--include-none", before=as_user)  # fmt: skip
    finally:
        closed.chmod(0o700)
    assert ran.code == 1
    told = " ".join(ran.err.split())
    assert "You may not read it. Ask for the permission" in told
    assert "You may not look into this folder. Ask for the permission." in told
    assert "secret.txt" in told.replace(" ", "")
    assert "2 files or folders could not be read" in told
    lines = (tmp_path / "r.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["report"] for line in lines} == {"open.txt", "sound.txt"}


@pytest.mark.slow
def test_a_folder_that_may_not_be_written_is_told_at_once(
    classify_apart: Run, report: Path, as_user: tuple[str, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    ran = classify_apart(report, "-o", folder / "r.csv", before=as_user)
    assert ran.code == 1
    assert f"r.csv: You may not write in the folder '{folder}'." in ran.said
    assert ran.out == ""


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--format", "jsonl", "--include-none")])
def test_a_reader_that_goes_away_is_no_error(
    options: tuple[str, ...], start: Callable[..., "subprocess.Popen[str]"], tiny_model: Path,
    long_report: Path, tmp_path: Path,
) -> None:  # fmt: skip
    for results in ((), ("-o", tmp_path / "r.csv")):
        more = [text_report(tmp_path / f"{n}.txt") for n in range(3)]
        process = start("classify", long_report, *more, "--model", tiny_model, *options, *results)
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        process.wait(60)
        assert "Traceback" not in err
        assert "Error" not in err
        assert "Exception ignored" not in err
        if results:
            # The pipe has seen enough, the file is still wanted.
            assert process.returncode == 0
            assert "r.csv" in err
            assert (tmp_path / "r.csv").exists()
