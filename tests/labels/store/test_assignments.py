"""Rounds, and who reads which of their passages."""

import pytest
from sqlalchemy import select

from tests.labels.store.seeds import draft, seed_codebook, seed_project, seed_report, undo
from whatworks.labels.decisions import Translation
from whatworks.labels.lots import Readers, drawn
from whatworks.labels.store.assignments import (
    RoundDraft,
    assign,
    close_round,
    create_round,
    rounds,
    unassign,
)
from whatworks.labels.store.decisions import record
from whatworks.labels.store.queue import Wanted, left, next_passage
from whatworks.labels.store.schema import assignment, selection
from whatworks.labels.store.standings import selected_in, waits_for
from whatworks.nlp.errors import WhatworksError


def make(store, ids, name="Second reading", **more):
    settings = {"strategy": "whole report", "reason": "all of the report", **more}
    return create_round(store, RoundDraft(name, tuple(ids), **settings), "olga")


def readers_of(store, round_id):
    with store.reading() as connection:
        return {one: item.readers for one, item in selected_in(connection, round_id).items()}


def the_round(store):
    with store.reading() as connection:
        return rounds(connection)[0]


def counts(store):
    return {one.name: (one.assigned, one.open) for one in the_round(store).readers}


def test_a_round_keeps_its_passages_in_order_with_reason_and_probability(store):
    ids = seed_project(store, 10)
    some = drawn(ids, 4, 3)

    number = make(store, some, strategy="by lot", reason="4 of 10", probability=0.4, seed=3)

    with store.reading() as connection:
        rows = connection.execute(select(selection).order_by(selection.c.id)).all()
    assert [row.passage_id for row in rows] == some
    assert {(row.round_id, row.reason, row.probability) for row in rows} == {
        (number, "4 of 10", 0.4)
    }
    made = the_round(store)
    assert (made.name, made.strategy, made.seed, made.created_by) == (
        "Second reading",
        "by lot",
        3,
        "olga",
    )
    assert (made.passages, made.unassigned, made.readers) == (4, 4, ())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "  "}, "needs a name"),
        ({"name": "second  READING"}, "There is a round 'Second reading' already"),
        ({"name": "reading"}, "There is a round 'reading' already"),
        ({"passages": ()}, "would hold no passage"),
        ({"passages": ("feedfeedfeedfeed",)}, "There is no passage feedfeedfeedfeed"),
        ({"purpose": "audit"}, "drawn by lot"),
        ({"probability": 1.2}, "at most 1"),
        ({"purpose": "audits", "probability": 0.5}, "'audit'"),
    ],
)
def test_what_can_be_no_round_is_refused_and_nothing_is_stored(store, changes, said):
    ids = seed_project(store, 2)
    make(store, ids)
    settings = {"name": "Third", "passages": tuple(ids), "strategy": "s", "reason": "r"}

    with pytest.raises(WhatworksError, match=said):
        create_round(store, RoundDraft(**{**settings, **changes}), "olga")

    with store.reading() as connection:
        assert len(rounds(connection)) == 1


def test_passages_are_dealt_evenly_and_in_full(store):
    ids = seed_project(store, 20)
    number = make(store, ids)

    done = assign(store, number, ["ana", "ben", "célia"], Readers(2))

    assert sorted(done.given.values()) == [13, 13, 14]
    assert done.short == 0
    assert all(len(set(names)) == 2 for names in readers_of(store, number).values())
    assert {name: n for name, (n, _) in counts(store).items()} == done.given
    assert the_round(store).unassigned == 0


def test_a_share_of_the_passages_is_read_by_two(store):
    ids = seed_project(store, 20)
    number = make(store, ids)

    assign(store, number, ["ana", "ben"], Readers(1, 2, 0.25))

    assert sorted(map(len, readers_of(store, number).values())) == [1] * 15 + [2] * 5


def test_the_same_seed_deals_the_same(store):
    ids = seed_project(store, 12)
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        assign(store, make(store, ids, name, seed=seed), ["ana", "ben"])
    with store.reading() as connection:
        three, two, one = (
            {at: item.readers for at, item in selected_in(connection, each.id).items()}
            for each in rounds(connection)
        )

    assert one == two
    assert one != three


def test_what_is_assigned_is_the_queue(store):
    ids = seed_project(store, 6)
    number = make(store, ids)
    assign(store, number, ["ana", "ben"])
    of_ana = [one for one, names in readers_of(store, number).items() if "ana" in names]

    with store.reading() as connection:
        wanted = Wanted(round_id=number)
        assert left(connection, "ana", wanted) == len(of_ana) == 3
        assert next_passage(connection, "ana", wanted).passage_id == of_ana[0]
        assert left(connection, "nobody", wanted) == 0


def test_assigning_again_adds_readers_and_takes_none_away(store):
    ids = seed_project(store, 10)
    number = make(store, ids)
    assign(store, number, ["ana"])
    before = readers_of(store, number)

    again = assign(store, number, ["ana", "ben"], Readers(2))

    assert again.given == {"ben": 10}
    assert all(set(before[one]) <= set(names) for one, names in readers_of(store, number).items())
    assert assign(store, number, ["ana", "ben"], Readers(2)).given == {}


def test_what_somebody_has_decided_counts_as_read(store):
    ids = seed_project(store, 4)
    record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, draft(ids[1], "ana", ["lesson"]))
    record(store, undo(ids[1], "ana"))
    number = make(store, ids)

    done = assign(store, number, ["Ana", "ben"], Readers(2))

    assert done.counted == {"ana": 1}
    assert done.given == {"ana": 3, "ben": 4}
    assert counts(store) == {"ana": (4, 3), "ben": (4, 4)}


def test_who_decided_a_passage_does_not_read_it_in_a_blind_round(store):
    ids = seed_project(store, 4)
    record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, draft(ids[1], "ana", ["lesson"]))
    # Taken back, but the suggestion is known.
    record(store, undo(ids[1], "ana"))
    number = make(store, ids, blind=True)

    done = assign(store, number, ["ana", "ben"], Readers(2))

    assert done.given == {"ana": 2, "ben": 4}
    assert done.short == 2
    given = readers_of(store, number)
    assert given[ids[0]] == given[ids[1]] == ("ben",)


def test_a_decision_takes_a_passage_off_the_list_and_an_undo_puts_it_back(store):
    ids = seed_project(store, 2)
    number = make(store, ids)
    assign(store, number, ["ana"])

    record(store, draft(ids[0], "ana", ["lesson"], round_id=number))
    assert counts(store) == {"ana": (2, 1)}
    record(store, undo(ids[0], "ana"))
    assert counts(store) == {"ana": (2, 2)}


def test_a_decision_that_became_stale_waits_again(store):
    ids = seed_project(store, 2)
    number = make(store, ids)
    assign(store, number, ["ana"])
    record(store, draft(ids[0], "ana", ["lesson"], round_id=number))

    step: Translation = {"finding_type": {"lesson": None}}
    seed_codebook(store, translation=step)

    assert counts(store) == {"ana": (2, 2)}
    with store.reading() as connection:
        assert left(connection, "ana", Wanted(round_id=number)) == 2


def test_what_waits_for_somebody_who_left_goes_to_the_others(store):
    ids = seed_project(store, 9)
    number = make(store, ids)
    assign(store, number, ["ana", "ben", "célia"], Readers(1))
    of_ana = [one for one, names in readers_of(store, number).items() if names == ("ana",)]
    record(store, draft(of_ana[0], "ana", ["lesson"], round_id=number))

    done = unassign(store, "ANA")

    assert done.taken == 2
    assert done.given == {"ben": 1, "célia": 1}
    assert done.left == 0
    assert counts(store) == {"ana": (1, 0), "ben": (4, 4), "célia": (4, 4)}
    assert readers_of(store, number)[of_ana[0]] == ("ana",)


def test_it_can_go_to_somebody_new(store):
    ids = seed_project(store, 4)
    number = make(store, ids)
    assign(store, number, ["ana", "ben"], Readers(2))

    done = unassign(store, "ana", to=["dai"])

    assert done.given == {"dai": 4}
    assert counts(store) == {"ben": (4, 4), "dai": (4, 4)}


def test_what_nobody_can_take_over_is_told(store):
    ids = seed_project(store, 4)
    number = make(store, ids)
    assign(store, number, ["ana", "ben"], Readers(2))

    done = unassign(store, "ana")

    assert (done.taken, done.given, done.left) == (4, {}, 4)
    assert counts(store) == {"ben": (4, 4)}
    assert number == the_round(store).id


def test_who_takes_over_blind_never_decided_the_passage(store):
    ids = seed_project(store, 2)
    record(store, draft(ids[0], "ben", ["lesson"]))
    number = make(store, ids, blind=True)
    assign(store, number, ["ana"])

    done = unassign(store, "ana", to=["ben"])

    assert (done.taken, done.given, done.left) == (2, {"ben": 1}, 1)


def test_a_round_can_be_given_up_alone(store):
    ids = seed_project(store, 4)
    first = make(store, ids[:2], "first")
    second = make(store, ids[2:], "second")
    assign(store, first, ["ana"])
    assign(store, second, ["ana"])

    unassign(store, "ana", to=["ben"], round_id=first)

    assert readers_of(store, first) == dict.fromkeys(ids[:2], ("ben",))
    assert readers_of(store, second) == dict.fromkeys(ids[2:], ("ana",))


@pytest.mark.parametrize(
    ("name", "to", "said"),
    [
        ("ann", [], "Nearest: 'ana'"),
        ("ben", [], "Nothing waits for 'ben'"),
        ("ana", ["Ana"], "cannot take over from themselves"),
    ],
)
def test_taking_back_from_nobody_is_refused(store, name, to, said):
    ids = seed_project(store, 2)
    number = make(store, ids)
    assign(store, number, ["ana"])
    record(store, draft(ids[0], "ben"))

    with pytest.raises(WhatworksError, match=said):
        unassign(store, name, to)
    assert counts(store) == {"ana": (2, 2)}


@pytest.mark.parametrize(
    ("names", "readers", "said"),
    [
        ([], Readers(), "Nobody is named"),
        (["ana", "ANA"], Readers(2), "only 1"),
        (["ana", "be\nn\0"], Readers(), "control character"),
    ],
)
def test_an_assignment_that_cannot_be_is_refused(store, names, readers, said):
    ids = seed_project(store, 2)
    number = make(store, ids)

    with pytest.raises(WhatworksError, match=said):
        assign(store, number, names, readers)
    assert readers_of(store, number) == dict.fromkeys(ids, ())


def test_in_a_closed_round_nothing_waits_and_nothing_is_assigned(store):
    ids = seed_project(store, 2)
    number = make(store, ids)
    assign(store, number, ["ana"])
    with store.reading() as connection:
        me = connection.scalar(select(assignment.c.annotator_id).limit(1))
        assert waits_for(connection, me) == set(ids)

    close_round(store, number, anyway=True)

    assert the_round(store).is_closed
    assert counts(store) == {}
    with store.reading() as connection:
        assert waits_for(connection, me) == set()
    with pytest.raises(WhatworksError, match="is closed"):
        assign(store, number, ["ben"])
    with pytest.raises(WhatworksError, match="is closed"):
        close_round(store, number)
    with pytest.raises(WhatworksError, match="not there"):
        assign(store, 99, ["ben"])


def test_the_round_of_reading_as_one_pleases_is_not_assigned(store):
    seed_project(store, 2)

    with pytest.raises(WhatworksError, match="not there"):
        assign(store, 1, ["ana"])


def test_a_passage_that_left_its_report_waits_for_nobody(store):
    ids = seed_project(store, 3)
    number = make(store, ids)
    assign(store, number, ["ana"])
    record(store, draft(ids[0], "ana", ["lesson"], round_id=number))

    seed_report(store, texts=["It worked, point 3."])

    assert counts(store) == {"ana": (2, 1)}
    with store.reading() as connection:
        me = connection.scalar(select(assignment.c.annotator_id).limit(1))
        assert waits_for(connection, me) == {ids[2]}
