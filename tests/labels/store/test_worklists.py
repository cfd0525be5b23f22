"""The worklist: it says in memory what the queue says by queries, whatever happens meanwhile."""

import random
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import insert, select, update

from tests.labels.store.forgery import unguarded
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
from whatworks.labels.decisions import Verdict
from whatworks.labels.resolution import Policy
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import decisions_on, record, record_all, set_policy
from whatworks.labels.store.queue import Wanted, left, next_passage
from whatworks.labels.store.schema import annotator, assignment, round_, selection, suggestion
from whatworks.labels.store.worklists import Standing, Worklist
from whatworks.labels.worklist import Order, Queue, Show, View
from whatworks.nlp.passages import PassageId

TWO = Policy("two-agree")


@pytest.fixture
def ids(store: Store) -> list[PassageId]:
    """Four passages of one report."""
    return seed_project(store, 4)


@pytest.fixture
def worklist() -> Worklist:
    return Worklist()


def standing(store: Store, worklist: Worklist, name: str = "ana") -> Standing:
    with store.reading() as connection:
        return worklist.standing(connection, name)


def queue(store: Store, worklist: Worklist, view: View | None = None, name: str = "ana") -> Queue:
    with store.reading() as connection:
        return worklist.standing(connection, name).queue(connection, view or View())


def members(found: Queue) -> list[PassageId]:
    """All passages of a queue, decided or not."""
    return list(_walk(found))


def _walk(found: Queue) -> Iterator[PassageId]:
    if found.total:
        at: PassageId | None = found.nth(1)
        while at is not None:
            yield at
            at = found.after(at)


def opened(found: Queue) -> list[PassageId]:
    """Those that are still to be decided, from the beginning."""
    ids: list[PassageId] = []
    at = found.following()
    while at is not None and at not in ids:
        ids.append(at)
        at = found.following(at)
    assert len(ids) == found.left
    return ids


def by_queries(store: Store, name: str, wanted: Wanted) -> list[PassageId]:
    ids = []
    with store.reading() as connection:
        after = None
        while place := next_passage(connection, name, wanted, after=after):
            ids.append(place.passage_id)
            after = place.at
        assert left(connection, name, wanted) == len(ids)
    return ids


def blinded(store: Store, round_id: int) -> None:
    with store.writing() as connection:
        connection.execute(update(round_).where(round_.c.id == round_id).values(blind=True))


def test_an_empty_project_has_an_empty_queue(store: Store, worklist: Worklist) -> None:
    seed_codebook(store)
    found = queue(store, worklist)
    assert (found.total, found.left, found.following()) == (0, 0, None)


def test_a_decision_made_anywhere_is_known_at_the_next_step(
    store: Store, worklist: Worklist, ids
) -> None:
    assert opened(queue(store, worklist)) == ids
    record(store, draft(ids[0], "ben", ["lesson"]))
    record(store, unsure(ids[2], "ana"))
    found = queue(store, worklist)
    assert opened(found) == [ids[1], ids[3]]
    assert (found.total, found.left) == (4, 2)
    record(store, undo(ids[0], "ben"))
    assert opened(queue(store, worklist)) == [ids[0], ids[1], ids[3]]


def test_a_report_a_codebook_and_a_suggestion_added_meanwhile_are_known(
    store: Store, worklist: Worklist, ids
) -> None:
    assert queue(store, worklist).total == 4
    more = seed_report(store, "a.pdf", ["One."])
    assert opened(queue(store, worklist)) == [*ids, *more]
    seed_suggestion(store, more[0], ["lesson"])
    assert opened(queue(store, worklist, View(label="lesson"))) == more
    renamed = {"finding_type": {"lesson": "insight"}}
    seed_codebook(store, codebook_source(types=("insight", "obstacle")), renamed)
    assert opened(queue(store, worklist, View(label="insight"))) == more
    assert opened(queue(store, worklist, View(label="lesson"))) == []


def test_a_theme_is_found_by_the_last_suggestion(store: Store, worklist: Worklist, ids) -> None:
    seed_suggestion(store, ids[0], ["lesson"], ["staff"])
    seed_suggestion(store, ids[1], ["lesson"], ["staff"])
    assert opened(queue(store, worklist, View(theme="staff"))) == ids[:2]
    seed_suggestion(store, ids[1], ["lesson"], ["budget"], model="new 2.0")
    assert opened(queue(store, worklist, View(theme="staff"))) == [ids[0]]
    assert opened(queue(store, worklist, View(theme="budget"))) == [ids[1]]


def test_the_most_uncertain_come_first(store: Store, worklist: Worklist, ids) -> None:
    doubts = {ids[1]: 0.2, ids[3]: 0.9, ids[2]: 0.2}
    numbers = {one: seed_suggestion(store, one, ["lesson"]) for one in doubts}
    with unguarded(store) as connection:
        for one, doubt in doubts.items():
            connection.execute(
                update(suggestion).where(suggestion.c.id == numbers[one]).values(uncertainty=doubt)
            )
    found = queue(store, worklist, View(order=Order.UNCERTAIN))
    assert members(found) == [ids[3], ids[1], ids[2], ids[0]]


def test_ones_own_decisions_are_found_by_what_one_said(
    store: Store, worklist: Worklist, ids
) -> None:
    for one in ids[:3]:
        seed_suggestion(store, one, ["lesson"], ["staff"])
    record(store, draft(ids[0], "ana", ["obstacle"], ["budget"]))
    record(store, draft(ids[1], "ana", ["lesson"]))
    record(store, draft(ids[2], "ben", ["obstacle"]))
    record(store, unsure(ids[3], "ana"))
    assert members(queue(store, worklist, View(show=Show.MINE))) == [ids[0], ids[1], ids[3]]
    assert members(queue(store, worklist, View(show=Show.MINE, label="obstacle"))) == [ids[0]]
    assert members(queue(store, worklist, View(show=Show.MINE, theme="staff"))) == []
    assert members(queue(store, worklist, View(show=Show.UNSURE))) == [ids[3]]
    record(store, undo(ids[0], "ana"))
    assert members(queue(store, worklist, View(show=Show.MINE))) == [ids[1], ids[3]]


def test_looking_back_ends_where_the_queue_ends(store: Store, worklist: Worklist, ids) -> None:
    for one in ids[:2]:
        record(store, draft(one, "ana", ["lesson"]))
    found = queue(store, worklist, View(show=Show.MINE))
    assert found.following(ids[0]) == ids[1]
    assert found.following(ids[1]) is None
    assert found.left == found.total == 2


def test_the_queue_comes_round_and_gives_back_what_was_skipped(
    store: Store, worklist: Worklist, ids
) -> None:
    record(store, draft(ids[1], "ana", ["lesson"]))
    found = queue(store, worklist)
    assert found.following(ids[0]) == ids[2]
    assert found.following(ids[3]) == ids[0]
    assert found.following(ids[3], avoid={ids[0]}) == ids[2]
    assert found.following(ids[3], avoid=set(ids)) == ids[0], "rather that than nothing"
    assert (found.before(ids[0]), found.after(ids[3])) == (None, None)
    assert (found.before(ids[2]), found.after(ids[0])) == (ids[1], ids[1])
    assert [found.place_of(one) for one in ids] == [1, 2, 3, 4]


def test_the_last_passage_is_not_followed_by_itself(store: Store, worklist: Worklist, ids) -> None:
    for one in ids[:3]:
        record(store, draft(one, "ana", ["lesson"]))
    assert queue(store, worklist).following(ids[3]) is None


def test_from_a_passage_outside_one_goes_on_in_reading_order(
    store: Store, worklist: Worklist, ids
) -> None:
    for one in (ids[0], ids[3]):
        seed_suggestion(store, one, ["lesson"])
    found = queue(store, worklist, View(label="lesson"))
    assert found.place_of(ids[1]) == 0
    assert (found.before(ids[1]), found.after(ids[1])) == (ids[0], ids[3])
    assert found.following(ids[1]) == ids[3]
    assert found.following(PassageId("f" * 16)) == ids[0]


def test_what_a_blind_round_hides_is_not_found_by_its_suggestion(
    store: Store, worklist: Worklist, ids
) -> None:
    for one in ids[:2]:
        seed_suggestion(store, one, ["lesson"], ["staff"])
    number = seed_round(store, "blind 1", [ids[0]])
    blinded(store, number)
    for view in (View(label="lesson"), View(theme="staff")):
        assert members(queue(store, worklist, view)) == [ids[1]]
    uncertain = queue(store, worklist, View(order=Order.UNCERTAIN))
    assert members(uncertain) == [ids[1], ids[0], ids[2], ids[3]]
    assert members(queue(store, worklist, View(round_id=number, label="lesson"))) == []
    with store.reading() as connection:
        assert standing(store, worklist).hides(connection, ids[0])
    record(store, unsure(ids[0], "ana"))
    assert members(queue(store, worklist, View(label="lesson"))) == ids[:2]
    assert members(queue(store, worklist, View(label="lesson"), "ben")) == [ids[1]]
    with store.reading() as connection:
        assert not standing(store, worklist).hides(connection, ids[0])


def test_a_round_that_becomes_blind_or_is_closed_is_noticed(
    store: Store, worklist: Worklist, ids
) -> None:
    seed_suggestion(store, ids[0], ["lesson"])
    assert queue(store, worklist, View(label="lesson")).total == 1
    with store.writing() as connection:
        key = connection.execute(
            insert(round_).values(
                name="b", purpose="audit", strategy="random", blind=True, created_at="",
                created_by="",
            )
        ).inserted_primary_key  # fmt: skip
        connection.execute(
            insert(selection).values(round_id=key[0], passage_id=ids[0], reason="", created_at="")
        )
    assert queue(store, worklist, View(label="lesson")).total == 0
    with store.writing() as connection:
        connection.execute(update(round_).where(round_.c.id == key[0]).values(closed_at="now"))
    assert queue(store, worklist, View(label="lesson")).total == 1


def test_only_those_who_are_asked_have_assigned_passages_in_their_round(
    store: Store, worklist: Worklist, ids
) -> None:
    record_all(store, [unsure(ids[3], "ana"), unsure(ids[3], "ben")])
    number = seed_round(store, "audit 1", [ids[2], ids[0], ids[1]])
    _assign(store, number, ids[2], "ana")
    _assign(store, number, ids[0], "ben")
    view = View(round_id=number)
    assert members(queue(store, worklist, view)) == [ids[2], ids[1]]
    assert members(queue(store, worklist, view, "ben")) == [ids[0], ids[1]]
    record(store, draft(ids[2], "ben", ["lesson"]))
    assert opened(queue(store, worklist, view)) == [ids[2], ids[1]], "asked, whoever decided"


@pytest.mark.slow
@pytest.mark.parametrize("policy", [Policy(), TWO, Policy("two-adjudicated", ("dan",))])
def test_it_follows_any_history_and_agrees_with_the_queries(policy: Policy, store: Store) -> None:
    chance = random.Random(policy.name)
    set_policy(store, policy)
    ids = seed_project(store, 10)
    rounds = [seed_round(store, "first", chance.sample(ids, 6))]
    names = ("ana", "ben", "cleo")
    followed, sizes = Worklist(), set()
    for step in range(45):
        if step == 15:
            ids += seed_report(store, "b.pdf", ["One.", "Two.", "Three."])
        elif step == 30:
            renamed = {"theme": {"staff": None, "budget": "money"}}
            seed_codebook(store, codebook_source(themes=("gender", "money", "partners")), renamed)
        elif step == 35:
            set_policy(store, TWO if policy.name != "two-agree" else Policy())
        _do_something(store, chance, ids, names, rounds[0])
        assert queue(store, followed, name=names[step % 3]).total == len(ids)
        if step % 9 == 8:
            for name in names:
                for view, wanted in _views(rounds[0]):
                    found = queue(store, followed, view, name)
                    expected = by_queries(store, name, wanted)
                    assert opened(found) == expected, (step, name, view)
                    assert members(found) == members(queue(store, Worklist(), view, name))
                    sizes.add(found.left)
    assert len(sizes) > 5


def _views(round_id: int) -> list[tuple[View, Wanted]]:
    return [
        (View(), Wanted()),
        (View(report_id=1), Wanted(report_id=1)),
        (View(round_id=round_id), Wanted(round_id=round_id)),
        (View(label="lesson"), Wanted(label="lesson")),
        (View(show=Show.UNSURE), Wanted(unsure=True)),
    ]


def _do_something(
    store: Store,
    chance: random.Random,
    ids: Sequence[PassageId],
    names: Sequence[str],
    round_id: int,
) -> None:
    one, name = chance.choice(ids), chance.choice(names)
    with store.reading() as connection:
        said = decisions_on(connection, [one])[one]
        people = set(connection.scalars(select(annotator.c.name)))
        in_round = set(
            connection.scalars(
                select(selection.c.passage_id).where(selection.c.round_id == round_id)
            )
        )
    mine = [decision for decision in said if decision.annotator == name]
    undone = {decision.undoes for decision in mine}
    what = chance.random()
    if what < 0.2 and any(d.verdict is not Verdict.UNDO and d.id not in undone for d in mine):
        record(store, undo(one, name))
    elif what < 0.3:
        record(store, unsure(one, name))
    elif what < 0.4:
        labels = chance.choice([[], ["lesson"], ["obstacle"]])
        seed_suggestion(store, one, labels, model=f"model {chance.random()}")
    elif what < 0.45 and name in people and one in in_round:
        _assign(store, round_id, one, name)
    else:
        labels = chance.choice([[], ["lesson"], ["obstacle"]])
        themes = ["gender"] if labels else []
        inside = round_id if one in in_round and chance.random() < 0.5 else None
        record(store, draft(one, name, labels, themes, round_id=inside))


def _assign(store: Store, round_id: int, passage_id: PassageId, name: str) -> None:
    with store.writing() as connection:
        of = select(selection.c.id).where(
            selection.c.round_id == round_id, selection.c.passage_id == passage_id
        )
        who = select(annotator.c.id).where(annotator.c.name == name)
        row = {
            "selection_id": connection.scalar(of),
            "annotator_id": connection.scalar(who),
        }
        known = select(assignment).where(
            assignment.c.selection_id == row["selection_id"],
            assignment.c.annotator_id == row["annotator_id"],
        )
        if connection.execute(known).first() is None:
            connection.execute(insert(assignment), [row])
