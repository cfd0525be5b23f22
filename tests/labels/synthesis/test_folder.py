import errno
import json
import os
from pathlib import Path

import pytest

from whatworks.labels.synthesis.folder import check_folder, left_from_before, write_products
from whatworks.nlp.errors import WhatworksError

MADE = {"synthesis.xlsx": b"book", "figures/flow.svg": b"<svg/>", "reproduce.json": b"{}"}


def write(folder: Path, made=MADE, *, overwrite: bool = False) -> list[Path]:
    return list(write_products(folder, made, overwrite=overwrite))


def test_products_go_into_a_new_folder_and_other_files_stay(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    check_folder(folder, overwrite=False)
    assert write(folder) == [folder / name for name in MADE]
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        *MADE,
        "notes.txt",
    }
    assert (folder / "figures/flow.svg").read_bytes() == b"<svg/>"


def test_earlier_products_are_replaced_only_where_one_says_so(tmp_path):
    write(tmp_path)
    with pytest.raises(WhatworksError, match="reproduce.json: this file is there already"):
        check_folder(tmp_path, overwrite=False)
    newer = {"figures/flow.svg": b"newer", "synthesis.xlsx": b"newer"}
    with pytest.raises(WhatworksError, match="flow.svg: this file is there already.*--overwrite"):
        write(tmp_path, newer)
    assert (tmp_path / "synthesis.xlsx").read_bytes() == b"book"
    check_folder(tmp_path, overwrite=True)
    write(tmp_path, newer, overwrite=True)
    assert (tmp_path / "synthesis.xlsx").read_bytes() == b"newer"


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(WhatworksError, match="out: this is a file. Give a folder with -o."):
        check_folder(tmp_path / "out", overwrite=False)
    with pytest.raises(WhatworksError, match="there is no folder"):
        check_folder(tmp_path / "a" / "b", overwrite=False)
    (tmp_path / "figures").write_text("")
    with pytest.raises(WhatworksError, match="figures"):
        write(tmp_path, {"figures/flow.svg": b""})


def test_a_full_disk_leaves_the_earlier_file_and_nothing_half(tmp_path, monkeypatch):
    write(tmp_path)

    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WhatworksError, match="The disk is full.*The earlier file is unchanged"):
        write(tmp_path, {"synthesis.xlsx": b"newer"}, overwrite=True)
    assert (tmp_path / "synthesis.xlsx").read_bytes() == b"book"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_products_that_a_later_run_did_not_make_are_told(tmp_path):
    made = {"report.docx": b"", "synthesis.xlsx": b""}
    write(tmp_path, made)
    (tmp_path / "reproduce.json").write_text(json.dumps({"products": dict.fromkeys(made, "")}))
    assert left_from_before(tmp_path, {"synthesis.xlsx"}) == ("report.docx",)
    (tmp_path / "report.docx").unlink()
    assert left_from_before(tmp_path, {"synthesis.xlsx"}) == ()


@pytest.mark.parametrize("content", ["", "[]", "null", '{"products": 3}', "\xff"])
def test_a_note_of_an_earlier_run_that_is_not_ours_is_let_be(tmp_path, content):
    (tmp_path / "reproduce.json").write_text(content, "latin-1")
    assert left_from_before(tmp_path, set()) == ()
