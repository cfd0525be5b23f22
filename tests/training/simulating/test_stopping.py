import numpy as np
import pytest

from tests.training.simulating.made_up import material
from whatworks.training.simulating.material import divide
from whatworks.training.simulating.replay import replay
from whatworks.training.simulating.stopping import stop
from whatworks.training.strategies.named import strategy


@pytest.mark.slow
def test_the_rule_seldom_stops_before_what_it_guarantees_was_found() -> None:
    missed = reviews = 0
    early = []
    for seed in range(20):
        given = material(900, labels=2, seed=seed)
        made = replay(
            given, divide(given, seed), strategy("rare:a"), batch=60, rounds=None, seed=seed
        )
        for lot in range(3):
            found = stop(made, 0, lot)
            assert found is not None
            missed += found.missed
            early.append(found.read)
            reviews += 1
    # 95% confidence: of 60 reviews 3 are expected to miss at most, and 8 hardly ever.
    assert missed < 8
    assert np.mean(early) < 1


def test_a_label_that_does_not_occur_has_no_stop_and_unread_passages_are_refused() -> None:
    given = material(120, labels=2)
    none = replay(given, divide(given, 0), strategy("random"), batch=20, rounds=None, seed=0)
    none.in_pool[0] = 0
    assert stop(none, 0, 0) is None
    part = replay(given, divide(given, 0), strategy("random"), batch=20, rounds=1, seed=0)
    with pytest.raises(ValueError, match="not all"):
        stop(part, 0, 0)
