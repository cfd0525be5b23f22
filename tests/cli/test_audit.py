"""whatworks audit: whether the log is what was recorded, and the history of a passage."""

import re
from pathlib import Path

import pytest

from tests.command import Run
from tests.labels.store.forgery import forge
from tests.labels.store.seeds import draft
from tests.stored import add, decide, report_of, suggest
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.audit import MOST_FINDINGS
from whatworks.labels.store.decisions import record

REPORT = report_of("r.pdf", "It worked\x1b[31m well.", "It failed.")
FIRST, SECOND = REPORT.passages


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three decisions, and the folder one is in."""
    init_project(tmp_path / "water")
    monkeypatch.chdir(tmp_path / "water")
    with open_project() as project:
        add(project.store, REPORT)
        suggest(project.store, [FIRST], "starter 1.0", lesson=0.9)
        decide(project.store, FIRST, "zoé", "lesson")
        decide(project.store, FIRST, "ana")
        decide(project.store, SECOND, "ana", "obstacle", themes=["local-presence"])
    return tmp_path / "water"


def head_of(out: str) -> str:
    found = re.search(r"^Head: ([0-9a-f]{64})$", out, re.MULTILINE)
    assert found
    return found[1]


def test_a_clean_log_is_told_with_its_length_and_head(folder: Path, run: Run) -> None:
    ran = run("audit")
    assert ran.code == 0
    assert ran.err == ""
    first, _, last = ran.out.splitlines()
    assert first == "Decisions: 3"
    assert head_of(ran.out)
    assert last == "Audit: clean. No decision was altered, removed or inserted."


def test_a_new_project_is_clean(tmp_path: Path, run: Run) -> None:
    init_project(tmp_path / "new")
    ran = run("audit", "--project", tmp_path / "new")
    assert ran.code == 0
    assert "Decisions: 0\nHead: (none yet)\n" in ran.out


def test_what_was_altered_is_named_and_ends_with_1(folder: Path, run: Run) -> None:
    with open_project() as project:
        forge(project.store, "UPDATE decision SET comment = 'No.' WHERE id = 2")
    ran = run("audit")
    assert ran.code == 1
    assert ran.out.startswith(f"decision 2: Decision 2 (passage {FIRST.id}, by ana) is not what")
    assert "Audit: 1 thing is not as recorded." in ran.out


def test_no_more_is_printed_than_one_can_read(folder: Path, run: Run, monkeypatch) -> None:
    monkeypatch.setattr("whatworks.labels.store.audit.MOST_FINDINGS", 2)
    with open_project() as project:
        forge(project.store, "UPDATE decision SET comment = 'No.'")
    ran = run("audit")
    assert ran.code == 1
    assert "... and 1 more." in ran.out
    assert "Audit: 3 things are not as recorded." in ran.out
    assert MOST_FINDINGS > 2


def test_a_head_that_was_noted_is_looked_for(folder: Path, run: Run) -> None:
    head = head_of(run("audit").out)
    with open_project() as project:
        decide(project.store, SECOND, "zoé", "lesson")
    ran = run("audit", "--head", head[:12])
    assert ran.code == 0
    assert "The head you gave is that of decision 3: it is still in the log." in ran.out
    ran = run("audit", "--head", "0" * 64)
    assert ran.code == 1
    assert f"decision: The head {'0' * 64} is not in the log" in ran.out
    ran = run("audit", "--head", "abc")
    assert ran.code == 1
    assert "Error: 'abc' is no head of a log." in ran.err


def test_the_history_of_a_passage_is_printed(folder: Path, run: Run) -> None:
    ran = run("audit", "--passage", FIRST.id[:6])
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"Passage {FIRST.id}: r.pdf")
    assert lines[1] == '"It worked[31m well."'
    told = "\n".join(re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", "", line) for line in lines)
    assert "starter 1.0: suggests lesson (0.90)" in told
    assert "decided    zoé: correct: lesson (decision 1; codebook version 1, " in told
    assert "decided    ana: reject: no finding (decision 2; codebook version 1, " in told
    assert lines[-1] == "Now: disagreed. All times are UTC."
    assert told.index("suggests") < told.index("decision 1") < told.index("decision 2")
    lines = run("audit", "--passage", SECOND.id).out.splitlines()
    assert lines[-1] == "Now: confirmed (agreed): obstacle; local-presence. All times are UTC."


def test_a_comment_of_several_lines_stays_on_one(folder: Path, run: Run) -> None:
    with open_project() as project:
        record(project.store, draft(SECOND.id, "zoé", comment="One.\n\nTwo.\tThree."))
    assert "Comment: One. Two. Three.\n" in run("audit", "--passage", SECOND.id).out


def test_an_unknown_passage_is_told(folder: Path, run: Run) -> None:
    ran = run("audit", "--passage", "0" * 16)
    assert ran.code == 1
    assert "Error: Unknown passage" in ran.err
    assert ran.out == ""


def test_an_empty_head_or_passage_is_none(folder: Path, run: Run) -> None:
    ran = run("audit", "--head", "")
    assert (ran.code, ran.out) == (1, "")
    assert "'' is no head of a log." in ran.said
    ran = run("audit", "--passage", "")
    assert (ran.code, ran.out) == (2, "")
    assert "--passage is empty" in ran.said


def test_head_and_passage_do_not_go_together(folder: Path, run: Run) -> None:
    ran = run("audit", "--head", "0" * 64, "--passage", FIRST.id)
    assert ran.code == 2
    assert "not both" in ran.err


def test_outside_of_a_project_the_cure_is_named(tmp_path: Path, run: Run, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("audit")
    assert ran.code == 1
    assert "whatworks init" in ran.err
