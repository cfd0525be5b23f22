"""A project whose database is on a PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer
from tests.stored import add, report_of
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.reports import reports
from whatworks.nlp.errors import WhatworksError


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty database."""
    name = postgres.new_database()
    yield postgres.url(name).render_as_string(hide_password=False)
    postgres.drop(name)


def test_a_project_is_made_there_and_found_again(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_DATABASE", url)
    init_project(tmp_path / "p", database="${TEAM_DATABASE}", by="ana")
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == [
        "codebook.yaml", "whatworks.toml",
    ]  # fmt: skip
    assert url not in (tmp_path / "p" / "whatworks.toml").read_text("utf-8")
    with open_project(tmp_path / "p") as project:
        add(project.store, report_of("r.pdf", "A text."))
    # A colleague with a copy of the settings works on the same project.
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "whatworks.toml").write_bytes(
        (tmp_path / "p" / "whatworks.toml").read_bytes()
    )
    with open_project(tmp_path / "q") as project, project.store.reading() as connection:
        assert [one.name for one in reports(connection)] == ["r.pdf"]


def test_a_database_with_a_projects_work_is_no_new_project(url: str, tmp_path: Path) -> None:
    init_project(tmp_path / "p", database=url)
    with open_project(tmp_path / "p") as project:
        add(project.store, report_of("r.pdf", "A text."))
    with pytest.raises(WhatworksError, match="holds a project already"):
        init_project(tmp_path / "q", database=url)
    with open_project(tmp_path / "p") as project, project.store.reading() as connection:
        assert len(reports(connection)) == 1


def test_what_was_broken_off_can_be_done_again(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("whatworks.labels.project.add_codebook", broken)
        with pytest.raises(KeyboardInterrupt):
            init_project(tmp_path / "p", database=url)
    init_project(tmp_path / "p", database=url)
    with open_project(tmp_path / "p"):
        pass


def test_a_server_that_does_not_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match="cannot be reached") as told:
        init_project(tmp_path / "p", database="postgresql://ana:hidden@127.0.0.1:1/w")
    assert "hidden" not in str(told.value)
    assert not (tmp_path / "p").exists()
