"""How far screeners agree, checked against a second implementation."""

import random

import pytest
from sklearn.metrics import cohen_kappa_score

from whatworks.labels.screening_agreement import agreement, independent_words
from whatworks.labels.screening_rules import Said


def test_only_what_was_said_without_knowing_the_other_is_independent() -> None:
    said = [
        Said("Ana", "possible"),
        Said("ana", "include"),
        Said("Ben", "exclude"),
        Said("Ana", "exclude"),
        Said("Ben", "include"),
        Said("Chloé", "include"),
    ]
    assert independent_words(said) == {"ana": "include", "Ben": "exclude"}
    assert independent_words(said[:2]) == {"ana": "include"}


def test_a_word_taken_back_before_the_other_spoke_does_not_count() -> None:
    said = [Said("Ana", "include"), Said("Ana", None), Said("Ben", "exclude")]
    assert independent_words(said) == {"Ben": "exclude"}


def test_nothing_after_a_settlement_is_independent() -> None:
    said = [Said("Ana", "include"), Said("Ben", "exclude", settles=True), Said("Ben", "exclude")]
    assert independent_words(said) == {"Ana": "include"}


def test_kappa_is_that_of_a_second_implementation() -> None:
    dice = random.Random(7)
    verdicts = ["include", "include", "exclude", "possible"]
    ana = [dice.choice(verdicts) for _ in range(40)]
    ben = [one if dice.random() < 0.6 else dice.choice(verdicts) for one in ana]
    log = {
        n: [Said("Ben", second), Said("Ana", first)] if n % 2 else
        [Said("Ana", first), Said("Ben", second)]
        for n, (first, second) in enumerate(zip(ana, ben, strict=True))
    }  # fmt: skip
    found = agreement(log)
    assert found is not None
    same = sum(first == second for first, second in zip(ana, ben, strict=True))
    assert (found.n_passages, found.n_annotators) == (40, 2)
    assert found.percent.value == pytest.approx(100 * same / 40)
    assert found.kappa.value == pytest.approx(cohen_kappa_score(ana, ben))
    assert found.kappa.interval is not None
    assert found.kappa.interval.low < cohen_kappa_score(ana, ben) < found.kappa.interval.high


def test_with_three_people_there_is_an_alpha_and_no_kappa() -> None:
    log = {
        1: [Said("Ana", "include"), Said("Ben", "include")],
        2: [Said("Ana", "exclude"), Said("Chloé", "exclude")],
        3: [Said("Ben", "exclude"), Said("Chloé", "include")],
    }
    found = agreement(log)
    assert found is not None
    assert (found.n_passages, found.n_annotators, found.kappa.value) == (3, 3, None)
    assert found.alpha.value == pytest.approx(1 - (5 * 2) / (2 * 3 * 3))


def test_there_is_no_agreement_where_nobody_screened_twice() -> None:
    assert agreement({}) is None
    assert agreement({1: [Said("Ana", "include")], 2: []}) is None
