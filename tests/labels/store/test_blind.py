"""From whom a suggestion is hidden, and in which round they are asked."""

import pytest
from sqlalchemy import insert, select, update

from tests.labels.store.seeds import draft, seed_project, seed_round, undo
from whatworks.labels.store.blind import blind_round, hidden_from
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import record
from whatworks.labels.store.schema import annotator, assignment, round_, selection
from whatworks.nlp.passages import PassageId


@pytest.fixture
def ids(store: Store) -> list[PassageId]:
    return seed_project(store, 3)


def blind(store: Store, passages: list[PassageId], name: str = "blind", **more) -> int:
    number = seed_round(store, name, passages, **more)
    with store.writing() as connection:
        connection.execute(update(round_).where(round_.c.id == number).values(blind=True))
    return number


def hidden(store: Store, name: str, ids: list[PassageId]) -> set[PassageId]:
    with store.reading() as connection:
        return hidden_from(connection, name, ids)


def asked_in(store: Store, name: str, passage_id: PassageId) -> int | None:
    with store.reading() as connection:
        return blind_round(connection, name, passage_id)


def test_it_is_hidden_from_those_who_never_decided_the_passage(store: Store, ids) -> None:
    blind(store, ids[:2])
    record(store, draft(ids[0], "ana", ["lesson"]))
    assert hidden(store, "Ana ", ids) == {ids[1]}
    assert hidden(store, "ben", ids) == set(ids[:2])
    record(store, undo(ids[0], "ana"))
    assert hidden(store, "ana", ids) == {ids[1]}, "what was seen stays seen"


def test_open_rounds_that_are_not_blind_and_closed_blind_ones_hide_nothing(
    store: Store, ids
) -> None:
    seed_round(store, "open", ids)
    blind(store, ids, "closed", closed=True)
    assert hidden(store, "ana", ids) == set()


def test_one_is_asked_in_a_round_that_is_ones_own_or_nobodys(store: Store, ids) -> None:
    record(store, draft(ids[2], "ana", ["lesson"]))
    record(store, draft(ids[2], "ben", ["lesson"]))
    number = blind(store, ids[:2])
    with store.writing() as connection:
        of = select(selection.c.id).where(
            selection.c.round_id == number, selection.c.passage_id == ids[0]
        )
        who = select(annotator.c.id).where(annotator.c.name == "ana")
        connection.execute(
            insert(assignment).values(
                selection_id=connection.scalar(of), annotator_id=connection.scalar(who)
            )
        )
    assert asked_in(store, "ana", ids[0]) == number
    assert asked_in(store, "ben", ids[0]) is None
    assert asked_in(store, "ben", ids[1]) == number
    assert asked_in(store, "ana", ids[2]) is None
    # It is asked of ana, and still ben must not see it: he may be asked next.
    assert hidden(store, "ben", ids) == set(ids[:2])
