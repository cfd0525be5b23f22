import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from whatworks.labels.exchange.files import FileWriter, explain
from whatworks.labels.exchange.interface import ENDINGS, open_writer
from whatworks.nlp.errors import WhatworksError

each_format = pytest.mark.parametrize("ending", ENDINGS)


def fill(path, info, codebook, report):
    with open_writer(path, info, codebook, include_none=True) as writer:
        writer.write(report)
        writer.finish([])


@pytest.fixture
def long_report(make_report, make_item):
    # Random letters, so that packing them saves no space.
    return make_report(
        *(make_item(text=os.urandom(300).hex(), order=n + 1, labels={}) for n in range(500))
    )


@each_format
def test_a_failure_leaves_the_earlier_file_and_nothing_else(ending, tmp_path, info, codebook):
    path = tmp_path / f"results{ending}"
    path.write_text("earlier")
    with pytest.raises(AttributeError), open_writer(path, info, codebook) as writer:
        writer.write(None)
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


@each_format
def test_ctrl_c_between_two_reports_leaves_nothing(
    ending, tmp_path, info, codebook, make_report, make_item
):
    def read_and_interrupt(writer):
        with writer:
            writer.write(make_report(make_item()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_and_interrupt(open_writer(tmp_path / f"r{ending}", info, codebook))
    assert list(tmp_path.iterdir()) == []


@each_format
def test_ctrl_c_in_the_last_step_leaves_nothing(
    ending, tmp_path, info, codebook, make_report, make_item, monkeypatch
):
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fill(tmp_path / f"r{ending}", info, codebook, make_report(make_item()))
    assert list(tmp_path.iterdir()) == []


@each_format
def test_leaving_without_finish_writes_nothing(
    ending, tmp_path, info, codebook, make_report, make_item
):
    with open_writer(tmp_path / f"r{ending}", info, codebook) as writer:
        writer.write(make_report(make_item()))
    assert list(tmp_path.iterdir()) == []


@each_format
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_is_said_with_file_cause_and_cure(
    ending, step, tmp_path, info, codebook, make_report, make_item, monkeypatch
):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full)
    path = tmp_path / f"results{ending}"
    path.write_text("earlier")
    with pytest.raises(WhatworksError) as failure:
        fill(path, info, codebook, make_report(make_item()))
    assert str(failure.value) == (
        f"{path}: The disk is full. Free some space, or write to another disk with -o. "
        "The earlier file is unchanged."
    )
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def tiny_disk(tmp_path):
    """A real disk of 128 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if not mount or not umount:
        pytest.skip("needs mount, which this system does not have")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=128k", "none", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run([umount, folder], check=True)


@each_format
def test_a_disk_that_is_really_full_keeps_the_earlier_file(
    ending, tiny_disk, info, codebook, long_report
):
    path = tiny_disk / f"results{ending}"
    path.write_text("earlier")
    with pytest.raises(WhatworksError, match=r"The disk is full\. .* earlier file is unchanged"):
        fill(path, info, codebook, long_report)
    assert path.read_text() == "earlier"
    assert list(tiny_disk.iterdir()) == [path]


@each_format
def test_a_file_size_limit_of_the_system_is_explained(
    ending, tmp_path, info, codebook, long_report
):
    resource = pytest.importorskip("resource", reason="needs a limit that Windows does not have")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))
    try:
        with pytest.raises(WhatworksError, match=r"grew past the size .* No file was written\."):
            fill(tmp_path / f"r{ending}", info, codebook, long_report)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


@each_format
def test_a_missing_folder_is_said_before_any_report_is_read(ending, tmp_path, info, codebook):
    path = tmp_path / "no such folder" / f"results{ending}"
    with pytest.raises(WhatworksError, match=r"There is no folder .*no such folder'\. Create it"):
        open_writer(path, info, codebook).__enter__()


def test_a_folder_in_place_of_the_file_is_refused(tmp_path, info, codebook):
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(WhatworksError, match="This is a folder"):
        open_writer(tmp_path / "r.csv", info, codebook).__enter__()


def test_a_name_that_is_too_long_is_said_early(tmp_path, info, codebook):
    with pytest.raises(WhatworksError, match="The file name is too long"):
        open_writer(tmp_path / ("a" * 300 + ".csv"), info, codebook).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_permission_is_said_as_such(tmp_path, info, codebook, monkeypatch):
    def refuse(**where: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", f"{where['dir']}/.whatworks-1")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(WhatworksError, match="You may not write in the folder"):
        open_writer(tmp_path / "r.csv", info, codebook).__enter__()


def test_a_file_open_in_excel_is_said_before_any_report_is_read(
    tmp_path, info, codebook, monkeypatch
):
    path = tmp_path / "r.xlsx"
    path.write_text("open in Excel")
    really_open = Path.open

    def locked(self: Path, *how: object, **more: object) -> object:
        if self == path.resolve():
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return really_open(self, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(WhatworksError, match=r"open in another program.*Close it there"):
        open_writer(path, info, codebook).__enter__()
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_opened_in_excel_meanwhile_is_explained_in_the_last_step(tmp_path):
    error = PermissionError(errno.EACCES, "Access is denied", "temporary", None, "r.xlsx")
    assert "open in another program" in str(explain(tmp_path / "r.xlsx", error))


def test_the_file_behind_a_link_is_replaced_not_the_link(
    tmp_path, info, codebook, make_report, make_item
):
    (tmp_path / "shared").mkdir()
    link, real = tmp_path / "r.jsonl", tmp_path / "shared" / "real.jsonl"
    link.symlink_to(real)
    fill(link, info, codebook, make_report(make_item()))
    assert link.is_symlink()
    assert real.read_text("utf-8").count("\n") == 1


def test_others_may_read_a_result_as_the_system_is_set(
    tmp_path, info, codebook, make_report, make_item
):
    path = tmp_path / "r.jsonl"
    fill(path, info, codebook, make_report(make_item()))
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


def test_every_format_shares_the_same_way_of_writing(info, codebook):
    for ending in ENDINGS:
        assert isinstance(open_writer(Path(f"r{ending}"), info, codebook), FileWriter)
