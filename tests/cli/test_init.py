"""whatworks init: a new project folder."""

from pathlib import Path

import pytest

from tests.command import Run
from whatworks.labels.project import open_project
from whatworks.labels.store.codebooks import current_codebook


def test_a_project_is_made_and_what_comes_next_is_said(run: Run, tmp_path: Path) -> None:
    ran = run("init", tmp_path / "health", "--as", "Ana María")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == f"Made the project 'health' in {tmp_path / 'health'}:"
    assert f"Next: cd {tmp_path / 'health'} && whatworks add FILES" in ran.err
    with open_project(tmp_path / "health") as project, project.store.reading() as connection:
        assert current_codebook(connection).created_by == "Ana María"


def test_the_folder_one_is_in_can_be_the_project(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("init", ".", "--name", "Synthesis 2026")
    assert ran.code == 0
    assert "'Synthesis 2026'" in ran.out
    assert ran.err == "Next: whatworks add FILES\n"
    assert run("status").out.startswith("Synthesis 2026\n")


def test_a_codebook_and_a_database_can_be_chosen(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text("# of the team\nthemes: [{id: a, name: A, definition: About a.}]\n")
    ran = run("init", tmp_path / "p", "--codebook", own, "--database", "sqlite:///data.db")
    assert ran.code == 0
    assert (tmp_path / "p" / "codebook.yaml").read_text().startswith("# of the team")
    assert (tmp_path / "p" / "data.db").exists()
    assert "whatworks.db" not in ran.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--codebook", "ilo-social"), "Nearest: 'ilo-social-protection'"),
        (("--codebook", "missing.yaml"), "there is no such codebook file"),
        (("--database", "mysql://x@y/z"), "--database: Databases of kind 'mysql' are not known"),
        (("--database", "sqlite:////nonexistent/dir/a.db"), "/nonexistent/dir"),
        (("--as", " "), "Give the annotator a name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    options: tuple[str, str], said: str, run: Run, tmp_path: Path
) -> None:
    ran = run("init", tmp_path / "p", *options)
    assert ran.code == 1
    assert said in ran.said
    assert not (tmp_path / "p").exists()


def test_a_second_init_changes_nothing(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "p")
    before = {path: path.read_bytes() for path in (tmp_path / "p").iterdir()}
    ran = run("init", tmp_path / "p", "--name", "Other")
    assert ran.code == 1
    assert "this is a project already" in ran.said
    assert {path: path.read_bytes() for path in (tmp_path / "p").iterdir()} == before
