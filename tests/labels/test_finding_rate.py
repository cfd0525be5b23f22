import numpy as np
import pytest

from whatworks.labels.finding_rate import expected_finds, is_settled, kappa, pace


def test_breaks_are_no_reading():
    found = pace([20.0] * 10 + [30.0] * 10 + [4000.0])

    assert found.seconds == 25
    assert (found.n, found.breaks) == (20, 1)
    assert found.passages() == 144
    assert found.passages(hours=2, readers=2) == 144


def test_of_few_times_no_pace_is_known():
    assert pace([20.0] * 9) is None
    assert pace([0.0] * 50) is None


def test_probabilities_are_corrected_by_what_came_of_them():
    believed = expected_finds([0.5] * 20, recent_expected=0, recent_found=0)
    poor = expected_finds([0.5] * 20, recent_expected=40, recent_found=20)

    assert believed.expected == pytest.approx(10)
    assert poor.expected == pytest.approx(10 * 22 / 42)
    assert poor.interval.low < poor.expected < poor.interval.high
    assert poor.passages == 20


def test_no_more_finds_are_expected_than_passages_are_read():
    assert expected_finds([0.9] * 5, 0, 0).interval.high <= 5
    nothing = expected_finds([], 3, 3)
    assert (nothing.expected, nothing.interval.high) == (0, 0)


def test_as_many_finds_come_as_the_interval_says():
    held, reviews = 0, 1000
    for seed in range(reviews):
        random = np.random.default_rng(seed)
        # Some models claim too much, some too little.
        truth = random.beta(1, 6, size=400)
        said = np.clip(truth * random.uniform(0.6, 1.8), 0, 1)
        came = random.random(400) < truth
        found = expected_finds(said[200:], said[:200].sum(), int(came[:200].sum()))
        held += found.interval.low <= came[200:].sum() <= found.interval.high

    # 90% stated; three standard deviations are 28.
    assert held >= 872


def test_kappa_is_cohens():
    before, after = np.arange(50) < 25, (np.arange(50) < 20) | (np.arange(50) >= 40)

    # 35 alike of 50; by chance half.
    assert kappa(before, after) == pytest.approx((0.7 - 0.5) / 0.5)
    assert kappa(before, before) == 1
    assert kappa(np.zeros(9, dtype=bool), np.zeros(9, dtype=bool)) == 1


def test_a_model_has_settled_when_three_in_a_row_say_the_same():
    assert is_settled([0.5, 0.99, 0.995, 0.991])
    assert not is_settled([0.99, 0.97, 0.99])
    assert is_settled([1.0, 1.0]) is None
