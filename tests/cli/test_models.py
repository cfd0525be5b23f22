"""``whatworks models``: list, show, use, export and import."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.command import Run
from tests.stored import add, report_of
from whatworks.labels.project import init_project, open_project
from whatworks.labels.settings import read_settings
from whatworks.labels.store.codebooks import add_codebook, current_codebook
from whatworks.models import registry
from whatworks.models.folder import load_model, save_model

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two models of its own; the tiny model stands for the starter."""
    monkeypatch.setattr(registry, "starter_folder", lambda: tiny_model)
    folder = tmp_path / "reviews"
    init_project(folder, name="Reviews", by="ana")
    with open_project(folder) as opened:
        add(opened.store, report_of("one.pdf", "Funds came late.", "Staff stayed."))
        with opened.store.reading() as connection:
            sha256 = current_codebook(connection).sha256
    for number, (day, passages) in enumerate([("02", 40), ("01", 9)], 1):
        made_from = {
            "refitted_from": "starter",
            "codebook": 1,
            "codebook_sha256": sha256,
            "passages": passages,
            "reports": 3,
            "made_at": f"2026-11-{day}T08:15:00+00:00",
        }
        keep(folder / "models" / f"heads-{number}", tiny_model, made_from=made_from)
    scores = {
        when: {"micro_f1": f1, "labels": {"lesson": {"precision": 0.5, "recall": 1, "f1": f1}}}
        for when, f1 in (("before", 0.7191), ("after", 0.7728))
    }
    (folder / "models" / "heads-1" / "scorecard.json").write_text(json.dumps(scores))
    card = "---\nlicense: other\n---\n\n# Of ours\n\nRead \x1b[31mme.\n"
    (folder / "models" / "heads-1" / "README.md").write_text(card, "utf-8")
    return folder


def keep(folder: Path, tiny_model: Path, **changes: Any) -> None:
    from dataclasses import replace

    save_model(replace(load_model(tiny_model), **changes), folder)


def rows(out: str) -> list[list[str]]:
    return [line.split() for line in out.split("\n\n")[0].splitlines()]


def test_the_list_has_the_newest_last_and_what_is_in_use(run: Run, project: Path) -> None:
    ran = run("models", "list", "--project", project)
    assert ran.code == 0, ran.said
    _, starter, older, newer = rows(ran.out)
    assert starter == ["starter", "in", "use"]
    assert older == ["models/heads-2", "2026-11-01", "08:15", "9", "3", "version", "1"]
    assert newer[:7] == ["models/heads-1", "2026-11-02", "08:15", "40", "3", "version", "1"]
    assert newer[7:] == ["0.719", "->", "0.773"]


def test_with_no_model_of_its_own_there_is_the_starter(run: Run, project: Path) -> None:
    shutil.rmtree(project / "models")
    ran = run("models", "list", "--project", project)
    assert [row[0] for row in rows(ran.out)] == ["model", "starter"]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ("empty", "this is no model folder: config.json is missing"),
        ("headless", "this is no model folder: heads.safetensors is missing"),
        ("cut", "the model cannot be loaded"),
        ("json", "the model cannot be loaded"),
        ("nested", "the model cannot be loaded"),
        ("later", "this model was saved by a later whatworks (format 99, known here: 4)"),
        ("shapes", "the heads do not fit the names in config.json"),
        ("flat", "the heads do not fit the names in config.json"),
        ("calibration", "the model cannot be loaded"),
        ("name", "'evil\\x1b[2J' in config.json cannot be shown"),
        ("encoder", "this is no model folder: encoder is missing"),
    ],
)
def test_a_folder_that_is_no_whole_model_is_listed_with_the_reason(
    run: Run, project: Path, damage: str, why: str
) -> None:
    folder = project / "models" / "heads-2"
    damaged(folder, damage)
    ran = run("models", "list", "--project", project)
    assert ran.code == 0, ran.said
    assert f"{folder}: " in ran.said
    assert why in ran.said
    assert "no whole model" in ran.out
    assert "models/heads-1" in ran.out
    for command in ("show", "use"):
        ran = run("models", command, "heads-2", "--project", project)
        assert ran.code == 1
        assert why in ran.said
        assert "unforeseen" not in ran.said
    ran = run("models", "export", "heads-2", project / "out", "--project", project)
    assert ran.code == 1
    assert not (project / "out").exists()
    assert read_settings(project / "whatworks.toml").model == "starter"


def damaged(folder: Path, damage: str) -> None:
    import numpy as np
    from safetensors.numpy import load_file, save_file

    heads, config = folder / "heads.safetensors", folder / "config.json"
    tensors, said = load_file(heads), json.loads(config.read_text("utf-8"))
    if damage == "empty":
        shutil.rmtree(folder)
        folder.mkdir()
    elif damage == "headless":
        heads.unlink()
    elif damage == "cut":
        heads.write_bytes(heads.read_bytes()[:100])
    elif damage == "json":
        config.write_text("no JSON")
    elif damage == "nested":
        config.write_text("[" * 100_000)
    elif damage == "later":
        config.write_text(json.dumps(said | {"format": 99}))
    elif damage == "shapes":
        save_file(tensors | {"theme_biases": np.zeros(3, dtype=np.float32)}, heads)
    elif damage == "flat":
        save_file(tensors | {"type_weights": np.array(1, dtype=np.float32)}, heads)
    elif damage == "name":
        config.write_text(json.dumps(said | {"name": "evil\x1b[2J"}))
    elif damage == "calibration":
        said["calibration"]["thresholds"].pop("lesson")
        config.write_text(json.dumps(said))
    else:
        config.write_text(json.dumps(said | {"encoder": "encoder"}))


def test_a_model_in_use_that_is_gone_is_listed_and_the_cure_told(run: Run, project: Path) -> None:
    assert run("models", "use", "heads-1", "--project", project).code == 0
    shutil.rmtree(project / "models" / "heads-1")
    ran = run("models", "list", "--project", project)
    assert ran.code == 0
    assert "It is in use: choose another with whatworks models use NAME" in ran.said
    assert run("models", "use", "starter", "--project", project).code == 0


def test_a_draft_that_was_left_is_no_model(run: Run, project: Path) -> None:
    (project / "models" / ".new-abc").mkdir()
    (project / "models" / "notes.txt").write_text("mine")
    assert len(rows(run("models", "list", "--project", project).out)) == 4


def test_what_the_model_does_not_know_of_a_newer_codebook_is_told(run: Run, project: Path) -> None:
    with open_project(project) as opened:
        text = opened.codebook_file.read_text("utf-8")
        text = text.replace("version: 1\n", "version: 2\n", 1).replace(
            "\ngroups:\n",
            "  - id: setback\n    names: {en: Setback}\n    colour: '#555555'\n    definition: "
            "Something went back to what it was before the project.\n\ngroups:\n",
            1,
        )
        text = text.replace(
            "    themes:\n",
            "    themes:\n      - id: digital-payments\n        names: {en: Digital payments}\n"
            "        definition: Benefits are paid by telephone or card.\n",
            1,
        )
        opened.codebook_file.write_text(text, "utf-8")
        add_codebook(opened.store, text, "ana")
    ran = run("models", "list", "--project", project)
    assert "models/heads-1: It was made under codebook version 1; a newer one holds." in ran.out
    assert "models/heads-1: It does not suggest setback, which it never learned." in ran.out
    assert "starter: It suggests 1 theme by the definition alone: digital-payments." in ran.out
    used = run("models", "use", "heads-1", "--project", project)
    assert used.code == 0
    assert "Note: It does not suggest setback" in used.err


def test_a_model_that_knows_no_finding_type_of_the_codebook_is_not_used(
    run: Run, project: Path, tiny_model: Path
) -> None:
    from dataclasses import replace

    model = load_model(tiny_model)
    others = ("a", "b", "c", "d")
    calibration = replace(
        model.calibration,
        **{key: dict.fromkeys(others, 0.5) for key in ("slopes", "intercepts", "thresholds")},
    )
    heads = replace(model.heads, finding_types=others)
    keep(project / "models" / "alien", tiny_model, heads=heads, calibration=calibration)
    ran = run("models", "use", "models/alien", "--project", project)
    assert ran.code == 1
    assert "knows none of the codebook's finding types" in ran.said
    assert read_settings(project / "whatworks.toml").model == "starter"
    assert (
        "models/alien: The model knows none of" in run("models", "list", "--project", project).out
    )


def test_show_tells_all_of_the_model_in_use_or_of_another(run: Run, project: Path) -> None:
    assert (
        "starter\n  called     tiny 1.0, in use" in run("models", "show", "--project", project).out
    )
    ran = run("models", "show", "models/heads-1", "--project", project)
    assert "from       40 passages of 3 reports" in ran.out
    assert "made       2026-11-02 08:15" in ran.out
    assert "Scores by finding type, after" in ran.out
    assert [row for row in rows(ran.out.split("after ")[1]) if row[0] == "lesson"] == [
        ["lesson", "0.500", "1.000", "0.773"]
    ]
    assert "# Of ours" in ran.out
    # The card's head is for machines; what a stranger's card does to a terminal is for nobody.
    assert "license" not in ran.out
    assert "\x1b" not in ran.out


def test_show_as_json_is_for_programs(run: Run, project: Path) -> None:
    ran = run("models", "show", "heads-1", "--json", "--project", project)
    said = json.loads(ran.out)
    assert said["name"] == "models/heads-1"
    assert said["in_use"] is False
    assert said["thresholds"]["lesson"] == 0.5
    assert said["scores"]["after"]["micro_f1"] == 0.7728
    assert said["made_from"]["passages"] == 40
    assert "# Of ours" in said["card"]


@pytest.mark.parametrize("text", ["{", "[1]", '{"before": 3}', '{"before": {"micro_f1": NaN}}'])
def test_a_damaged_scorecard_hides_no_model(run: Run, project: Path, text: str) -> None:
    (project / "models" / "heads-1" / "scorecard.json").write_text(text)
    ran = run("models", "list", "--project", project)
    assert ran.code == 0, ran.said
    assert "models/heads-1" in ran.out
    assert ("unreadable" in ran.out) == ("NaN" not in text)


def test_use_puts_it_into_the_settings_and_says_how_to_go_back(run: Run, project: Path) -> None:
    ran = run("models", "use", "models/heads-1/", "--project", project)
    assert ran.code == 0, ran.said
    assert "models/heads-1 suggests from now on. Next: whatworks prelabel" in ran.out
    assert "To go back: whatworks models use starter" in ran.out
    assert read_settings(project / "whatworks.toml").model == "models/heads-1"
    assert run("prelabel", "--project", project).code == 0
    again = run("models", "use", "heads-1", "--project", project)
    assert "models/heads-1 is in use already." in again.out


@pytest.mark.parametrize(
    ("name", "near"),
    [("heads-11", "heads-1"), ("model/heads-2", "models/heads-2"), ("startr", "starter")],
)
def test_an_unknown_name_gets_the_nearest(run: Run, project: Path, name: str, near: str) -> None:
    for command in (("use",), ("show",), ("export",)):
        more = ("out",) if command == ("export",) else ()
        ran = run("models", *command, name, *more, "--project", project)
        assert ran.code == 1
        assert f"Unknown model '{name}'. Nearest: '{near}'." in ran.said
        assert "whatworks models list" in ran.said


def test_an_encoder_in_the_settings_that_it_does_not_read_with_is_told(
    run: Run, project: Path
) -> None:
    settings = project / "whatworks.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace('encoder = ""', 'encoder = "intfloat/other"'), "utf-8")
    ran = run("models", "use", "heads-1", "--project", project)
    assert "That is for the starter; tiny 1.0 reads with its own." in ran.said


def test_a_model_goes_to_another_project_and_suggests_there(
    run: Run, project: Path, tmp_path: Path
) -> None:
    ran = run("models", "export", "heads-1", tmp_path / "sent", "--project", project)
    assert ran.code == 0, ran.said
    assert f"Wrote models/heads-1 to {tmp_path / 'sent'}" in ran.out
    ran = run("models", "import", tmp_path / "sent", "--name", "theirs", "--project", project)
    assert ran.code == 0, ran.said
    assert "whatworks models use models/theirs" in ran.said
    # What they have of it is all that is needed.
    shutil.rmtree(tmp_path / "sent")
    assert run("models", "use", "theirs", "--project", project).code == 0
    assert run("prelabel", "--project", project).code == 0
    assert "version 1 (theirs)" in run("models", "list", "--project", project).out


def test_a_stranger_s_code_is_refused_and_does_not_run(
    run: Run, project: Path, tmp_path: Path
) -> None:
    sent = tmp_path / "sent"
    assert run("models", "export", "heads-1", sent, "--project", project).code == 0
    ran_it = tmp_path / "it-ran"
    (sent / "encoder" / "evil.py").write_text(f"open({str(ran_it)!r}, 'w')\nclass Evil: pass\n")
    config = json.loads((sent / "encoder" / "config.json").read_text())
    config["auto_map"] = {"AutoModel": "evil.Evil", "AutoConfig": "evil.Evil"}
    (sent / "encoder" / "config.json").write_text(json.dumps(config))
    ran = run("models", "import", sent, "--name", "theirs", "--project", project)
    assert ran.code == 1
    assert "encoder/evil.py: code" in ran.said
    # Nor where it was put there by hand.
    shutil.copytree(sent, project / "models" / "by-hand")
    for command in (("use", "by-hand"), ("show", "by-hand"), ("export", "by-hand", "out")):
        ran = run("models", *command, "--project", project)
        assert ran.code == 1
        assert "refused" in ran.said
    assert "refused" in run("models", "list", "--project", project).said
    ran = run("prelabel", "--model", project / "models" / "by-hand", "--project", project)
    assert ran.code == 1
    assert not ran_it.exists()


def test_a_settings_file_that_cannot_be_written_is_told(run: Run, project: Path) -> None:
    (project / ".whatworks.toml.new").mkdir()
    ran = run("models", "use", "heads-1", "--project", project)
    assert ran.code == 1
    assert "whatworks.toml: it cannot be written" in ran.said


@pytest.mark.parametrize(
    "words",
    [("list",), ("show",), ("use", "starter"), ("export", "starter", "out"), ("import", "sent")],
)
def test_without_a_project_it_says_how_to_make_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("models", *words)
    assert ran.code == 1
    assert "whatworks init DIR" in ran.said
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_two_models_are_compared_on_a_file_that_neither_learned_from(
    run: Run, project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "labelled.csv"
    lines = [f"r{n % 4},Funds came late {n}.,{'obstacle' if n % 2 else ''}" for n in range(40)]
    file.write_text("\n".join(["report,text,labels", *lines]) + "\n", "utf-8")
    models = ["heads-1", "models/heads-2"]
    ran = run("models", "compare", *models, file, "--project", project)
    assert ran.code == 0, ran.said
    assert "40 passages of 4 reports" in ran.out
    # The two are the same in all but their names.
    assert "No clear difference" in ran.out
    ran = run("models", "compare", models[0], "models/heads-7", file, "--project", project)
    assert ran.code == 1
    assert "heads-7" in ran.said
