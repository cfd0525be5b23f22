"""Folders that appear when they are whole."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from whatworks.models.placing import alone_in, draft_in, put_in_place


def test_a_folder_appears_with_all_that_is_in_it(tmp_path: Path) -> None:
    with draft_in(tmp_path) as draft:
        (draft / "inner").mkdir()
        (draft / "inner" / "file").write_text("whole")
        (draft / "inner" / "file").chmod(0o600)
        assert not (tmp_path / "made").exists()
        put_in_place(draft, tmp_path / "made")
    assert [one.name for one in tmp_path.iterdir()] == ["made"]
    assert (tmp_path / "made" / "inner" / "file").read_text() == "whole"
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "made" / "inner" / "file").stat().st_mode & 0o777 == 0o644


def test_what_goes_wrong_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), draft_in(tmp_path) as draft:
        (draft / "file").write_text(str(1 / 0))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    with pytest.raises(FileExistsError), draft_in(tmp_path) as draft:
        put_in_place(draft, tmp_path / "made")
    assert [one.name for one in tmp_path.iterdir()] == ["made"]


def test_drafts_of_the_dead_are_removed_and_all_else_stays(tmp_path: Path) -> None:
    models = tmp_path / "models"
    (models / ".new-abc").mkdir(parents=True)
    (models / ".new-abc" / "heads.safetensors").write_text("half")
    (models / "heads-1").mkdir()
    (models / ".kept").mkdir()
    with alone_in(models):
        assert sorted(one.name for one in models.iterdir()) == [".kept", "heads-1"]


def test_the_draft_of_a_living_process_is_waited_for_and_not_removed(tmp_path: Path) -> None:
    code = (
        "import sys, time, pathlib\n"
        "from whatworks.models.placing import alone_in, draft_in, put_in_place\n"
        "models = pathlib.Path(sys.argv[1])\n"
        "with alone_in(models), draft_in(models) as draft:\n"
        "    print('drafting', flush=True)\n"
        "    time.sleep(1)\n"
        "    put_in_place(draft, models / 'theirs')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "drafting\n"
        began = time.monotonic()
        with alone_in(tmp_path):
            assert time.monotonic() - began > 0.5
            assert [one.name for one in tmp_path.iterdir()] == ["theirs"]
    assert other.returncode == 0
