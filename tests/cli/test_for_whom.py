"""Target groups and places from the codebook to the export: told by words, confirmed by people."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.cards import card_of, suggestion_of
from tests.cli.web.screen import opened_screen
from tests.command import Run
from tests.stored import add, decide, report_of
from whatworks.cli.review_screen import draw
from whatworks.cli.review_themes import matching_themes
from whatworks.cli.review_view import view_of
from whatworks.labels.codebook_editing.for_whom import with_target_groups
from whatworks.labels.codebook_file import codebook_source, read_codebook
from whatworks.labels.project import Project, init_project, open_project
from whatworks.labels.store.confirmed import confirmed_passages
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.suggestions import latest_suggestions
from whatworks.labels.suggestions import BY_WORDS
from whatworks.models import folder as models
from whatworks.models.folder import Model, load_model
from whatworks.nlp.passages import Passage

pytestmark = pytest.mark.slow

TEXTS = ("Women and migrants paid late.", "Pumps broke.", "Young people came.")


@pytest.fixture
def folder(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two reports; a model that finds everything stands in the starter's place."""
    load = models.load_model

    def loaded(name: str = "starter") -> Model:
        if name != "starter":
            return load(name)
        tiny = load(tiny_model)
        every = dict.fromkeys(tiny.heads.finding_types, 0.0)
        return replace(tiny, calibration=replace(tiny.calibration, thresholds=every))

    monkeypatch.setattr(models, "load_model", loaded)
    monkeypatch.delenv("WHATWORKS_PROJECT", raising=False)
    folder = tmp_path / "reviews"
    init_project(folder, name="Reviews", by="ana")
    with open_project(folder) as opened:
        for name in ("a.pdf", "b.pdf"):
            add(opened.store, report_of(name, *(f"{text} {name}" for text in TEXTS)))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def project(folder: Path, run: Run) -> Iterator[Project]:
    """The same with target groups and a place in its codebook, and suggestions."""
    for command in (
        "codebook for-whom --place Peru",
        "codebook apply --yes --as Ana",
        "prelabel -q",
    ):
        ran = run(*command.split())
        assert ran.code == 0, ran.said
    with open_project(folder) as opened:
        yield opened


def passages_of(project: Project) -> list[Passage]:
    with project.store.reading() as connection:
        return current_passages(connection)


def test_the_command_adds_them_once_and_says_what_is_next(folder: Path, run: Run) -> None:
    before = (folder / "codebook.yaml").read_text("utf-8")
    ran = run("codebook", "for-whom", "--place", "Peru")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"{folder / 'codebook.yaml'}: 16 target groups added.",
        f"{folder / 'codebook.yaml'}: 1 place added.",
    ]
    assert "Next: whatworks codebook apply, then: whatworks prelabel" in ran.err
    after = (folder / "codebook.yaml").read_text("utf-8")
    assert after.startswith(before)
    again = run("codebook", "for-whom", "--place", "Pérou")
    assert "0 target groups added." in again.out
    assert "0 places added." in again.out
    assert "Next" not in again.err
    assert (folder / "codebook.yaml").read_text("utf-8") == after
    diff = run("codebook", "diff")
    assert "Theme 'women-and-girls' is added." in diff.out
    assert "No confirmed passage becomes stale." in diff.out


def test_a_place_that_nobody_knows_changes_nothing(folder: Path, run: Run) -> None:
    before = (folder / "codebook.yaml").read_text("utf-8")
    ran = run("codebook", "for-whom", "--place", "Atlantis")
    assert ran.code == 1
    assert "Unknown country 'Atlantis'" in ran.err
    assert (folder / "codebook.yaml").read_text("utf-8") == before


def test_a_register_without_countries_is_told(folder: Path, run: Run) -> None:
    ran = run("codebook", "for-whom", "--from-register")
    assert ran.code == 1
    assert "The register names no country." in ran.err


def test_a_code_shows_its_words(folder: Path, run: Run) -> None:
    assert run("codebook", "for-whom").code == 0
    assert run("codebook", "apply", "--yes", "--as", "Ana").code == 0
    shown = run("codebook", "show", "youth")
    assert "en: youth*, young, adolescen*, teenager*" in shown.out


def test_the_web_page_ticks_them_and_says_why(project: Project) -> None:
    first = passages_of(project)[0]
    with opened_screen(project) as screen:
        page = screen.get(f"/passage/{first.id}")
        assert {"women-and-girls", "migrants"} <= set(page.ticked)
        # Three of the model's themes, and all that words tell.
        assert len(page.page.select(".themes label.theme")) == 5
        why = screen.get(f"/why/{first.id}?kind=theme&code=migrants")
        assert [one.get_text() for one in why.page.select(".weighed mark")] == ["migrants"]
        assert "Found in the passage: migrants." in why.text
        assert "no model looks at it" in why.text
        code = screen.get("/codebook/code/theme/migrants")
        assert "Suggested by words" in code.text


def test_the_review_sheet_has_room_for_them(project: Project, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "review.xlsx"
    ran = run("export", "--for-review", path, "--as", "Ana")
    assert ran.code == 0, ran.said
    sheet = openpyxl.load_workbook(path)["Review"]
    titles = [cell.value for cell in sheet[2]]
    assert [one for one in titles if str(one).startswith("Theme ")] == [
        f"Theme {n}" for n in range(1, 9)
    ]
    suggested = [row[titles.index("Suggested themes")].value or "" for row in sheet.iter_rows(3)]
    assert any("Women and girls" in one and "Migrants" in one for one in suggested)
    for row in sheet.iter_rows(3):
        if "Women" in str(row[titles.index("Passage")].value):
            row[titles.index("Decision")].value = "correct"
            row[titles.index("Lesson")].value = "yes"
            for n, name in enumerate(("Women and girls", "Migrants", "Peru", "Youth", "Children")):
                row[titles.index(f"Theme {n + 1}")].value = name
    sheet.parent.save(path)
    ran = run("import", path, "--as", "Ana", "--yes")
    assert ran.code == 0, ran.said
    with project.store.reading() as connection:
        confirmed = list(confirmed_passages(connection))
    assert {one.themes for one in confirmed} == {
        ("children", "migrants", "peru", "women-and-girls", "youth")
    }


def test_the_terminal_shows_them_ticked() -> None:
    book = with_target_groups(codebook_source("ilo-social-protection")).text
    themes = ("inefficient-management", "migrants", "women-and-girls")
    suggestion = replace(
        suggestion_of(themes=themes),
        theme_probabilities={"women-and-girls": BY_WORDS, "migrants": BY_WORDS},
    )
    card = card_of(codebook=read_codebook(book, "codebook.yaml"), suggestion=suggestion)
    drawn = draw(view_of(card), 100, 40)
    assert drawn is not None
    shown = " ".join(line.plain for line in drawn.lines)
    assert "[x] Women and girls" in shown
    assert "[x] Migrants" in shown
    assert matching_themes(card, "")[0].id == "women-and-girls"


def test_a_model_learns_and_suggests_with_them(project: Project, run: Run) -> None:
    for n, one in enumerate(passages_of(project)):
        if n % 3 != 1:
            themes = ("local-presence", "women-and-girls" if n % 3 == 0 else "youth")
            decide(project.store, one, "ana", "lesson", themes=themes)
        else:
            decide(project.store, one, "ana")
    ran = run("train", "--use")
    assert ran.code == 0, ran.said
    made = load_model(project.folder / "models" / "heads-1")
    assert "local-presence" in made.heads.themes
    assert not {"women-and-girls", "youth", "peru"} & set(made.heads.themes)
    assert run("prelabel", "-q").code == 0
    with project.store.reading() as connection:
        passages = current_passages(connection)
        found = latest_suggestions(connection, [one.id for one in passages])
    assert {one.model for one in found.values()} == {"heads 1 (tiny encoder)"}
    young = [found[one.id].theme_probabilities for one in passages if "Young" in one.text]
    assert all("youth" in one for one in young)
    shown = run("models", "show", "heads-1")
    assert "women-and-girls" not in shown.said
    evaluated = run("evaluate")
    assert evaluated.code == 0, evaluated.said
    assert "Women and girls" not in evaluated.said


def test_results_of_classify_name_them_with_their_words(classify: Run, tmp_path: Path) -> None:
    book, report = tmp_path / "mine.yaml", tmp_path / "r.txt"
    book.write_text(with_target_groups(codebook_source("ilo-social-protection")).text, "utf-8")
    report.write_text("\n\n".join(f"{one} It was so in every year." for one in TEXTS), "utf-8")
    names = ("r.csv", "r.jsonl", "r.html", "r.xlsx")
    options = [part for name in names for part in ("-o", tmp_path / name)]
    ran = classify(report, "--codebook", book, "--threshold", 0, *options)
    assert ran.code == 0, ran.said
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["themes_by_words"] for row in rows] == ["women-and-girls; migrants", "", "youth"]
    lines = [json.loads(one) for one in (tmp_path / "r.jsonl").read_text("utf-8").splitlines()]
    assert lines[0]["themes_by_words"] == [
        {"id": "women-and-girls", "words": ["Women"]},
        {"id": "migrants", "words": ["migrants"]},
    ]
    assert "themes_by_words" not in lines[1]
    assert "By words: Women and girls, Migrants" in (tmp_path / "r.html").read_text("utf-8")
    sheets = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert "Themes by words" in [cell.value for cell in sheets["Passages"][2]]
    # A passage counts there under one theme, its likeliest.
    matrix = [cell.value for row in sheets["Matrix"].iter_rows() for cell in row]
    assert "Local presence" in matrix
    assert "Women and girls" not in matrix
