import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.command import Run
from tests.labels.store.seeds import draft, seed_report, seed_round
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.decisions import record_all
from whatworks.nlp.passages import PassageId


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which the command is run."""
    folder = tmp_path / "health"
    init_project(folder, by="ana")
    monkeypatch.chdir(folder)
    return folder


def decided(project: Path, *people: str, n_passages: int = 20) -> list[PassageId]:
    """Passages that these people decided: all as the first does, but every fifth by the last."""
    with open_project(project) as opened:
        passages = seed_report(opened.store, "mali.pdf", [f"Text {n}." for n in range(n_passages)])
        kinds = [[], ["lesson"], ["lesson", "obstacle"], ["obstacle"]]
        drafts = []
        for place, one in enumerate(passages):
            for name in people:
                other = name == people[-1] and place % 5 == 0
                labels = ["success_factor"] if other else kinds[place % 4]
                themes = ["local-presence"] if labels else []
                drafts.append(draft(one, name, labels, themes))
        record_all(opened.store, drafts)
    return passages


def rows(out: str) -> dict[tuple[str, str], dict[str, object]]:
    """The rows of the JSON by table and thing."""
    return {(one["by"], one["what"]): one for one in json.loads(out)}


def test_the_tables_are_printed(run: Run, project: Path) -> None:
    decided(project, "ana", "ben", "joão")
    ran = run("agreement")
    assert ran.code == 0
    assert "60 independent decisions of 3 people on 20 passages" in ran.said
    for heading in ("Overall", "By finding type", "By theme", "By pair of annotators"):
        assert f"\n{heading} " in f"\n{ran.out}"
    assert "ana & joão" in ran.out
    assert "Local presence" in ran.out
    assert "0.8 or more can be relied on, from 0.667" in ran.said
    assert "[1] only for two annotators: see the pairs" in ran.out
    assert "nan" not in ran.said.lower()
    assert ran.err == ""


def test_a_table_of_one_row_that_overall_has_is_left_out_unless_asked_for(
    run: Run, project: Path
) -> None:
    decided(project, "ana", "ben")
    assert "By language" not in run("agreement").out
    assert "By pair" not in run("agreement").out
    ran = run("agreement", "--by", "language", "--by", "pair")
    assert "By language" in ran.out
    assert "English" in ran.out
    assert "ana & ben" in ran.out
    assert "Overall" not in ran.out


def test_json_has_the_figures_and_nothing_else(run: Run, project: Path) -> None:
    decided(project, "ana", "ben")
    ran = run("agreement", "--format", "json")
    found = rows(ran.out)
    lesson = found["finding-type", "lesson"]
    assert lesson["name"] == "Lesson"
    assert (lesson["passages"], lesson["votes"], lesson["annotators"]) == (20, 40, 2)
    # Ben differs on passages 0, 5, 10 and 15; at 5 and 10 Ana has a lesson, at 0 and 15 none.
    assert lesson["percent"] == 90
    assert lesson["kappa"] == 0.8
    assert lesson["alpha_low"] < lesson["alpha"] < lesson["alpha_high"]
    good_practice = found["finding-type", "good_practice"]
    assert good_practice["alpha"] is None
    assert "everybody gave the same answer" in str(good_practice["notes"])


def test_no_interval_leaves_the_intervals_out(run: Run, project: Path) -> None:
    decided(project, "ana", "ben")
    with_intervals = rows(run("agreement", "--format", "json").out)["overall", "finding types"]
    found = rows(run("agreement", "--no-interval", "--format", "json").out)
    without = found["overall", "finding types"]
    assert without["alpha_low"] is without["percent_high"] is None
    assert without["alpha"] == with_intervals["alpha"]
    assert " to " not in run("agreement", "--no-interval").out.split("How to read")[0]


def test_only_some_decisions_are_compared(run: Run, project: Path) -> None:
    passages = decided(project, "ana", "ben", "joão")
    with open_project(project) as opened:
        audit = seed_round(opened.store, "audit", passages[:3])
        record_all(
            opened.store,
            [draft(one, name, round_id=audit) for one in passages[:3] for name in ("eva", "ivo")],
        )
    both = rows(run("agreement", "--annotator", "ana", "--annotator", "Ben", "--format=json").out)
    assert both["overall", "finding types"]["kappa"] == 1
    found = rows(run("agreement", "--round", "audit", "--format=json").out)
    assert found["overall", "finding types"]["passages"] == 3
    found = rows(run("agreement", "--report", "mali.pdf", "--format=json").out)
    assert found["overall", "finding types"]["passages"] == 20


def test_a_file_is_written_whole(run: Run, project: Path) -> None:
    decided(project, "=ana", "ben")
    ran = run("agreement", "--by", "pair", "-o", "figures.csv")
    assert ran.code == 0
    assert "figures.csv" in ran.err
    text = (project / "figures.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["what"] == "'=ana & ben"
    assert float(row["percent"]) == 80
    assert run("agreement", "--by", "pair", "--format", "csv").out == text
    run("agreement", "-o", "figures.json")
    assert rows((project / "figures.json").read_text("utf-8"))["overall", "themes"]


def test_another_ending_is_refused_before_anything_is_read(run: Run, tmp_path: Path) -> None:
    ran = run("agreement", "-o", "figures.pdf", "--project", tmp_path / "nowhere")
    assert ran.code == 1
    assert "written as .csv or .json" in ran.said


@pytest.mark.parametrize("people", [(), ("ana",)])
def test_without_two_peoples_decisions_it_says_what_to_do(
    run: Run, project: Path, people: Sequence[str]
) -> None:
    if people:
        decided(project, *people)
    ran = run("agreement")
    assert ran.code == 1
    assert ran.out == ""
    assert "No passage has independent decisions of two people yet." in ran.said
    assert "whatworks review --as NAME" in ran.said


def test_a_limit_that_leaves_nothing_is_told(run: Run, project: Path) -> None:
    decided(project, "ana", "ben")
    assert "No passage among these has" in run("agreement", "--language", "pt").said
    ran = run("agreement", "--annotator", "anna")
    assert (ran.code, "Nearest: 'ana'" in ran.said) == (1, True)


def test_a_round_in_which_nobody_decided_what_another_did_is_told(run: Run, project: Path) -> None:
    with open_project(project) as opened:
        passages = seed_report(opened.store, "mali.pdf", ["Text one.", "Text two."])
        audit = seed_round(opened.store, "audit", passages)
        for one in passages:
            record_all(opened.store, [draft(one, "ana"), draft(one, "ben", round_id=audit)])
    ran = run("agreement", "--by", "round")
    assert ran.code == 1
    assert "nothing to show by round" in ran.said


def test_nine_passages_have_no_interval_and_a_note(run: Run, project: Path) -> None:
    decided(project, "ana", "ben", n_passages=9)
    assert "no interval: fewer than 10 passages" in run("agreement").out
