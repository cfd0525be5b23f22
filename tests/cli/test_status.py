"""whatworks status: where the work stands."""

import json
import shlex
from pathlib import Path

import pytest

from tests.command import Run
from tests.stored import add, decide, report_of, suggest
from whatworks.labels.project import init_project, open_project

FIRST = report_of("évaluation finale.pdf", *(f"Passage {n} of the first." for n in range(4)))
SECOND = report_of("b.pdf", "One of the second.", "Two of the second.", title="Second report")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with decisions, and the folder one is in."""
    init_project(tmp_path / "water", name="Water synthesis")
    monkeypatch.chdir(tmp_path / "water")
    with open_project() as project:
        store = project.store
        add(store, FIRST)
        add(store, SECOND)
        suggest(store, [*FIRST.passages, *SECOND.passages], "starter 1.0", lesson=0.9)
        decide(store, FIRST.passages[0], "zoé", "lesson", themes=["local-presence"])
        decide(store, FIRST.passages[1], "ana", "lesson", "obstacle")
        decide(store, FIRST.passages[2], "ana")
        decide(store, FIRST.passages[2], "zoé", "lesson")
        add(store, report_of(SECOND.name, SECOND.passages[0].text), report_id=2)
    return tmp_path / "water"


def test_every_report_and_all_of_them_are_shown(folder: Path, run: Run) -> None:
    ran = run("status")
    assert ran.code == 0
    assert ran.err == ""
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0] == "Water synthesis"
    assert "Codebook ilo-social-protection, version 1." in ran.said
    assert "Suggestions by starter 1.0. Policy one-reviewer." in ran.said
    assert "Report Passages Suggested Disagreed Confirmed Gone" in lines
    assert "évaluation finale.pdf 4 1 1 2 0" in lines
    assert "b.pdf 1 1 0 0 1" in lines
    assert "All reports 5 2 1 2 1" in lines
    assert "Confirmed finding types: Lesson 2, Obstacle 1" in ran.out
    assert "Confirmed themes: Local presence 1" in ran.out
    assert any(line.startswith("ana: 2 decisions, the last on 20") for line in lines)
    assert lines[-1] == "Next: whatworks review (2 passages to decide)"


def test_the_same_can_be_had_as_json(folder: Path, run: Run) -> None:
    said = json.loads(run("status", "--format", "json").out)
    assert said["project"] == "Water synthesis"
    assert said["policy"] == "one-reviewer"
    assert said["codebook"] == {"id": "ilo-social-protection", "version": 1}
    assert said["model"] == "starter 1.0"
    assert said["total"] == {
        "passages": 5, "new": 0, "suggested": 2, "in_review": 0, "disagreed": 1, "confirmed": 2,
        "stale": 0, "gone": 1,
    }  # fmt: skip
    assert [(one["name"], one["version"]) for one in said["reports"]] == [
        ("évaluation finale.pdf", 1), ("b.pdf", 2),
    ]  # fmt: skip
    assert said["confirmed_finding_types"] == {"lesson": 2, "obstacle": 1}
    assert said["confirmed_themes"] == {"local-presence": 1}
    assert [(one["name"], one["decisions"]) for one in said["annotators"]] == [
        ("ana", 2), ("zoé", 2),
    ]  # fmt: skip
    assert said["next"].startswith("Next: ")


def test_a_new_project_is_told_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init", tmp_path / "new")
    ran = run("status", "--project", tmp_path / "new")
    folder = shlex.quote(str(tmp_path / "new"))
    assert ran.out.splitlines()[-1] == f"Next: whatworks add --project {folder} FILES"
    monkeypatch.chdir(tmp_path / "new")
    assert run("status").out.splitlines()[-1] == "Next: whatworks add FILES"
    assert (
        json.loads(run("status", "--project", tmp_path / "new", "--format", "json").out)["reports"]
        == []
    )


def test_an_unknown_format_is_wrong_usage(folder: Path, run: Run) -> None:
    assert run("status", "--format", "xml").code == 2


@pytest.mark.slow
def test_it_works_where_nothing_may_be_written(
    folder: Path, run_apart: Run, as_user: tuple[str, ...]
) -> None:
    parts = [folder, *folder.iterdir()]
    for part in parts:
        part.chmod(0o555 if part.is_dir() else 0o444)
    try:
        ran = run_apart("status", "--project", folder, before=as_user)
    finally:
        for part in parts:
            part.chmod(0o755)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Water synthesis\n")
    assert {folder, *folder.iterdir()} == set(parts)


def test_what_a_terminal_cannot_take_is_not_printed(run: Run, tmp_path: Path) -> None:
    init_project(tmp_path / "p")
    with open_project(tmp_path / "p") as project:
        add(project.store, report_of("a\x1b[31m[bold]b.pdf", "A text."))
    ran = run("status", "--project", tmp_path / "p")
    assert "\x1b" not in ran.out
    assert "[31m[bold]b.pdf" in ran.out
