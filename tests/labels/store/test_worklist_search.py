"""Queues of what a search found, and of what one may know to be confirmed."""

import numpy as np
import pytest
from sqlalchemy import insert, update

from tests.labels.store.seeds import (
    draft,
    seed_project,
    seed_report,
    seed_round,
    seed_suggestion,
    unsure,
)
from whatworks.labels.store.confirmed import confirmed_among, passages_with
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import record, record_all
from whatworks.labels.store.passages import PassageText, current_texts
from whatworks.labels.store.queue import annotator_number
from whatworks.labels.store.schema import assignment, round_, selection
from whatworks.labels.store.suggestions import model_of
from whatworks.labels.store.worklists import Worklist
from whatworks.labels.worklist import Found, Order, Queue, Show, View
from whatworks.nlp.passages import PassageId


@pytest.fixture
def ids(store: Store) -> list[PassageId]:
    """Four passages of one report."""
    return seed_project(store, 4)


@pytest.fixture
def worklist() -> Worklist:
    return Worklist()


def queue(
    store: Store,
    worklist: Worklist,
    view: View,
    places: list[int] | None = None,
    most: int | None = None,
) -> Queue:
    """Ana's, of what a search found at these places."""
    found = None if places is None else Found(np.array(places, np.int32), most)
    with store.reading() as connection:
        return worklist.standing(connection, "ana").queue(connection, view, found)


def members(store: Store, worklist: Worklist, *given: object) -> list[PassageId]:
    one = queue(store, worklist, *given)  # type: ignore[arg-type]
    return [one.nth(place) for place in range(1, one.total + 1)]


def test_a_search_gives_the_order_and_filters_take_away(store: Store, worklist, ids) -> None:
    (other,) = seed_report(store, "other.pdf", ["Elsewhere."])
    assert members(store, worklist, View(), [4, 2, 0]) == [other, ids[2], ids[0]]
    assert members(store, worklist, View(report_id=1), [4, 2, 0]) == [ids[2], ids[0]]
    assert members(store, worklist, View(report_id=1), [4, 2, 0], 1) == [ids[2]]
    assert members(store, worklist, View(), []) == []


def test_what_was_found_and_decided_stays_in_the_queue(store: Store, worklist, ids) -> None:
    record(store, draft(ids[2], "ana", ["lesson"]))
    found = queue(store, worklist, View(), [3, 2, 0])
    assert (found.total, found.left) == (3, 2)
    assert found.following(ids[3]) == ids[0]
    assert found.stretch(1, 3).tolist() == [2, 0]


def test_the_nearest_are_taken_before_they_are_sorted_by_doubt(store, worklist, ids) -> None:
    seed_suggestion(store, ids[0], ["lesson"])
    record(store, unsure(ids[1], "ben"))
    view = View(order=Order.UNCERTAIN)
    assert members(store, worklist, view, [3, 0, 1], 2) == [ids[0], ids[3]]


def test_a_search_within_a_round_stays_within_it(store: Store, worklist, ids) -> None:
    number = seed_round(store, "audit 1", [ids[1], ids[0]])
    view = View(round_id=number)
    assert members(store, worklist, view) == [ids[1], ids[0]]
    assert members(store, worklist, view, [3, 0, 1]) == [ids[0], ids[1]]
    assert members(store, worklist, view, [3]) == []


def test_confirmed_passages_are_found_by_what_is_confirmed(store: Store, worklist, ids) -> None:
    seed_suggestion(store, ids[0], ["obstacle"])
    record_all(
        store,
        [
            draft(ids[0], "ben", ["lesson"], ["staff"]),
            draft(ids[1], "ana", ["obstacle"]),
            draft(ids[2], "ana", ["lesson"]),
            draft(ids[2], "ben", ["obstacle"]),
        ],
    )
    confirmed = Show.CONFIRMED
    assert members(store, worklist, View(show=confirmed)) == ids[:2]
    assert members(store, worklist, View(show=confirmed, label="lesson")) == ids[:1]
    assert members(store, worklist, View(show=confirmed, label="obstacle")) == ids[1:2]
    assert members(store, worklist, View(show=confirmed, theme="staff")) == ids[:1]
    assert members(store, worklist, View(show=confirmed, label="obstacle", theme="staff")) == []
    assert members(store, worklist, View(show=confirmed), [3, 1, 0]) == [ids[1], ids[0]]


def test_what_others_confirmed_is_unknown_to_who_is_asked_independently(
    store: Store, worklist, ids
) -> None:
    record_all(store, [unsure(ids[3], "ana")])
    record_all(store, [draft(one, "ben", ["lesson"]) for one in ids[:3]])
    second = seed_round(store, "second", [ids[0]])
    blind = seed_round(store, "blind", [ids[1]])
    with store.writing() as connection:
        connection.execute(update(round_).where(round_.c.id == blind).values(blind=True))
        chosen = connection.scalar(
            selection.select()
            .with_only_columns(selection.c.id)
            .where(selection.c.round_id == second)
        )
        me = annotator_number(connection, "ana")
        connection.execute(insert(assignment).values(selection_id=chosen, annotator_id=me))
    view = View(show=Show.CONFIRMED)
    assert members(store, worklist, view) == [ids[2]]
    record(store, draft(ids[0], "ana", ["lesson"]))
    assert members(store, worklist, view) == [ids[0], ids[2]]
    record(store, draft(ids[1], "ana", ["lesson"]))
    assert members(store, worklist, view) == ids[:3]


def test_of_some_passages_those_that_are_confirmed_are_given(store: Store, ids) -> None:
    record(store, draft(ids[1], "ben", ["lesson"], ["staff"]))
    record_all(store, [draft(ids[2], "ben", ["lesson"]), draft(ids[2], "eva", ["obstacle"])])
    record(store, draft(ids[3], "ben", ["lesson"]))
    with store.reading() as connection:
        found = confirmed_among(connection, [*ids[:3], PassageId("f" * 16)])
        assert confirmed_among(connection, []) == {}
        assert set(passages_with(connection, ("finding_type", "lesson"))) == {ids[1], ids[3]}
        assert passages_with(connection, ("theme", "lesson")) == []
    assert list(found) == [ids[1]]
    assert (found[ids[1]].labels, found[ids[1]].themes) == (("lesson",), ("staff",))


def test_texts_come_in_the_order_of_the_worklist(store: Store, worklist, ids) -> None:
    seed_report(store, "b.pdf", ["Else."])
    # Its newest version was read after all others.
    seed_report(store, texts=["It worked, point 1.", "A new one."])
    with store.reading() as connection:
        texts = list(current_texts(connection))
        assert [one.id for one in texts] == worklist.standing(connection, "ana").passages.ids
    assert [one.text for one in texts] == ["Else.", "It worked, point 1.", "A new one."]
    assert isinstance(texts[0], PassageText)


def test_a_suggestion_is_that_of_its_model(store: Store, ids) -> None:
    seed_suggestion(store, ids[0], ["lesson"])
    number = seed_suggestion(store, ids[0], ["lesson"], model="round 2")
    with store.reading() as connection:
        assert model_of(connection, number).name == "round 2"
