"""The end of a round, whole or half done; and what may be chosen from afterwards."""

import pytest

from tests.labels.store.seeds import draft, seed_project, undo
from whatworks.labels.store.assignments import (
    RoundDraft,
    assign,
    close_round,
    create_round,
    make_round,
    rounds,
    unassign,
)
from whatworks.labels.store.closing import still_open
from whatworks.labels.store.decisions import record
from whatworks.labels.store.rounds import TakenError
from whatworks.labels.store.standings import selected_in
from whatworks.labels.store.unread import unread
from whatworks.nlp.errors import WhatworksError


def make(store, ids, name="Round 1", names=(), **more):
    wanted = RoundDraft(name, tuple(ids), "margin", "close call", unread=True, **more)
    return make_round(store, wanted, "olga", names)[0]


def left(store, **more):
    with store.reading() as connection:
        return list(unread(connection, **more).ids)


def test_what_is_decided_or_asked_for_is_not_left(store):
    ids = seed_project(store, 8)
    record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, draft(ids[1], "ana", ["lesson"]))
    record(store, undo(ids[1], "ana"))
    number = make(store, ids[2:4], names=["ana"])

    assert left(store) == [ids[1], *ids[4:]]
    assert left(store, report_id=1) == [ids[1], *ids[4:]]
    assert left(store, report_id=2) == left(store, language="fr") == []
    close_round(store, number, anyway=True)
    assert left(store) == ids[1:]


def test_a_round_that_is_done_is_closed(store):
    ids = seed_project(store, 2)
    number = make(store, ids, names=["ana"])
    for one in ids:
        record(store, draft(one, "ana", ["lesson"], round_id=number))

    assert not close_round(store, number)
    with store.reading() as connection:
        assert rounds(connection)[0].is_closed


def test_half_done_it_is_closed_only_where_somebody_says_so(store):
    ids = seed_project(store, 6)
    number = make(store, ids, names=["ana", "ben"])
    with store.reading() as connection:
        there = selected_in(connection, number)
    of_ana = [one for one, item in there.items() if item.readers == ("ana",)]
    record(store, draft(of_ana[0], "ana", ["lesson"], round_id=number))

    with pytest.raises(WhatworksError, match="'Round 1' is half done.*ana: 2, ben: 3"):
        close_round(store, number)
    with store.reading() as connection:
        assert not rounds(connection)[0].is_closed

    taken = close_round(store, number, anyway=True)

    assert dict(taken.readings) == {"ana": 2, "ben": 3}
    with store.reading() as connection:
        (found,) = rounds(connection)
        assert not still_open(connection, number)
    assert [(one.name, one.assigned, one.open) for one in found.readers] == [("ana", 1, 0)]
    assert set(left(store)) == set(ids) - {of_ana[0]}


def test_what_nobody_was_asked_for_is_open_too(store):
    ids = seed_project(store, 3)
    number = make(store, ids)
    record(store, draft(ids[0], "ana", ["lesson"]))

    with pytest.raises(WhatworksError, match="nobody: 2"):
        close_round(store, number)
    assert close_round(store, number, anyway=True).of_nobody == 2


def test_what_somebody_who_left_had_open_does_not_hold_up_the_end(store):
    ids = seed_project(store, 4)
    number = make(store, ids, names=["ana", "ben"])
    unassign(store, "ben", ["ana"])
    for one in ids:
        record(store, draft(one, "ana", ["lesson"], round_id=number))

    assert not close_round(store, number)


def test_a_round_of_what_was_taken_meanwhile_is_not_made(store):
    ids = seed_project(store, 4)
    make(store, ids[:1], "Hers")
    record(store, draft(ids[1], "ana", ["lesson"]))

    with pytest.raises(TakenError, match="2 passages"):
        make(store, ids, "Mine", names=["ana"])

    with store.reading() as connection:
        assert [one.name for one in rounds(connection)] == ["Hers"]
    # A round that is no first reading may hold them.
    create_round(store, RoundDraft("Again", tuple(ids), "named", "named"), "olga")


def test_a_round_whose_readers_are_wrong_is_not_made_either(store):
    ids = seed_project(store, 2)
    with pytest.raises(WhatworksError, match="control character"):
        make(store, ids, names=["ana", "be\nn\0"])
    with store.reading() as connection:
        assert rounds(connection) == []
    assign(store, make(store, ids), ["ana"])
