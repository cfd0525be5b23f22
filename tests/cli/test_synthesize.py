import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.stored import add, decide, report_of, suggest
from whatworks.labels.project import init_project, open_project
from whatworks.labels.register import Facts
from whatworks.labels.settings import SETTINGS_FILE
from whatworks.labels.store.register import Change, put

pytestmark = pytest.mark.slow

MALI = report_of("mali.pdf", "Staff stayed.", "Funds came late.", "Keep staff.", "Nobody read me.")
PERU = report_of("peru.pdf", "La alianza ayudó.", "Nada.")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two reports, four findings confirmed, no register; the working directory is in it."""
    folder = tmp_path / "water"
    init_project(folder, name="Water", by="ana")
    with open_project(folder) as opened:
        for report in (MALI, PERU):
            add(opened.store, report)
            suggest(opened.store, report.passages, success_factor=0.9)
        first, second, third, _ = MALI.passages
        decide(opened.store, first, "ana", "success_factor", themes=["local-presence"])
        decide(opened.store, second, "ana", "obstacle", themes=["inefficient-management"])
        decide(opened.store, third, "ana", "lesson", themes=["local-presence"])
        decide(opened.store, PERU.passages[0], "ana", "success_factor", "good_practice")
        decide(opened.store, PERU.passages[1], "ana")
    monkeypatch.chdir(folder)
    return folder


def listed(folder: Path, *facts: Facts) -> None:
    with open_project(folder) as opened:
        put(opened.store, [Change(one) for one in facts], "list.xlsx", "ana")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_one_command_makes_all_products_and_says_what_it_counted(project, run):
    ran = run("synthesize", "-o", "out")
    assert (ran.code, ran.out) == (0, "")
    assert "Counted: 4 findings of 2 evaluations; 5 of 6 passages confirmed." in ran.said
    assert "nobody made a register, so every report is taken in" in ran.said
    assert ran.err.splitlines()[-1] == f"Begin with: {Path('out/report.html')}"
    made = files(Path("out"))
    assert {"synthesis.xlsx", "report.docx", "report.html", "reproduce.json"} < set(made)
    assert "figures/finding-types-by-theme.svg" in made
    said = json.loads(made.pop("reproduce.json"))
    assert said["products"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in made.items()
    }
    assert said["command"] == "whatworks synthesize -o DIR"
    assert said["project"]["name"] == "Water"
    assert said["log"]["decisions"] == 5
    assert [one["name"] for one in said["models"]] == ["made up 1"]


def test_two_runs_give_the_same_files(project, run):
    assert run("synthesize", "-o", "one").code == 0
    assert run("synthesize", "-o", "two").code == 0
    one, two = files(Path("one")), files(Path("two"))
    assert [name for name in one if one[name] != two.get(name)] == []


def test_a_changed_decision_changes_what_is_counted(project, run):
    run("synthesize", "-o", "one", "--only", "xlsx")
    with open_project(project) as opened:
        decide(opened.store, MALI.passages[1], "ana")
    ran = run("synthesize", "-o", "two", "--only", "xlsx")
    assert "Counted: 3 findings of 2 evaluations; 5 of 6 passages confirmed." in ran.said
    before, after = (openpyxl.load_workbook(f"{n}/synthesis.xlsx") for n in ("one", "two"))
    assert before["Findings"].max_row - after["Findings"].max_row == 1


def test_language_title_and_office_are_options_or_settings(project, run):
    settings = Path(SETTINGS_FILE)
    text = settings.read_text("utf-8").replace('office = ""', 'office = "Office of Water"')
    settings.write_text(text, "utf-8")
    ran = run("synthesize", "-o", "out", "--only", "html", "--language", "FR", "--title", "L’eau")
    assert ran.code == 0
    page = Path("out/report.html").read_text("utf-8")
    assert '<html lang="fr">' in page
    assert "<title>L’eau</title>" in page
    assert "Office of Water" in page
    said = json.loads(Path("out/reproduce.json").read_bytes())
    options = "--language=FR '--title=L’eau' --only=html"
    assert said["command"] == f"whatworks synthesize -o DIR {options}"
    assert said["settings"]["synthesis"]["language"] == "fr"
    assert said["settings"]["synthesis"]["office"] == "Office of Water"


def test_nothing_confirmed_is_no_synthesis_and_what_to_do_is_said(tmp_path, monkeypatch, run):
    init_project(tmp_path / "new", by="ana")
    with open_project(tmp_path / "new") as opened:
        add(opened.store, MALI)
        suggest(opened.store, MALI.passages, success_factor=0.9)
    monkeypatch.chdir(tmp_path / "new")
    ran = run("synthesize", "-o", "out")
    assert (ran.code, ran.out) == (1, "")
    assert "Error: Nothing can be counted: of the 4 passages" in ran.said
    assert "Decide with whatworks review" in ran.said
    assert not Path("out").exists()


def test_what_is_left_out_is_told_and_why(project, run):
    listed(
        project,
        Facts("Water in Mali", report="mali.pdf"),
        Facts("El agua en el Perú", report="peru.pdf"),
        Facts("A report that nobody has"),
    )
    run("screen", "decide", "E1", "E3", "include", "--as", "Ana")
    run("screen", "decide", "E2", "exclude", "--as", "Ana")
    with open_project(project) as opened:
        add(opened.store, report_of("chad.pdf", "Not on the list."))
    ran = run("synthesize", "-o", "out", "--only", "xlsx,figures")
    assert ran.code == 0
    assert "Counted: 3 findings of 1 evaluation; 3 of 4 passages confirmed." in ran.said
    assert "Note: the file of 1 of 2 included evaluations is not in the project." in ran.said
    assert "Left out: E2, with 2 confirmed passages: it is not included." in ran.said
    assert "Left out: chad.pdf: no evaluation of the register names it." in ran.said
    assert Path("out/figures/screening-flow.csv").read_text("utf-8-sig").splitlines()[-2:] == [
        "Included,,2",
        'Included,"of these, the report\'s file is missing",1',
    ]


def test_earlier_products_need_overwrite_and_what_is_left_of_them_is_told(project, run):
    assert run("synthesize", "-o", "out", "--only", "xlsx,html").code == 0
    Path("out/mine.txt").write_text("mine")
    ran = run("synthesize", "-o", "out", "--only", "xlsx")
    assert ran.code == 1
    assert "this file is there already. Give another folder with -o, or --overwrite" in ran.said
    ran = run("synthesize", "-o", "out", "--only", "xlsx", "--overwrite")
    assert ran.code == 0
    assert f"{Path('out/report.html')} is of an earlier run" in ran.said
    assert Path("out/mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Missing option"),
        (("-o", "x", "--only", "pdf"), 2, "Unknown product 'pdf'."),
        (("-o", "x", "--only", "htm"), 2, "Nearest: 'html'."),
        (("-o", "x", "--language", "de"), 1, "Unknown language 'de'."),
        (("-o", "a/b"), 1, "there is no folder"),
        (("-o", SETTINGS_FILE), 1, "this is a file"),
        (("-o", "x", "--template", "none.docx"), 1, "none.docx: there is no such file."),
        (("-o", "x", "--template", SETTINGS_FILE), 1, SETTINGS_FILE),
    ],
)
def test_wrong_options_are_told_before_anything_is_written(project, run, arguments, code, said):
    ran = run("synthesize", *arguments)
    assert ran.code == code
    assert said in ran.said
    assert not Path("x").exists()


def test_a_broken_template_is_told_and_nothing_is_written(project, run):
    Path("office.docx").write_bytes(b"PK\x03\x04 no Word document")
    ran = run("synthesize", "-o", "out", "--template", "office.docx")
    assert ran.code == 1
    assert "office.docx" in ran.said
    assert not Path("out").exists()


def test_a_template_of_the_office_is_taken_and_noted(project, run):
    run("synthesize", "-o", "first", "--only", "docx")
    shutil.copy("first/report.docx", "office.docx")
    ran = run("synthesize", "-o", "out", "--only", "docx", "--template", "office.docx")
    assert ran.code == 0
    assert zipfile.is_zipfile("out/report.docx")
    said = json.loads(Path("out/reproduce.json").read_bytes())
    digest = hashlib.sha256(Path("office.docx").read_bytes()).hexdigest()
    assert said["settings"]["synthesis"]["template"] == {"name": "office.docx", "sha256": digest}


def test_a_folder_that_may_not_be_written_to_is_told(project, as_user, run_apart):
    folder = project / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    ran = run_apart(
        "synthesize", "-o", folder, "--only", "xlsx", "--project", project, before=as_user
    )
    assert ran.code == 1
    assert "You may not write in the folder" in ran.said
    assert list(folder.iterdir()) == []


def test_help_comes_without_what_draws(run_apart):
    ran = run_apart("synthesize", "--help")
    assert ran.code == 0
    assert "whatworks synthesize -o synthesis" in ran.out
