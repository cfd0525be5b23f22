"""``whatworks demo``: the main job on the sample reports."""

from pathlib import Path

import pytest

from tests.command import Run
from whatworks.cli import review
from whatworks.cli.demo import copy_samples
from whatworks.labels.project import open_project
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.suggestions import latest_suggestions
from whatworks.models import folder as models


@pytest.fixture
def demo(run: Run, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``whatworks demo`` with the tiny model in place of the starter."""
    load = models.load_model
    monkeypatch.setattr(models, "load_model", lambda _: load(tiny_model))
    return lambda *arguments: run("demo", *arguments)


def test_the_samples_are_in_the_four_languages_and_three_formats(tmp_path: Path) -> None:
    found = copy_samples(tmp_path / "reports")
    assert found == sorted((tmp_path / "reports").iterdir())
    assert {path.suffix for path in found} == {".pdf", ".docx", ".html"}
    assert len(found) >= 5


@pytest.mark.slow
def test_it_classifies_the_samples_and_says_where_to_look(demo: Run, tmp_path: Path) -> None:
    folder = tmp_path / "my first look"
    ran = demo(folder)
    assert ran.code == 0
    names = [f"results.{ending}" for ending in ("csv", "html", "jsonl", "xlsx")]
    assert sorted(path.name for path in folder.iterdir()) == ["reports", *names]
    for language in ("English", "French", "Spanish", "Portuguese"):
        assert language in ran.out
    page = (folder / "results.html").read_text("utf-8")
    assert all(path.name in page for path in (folder / "reports").iterdir())
    assert f"{folder / 'results.html'} (opens in a browser)" in ran.out
    assert f"whatworks classify '{folder / 'reports'}' -o mine.xlsx" in ran.out
    # Once more into the same folder is no error.
    assert demo(folder).code == 0


def test_a_place_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("demo", tmp_path / "file" / "demo")
    assert ran.code == 1
    assert "the sample reports cannot be copied there: Not a directory." in ran.said
    assert "Name another folder: whatworks demo FOLDER" in ran.said


@pytest.mark.slow
def test_with_review_it_makes_a_project_and_opens_it(
    demo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(review, "review", lambda *, project: opened.append(project))
    folder = tmp_path / "my first look"
    for _ in range(2):
        # The second time it goes on with the same project.
        assert demo("--review", folder).code == 0
    assert opened == [folder / "review"] * 2
    with open_project(folder / "review") as project, project.store.reading() as connection:
        passages = current_passages(connection)
        suggested = latest_suggestions(connection, [one.id for one in passages])
    assert len(passages) == len(suggested) > 500


@pytest.mark.slow
def test_with_synthesis_it_makes_all_products_and_the_same_again(demo: Run, tmp_path: Path) -> None:
    folder = tmp_path / "my first look"
    made: list[dict[str, bytes]] = []
    for _ in range(2):
        ran = demo("--synthesis", folder)
        assert ran.code == 0, ran.said
        products = folder / "products"
        made.append(
            {
                str(path.relative_to(products)): path.read_bytes()
                for path in products.rglob("*")
                if path.is_file()
            }
        )
    assert {"synthesis.xlsx", "report.docx", "report.html", "reproduce.json"} <= made[0].keys()
    assert made[0] == made[1]
    assert "221 of 545 passages confirmed" in ran.said
    assert "invented sample" in made[0]["report.html"].decode()


def test_review_and_synthesis_together_are_refused(run: Run, tmp_path: Path) -> None:
    ran = run("demo", "--review", "--synthesis", tmp_path / "demo")
    assert ran.code == 2
    assert "Give --review or --synthesis, not both." in ran.said
    assert not (tmp_path / "demo").exists()


def test_the_samples_are_not_put_into_a_project(demo: Run, tmp_path: Path) -> None:
    from whatworks.labels.project import init_project

    init_project(tmp_path / "mine")
    ran = demo(tmp_path / "mine")
    assert ran.code == 1
    assert "this is a project of yours" in ran.said
    assert not (tmp_path / "mine" / "reports").exists()
