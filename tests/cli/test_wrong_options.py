"""Options that name what is not there: told at once, with the nearest name and a cure."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.command import Run


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("-o", "r.pdf"), 1, "r.pdf: whatworks does not write '.pdf' files. End the name in"),
        (("-o", "results"), 1, "results: whatworks does not write '' files."),
        (("-o", "none/r.csv"), 1, "none/r.csv: There is no folder 'none'. Create it, or"),
        (("-o", "r.csv", "-o", "./r.csv"), 1, "r.csv: given twice with -o."),
        (("-o", "sound.csv"), 1, "sound.csv: named both as what to read and, with -o, as the"),
        (("--codebook", "ilo-socail-protection"), 1, "Nearest: 'ilo-social-protection'."),
        (("--codebook", "mine.yaml"), 1, "mine.yaml: there is no such codebook file."),
        (("--model", "startr"), 1, "Unknown model 'startr'. Nearest: 'starter'."),
        (("--encoder", "bundeld"), 1, "Nearest: 'bundled'. Give a sentence-transformers folder"),
        (("--encoder", "no/such/folder"), 1, "There is no encoder folder no/such/folder."),
        (("--encoder", "nobody/no-model"), 1, "Check the spelling and the network connection"),
        (("--threshold", "1.5"), 2, "'--threshold'"),
        (("--threshold", "nan"), 2, "threshold"),
        (("--threshold", "half"), 2, "'--threshold'"),
        (("--language", "english"), 2, "'english' is no language code here. Nearest: 'en'."),
        (("--language", "spa"), 2, "Nearest: 'es'."),
        (("--language", "e1"), 2, "'e1' is no language code. Give en, fr, es or pt."),
        (("--jobs", "0"), 2, "'--jobs'"),
        (("--format", "xml"), 2, "'--format'"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_read(
    options: tuple[str, ...],
    code: int,
    message: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sound.csv").write_text("text\nFunds came late.\n")
    ran = run("classify", "sound.csv", *options)
    assert ran.code == code
    assert message in " ".join(ran.err.split())
    assert "unforeseen" not in ran.err
    assert ran.out == ""
    assert os.listdir() == ["sound.csv"]  # noqa: PTH208


def test_a_folder_that_is_no_model(run: Run, report: Path, tmp_path: Path) -> None:
    ran = run("classify", report, "--model", tmp_path)
    assert ran.code == 1
    assert f"{tmp_path}: this is no model folder: config.json is missing." in ran.said


def test_a_model_whose_encoder_is_gone(
    run: Run, report: Path, tiny_model: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    shutil.copytree(tiny_model, model)
    config = json.loads((model / "config.json").read_text("utf-8"))
    (model / "config.json").write_text(json.dumps(config | {"encoder": "/gone/encoder"}))
    ran = run("classify", report, "--model", model, "-o", tmp_path / "r.csv")
    assert ran.code == 1
    assert "There is no encoder folder /gone/encoder." in ran.said
    assert not (tmp_path / "r.csv").exists()
    assert not list(tmp_path.glob(".whatworks-*"))
