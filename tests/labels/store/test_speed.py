"""How much people decided and how long they took, out of the log."""

from datetime import date

import pytest

from tests.labels.store.seeds import draft, seed_project, undo, unsure
from whatworks.labels.resolution import Policy
from whatworks.labels.store import batch
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.journal import Journal
from whatworks.labels.store.queue import annotator_number
from whatworks.labels.store.speed import EVERYBODY, days, weeks, work


@pytest.fixture
def at(monkeypatch):
    """Sets the time of the decisions that follow."""

    def set_time(moment):
        monkeypatch.setattr(batch, "utc_now", lambda: f"{moment}.000000Z")

    return set_time


def read(store):
    journal = Journal()
    with store.reading() as connection:
        journal.follow(connection)
        names = {name: annotator_number(connection, name) for name in ("ana", "ben")}
    return journal, names


def test_the_median_is_over_decisions_whose_time_is_known(store):
    ids = seed_project(store, 4)
    for one, seconds in zip(ids, (10, 20, 60, None), strict=True):
        record(store, draft(one, "ana", ["lesson"], seconds=seconds))
    record(store, undo(ids[0], "ana"))

    journal, names = read(store)
    found = work(journal)[names["ana"]]

    assert (found.seconds.n, found.seconds.median) == (3, 20)
    assert (found.seconds.low, found.seconds.high) == (15, 40)
    assert found.passages == 3


def test_a_settled_disagreement_counts_apart_and_not_as_speed(store):
    ids = seed_project(store, 2)
    set_policy(store, Policy("two-adjudicated", ("ana",)))
    record(store, draft(ids[0], "ben", ["lesson"], seconds=9))
    record(store, draft(ids[0], "dai", ["obstacle"]))
    record(store, draft(ids[0], "ana", ["obstacle"], seconds=300, adjudicates=True))
    record(store, unsure(ids[1], "ana", seconds=7))

    journal, names = read(store)
    found = work(journal)[names["ana"]]

    assert (found.passages, found.adjudicated) == (1, 1)
    assert found.seconds.median == 7


def test_who_measured_nothing_has_no_median(store):
    ids = seed_project(store, 1)
    record(store, draft(ids[0], "ana", ["lesson"]))

    journal, names = read(store)

    assert work(journal)[names["ana"]].seconds is None
    assert weeks(journal) == {EVERYBODY: [], names["ana"]: []}


def test_days_are_counted_for_everybody_and_for_each(store, at):
    ids = seed_project(store, 3)
    at("2026-11-20T23:59:59")
    record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, draft(ids[0], "ben", ["lesson"]))
    at("2026-11-23T00:00:00")
    record(store, draft(ids[1], "ana", ["lesson"]))
    record(store, undo(ids[1], "ana"))

    journal, names = read(store)
    found = days(journal)

    assert [(one.day.day, one.decisions) for one in found[EVERYBODY]] == [
        (20, 2),
        (21, 0),
        (22, 0),
        (23, 1),
    ]
    assert [one.decisions for one in found[names["ben"]]] == [1]
    assert work(journal)[names["ana"]].last_day == date(2026, 11, 23)


def test_weeks_begin_on_mondays(store, at):
    ids = seed_project(store, 3)
    at("2026-11-22T12:00:00")  # a Sunday
    record(store, draft(ids[0], "ana", ["lesson"], seconds=50))
    at("2026-11-23T12:00:00")
    record(store, draft(ids[1], "ana", ["lesson"], seconds=30))
    record(store, draft(ids[2], "ben", ["lesson"], seconds=10))

    journal, names = read(store)
    found = weeks(journal)

    assert [(one.monday, one.seconds.median) for one in found[EVERYBODY]] == [
        (date(2026, 11, 16), 50),
        (date(2026, 11, 23), 20),
    ]
    assert [one.seconds.median for one in found[names["ana"]]] == [50, 30]
    assert [one.seconds.median for one in found[names["ben"]]] == [10]


def test_of_an_empty_log_there_are_no_figures(store):
    seed_project(store, 1)

    journal, _ = read(store)

    assert (work(journal), days(journal)) == ({}, {EVERYBODY: []})
    assert weeks(journal) == {EVERYBODY: []}
