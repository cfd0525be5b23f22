"""``whatworks evaluate``: how good the suggestions are, in a project and on a file."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Ran, Run
from tests.stored import add, decide, report_of
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.passages import current_passages
from whatworks.models import folder as models

pytestmark = pytest.mark.slow

# The tiny encoder knows letters, not words.
LATE = "zzz late zzzz zz zzz {n}"
GOOD = "qqq kept qqqq qqq qq {n}"
PLAIN = "ooo oooo oo oooo ooo {n}"
SAID = {LATE: ("obstacle",), GOOD: ("success_factor",), PLAIN: ()}


@pytest.fixture(autouse=True)
def starter(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny model in place of the one that comes with whatworks."""
    load = models.load_model
    monkeypatch.setattr(
        models, "load_model", lambda name="starter": load(tiny_model if name == "starter" else name)
    )


def build(folder: Path, reports: int = 4, texts: int = 8, said: Any = None) -> Path:
    """A project in which what is late is confirmed as an obstacle, what is kept as a success."""
    said = SAID if said is None else said
    init_project(folder, name="Reviews", by="ana")
    with open_project(folder) as opened:
        for report in range(reports):
            lines = [kind.format(n=f"{report}{n}") for n in range(texts) for kind in said]
            language = "en" if report % 2 else "fr"
            add(opened.store, report_of(f"{report}.pdf", *lines, language=language))
        with opened.store.reading() as connection:
            passages = current_passages(connection)
        for place, one in enumerate(passages):
            labels = list(said.values())[place % len(said)]
            themes = ("inefficient-management",) if labels else ()
            decide(opened.store, one, "ana", *labels, themes=themes)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return build(tmp_path / "reviews")


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Passages of four reports with labels, as a CSV."""
    path = tmp_path / "labelled.csv"
    rows = [
        (kind.format(n=f"x{report}{n}"), "; ".join(labels), f"{report}.pdf")
        for report in range(4)
        for n in range(5)
        for kind, labels in SAID.items()
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "labels", "report"), *rows])
    return path


def sound(ran: Ran) -> Ran:
    assert ran.code == 0, ran.said
    return ran


def test_in_a_project_each_report_is_looked_at_by_heads_of_the_others(
    run: Run, project: Path
) -> None:
    ran = sound(run("evaluate", "--project", project))
    assert "Rests on 96 confirmed passages of 4 reports." in ran.said
    assert "each report by heads that learned from the other reports (4 folds)" in ran.said
    assert "tiny 1.0 refitted is better than tiny 1.0 as it is: micro F1 +" in ran.said
    assert re.search(r"Obstacle +32  \d\.\d\d", ran.out)
    assert "are no random sample" in ran.said
    assert "By report" not in ran.out
    long = sound(run("evaluate", "--project", project, "--by", "report", "--by", "theme"))
    assert re.search(r"0\.pdf +24", long.out)
    assert re.search(r"Inefficient management +64", long.out)


def test_a_file_is_looked_at_with_the_model_as_it_is(run: Run, labelled: Path) -> None:
    ran = sound(run("evaluate", labelled))
    assert (
        "Rests on 60 passages of 4 reports in labelled.csv. Model: tiny 1.0 as it is." in ran.said
    )
    assert "20 of 60 passages without a label" in ran.err
    assert "better" not in ran.out
    assert "Note" not in sound(run("evaluate", labelled, "-q")).err


def test_two_models_are_tested_on_the_same_passages(
    run: Run, labelled: Path, project: Path
) -> None:
    sound(run("train", "--project", project))
    own = project / "models" / "heads-1"
    ran = sound(run("evaluate", labelled, "--model", own, "--against", "starter"))
    assert "heads 1 is better than tiny 1.0: micro F1 +" in ran.said
    assert "exact McNemar test, p " in ran.said
    assert "can only be told in that project" in ran.err


def test_a_model_is_not_measured_on_what_it_was_made_from(
    run: Run, project: Path, tmp_path: Path
) -> None:
    sound(run("train", "--use", "--project", project))
    own = project / "models" / "heads-1"
    moved = shutil.copytree(own, tmp_path / "elsewhere")
    for name in (own, moved):
        for option in ("--model", "--against"):
            ran = run("evaluate", "--project", project, option, name)
            assert ran.code == 1
            assert "would be memory, not skill" in ran.said
            assert "whatworks evaluate FILE" in ran.said
    # The project's own model is in use: what is measured is refitted from the starter.
    assert "Model: tiny 1.0, refitted" in sound(run("evaluate", "--project", project)).said


def test_passages_that_the_own_model_learned_from_are_left_out_of_a_file(
    run: Run, project: Path, labelled: Path
) -> None:
    sound(run("train", "--use", "--project", project))
    with labelled.open("a", encoding="utf-8") as file:
        file.write(f"{LATE.format(n='00')},obstacle,0.pdf\n")
    ran = sound(run("evaluate", labelled, "--project", project))
    assert "Rests on 60 passages of 4 reports in labelled.csv. Model: heads 1 as it is." in ran.said
    assert "1 passage is in the starter corpus or confirmed in this project" in ran.err


def test_the_files_hold_everything_and_come_out_the_same_again(
    run: Run, project: Path, tmp_path: Path
) -> None:
    texts = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        out = ("-o", folder / "e.json", "-o", folder / "e.html")
        ran = sound(run("evaluate", "--project", project, "--doubtful", "3", *out))
        assert f"Wrote {folder / 'e.html'}" in ran.said
        texts.append([(folder / name).read_text("utf-8") for name in ("e.json", "e.html")])
    assert texts[0] == texts[1]
    said = json.loads(texts[0][0])
    assert said["basis"]["passages"] == 96
    assert [one["what"] for one in said["languages"]] == ["en"]
    assert [one["passages"] for one in said["curve"]] == [0, 30, 72]
    assert len(said["doubtful"]) == 3
    assert said["limits"]
    page = texts[0][1]
    assert page.startswith("<!doctype html>")
    assert page.count('<svg class="chart') == 7
    assert "<script" not in page
    assert "http" not in re.sub(r"http-equiv", "", page)


def test_a_page_shows_text_of_a_report_and_runs_none_of_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {"text": f"<script>alert({n})</script>", "labels": ["lesson"], "report": "<b>"}
        for n in range(12)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    sound(run("evaluate", path, "-o", tmp_path / "e.html", "--doubtful", "2"))
    page = (tmp_path / "e.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(" in page
    assert "<b>" not in page


def test_doubtful_labels_are_a_list_for_the_terminal_and_for_excel(
    run: Run, project: Path, tmp_path: Path
) -> None:
    with open_project(project) as opened:
        with opened.store.reading() as connection:
            wrong = current_passages(connection)[0]
        decide(opened.store, wrong, "ana", "lesson")
    out = ("-o", tmp_path / "d.csv", "-o", tmp_path / "d.xlsx")
    ran = sound(run("evaluate", "--project", project, "--doubtful", "4", *out))
    first = ran.out.split("1. ")[1].split("2. ")[0]
    assert "0.pdf, page 1" in first
    assert "zzz late" in first
    assert "given: Lesson   model: Obstacle" in first
    assert "Lesson was given, the model holds it for" in first
    with (tmp_path / "d.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["place"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0]["given"] == "Lesson"
    assert rows[0]["model would say"] == "Obstacle"
    assert rows[0]["text"] == wrong.text
    assert float(rows[0]["obstacle"]) > 0.5
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx")["Passages"]
    assert [cell.value for cell in sheet[2]][:5] == [
        "place", "given", "model would say", "why", "your answer",
    ]  # fmt: skip
    assert sheet["B3"].value == "Lesson"


def test_one_report_only_is_looked_at_with_the_model_as_it_is(run: Run, tmp_path: Path) -> None:
    ran = sound(run("evaluate", "--project", build(tmp_path / "one", reports=1)))
    assert "All confirmed passages are of one report" in ran.err
    assert "Model: tiny 1.0 as it is." in ran.said
    assert "They are narrower than they should be." in ran.said


def test_three_labels_in_all_are_too_few_to_say(run: Run, tmp_path: Path) -> None:
    project = build(tmp_path / "small", reports=3, texts=1, said={LATE: ("obstacle",)})
    out = ("-o", tmp_path / "e.html", "-o", tmp_path / "e.json", "--by", "language")
    ran = sound(run("evaluate", "--project", project, *out))
    assert "Rests on 3 confirmed passages of 3 reports." in ran.said
    assert "too few to say" in ran.said


def test_one_class_only_is_measured(run: Run, tmp_path: Path) -> None:
    project = build(tmp_path / "lessons", said={GOOD: ("lesson",)})
    ran = sound(run("evaluate", "--project", project, "-o", tmp_path / "e.html"))
    assert re.search(r"Lesson +32  1.00 +1.00 +1.00", ran.out)


def test_contradictions_and_an_unknown_language_are_said(run: Run, labelled: Path) -> None:
    with labelled.open("a", encoding="utf-8") as file:
        file.write("the same words,lesson,0.pdf\nthe same words,obstacle,1.pdf\n")
    lines = [f"{line},sw" for line in labelled.read_text("utf-8").splitlines()]
    labelled.write_text("\n".join([lines[0].replace(",sw", ",language"), *lines[1:]]), "utf-8")
    ran = sound(run("evaluate", labelled))
    assert "1 text with different labels" in ran.err
    assert "62 passages of a language that the starter never learned (sw)" in ran.err
    assert re.search(r"\n  sw +62", ran.out)


def test_a_damaged_model_is_named(run: Run, labelled: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for text in ("{", "[]", '{"format": 1}'):
        (broken / "config.json").write_text(text, "utf-8")
        for option in ("--model", "--against"):
            ran = run("evaluate", labelled, option, broken)
            assert ran.code == 1
            assert f"{broken}: " in ran.said
            assert "unforeseen" not in ran.said
    assert run("evaluate", labelled, "--model", tmp_path / "nothing").code == 1


def test_wrong_outputs_are_said_before_anything_is_worked_out(
    run: Run, labelled: Path, tmp_path: Path
) -> None:
    for name, said in (
        ("e.csv", "add --doubtful 50"),
        ("e.pdf", "Give such a name"),
        ("no/e.html", "There is no folder"),
    ):
        ran = run("evaluate", labelled, "-o", tmp_path / name)
        assert ran.code == 1
        assert said in ran.said
    (tmp_path / "folder.html").mkdir()
    ran = run("evaluate", labelled, "-o", tmp_path / "e.json", "-o", tmp_path / "folder.html")
    assert ran.code == 1
    assert "folder.html: This is a folder." in ran.said
    assert not (tmp_path / "e.json").exists()
    twice = ("-o", tmp_path / "e.html") * 2
    assert "given twice" in run("evaluate", labelled, *twice).said
    assert not (tmp_path / "e.html").exists()


def test_without_a_project_and_a_file_it_says_what_to_give(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("evaluate")
    assert ran.code == 1
    assert "whatworks evaluate FILE" in ran.said
    init_project(tmp_path / "empty", name="Empty", by="ana")
    ran = run("evaluate", "--project", tmp_path / "empty")
    assert "Nothing is confirmed yet" in ran.said
    assert run("evaluate", "--project", tmp_path / "empty", "--codebook", "oecd-dac").code == 2
