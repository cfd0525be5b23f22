"""``whatworks codebook``: what is said before anything is changed."""

import io
import sys
from pathlib import Path

import pytest

from tests.command import Run
from tests.labels.store.seeds import draft, seed_report
from whatworks.labels.codebook_file import template_source
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.codebooks import add_codebook, all_codebooks
from whatworks.labels.store.decisions import record

FIRST = """title: Water
themes:
- id: water
  definition: Water.
- id: fees
  names: {en: Fees, fr: Tarifs}
  definition: Fees.
  themes:
  - {id: fines, definition: Fines.}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project one works in, with two confirmed passages: one on water, one on fees."""
    monkeypatch.delenv("WHATWORKS_PROJECT", raising=False)
    source = tmp_path / "first.yaml"
    source.write_text(FIRST, "utf-8")
    folder = tmp_path / "wells"
    init_project(folder, codebook=source, by="ana")
    with open_project(folder) as opened:
        ids = seed_report(opened.store, texts=["It worked.", "They paid."])
        record(opened.store, draft(ids[0], "ana", ["lesson"], ["water"]))
        record(opened.store, draft(ids[1], "ana", ["lesson"], ["fees"]))
    monkeypatch.chdir(folder)
    return folder


def edit(project: Path, was: str, now: str) -> None:
    path = project / "codebook.yaml"
    assert was in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(was, now), "utf-8")


def versions(project: Path) -> list[int]:
    with open_project(project) as opened, opened.store.reading() as connection:
        return [stored.number for stored in all_codebooks(connection)]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_check_says_what_a_sound_file_holds(project: Path, run: Run) -> None:
    ran = run("codebook", "check")
    assert ran.code == 0
    assert ran.out == f"{project / 'codebook.yaml'}: sound. 4 finding types, 3 themes.\n"
    assert "23 themes, 3 groups." in run("codebook", "check", "ilo-social-protection").out


def test_check_tells_every_problem_with_its_line(project: Path, run: Run) -> None:
    edit(project, "definition: Fees.", "definiton: Fees.")
    edit(project, "fr: Tarifs", "french: Tarifs")
    ran = run("codebook", "check", "codebook.yaml")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "Error: codebook.yaml: 3 problems.",
        "  line 5: The theme 'fees' has no 'definition'. Write one or two sentences; the model "
        "reads them.",
        "  line 6: Unknown language code 'french'. Nearest: 'fr'.",
        "  line 7: Unknown key 'definiton' of a theme. Nearest: 'definition'.",
    ]


def test_show_prints_the_themes_below_their_parents(project: Path, run: Run) -> None:
    ran = run("codebook", "show")
    assert ran.code == 0
    assert "wells, version 1 · Water" in ran.out
    assert "Themes\n  water    water\n  fees     Fees\n    fines  fines\n" in ran.out
    assert "  fees     Tarifs\n" in run("codebook", "show", "--language", "fr").out


def test_show_prints_one_code_in_full(project: Path, run: Run) -> None:
    ran = run("codebook", "show", "good_practice", "--codebook", "ilo-social-protection")
    assert ran.code == 0
    assert ran.out.startswith("good_practice (finding type)\n")
    for part in ("fr: Bonne pratique", "Definition", "Include", "Exclude", "Examples", "#8a5a00"):
        assert part in ran.out
    assert "success_factor: A reason why things went well" in ran.out, "said on the other code"
    assert "Parts\n  fines" in run("codebook", "show", "fees").out
    assert "Part of\n  fees" in run("codebook", "show", "fines").out


def test_show_of_an_unknown_code_names_the_nearest(project: Path, run: Run) -> None:
    ran = run("codebook", "show", "fes")
    assert ran.code == 1
    assert ran.err == "Error: Unknown code 'fes'. Nearest: 'fees'.\n"


def test_an_earlier_version_can_be_shown(project: Path, run: Run) -> None:
    edit(project, "id: fees", "id: tariffs\n  renamed_from: fees")
    assert run("codebook", "apply", "--yes").code == 0
    assert "tariffs" in run("codebook", "show").out
    assert "tariffs" not in run("codebook", "show", "--version", "1").out
    assert "has no version 3: the last one is 2" in run("codebook", "show", "--version", "3").err
    both = run("codebook", "show", "--version", "1", "--codebook", "oecd-dac")
    assert both.code == 2


def test_diff_says_what_would_become_stale_and_changes_nothing(project: Path, run: Run) -> None:
    assert run("codebook", "diff").out == "No difference.\n"
    edit(project, "definition: Fees.", "definition: What users pay.")
    ran = run("codebook", "diff")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "Theme 'fees' is redefined (definition); its labels become stale.",
        "",
        "1 confirmed passage becomes stale and is to be looked at again:",
        "  theme 'fees': 1",
    ]
    assert (
        "No confirmed passage becomes stale."
        in run("codebook", "diff", "--wording-only", "fees").out
    )
    assert versions(project) == [1]


def test_diff_compares_two_files(project: Path, run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(FIRST.replace("id: water", "id: wells\n  renamed_from: water"), "utf-8")
    said = "Theme 'water' is now 'wells'; its labels go with it."
    assert said in run("codebook", "diff", tmp_path / "first.yaml", new).out
    assert said in run("codebook", "diff", new).out, "one file is compared with the project's"
    assert run("codebook", "diff", new, new, new).code == 2


def test_a_code_that_vanished_is_told_by_diff_and_apply(project: Path, run: Run) -> None:
    edit(project, "id: water", "id: waters")
    for command in (("diff",), ("apply", "--yes")):
        ran = run("codebook", *command)
        assert ran.code == 1
        assert "The theme 'water' is no longer there. Nearest among the added: 'waters'." in ran.err
        assert "renamed_from" in ran.err
    assert versions(project) == [1]


def test_apply_says_how_many_become_stale_and_asks(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(project, "definition: Fees.", "definition: What users pay.")
    for answer, code, numbers in (("n\n", 1, [1]), ("y\n", 0, [1, 2])):
        monkeypatch.setattr(sys, "stdin", Terminal(answer))
        ran = run("codebook", "apply", "--as", "Ben")
        assert ran.code == code
        assert "1 confirmed passage becomes stale" in ran.out
        assert "Apply this as version 2?" in ran.out
        assert versions(project) == numbers
    assert "Applied as version 2." in ran.out


def test_where_nobody_can_be_asked_apply_says_what_to_do(project: Path, run: Run) -> None:
    edit(project, "definition: Fees.", "definition: What users pay.")
    ran = run("codebook", "apply")
    assert ran.code == 1
    assert "Nothing was applied" in ran.err
    assert "--yes" in ran.err
    assert versions(project) == [1]


def test_wording_only_may_be_repeated(project: Path, run: Run) -> None:
    edit(project, "definition: Fees.", "definition: What users pay.")
    edit(project, "definition: Water.", "definition: All water.")
    ran = run("codebook", "apply", "--yes", "--wording-only", "fees", "--wording-only", "water")
    assert ran.code == 0
    assert "No confirmed passage becomes stale." in ran.out
    misspelt = run("codebook", "apply", "--yes", "--wording-only", "waterr")
    assert misspelt.code == 1
    assert "Nearest: 'water'" in misspelt.err


def test_applying_the_same_again_is_refused(project: Path, run: Run) -> None:
    ran = run("codebook", "apply", "--yes")
    assert ran.code == 1
    assert "Nothing to apply" in ran.err


def test_a_version_applied_while_one_was_asked_is_not_overlooked(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(project, "definition: Fees.", "definition: What users pay.")

    def meanwhile(*_: object, **__: object) -> bool:
        with open_project(project) as opened:
            add_codebook(opened.store, FIRST.replace("Water", "Wells"), "ben")
        return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("typer.confirm", meanwhile)
    ran = run("codebook", "apply")
    assert ran.code == 1
    assert "Version 2 of the codebook was applied meanwhile by ben." in ran.err
    assert versions(project) == [1, 2]


def test_history_lists_who_changed_what(project: Path, run: Run) -> None:
    edit(project, "id: fees", "id: tariffs\n  renamed_from: fees")
    run("codebook", "apply", "--yes", "--as", "Ben")
    first, second, change = run("codebook", "history").out.splitlines()
    assert first.startswith("Version 1, 20")
    assert first.endswith(" UTC by ana: 4 finding types, 3 themes.")
    assert " UTC by Ben: " in second
    assert change == "  Theme 'fees' is now 'tariffs'; its labels go with it."


def test_a_template_can_be_checked_as_it_is_printed(run: Run, tmp_path: Path) -> None:
    ran = run("codebook", "template")
    assert ran.out == template_source()
    (tmp_path / "my.yaml").write_text(ran.out, "utf-8")
    assert run("codebook", "check", tmp_path / "my.yaml").code == 0
    assert run("codebook", "template", "oecd-dac").out.startswith("# The six evaluation criteria")
    unknown = run("codebook", "template", "oecd")
    assert unknown.code == 1
    assert "Nearest: 'oecd-dac'" in unknown.err


def test_outside_a_project_one_is_told_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WHATWORKS_PROJECT", raising=False)
    for command in ("check", "show", "diff", "apply", "history"):
        ran = run("codebook", command)
        assert ran.code == 1
        assert "There is no project in" in ran.err
