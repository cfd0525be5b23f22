import shutil
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from tests.review import fill
from tests.stored import add, report_of, suggest
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store import schema

MALI = report_of("mali.pdf", "Staff stayed.", "Funds came late.", "Annex 3 lists them.")
FILLED = {
    3: {"Decision": "confirm"},
    4: {"Decision": "correct", "Obstacle": "yes", "Theme 1": "Inefficient management"},
}


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run) -> Path:
    """Ana's workbook of a project, two of three passages decided; one stands in the project."""
    folder = tmp_path / "water"
    init_project(folder, by="ana")
    with open_project(folder) as opened:
        add(opened.store, MALI)
        suggest(opened.store, MALI.passages, success_factor=0.9)
    monkeypatch.chdir(folder)
    assert run("export", "--for-review", "ana.xlsx", "--as", "Ana").code == 0
    return fill(Path("ana.xlsx"), FILLED)


def verdicts() -> list[str]:
    with open_project() as opened, opened.store.reading() as connection:
        column = schema.decision.c
        return list(connection.scalars(select(column.verdict).order_by(column.id)))


SUMMARY = "ana.xlsx: 3 passages; 1 not decided; 2 new decisions (1 confirm, 1 correct).\n"


def test_a_dry_run_says_what_would_be_recorded_and_records_nothing(workbook, run) -> None:
    ran = run("import", "ana.xlsx", "--as", "Ana", "--dry-run")
    assert (ran.code, ran.out, ran.err) == (0, f"{SUMMARY}Nothing was recorded.\n", "")
    assert verdicts() == []


def test_it_asks_before_it_records(workbook, run) -> None:
    refused = run("import", "ana.xlsx", "--as", "Ana", stdin=b"n\n")
    assert (refused.code, refused.out.split("\n")[1].strip()) == (0, "Nothing was recorded.")
    assert "Record 2 decisions as Ana? [y/N]" in refused.err
    nobody = run("import", "ana.xlsx", "--as", "Ana", stdin=b"")
    assert nobody.code == 1
    assert verdicts() == []
    ran = run("import", "ana.xlsx", "--as", "Ana", stdin=b"y\n")
    assert ran.out.startswith(SUMMARY)
    assert ran.out.endswith("Recorded 2 decisions. Their passages: 2 confirmed.\n")
    assert verdicts() == ["confirm", "correct"]


def test_the_same_file_twice_records_once_a_changed_row_is_new(workbook, run) -> None:
    run("import", "ana.xlsx", "--as", "Ana", "--yes")
    again = run("import", "ana.xlsx", "--as", "Ana", "--yes")
    assert again.out == (
        "ana.xlsx: 3 passages; 1 not decided; 2 imported before; nothing new.\n"
        "Nothing was recorded.\n"
    )
    fill(workbook, {3: {"Decision": "reject"}, 5: {"Decision": "unsure"}})
    ran = run("import", "ana.xlsx", "--as", "ana", "--yes")
    assert ran.out == (
        "ana.xlsx: 3 passages; 1 imported before; 2 new decisions (1 reject, 1 unsure).\n"
        "Recorded 2 decisions. Their passages: 1 confirmed, 1 in review.\n"
    )
    assert verdicts() == ["confirm", "correct", "reject", "unsure"]


def test_a_wrong_row_is_named_and_keeps_all_others_out(workbook, run) -> None:
    fill(workbook, {5: {"Theme 2": "Local presense"}})
    ran = run("import", "ana.xlsx", "--as", "Ana", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == [
        "Error: ana.xlsx: 2 problems; nothing was imported.",
        "  Row 5: Decision: there is none, but there is something under Theme 2. Choose one of "
        "confirm, correct, reject, unsure, or empty the row.",
        "  Row 5: Theme 2: unknown theme 'Local presense'. Nearest: 'Local presence'.",
    ]
    assert verdicts() == []


def test_notes_go_to_standard_error(workbook, run) -> None:
    ran = run("import", "ana.xlsx", "--as", "Ben", "--dry-run")
    assert ran.out.startswith(SUMMARY)
    assert ran.err == (
        "Note: The workbook was made for Ana; what is in it would count as the decisions of Ben.\n"
    )


def test_the_workbook_is_left_as_it_is(workbook, run) -> None:
    before = workbook.read_bytes()
    run("import", "ana.xlsx", "--as", "Ana", "--yes")
    assert workbook.read_bytes() == before


def test_a_workbook_of_another_project_is_refused(workbook, run, tmp_path) -> None:
    other = tmp_path / "other"
    init_project(other, by="ana")
    ran = run("import", "ana.xlsx", "--as", "Ana", "--yes", "--project", other)
    assert ran.code == 1
    assert "ana.xlsx: this workbook was made in another project." in ran.said


def test_a_copy_with_another_name_is_the_same_workbook(workbook, run) -> None:
    run("import", "ana.xlsx", "--as", "Ana", "--yes")
    shutil.copy("ana.xlsx", "ana (1).xlsx")
    ran = run("import", "ana (1).xlsx", "--as", "Ana", "--yes")
    assert "2 imported before; nothing new" in ran.out


def test_without_its_hidden_sheet_it_is_still_taken(workbook, run) -> None:
    book = openpyxl.load_workbook(workbook)
    del book["_whatworks"]
    book.save(workbook)
    ran = run("import", "ana.xlsx", "--as", "Ana", "--yes")
    assert ran.code == 0
    assert "Note: The workbook has lost its hidden sheet" in ran.err
    assert verdicts() == ["confirm", "correct"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Missing argument 'FILE'"),
        (("ana.xlsx", "--yes", "--dry-run"), 2, "Give either --dry-run or --yes."),
        (("none.xlsx",), 1, "none.xlsx: there is no such file."),
        (("whatworks.toml",), 1, "does not import '.toml' files. Save it as .xlsx or .csv."),
        (("ana.xlsx", "--as", " "), 1, "names no annotator"),
    ],
)
def test_what_is_wrong_is_said(workbook, run, arguments, code, said) -> None:
    ran = run("import", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.said


def test_where_nobody_answers_nothing_is_recorded(workbook, run) -> None:
    ran = run("import", "ana.xlsx", "--as", "Ana", stdin=b"")
    assert ran.code == 1
    assert "Nothing was recorded: nobody answered." in ran.said
    assert verdicts() == []
