"""A review session: cards, decisions, the way through the queue and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.labels.store.seeds import (
    codebook_source,
    draft,
    seed_codebook,
    seed_project,
    seed_report,
    seed_round,
    seed_suggestion,
)
from whatworks.labels.decisions import State, Verdict
from whatworks.labels.resolution import Policy
from whatworks.labels.review import MAX_SECONDS, ReviewSession
from whatworks.labels.store.database import Store, create_store
from whatworks.labels.store.decisions import decisions_on, record, set_policy
from whatworks.labels.store.queue import Wanted
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId

TWO = Policy("two-adjudicated", ("dan",))


class Clock:
    """Shows what it is set to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = create_store(tmp_path / "project.db")
    yield opened
    opened.close()


@pytest.fixture
def ids(store: Store) -> list[PassageId]:
    """Five passages of one report; a lesson is suggested for the first, nothing for the second."""
    found = seed_project(store, 5)
    seed_suggestion(store, found[0], ["lesson"], ["staff"])
    seed_suggestion(store, found[1])
    return found


def session(store: Store, name: str = "ana", wanted: Wanted | None = None, **more) -> ReviewSession:
    return ReviewSession(store, name, wanted, **more)


def at(reviewing: ReviewSession) -> PassageId | None:
    card = reviewing.current()
    return None if card is None else card.passage.id


def log(store: Store, passage_id: PassageId) -> list[tuple[str, str, tuple[str, ...]]]:
    with store.reading() as connection:
        return [
            (one.annotator, str(one.verdict), one.labels)
            for one in decisions_on(connection, [passage_id])[passage_id]
        ]


def test_a_card_shows_the_passage_in_its_context(store: Store, ids) -> None:
    reviewing = session(store)
    reviewing.skip()
    reviewing.skip()
    card = reviewing.current()
    assert card is not None
    assert (card.passage.id, card.passage.order, card.of, card.left) == (ids[2], 3, 5, 3)
    assert card.title == "report.pdf"
    assert [one.id for one in card.before] == ids[:2]
    assert [one.id for one in card.after] == ids[3:]
    assert (card.suggestion, card.is_hidden, card.own, card.others) == (None, False, None, ())


def test_a_decision_is_in_the_log_at_once_and_the_next_passage_is_there(store: Store, ids) -> None:
    reviewing = session(store)
    outcome = reviewing.confirm("Clear.")
    assert log(store, ids[0]) == [("ana", "confirm", ("lesson",))]
    assert outcome.decision.themes == ("staff",)
    assert outcome.decision.comment == "Clear."
    assert outcome.decision.source == "terminal"
    assert outcome.suggestion is not None
    assert at(reviewing) == ids[1]
    assert reviewing.decided == 1


def test_the_verdict_follows_from_the_suggestion(store: Store, ids) -> None:
    reviewing = session(store)
    assert reviewing.decide(["obstacle"], ["budget"]).decision.verdict is Verdict.CORRECT
    assert reviewing.reject().decision.verdict is Verdict.CONFIRM, "none was suggested"
    assert reviewing.reject().decision.verdict is Verdict.REJECT, "nobody suggested anything"
    assert reviewing.unsure().decision.verdict is Verdict.UNSURE
    assert reviewing.decide(["lesson"], []).decision.verdict is Verdict.CORRECT
    assert at(reviewing) is None
    assert reviewing.left_over() == 0


def test_nothing_can_be_confirmed_where_nothing_is_suggested(store: Store, ids) -> None:
    reviewing = session(store, wanted=Wanted(states=frozenset({State.NEW})))
    assert at(reviewing) == ids[2]
    with pytest.raises(WhatworksError, match="no suggestion to confirm"):
        reviewing.confirm()
    assert at(reviewing) == ids[2]


def test_one_goes_on_where_one_stopped(store: Store, ids) -> None:
    first = session(store)
    first.skip()
    first.reject()
    again = session(store)
    assert at(again) == ids[2]
    for _ in range(3):
        again.reject()
    assert at(again) == ids[0], "what was skipped comes when all others are through"
    again.reject()
    assert at(again) is None


def test_what_was_skipped_comes_again_when_asked(store: Store, ids) -> None:
    reviewing = session(store)
    reviewing.skip()
    for _ in range(4):
        reviewing.reject()
    assert at(reviewing) is None
    assert reviewing.left_over() == 1
    reviewing.again()
    assert at(reviewing) == ids[0]
    assert reviewing.current().left == 1  # type: ignore[union-attr]


def test_back_and_forward_go_along_what_was_seen(store: Store, ids) -> None:
    reviewing = session(store)
    assert not reviewing.back()
    reviewing.confirm()
    reviewing.skip()
    assert at(reviewing) == ids[2]
    assert reviewing.back()
    assert reviewing.back()
    card = reviewing.current()
    assert card is not None
    assert card.passage.id == ids[0]
    assert card.own is not None
    assert card.own.answer.labels == ("lesson",)
    reviewing.forward()
    assert at(reviewing) == ids[1]
    reviewing.back()
    reviewing.decide(["obstacle"], [])
    assert at(reviewing) == ids[2], "on to the passage that was open"
    assert log(store, ids[0])[-1] == ("ana", "correct", ("obstacle",))


def test_from_the_end_there_is_a_way_back(store: Store, ids) -> None:
    reviewing = session(store)
    for _ in range(5):
        reviewing.reject()
    assert at(reviewing) is None
    reviewing.forward()
    assert at(reviewing) is None
    assert reviewing.back()
    assert at(reviewing) == ids[4]


def test_an_undo_goes_back_to_the_passage_and_the_open_one_is_not_lost(store: Store, ids) -> None:
    reviewing = session(store)
    reviewing.confirm()
    reviewing.reject()
    undone = reviewing.undo()
    assert undone.passage_id == at(reviewing) == ids[1]
    assert reviewing.decided == 1
    assert log(store, ids[1])[-1][1] == "undo"
    assert reviewing.current().own is None  # type: ignore[union-attr]
    assert reviewing.undo().passage_id == ids[0]
    assert reviewing.decided == 0
    with pytest.raises(WhatworksError, match="nothing to take back"):
        reviewing.undo()
    reviewing.confirm()
    assert at(reviewing) == ids[2]


def test_a_decision_of_an_earlier_session_can_be_taken_back(store: Store, ids) -> None:
    session(store).confirm()
    record(store, draft(ids[4], "ben", ["lesson"]))
    reviewing = session(store)
    assert at(reviewing) == ids[1]
    last = reviewing.last()
    assert last is not None
    assert last.passage_id == ids[0]
    assert not reviewing.is_of_this_session(last)
    reviewing.undo()
    assert at(reviewing) == ids[0]
    reviewing.forward()
    assert at(reviewing) == ids[1]


def test_an_undo_leaves_the_decisions_of_others_alone(store: Store, ids) -> None:
    record(store, draft(ids[0], "ben", ["lesson"]))
    reviewing = session(store)
    with pytest.raises(WhatworksError, match="nothing to take back"):
        reviewing.undo()
    assert log(store, ids[0]) == [("ben", "correct", ("lesson",))]


def test_seconds_are_those_of_the_passage_and_a_break_is_cut(store: Store, ids) -> None:
    clock = Clock()
    reviewing = session(store, clock=clock)
    reviewing.current()
    clock.now += 12.5
    assert reviewing.confirm().decision.seconds == 12.5
    reviewing.current()
    clock.now += 3
    assert reviewing.reject().decision.seconds == 3.0
    reviewing.current()
    clock.now += 7200
    assert reviewing.reject().decision.seconds == MAX_SECONDS


def test_blind_the_suggestion_is_hidden_until_decided(store: Store, ids) -> None:
    reviewing = session(store, blind=True)
    card = reviewing.current()
    assert card is not None
    assert card.is_hidden
    assert card.suggestion is None
    with pytest.raises(WhatworksError):
        reviewing.confirm()
    outcome = reviewing.decide(["lesson"], ["staff"])
    assert outcome.decision.blind
    assert outcome.decision.verdict is Verdict.CONFIRM
    assert outcome.suggestion is not None
    assert outcome.suggestion.labels == ("lesson",)
    reviewing.back()
    card = reviewing.current()
    assert card is not None
    assert card.suggestion is not None, "now it was seen"
    assert not reviewing.decide(["obstacle"], []).decision.blind
    reviewing.back()
    reviewing.undo()
    assert not reviewing.current().is_hidden  # type: ignore[union-attr]


def test_a_round_is_gone_through_in_its_order_and_named_in_the_log(store: Store, ids) -> None:
    wanted = Wanted(round_id=seed_round(store, "audit 1", [ids[3], ids[0]], probability=0.4))
    reviewing = session(store, wanted=wanted)
    assert at(reviewing) == ids[3]
    assert reviewing.reject().decision.round_id == wanted.round_id
    assert reviewing.confirm().decision.round_id == wanted.round_id
    assert at(reviewing) is None


def test_nobody_sees_what_others_decided(store: Store, ids) -> None:
    set_policy(store, TWO)
    before = session(store, "ben").current()
    record(store, draft(ids[0], "ana", ["obstacle"], comment="No money."))
    assert session(store, "ben").current() == before


def test_an_adjudicator_sees_the_answers_and_settles(store: Store, ids) -> None:
    set_policy(store, TWO)
    record(store, draft(ids[2], "ana", ["obstacle"], ["budget"], comment="No money."))
    record(store, draft(ids[2], "ben", ["lesson"]))
    wanted = Wanted(states=frozenset({State.DISAGREED}))
    reviewing = session(store, "dan", wanted, adjudicates=True)
    card = reviewing.current()
    assert card is not None
    assert card.passage.id == ids[2]
    assert [(one.decision.annotator, one.answer.labels) for one in card.others] == [
        ("ana", ("obstacle",)),
        ("ben", ("lesson",)),
    ]
    with pytest.raises(WhatworksError, match="Skip it instead"):
        reviewing.unsure()
    outcome = reviewing.decide(["obstacle"], [])
    assert outcome.decision.adjudicates
    assert outcome.resolution is not None
    assert outcome.resolution.state is State.CONFIRMED
    assert at(reviewing) is None
    reviewing.undo()
    assert at(reviewing) == ids[2]


def test_a_codebook_that_changes_in_between_is_told_and_gone_on_with(store: Store, ids) -> None:
    reviewing = session(store)
    reviewing.current()
    seed_codebook(store, codebook_source(themes=("people",)), {"theme": {"staff": "people"}})
    with pytest.raises(WhatworksError, match="staff"):
        reviewing.confirm()
    card = reviewing.current()
    assert card is not None
    assert card.passage.id == ids[0]
    assert card.codebook.theme_ids == ("people",)
    assert reviewing.confirm().decision.themes == ("people",)


def test_ones_own_stale_decision_is_shown_in_present_words(store: Store, ids) -> None:
    record(store, draft(ids[0], "ana", ["lesson"], ["budget", "staff"]))
    seed_codebook(
        store,
        codebook_source(themes=("money",)),
        {"theme": {"staff": None, "budget": "money", "gender": None, "partners": None}},
    )
    reviewing = session(store, wanted=Wanted(states=frozenset({State.STALE})))
    card = reviewing.current()
    assert card is not None
    assert card.own is not None
    assert card.own.is_stale
    assert card.own.answer.themes == ("money",)
    assert card.own.decision.themes == ("budget", "staff")


def test_what_others_decide_meanwhile_leaves_the_queue(store: Store, ids) -> None:
    reviewing = session(store)
    record(store, draft(ids[1], "ben"))
    reviewing.confirm()
    assert at(reviewing) == ids[2]


def test_the_rest_is_counted_anew_now_and_then(store: Store) -> None:
    seed_codebook(store)
    ids = seed_report(store, texts=[f"Point {n}." for n in range(40)])
    reviewing = session(store)
    for one in ids[30:]:
        record(store, draft(one, "ben"))
    lefts = []
    while card := reviewing.current():
        lefts.append(card.left)
        reviewing.reject()
    assert lefts[:2] == [40, 39]
    assert lefts[-5:] == [5, 4, 3, 2, 1]
