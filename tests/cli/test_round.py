"""``whatworks round``: what to read next, who reads it, and when to stop."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.command import Ran, Run
from tests.stored import add, decide, report_of
from whatworks.cli import round as commands
from whatworks.labels.accounts import Role
from whatworks.labels.project import Project, init_project, open_project
from whatworks.labels.settings import read_settings
from whatworks.labels.store.accounts import add_account, set_disabled
from whatworks.labels.store.assignments import rounds
from whatworks.labels.store.codebooks import add_codebook, current_codebook
from whatworks.labels.store.kept_apart import kept_apart
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.standings import selected_in
from whatworks.labels.store.suggestions import latest_suggestions
from whatworks.models import folder as models
from whatworks.models.folder import load_model
from whatworks.training.strategies.named import STRATEGIES

pytestmark = pytest.mark.slow

# The tiny encoder knows letters, not words.
LATE, GOOD, PLAIN = "zzz late zzzz zz zzz {n}", "qqq kept qqqq qqq qq {n}", "ooo oooo oo oooo {n}"


@pytest.fixture
def folder(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three reports of 24 passages, nothing decided."""
    load = models.load_model
    monkeypatch.setattr(
        models, "load_model", lambda name="starter": load(tiny_model if name == "starter" else name)
    )
    folder = tmp_path / "reviews"
    init_project(folder, name="Reviews", by="ana")
    with open_project(folder) as project:
        for report in range(3):
            texts = [
                text.format(n=f"{report}{n}") for n in range(8) for text in (LATE, GOOD, PLAIN)
            ]
            add(project.store, report_of(f"{report}.pdf", *texts))
    return folder


@pytest.fixture
def round_(run: Run, folder: Path) -> Run:
    """``whatworks round`` in the project."""

    def call(command: str, *arguments: object) -> Ran:
        return run("round", command, *arguments, "--project", folder)

    return call


def facts(ran: Ran) -> Any:
    assert ran.code == 0, ran.said
    return json.loads(ran.out)


def read(folder: Path, *people: str, one_label: bool = False) -> int:
    """Those people decide all that waits for them; how many readings that were."""
    with open_project(folder) as project:
        todo = waiting(project, *people)
        for passage, person in todo:
            if "late" in passage.text or one_label:
                decide(project.store, passage, person, "obstacle")
            elif "kept" in passage.text:
                decide(project.store, passage, person, "success_factor")
            else:
                decide(project.store, passage, person)
    return len(todo)


def waiting(project: Project, *people: str) -> list[Any]:
    with project.store.reading() as connection:
        there = {one.id: one for one in current_passages(connection)}
        return [
            (there[passage], reader)
            for one in rounds(connection)
            if not one.is_closed
            for passage, item in selected_in(connection, one.id).items()
            for reader in item.readers
            if not people or reader in people
        ]


def test_a_round_is_chosen_and_dealt_out(round_: Run, folder: Path) -> None:
    ran = round_("new", "Round 1", "--annotator", "Ana", "--annotator", "João", "--overlap", "20%",
                 "--size", "20", "--seed", "7")  # fmt: skip

    assert ran.code == 0, ran.said
    assert "Made the round 'Round 1': 20 passages, strategy default, seed 7. 52 more" in ran.said
    assert "Ana 12 João 12" in ran.said
    assert "suggested for 72 passages" in ran.said
    shown = facts(round_("show", "round 1", "--format", "json"))
    assert [(one["name"], one["open"]) for one in shown["readers"]] == [("Ana", 12), ("João", 12)]
    assert len(shown["selected"]) == 20
    assert all(one["reason"] for one in shown["selected"])
    page = round_("show", "Round 1")
    assert "Why they were chosen:" in page.out
    assert "Ana" in page.out


def test_by_lot_the_chance_is_told(round_: Run) -> None:
    made = facts(round_("new", "Lot", "--strategy", "random", "--size", "18", "--format", "json"))

    assert {one["probability"] for one in made["passages"]} == {0.25}
    assert "Each had a chance of 25% to be chosen." in round_("show", "Lot").out
    assert "18 passages open that are assigned to nobody" in round_("show", "Lot").out


def test_only_a_report_or_a_language(round_: Run) -> None:
    made = facts(round_("new", "One", "--report", "1.pdf", "--size", "24", "--format", "json"))
    assert made["left"] == 0
    shown = facts(round_("show", "One", "--format", "json"))
    assert {one["report"] for one in shown["selected"]} == {"1.pdf"}
    ran = round_("new", "French", "--language", "FR")
    assert ran.code == 1
    assert "There is no passage left in this selection" in ran.said


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--strategy", "margn"), 1, "Unknown strategy 'margn'. Nearest: 'margin'."),
        (("--size", "73"), 1, "A round of 73 passages is larger than what is left: 72."),
        (("--size", "0"), 2, "greater than or equal to 1"),
        (("--overlap", "some"), 2, "Write 20%"),
        (("--overlap", "120%"), 1, "120%"),
        (("--annotator", "Ana", "--overlap", "10%"), 1, "2 people are to read a passage"),
        (("--report", "9.pdf"), 1, "Unknown report '9.pdf'"),
        (("--annotator", "A\tna\0"), 1, "control character"),
    ],
)
def test_a_round_that_cannot_be_is_refused_and_none_is_made(
    round_: Run, options: tuple[str, ...], code: int, said: str
) -> None:
    ran = round_("new", "Round 1", *options)

    assert ran.code == code
    assert said in ran.said
    assert facts(round_("list", "--format", "json")) == []


def test_a_name_is_taken_once(round_: Run) -> None:
    assert round_("new", "Round 1", "--size", "5").code == 0
    ran = round_("new", "round  1", "--size", "5")
    assert ran.code == 1
    assert "There is a round 'Round 1' already" in ran.said


def test_who_is_unknown_or_has_left_is_not_asked(round_: Run, folder: Path) -> None:
    with open_project(folder) as project:
        for name in ("Ana", "João"):
            add_account(project.store, name, Role.REVIEWER, "four grey lanterns")
        set_disabled(project.store, "João", True)

    ran = round_("new", "Round 1", "--annotator", "Anna", "--size", "5")
    assert ran.code == 1
    assert "Unknown annotator 'Anna'. Nearest: 'Ana'." in ran.said
    ran = round_("new", "Round 1", "--annotator", "joão", "--size", "5")
    assert ran.code == 1
    assert "'João' has left: the account is closed." in ran.said
    ran = round_("new", "Round 1", "--annotator", "Anna", "--new-annotators", "--size", "5")
    assert ran.code == 0


def test_closed_the_model_learns_and_suggests_anew(run: Run, round_: Run, folder: Path) -> None:
    assert round_("audit", "--size", "12", "--annotator", "Ana").code == 0
    assert read(folder) == 12
    assert round_("close", "Audit sample", "--no-train").code == 0
    assert round_("new", "Round 1", "--annotator", "Ana", "--size", "40").code == 0
    assert read(folder) == 40

    ran = round_("close", "Round 1")

    assert ran.code == 0, ran.said
    assert "models/heads-1 has learned from 40 passages" in ran.said
    assert read_settings(folder / "whatworks.toml").model == "models/heads-1"
    model = load_model(folder / "models" / "heads-1")
    assert model.made_from["passages"] == 40
    with open_project(folder) as project, project.store.reading() as connection:
        ids = [one.id for one in current_passages(connection)]
        found = latest_suggestions(connection, ids)
        assert len(kept_apart(connection)) == 12
    assert {one.model for one in found.values()} == {"heads 1 (tiny encoder)"}
    assert len(found) == 72

    status = facts(round_("status", "--format", "json"))
    curve = status["audit"]["models"]
    assert [one["learned_from"] for one in curve] == [0, 40]
    assert curve[1]["macro_f1"]["value"] > curve[0]["macro_f1"]["value"]
    assert "How good the model is, on 12 audited passages" in round_("status").out
    # By whichever command: the audit sample is in none of it.
    assert "Learned from 40 confirmed passages" in run("train", "--project", folder).said
    # The next one is chosen by what the new model says.
    assert round_("new", "Round 2", "--annotator", "Ana", "--size", "20").code == 0
    assert read(folder) == 20
    ran = round_("close", "Round 2")
    assert "models/heads-2 has learned from 60 passages" in ran.said
    ran = round_("new", "Round 3")
    assert ran.code == 1
    assert "There is no passage left: all are decided" in ran.said
    assert "you may stop" in round_("status").out


def test_of_one_label_alone_it_learns_too(round_: Run, folder: Path) -> None:
    assert round_("new", "Round 1", "--annotator", "Ana", "--size", "20").code == 0
    read(folder, one_label=True)

    done = facts(round_("close", "Round 1", "--format", "json"))

    assert done["learned"] == {
        "outcome": "learned",
        "model": "models/heads-1",
        "model_before": "starter",
        "passages": 20,
    }
    assert round_("new", "Round 2", "--annotator", "Ana").code == 0


def test_half_done_it_is_closed_only_anyway_and_what_is_open_is_taken_back(
    round_: Run, folder: Path
) -> None:
    round_("new", "Round 1", "--annotator", "Ana", "--annotator", "João", "--size", "20")
    read(folder, "Ana")

    ran = round_("close", "Round 1")
    assert ran.code == 1
    assert "'Round 1' is half done. Still open, by person: João: 10." in ran.said

    ran = round_("close", "Round 1", "--anyway", "--no-train")
    assert ran.code == 0
    assert "Taken back, by person: João: 10." in ran.said
    assert "models/" not in ran.said
    assert facts(round_("status", "--format", "json"))["left"] == 62
    assert round_("close", "Round 1").code == 1


def test_nothing_to_learn_yet_is_said(round_: Run) -> None:
    round_("new", "Round 1", "--size", "5")
    ran = round_("close", "Round 1", "--anyway")
    assert ran.code == 0
    assert "nothing to learn yet" in ran.said


def test_a_tuned_model_stays_in_use(round_: Run, folder: Path, tiny_model: Path) -> None:
    from dataclasses import replace

    from whatworks.models.folder import save_model

    (folder / "models" / "tuned-1").mkdir(parents=True)
    save_model(replace(load_model(tiny_model), name="tuned"), folder / "models" / "tuned-1")
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace('model = "starter"', 'model = "models/tuned-1"'), "utf-8")
    round_("new", "Round 1", "--annotator", "Ana", "--size", "5")
    read(folder)

    ran = round_("close", "Round 1")

    assert "models/tuned-1 was tuned, and stays in use" in ran.said
    assert read_settings(settings).model == "models/tuned-1"


def test_after_the_codebook_changed_everything_is_suggested_anew_first(
    round_: Run, folder: Path
) -> None:
    round_("new", "Round 1", "--size", "5")
    with open_project(folder) as project:
        with project.store.reading() as connection:
            source = current_codebook(connection).source
        add_codebook(project.store, re.sub(r"version: \d+", "version: 99", source), "ana")

    ran = round_("new", "Round 2", "--size", "5")

    assert ran.code == 0, ran.said
    assert "suggested for 72 passages" in ran.said


def test_what_waits_for_somebody_who_left_goes_to_others(round_: Run) -> None:
    round_("new", "Round 1", "--annotator", "Ana", "--annotator", "João", "--size", "20")

    ran = round_("take-back", "João")
    assert ran.code == 0
    assert "10 passages taken back from João. Ana 10" in ran.said
    assert round_("take-back", "João").code == 1
    done = facts(round_("take-back", "Ana", "--to", "Zoë", "--new-annotators", "--round", "Round 1",
                        "--format", "json"))  # fmt: skip
    assert done == {"taken": 20, "given": {"Zoë": 20}, "left": 0}
    ran = round_("take-back", "Jo")
    assert "Unknown annotator 'Jo'" in ran.said


def test_the_audit_sample_is_drawn_once_and_enlarged(round_: Run) -> None:
    ran = round_("audit", "--size", "12", "--annotator", "Ana", "--annotator", "João")
    assert ran.code == 0, ran.said
    assert "12 passages drawn by lot for the audit sample" in ran.said
    assert "12 of 72 passages, from 3 reports and languages" in ran.said
    assert "for audit, blind" in round_("show", "Audit sample").said
    ran = round_("audit", "--size", "12")
    assert ran.code == 1
    assert "It is drawn once" in ran.said
    done = facts(round_("audit", "--enlarge", "6", "--annotator", "Ana", "--format", "json"))
    assert (done["new"], done["sample"]) == (6, 18)
    for options in ((), ("--size", "3", "--enlarge", "3")):
        assert round_("audit", *options).code == 2


def test_the_list_says_how_far_each_round_has_come(round_: Run, folder: Path) -> None:
    assert "There is no round yet" in round_("list").out
    round_("new", "Round 1", "--annotator", "Ana", "--size", "5")
    read(folder)
    assert re.search(r"Round 1 +open +learning +default +5 +5 of 5", round_("list").out)
    ran = round_("show", "Round 2")
    assert ran.code == 1
    assert "Unknown round 'Round 2'. Nearest: 'Round 1'." in ran.said


def test_the_status_never_says_stop_without_a_guarantee(round_: Run, folder: Path) -> None:
    ran = round_("status")
    assert "Next: draw the audit sample" in ran.out
    round_("new", "Round 1", "--annotator", "Ana", "--size", "60")
    read(folder)
    round_("close", "Round 1")

    found = facts(round_("status", "--format", "json"))

    assert all(not one["may_stop"] for one in found["finding_types"] if one["found"])
    assert "may stop" not in round_("status").out
    assert round_("status", "--target", "150%").code == 2


def test_the_help_names_the_strategies_as_they_are() -> None:
    named = " ".join(commands._STRATEGIES.split())
    for name, one in STRATEGIES.items():
        assert f"{name} {one.description}" in named


def test_evaluate_takes_its_figures_to_report_from_the_sample(
    run: Run, round_: Run, folder: Path, tmp_path: Path
) -> None:
    where = ("--project", folder)
    assert "There is no audit sample yet" in run("evaluate", "--audit", *where).said
    round_("audit", "--size", "24", "--annotator", "Ana", "--seed", "7")
    assert "No passage of the audit sample is confirmed" in run("evaluate", "--audit", *where).said
    read(folder)
    round_("new", "Round 1", "--annotator", "Ana", "--size", "40")
    read(folder)
    round_("close", "Round 1")
    path = tmp_path / "audit.json"

    ran = run("evaluate", "--audit", "-o", path, *where)

    assert ran.code == 0, ran.said
    assert (
        "Rests on 24 confirmed passages of the audit sample of 24, drawn by lot from 72" in ran.said
    )
    found = json.loads(path.read_text("utf-8"))
    share = found["finding_types"]["obstacle"]
    assert 0 < share["low"] <= share["value"] <= share["high"] < 1
    # What is learned from, and what is measured on that, leaves the sample out.
    ran = run("evaluate", *where)
    assert "40 confirmed passages" in ran.out
    assert "24 passages of the audit sample are left out here" in ran.said
    assert run("evaluate", "--audit", "--by", "theme", *where).code == 2
    assert run("evaluate", "--audit", "-o", tmp_path / "audit.html", *where).code == 2
