"""``whatworks train``: a project's own model from what people confirmed."""

import json
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
