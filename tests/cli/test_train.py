"""``whatworks train``: a project's own model from what people confirmed."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.command import Run
from tests.stored import add, decide, report_of
from whatworks.labels.project import init_project, open_project
from whatworks.labels.settings import read_settings
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.suggestions import latest_suggestions
from whatworks.models import folder as models
from whatworks.models.exchange import export_model
from whatworks.models.folder import load_model

pytestmark = pytest.mark.slow

# The tiny encoder knows letters, not words.
LATE = "zzz late zzzz zz zzz {n}"
GOOD = "qqq kept qqqq qqq qq {n}"
PLAIN = "ooo oooo oo oooo ooo {n}"


@pytest.fixture
def project(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three reports; what is late is confirmed as an obstacle, what is kept as a success."""
    load = models.load_model
    monkeypatch.setattr(
        models, "load_model", lambda name="starter": load(tiny_model if name == "starter" else name)
    )
    folder = tmp_path / "reviews"
    init_project(folder, name="Reviews", by="ana")
    with open_project(folder) as opened:
        for report in range(3):
            texts = [
                text.format(n=f"{report}{n}") for n in range(8) for text in (LATE, GOOD, PLAIN)
            ]
            add(opened.store, report_of(f"{report}.pdf", *texts))
        with opened.store.reading() as connection:
            passages = current_passages(connection)
        for one in passages:
            if "late" in one.text:
                decide(opened.store, one, "ana", "obstacle", themes=("inefficient-management",))
            elif "kept" in one.text:
                decide(opened.store, one, "ana", "success_factor", themes=("local-presence",))
            else:
                decide(opened.store, one, "ana")
    return folder


def scorecard(folder: Path) -> Any:
    return json.loads((folder / "scorecard.json").read_text("utf-8"))


def test_it_makes_a_model_and_says_how_much_better_it_is(run: Run, project: Path) -> None:
    ran = run("train", "--project", project)
    assert ran.code == 0, ran.said
    assert "Learned from 72 confirmed passages of 3 reports." in ran.out
    assert ": better." in ran.out
    assert "Made models/heads-1." in ran.out
    made = project / "models" / "heads-1"
    assert scorecard(made)["after"]["micro_f1"] > scorecard(made)["before"]["micro_f1"]
    model = load_model(made)
    assert (model.name, model.version) == ("heads", "1")
    assert model.made_from["passages"] == 72
    # It is not used before somebody says so.
    assert read_settings(project / "whatworks.toml").model == "starter"


def test_used_it_suggests_what_people_said(run: Run, project: Path) -> None:
    settings = project / "whatworks.toml"
    settings.write_text(settings.read_text("utf-8").replace("[model]", "# mine\n[model]"), "utf-8")
    assert run("train", "--use", "--project", project).code == 0
    assert read_settings(settings).model == "models/heads-1"
    assert "# mine" in settings.read_text("utf-8")
    assert run("prelabel", "--project", project).code == 0
    with open_project(project) as opened, opened.store.reading() as connection:
        passages = current_passages(connection)
        found = latest_suggestions(connection, [one.id for one in passages])
    assert {one.model for one in found.values()} == {"heads 1 (tiny encoder)"}
    right = [("obstacle" in found[one.id].labels) == ("late" in one.text) for one in passages]
    assert sum(right) / len(right) > 0.9


def test_where_nothing_was_decided_since_the_last_one_is_taken(run: Run, project: Path) -> None:
    assert run("train", "--project", project).code == 0
    ran = run("train", "--use", "--project", project)
    assert "models/heads-1 has learned just this already. It suggests from now on." in ran.out
    assert [one.name for one in (project / "models").iterdir()] == ["heads-1"]
    assert read_settings(project / "whatworks.toml").model == "models/heads-1"


def test_the_next_one_is_made_from_the_starter_again(run: Run, project: Path) -> None:
    assert run("train", "--use", "--project", project).code == 0
    with open_project(project) as opened:
        with opened.store.reading() as connection:
            changed = current_passages(connection)[2]
        decide(opened.store, changed, "ana", "lesson")
    ran = run("train", "--project", project)
    assert "Made models/heads-2." in ran.out
    assert load_model(project / "models" / "heads-2").made_from["refitted_from"] == "starter"
    # What the first one learned is no part of it: it is compared with the starter.
    assert scorecard(project / "models" / "heads-2")["before"]["micro_f1"] < 0.6


def test_from_a_model_of_another_office_it_goes_on_wherever_the_project_lies(
    run: Run, project: Path, tiny_model: Path, tmp_path: Path
) -> None:
    export_model(load_model(tiny_model), tiny_model, tmp_path / "sent")
    ran = run("models", "import", tmp_path / "sent", "--name", "theirs", "--project", project)
    assert ran.code == 0, ran.said
    assert run("models", "use", "theirs", "--project", project).code == 0
    assert run("train", "--use", "--project", project).code == 0
    moved = project.rename(tmp_path / "moved")
    model = load_model(moved / "models" / "heads-1")
    assert model.made_from["refitted_from"] == "models/theirs"
    assert model.encoder == str(moved / "models" / "theirs" / "encoder")
    # And the next one, again from theirs: what was learned here is not learned twice.
    assert "has learned just this already" in run("train", "--project", moved).out
    assert run("models", "export", "heads-1", tmp_path / "back", "--project", moved).code == 0
    assert load_model(tmp_path / "back").encoder == str(tmp_path / "back" / "encoder")


def test_a_model_that_was_damaged_does_not_keep_the_next_from_being_made(
    run: Run, project: Path
) -> None:
    assert run("train", "--project", project).code == 0
    (project / "models" / "heads-1" / "heads.safetensors").write_bytes(b"")
    ran = run("train", "--project", project)
    assert ran.code == 0, ran.said
    assert "Made models/heads-2." in ran.out


def test_a_file_in_the_way_of_the_models_is_told(run: Run, project: Path) -> None:
    (project / "models").write_text("mine")
    ran = run("train", "--project", project)
    assert ran.code == 1
    assert "models: the model cannot be saved" in ran.said
    assert (project / "models").read_text() == "mine"


def test_with_nothing_confirmed_it_says_what_to_do(run: Run, tmp_path: Path) -> None:
    init_project(tmp_path / "empty", name="Empty", by="ana")
    ran = run("train", "--project", tmp_path / "empty")
    assert ran.code == 1
    assert "Nothing is confirmed yet" in ran.said
    assert "whatworks review" in ran.said
    assert not (tmp_path / "empty" / "models").exists()


def test_broken_off_while_it_saves_it_leaves_no_half_model(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from whatworks.training import own_folders

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_folders, "save_model", full)
    ran = run("train", "--project", project)
    assert ran.code == 1
    assert "cannot be saved: No space left on device" in ran.said
    assert list((project / "models").iterdir()) == []


@pytest.mark.parametrize("is_bundled", [True, False])
def test_fine_tuning_tunes_the_encoder_and_says_how_much_better_it_is(
    run: Run,
    project: Path,
    tiny_encoder: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_bundled: bool,
) -> None:
    from whatworks.training import own_tuned

    if is_bundled:
        monkeypatch.setattr(own_tuned, "BUNDLED", str(tiny_encoder))
        monkeypatch.setattr(own_tuned, "bundled_encoder", lambda: tiny_encoder)
    ran = run("train", "--fine-tune", "--project", project)
    assert ran.code == 0, ran.said
    assert "Learned from 72 confirmed passages of 3 reports." in ran.out
    assert ": better." in ran.out
    assert "Made models/tuned-1." in ran.out
    made = project / "models" / "tuned-1"
    assert scorecard(made)["after"]["micro_f1"] > scorecard(made)["before"]["micro_f1"]
    model = load_model(made)
    assert model.layers is not None
    # The encoder from before counts as well, if whoever gets the model has it.
    assert (model.heads.type_corrections is not None) == is_bundled
    assert model.made_from["passages"] == 72
    card = (made / "README.md").read_text("utf-8")
    assert "Encoder and heads fine-tuned on 72 confirmed passages of 3 reports" in card
    assert ("plain vectors" in card) == is_bundled
    assert not (project / ".tuning").exists()
    again = run("train", "--fine-tune", "--project", project)
    assert "models/tuned-1 has learned just this already." in again.out
    # What it learned is what it says, once it is used.
    assert run("models", "use", "models/tuned-1", "--project", project).code == 0
    assert run("prelabel", "--project", project).code == 0
    with open_project(project) as opened, opened.store.reading() as connection:
        passages = current_passages(connection)
        found = latest_suggestions(connection, [one.id for one in passages])
    late = [found[one.id].labels for one in passages if "late" in one.text]
    assert late.count(("obstacle",)) >= 20


def test_of_one_report_alone_a_new_finding_type_is_tuned_and_loads(
    run: Run, tmp_path: Path, project: Path
) -> None:
    folder = tmp_path / "one"
    init_project(folder, name="One", by="ana")
    book = folder / "codebook.yaml"
    risk = "finding_types:\n  - {id: risk, names: {en: Risk}, definition: What may go wrong.}\n"
    book.write_text(book.read_text("utf-8").replace("finding_types:\n", risk), "utf-8")
    ran = run("codebook", "apply", "--project", folder, "--as", "ana", "--yes")
    assert ran.code == 0, ran.said
    with open_project(folder) as opened:
        add(opened.store, report_of("1.pdf", *(LATE.format(n=n) for n in range(20))))
        with opened.store.reading() as connection:
            passages = current_passages(connection)
        for one in passages:
            decide(opened.store, one, "ana", "risk")
    ran = run("train", "--fine-tune", "--use", "--project", folder)
    assert ran.code == 0, ran.said
    assert "cannot be told yet" in ran.out
    assert load_model(folder / "models" / "tuned-1").calibration.thresholds["risk"] == 0.5
    assert run("prelabel", "--project", folder).code == 0


def test_two_trainings_at_once_do_not_meet(run: Run, project: Path) -> None:
    from whatworks.models.placing import claimed

    with claimed(project / ".tuning"):
        ran = run("train", "--fine-tune", "--project", project)
    assert ran.code == 1
    assert "another 'whatworks train --fine-tune' is running" in ran.said
    assert not (project / "models").exists()


def test_a_full_disk_while_it_tunes_is_told_and_what_was_done_stays(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = run("train", "--fine-tune", "--project", project)
    assert ran.code == 1
    assert "cannot be kept: No space left on device. Free some space" in ran.said
    assert [name for _, _, names in os.walk(project / ".tuning") for name in names] == []


def test_an_epoch_that_was_damaged_is_made_again(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from whatworks.training import own_tuned

    kept = own_tuned.keep_logits

    def cut(folder: Path, epoch: int, *more: Any) -> None:
        kept(folder, epoch, *more)
        if not (folder / "cut").exists():
            (folder / "cut").touch()
            (folder / "epoch-1.npz").write_bytes(b"")

    monkeypatch.setattr(own_tuned, "keep_logits", cut)
    ran = run("train", "--fine-tune", "--project", project)
    assert ran.code == 0, ran.said
    assert "Made models/tuned-1." in ran.out


def test_after_the_starter_has_changed_the_next_one_is_made_anew(
    run: Run, project: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("train", "--project", project).code == 0
    load = models.load_model

    def later(name: Any = "starter") -> Any:
        model = load(name)
        if name == "starter":
            heads = replace(model.heads, type_biases=model.heads.type_biases + 1)
            model = replace(model, heads=heads)
        return model

    monkeypatch.setattr(models, "load_model", later)
    assert "Made models/heads-2." in run("train", "--project", project).out


def test_with_another_encoder_in_the_settings_a_model_reads_with_its_own(
    run: Run, project: Path, tiny_encoder: Path
) -> None:
    assert run("train", "--project", project).code == 0
    settings = project / "whatworks.toml"
    text = settings.read_text("utf-8").replace('encoder = ""', 'encoder = "bundled"')
    settings.write_text(text, "utf-8")
    ran = run("models", "use", "models/heads-1", "--project", project)
    assert "names the encoder 'bundled'. That is for the starter; heads 1 reads" in ran.err
    ran = run("prelabel", "--project", project)
    assert ran.code == 0, ran.said
    assert "by heads 1 (tiny encoder)" in ran.out
    assert "That is for the starter" in ran.err
    ran = run("prelabel", "--encoder", "bundled", "--project", project)
    assert ran.code == 1
    assert "Leave out --encoder, or name --model starter" in ran.said


def test_finding_types_that_are_all_the_office_s_own_are_learned(
    run: Run, tmp_path: Path, project: Path
) -> None:
    book = tmp_path / "own.yaml"
    book.write_text(
        "id: own\nversion: 1\ntitle: Own\nfinding_types:\n"
        "  - {id: barrier, names: {en: Barrier}, definition: What stands in the way.}\n"
        "themes:\n  - {id: pay, names: {en: Pay}, definition: Wages and salaries of the staff.}\n",
        "utf-8",
    )
    folder = tmp_path / "own"
    init_project(folder, name="Own", by="ana", codebook=book)
    with open_project(folder) as opened:
        for report in range(3):
            texts = [text.format(n=f"{report}{n}") for n in range(8) for text in (LATE, PLAIN)]
            add(opened.store, report_of(f"{report}.pdf", *texts))
        with opened.store.reading() as connection:
            passages = current_passages(connection)
        for one in passages:
            decide(opened.store, one, "ana", *(["barrier"] if "late" in one.text else []))
    ran = run("prelabel", "--project", folder)
    assert ran.code == 1
    assert "confirm passages without suggestions (whatworks review), then" in ran.said
    ran = run("train", "--use", "--project", folder)
    assert ran.code == 0, ran.said
    assert ": better." in ran.out
    ran = run("prelabel", "--project", folder)
    assert ran.code == 0, ran.said
    assert run("evaluate", "--project", folder, "--quiet").code == 0
