import sqlite3
from pathlib import Path

import pytest

from tests.command import Run
from whatworks.labels.project import init_project
from whatworks.labels.store import migrations

LATER = Path(__file__).parents[1] / "labels" / "store" / "later"
NOW = migrations.REVISIONS[-1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "health"
    init_project(folder, by="ana")
    return folder


@pytest.fixture
def newer_program(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the program has one more revision than the project."""
    monkeypatch.setattr(migrations, "REVISIONS", [*migrations.REVISIONS, "9001"])
    monkeypatch.setattr(migrations, "LOCATIONS", [*migrations.LOCATIONS, LATER])


@pytest.mark.usefixtures("newer_program")
def test_a_project_of_before_names_the_command_that_moves_it_up(project: Path, run: Run) -> None:
    ran = run("status", "--project", project)
    assert ran.code == 1
    assert f"{project / 'whatworks.db'}: the database was made by an older whatworks." in ran.said
    assert "Run: whatworks upgrade (it makes a backup first)." in ran.said


@pytest.mark.usefixtures("newer_program")
def test_upgrade_moves_a_project_up_and_says_where_the_backup_is(project: Path, run: Run) -> None:
    ran = run("upgrade", "--project", project)
    (backup,) = project.glob(f"whatworks.db.backup-{NOW}-*")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"Backup: {backup}",
        f"The database was moved up from revision {NOW} to 9001.",
    ]
    assert run("status", "--project", project).code == 0


@pytest.mark.usefixtures("newer_program")
def test_upgrade_finds_the_project_from_a_folder_within_it(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = project / "reports" / "2026"
    within.mkdir(parents=True)
    monkeypatch.chdir(within)
    assert run("upgrade", "--backup-made").out == (
        f"The database was moved up from revision {NOW} to 9001.\n"
    )
    assert list(project.glob("*backup*")) == []


def test_upgrade_of_a_project_that_is_up_to_date_does_nothing(project: Path, run: Run) -> None:
    ran = run("upgrade", "--project", project)
    assert ran.code == 0
    assert ran.out == f"The database is at revision {NOW}, the newest; nothing had to be done.\n"
    assert list(project.glob("*backup*")) == []


@pytest.mark.parametrize("command", ["upgrade", "status"])
def test_a_project_of_a_newer_program_is_left_alone(project: Path, run: Run, command: str) -> None:
    database = sqlite3.connect(project / "whatworks.db")
    database.execute("UPDATE whatworks_revision SET version_num = '9999'")
    database.commit()
    database.close()
    ran = run(command, "--project", project)
    assert ran.code == 1
    assert "the database was made by a newer whatworks than this one." in ran.said
    assert "Run: pip install --upgrade whatworks" in ran.said


def test_upgrade_without_a_project_says_how_to_name_one(tmp_path: Path, run: Run) -> None:
    ran = run("upgrade", "--project", tmp_path)
    assert ran.code == 1
    assert "there is no project here" in ran.said
