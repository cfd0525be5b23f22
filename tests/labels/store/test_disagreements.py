"""Disagreements, and how they are settled."""

import pytest

from tests.labels.store.seeds import (
    codebook_source,
    draft,
    seed_codebook,
    seed_project,
    seed_report,
    seed_round,
    seed_suggestion,
    undo,
    unsure,
)
from whatworks.labels.decisions import Answer, State, Verdict
from whatworks.labels.resolution import Policy
from whatworks.labels.store.adjudications import (
    OwnFirstError,
    Ruling,
    SaidMeanwhileError,
    adjudicate,
    asked_of,
    last_ruling,
)
from whatworks.labels.store.assignments import assign
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.disagreements import disagreements, dispute
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId


@pytest.fixture
def ids(store):
    """Four passages; on the second and third people disagree, on the first they agree."""
    found = seed_project(store, 4)
    set_policy(store, Policy("two-adjudicated", ("ada",)))
    for who in ("ana", "ben"):
        record(store, draft(found[0], who, ["lesson"]))
    record(store, draft(found[1], "ana", ["lesson"], comment="a plain lesson"))
    record(store, draft(found[1], "ben", ["obstacle"], ["budget"]))
    record(store, draft(found[2], "ana", ["lesson", "obstacle"]))
    record(store, draft(found[2], "ben", ["lesson"]))
    return found


def listed(store, **wanted):
    with store.reading() as connection:
        return disagreements(connection, **wanted)


def looked_at(store, passage_id):
    with store.reading() as connection:
        return dispute(connection, passage_id)


def rule(store, passage_id, *labels, key="k1", **more):
    seen = looked_at(store, passage_id).seen
    settings = {"adjudicator": "ada", "key": key, "seen": seen, "labels": labels, **more}
    return adjudicate(store, Ruling(passage_id, **settings))


def test_the_list_has_what_people_disagree_on_in_reading_order(store, ids):
    found = listed(store)

    assert [one.passage_id for one in found] == [ids[1], ids[2]]
    assert set(found[0].answers) == {Answer(("lesson",)), Answer(("obstacle",), ("budget",))}
    assert found[0].disputed == ("lesson", "obstacle")
    assert found[1].disputed == ("obstacle",)


def test_it_is_filtered_by_report_and_by_what_is_disputed(store, ids):
    other = seed_report(store, "other.pdf", ["Another text."])
    record(store, draft(other[0], "ana", ["lesson"]))
    record(store, draft(other[0], "ben", ["success_factor"]))
    first = listed(store)[0].report_id

    assert [one.passage_id for one in listed(store, report_id=first)] == ids[1:3]
    assert [one.passage_id for one in listed(store, label="success_factor")] == other
    assert [one.passage_id for one in listed(store, label="lesson")] == [ids[1], *other]
    assert listed(store, only=other[0], label="obstacle") == []


def test_a_passage_that_left_its_report_is_not_listed(store, ids):
    seed_report(store, texts=["It worked, point 3."])

    assert [one.passage_id for one in listed(store)] == [ids[2]]


def test_the_sides_stand_beside_each_other_with_what_was_said(store, ids):
    record(store, draft(ids[1], "célia", ["lesson"]))
    record(store, unsure(ids[1], "dai", comment="too vague"))

    found = looked_at(store, ids[1])

    # Two of three agree, so that it is confirmed; the sides are there to be seen.
    assert found.state is State.CONFIRMED
    assert [side.answer for side in found.sides] == [
        Answer(("lesson",)),
        Answer(("obstacle",), ("budget",)),
    ]
    assert {one.decision.annotator for one in found.sides[0].voices} == {"ana", "célia"}
    assert [one.decision.comment for one in found.unsure] == ["too vague"]
    letters = [one.letter for side in found.sides for one in side.voices]
    assert sorted([*letters, found.unsure[0].letter]) == ["A", "B", "C", "D"]


def test_letters_do_not_follow_people_from_passage_to_passage(store):
    ids = seed_project(store, 12)
    for one in ids:
        record(store, draft(one, "ana", ["lesson"]))
        record(store, draft(one, "ben", ["obstacle"]))

    letters = {
        voice.letter
        for one in ids
        for side in looked_at(store, one).sides
        for voice in side.voices
        if voice.decision.annotator == "ana"
    }

    assert letters == {"A", "B"}


def test_only_the_last_word_of_each_counts(store, ids):
    record(store, draft(ids[1], "ben", ["lesson"], ["budget"]))
    record(store, undo(ids[1], "ana"))

    found = looked_at(store, ids[1])

    assert [side.answer for side in found.sides] == [Answer(("lesson",), ("budget",))]


def test_answers_are_shown_in_present_names_and_stale_ones_marked(store, ids):
    types = ("insight", "success_factor")
    step = {"finding_type": {"lesson": "insight", "obstacle": None}}
    seed_codebook(store, codebook_source(types), step)

    found = {side.is_stale: side.answer for side in looked_at(store, ids[1]).sides}

    assert found[False] == Answer(("insight",))
    assert True in found


def test_a_ruling_settles_the_passage_and_is_kept_apart(store, ids):
    done = rule(store, ids[1], "lesson", comment="see the definition", seconds=12.5)

    assert done.decision.adjudicates
    assert done.decision.verdict is Verdict.CORRECT
    assert done.resolution.state is State.CONFIRMED
    assert done.resolution.labels == ("lesson",)
    found = looked_at(store, ids[1])
    assert found.settled.comment == "see the definition"
    assert found.settled_as == Answer(("lesson",))
    # The sides are as they were.
    assert {one.decision.annotator for side in found.sides for one in side.voices} == {"ana", "ben"}
    assert [one.passage_id for one in listed(store)] == [ids[2]]
    assert [one.passage_id for one in listed(store, settled=True)] == [ids[1]]


def test_the_verdict_follows_from_the_newest_suggestion(store, ids):
    seed_suggestion(store, ids[1], ["lesson"])
    newest = seed_suggestion(store, ids[1], ["obstacle"], ["budget"], model="other 2.0")

    done = rule(store, ids[1], "obstacle", themes=("budget",))

    assert done.decision.verdict is Verdict.CONFIRM
    assert done.decision.model_version == "other 2.0"
    assert newest


def test_the_same_ruling_sent_twice_is_one(store, ids):
    seen = looked_at(store, ids[1]).seen
    ruling = Ruling(ids[1], "ada", "k1", seen, ("lesson",))

    first, again = adjudicate(store, ruling), adjudicate(store, ruling)

    assert first.is_new
    assert not again.is_new
    assert again.decision == first.decision


def test_what_was_said_since_is_looked_at_first(store, ids):
    seen = looked_at(store, ids[1]).seen
    record(store, draft(ids[1], "célia", ["success_factor"]))

    with pytest.raises(SaidMeanwhileError):
        adjudicate(store, Ruling(ids[1], "ada", "k1", seen, ("lesson",)))
    assert looked_at(store, ids[1]).settled is None


def test_a_ruling_can_be_taken_back_and_made_anew(store, ids):
    done = rule(store, ids[1], "lesson")
    with store.reading() as connection:
        assert last_ruling(connection, "ada") == (done.decision.id, ids[1])

    rule(store, ids[1], key="k2", takes_back=True)

    assert looked_at(store, ids[1]).state is State.DISAGREED
    with store.reading() as connection:
        assert last_ruling(connection, "ada") is None
    rule(store, ids[1], "obstacle", key="k3")
    assert looked_at(store, ids[1]).settled_as == Answer(("obstacle",))


def test_an_own_independent_decision_is_not_taken_back_as_a_ruling(store, ids):
    record(store, draft(ids[1], "ada", ["success_factor"]))

    with pytest.raises(WhatworksError, match="nothing of yours"):
        rule(store, ids[1], takes_back=True)


def test_a_ruling_can_be_changed_by_another_one(store, ids):
    rule(store, ids[1], "lesson")
    rule(store, ids[1], "obstacle", key="k2")

    assert looked_at(store, ids[1]).settled_as == Answer(("obstacle",))


def test_who_is_asked_for_an_own_decision_gives_it_first(store, ids):
    number = seed_round(store, "third reading", ids)
    assign(store, number, ["ada"])
    with store.reading() as connection:
        assert asked_of(connection, "Ada", ids[1])
        assert not asked_of(connection, "ana", ids[1])

    with pytest.raises(OwnFirstError):
        rule(store, ids[1], "lesson")
    record(store, draft(ids[1], "ada", ["success_factor"], round_id=number))

    assert rule(store, ids[1], "lesson").decision.adjudicates


@pytest.mark.parametrize(
    ("who", "place", "said"),
    [("ana", 1, "no adjudicator of this project"), ("ada", 0, "nothing to adjudicate")],
)
def test_only_adjudicators_settle_and_only_what_is_disputed(store, ids, who, place, said):
    with pytest.raises(WhatworksError, match=said):
        rule(store, ids[place], "lesson", adjudicator=who)


def test_under_two_agree_nobody_settles(store, ids):
    set_policy(store, Policy("two-agree"))

    with pytest.raises(WhatworksError, match="nobody adjudicates"):
        rule(store, ids[1], "lesson")


def test_of_an_unknown_passage_nothing_was_said(store, ids):
    found = looked_at(store, PassageId("feedfeedfeedfeed"))

    assert (found.sides, found.state, found.seen) == ((), None, 0)
