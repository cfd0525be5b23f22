"""whatworks prelabel: suggestions of a real (tiny) model, stored in the project."""

import re
from pathlib import Path

import pytest

from tests.command import PROSE, Run, text_report
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.suggestions import StoredSuggestion, latest_suggestions


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A project with two reports, and the folder one is in."""
    init_project(tmp_path / "water")
    monkeypatch.chdir(tmp_path / "water")
    text_report(Path("a.txt"))
    text_report(Path("b.txt"), PROSE[0] + " This is in the other report.")
    assert run("add", "a.txt", "b.txt", "--as", "ana").code == 0
    return tmp_path / "water"


def suggestions(folder: Path) -> list[StoredSuggestion | None]:
    with open_project(folder) as project, project.store.reading() as connection:
        ids = [one.id for one in current_passages(connection)]
        found = latest_suggestions(connection, ids)
    return [found.get(one) for one in ids]


def test_passages_are_suggested_once_by_a_model(
    folder: Path, run: Run, tiny_model: Path, tiny_encoder: Path
) -> None:
    ran = run("prelabel", "--model", tiny_model, "--report", "b.txt")
    assert ran.code == 0
    assert [one is not None for one in suggestions(folder)] == [False, False, False, True]
    ran = run("prelabel", "--model", tiny_model)
    assert ran.out.startswith("Suggested for 3 passages by tiny 1.0 (tiny encoder): ")
    assert "Next: whatworks review (4 passages to decide)" in ran.err
    made = suggestions(folder)
    assert all(one is not None and len(one.probabilities) == 4 for one in made)
    assert all(one is not None and len(one.theme_probabilities) == 5 for one in made)

    ran = run("prelabel", "--model", tiny_model)
    assert ran.out == (
        "Nothing to do: every passage has a suggestion by tiny 1.0 (tiny encoder) under codebook "
        "version 1.\n"
    )
    assert suggestions(folder) == made

    # The settings can name the model, and the codebook may have changed since.
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8").replace('model = "starter"', f'model = "{tiny_model}"')
    settings.write_text(text, "utf-8")
    codebook = folder / "codebook.yaml"
    text = re.sub(r"\blesson\b", "insight", codebook.read_text("utf-8"))
    codebook.write_text(
        text.replace("- id: insight\n", "- id: insight\n    renamed_from: [lesson]\n"), "utf-8"
    )
    assert run("codebook", "apply", "--yes").code == 0
    ran = run("prelabel", "--quiet")
    assert ran.err == ""
    assert ran.out.startswith("Suggested for 4 passages")
    renamed = suggestions(folder)
    assert [
        [one.probabilities.get("insight"), one.probabilities.get("lesson")]
        for one in renamed
        if one
    ] == [[one.probabilities["lesson"], None] for one in made if one]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--report", "c.txt"), "Unknown report 'c.txt'."),
        (("--model", "startr"), "Nearest: 'starter'"),
    ],
)
def test_what_is_wrong_is_said(options: tuple[str, str], said: str, folder: Path, run: Run) -> None:
    ran = run("prelabel", *options)
    assert ran.code == 1
    assert said in ran.said
    assert suggestions(folder) == [None] * 4
