import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from whatworks.labels.urns import most_left


@given(data=st.data(), left=st.integers(1, 400))
def test_a_bound_lies_between_what_was_found_and_what_is_left(data, left):
    read = data.draw(st.integers(0, left))
    found = data.draw(st.integers(0, read))
    bound = most_left(left, read, found, 0.05)

    assert found <= bound <= left - (read - found)
    assert bound == found or read < left
    if found < read:
        assert bound <= most_left(left, read, found + 1, 0.05)
    # No looser one is right more often by more than it has to be.
    assert bound >= _bound_of_one_look(left, read, found, 0.05)


def _bound_of_one_look(left, read, found, risk):
    possible = np.arange(found, left - (read - found) + 1)
    return int(possible[hypergeom.cdf(found, left, possible, read) > risk].max())


@pytest.mark.parametrize(("left", "there"), [(300, 3), (300, 20), (300, 90)])
def test_who_looks_after_every_passage_is_wrong_no_more_often_than_stated(left, there):
    draws, wrong, by_test = 400, 0, 0
    bounds = {
        (n, k): most_left(left, n, k, 0.05) for n in range(1, left + 1) for k in range(there + 1)
        if k <= n and n - k <= left - there
    }  # fmt: skip
    read = np.arange(1, left + 1)
    for seed in range(draws):
        random = np.random.default_rng(seed)
        found = np.cumsum(random.permutation(left) < there)
        wrong += any(
            bounds[n, k] < there for n, k in zip(read.tolist(), found.tolist(), strict=True)
        )
        by_test += bool((hypergeom.cdf(found, left, there, read) < 0.05).any())

    # One in a hundred such tests of a rule that is wrong in exactly 5% would find more than 31.
    assert wrong <= 31
    # The plain test is not made for it.
    assert by_test > 40
