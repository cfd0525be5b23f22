import dataclasses
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.labels.store.seeds import (
    codebook_source,
    draft,
    seed_codebook,
    seed_project,
    seed_round,
    seed_suggestion,
    undo,
    unsure,
)
from whatworks.labels.decisions import Answer, DecisionDraft, State, Verdict
from whatworks.labels.resolution import Policy, Resolution
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import (
    current_policy,
    decisions_on,
    problems,
    record,
    record_all,
    set_policy,
    suggested_now,
)
from whatworks.labels.store.resolutions import passage_states, resolutions_of, resolve_all
from whatworks.labels.store.schema import (
    annotator,
    decision,
    project,
    resolution,
    resolved_code,
    selection,
)
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId


def count(store: Store, table: Any = decision) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def refused(store: Store, one: DecisionDraft, message: str) -> None:
    before = count(store), count(store, annotator), count(store, selection)
    with pytest.raises(WhatworksError, match=message):
        record(store, one)
    assert (count(store), count(store, annotator), count(store, selection)) == before
    with store.reading() as connection:
        assert list(problems(connection, [one])) == [0]


def states(store: Store, ids: list[PassageId]) -> list[State]:
    with store.reading() as connection:
        return list(passage_states(connection, ids).values())


def test_a_decision_comes_back_as_it_was_said(store: Store) -> None:
    first, *_ = seed_project(store)
    suggestion_id = seed_suggestion(store, first, ["lesson"], ["gender"])
    round_id = seed_round(store, "round 1", [first], probability=1 / 3)
    given = draft(
        first,
        "Zoë Silva",
        ["obstacle", "lesson", "obstacle"],
        ["staff", "budget"],
        comment=" Déjà vu,\r\nà revoir. ",
        seconds=12.34567,
        blind=True,
        suggestion_id=suggestion_id,
        round_id=round_id,
        source="spreadsheet",
        key="k1",
    )
    recorded = record(store, given)
    said = recorded.decision
    assert recorded.is_new
    assert dataclasses.asdict(said) | {"made_at": "", "hash": ""} == {
        "id": 1,
        "passage_id": first,
        "annotator": "Zoë Silva",
        "verdict": Verdict.CORRECT,
        "labels": ("lesson", "obstacle"),
        "themes": ("budget", "staff"),
        "comment": "Déjà vu,\nà revoir.",
        "seconds": 12.346,
        "blind": True,
        "adjudicates": False,
        "undoes": None,
        "codebook_version": 1,
        "model_version": "starter 1.0",
        "round_id": round_id,
        "source": "spreadsheet",
        "key": "k1",
        "made_at": "",
        "hash": "",
    }
    assert said.made_at.endswith("Z")
    assert len(said.hash) == 64
    assert recorded.resolution == Resolution(
        State.CONFIRMED, ("lesson", "obstacle"), ("budget", "staff"), "agreed", 1, 1
    )
    with store.reading() as connection:
        assert decisions_on(connection, [first]) == {first: [said]}
        assert resolutions_of(connection, [first]) == {first: recorded.resolution}


def test_ids_count_without_gaps_and_the_project_knows_the_end(store: Store) -> None:
    ids = seed_project(store)
    made = [record(store, draft(one)).decision for one in ids]
    refused(store, draft(ids[0], labels=["none"]), "Unknown finding type")
    made.append(record(store, draft(ids[0])).decision)
    assert [one.id for one in made] == [1, 2, 3, 4]
    with store.reading() as connection:
        assert connection.execute(select(project.c.decisions, project.c.head)).one() == (
            4,
            made[-1].hash,
        )
        linked = connection.scalars(select(decision.c.previous_hash).order_by(decision.c.id))
        assert linked.all() == ["", *(one.hash for one in made[:-1])]


def test_a_changed_mind_is_a_new_decision(store: Store) -> None:
    first, *_ = seed_project(store)
    record(store, draft(first, labels=["lesson"]))
    recorded = record(store, draft(first, labels=["obstacle"]))
    assert recorded.resolution is not None
    assert recorded.resolution.labels == ("obstacle",)
    with store.reading() as connection:
        said = decisions_on(connection, [first])[first]
    assert [one.labels for one in said] == [("lesson",), ("obstacle",)]


def test_an_undo_is_a_decision_that_brings_back_what_was_before(store: Store) -> None:
    first, *_ = seed_project(store)
    record(store, draft(first, labels=["lesson"]))
    record(store, draft(first, "ben", labels=["lesson"]))
    record(store, draft(first, labels=["obstacle"]))
    assert states(store, [first]) == [State.DISAGREED]
    undone = record(store, undo(first))
    assert undone.decision.undoes == 3
    assert undone.resolution is not None
    assert undone.resolution.labels == ("lesson",)
    again = record(store, undo(first))
    assert again.decision.undoes == 1
    assert count(store) == 5
    refused(store, undo(first), "'ana' has no decision there that could be undone")


def test_a_passage_is_back_where_it_was_when_all_was_undone(store: Store) -> None:
    first, second, third = seed_project(store)
    seed_suggestion(store, second)
    for one in (first, second):
        record(store, draft(one, labels=["lesson"]))
        assert record(store, undo(one)).resolution is None
    assert states(store, [first, second, third]) == [State.NEW, State.SUGGESTED, State.NEW]
    assert count(store, resolution) == 0
    assert count(store, resolved_code) == 0


def test_only_confirmed_labels_are_kept_for_counting(store: Store) -> None:
    set_policy(store, Policy("two-agree"))
    first, *_ = seed_project(store)
    record(store, draft(first, "ana", ["lesson"], ["staff"]))
    assert count(store, resolved_code) == 0
    record(store, draft(first, "ben", ["lesson"], ["staff"]))
    assert count(store, resolved_code) == 2
    recorded = record(store, unsure(first, "ben"))
    assert count(store, resolved_code) == 0
    assert recorded.resolution == Resolution(State.IN_REVIEW, (), (), "", 1, 3)


def test_the_same_draft_sent_twice_is_one_decision(store: Store) -> None:
    first, second, _ = seed_project(store)
    one = draft(first, labels=["lesson"], key="k", seconds=1.0005, comment="a\u0300 ")
    made = record(store, one)
    record(store, draft(second))
    again = record(store, dataclasses.replace(one, comment="à"))
    assert again == dataclasses.replace(made, is_new=False)
    assert count(store) == 2


def test_the_same_draft_is_taken_again_when_it_would_no_longer_be_allowed(store: Store) -> None:
    first, *_ = seed_project(store)
    lesson, taken_back = draft(first, labels=["lesson"]), undo(first)
    made = [record(store, lesson), record(store, taken_back)]
    seed_codebook(store, codebook_source(types=["obstacle"]), {"finding_type": {"lesson": None}})
    again = [record(store, lesson), record(store, taken_back)]
    assert [one.decision for one in again] == [one.decision for one in made]


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ("obstacle",)},
        {"comment": "other"},
        {"seconds": 2.0},
        {"annotator": "ben"},
        {"blind": True},
        {"source": "web"},
        {"verdict": Verdict.UNSURE, "labels": ()},
    ],
)
def test_a_key_that_says_something_else_the_second_time_is_refused(store: Store, change) -> None:
    first, *_ = seed_project(store)
    one = draft(first, labels=["lesson"], key="k", seconds=1.0)
    record(store, one)
    refused(store, dataclasses.replace(one, **change), "the key 'k' is that of decision 1")


def test_a_key_on_another_passage_or_round_is_refused(store: Store) -> None:
    first, second, _ = seed_project(store)
    round_id = seed_round(store, "round 1", [first])
    record(store, draft(first, key="k"))
    refused(store, draft(second, key="k"), "the key 'k' is that of decision 1")
    refused(store, draft(first, key="k", round_id=round_id), "the key 'k' is that of decision 1")


def test_an_unknown_passage_names_the_nearest(store: Store) -> None:
    first, *_ = seed_project(store)
    wrong = PassageId(first[:-1] + ("0" if first[-1] != "0" else "1"))
    refused(store, draft(wrong), f"Unknown passage '{wrong}'. Nearest: '{first}'")
    refused(store, draft(PassageId("zzz")), "Unknown passage 'zzz'. Is it of another project?")
    refused(store, draft(PassageId("a\0b")), "Unknown passage")
    refused(store, draft(PassageId("a\ud800b")), "Unknown passage")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"labels": ["leson"]}, "Unknown finding type 'leson'. Nearest: 'lesson'"),
        ({"labels": ["lesson"], "themes": ["bugdet"]}, "Unknown theme 'bugdet'. Nearest: 'budget'"),
        ({"labels": ["lesson"], "themes": ["les\0son"]}, "Unknown theme"),
        ({"themes": ["budget"]}, "The theme 'budget' was given without a finding type"),
        ({"annotator": " \t"}, "names no annotator"),
        ({"annotator": "a\0b"}, "control character"),
        ({"annotator": "a\ud800b"}, "control character"),
        ({"annotator": "a" * 201}, "has 201 characters. Give at most 200"),
        ({"key": ""}, "names no key"),
        ({"source": ""}, "names no source"),
        ({"comment": "x" * 20_001}, "The comment has 20,001 characters. Give at most 20,000"),
        ({"seconds": -0.1}, "took -0.1 seconds"),
        ({"seconds": float("nan")}, "took nan seconds"),
        ({"seconds": float("inf")}, "took inf seconds"),
        ({"suggestion_id": 999}, "the suggestion 999 is not there"),
        ({"round_id": 999}, r"there is no round 999. There are 1 \(reading\)"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_cause(store: Store, wrong, message) -> None:
    first, *_ = seed_project(store)
    refused(store, draft(first, **wrong), message)


def test_a_retired_code_is_refused(store: Store) -> None:
    first, *_ = seed_project(store)
    source = codebook_source(themes=["gender", "staff"], retired=["budget"])
    seed_codebook(store, source, {"theme": {"budget": None}})
    refused(store, draft(first, labels=["lesson"], themes=["budget"]), "'budget' is retired")


def test_a_project_without_a_codebook_takes_no_decision(store: Store) -> None:
    with pytest.raises(WhatworksError, match="codebook"):
        record(store, draft(PassageId("p")))


@pytest.mark.parametrize("verdict", [Verdict.UNSURE, Verdict.UNDO])
def test_unsure_and_undo_carry_no_labels_and_settle_nothing(store: Store, verdict) -> None:
    set_policy(store, Policy("one-reviewer", ("ana",)))
    first, *_ = seed_project(store)
    record(store, draft(first))
    labelled = dataclasses.replace(draft(first, labels=["lesson"]), verdict=verdict)
    refused(store, labelled, "carries no labels")
    settles = DecisionDraft(first, "ana", verdict, adjudicates=True)
    refused(store, settles, "An adjudication settles the passage")


@pytest.mark.parametrize(
    ("labels", "verdict", "fitting"),
    [
        (["lesson"], Verdict.CONFIRM, Verdict.CORRECT),
        (["obstacle"], Verdict.CORRECT, Verdict.CONFIRM),
        ([], Verdict.CONFIRM, Verdict.REJECT),
        (["lesson"], Verdict.REJECT, Verdict.CORRECT),
    ],
)
def test_a_verdict_that_does_not_fit_the_answer_is_refused(
    store: Store, labels, verdict, fitting
) -> None:
    first, *_ = seed_project(store)
    suggestion_id = seed_suggestion(store, first, ["obstacle"])
    one = dataclasses.replace(
        draft(first, labels=labels, suggestion_id=suggestion_id), verdict=verdict
    )
    refused(store, one, f"the verdict '{verdict}' does not fit .* It is '{fitting}'")


def test_without_a_suggestion_there_is_nothing_to_confirm(store: Store) -> None:
    first, *_ = seed_project(store)
    one = dataclasses.replace(draft(first, labels=["lesson"]), verdict=Verdict.CONFIRM)
    refused(store, one, "nothing was suggested")


def test_an_older_suggestion_is_confirmed_in_present_words(store: Store) -> None:
    first, *_ = seed_project(store)
    suggestion_id = seed_suggestion(store, first, ["lesson"], ["budget"])
    source = codebook_source(themes=["money", "gender"])
    seed_codebook(store, source, {"theme": {"budget": "money", "staff": None}})
    now = Answer(("lesson",), ("money",))
    with store.reading() as connection:
        assert suggested_now(connection, [suggestion_id]) == {suggestion_id: now}
    one = draft(first, "ana", ["lesson"], ["money"], suggested=now, suggestion_id=suggestion_id)
    assert one.verdict is Verdict.CONFIRM
    assert record(store, one).decision.codebook_version == 2


def test_a_suggestion_of_another_passage_is_refused(store: Store) -> None:
    first, second, _ = seed_project(store)
    suggestion_id = seed_suggestion(store, second)
    refused(store, draft(first, suggestion_id=suggestion_id), f"is of passage {second}")


def test_two_spellings_of_a_name_are_one_annotator(store: Store) -> None:
    set_policy(store, Policy("two-agree"))
    first, *_ = seed_project(store)
    record(store, draft(first, "Zoë Silva"))
    recorded = record(store, draft(first, "  zoe\u0308   silva "))
    assert recorded.decision.annotator == "Zoë Silva"
    assert count(store, annotator) == 1
    assert states(store, [first]) == [State.IN_REVIEW]


def test_a_comment_keeps_every_letter_that_a_database_can_hold(store: Store) -> None:
    first, *_ = seed_project(store)
    made = record(store, draft(first, comment="a\0b \ud83d\ude00 \ud800 ‏عربي 中文 \x1b e\u0301"))
    assert made.decision.comment == "ab 😀 \ufffd ‏عربي 中文 \x1b é"
    with store.reading() as connection:
        assert decisions_on(connection, [first])[first] == [made.decision]


def test_a_decision_without_a_round_is_reading_as_one_pleases(store: Store) -> None:
    first, second, _ = seed_project(store)
    made = [record(store, draft(one)).decision for one in (first, first, second)]
    with store.reading() as connection:
        rows = connection.execute(select(selection).order_by(selection.c.id)).all()
    assert [(row.passage_id, row.round_id, row.probability, row.reason) for row in rows] == [
        (first, made[0].round_id, None, "reviewer's choice"),
        (second, made[0].round_id, None, "reviewer's choice"),
    ]


def test_a_round_takes_decisions_on_its_passages_while_it_is_open(store: Store) -> None:
    first, second, _ = seed_project(store)
    is_open = seed_round(store, "round 1", [first], probability=0.25)
    closed = seed_round(store, "round 0", [first], closed=True)
    assert record(store, draft(first, round_id=is_open)).decision.round_id == is_open
    assert count(store, selection) == 2
    refused(store, draft(second, round_id=is_open), f"{second} is not in the round 'round 1'")
    refused(store, draft(first, round_id=closed), "the round 'round 0' is closed")


def test_an_adjudicator_settles_what_others_disagree_on(store: Store) -> None:
    set_policy(store, Policy("two-adjudicated", ("Zoe",)))
    first, second, _ = seed_project(store)
    ruling = draft(first, "zoe", ["lesson"], adjudicates=True)
    refused(store, ruling, "is not decided: there is nothing to adjudicate")
    record(store, draft(first, "ana", ["lesson"]))
    refused(store, ruling, "is in review: there is nothing to adjudicate")
    record(store, draft(first, "ben", ["obstacle"]))
    refused(store, dataclasses.replace(ruling, annotator="ana"), "'ana' is no adjudicator")
    settled = record(store, ruling)
    assert settled.resolution == Resolution(State.CONFIRMED, ("lesson",), (), "adjudicated", 2, 3)
    # Whoever settled it can settle it anew.
    anew = record(store, draft(first, "zoe", ["obstacle"], adjudicates=True))
    assert anew.resolution is not None
    assert anew.resolution.labels == ("obstacle",)
    back = record(store, undo(first, "zoe"))
    assert back.resolution == settled.resolution
    gone = record(store, undo(first, "zoe"))
    assert gone.resolution is not None
    assert gone.resolution.state is State.DISAGREED
    record(store, draft(second, "ana", ["lesson"]))
    record(store, draft(second, "ben", ["lesson"]))
    refused(store, draft(second, "zoe", ["obstacle"], adjudicates=True), "nothing to adjudicate")


def test_where_two_must_agree_nobody_adjudicates(store: Store) -> None:
    set_policy(store, Policy("two-agree", ("zoe",)))
    first, *_ = seed_project(store)
    record(store, draft(first, "ana", ["lesson"]))
    record(store, draft(first, "ben"))
    refused(store, draft(first, "zoe", adjudicates=True), "nobody adjudicates")


def test_decisions_recorded_together_see_each_other(store: Store) -> None:
    set_policy(store, Policy("two-adjudicated", ("zoe",)))
    first, second, _ = seed_project(store)
    drafts = [
        draft(first, "ana", ["lesson"], key="a"),
        draft(first, "ben", ["obstacle"]),
        draft(first, "zoe", ["obstacle"], adjudicates=True),
        draft(second, "ana"),
        undo(second, "Ana"),
        draft(first, "ana", ["lesson"], key="a"),
    ]
    with store.reading() as connection:
        assert problems(connection, drafts) == {}
    assert count(store) == 0
    made = record_all(store, drafts)
    assert [one.decision.id for one in made] == [1, 2, 3, 4, 5, 1]
    assert [one.is_new for one in made] == [True] * 5 + [False]
    assert [one.resolution.state if one.resolution else None for one in made] == [
        State.IN_REVIEW,
        State.DISAGREED,
        State.CONFIRMED,
        State.IN_REVIEW,
        None,
        State.CONFIRMED,
    ]
    assert states(store, [first, second]) == [State.CONFIRMED, State.NEW]
    assert count(store, annotator) == 3
    with store.writing() as connection:
        assert resolve_all(connection).changed == 0


def test_decisions_recorded_together_are_all_recorded_or_none(store: Store) -> None:
    first, second, third = seed_project(store)
    drafts = [draft(first), draft(second, labels=["leson"]), draft(third), undo(third, "ben")]
    with pytest.raises(WhatworksError, match="leson"):
        record_all(store, drafts)
    assert count(store) == count(store, resolution) == count(store, selection) == 0
    assert count(store, annotator) == 0
    with store.reading() as connection:
        found = problems(connection, drafts)
    assert list(found) == [1, 3]
    assert "Nearest: 'lesson'" in found[1]
    assert record_all(store, []) == []


def test_a_log_whose_end_was_changed_takes_no_more(store: Store) -> None:
    first, *_ = seed_project(store)
    record(store, draft(first))
    with store.writing() as connection:
        connection.execute(project.update().values(decisions=2))
    refused_with = "The log ends with decision 1, but the project counts 2"
    with pytest.raises(WhatworksError, match=refused_with):
        record(store, draft(first))


def test_without_a_policy_one_reviewer_suffices(store: Store) -> None:
    with store.reading() as connection:
        assert current_policy(connection) == Policy("one-reviewer")
    assert set_policy(store, Policy("one-reviewer")) == 0


def test_a_new_policy_resolves_everything_anew(store: Store) -> None:
    first, second, third = ids = seed_project(store)
    record_all(
        store,
        [
            draft(first, "ana", ["lesson"]),
            draft(second, "ana", ["lesson"]),
            draft(second, "ben", ["lesson"]),
            draft(third, "ana"),
            draft(third, "ben", ["lesson"]),
        ],
    )
    assert states(store, ids) == [State.CONFIRMED, State.CONFIRMED, State.DISAGREED]
    two = Policy("two-agree")
    assert set_policy(store, two) == 1
    assert states(store, ids) == [State.IN_REVIEW, State.CONFIRMED, State.DISAGREED]
    assert set_policy(store, two) == 0
    with store.reading() as connection:
        assert current_policy(connection) == two
    assert set_policy(store, Policy("one-reviewer")) == 1


def test_the_order_and_spelling_of_adjudicators_make_no_new_policy(store: Store) -> None:
    set_policy(store, Policy("two-adjudicated", ("zoe", "eva ")))
    before = current(store)
    set_policy(store, Policy("two-adjudicated", ("eva", "zoe", "zoe")))
    assert current(store) == before == Policy("two-adjudicated", ("eva", "zoe"))


def current(store: Store) -> Policy:
    with store.reading() as connection:
        return current_policy(connection)


def test_a_decision_takes_milliseconds(store: Store) -> None:
    ids = seed_project(store, passages=40)
    record(store, draft(ids[0]))
    took = []
    for one in ids:
        before = time.process_time()
        record(store, draft(one))
        took.append(time.process_time() - before)
    assert sorted(took)[len(took) // 2] < 0.05
