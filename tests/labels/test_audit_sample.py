from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.labels.audit_sample import allocate, draw_audit, inclusion
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId


def passages(**sizes):
    return {
        PassageId(f"{name} {number}"): (name, "en")
        for name, size in sizes.items()
        for number in range(size)
    }


def test_strata_get_their_share_and_the_largest_remainders_what_is_left():
    assert allocate({"a": 500, "b": 300, "c": 200}, 10) == {"a": 5, "b": 3, "c": 2}
    assert allocate({"a": 416, "b": 338, "c": 246}, 10) == {"a": 4, "b": 3, "c": 3}


def test_the_smallest_stratum_has_one_and_the_others_share_the_rest():
    assert allocate({"a": 600, "b": 399, "c": 1}, 11) == {"a": 6, "b": 4, "c": 1}


@given(
    sizes=st.dictionaries(st.integers(0, 50), st.integers(0, 80), min_size=1),
    data=st.data(),
)
def test_an_allocation_adds_up_and_stays_within_bounds(sizes, data):
    having = {key: data.draw(st.integers(0, size)) for key, size in sizes.items()}
    least = sum(max(1, having[key]) for key, size in sizes.items() if size)
    count = data.draw(st.integers(least, max(least, sum(sizes.values()))))

    found = allocate(sizes, count, having)

    assert sum(found.values()) == count
    assert set(found) == {key for key, size in sizes.items() if size}
    assert all(max(1, having[key]) <= found[key] <= sizes[key] for key in found)


def test_a_sample_is_enlarged_by_the_next_in_the_same_order():
    strata = passages(a=300, b=100)

    first = draw_audit(strata, 40, seed=7)
    more = draw_audit(strata, 80, seed=7, already=first)

    assert not set(first) & set(more)
    assert set(first) | set(more) == set(draw_audit(strata, 80, seed=7))
    assert inclusion(strata, [*first, *more]) == {("a", "en"): 0.2, ("b", "en"): 0.2}


def test_a_new_report_becomes_a_stratum_of_its_own():
    before = passages(a=300, b=100)
    first = draw_audit(before, 40, seed=7)
    after = before | passages(c=100)

    more = draw_audit(after, 50, seed=7, already=first)

    assert Counter(after[one][0] for one in more) == {"c": 10}


def test_every_passage_is_as_likely_to_be_drawn_as_it_is_said():
    before, after = passages(a=6, b=3), passages(a=6, b=3, c=4)
    hits = Counter()
    for seed in range(2000):
        first = draw_audit(before, 4, seed)
        sample = [*first, *draw_audit(after, 7, seed, already=first)]
        hits.update(sample)
    likely = inclusion(after, sample)

    # Six standard deviations of 2,000 tosses of a coin are 134.
    assert all(abs(hits[one] - 2000 * likely[after[one]]) < 134 for one in after)


@pytest.mark.parametrize(
    ("count", "said"),
    [(3, r"too small: each report and language .* Take 4"), (20, "there are 10")],
)
def test_a_sample_too_small_or_too_large_is_refused(count, said):
    with pytest.raises(WhatworksError, match=said):
        draw_audit(passages(a=4, b=3, c=2, d=1), count, seed=1)


def test_what_is_in_the_sample_stays_in_it():
    strata = passages(a=50, b=50)
    first = draw_audit(strata, 20, seed=3)

    with pytest.raises(WhatworksError, match="what is in it stays in it"):
        draw_audit(strata, 10, seed=3, already=first)
