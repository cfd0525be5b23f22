"""A project with passages, and the app on it as one person's browser sees it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.web.screen import Screen, opened_screen
from tests.cli.web.team import QUICK, Team, build_team, open_team
from tests.cli.web.topics import TopicEncoder
from tests.stored import add, report_of, suggest
from whatworks.cli.web import model_desk
from whatworks.labels import passwords
from whatworks.labels.project import Project, init_project, open_project
from whatworks.labels.store.passages import current_passages
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import Passage

TEXTS = [f"The committees met every month, point {n}." for n in range(1, 9)]


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with nothing but its codebook, to be copied."""
    folder = tmp_path_factory.mktemp("project") / "reviews"
    init_project(folder, name="Reviews", by="ana")
    return folder


@pytest.fixture
def project(new_project: Path, tmp_path: Path) -> Iterator[Project]:
    """A report of eight passages; 'success factor' is suggested for the first six of them."""
    folder = tmp_path / "reviews"
    shutil.copytree(new_project, folder)
    with open_project(folder) as opened:
        add(opened.store, report_of("midterm.pdf", *TEXTS, title="Midterm review"))
        suggest(opened.store, passages_in(opened)[:6], success_factor=0.83)
        yield opened


def passages_in(project: Project) -> list[Passage]:
    with project.store.reading() as connection:
        return current_passages(connection)


@pytest.fixture
def passages(project: Project) -> list[Passage]:
    return passages_in(project)


@pytest.fixture
def screen(project: Project) -> Iterator[Screen]:
    """Ana's browser."""
    with opened_screen(project) as opened:
        yield opened


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> TopicEncoder:
    """The encoder of a model that stands in the place of the project's."""
    made = TopicEncoder()
    monkeypatch.setattr(model_desk, "project_suggester", made.suggester)
    return made


@pytest.fixture(scope="session")
def new_team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project that several people use, to be copied."""
    folder = tmp_path_factory.mktemp("team") / "wells"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", QUICK)
        build_team(folder)
    return folder


@pytest.fixture(scope="module")
def kept_team(new_team: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """One for all tests of a module that change nothing in it; no model comes to its pages."""

    def none(*_: object, **__: object) -> None:
        raise WhatworksError("There is no model here.")

    folder = tmp_path_factory.mktemp("kept") / "wells"
    shutil.copytree(new_team, folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", QUICK)
        patched.setattr(model_desk, "project_suggester", none)
        with open_team(folder) as opened:
            yield opened


@pytest.fixture
def team(new_team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """A project with an account of each role, on an app that one has to log in to."""
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    shutil.copytree(new_team, tmp_path / "wells")
    with open_team(tmp_path / "wells") as opened:
        yield opened
