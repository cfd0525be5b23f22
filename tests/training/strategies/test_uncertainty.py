import numpy as np
import pytest

from tests.training.strategies.pools import with_probabilities
from whatworks.training.strategies.uncertainty import Uncertain, doubts, entropies, margins

ROWS = [[0.90, 0.05, 0.05], [0.48, 0.47, 0.05], [0.40, 0.30, 0.30]]


def test_margin_wants_two_labels_that_are_as_likely() -> None:
    given = with_probabilities(ROWS)
    assert margins(given) == pytest.approx([0.15, 0.99, 0.90])
    assert Uncertain("margin", margins).choose(given, 1, 0).reasons == ("margin: a 48%, b 47%",)


def test_least_confidence_wants_the_lowest_highest_probability() -> None:
    assert doubts(with_probabilities(ROWS)) == pytest.approx([0.10, 0.52, 0.60])


def test_entropy_wants_probabilities_that_are_spread() -> None:
    found = entropies(with_probabilities(ROWS))
    assert found.tolist() == sorted(found.tolist())
    assert entropies(with_probabilities([[0.25] * 4])) == pytest.approx([np.log(4)])


def test_of_several_labels_each_is_a_question_of_its_own() -> None:
    given = with_probabilities([[0.5, 0.01], [0.3, 0.3], [1.0, 1.0]], exclusive=False)
    assert margins(given) == pytest.approx([1.0, 0.6, 0.0])
    assert doubts(given) == pytest.approx([1 - 0.5 * 0.99, 1 - 0.7 * 0.7, 0.0])
    assert entropies(given)[1] > entropies(given)[0] > entropies(given)[2]
    assert entropies(given)[2] == pytest.approx(0, abs=1e-6)


def test_between_equals_the_lot_decides() -> None:
    given = with_probabilities([[0.5, 0.5]] * 50)
    first = {int(Uncertain("margin", margins).choose(given, 1, seed).rows[0]) for seed in range(30)}
    assert len(first) > 10
