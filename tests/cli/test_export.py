from pathlib import Path

import openpyxl
import pytest

from tests.stored import add, report_of, suggest
from whatworks.labels.project import init_project, open_project

MALI = report_of("mali.pdf", "Staff stayed.", "Funds came late.")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one report, pre-labelled; the working directory is in it."""
    folder = tmp_path / "water"
    init_project(folder, by="ana")
    with open_project(folder) as opened:
        add(opened.store, MALI)
        suggest(opened.store, MALI.passages, success_factor=0.9)
    monkeypatch.chdir(folder)
    return folder


def test_a_workbook_is_written_for_the_reviewer_named(project, run) -> None:
    ran = run("export", "--for-review", "ana.xlsx", "--as", "Ana", "--language", "FR")
    assert (ran.code, ran.out) == (
        0, "ana.xlsx: for Ana; passages: 2, reports: 1; 2 with a suggested finding.\n",
    )  # fmt: skip
    assert ran.err == "When it is filled in: whatworks import ana.xlsx --as Ana\n"
    book = openpyxl.load_workbook("ana.xlsx")
    assert book["How to"]["A1"].value == "Review: water"
    assert "for Ana" in book["How to"]["A2"].value
    assert [row[0].value for row in book["Review"]["D3:D4"]] == [
        "Staff stayed.",
        "Funds came late.",
    ]
    assert book["Review"]["H2"].value == "Facteur de succès"


def test_a_file_that_is_there_is_not_overwritten_unless_one_says_so(project, run) -> None:
    Path("ana.xlsx").write_text("decisions")
    ran = run("export", "--for-review", "ana.xlsx", "--as", "Ana")
    assert (ran.code, ran.out) == (1, "")
    assert ran.said == (
        "Error: ana.xlsx: this file is there already, and may hold somebody's decisions. Give "
        "another name, or --overwrite."
    )
    assert Path("ana.xlsx").read_text() == "decisions"
    assert run("export", "--for-review", "ana.xlsx", "--as", "Ana", "--overwrite").code == 0
    assert openpyxl.load_workbook("ana.xlsx")["Review"].max_row == 4


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Missing option '--for-review'"),
        (("--for-review", "x.csv"), 2, "'x.csv' does not end in .xlsx."),
        (
            ("--for-review", "x.xlsx", "--state", "sugested"),
            2,
            "Unknown state 'sugested'. Nearest: 'suggested'. There are new, suggested, in review,",
        ),
        (("--for-review", "x.xlsx", "--report", "mail.pdf"), 1, "Nearest: 'mali.pdf'"),
        (("--for-review", "x.xlsx", "--round", "One"), 1, "Unknown round 'One'"),
        (("--for-review", "x.xlsx", "--language", "de"), 1, "has no names in 'de'"),
        (("--for-review", "none/x.xlsx"), 1, "There is no folder 'none'. Create it"),
        (("--for-review", "x.xlsx", "--project", ".."), 1, "there is no project here"),
        (("--for-review", "x.xlsx", "--state", "in-review"), 1, "No passage there is 'in review'"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(project, run, arguments, code, said) -> None:
    before = set(project.iterdir())
    ran = run("export", *arguments)
    assert ran.code == code
    assert said in ran.said
    assert ran.out == ""
    assert set(project.iterdir()) == before
