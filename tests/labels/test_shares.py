import pytest

from whatworks.labels.shares import Share, difference


# Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_are_those_that_were_published(count, n, low, high):
    found = Share(count, n).interval

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


# Newcombe 1998, "Interval estimation for the difference between independent proportions",
# table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_intervals_are_those_that_were_published(one, other, low, high):
    found = difference(Share(*one), Share(*other))

    assert found.value == pytest.approx(one[0] / one[1] - other[0] / other[1])
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=5e-5)


def test_a_difference_is_clear_when_the_interval_leaves_zero_out():
    assert difference(Share(9, 10), Share(3, 10)).is_clear
    assert not difference(Share(5, 56), Share(0, 29)).is_clear


def test_of_nothing_there_is_no_share_and_no_difference():
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None
    assert difference(Share(0, 0), Share(1, 2)) is None
    assert difference(Share(1, 2), Share(0, 0)) is None


def test_an_interval_never_leaves_what_is_possible():
    for n in range(1, 60):
        for count in range(n + 1):
            found = Share(count, n).interval
            assert 0 <= found.low <= count / n <= found.high <= 1
