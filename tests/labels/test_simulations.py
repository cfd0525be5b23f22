"""The simulations of benchmarks/, small: whether guarantees and intervals hold as they say."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))


@pytest.mark.slow
@pytest.mark.parametrize("target", [0.8, 0.95])
def test_the_guarantee_is_wrong_in_at_most_5_of_100_reviews(benchmarks, target):
    import stopping

    make = partial(stopping.made_up, sizes=(800, 2000))
    reviews = 500
    found = stopping.simulated(reviews, target, make=make, rules=("guarantee", "nothing new"))

    for by_type in found["guarantee"]:
        assert stopping.missed(by_type, target).count <= binom.ppf(0.99, reviews, 0.05)
        # To read everything would be no feat.
        assert np.mean([one.share_read < 1 for one in by_type]) > 0.25
    # And the reviews are such that one can be wrong.
    assert stopping.missed(found["nothing new"][-1], target).value > 0.2


@pytest.mark.slow
def test_audit_intervals_hold_as_often_as_they_say_and_those_of_learning_rounds_do_not(benchmarks):
    import audit

    found = audit.simulated(200, reports=25)

    for (way, level, measure), one in found.items():
        if way == "audit":
            assert one.held >= binom.ppf(0.001, one.n, level), (measure, level)
        elif measure.startswith(("prevalence", "precision", "recall")):
            assert one.held / one.n < level - 0.2, (measure, level)
    for code in audit.TYPES:
        one = found["audit", 0.9, f"prevalence {code}"]
        assert abs(one.off / one.n) < 0.005
