"""The section [screening] of whatworks.toml."""

from pathlib import Path

import pytest

from whatworks.labels.screening import Criterion, ScreeningPlan
from whatworks.labels.settings import read_settings, settings_text, use_model
from whatworks.nlp.errors import WhatworksError


def plan(folder: Path, text: str) -> ScreeningPlan:
    path = folder / "whatworks.toml"
    path.write_text(text, "utf-8")
    return read_settings(path).screening


def test_a_new_project_has_the_defaults(tmp_path: Path) -> None:
    assert plan(tmp_path, "") == plan(tmp_path, settings_text("Water")) == ScreeningPlan()


def test_the_examples_of_a_new_file_hold_once_their_signs_are_taken_away(tmp_path: Path) -> None:
    head, _, rest = settings_text("Water").partition("# Why an evaluation")
    examples, _, _ = rest.partition("[synthesis]")
    lines = [line.removeprefix("# ") for line in examples.splitlines()[2:]]
    found = plan(tmp_path, "\n".join([head, *lines]))
    assert [(one.id, one.verdict) for one in found.criteria] == [
        ("social-protection", "include"),
        ("outside-scope", "exclude"),
        ("no-findings", "exclude"),
        ("one-component", "possible"),
    ]


def test_everything_can_be_set(tmp_path: Path) -> None:
    found = plan(
        tmp_path,
        """
        [screening]
        screeners = 2
        prefer = "all"
        checklist = ["Utile ", "Crédible"]
        [screening.possible]
        later = "For another question"
        [screening.exclude]
        "hors sujet" = "Hors  sujet"
        [screening.include]
        P1 = "On the topic"
        """,
    )
    assert found == ScreeningPlan(
        screeners=2,
        criteria=(
            Criterion("P1", "On the topic", "include"),
            Criterion("hors sujet", "Hors sujet", "exclude"),
            Criterion("later", "For another question", "possible"),
        ),
        checklist=("Utile", "Crédible"),
        prefer="all",
    )


def test_naming_another_model_leaves_the_screening_as_it_is(tmp_path: Path) -> None:
    text = settings_text("Water") + '\n[screening.exclude]\nold = "Too old"\n'
    before = plan(tmp_path, text)
    use_model(tmp_path / "whatworks.toml", "models/heads-2")
    assert read_settings(tmp_path / "whatworks.toml").screening == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("screener = 2", r"Unknown key 'screener'\. Nearest: 'screeners'\. \[screening\] has scr"),
        ("screeners = 3", r"'screeners' is 1 or 2, without quotes"),
        ("screeners = true", r"'screeners' is 1 or 2"),
        ("screeners = 1.0", r"'screeners' is 1 or 2"),
        ('screeners = "2"', r"'screeners' is 1 or 2, without quotes: screeners = 2"),
        ('prefer = "finale"', r"Unknown value of prefer 'finale'\. Nearest: 'final'\. It is 'fi"),
        ("prefer = []", r"Unknown value of prefer '\[\]'\."),
        ('checklist = "Complete"', r"'checklist' is a list of texts"),
        ('checklist = ["Complete", " "]', r"'checklist' is a list of texts"),
        ('exclude = ["Too old"]', r"'exclude' is a section of its own\. Write a line \[screening"),
        ("[screening.exclude]\nold = 1", r"below it one line for each reason: short-name = "),
        ('[screening.exclude]\nold = ""', r"'exclude' is a section of its own"),
        (
            '[screening.exclude]\nold = "x"\n[screening.include]\nold = "y"',
            r"the reason 'old' stands there twice, below \[screening\.include\] and",
        ),
        ('[exclude]\nold = "x"', r"'exclude' stands outside of its section\. Put it below \[scre"),
    ],
)
def test_what_is_wrong_is_named_with_the_cure(text: str, said: str, tmp_path: Path) -> None:
    whole = text if text.startswith("[") else f"[screening]\n{text}"
    with pytest.raises(WhatworksError, match=said) as error:
        plan(tmp_path, whole)
    assert str(tmp_path / "whatworks.toml") in str(error.value)
