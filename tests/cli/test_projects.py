"""Which project is meant, and who works on it."""

import getpass
from pathlib import Path

import pytest

from tests.command import Run
from tests.stored import add, decide, report_of
from whatworks.cli.projects import annotator_name
from whatworks.labels.project import init_project, open_project
from whatworks.nlp.errors import WhatworksError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    init_project(tmp_path / "water")
    return tmp_path / "water"


@pytest.mark.parametrize("how", ["inside", "option", "variable", "file"])
def test_a_project_is_found(
    how: str, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: tuple[object, ...] = ()
    if how == "inside":
        (folder / "reports").mkdir()
        monkeypatch.chdir(folder / "reports")
    elif how == "variable":
        monkeypatch.setenv("WHATWORKS_PROJECT", str(folder))
    else:
        options = ("--project", folder if how == "option" else folder / "whatworks.toml")
    ran = run("status", *options)
    assert ran.code == 0
    assert ran.out.startswith("water\n")


def test_what_is_given_goes_before_the_variable(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHATWORKS_PROJECT", str(folder / "missing"))
    assert run("status", "--project", folder).code == 0
    ran = run("status")
    assert ran.code == 1
    assert "there is no project here" in ran.said


def test_without_a_project_the_cure_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("status")
    assert ran.code == 1
    assert f"There is no project in {tmp_path} or above it." in ran.said
    assert "whatworks init DIR" in ran.said


def test_a_mistake_in_the_settings_is_named(folder: Path, run: Run) -> None:
    settings = folder / "whatworks.toml"
    settings.write_text(settings.read_text("utf-8").replace("policy =", "polcy ="), "utf-8")
    ran = run("status", "--project", folder)
    assert ran.code == 1
    assert f"{settings}: Unknown key 'polcy'. Nearest: 'policy'." in ran.said


def test_a_changed_policy_is_told_with_what_it_moved(folder: Path, run: Run) -> None:
    report = report_of("r.pdf", "One.", "Two.")
    with open_project(folder) as project:
        add(project.store, report)
        decide(project.store, report.passages[0], "ana", "lesson")
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8").replace('policy = "one-reviewer"', 'policy = "two-agree"')
    settings.write_text(text, "utf-8")
    ran = run("status", "--project", folder)
    assert "Note: The policy is now 'two-agree': 1 passage changed state." in ran.err
    assert "Note" not in run("status", "--project", folder).err


def test_the_annotator_is_who_is_named_or_logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "login")
    assert annotator_name(None) == "login"
    assert annotator_name("  Ana   María ") == "Ana María"


@pytest.mark.parametrize("given", ["", " ", "a" * 500, "a\x07b"])
def test_a_name_that_cannot_be_kept_is_refused(given: str) -> None:
    with pytest.raises(WhatworksError):
        annotator_name(given)


def test_without_a_login_name_the_option_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no username")

    monkeypatch.setattr(getpass, "getuser", nobody)
    with pytest.raises(WhatworksError, match="--as NAME"):
        annotator_name(None)
