import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.labels.agreement.distances import Masi, masi_distance

CODES = [f"theme-{n}" for n in range(150)]


@pytest.mark.parametrize(
    ("first", "second", "similarity"),
    [
        # Jaccard times monotonicity, for each of the four relations of Passonneau (2006).
        ("ab", "ab", 1),
        ("ab", "abcd", 2 / 4 * 2 / 3),
        ("abc", "bcd", 2 / 4 * 1 / 3),
        ("ab", "cd", 0),
        ("", "ab", 0),
        ("", "", 1),
    ],
)
def test_masi_is_jaccard_times_monotonicity(first: str, second: str, similarity: float) -> None:
    assert masi_distance(set(first), set(second)) == pytest.approx(1 - similarity)
    assert masi_distance(set(second), set(first)) == pytest.approx(1 - similarity)


def test_masi_equals_the_example_of_nltk() -> None:
    # nltk.metrics.masi_distance({1, 2}, {1, 2, 3, 4}) is 0.665: it rounds 2/3 to 0.67.
    assert masi_distance({"1", "2"}, {"1", "2", "3", "4"}) == pytest.approx(0.665, abs=0.002)


@given(st.lists(st.frozensets(st.sampled_from(CODES), max_size=8), min_size=1, unique=True))
def test_many_sets_are_compared_as_two_are(sets: list[frozenset[str]]) -> None:
    wanted = np.array([[masi_distance(a, b) for b in sets] for a in sets])
    found = Masi(sets)
    assert found.block(0, len(sets), len(sets)) == pytest.approx(wanted)
    everything = np.arange(len(sets))
    assert found.pairs(everything, everything[::-1]) == pytest.approx(
        wanted[everything, everything[::-1]]
    )
