import numpy as np
import pytest

from whatworks.labels.audit_estimates import (
    calibration_error,
    gain,
    macro_f1,
    model_figures,
    prevalence,
    share,
    weights,
)
from whatworks.labels.shares import Share


def bools(*values):
    return np.array(values, dtype=bool)


def test_passages_stand_for_as_many_as_their_stratum_has_more_of():
    found = weights(["a", "a", "b"], {"a": 40, "b": 5, "c": 9})

    assert found.tolist() == [20, 20, 5]


def test_a_small_part_of_many_alike_has_the_plain_score_interval():
    given = np.arange(200) < 20
    found = prevalence(given, np.full(200, 1e6))

    plain = Share(20, 200).interval
    assert found.value == pytest.approx(0.1)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (plain.low, plain.high), abs=1e-6
    )


def test_estimates_are_weighted():
    # 10 of the 20 in the large stratum, none of the 20 in the small one.
    given = np.r_[np.arange(20) < 10, np.zeros(20, dtype=bool)]
    weight = np.r_[np.full(20, 45.0), np.full(20, 5.0)]

    assert prevalence(given, weight).value == pytest.approx(0.45)
    # 45 stand beside 5: that is as much as 24 passages tell, not 40.
    wide, even = prevalence(given, weight).interval, Share(18, 40).interval
    assert wide.high - wide.low > even.high - even.low


def test_when_everything_was_read_nothing_is_uncertain():
    given, suggested = bools(1, 1, 0, 0), bools(1, 0, 1, 0)
    found = model_figures(given, suggested, np.array([0.9, 0.2, 0.7, 0.1]), np.ones(4))

    assert found.precision.value == found.recall.value == found.f1.value == 0.5
    for one in (found.precision, found.recall, found.f1):
        assert (one.interval.low, one.interval.high) == (0.5, 0.5)


def test_f1_is_that_of_precision_and_recall():
    random = np.random.default_rng(1)
    given, suggested = random.random((2, 300)) < 0.3
    found = model_figures(given, suggested, random.random(300), np.full(300, 10.0))

    p, r = found.precision.value, found.recall.value
    assert found.f1.value == pytest.approx(2 * p * r / (p + r))
    assert found.f1.interval.low < found.f1.value < found.f1.interval.high


def test_more_certainty_asks_for_a_wider_interval():
    random = np.random.default_rng(1)
    given, suggested = random.random((2, 300)) < 0.3
    weight, probabilities = np.full(300, 10.0), random.random(300)

    for at in (
        lambda level: share(given, suggested, weight, level),
        lambda level: calibration_error(given, probabilities, weight, level),
        lambda level: macro_f1(given[:, None], suggested[:, None], weight, level),
    ):
        narrow, wide = at(0.9).interval, at(0.95).interval
        assert wide.high - wide.low > narrow.high - narrow.low


def test_a_model_that_means_what_it_says_has_hardly_a_calibration_error():
    random = np.random.default_rng(3)
    probabilities = random.random(2000)
    given = random.random(2000) < probabilities
    found = calibration_error(given, probabilities, np.full(2000, 50.0))
    off = calibration_error(given, np.clip(probabilities + 0.2, 0, 1), np.full(2000, 50.0))

    assert found.value < 0.03
    assert found.interval.low == 0
    assert off.interval.low > 0.1


def test_the_same_suggestions_bring_no_gain_and_better_ones_do():
    random = np.random.default_rng(4)
    given = random.random((400, 4)) < 0.2
    poor, weight = given ^ (random.random(given.shape) < 0.2), np.full(400, 20.0)

    same, better = gain(given, poor, poor, weight), gain(given, poor, given, weight)

    assert (same.value, same.interval.low, same.interval.high) == (0, 0, 0)
    assert better.interval.low > 0


def test_of_nothing_there_is_no_figure():
    none, weight = bools(0, 0, 0), np.full(3, 5.0)
    found = model_figures(none, none, np.zeros(3), weight)

    assert found.precision.value is None
    assert found.recall.why_not == "nothing to count"
    assert prevalence(bools(), np.zeros(0)).value is None
    assert calibration_error(bools(), np.zeros(0), np.zeros(0)).value is None
    assert macro_f1(none[:, None], none[:, None], weight).value is None
