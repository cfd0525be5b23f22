"""``whatworks register``: the list of evaluations from the command line."""

import shutil
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.command import Run
from tests.stored import add, report_of
from whatworks.labels.project import init_project, open_project
from whatworks.labels.register import FOUND, Facts
from whatworks.labels.register_import import gaps
from whatworks.labels.store.register import evaluations, histories
from whatworks.labels.store.schema import register_fact

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parents[2] / "cli" / "samples"
LIST = """Title;Symbol;Type;Timing;Country;Year;File;Remarks
Mutuelles au Mali;MLI/12;independent;final;Mali;2016;mali.pdf;x
Inspección del trabajo;PER/13;interna;intermedia;Perú;2017;;
Third evaluation;;;;;;later.pdf;
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project one works in, with two reports: mali.pdf, and PER-13.docx."""
    monkeypatch.delenv("WHATWORKS_PROJECT", raising=False)
    monkeypatch.setenv("WHATWORKS_ANNOTATOR", "Ana")
    folder = tmp_path / "health"
    init_project(folder, by="Ana")
    with open_project(folder) as opened:
        add(opened.store, report_of("mali.pdf", "Staff stayed."))
        add(opened.store, report_of("PER-13.docx", "Funds came late."))
    monkeypatch.chdir(folder)
    Path("list.csv").write_text(LIST, "utf-8")
    return folder


def listed() -> dict[str, Facts]:
    with open_project() as opened, opened.store.reading() as connection:
        return {one.mark: one.facts for one in evaluations(connection)}


def facts_stored() -> int:
    with open_project() as opened, opened.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(register_fact)) or 0


MISSING = (
    "Note: 1 evaluation without a report in the project: E3. Add the file with 'whatworks add "
    "FILE'; if it is there under another name: whatworks register edit MARK --file NAME\n"
)


def test_a_list_is_imported_and_told(project: Path, run: Run) -> None:
    ran = run("register", "import", "list.csv")
    assert (ran.code, ran.out) == (
        0,
        "list.csv: 3 rows; 3 new, 0 changed, 0 unchanged.\n"
        "E1: new: Mutuelles au Mali\n"
        "E2: new: Inspección del trabajo\n"
        "E2: its report is PER-13.docx: its name is the symbol\n"
        "E3: new: Third evaluation\n",
    )
    assert ran.err == f"Note: Columns that were not taken: 'Remarks'\n{MISSING}"
    assert listed()["E2"] == Facts(
        "Inspección del trabajo",
        symbol="PER/13",
        type="internal",
        timing="mid-term",
        countries=("PE",),
        year=2017,
        report="PER-13.docx",
    )


def test_a_dry_run_says_the_same_and_stores_nothing(project: Path, run: Run) -> None:
    ran = run("register", "import", "list.csv", "--dry-run")
    assert (ran.code, ran.out.splitlines()[0]) == (
        0,
        "list.csv: 3 rows; 3 new, 0 changed, 0 unchanged.",
    )
    assert "Row 3: its report is PER-13.docx: its name is the symbol" in ran.out
    assert ran.out.endswith("Nothing was stored.\n")
    assert "1 evaluation without a report in the project: row 4." in ran.err
    assert listed() == {}


def test_the_same_list_again_changes_nothing_and_a_changed_one_what_it_says(
    project: Path, run: Run
) -> None:
    run("register", "import", "list.csv")
    again = run("register", "import", "list.csv")
    assert again.out == "list.csv: 3 rows; 0 new, 0 changed, 3 unchanged.\n"
    assert facts_stored() == 3
    text = LIST.replace("2016", "2015").replace("interna;intermedia", ";") + "Fourth;;;;;;;\n"
    Path("list.csv").write_text(text, "utf-8")
    ran = run("register", "import", "list.csv")
    assert ran.out == (
        "list.csv: 4 rows; 1 new, 1 changed, 2 unchanged.\n"
        "E1: year: 2015 (was 2016)\n"
        "E4: new: Fourth\n"
    )
    assert listed()["E2"].type == "internal"


def test_a_list_with_a_wrong_cell_stores_nothing(project: Path, run: Run) -> None:
    Path("list.csv").write_text(LIST.replace("Perú", "Perrú").replace("2016", "16"), "utf-8")
    ran = run("register", "import", "list.csv")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: list.csv: 2 problems; nothing was stored.\n"
        "  Row 2: Year: '16' has no year. Write one from 1945 to 2100.\n"
        "  Row 3: Country: unknown country 'Perrú'. Nearest: 'Perú'.\n"
    )
    assert listed() == {}


def test_reports_on_no_row_are_told(project: Path, run: Run) -> None:
    Path("list.csv").write_text("Title\nMutuelles\n", "utf-8")
    ran = run("register", "import", "list.csv")
    assert "Note: 2 reports of the project on no row: mali.pdf, PER-13.docx." in ran.err
    assert "whatworks register propose" in ran.err


def test_an_empty_register_is_told_with_the_way_on(project: Path, run: Run) -> None:
    ran = run("register", "list")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("Note: The register is empty. Bring a list with 'whatworks register")
    # While there is none, every report counts.
    assert "not counted" not in ran.err


def test_the_list_shows_what_is_known_and_what_is_not(project: Path, run: Run) -> None:
    run("register", "import", "list.csv")
    ran = run("register", "list")
    rows = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert rows == [
        "Mark Title Year Type Timing Countries Report",
        "E1 Mutuelles au Mali 2016 independent final Mali mali.pdf",
        "E2 Inspección del trabajo 2017 internal mid-term Peru PER-13.docx",
        "E3 Third evaluation not there",
    ]
    assert ran.err == MISSING
    assert run("register", "list", "--missing").out == (
        "E1 Mutuelles au Mali: no nature, regions, thematic coverage, funding, language, project\n"
        "E2 Inspección del trabajo: no nature, regions, thematic coverage, funding, language, "
        "project\n"
        "E3 Third evaluation: no symbol, type, timing, nature, regions, countries, thematic "
        "coverage, funding, year, language, project, file, which is not in the project\n"
        "3 evaluations, 0 of them complete.\n"
    )


def test_titles_that_are_long_or_read_from_the_right_are_shown(project: Path, run: Run) -> None:
    arabic = "تقييم مشروع الحماية الاجتماعية في لبنان"
    long = "A title that goes on and on " * 40
    Path("list.csv").write_text(f"Title,Year\n\u202e{arabic}\u202c,2019\n{long},2018\n", "utf-8")
    run("register", "import", "list.csv")
    ran = run("register", "list")
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 100
    assert "".join(arabic.split()) in "".join(ran.out.split())
    assert "\u202e" not in ran.out
    assert ran.out.count("on and on") + ran.out.count("on and") >= 40
    assert f"E1 {arabic}: no" in run("register", "list", "--missing").out


@pytest.mark.parametrize("name", ["register.xlsx", "register.csv"])
def test_what_is_written_is_imported_unchanged(project: Path, run: Run, name: str) -> None:
    run("register", "import", "list.csv")
    assert run("register", "list", "-o", name).out == f"{name}: 3 evaluations.\n"
    ran = run("register", "import", name)
    assert ran.out == f"{name}: 3 rows; 0 new, 0 changed, 3 unchanged.\n"


def test_a_title_changed_in_the_workbook_is_changed_here(project: Path, run: Run) -> None:
    run("register", "import", "list.csv")
    run("register", "list", "-o", "register.xlsx")
    book = openpyxl.load_workbook("register.xlsx")
    book.active["B4"] = "Third, at last"
    book.save("register.xlsx")
    ran = run("register", "import", "register.xlsx")
    assert "E3: title: Third, at last (was Third evaluation)\n" in ran.out


def test_facts_are_edited_and_their_history_is_shown(project: Path, run: Run) -> None:
    run("register", "import", "list.csv")
    ran = run(
        *("register", "edit", "e1", "--country", "Mali", "--country", "Benin", "--year", "2017"),
        *("--type", "conjointe", "--region", "West Africa;Sahel", "--as", "Ben"),
    )
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "E1: type: joint (was independent)\n"
        "E1: regions: West Africa; Sahel\n"
        "E1: countries: Mali; Benin (was Mali)\n"
        "E1: year: 2017 (was 2016)\n"
    )
    ran = run("register", "edit", "MLI/12", "--clear", "region", "--clear", "year")
    assert (
        ran.out == "E1: regions: nothing (was West Africa; Sahel)\nE1: year: nothing (was 2017)\n"
    )
    assert run("register", "edit", "E1", "--clear", "year").out == "E1: nothing changes.\n"
    lines = run("register", "show", "E1").out.splitlines()
    assert lines[0] == "E1 Mutuelles au Mali"
    assert "  Year               not known" in lines
    assert "  Countries          Mali; Benin" in lines
    said = [line[18:] for line in lines if line.startswith("20")]
    assert said == [
        "Ana, list.csv: title: Mutuelles au Mali",
        "Ben, edit: type: joint (was independent)",
        "Ana, edit: regions: nothing (was West Africa; Sahel)",
    ]
    assert lines[-1] == "All times are UTC."


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("edit", "E1"), 2, "Say what to change"),
        (("edit", "E1", "--country", ""), 2, "--country is empty. To empty it: --clear country"),
        (("edit", "E1", "--title", " ", "--year", "2011"), 2, "--title is empty."),
        (("edit", "E1", "--clear", "yaer"), 2, "Unknown fact 'yaer'. Nearest: 'year'."),
        (("edit", "E1", "--clear", "title"), 2, "Unknown fact 'title'."),
        (("edit", "E1", "--year", "2016", "--clear", "year"), 2, "Give --year or --clear year"),
        (("edit", "E1", "--country", "Malii"), 1, "Unknown country 'Malii'. Nearest: 'Mali'."),
        (("edit", "E1", "--type", "indpendent"), 1, "Nearest: 'independent'. There are"),
        (("edit", "E1", "--symbol", "PER/13"), 1, "E1 and E2 would both have the symbol 'PER/13'"),
        (("edit", "E1", "--file", "PER-13.docx"), 1, "both have the report 'PER-13.docx'"),
        (("edit", "E9", "--year", "2016"), 1, "Unknown evaluation 'E9'. Nearest: 'E3'."),
        (("show", "MLI/11"), 1, "Unknown evaluation 'MLI/11'. Nearest: 'MLI/12'."),
        (("show", "1"), 1, "Unknown evaluation '1'."),
        (("restore", "E1"), 1, "E1 is on the list already: Mutuelles au Mali"),
        (("list", "--missing", "-o", "a.csv"), 2, "Give --missing or -o, not both."),
        (("list", "-o", "a.docx"), 1, "a.docx: a register is written as .xlsx or .csv."),
        (("import", "none.csv"), 1, "none.csv: There is no such file"),
        (("propose", "--accept", "E9"), 1, "Unknown proposal 'E9'."),
    ],
)
def test_what_is_wrong_is_said(project: Path, run: Run, arguments, code, said) -> None:
    run("register", "import", "list.csv")
    before = listed()
    ran = run("register", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.said
    assert listed() == before


def test_a_file_that_the_project_does_not_have_is_told(project: Path, run: Run) -> None:
    run("register", "import", "list.csv")
    ran = run("register", "edit", "E1", "--file", "nowhere.pdf")
    assert ran.code == 0
    assert "the project has no report 'nowhere.pdf' yet: whatworks add" in ran.err


def test_a_file_whose_name_has_two_spaces_is_linked(project: Path, run: Run) -> None:
    run("register", "import", "list.csv")
    with open_project() as opened:
        add(opened.store, report_of("Mali  final .pdf", "Staff left."))
    ran = run("register", "edit", "E3", "--file", "Mali  final .pdf")
    assert ran.code == 0
    assert "no report" not in ran.said
    with open_project() as opened, opened.store.reading() as connection:
        found = {one.mark: one for one in evaluations(connection)}
        assert found["E3"].report_id is not None
        assert "Mali  final .pdf" not in gaps(connection).unlisted


def test_what_is_off_the_list_stays_off_until_it_is_put_back(project: Path, run: Run) -> None:
    run("register", "import", "list.csv")
    ran = run("register", "remove", "E3")
    assert ran.out == (
        "E3 is off the list: Third evaluation\nTo put it back: whatworks register restore E3\n"
    )
    again = run("register", "import", "list.csv")
    assert again.out == "list.csv: 3 rows; 0 new, 0 changed, 2 unchanged, 1 taken off before.\n"
    assert "Note: Row 4: E3 was taken off the list and stays off." in again.err
    assert list(listed()) == ["E1", "E2"]
    assert "E3 was taken off the list." in run("register", "edit", "E3", "--year", "2016").err
    assert run("register", "show", "E3").out.startswith("E3 Third evaluation (off the list)\n")
    assert run("register", "restore", "E3").out == "E3 is on the list again: Third evaluation\n"
    assert listed()["E3"].report == "later.pdf"
    assert "put back on the list" in run("register", "show", "E3").out


@pytest.fixture
def samples(project: Path, run: Run) -> Path:
    """The project with two sample reports, one of them on the register with a country and a year
    that somebody took away."""
    for name in (
        "cambodia-health-insurance-final-evaluation.pdf",
        "peru-inspeccion-trabajo-evaluacion-intermedia.docx",
    ):
        shutil.copy(SAMPLES / name, project)
    assert run("add", *map(str, project.glob("*-*-*.*")), "-q").code == 0
    text = (
        "Title,Country,Year,File\nREACH,Laos,2001,cambodia-health-insurance-final-evaluation.pdf\n"
    )
    Path("list.csv").write_text(text, "utf-8")
    run("register", "import", "list.csv")
    run("register", "edit", "E1", "--clear", "year")
    return project


PROPOSED = """\
new  mali.pdf (not on the register)
  Title: mali.pdf; its name, since the report has no title
  Language: en; from most of its text
  Its file could not be read: only its passages were looked through.
new  PER-13.docx (not on the register)
  Title: PER-13.docx; its name, since the report has no title
  Language: en; from most of its text
  Its file could not be read: only its passages were looked through.
E1  cambodia-health-insurance-final-evaluation.pdf (REACH)
  Language: en; from most of its text
new  peru-inspeccion-trabajo-evaluacion-intermedia.docx (not on the register)
  Title: Fortalecimiento de la inspección del trabajo en la agroexportación del Perú; \
from "Fortalecimiento de la inspección del trabajo en la agroexportación del Perú"
  Countries: Peru; from "…del trabajo en la agroexportación del Perú"
  Year: 2021; from "Noviembre de 2021"
  Language: es; from most of its text
"""


def test_what_reports_say_is_shown_and_nothing_is_taken(samples: Path, run: Run) -> None:
    before = facts_stored()
    ran = run("register", "propose")
    assert (ran.code, ran.out) == (0, PROPOSED)
    assert ran.err == (
        "Note: Nothing was stored. To accept: whatworks register propose --accept all\n"
    )
    assert facts_stored() == before


def test_what_is_accepted_is_stored_as_found_in_the_report(samples: Path, run: Run) -> None:
    peru = "peru-inspeccion-trabajo-evaluacion-intermedia.docx"
    ran = run("register", "propose", "--accept", "e1", "--accept", peru, "--as", "Ben")
    assert ran.out == (
        "E1: language from cambodia-health-insurance-final-evaluation.pdf\n"
        f"E2: title, countries, year, language from {peru}\n"
    )
    facts = listed()
    # What somebody said, or took away by hand, is as it was.
    assert (facts["E1"].countries, facts["E1"].year, facts["E1"].title) == (("LA",), None, "REACH")
    assert (facts["E2"].report, facts["E2"].year) == (peru, 2021)
    with open_project() as opened, opened.store.reading() as connection:
        entry = evaluations(connection)[1].id
        assert [(one.source, one.by) for one in histories(connection)[entry]] == [(FOUND, "Ben")]


def test_everything_can_be_accepted_at_once(samples: Path, run: Run) -> None:
    ran = run("register", "propose", "--accept", "all")
    assert ran.code == 0
    assert [one.title for one in listed().values()][1:3] == ["mali.pdf", "PER-13.docx"]
    ran = run("register", "propose")
    assert ran.out == "The reports say nothing of themselves that the register does not.\n"
    assert run("register", "list").err == ""


def test_a_file_that_changed_is_not_read_for_the_report(samples: Path, run: Run) -> None:
    Path("peru-inspeccion-trabajo-evaluacion-intermedia.docx").write_bytes(b"changed")
    ran = run("register", "propose")
    assert "  Its file has changed since it was added: only its passages were" in ran.out
    assert "  Countries: Peru" in ran.out


def test_a_report_is_proposed_for_the_evaluation_that_is_called_so(project: Path, run: Run) -> None:
    Path("list.csv").write_text("Title,Symbol\nA,PER/99\n", "utf-8")
    run("register", "import", "list.csv")
    run("register", "edit", "E1", "--symbol", "PER/13")
    ran = run("register", "propose")
    assert "E1  PER-13.docx (A)\n  File: PER-13.docx; its name is the symbol\n" in ran.out
    run("register", "propose", "--accept", "E1")
    assert listed()["E1"].report == "PER-13.docx"


def test_who_keeps_the_register_is_not_taken_for_a_reader(project: Path, run: Run) -> None:
    run("register", "import", "list.csv", "--as", "Olga")
    ran = run("round", "audit", "--size", "1", "--annotator", "Ben")
    assert "Unknown annotator" not in ran.said
