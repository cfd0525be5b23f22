"""Decisions that a screen sends: out of date, twice, or from a blind round."""

import uuid

import pytest
from sqlalchemy import update

from tests.labels.store.seeds import draft, seed_project, seed_round, seed_suggestion, undo
from whatworks.labels.decisions import Verdict
from whatworks.labels.store.audit import audit
from whatworks.labels.store.batch import Recorded
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import decisions_on, record
from whatworks.labels.store.schema import round_
from whatworks.labels.store.sent import (
    DecidedMeanwhileError,
    Sent,
    record_all_sent,
    record_sent,
)
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId


@pytest.fixture
def ids(store: Store) -> list[PassageId]:
    return seed_project(store, 3)


def send(store: Store, passage_id: PassageId, *labels: str, **more) -> Recorded:
    values = {"annotator": "ana", "key": uuid.uuid4().hex, "labels": labels} | more
    return record_sent(store, Sent(passage_id, **values))


def log(store: Store, passage_id: PassageId) -> list[Verdict]:
    with store.reading() as connection:
        return [one.verdict for one in decisions_on(connection, [passage_id])[passage_id]]


def blind(store: Store, passages: list[PassageId], **more) -> int:
    number = seed_round(store, "blind 1", passages, **more)
    with store.writing() as connection:
        connection.execute(update(round_).where(round_.c.id == number).values(blind=True))
    return number


def test_the_verdict_follows_from_what_was_shown(store: Store, ids) -> None:
    shown = seed_suggestion(store, ids[0], ["lesson"], ["staff"])
    as_shown = send(store, ids[0], "lesson", themes=("staff",), suggestion_id=shown)
    assert as_shown.decision.verdict is Verdict.CONFIRM
    assert send(store, ids[1], "lesson").decision.verdict is Verdict.CORRECT
    assert send(store, ids[2]).decision.verdict is Verdict.REJECT


def test_the_same_decision_sent_twice_is_one(store: Store, ids) -> None:
    first = send(store, ids[0], "lesson", key="k")
    # What the page knew, and even what it says, counts no more: it was saved.
    again = send(store, ids[0], "lesson", key="k", seen="")
    assert again.decision == first.decision
    assert (first.is_new, again.is_new) == (True, False)
    assert log(store, ids[0]) == [Verdict.CORRECT]


def test_a_blind_decision_sent_twice_is_one(store: Store, ids) -> None:
    seed_suggestion(store, ids[0], ["lesson"])
    blind(store, ids)
    first = send(store, ids[0], "obstacle", key="k")
    assert send(store, ids[0], "obstacle", key="k").decision == first.decision


def test_the_key_of_another_passage_or_person_is_refused(store: Store, ids) -> None:
    send(store, ids[0], "lesson", key="k")
    for passage, name in ((ids[1], "ana"), (ids[0], "ben")):
        with pytest.raises(WhatworksError, match="that of another one"):
            send(store, passage, "lesson", key="k", annotator=name)


def test_what_was_decided_elsewhere_meanwhile_is_told_and_not_overruled(store: Store, ids) -> None:
    first = record(store, draft(ids[0], "ana", ["lesson"]))
    with pytest.raises(DecidedMeanwhileError) as told:
        send(store, ids[0], "obstacle", seen="")
    assert told.value.latest == first.decision
    assert log(store, ids[0]) == [Verdict.CORRECT]
    chosen = send(store, ids[0], "obstacle", seen=str(first.decision.id))
    assert chosen.decision.labels == ("obstacle",)


def test_an_undo_elsewhere_is_a_change_too(store: Store, ids) -> None:
    first = record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, undo(ids[0], "ana"))
    with pytest.raises(DecidedMeanwhileError) as told:
        send(store, ids[0], "obstacle", seen=str(first.decision.id))
    assert told.value.latest is None


def test_others_are_no_change(store: Store, ids) -> None:
    record(store, draft(ids[0], "ben", ["lesson"]))
    assert send(store, ids[0], "obstacle", seen="").is_new


@pytest.mark.parametrize("seen", ["99", "key:nobody", "none", "-1", "²"])
def test_a_decision_that_nobody_made_cannot_have_been_seen(store: Store, ids, seen: str) -> None:
    record(store, draft(ids[0], "ana", ["lesson"]))
    with pytest.raises(DecidedMeanwhileError):
        send(store, ids[0], "obstacle", seen=seen)


def test_one_may_follow_a_decision_whose_number_is_not_known_yet(store: Store, ids) -> None:
    send(store, ids[0], "lesson", key="first")
    taken_back = send(store, ids[0], key="second", seen="key:first", verdict=Verdict.UNDO)
    assert taken_back.decision.verdict is Verdict.UNDO
    assert send(store, ids[0], "obstacle", seen="key:second").is_new


def test_a_blind_decision_knows_what_was_hidden_from_it(store: Store, ids) -> None:
    hidden = seed_suggestion(store, ids[0], ["lesson"])
    number = blind(store, [ids[0]])
    made = send(store, ids[0], "lesson").decision
    assert (made.blind, made.round_id, made.verdict) == (True, number, Verdict.CONFIRM)
    assert made.model_version == "starter 1.0"
    # From now on the suggestion is known, were the decision taken back.
    send(store, ids[0], seen=str(made.id), verdict=Verdict.UNDO)
    again = send(store, ids[0], "lesson", seen=str(made.id + 1), suggestion_id=hidden).decision
    assert (again.blind, again.round_id) == (False, 1)


def test_a_closed_round_hides_nothing(store: Store, ids) -> None:
    blind(store, [ids[0]], closed=True)
    assert not send(store, ids[0], "lesson").decision.blind


def test_the_suggestion_of_another_passage_is_refused(store: Store, ids) -> None:
    other = seed_suggestion(store, ids[1], ["lesson"])
    with pytest.raises(WhatworksError, match="of passage"):
        send(store, ids[0], "lesson", suggestion_id=other)
    assert log(store, ids[0]) == []


def sent(passage_id: PassageId, key: str, *labels: str, **more) -> Sent:
    return Sent(passage_id, **({"annotator": "ana", "key": key, "labels": labels} | more))


def test_what_cannot_be_recorded_keeps_none_of_the_others_from_it(store: Store, ids) -> None:
    found = record_all_sent(
        store,
        [
            sent(ids[0], "1", "lesson"),
            sent(ids[1], "2", "lessons"),
            sent("nowhere", "3", "lesson"),
            sent(ids[1], "", "lesson"),
            sent(ids[1], "4", "lesson", suggestion_id=99),
            sent(ids[2], "5", "lesson", annotator="ben"),
        ],
    )
    saved = [one.decision.key for one in found if isinstance(one, Recorded)]
    assert saved == ["1", "5"]
    refused = [str(one) for one in found if isinstance(one, WhatworksError)]
    for said, about in zip(refused, ["lessons", "nowhere", "key", "99"], strict=True):
        assert about in said
    assert [log(store, one) for one in ids] == [[Verdict.CORRECT], [], [Verdict.CORRECT]]
    assert audit(store).findings == ()


def test_what_is_sent_together_is_recorded_in_its_order(store: Store, ids) -> None:
    first, undone, again = record_all_sent(
        store,
        [
            sent(ids[0], "a", "lesson"),
            sent(ids[0], "b", seen="key:a", verdict=Verdict.UNDO),
            sent(ids[0], "c", "obstacle", seen="key:b"),
        ],
    )
    assert isinstance(first, Recorded)
    assert isinstance(undone, Recorded)
    assert isinstance(again, Recorded)
    assert undone.decision.undoes == first.decision.id
    assert again.resolution is not None
    assert again.resolution.labels == ("obstacle",)


def test_of_two_windows_at_the_same_moment_the_second_is_told(store: Store, ids) -> None:
    first, second = record_all_sent(
        store, [sent(ids[0], "a", "lesson"), sent(ids[0], "b", "obstacle")]
    )
    assert isinstance(first, Recorded)
    assert isinstance(second, DecidedMeanwhileError)
    assert second.latest == first.decision


@pytest.mark.parametrize("key", ["k", "  k "])
def test_the_same_decision_twice_at_the_same_moment_is_one(store: Store, ids, key: str) -> None:
    first, again = record_all_sent(
        store, [sent(ids[0], "k", "lesson"), sent(ids[0], key, "lesson")]
    )
    assert isinstance(first, Recorded)
    assert isinstance(again, Recorded)
    assert (again.decision, again.is_new) == (first.decision, False)
    later = send(store, ids[0], "lesson", key=key)
    assert (later.decision, later.is_new) == (first.decision, False)


def test_a_blind_decision_is_blind_only_once_also_at_the_same_moment(store: Store, ids) -> None:
    hidden = seed_suggestion(store, ids[0], ["lesson"])
    number = blind(store, [ids[0]])
    made = record_all_sent(
        store,
        [
            sent(ids[0], "a", "lesson"),
            sent(ids[0], "b", seen="key:a", verdict=Verdict.UNDO),
            sent(ids[0], "c", "lesson", seen="key:b", suggestion_id=hidden),
            sent(ids[0], "d", "lesson", annotator="ben"),
        ],
    )
    said = [one.decision for one in made if isinstance(one, Recorded)]
    assert [(one.blind, one.round_id) for one in said] == [
        (True, number), (False, 1), (False, 1), (True, number),
    ]  # fmt: skip
    assert all(one.model_version == "starter 1.0" for one in said if one.verdict != "undo")
