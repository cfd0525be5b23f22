"""``whatworks screen``: verdicts, conflicts, appraisals and the flow from the command line."""

import csv
from pathlib import Path

import pytest

from tests.command import Ran, Run
from tests.stored import add, decide, report_of
from whatworks.labels.project import init_project, open_project
from whatworks.labels.register import Facts
from whatworks.labels.screening import Screening
from whatworks.labels.store.register import Change, evaluations, put
from whatworks.labels.store.screening import screened, screening_log

CRITERIA = """
[screening.include]
on-topic = "It is on the topic"
[screening.exclude]
off-topic = "It is not on the topic"
no-findings = "It has no findings of its own"
"""
LONG = "An evaluation of a project with a very long name, " * 5
ARABIC = "تقييم نهائي لمشروع الحماية الاجتماعية في الأردن"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six evaluations, two of one project; one has a report with three confirmed passages."""
    folder = tmp_path / "reviews"
    init_project(folder, name="Reviews", by="Olga")
    settings = folder / "whatworks.toml"
    settings.write_text(settings.read_text("utf-8") + CRITERIA, "utf-8")
    with open_project(folder) as project:
        report = report_of("mali.pdf", "It went well.", "It went late.", "It went on.")
        add(project.store, report)
        for passage in report.passages:
            decide(project.store, passage, "Olga", "lesson")
        mali = Facts("Mali, mid-term", "MLI/12", timing="mid-term", project="P", report="mali.pdf")
        others = [Facts("Mali, final", timing="final", project="P"), Facts(LONG), Facts(ARABIC)]
        others += [Facts("Peru"), Facts("Kenya")]
        put(project.store, [Change(one) for one in (mali, *others)], "list.csv", "Olga")
    monkeypatch.setenv("WHATWORKS_PROJECT", str(folder))
    monkeypatch.setenv("WHATWORKS_ANNOTATOR", "Ana")
    return folder


@pytest.fixture
def screen(run: Run, folder: Path) -> Run:
    """``whatworks screen`` in the project, as Ana."""

    def call(command: str, *arguments: object) -> Ran:
        return run("screen", command, *arguments)

    return call


@pytest.fixture
def two(folder: Path) -> None:
    """Two screen each evaluation."""
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8").replace("screeners = 1", "screeners = 2")
    settings.write_text(text, "utf-8")


def states(folder: Path) -> list[Screening]:
    with open_project(folder) as project, project.store.reading() as connection:
        listed = evaluations(connection)
        found = screened(connection, project.settings.screening, listed)
    return [found[one.id].state for one in listed]


def stored(folder: Path) -> int:
    with open_project(folder) as project, project.store.reading() as connection:
        return sum(map(len, screening_log(connection).values()))


def rows(page: str) -> dict[str, str]:
    """Mark to the rest of its line."""
    lines = [line.split(maxsplit=1) for line in page.splitlines()]
    return {first: rest for first, *rests in lines for rest in rests if first[0] == "E"}


def test_where_nothing_is_screened_all_are_taken_in_and_that_is_said(screen: Run) -> None:
    ran = screen("flow")
    assert ran.code == 0
    assert "Identified in the register: 6 evaluations" in ran.out
    assert "Included: 5 evaluations" in ran.out
    assert "1 superseded" in ran.out
    assert "Nothing was screened yet: until then every evaluation is taken in." in ran.out
    assert "Screened:" not in ran.out
    assert "Agreement" not in ran.out


def test_the_first_verdict_begins_the_screening_and_says_so(screen: Run, folder: Path) -> None:
    ran = screen("decide", "E5", "include", "--reason", "on-topic")
    assert ran.code == 0
    assert rows(ran.out)["E5"].split() == ["included", "on-topic", "Peru"]
    assert "only what is included is counted: 5 still to be screened, with 3 confirmed pas" in (
        ran.said
    )
    assert states(folder) == [Screening.OPEN] * 4 + [Screening.INCLUDED, Screening.OPEN]
    ran = screen("undo", "e5")
    assert "Taken back: Ana said include." in ran.out
    assert "Nothing is screened any more: every evaluation is taken in again." in ran.said
    assert states(folder)[5] is Screening.INCLUDED


def test_excluding_says_how_many_confirmed_passages_are_left_out(screen: Run) -> None:
    screen("decide", "1", "E5", "include")
    ran = screen("decide", "mli/12", "exclude", "--reason", "off-topic", "--note", "Old")
    assert ran.code == 0
    assert "E1 is excluded: 3 confirmed passages will be left out." in ran.said
    assert "left out" not in screen("decide", "E5", "exclude", "--reason", "off-topic").said


def test_a_final_evaluation_takes_the_place_of_the_mid_term_one_and_that_is_said(
    screen: Run,
) -> None:
    screen("decide", "E1", "include")
    ran = screen("decide", "E2", "include")
    assert "E1 is superseded: 3 confirmed passages will be left out." in ran.said
    assert rows(screen("list").out)["E1"].startswith("superseded by E2 ")


def test_several_evaluations_are_decided_at_once_or_none(screen: Run, folder: Path) -> None:
    ran = screen("decide", "E1", "Peru", "E5", "exclude", "--reason", "no-findings")
    assert ran.code == 0
    assert list(rows(ran.out)) == ["E1", "E5"]
    ran = screen("decide", "E3", "E55", "include")
    assert (ran.code, ran.out) == (1, "")
    assert "Unknown evaluation 'E55'. Nearest: 'E5'." in ran.err
    assert stored(folder) == 2


def test_what_was_said_already_is_not_stored_again(screen: Run, folder: Path) -> None:
    screen("decide", "E1", "include")
    ran = screen("decide", "E1", "E5", "include")
    assert "1 of these you had said already" in ran.said
    assert stored(folder) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("decide", "E1", "exlude"), 1, "Unknown verdict 'exlude'. Nearest: 'exclude'."),
        (("decide", "E1", "exclude", "--reason", "of-topic"), 1, "Nearest: 'off-topic'. There"),
        (("decide", "E1", "possible", "--reason", "x"), 1, "below [screening.possible]"),
        (("decide", "E1", "include", "--settle"), 1, "E1 is open: there is no conflict to sett"),
        (("decide", "E1"), 2, "Missing argument"),
        (("undo", "E1"), 1, "E1: 'Ana' said nothing of it that could be taken back."),
        (("show", "Perou"), 1, "Unknown evaluation 'Perou'. Nearest: 'Peru'."),
        (("list", "--state", "confict"), 2, "Unknown state 'confict'. Nearest: 'conflict'."),
        (("appraise", "E1", "--answer", "complete"), 2, "Write ITEM=ANSWER"),
        (("appraise", "E1", "--answer", "complet=maybe"), 1, "Unknown answer 'maybe'."),
        (("appraise", "E1", "--answer", "compleet=yes"), 1, "Nearest: 'Complete'. The checkl"),
        (("flow", "-o", "flow.docx"), 1, "the flow is written as .csv"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_stored(
    screen: Run, folder: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    ran = screen(*arguments)
    assert ran.code == code
    assert message in ran.said
    assert stored(folder) == 0


def test_an_exclusion_without_a_reason_asks_for_one(screen: Run) -> None:
    ran = screen("decide", "E1", "exclude")
    assert ran.code == 0
    assert "no reason was given. There are off-topic, no-findings." in ran.said


def test_two_screeners_in_conflict_are_settled_by_a_third(
    screen: Run, folder: Path, two: None
) -> None:
    ran = screen("decide", "E5", "E6", "include")
    assert rows(ran.out)["E5"].startswith("open (1 of 2 screened) ")
    ran = screen("decide", "E5", "exclude", "--reason", "off-topic", "--as", "Ben")
    assert "Screeners do not say the same of E5. Talk it over, then: whatworks screen d" in ran.said
    assert list(rows(screen("list", "--state", "conflict").out)) == ["E5"]
    assert list(rows(screen("list", "--to-do", "--as", "BEN").out)) == [
        "E1",
        "E2",
        "E3",
        "E4",
        "E6",
    ]
    assert list(rows(screen("list", "--to-do", "--as", "Ana").out)) == ["E1", "E2", "E3", "E4"]

    ran = screen("decide", "E5", "exclude", "--reason", "off-topic", "--settle", "--note",
                 "Read together", "--as", "Chloé")  # fmt: skip
    assert ran.code == 0
    assert states(folder)[4] is Screening.EXCLUDED
    page = screen("show", "E5").out
    assert "Where it stands: excluded\n  off-topic: It is not on the topic\n" in page
    said = [line.split()[2:] for line in page.splitlines() if line.startswith("  20")]
    assert said == [
        ["Ana", "include"],
        ["Ben", "exclude", "off-topic"],
        ["Chloé", "settles:", "exclude", "off-topic", "Read", "together"],
    ]
    assert "Taken back: Chloé settled exclude." in screen("undo", "E5", "--as", "Chloé").out
    assert states(folder)[4] is Screening.CONFLICT


def test_a_name_that_never_screened_is_told_for_it_may_be_misspelled(screen: Run) -> None:
    assert "had not screened" not in screen("decide", "E5", "include").said
    ran = screen("decide", "E5", "include", "--as", "Anna")
    assert "Anna had not screened before; Ana had." in ran.said
    assert "had not screened" not in screen("decide", "E6", "include", "--as", "ANNA").said


def test_the_flow_adds_up_and_is_written_as_it_is_shown(
    screen: Run, folder: Path, tmp_path: Path
) -> None:
    screen("decide", "E1", "E2", "include")
    screen("decide", "E3", "exclude", "--reason", "no-findings")
    screen("decide", "E4", "exclude")
    screen("decide", "E5", "possible")
    ran = screen("flow", "-o", tmp_path / "flow.csv")
    assert ran.code == 0
    assert (
        ran.out
        == """\
Identified in the register: 6 evaluations
  │
  ├─ 1 still to be screened
  │
Screened: 5 evaluations
  │
  ├─ 1 possible: put off
  ├─ 2 excluded
  │     1  no-findings: It has no findings of its own
  │     1  no reason given
  ├─ 1 superseded: another evaluation of the project is used
  │
Included: 1 evaluation
  1 of them without a report in the project yet
"""
    )
    with (tmp_path / "flow.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [tuple(row) for row in csv.reader(file)]
    assert found == [
        ("step", "reason", "text", "evaluations"),
        ("identified", "", "", "6"),
        ("open", "", "", "1"),
        ("screened", "", "", "5"),
        ("conflict", "", "", "0"),
        ("possible", "", "", "1"),
        ("excluded", "", "", "2"),
        ("excluded by reason", "no-findings", "It has no findings of its own", "1"),
        ("excluded by reason", "", "no reason given", "1"),
        ("superseded", "", "", "1"),
        ("included", "", "", "1"),
        ("included without file", "", "", "1"),
    ]


def test_the_flow_tells_how_far_two_screeners_agree(screen: Run, two: None) -> None:
    screen("decide", "E1", "E2", "E3", "include")
    screen("decide", "E4", "E5", "exclude")
    assert "Agreement" not in screen("flow").out
    screen("decide", "E1", "E2", "include", "--as", "Ben")
    screen("decide", "E3", "E4", "E5", "exclude", "--as", "Ben")
    assert (
        "Agreement: 5 evaluations screened by two who did not know of each other; the same verdict "
        "for 80%. Cohen's kappa: 0.62."
    ) in screen("flow").out


def test_a_reason_that_left_the_settings_is_still_shown(screen: Run, folder: Path) -> None:
    screen("decide", "E5", "exclude", "--reason", "off-topic")
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8").replace('off-topic = "It is not on the topic"\n', "")
    settings.write_text(text, "utf-8")
    assert "1  off-topic\n" in screen("flow").out
    assert "Where it stands: excluded\n  off-topic\n" in screen("show", "E5").out


def test_the_quality_of_a_report_is_appraised_by_several_people(screen: Run) -> None:
    ran = screen("appraise", "E1", "--answer", "complete=partly", "--answer", "Rel=oui")
    assert ran.out == "E1: Complete partly, Relevant yes.\n"
    ran = screen("appraise", "E1", "--answer", "complete=no", "--note", "Thin", "--as", "Ben")
    assert ran.out == "E1: Complete partly/no, Relevant yes.\n"
    page = screen("show", "E1").out
    assert [line.split() for line in page.splitlines()[-5:]] == [
        ["Comprehensive", "–"],
        ["Complete", "partly", "(Ana),", "no", "(Ben)"],
        ["Evidence-based", "–"],
        ["Relevant", "yes", "(Ana)"],
        ["Note", "(Ben)", "Thin"],
    ]
    ran = screen("appraise", "E1", "--answer", "complete=", "--as", "Ben")
    assert ran.out == "E1: Complete partly, Relevant yes.\n"
    assert "had said so already" in screen("appraise", "E1", "--answer", "rel=yes").out


def test_titles_that_are_very_long_or_run_from_right_to_left_stay_on_their_line(
    screen: Run,
) -> None:
    page = screen("list").out
    assert all(len(line) < 100 for line in page.splitlines())
    assert rows(page)["E3"].endswith("…")
    assert rows(page)["E4"].endswith(ARABIC)
    assert screen("decide", ARABIC, "include").code == 0


def test_without_a_register_it_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    init_project(tmp_path / "empty")
    at = ("--project", tmp_path / "empty")
    assert "Bring in a list with: whatworks register import" in run("screen", "list", *at).out
    ran = run("screen", "decide", "E1", "include", *at)
    assert ran.code == 1
    assert "Unknown evaluation 'E1'. They are listed by: whatworks register list" in ran.said
    (tmp_path / "list.csv").write_text("Mark,Verdict\nE1,include\n", "utf-8")
    ran = run("screen", "import", tmp_path / "list.csv", *at)
    assert "Bring in a list first: whatworks register import FILE" in ran.said
    assert "Identified in the register: 0 evaluations" in run("screen", "flow", *at).out


def test_a_list_of_verdicts_and_answers_is_taken_in_whole(
    screen: Run, folder: Path, tmp_path: Path, two: None
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Mark,Screener,Verdict,Reasons,Settles,Complete,Region\n"
        "E1,Ana,include,on-topic,,yes,Africa\n"
        "E1,Ben,exclude,off-topic,,,Africa\n"
        "E2,Ana,include,,,partly,Africa\n"
        "E2,Ben,exclude,no-findings,,,Africa\n"
        "E2,Chloé,include,on-topic,yes,,Africa\n"
        "E6,Ben,,,,,Africa\n",
        "utf-8",
    )
    ran = screen("import", path, "--dry-run")
    assert ran.code == 0
    assert "list.csv: 6 rows; 5 verdicts (2 exclude, 3 include); 2 appraisals." in ran.said
    assert "Nothing was stored." in ran.out
    assert "these columns are left out: 'Region'." in ran.said
    assert stored(folder) == 0

    ran = screen("import", path)
    assert "Stored: 5 new verdicts, 2 new appraisals." in ran.out
    assert "Screening has begun." in ran.said
    assert "E1 is in conflict: 3 confirmed passages will be left out." in ran.said
    assert "Screeners do not say the same of E1." in ran.said
    assert states(folder)[:2] == [Screening.CONFLICT, Screening.INCLUDED]
    assert "Complete partly" in " ".join(screen("show", "E2").out.split())
    assert "Stored: 0 new verdicts, 0 new appraisals." in screen("import", path).out
    assert stored(folder) == 5


def test_nothing_of_a_list_is_taken_where_a_row_is_wrong(
    screen: Run, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Mark,Verdict,Settles\nE1,include,\nE2,exclude,yes\nE3,possible,x\n", "utf-8")
    ran = screen("import", path)
    assert ran.code == 1
    assert "list.csv: 2 problems; nothing was stored." in ran.err
    assert "Row 3: E2 is open: there is no conflict to settle." in ran.err
    assert "Row 4: E3 is open: there is no conflict to settle." in ran.err
    assert stored(folder) == 0
