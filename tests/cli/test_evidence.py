"""whatworks evidence: from a number to its quotations, and to who said so."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from tests.command import Run
from tests.stored import add, decide, report_of, suggest
from whatworks.labels.project import init_project, open_project
from whatworks.labels.register import Facts
from whatworks.labels.store.register import Change, put

REPORT = report_of("r.pdf", "Funds came late.", "The staff stayed.", "=Staff came\x1b[31m back.")
THEME = "capacity-building"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three confirmed passages, and the folder one is in."""
    init_project(tmp_path / "water")
    monkeypatch.chdir(tmp_path / "water")
    with open_project() as project:
        add(project.store, REPORT)
        put(project.store, [Change(Facts("Water", report="r.pdf"))], "list.xlsx", "ana")
        suggest(project.store, REPORT.passages[1:], "starter 1.0", lesson=0.9)
        decide(project.store, REPORT.passages[0], "ana", "obstacle", themes=[THEME])
        decide(project.store, REPORT.passages[1], "zoé", "lesson", themes=[THEME])
        decide(project.store, REPORT.passages[2], "ana", "lesson", themes=["local-presence"])
    return tmp_path / "water"


def test_a_cell_leads_to_quotation_page_and_person(folder: Path, run: Run) -> None:
    ran = run("evidence", "Capacity building", "--label", "lesson")

    assert ran.code == 0
    assert ran.err == ""
    assert 'E1, p. 2  Lesson; Capacity building\n  "The staff stayed."\n' in ran.out
    assert "Agreed; read by 1 person on their own, 1 gave this." in ran.out
    assert "zoé: correct: lesson; capacity-building (decision 2; codebook version 1" in ran.said
    assert ran.out.endswith(
        "Capacity building × Lesson: 1 passage of 1 evaluation. All times are UTC.\n"
    )


def test_a_theme_alone_and_a_report(folder: Path, run: Run) -> None:
    for more in ((), ("--report", "E1"), ("--report", "r.pdf")):
        ran = run("evidence", THEME, *more)
        assert "Capacity building: 2 passages of 1 evaluation." in ran.out


def test_an_empty_cell_is_said_to_be_so(folder: Path, run: Run) -> None:
    ran = run("evidence", "gender-neglect", "--label", "lesson")

    assert ran.code == 0
    assert ran.out == "Gender neglect × Lesson: no confirmed passage of an included evaluation.\n"


def test_for_a_program_and_a_spreadsheet(folder: Path, run: Run) -> None:
    ran = run("evidence", THEME, "--format", "json", "-o", "e.csv")
    facts = json.loads(ran.out)
    assert [one["source"] for one in facts] == ["E1, p. 1", "E1, p. 2"]
    assert facts[1]["decisions"][0]["annotator"] == "zoé"
    assert facts[1]["decisions"][0]["round"] == ""
    assert ran.err == "Written: e.csv\n"

    with Path("e.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["annotator"] for row in rows] == ["ana", "zoé"]
    assert rows[0]["text"] == "Funds came late."
    assert rows[0]["codebook_version"] == "1"

    assert run("evidence", "local-presence", "-o", "e.xlsx").code == 0
    (sheet,) = openpyxl.load_workbook("e.xlsx").worksheets
    assert sheet["A1"].value == "Evidence of water for local-presence"
    assert sheet["B3"].value == "=Staff came[31m back."
    assert sheet["B3"].data_type == "s"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["capacity-bilding"], "Unknown theme 'capacity-bilding'. Nearest: 'capacity-building'."),
        ([THEME, "--label", "obstacel"], "Unknown finding type 'obstacel'. Nearest: 'obstacle'."),
        ([THEME, "--report", "s.pdf"], "Unknown report 's.pdf'. Nearest: 'r.pdf'."),
        ([THEME, "-o", "e.html"], "e.html: a list is written as .csv or .xlsx."),
    ],
)
def test_what_is_wrong_is_told(folder: Path, run: Run, arguments: list[str], says: str) -> None:
    ran = run("evidence", *arguments)

    assert ran.code == 1
    assert says in ran.said


def test_with_nothing_confirmed_it_says_what_to_do(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    init_project(tmp_path / "new")
    monkeypatch.chdir(tmp_path / "new")

    ran = run("evidence", THEME)

    assert ran.code == 1
    assert "whatworks add" in ran.said
