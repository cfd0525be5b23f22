"""What people write when they screen, and what is meant by it."""

from collections.abc import Callable
from typing import Any

import pytest

from whatworks.labels.register import Evaluation, Facts
from whatworks.labels.register_names import named
from whatworks.labels.screening import Criterion, ScreeningPlan
from whatworks.labels.screening_words import (
    answer_of,
    item_of,
    reason_of,
    verdict_of,
)
from whatworks.nlp.errors import WhatworksError

PLAN = ScreeningPlan(
    criteria=(
        Criterion("off-topic", "It is not on the topic", "exclude"),
        Criterion("X2", "Trop ancienne", "exclude"),
        Criterion("on-topic", "It is on the topic", "include"),
    ),
    checklist=("Complete", "Completely new", "Evidence-based"),
)
LISTED = (
    Evaluation(7, 1, Facts("Final evaluation: Mali", symbol="MLI/12/01/FRA")),
    Evaluation(9, 12, Facts("تقييم نهائي: الأردن")),
    Evaluation(11, 13, Facts("Desk review", symbol="A")),
    Evaluation(12, 14, Facts("Desk review", symbol="B")),
)


@pytest.mark.parametrize("word", ["include", "INCLUDED", " Inclure ", "incluído", "incluida"])
def test_a_verdict_is_known_in_four_languages(word: str) -> None:
    assert verdict_of(word) == "include"


def test_an_answer_is_known_in_four_languages() -> None:
    assert [answer_of(one) for one in ("Sim", "si", "Oui", "Y")] == ["yes"] * 4
    assert [answer_of(one) for one in ("en partie", "EM PARTE", "parcialmente")] == ["partly"] * 3
    assert [answer_of(one) for one in ("não", "Non", "no")] == ["no"] * 3


def test_a_reason_is_known_by_its_name_or_its_text() -> None:
    for given in ("off-topic", "Off topic", "it is not on the topic."):
        assert reason_of(given, "exclude", PLAN) == "off-topic"
    assert reason_of("x2", "exclude", PLAN) == "X2"


def test_an_item_is_known_by_the_beginning_of_its_name() -> None:
    assert item_of("evidence", PLAN) == "Evidence-based"
    assert item_of("COMPLETE", PLAN) == "Complete"
    assert item_of("completely", PLAN) == "Completely new"


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("E12", 12),
        (" e12", 12),
        ("12", 12),
        ("mli/12/01/fra", 1),
        ("FINAL EVALUATION, Mali", 1),
        ("تقييم نهائي: الأردن", 12),
    ],
)
def test_an_evaluation_is_known_by_mark_symbol_or_title(given: str, number: int) -> None:
    assert named(given, LISTED).number == number


@pytest.mark.parametrize(
    ("look", "message"),
    [
        (lambda: verdict_of("exlude"), r"^Unknown verdict 'exlude'\. Nearest: 'exclude'\. There a"),
        (lambda: verdict_of(""), r"Unknown verdict ''\. There are include, exclude, possible\."),
        (lambda: answer_of("yep"), r"Unknown answer 'yep'\. Nearest: 'yes'\."),
        (lambda: reason_of("off-tropic", "exclude", PLAN), r"Nearest: 'off-topic'\. There are off"),
        (lambda: reason_of("off-topic", "include", PLAN), r"Unknown reason to include 'off-topic'"),
        (
            lambda: reason_of("later", "possible", PLAN),
            r"no reasons to possible\. Write them in wh",
        ),
        (lambda: item_of("compl", PLAN), r"Unknown item 'compl'\."),
        (lambda: item_of("", PLAN), r"Unknown item ''\."),
        (lambda: named("E2", LISTED), r"Unknown evaluation 'E2'\. Nearest: 'E1"),
        (lambda: named("MLI/12/01/FR", LISTED), r"Nearest: 'MLI/12/01/FRA'\."),
        (lambda: named("", LISTED), r"Unknown evaluation ''\."),
        (lambda: named("Desk review", LISTED), r"Several .*: E13, E14\. Give the mark\."),
    ],
)
def test_what_nobody_knows_is_named_with_the_nearest(look: Callable[[], Any], message: str) -> None:
    with pytest.raises(WhatworksError, match=message):
        look()
