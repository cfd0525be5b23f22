"""whatworks search: passages by words or by meaning, confirmed or not."""

import csv
import json
from pathlib import Path

import pytest

from tests.command import Run
from tests.stored import add, decide, report_of, suggest
from whatworks.labels.project import init_project, open_project
from whatworks.labels.register import Facts
from whatworks.labels.store.register import Change, put

FIRST = report_of("a.pdf", "Water came late.", "Water came in time.", "Funds came late.")
SECOND = report_of("b.pdf", "Water flows.")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two reports, and the folder one is in."""
    init_project(tmp_path / "water")
    monkeypatch.chdir(tmp_path / "water")
    with open_project() as project:
        add(project.store, FIRST)
        add(project.store, SECOND)
        put(project.store, [Change(Facts("Wells", report="a.pdf"))], "list.xlsx", "ana")
        suggest(project.store, FIRST.passages, "starter 1.0", obstacle=0.9)
        decide(project.store, FIRST.passages[0], "ana", "lesson", themes=["local-presence"])
    return tmp_path / "water"


def test_each_passage_says_what_its_labels_are(folder: Path, run: Run) -> None:
    ran = run("search", "water", "--as", "ana")

    assert ran.code == 0
    assert ran.err == ""
    first, second, third, last = ran.out.split("\n\n")
    assert first.startswith('E1, p. 1  CONFIRMED: Lesson; Local presence\n  "Water came late."\n')
    assert second.startswith("E1, p. 2  only suggested: Obstacle (not confirmed)\n")
    assert third.startswith("b.pdf, p. 1  new: no label to show\n")
    assert last == "Shown: 3 passages with these words.\n"


def test_filters_and_the_limit(folder: Path, run: Run) -> None:
    for arguments, shown in [
        (["water", "--confirmed"], "1 passage with"),
        (["late", "--label", "Obstacle"], "1 passage with"),
        (["water", "--report", "E1", "--state", "suggested", "--language", "en"], "1 passage with"),
        (['"came late"', "--theme", "local-presence"], "1 passage with"),
        (["water", "--limit", "2"], "the first 2 of 3 passages with"),
    ]:
        ran = run("search", *arguments)
        assert f"Shown: {shown} these words." in ran.out, arguments
    assert run("search", "water", "--language", "fr").out == "No passage was found for 'water'.\n"


def test_for_a_program_and_a_spreadsheet(folder: Path, run: Run) -> None:
    ran = run("search", "water", "--format", "json", "--limit", "1", "-o", "w.csv")

    (first,) = json.loads(ran.out)
    assert first["source"] == "E1, p. 1"
    assert (first["basis"], first["labels"]) == ("confirmed", ["lesson"])
    assert ran.err == "Written: w.csv\n"
    with Path("w.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["basis"] for row in rows] == ["confirmed", "only suggested", ""]
    assert rows[0]["labels"] == "Lesson"
    assert rows[1]["model"] == "starter 1.0"


def test_by_meaning_all_passages_are_sorted_by_nearness(
    folder: Path, run: Run, tiny_model: Path
) -> None:
    settings = Path("whatworks.toml")
    text = settings.read_text("utf-8")
    assert '"starter"' in text
    settings.write_text(text.replace('"starter"', f'"{tiny_model.as_posix()}"'), "utf-8")

    ran = run("search", "Funds came late.", "--by", "meaning", "--format", "json")
    found = json.loads(ran.out)
    assert found[0]["text"] == "Funds came late."
    assert len(found) == 4

    some = run("search", "Funds came late.", "--by", "meaning", "--report", "b.pdf")
    assert "Shown: 1 passage nearest in meaning." in some.out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["?!"], 1, "'?!' holds no word to look for."),
        (["water", "--theme", "gendr-neglect"], 1, "Nearest: 'gender-neglect'."),
        (["water", "--label", "obstacel"], 1, "Nearest: 'obstacle'."),
        (["water", "--report", "c.pdf"], 1, "Unknown report 'c.pdf'."),
        (["water", "--theme", "zzz"], 1, "Unknown theme 'zzz'. There are "),
        (["water", "--language", "english"], 2, "'english' is no language code here. Nearest"),
        (["water", "-o", "w.pdf"], 1, "w.pdf: a list is written as .csv or .xlsx."),
        (["water", "--state", "confirmd"], 2, "Nearest: 'confirmed'."),
        (["water", "--by", "luck"], 2, "luck"),
    ],
)
def test_what_is_wrong_is_told(
    folder: Path, run: Run, arguments: list[str], code: int, says: str
) -> None:
    ran = run("search", *arguments)

    assert ran.code == code
    assert says in ran.said


def test_several_files_are_written_and_a_reviewer_s_workbook_is_spared(
    folder: Path, run: Run
) -> None:
    ran = run("search", "water", "-o", "w.csv", "-o", "w.xlsx")
    assert ran.code == 0
    assert Path("w.csv").is_file()
    assert Path("w.xlsx").is_file()
    assert run("export", "--for-review", "ana.xlsx", "--as", "ana").code == 0
    before = Path("ana.xlsx").read_bytes()
    for command in (["search", "water"], ["evidence", "local-presence"], ["register", "list"]):
        ran = run(*command, "-o", "ana.xlsx")
        assert ran.code == 1
        assert "ana.xlsx: this is a workbook for a reviewer and may hold decisions." in ran.said
        assert Path("ana.xlsx").read_bytes() == before
    assert run("search", "water", "-o", "w.xlsx").code == 0


def test_a_mark_stands_for_a_report_in_every_command(folder: Path, run: Run) -> None:
    assert run("export", "--for-review", "e1.xlsx", "--as", "Ben", "--report", "E1").code == 0
    said = "has independent decisions of two people yet"
    assert said in run("agreement", "--report", "e1").said
    assert "Unknown report 'E9'" not in run("agreement", "--report", "E1").said
    assert "Unknown report 'E9'" in run("agreement", "--report", "E9").said
    assert "Unknown round 'R1'. There is only 'reading'." in run("agreement", "--round", "R1").said
