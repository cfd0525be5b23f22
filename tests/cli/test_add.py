"""whatworks add: reports and tables into the project."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import PROSE, Ran, Run, text_report
from tests.stored import decide
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.reports import reports


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, and the folder one is in."""
    init_project(tmp_path / "water")
    monkeypatch.chdir(tmp_path / "water")
    monkeypatch.setenv("WHATWORKS_ANNOTATOR", "ana")
    return tmp_path / "water"


def stored(folder: Path) -> dict[str, tuple[int, int]]:
    """Name to version and number of passages."""
    with open_project(folder) as project, project.store.reading() as connection:
        return {
            one.name: (one.number, len(current_passages(connection, one.report_id)))
            for one in reports(connection)
        }


def lines(ran: Ran) -> list[str]:
    return ran.out.splitlines()


def test_reports_of_a_folder_are_added(folder: Path, run: Run) -> None:
    text_report(folder / "reports" / "a.txt")
    text_report(folder / "reports" / "b.txt", PROSE[0])
    ran = run("add", "reports")
    assert ran.code == 0
    assert lines(ran) == ["a.txt: added, 3 passages", "b.txt: added, 1 passage"]
    assert "Reports: 2 added, 0 changed, 0 already there, 0 skipped." in ran.err
    assert "Next: whatworks prelabel (4 passages without a suggestion)" in ran.err
    assert stored(folder) == {"a.txt": (1, 3), "b.txt": (1, 1)}
    with open_project(folder) as project, project.store.reading() as connection:
        assert [one.added_by for one in reports(connection)] == ["ana", "ana"]
        assert reports(connection)[0].path == "reports/a.txt"


def test_a_second_time_nothing_is_added(folder: Path, run: Run) -> None:
    text_report(folder / "a.txt")
    run("add", "a.txt")
    ran = run("add", "a.txt")
    assert (ran.code, lines(ran)) == (0, ["a.txt: already there"])
    assert stored(folder) == {"a.txt": (1, 3)}


def test_a_changed_file_keeps_decisions_and_says_what_changed(folder: Path, run: Run) -> None:
    text_report(folder / "a.txt")
    run("add", "a.txt")
    with open_project(folder) as project:
        with project.store.reading() as connection:
            first, second, _ = current_passages(connection)
        decide(project.store, first, "ana", "success_factor")
        decide(project.store, second, "ana", "obstacle")
    text_report(folder / "a.txt", PROSE[0], PROSE[2], "A new paragraph says more about it.")
    ran = run("add", "a.txt")
    assert lines(ran) == [
        "a.txt: version 2: 2 passages kept, 1 new, 1 gone (1 of them decided; the decisions stay "
        "in the log)"
    ]
    ran = run("status")
    assert "Confirmed finding types: Success factor 1" in ran.out


def test_a_file_can_replace_another_report(folder: Path, run: Run) -> None:
    text_report(folder / "draft.txt")
    run("add", "draft.txt")
    text_report(folder / "final.txt", *PROSE[:2])
    ran = run("add", "final.txt", "--replaces", "draft.txt")
    assert lines(ran) == ["draft.txt: version 2: 2 passages kept, 0 new, 1 gone"]
    ran = run("add", "final.txt", "--replaces", "draf.txt")
    assert ran.code == 1
    assert "Unknown report 'draf.txt'. Nearest: 'draft.txt'." in ran.said


def test_one_bad_file_never_stops_the_others(folder: Path, run: Run) -> None:
    text_report(folder / "a.txt")
    (folder / "b.pdf").write_bytes(b"")
    (folder / "t.csv").write_text("a,b\n1,2\n")
    ran = run("add", "missing.pdf", "b.pdf", "t.csv", "a.txt")
    assert ran.code == 1
    assert lines(ran) == ["a.txt: added, 3 passages"]
    assert "3 files or folders could not be read:" in ran.said
    assert "missing.pdf: There is no such file." in ran.said
    assert "b.pdf: The file is empty." in ran.said
    assert "The table has no 'text' column" in ran.said
    assert "1 added, 0 changed, 0 already there, 3 skipped" in ran.said
    assert stored(folder) == {"a.txt": (1, 3)}


def test_an_empty_folder_is_told(folder: Path, run: Run) -> None:
    (folder / "empty").mkdir()
    ran = run("add", "empty")
    assert ran.code == 1
    assert "There are no reports in this folder." in ran.said


def test_tables_are_added_by_the_reports_they_name(folder: Path, run: Run) -> None:
    (folder / "t.csv").write_text(
        'report,text\nx.pdf,"Staff stayed on."\ny.pdf,"Funds came late."\nx.pdf,\n', "utf-8"
    )
    ran = run("add", "t.csv")
    assert lines(ran) == ["x.pdf: added, 1 passage", "y.pdf: added, 1 passage"]
    assert "Note: t.csv: 1 row without a text was left out." in ran.err


def test_another_report_of_the_name_is_told(folder: Path, run: Run) -> None:
    text_report(folder / "mali" / "r.txt")
    text_report(folder / "benin" / "r.txt", PROSE[0])
    run("add", "mali/r.txt")
    ran = run("add", "benin/r.txt")
    assert lines(ran) == ["benin/r.txt: added, 1 passage"]
    assert "There is another report 'r.txt'; this one is called 'benin/r.txt'." in ran.said


def test_quiet_says_only_what_was_added(folder: Path, run: Run) -> None:
    text_report(folder / "a.txt")
    ran = run("add", "a.txt", "--quiet")
    assert (ran.err, lines(ran)) == ("", ["a.txt: added, 3 passages"])


def test_standard_input_has_no_name(folder: Path, run: Run) -> None:
    ran = run("add", "-", stdin=b"A text.")
    assert ran.code == 1
    assert "Save it as a file first" in ran.said


def test_a_wrong_language_is_wrong_usage(folder: Path, run: Run) -> None:
    text_report(folder / "a.txt")
    ran = run("add", "a.txt", "--language", "french")
    assert ran.code == 2
    assert "Nearest: 'fr'" in ran.said
    run("add", "a.txt", "--language", "fr")
    with open_project(folder) as project, project.store.reading() as connection:
        assert [one.language for one in reports(connection)] == ["fr"]


@pytest.mark.slow
def test_reports_read_ahead_are_the_same(folder: Path, run: Run) -> None:
    for n in range(4):
        text_report(folder / "reports" / f"{n}.txt", f"{PROSE[0]} It is report number {n}.")
    (folder / "reports" / "2.pdf").write_bytes(b"")
    ran = run("add", "reports", "--jobs", "2")
    assert ran.code == 1
    assert [line.split(":")[0] for line in lines(ran)] == ["0.txt", "1.txt", "2.txt", "3.txt"]


@pytest.mark.slow
def test_an_interrupted_run_keeps_what_it_added_and_goes_on(
    folder: Path, run: Run, start: Callable[..., object]
) -> None:
    for n in range(300):
        text_report(folder / "reports" / f"{n:03}.txt", f"{PROSE[0]} It is report number {n}.")
    process = start("add", "reports")
    assert process.stdout.readline().startswith("000.txt: added")  # type: ignore[attr-defined]
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGINT)  # type: ignore[attr-defined]
    _, err = process.communicate(timeout=60)  # type: ignore[attr-defined]
    assert process.returncode == 130  # type: ignore[attr-defined]
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    before = len(stored(folder))
    assert 0 < before < 300
    ran = run("add", "reports")
    assert ran.code == 0
    assert f"{300 - before} added, 0 changed, {before} already there" in ran.said
    assert set(stored(folder).values()) == {(1, 1)}
