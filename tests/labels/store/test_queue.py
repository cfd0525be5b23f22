"""The queue: what each annotator has to look at next, and what it does not give away."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import insert, select

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
from tests.stored import add, report_of
from whatworks.labels.decisions import Answer, State, Verdict
from whatworks.labels.resolution import Policy, latest_of_each, resolve
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import decisions_on, record, record_all, set_policy
from whatworks.labels.store.log import translations
from whatworks.labels.store.queue import Place, Wanted, left, next_passage, where_stopped
from whatworks.labels.store.schema import assignment, selection
from whatworks.nlp.passages import PassageId

TWO = Policy("two-agree")
NEW_THEMES = ("budget", "gender", "partners")


@pytest.fixture
def ids(store: Store) -> list[PassageId]:
    """Four passages of one report."""
    return seed_project(store, 4)


def first(store: Store, name: str, wanted: Wanted | None = None, **more) -> PassageId | None:
    with store.reading() as connection:
        place = next_passage(connection, name, wanted, **more)
    return None if place is None else place.passage_id


def whole(store: Store, name: str, wanted: Wanted | None = None) -> list[PassageId]:
    """The queue from the beginning to its end; as long as it says it is."""
    found: list[Place] = []
    with store.reading() as connection:
        while place := next_passage(
            connection, name, wanted, after=found[-1].at if found else None
        ):
            found.append(place)
        assert left(connection, name, wanted) == len(found)
    return [place.passage_id for place in found]


def states(*given: State) -> Wanted:
    return Wanted(states=frozenset(given))


def test_the_queue_is_the_report_in_reading_order(store: Store, ids) -> None:
    assert whole(store, "ana") == ids


def test_reports_come_in_the_order_in_which_they_were_added(store: Store, ids) -> None:
    others = seed_report(store, "a.pdf", ["One.", "Two."])
    assert whole(store, "ana") == [*ids, *others]
    assert whole(store, "ana", Wanted(report_id=2)) == others


def test_only_the_newest_version_of_a_report_is_in_it(store: Store, ids) -> None:
    new = seed_report(store, "report.pdf", ["It worked, point 3.", "A new one."])
    assert new[0] == ids[2]
    assert whole(store, "ana") == new


def test_what_one_has_decided_does_not_come_again(store: Store, ids) -> None:
    set_policy(store, TWO)
    record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, unsure(ids[1], "ana"))
    record(store, draft(ids[2], "ana"))
    assert whole(store, "ana") == ids[3:]


def test_one_has_one_queue_however_the_name_is_spelled(store: Store, ids) -> None:
    set_policy(store, TWO)
    record(store, draft(ids[0], "Ana", ["lesson"]))
    assert first(store, " ana ") == ids[1]


def test_what_is_taken_back_comes_again(store: Store, ids) -> None:
    set_policy(store, TWO)
    record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, draft(ids[0], "ana", ["obstacle"]))
    record(store, undo(ids[0], "ana"))
    assert first(store, "ana") == ids[1], "the decision before holds again"
    record(store, undo(ids[0], "ana"))
    assert first(store, "ana") == ids[0]


def test_with_one_reviewer_a_confirmed_passage_is_nobodys_any_more(store: Store, ids) -> None:
    record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, unsure(ids[1], "ana"))
    assert whole(store, "ben") == ids[1:]


def test_with_two_a_passage_goes_to_two_and_not_to_a_third(store: Store, ids) -> None:
    set_policy(store, TWO)
    record_all(store, [draft(ids[0], "ana", ["lesson"]), draft(ids[1], "ana", ["lesson"])])
    assert whole(store, "ben") == ids
    record_all(store, [draft(ids[0], "ben", ["lesson"]), draft(ids[1], "ben", ["obstacle"])])
    assert whole(store, "ben") == ids[2:]
    assert whole(store, "cleo") == ids[2:]


def test_the_queue_of_the_second_is_the_same_whatever_the_first_decided(store: Store, ids) -> None:
    set_policy(store, Policy("two-adjudicated", ("dan",)))
    before = whole(store, "ben")
    record(store, draft(ids[0], "ana", ["lesson"]))
    record(store, draft(ids[1], "ana"))
    record(store, unsure(ids[2], "ana"))
    assert whole(store, "ben") == before


def test_a_stale_vote_is_asked_for_again(store: Store, ids) -> None:
    set_policy(store, TWO)
    record(store, draft(ids[0], "ana", ["lesson"], ["staff"]))
    record(store, draft(ids[1], "ana", ["lesson"], ["budget"]))
    for who in ("ana", "ben"):
        record(store, draft(ids[2], who, ["lesson"], ["staff", "budget"]))
    assert whole(store, "ana") == ids[3:]
    seed_codebook(store, codebook_source(themes=NEW_THEMES), {"theme": {"staff": None}})
    assert whole(store, "ana") == [ids[0], ids[2], ids[3]]
    assert whole(store, "ana", states(State.STALE)) == [ids[2]]
    record(store, draft(ids[2], "ana", ["lesson"], ["budget"]))
    assert whole(store, "ana") == [ids[0], ids[3]]
    assert whole(store, "ana", states(State.STALE)) == []
    assert whole(store, "ben") == [ids[0], ids[1], ids[2], ids[3]]


def test_a_code_renamed_before_it_went_stale_is_followed(store: Store, ids) -> None:
    record(store, draft(ids[0], "ana", ["lesson"], ["staff"]))
    seed_codebook(store, codebook_source(themes=("people",)), {"theme": {"staff": "people"}})
    record(store, draft(ids[1], "ana", ["lesson"], ["people"]))
    assert whole(store, "ana") == ids[2:]
    seed_codebook(store, codebook_source(themes=("budget",)), {"theme": {"people": None}})
    assert whole(store, "ana") == ids


def test_a_code_whose_name_is_part_of_a_stale_one_is_not_stale(store: Store) -> None:
    seed_codebook(store, codebook_source(themes=("staff", "staff-costs", "100%", "1000")))
    ids = seed_report(store, texts=["One.", "Two.", "Three.", "Four."])
    for one, theme in zip(ids, ("staff", "staff-costs", "100%", "1000"), strict=True):
        record(store, draft(one, "ana", ["lesson"], [theme]))
    seed_codebook(store, codebook_source(), {"theme": {"staff": None, "100%": None}})
    assert whole(store, "ana") == [ids[0], ids[2]]


def test_one_goes_on_where_one_stopped_and_comes_round(store: Store, ids) -> None:
    def stopped() -> tuple[int, int] | None:
        with store.reading() as connection:
            return where_stopped(connection, "ana")

    assert stopped() is None
    record(store, draft(ids[1], "ana", ["lesson"]))
    assert first(store, "ana", after=stopped()) == ids[2]
    record(store, undo(ids[1], "ana"))
    assert first(store, "ana", after=stopped()) == ids[1]
    record(store, draft(ids[3], "ana", ["lesson"]))
    assert first(store, "ana", after=stopped()) is None
    record(store, draft(ids[2], "ben", ["lesson"]))
    assert first(store, "ana", after=stopped()) is None, "it goes by one's own last decision"


def test_where_one_stopped_elsewhere_says_nothing_here(store: Store, ids) -> None:
    seed_report(store, "a.pdf", ["One.", "Two."])
    record(store, draft(ids[1], "ana", ["lesson"]))
    with store.reading() as connection:
        assert where_stopped(connection, "ana", Wanted(report_id=2)) is None
        assert where_stopped(connection, "ana", Wanted(report_id=1)) is not None


def test_skipped_passages_can_be_left_out(store: Store, ids) -> None:
    assert first(store, "ana", without={ids[0], ids[1]}) == ids[2]
    with store.reading() as connection:
        assert left(connection, "ana", without={ids[0]}) == 3


def test_passages_can_be_asked_for_by_state(store: Store, ids) -> None:
    set_policy(store, TWO)
    seed_suggestion(store, ids[0], ["lesson"])
    for who, labels in (("ana", ["lesson"]), ("ben", ["obstacle"])):
        record(store, draft(ids[1], who, labels))
    record(store, draft(ids[2], "ana", ["lesson"]))
    assert whole(store, "ana", states(State.SUGGESTED)) == [ids[0]]
    assert whole(store, "ana", states(State.NEW)) == [ids[3]]
    assert whole(store, "ana", states(State.NEW, State.SUGGESTED)) == [ids[0], ids[3]]
    assert whole(store, "ana", states(State.DISAGREED)) == [ids[1]]
    assert whole(store, "cleo", states(State.DISAGREED, State.NEW)) == [ids[1], ids[3]]
    assert whole(store, "ana", states(State.IN_REVIEW)) == [ids[2]]
    assert whole(store, "ana", states(State.CONFIRMED)) == []
    record(store, draft(ids[2], "ben", ["lesson"]))
    assert whole(store, "cleo", states(State.CONFIRMED)) == [ids[2]]


def test_those_one_was_unsure_about_can_be_asked_for(store: Store, ids) -> None:
    for one in ids[:3]:
        record(store, unsure(one, "ana"))
    record(store, draft(ids[1], "ana", ["lesson"]))
    record(store, undo(ids[2], "ana"))
    record(store, unsure(ids[3], "ben"))
    assert whole(store, "ana", Wanted(unsure=True)) == [ids[0]]


def test_a_finding_type_is_found_by_the_last_suggestion(store: Store, ids) -> None:
    seed_suggestion(store, ids[0], ["lesson"])
    seed_suggestion(store, ids[1], ["lesson"])
    seed_suggestion(store, ids[1], ["obstacle"], model="new 2.0")
    assert whole(store, "ana", Wanted(label="lesson")) == [ids[0]]
    assert whole(store, "ana", Wanted(label="obstacle")) == [ids[1]]


def test_a_finding_type_is_found_under_its_older_name(store: Store, ids) -> None:
    seed_suggestion(store, ids[0], ["lesson"])
    seed_codebook(
        store,
        codebook_source(types=("insight", "obstacle")),
        {"finding_type": {"lesson": "insight", "success_factor": None}},
    )
    seed_suggestion(store, ids[1], ["insight"], model="new 2.0")
    assert whole(store, "ana", Wanted(label="insight")) == ids[:2]
    assert whole(store, "ana", Wanted(label="lesson")) == []


def test_a_language_can_be_asked_for(store: Store) -> None:
    seed_codebook(store)
    english, french = report_of("a.pdf", "It worked.", "Ça a marché.").passages
    french = replace(french, language="fr")
    add(store, replace(report_of("a.pdf"), passages=(english, french)))
    assert whole(store, "ana", Wanted(language="fr")) == [french.id]


def test_a_round_comes_in_the_order_of_its_selection(store: Store, ids) -> None:
    others = seed_report(store, "a.pdf", ["One."])
    order = [others[0], ids[2], ids[0]]
    wanted = Wanted(round_id=seed_round(store, "audit 1", order))
    assert whole(store, "ana", wanted) == order
    record(store, draft(ids[2], "ana", ["lesson"], round_id=wanted.round_id))
    assert whole(store, "ana", wanted) == [others[0], ids[0]]
    with store.reading() as connection:
        after = where_stopped(connection, "ana", wanted)
        found = next_passage(connection, "ana", wanted, after=after)
    assert found is not None
    assert found.passage_id == ids[0]


def test_who_is_assigned_decides_whoever_else_did(store: Store, ids) -> None:
    wanted = Wanted(round_id=seed_round(store, "audit 1", ids[:3]))
    # One reviewer suffices, so ids[0] and ids[1] are confirmed.
    record(store, draft(ids[0], "ana", ["lesson"], round_id=wanted.round_id))
    record(store, draft(ids[1], "ana", ["lesson"], round_id=wanted.round_id))
    record(store, draft(ids[3], "ben", ["lesson"]))
    with store.writing() as connection:
        numbers = connection.scalars(
            select(selection.c.id)
            .where(selection.c.round_id == wanted.round_id)
            .order_by(selection.c.id)
        ).all()
        connection.execute(
            insert(assignment),
            [
                {"selection_id": numbers[0], "annotator_id": 2},
                {"selection_id": numbers[2], "annotator_id": 1},
            ],
        )
    assert whole(store, "ben", wanted) == [ids[0]]
    assert whole(store, "ana", wanted) == [ids[2]]
    record(store, draft(ids[0], "ben", ["obstacle"], round_id=wanted.round_id))
    assert whole(store, "ben", wanted) == []


@pytest.mark.slow
@pytest.mark.parametrize("policy", [Policy(), TWO, Policy("two-adjudicated", ("dan",))])
def test_it_is_what_a_naive_look_at_the_log_says(policy: Policy, store: Store) -> None:
    chance, sizes = random.Random(policy.name), set()
    set_policy(store, policy)
    ids = seed_project(store, 16)
    names = ("ana", "ben", "cleo")
    for step in range(60):
        if step == 40:
            seed_codebook(
                store,
                codebook_source(("lesson", "obstacle"), ("gender", "money", "partners")),
                {
                    "theme": {"staff": None, "budget": "money"},
                    "finding_type": {"success_factor": "lesson"},
                },
            )
        _decide_something(store, chance, ids, names)
        if step % 10 == 9:
            for name in names:
                found = whole(store, name)
                assert found == _naive_queue(store, ids, name, policy)
                sizes.add(len(found))
    assert len(sizes) > 4


def _decide_something(
    store: Store, chance: random.Random, ids: Sequence[PassageId], names: Sequence[str]
) -> None:
    one, name = chance.choice(ids), chance.choice(names)
    with store.reading() as connection:
        said = decisions_on(connection, [one])[one]
    mine = [decision for decision in said if decision.annotator == name]
    undone = {decision.undoes for decision in mine}
    what = chance.random()
    if what < 0.25 and any(d.verdict is not Verdict.UNDO and d.id not in undone for d in mine):
        record(store, undo(one, name))
    elif what < 0.35:
        record(store, unsure(one, name))
    else:
        labels = chance.choice([[], ["lesson"], ["obstacle"]])
        themes = chance.sample(["gender", "partners"], 1) if labels else []
        with store.reading() as connection:
            first_version = len(translations(connection)) == 1
        if labels and first_version:
            themes = chance.sample(["staff", "budget", "gender"], 2)
        record(store, draft(one, name, labels, sorted(themes)))


def _naive_queue(
    store: Store, ids: Sequence[PassageId], name: str, policy: Policy
) -> list[PassageId]:
    with store.reading() as connection:
        all_said = decisions_on(connection, ids)
        now = translations(connection)
    wanted = []
    for one in ids:
        found = resolve(all_said[one], policy, now)
        if found is not None and found.state in (State.CONFIRMED, State.DISAGREED):
            continue
        mine = [vote for vote in latest_of_each(all_said[one]) if vote.annotator == name]
        answers = [
            now.answer(vote.codebook_version, Answer(vote.labels, vote.themes)) for vote in mine
        ]
        if not any(not stale for _, stale in answers):
            wanted.append(one)
    return wanted
