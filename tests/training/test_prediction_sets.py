"""Prediction sets hold what they say, and are those of another library."""

import numpy as np
import pytest
from crepes import ConformalClassifier

from whatworks.labels.candidates import NONE, prediction_set
from whatworks.labels.codebook import load_codebook
from whatworks.models.heads import Array
from whatworks.training.examples import Example
from whatworks.training.prediction_sets import (
    first_label_chances,
    first_label_columns,
    set_coverage,
    set_floor,
)

CODEBOOK = load_codebook()
TYPES = CODEBOOK.finding_type_ids
NAMES = (*TYPES, NONE)


def drawn(rng: np.random.Generator, count: int) -> tuple[list[Example], Array]:
    """Passages and probabilities that are too sure of themselves: the truth is more even."""
    probabilities = rng.beta(0.4, 0.8, size=(count, len(TYPES))).astype(np.float32)
    chances = np.sqrt(first_label_chances(probabilities).astype(np.float64)) + 0.02
    ends = np.cumsum(chances / chances.sum(1, keepdims=True), axis=1)
    first = (rng.random((count, 1)) > ends[:, :-1]).sum(1)
    examples = [
        Example(f"e{n}", "r", "en", "concrete", "text", TYPES[one : one + 1], ())
        for n, one in enumerate(first)
    ]
    return examples, probabilities


# Not 99 or 199: where a tenth of n + 1 is whole, crepes takes in one label more at the very edge.
@pytest.mark.parametrize("count", [25, 40, 100, 333, 1000])
def test_the_sets_are_those_of_another_library(count: int) -> None:
    rng = np.random.default_rng(count)
    examples, probabilities = drawn(rng, count)
    chances = first_label_chances(probabilities)
    other = ConformalClassifier()
    other.fit(1 - chances[np.arange(count), first_label_columns(examples, CODEBOOK)])
    _, new = drawn(rng, 500)
    expected = other.predict_set(1 - first_label_chances(new), confidence=0.9, smoothing=False)

    floor = set_floor(examples, probabilities, CODEBOOK)

    assert floor > 0
    np.testing.assert_array_equal(first_label_chances(new) >= floor, expected.astype(bool))
    sets = [prediction_set(dict(zip(TYPES, map(float, row), strict=True)), floor) for row in new]
    assert [{NAMES[n] for n in np.flatnonzero(row)} for row in expected] == [*map(set, sets)]
    assert 1 < np.mean([len(one) for one in sets]) < len(NAMES)


@pytest.mark.parametrize("count", [30, 150])
def test_nine_in_ten_first_labels_are_in_their_sets(count: int) -> None:
    rng = np.random.default_rng(count)
    covered = []
    for _ in range(300):
        examples, probabilities = drawn(rng, count + 100)
        floor = set_floor(examples[:count], probabilities[:count], CODEBOOK)
        floors = np.full(100, floor, dtype=np.float32)
        covered.append(set_coverage(examples[count:], probabilities[count:], CODEBOOK, floors)[0])
    assert np.mean(covered) == pytest.approx(0.9, abs=0.02)


def test_too_few_passages_give_no_floor() -> None:
    rng = np.random.default_rng(3)
    examples, probabilities = drawn(rng, 9)
    assert set_floor(examples[:1], probabilities[:1], CODEBOOK) == 0
    assert set_floor(examples[:8], probabilities[:8], CODEBOOK) == 0
    assert set_floor(examples, probabilities, CODEBOOK) > 0
    assert set_floor(examples, probabilities, CODEBOOK, coverage=0.95) == 0


def test_passages_that_are_all_alike_are_in_their_own_sets() -> None:
    examples, _ = drawn(np.random.default_rng(4), 200)
    # Each share would be rounded up at its fifth place.
    same = np.tile(np.array([0.195, 0.641, 0.075, 0.467], dtype=np.float32), (200, 1))
    floor = set_floor(examples, same, CODEBOOK)
    floors = np.full(200, floor, dtype=np.float32)
    assert set_coverage(examples, same, CODEBOOK, floors)[0] >= 0.9


def test_one_passage_and_many_are_reckoned_alike() -> None:
    _, probabilities = drawn(np.random.default_rng(5), 200)
    chances = first_label_chances(probabilities)
    np.testing.assert_allclose(chances.sum(1), 1, atol=1e-6)
    for row, shares in zip(probabilities, chances, strict=True):
        given = dict(zip(TYPES, map(float, row), strict=True))
        for name, share in zip(NAMES, map(float, shares), strict=True):
            assert name in prediction_set(given, share - 1e-6)
            assert name not in prediction_set(given, share + 1e-6)
        everything = prediction_set(given, 0)
        order = [float(shares[NAMES.index(name)]) for name in everything]
        assert sorted(everything) == sorted(NAMES)
        assert order == pytest.approx(sorted(order, reverse=True), abs=1e-6)


@pytest.mark.parametrize(
    ("probabilities", "floor", "expected"),
    [
        ({}, 0.5, (NONE,)),
        ({"lesson": 0.0}, 1.0, (NONE,)),
        ({"lesson": 1.0}, 0.5, ("lesson",)),
        ({"lesson": 0.5, "obstacle": 0.5}, 0.45, ()),
        ({"lesson": 0.5, "obstacle": 0.5}, 0.2, ("lesson", "obstacle", NONE)),
    ],
)
def test_a_set_of_few_types(
    probabilities: dict[str, float], floor: float, expected: tuple[str, ...]
) -> None:
    assert prediction_set(probabilities, floor) == expected


def test_where_labels_have_no_order_the_likeliest_of_those_given_is_the_first() -> None:
    both = ("lesson", "success_factor")
    probabilities = np.full((20, len(CODEBOOK.finding_types)), 0.05, dtype=np.float32)
    probabilities[:, CODEBOOK.finding_type_ids.index("success_factor")] = 0.9
    said = [Example(str(n), "r", "en", "", "t", both, ()) for n in range(20)]
    columns = first_label_columns(said, CODEBOOK, probabilities)
    assert {CODEBOOK.finding_type_ids[n] for n in columns} == {"success_factor"}
    columns = first_label_columns(said, CODEBOOK)
    assert {CODEBOOK.finding_type_ids[n] for n in columns} == {"lesson"}
    floors = [set_floor(said, probabilities, CODEBOOK, ordered=one) for one in (True, False)]
    assert floors[0] < 0.1 < 0.5 < floors[1]
