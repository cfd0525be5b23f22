"""The dashboard's figures, and when they are counted anew."""

import time

import pytest

from tests.labels.store.seeds import draft, seed_project, seed_report, undo
from whatworks.labels.decisions import State
from whatworks.labels.resolution import Policy
from whatworks.labels.store import dashboard
from whatworks.labels.store.assignments import RoundDraft, assign, create_round
from whatworks.labels.store.dashboard import Figures
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.queue import annotator_number


def counted(figures, store):
    """The newest snapshot, waited for."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        snapshot, is_current = figures.latest(store, wait_s=30)
        if is_current:
            return snapshot
        time.sleep(0.05)
    pytest.fail("it is never counted")


def number(store, name):
    with store.reading() as connection:
        return annotator_number(connection, name)


def test_all_figures_are_of_one_moment(store):
    ids = seed_project(store, 4)
    set_policy(store, Policy("two-agree"))
    for one in ids[:2]:
        record(store, draft(one, "ana", ["lesson"], seconds=10))
        record(store, draft(one, "ben", ["lesson"], seconds=20))
    record(store, draft(ids[2], "ana", ["obstacle"]))

    found = counted(Figures(), store)

    assert found.progress.total.of(State.CONFIRMED) == 2
    assert found.progress.confirmed_codes == {("finding_type", "lesson"): 2}
    ana, ben = number(store, "ana"), number(store, "ben")
    assert found.names[ana] == "ana"
    assert (found.work[ana].passages, found.work[ben].passages) == (3, 2)
    assert found.agreement[0].percent.value == 100
    assert [row.what for row in found.agreement] == [
        "finding types",
        "themes",
        "lesson",
        "obstacle",
        "success_factor",
    ]
    assert sum(one.decisions for one in found.days[0]) == 5


def test_figures_stay_until_something_comes_in(store):
    ids = seed_project(store, 2)
    figures = Figures()
    first = counted(figures, store)

    assert counted(figures, store) is first
    record(store, draft(ids[0], "ana", ["lesson"]))
    second = counted(figures, store)

    assert second is not first
    assert second.progress.annotators[0].name == "ana"
    seed_report(store, "another.pdf", ["A text."])
    assert len(counted(figures, store).progress.reports) == 2


def test_an_assignment_is_seen_when_it_is_told(store):
    ids = seed_project(store, 2)
    figures = Figures()
    made = create_round(store, RoundDraft("r", tuple(ids), "all", "all"), "olga")
    counted(figures, store)

    assign(store, made, ["ana"])
    figures.changed()

    assert counted(figures, store).rounds[0].assigned == 2


def test_what_takes_long_is_shown_as_it_was(store, monkeypatch):
    ids = seed_project(store, 2)
    figures = Figures()
    first = counted(figures, store)
    slowly = dashboard.take_snapshot

    def slow(connection, journal):
        time.sleep(0.8)
        return slowly(connection, journal)

    monkeypatch.setattr(dashboard, "take_snapshot", slow)
    record(store, draft(ids[0], "ana", ["lesson"]))

    assert figures.latest(store, wait_s=0.05) == (first, False)
    second = counted(figures, store)
    assert second is not first
    # It took long: for a while what comes in is not counted, so that others get their turn.
    record(store, undo(ids[0], "ana"))
    assert figures.latest(store, wait_s=0.05) == (second, False)
    assert not figures._worker.is_alive()


def test_what_goes_wrong_is_told_and_tried_again(store, monkeypatch):
    seed_project(store, 1)
    figures = Figures()

    def broken(connection, journal):
        raise RuntimeError("no figures today")

    with monkeypatch.context() as patch:
        patch.setattr(dashboard, "take_snapshot", broken)
        with pytest.raises(RuntimeError, match="no figures today"):
            figures.latest(store, wait_s=30)

    assert counted(figures, store).progress.codebook_version == 1


def test_what_others_confirmed_of_what_waits_for_somebody_is_counted_for_them(store):
    ids = seed_project(store, 3)
    made = create_round(store, RoundDraft("r", tuple(ids[:2]), "all", "all"), "olga")
    assign(store, made, ["ben"])
    record(store, draft(ids[0], "ana", ["lesson"], ["gender"]))
    record(store, draft(ids[2], "ana", ["lesson"]))
    ben = number(store, "ben")

    figures = Figures()
    assert counted(figures, store).waiting == {
        ben: {("finding_type", "lesson"): 1, ("theme", "gender"): 1}
    }
    record(store, draft(ids[0], "ben", ["lesson"], ["gender"], round_id=made))

    assert counted(figures, store).waiting == {}


def test_figures_of_an_empty_project(store):
    seed_project(store, 0)

    found = counted(Figures(), store)

    assert (found.work, found.agreement, found.rounds) == ({}, (), ())
    assert found.bias.rows == ()
