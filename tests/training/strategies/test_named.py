import numpy as np
import pytest

from tests.training.strategies.pools import pool
from whatworks.cli.simulate import NAMES
from whatworks.nlp.errors import WhatworksError
from whatworks.training.strategies.named import STRATEGIES, strategy

EVERY = [*STRATEGIES, "balanced-margin", "rare:lesson"]


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize(("known", "says"), [(30, True), (0, True), (0, False)])
def test_each_strategy_chooses_distinct_passages_with_a_reason(
    name: str, exclusive: bool, known: int, says: bool
) -> None:
    given = pool(known=known, says=says, exclusive=exclusive)
    chosen = strategy(name).choose(given, 20, 7)
    assert len(set(chosen.rows.tolist())) == len(chosen.reasons) == 20
    assert chosen.rows.min() >= 0
    assert chosen.rows.max() < len(given)
    assert all(chosen.reasons)


@pytest.mark.parametrize("name", EVERY)
def test_the_same_seed_chooses_the_same(name: str) -> None:
    first, again = (strategy(name).choose(pool(), 20, 7) for _ in range(2))
    assert first.rows.tolist() == again.rows.tolist()
    assert first.reasons == again.reasons


@pytest.mark.parametrize("name", EVERY)
def test_more_than_there_are_gives_all(name: str) -> None:
    assert sorted(strategy(name).choose(pool(12), 50, 0).rows.tolist()) == list(range(12))


@pytest.mark.parametrize("name", EVERY)
def test_an_empty_pool_and_a_round_of_none_are_refused(name: str) -> None:
    with pytest.raises(WhatworksError, match="no passage left"):
        strategy(name).choose(pool(0), 5, 0)
    with pytest.raises(WhatworksError, match="A round of 0 passages"):
        strategy(name).choose(pool(), 0, 0)


@pytest.mark.parametrize("name", EVERY)
def test_passages_that_are_all_alike_are_chosen_without_a_warning(name: str) -> None:
    given = pool(40, known=0)
    given.vectors[:] = given.vectors[0]
    given.probabilities[:] = given.probabilities[0]
    assert len(set(strategy(name).choose(given, 10, 0).rows.tolist())) == 10


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(WhatworksError, match=r"Unknown strategy 'margins'\. Nearest: 'margin'\."):
        strategy("margins")
    for name in ("balanced-", "balanced-balanced", "rare:", "balanced-nothing"):
        with pytest.raises(WhatworksError, match="Unknown strategy"):
            strategy(name)


def test_a_model_that_says_nothing_is_not_asked() -> None:
    chosen = strategy("entropy").choose(pool(known=0, says=False), 3, 0)
    assert chosen.reasons[0].startswith("typical")
    # One passage of each of the three groups.
    assert sorted(chosen.rows % 3) == [0, 1, 2]


def test_only_a_choice_by_lot_alone_has_a_probability() -> None:
    assert strategy("random").choose(pool(120), 30, 0).probability == pytest.approx(0.25)
    others = [name for name in EVERY if name != "random"]
    assert all(strategy(name).choose(pool(), 5, 0).probability is None for name in others)


def test_each_passage_is_as_likely_by_lot() -> None:
    times = np.zeros(20)
    for seed in range(2000):
        times[strategy("random").choose(pool(20), 5, seed).rows] += 1
    assert times == pytest.approx(np.full(20, 500), abs=90)


def test_the_help_names_every_strategy() -> None:
    for name in STRATEGIES:
        assert name in NAMES
