"""What each of the other strategies is for, on pools where it can be seen."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.strategies.pools import pool, with_probabilities
from whatworks.nlp.errors import WhatworksError
from whatworks.training.strategies.badge import Badge
from whatworks.training.strategies.balanced import Balanced, even_shares
from whatworks.training.strategies.committee import Committee, divergence, vote_entropy
from whatworks.training.strategies.density import Density
from whatworks.training.strategies.diversity import Coreset, PlusPlus, distances
from whatworks.training.strategies.interface import Pool
from whatworks.training.strategies.rare import Rare
from whatworks.training.strategies.typical import TypiClust
from whatworks.training.strategies.uncertainty import Uncertain, margins
from whatworks.training.strategies.variance import Variance, doubt, lowering


def unit(rows: list[list[float]]) -> np.ndarray:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def groups_of(chosen: np.ndarray) -> list[int]:
    """In made-up pools every third passage is of one group."""
    return np.bincount(chosen % 3, minlength=3).tolist()


def test_coreset_takes_what_is_farthest_from_what_was_read() -> None:
    vectors = unit([[1, 0], [1, 0.1], [0, 1], [-1, 0]])
    given = replace(
        with_probabilities([[0.5, 0.5]] * 4), vectors=vectors, known_vectors=vectors[:1]
    )
    assert Coreset().choose(given, 2, 0).rows.tolist() == [3, 2]
    assert distances(vectors, vectors[:1]) == pytest.approx([0, 0.00995, 2, 4], abs=1e-3)


def test_seeding_never_draws_what_was_read_while_there_is_more() -> None:
    given = pool()
    given = replace(given, known_vectors=given.vectors[:60])
    for seed in range(10):
        assert PlusPlus().choose(given, 20, seed).rows.min() >= 60


def test_typical_passages_are_of_the_groups_of_which_nothing_was_read() -> None:
    given = pool(90, known=0)
    assert groups_of(TypiClust().choose(given, 3, 0).rows) == [1, 1, 1]
    only_first = replace(
        given, known_vectors=given.vectors[0:30:3], known_labels=np.zeros((10, 3), bool)
    )
    assert groups_of(TypiClust().choose(only_first, 6, 0).rows)[0] <= 2


def test_badge_takes_long_gradients_that_point_apart() -> None:
    given = pool(300, known=0)
    # The first group is certain: whatever is read of it teaches nothing.
    given.probabilities[0::3] = [1.0, 0.0, 0.0]
    found = groups_of(Badge().choose(given, 20, 0).rows)
    # Once, as it is far from gradients that are long.
    assert found[0] <= 1
    assert min(found[1:]) >= 5


def test_density_passes_over_what_is_like_nothing_else() -> None:
    vectors = unit([[1, 0.1 * n] for n in range(9)] + [[-1, 0]])
    given = replace(with_probabilities([[0.6, 0.4]] * 9 + [[0.5, 0.5]]), vectors=vectors)
    assert 9 not in Density().choose(given, 8, 0).rows


def test_a_committee_asks_where_its_members_disagree() -> None:
    agreed, split = [[0.9, 0.1], [0.9, 0.1]], [[0.9, 0.1], [0.1, 0.9]]
    said = np.array([agreed, split]).transpose(1, 0, 2)
    for exclusive in (True, False):
        for measure in (vote_entropy, divergence):
            found = measure(said, exclusive)
            assert found[0] == pytest.approx(0, abs=1e-9)
            assert found[1] > 0.3


def test_members_of_a_committee_that_saw_no_label_leave_it_to_the_model() -> None:
    given = with_probabilities([[0.9, 0.1], [0.5, 0.5]])
    chosen = Committee("vote-entropy", vote_entropy).choose(given, 1, 0)
    assert chosen.rows.tolist() == [1]
    assert chosen.reasons == ("vote-entropy: least sure",)


def hunt(found: list[int], rows: list[list[float]]) -> Pool:
    known = np.repeat(np.eye(len(found), dtype=np.bool_), found, axis=0)
    return replace(
        with_probabilities(rows),
        known_labels=known,
        known_vectors=np.ones((len(known), 4), dtype=np.float32),
    )


def test_the_hunt_takes_the_likeliest_passage_of_the_rarest_label() -> None:
    given = hunt([40, 3], [[0.9, 0.1], [0.5, 0.5], [0.99, 0.01]])
    chosen = Rare().choose(given, 1, 0)
    assert chosen.rows.tolist() == [1]
    assert chosen.reasons == ("hunt for b: 50%",)


def test_the_hunt_goes_on_to_the_next_label_where_nothing_likely_is_left() -> None:
    given = hunt([40, 3], [[0.9, 0.1], [0.999, 0.001], [0.999, 0.001]])
    assert Rare().choose(given, 2, 0).reasons == ("hunt for b: 10%", "hunt for a: 100%")


def test_the_hunt_for_one_label_looks_at_no_other() -> None:
    given = hunt([1, 1, 1], [[0.6, 0.3, 0.1], [0.1, 0.7, 0.2], [0.1, 0.1, 0.8]])
    assert Rare(["b"]).choose(given, 3, 0).rows.tolist() == [1, 0, 2]
    with pytest.raises(WhatworksError, match=r"Unknown label 'lessn'. Nearest: 'lesson'"):
        Rare(["lessn"]).choose(pool(), 1, 0)


def test_languages_and_reports_take_turns() -> None:
    given = pool(120)
    chosen = Balanced(Uncertain("margin", margins), "balanced-margin").choose(given, 20, 0)
    languages = [given.languages[n] for n in chosen.rows]
    assert languages.count("fr") == languages.count("en") == 10
    assert languages[:4] == ["en", "fr", "en", "fr"]
    assert np.ptp(np.bincount(given.reports[chosen.rows])) <= 2
    assert chosen.reasons[0].endswith("language and report in turn")


def test_what_is_small_gives_all_it_has() -> None:
    assert even_shares([50, 3, 50], 21) == [9, 3, 9]
    assert even_shares([50, 40], 3) == [2, 1]
    assert even_shares([1, 1], 10) == [1, 1]


def test_what_was_read_need_not_be_read_again() -> None:
    given = pool(90, known=0)
    read = replace(given, known_vectors=given.vectors[0::3], known_labels=np.zeros((30, 3), bool))
    assert groups_of(Variance().choose(read, 6, 0).rows)[0] == 0


def test_variance_is_lowered_as_a_design_worked_out_in_full_says() -> None:
    given, weights = pool(40, known=10), doubt(pool(40, known=10))
    x = np.hstack([given.vectors, np.ones((40, 1))]).astype(np.float64)
    known = np.hstack([given.known_vectors, np.ones((10, 1))]).astype(np.float64)
    information = np.diag([0.1] * 12 + [1e-3]) + weights.mean() * known.T @ known
    picked: list[int] = []
    for _ in range(8):
        left = {}
        for n in set(range(40)) - set(picked):
            spread = np.linalg.inv(information + weights[n] * np.outer(x[n], x[n]))
            left[n] = float((weights * np.einsum("ij,jk,ik->i", x, spread, x)).sum())
        picked.append(min(left, key=left.__getitem__))
        information += weights[picked[-1]] * np.outer(x[picked[-1]], x[picked[-1]])
    assert lowering(given, 8, weights).tolist() == picked
