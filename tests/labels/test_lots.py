from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.labels.lots import Readers, deal, drawn, wanted_readers
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId

IDS = [PassageId(f"{n:016x}") for n in range(1000)]
PEOPLE = ["ana", "ben", "célia", "dai", "eva"]


def numbers(readings):
    return Counter(person for _, person in readings)


def test_the_same_seed_draws_the_same_passages_whatever_their_order():
    assert drawn(IDS, 50, 7) == drawn(reversed(IDS), 50, 7)
    assert drawn(IDS, 50, 7) != drawn(IDS, 50, 8)


def test_no_passage_is_drawn_twice_and_never_more_than_there_are():
    found = drawn([*IDS[:20], *IDS[:20]], 50, 1)

    assert sorted(found) == IDS[:20]


def test_every_passage_has_the_same_chance_to_be_drawn():
    hits = Counter(one for seed in range(2000) for one in drawn(IDS[:10], 3, seed))

    # 600 expected of each; six standard deviations are 123.
    assert all(abs(count - 600) < 123 for count in hits.values())


def test_a_share_of_the_passages_gets_several_readers():
    wanted = wanted_readers(IDS, Readers(each=1, several=3, share=0.2), 5)

    assert Counter(wanted.values()) == {1: 800, 3: 200}
    assert wanted != wanted_readers(IDS, Readers(each=1, several=3, share=0.2), 6)


@given(
    count=st.integers(0, 60),
    people=st.integers(1, 6),
    each=st.integers(1, 3),
    share=st.floats(0, 1),
    seed=st.integers(0, 1000),
)
def test_passages_are_dealt_evenly(count, people, each, share, seed):
    readers = Readers(each, each + 1, share)
    wanted = wanted_readers(IDS[:count], readers, seed)
    names = [f"person {n}" for n in range(people)]

    dealt = deal(wanted, names, seed=seed)

    of_each = Counter(one for one, _ in dealt.readings)
    assert all(of_each[one] == min(wanted[one], people) for one in wanted)
    assert len(set(dealt.readings)) == len(dealt.readings)
    loads = [dealt.given[name] for name in names]
    assert max(loads) - min(loads) <= 1
    assert sum(dealt.short.values()) == sum(max(0, n - people) for n in wanted.values())


@pytest.mark.parametrize("people", [3, 4, 5])
def test_all_pairs_of_people_meet_about_as_often(people):
    names = PEOPLE[:people]
    dealt = deal(dict.fromkeys(IDS[:300], 2), names, seed=3)
    together = {}
    for one, person in dealt.readings:
        together.setdefault(one, []).append(person)
    met = Counter(tuple(sorted(pair)) for pair in together.values())

    assert set(met) == set(combinations(sorted(names), 2))
    assert max(met.values()) - min(met.values()) <= 0.1 * 300


def test_who_reads_a_passage_already_counts_and_is_not_given_it_again():
    having = {IDS[0]: ["ana"], IDS[1]: ["ana", "ben"]}

    dealt = deal(dict.fromkeys(IDS[:3], 2), ["ana", "ben"], seed=1, having=having)

    assert (IDS[0], "ben") in dealt.readings
    assert (IDS[0], "ana") not in dealt.readings
    assert not [one for one, _ in dealt.readings if one == IDS[1]]
    assert {who for one, who in dealt.readings if one == IDS[2]} == {"ana", "ben"}


def test_what_people_have_to_read_already_is_made_up_for():
    dealt = deal(dict.fromkeys(IDS[:30], 1), ["ana", "ben"], seed=1, loads={"ana": 10})

    assert dealt.given == {"ana": 10, "ben": 20}


def test_who_is_barred_from_a_passage_does_not_get_it():
    barred = {one: ["ana"] for one in IDS[:5]}

    dealt = deal(dict.fromkeys(IDS[:10], 2), ["ana", "ben"], seed=1, barred=barred)

    assert not {(one, "ana") for one in IDS[:5]} & set(dealt.readings)
    assert dealt.short == dict.fromkeys(IDS[:5], 1)


@pytest.mark.parametrize(
    "readers",
    [{"each": 0}, {"share": 1.5}, {"share": -0.1}, {"each": 2, "several": 2, "share": 0.1}],
)
def test_numbers_that_make_no_sense_are_refused(readers):
    with pytest.raises(WhatworksError):
        Readers(**readers)
