import pytest
from sqlalchemy import delete, select

from tests.labels.store.seeds import (
    codebook_source,
    draft,
    seed_codebook,
    seed_project,
    seed_suggestion,
)
from whatworks.labels.decisions import State
from whatworks.labels.resolution import Policy
from whatworks.labels.store import log, resolutions
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import record, record_all, set_policy
from whatworks.labels.store.resolutions import (
    Effect,
    effect_of,
    passage_states,
    resolutions_of,
    resolve_all,
)
from whatworks.labels.store.schema import resolution, resolved_code
from whatworks.nlp.passages import PassageId

CONFIRMED, DISAGREED, STALE = State.CONFIRMED, State.DISAGREED, State.STALE


def foreseen(store: Store, translation) -> Effect:
    with store.reading() as connection:
        return effect_of(connection, translation)


def contents(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [
            tuple(row)
            for table in (resolution, resolved_code)
            for row in connection.execute(select(table).order_by(*table.primary_key))
        ]


def test_a_codebook_change_is_foreseen_exactly(store: Store) -> None:
    ids = seed_project(store, passages=7)
    record_all(
        store,
        [
            draft(ids[0], "ana", ["lesson"], ["staff"]),
            draft(ids[1], "ana", ["lesson"], ["staff", "budget"]),
            draft(ids[2], "ana", ["lesson"], ["gender"]),
            draft(ids[3], "ana", ["lesson"]),
            draft(ids[4], "ana", ["lesson"], ["gender"]),
            draft(ids[4], "ben", ["lesson"], ["partners"]),
            draft(ids[5], "ana", ["obstacle"], ["staff"]),
            draft(ids[5], "ben", ["obstacle"], ["gender"]),
        ],
    )
    translation = {
        "theme": {"staff": None, "budget": None, "gender": "people", "partners": "people"}
    }
    before = contents(store)
    effect = foreseen(store, translation)
    assert effect == Effect(
        moves={(CONFIRMED, STALE): 2, (DISAGREED, CONFIRMED): 2},
        relabelled=1,
        stale_codes={("theme", "staff"): 2, ("theme", "budget"): 1},
    )
    assert (effect.requeued, effect.changed) == (2, 4)
    assert (effect.into(CONFIRMED), effect.into(DISAGREED)) == (2, 0)
    assert contents(store) == before
    assert seed_codebook(store, codebook_source(themes=["people"]), translation) == effect
    with store.reading() as connection:
        assert list(passage_states(connection, ids).values()) == [
            STALE, STALE, CONFIRMED, CONFIRMED, CONFIRMED, CONFIRMED, State.NEW,
        ]  # fmt: skip
        kept = resolutions_of(connection, [ids[2], ids[4], ids[5], ids[6]])
    assert {one: found.themes for one, found in kept.items()} == dict.fromkeys(
        [ids[2], ids[4], ids[5]], ("people",)
    )


def test_a_change_that_touches_nothing_has_no_effect(store: Store) -> None:
    first, *_ = seed_project(store)
    record(store, draft(first, "ana", ["lesson"], ["staff"]))
    for translation in ({}, {"theme": {"gender": None}}, {"finding_type": {"staff": None}}):
        assert foreseen(store, translation) == Effect()


def test_a_confirmed_passage_can_become_disagreed_by_a_merge(store: Store) -> None:
    set_policy(store, Policy("two-agree"))
    first, *_ = seed_project(store)
    record_all(
        store,
        [
            draft(first, "ana", ["lesson"]),
            draft(first, "ben", ["lesson"]),
            draft(first, "eva", ["lesson"], ["staff"]),
            draft(first, "leo", ["lesson"], ["gender"]),
        ],
    )
    translation = {"theme": {"staff": "people", "gender": "people"}}
    effect = foreseen(store, translation)
    assert effect.moves == {(CONFIRMED, DISAGREED): 1}
    assert effect.requeued == 1
    assert seed_codebook(store, codebook_source(themes=["people"]), translation) == effect


def test_everything_is_worked_out_again_in_parts(store: Store, monkeypatch) -> None:
    ids = seed_project(store, passages=25)
    record_all(store, [draft(one, "ana", ["lesson"], ["staff"]) for one in ids])
    before = contents(store)
    for module in (log, resolutions):
        monkeypatch.setattr(module, "AT_ONCE", 10)
    with store.writing() as connection:
        connection.execute(delete(resolved_code))
        connection.execute(delete(resolution))
        resolve_all(connection)
    # Only the time of the last change is another.
    assert [row[:8] for row in contents(store)] == [row[:8] for row in before]


def test_only_the_passages_that_were_named_are_worked_out_again(store: Store) -> None:
    ids = seed_project(store)
    record_all(store, [draft(one, "ana", ["lesson"]) for one in ids])
    with store.writing() as connection:
        connection.execute(delete(resolved_code))
        connection.execute(delete(resolution))
        resolve_all(connection, ids[:2])
        assert set(resolutions_of(connection, ids)) == set(ids[:2])


def test_what_stays_the_same_is_not_written_again(store: Store) -> None:
    ids = seed_project(store)
    record_all(store, [draft(one, "ana", ["lesson"]) for one in ids])
    before = contents(store)
    with store.writing() as connection:
        assert resolve_all(connection) == Effect()
    assert contents(store) == before


@pytest.mark.parametrize("count", [0, 1, 2500])
def test_states_come_in_the_order_asked_for(store: Store, count: int) -> None:
    first, second, third = seed_project(store)
    seed_suggestion(store, second)
    record(store, draft(third))
    unknown = [PassageId(f"{n:016x}") for n in range(count)]
    with store.reading() as connection:
        found = passage_states(connection, [third, *unknown, second, first])
    assert list(found) == [third, *unknown, second, first]
    assert [found[one] for one in (first, second, third)] == [
        State.NEW, State.SUGGESTED, State.CONFIRMED,
    ]  # fmt: skip
