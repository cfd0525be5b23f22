import numpy as np
import pytest

from tests.training.simulating.made_up import material
from whatworks.training.simulating.material import divide
from whatworks.training.simulating.replay import macro_f1, replay
from whatworks.training.strategies.named import strategy


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("name", ["random", "default", "rare"])
def test_a_replay_ends_where_all_was_read_with_the_full_score(name: str, exclusive: bool) -> None:
    given = material(exclusive=exclusive)
    division = divide(given, 3)
    made = replay(given, division, strategy(name), batch=30, rounds=None, seed=1)
    assert made.read[0] == 30
    assert made.read[-1] == made.pool == len(division.pool)
    assert made.found[-1].tolist() == made.in_pool.tolist()
    # Where it was begun from changes the last digits at most.
    assert made.macro_f1[-1] == pytest.approx(made.full, abs=0.02)


def test_rounds_can_be_limited() -> None:
    given = material()
    made = replay(given, divide(given, 0), strategy("random"), batch=7, rounds=3, seed=0)
    assert made.read.tolist() == [7, 14, 21]
    assert len(made.found) == 21


def test_no_report_is_both_read_and_scored_on() -> None:
    given = material()
    for seed in range(5):
        division = divide(given, seed)
        of = np.array(given.reports)
        assert not set(of[division.pool]) & set(of[division.held_out])
        assert len(set(of[division.held_out])) == 4
        assert len(division.pool) + len(division.held_out) == len(given)


def test_macro_f1_counts_labels_that_occur() -> None:
    given = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=bool)
    said = np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]], dtype=bool)
    assert macro_f1(given, said) == pytest.approx((2 / 3 + 1) / 2)
