import random
from collections.abc import Sequence

import pytest
from sqlalchemy import delete, select, update

from tests.labels.store.seeds import (
    THEMES,
    TYPES,
    codebook_source,
    draft,
    seed_codebook,
    seed_report,
    seed_round,
    undo,
    unsure,
)
from whatworks.labels.agreement.votes import Votes
from whatworks.labels.decisions import Decision, DecisionDraft, Translation, Verdict
from whatworks.labels.resolution import Policy
from whatworks.labels.store import schema
from whatworks.labels.store.ballots import ballots_that_differ
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import decisions_on, record, record_all, set_policy
from whatworks.labels.store.independent import IndependentVotes, read_independent_votes
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId

Told = list[tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]]
"""Of each passage who said what, in which round: ('ana', 'reading', labels, themes)."""


@pytest.fixture
def passages(store: Store) -> list[PassageId]:
    """A project with a codebook and twelve passages."""
    seed_codebook(store)
    return seed_report(store, texts=[f"Passage {n} says something." for n in range(12)])


def read(store: Store, **only: object) -> IndependentVotes:
    with store.reading() as connection:
        return read_independent_votes(connection, **only)  # type: ignore[arg-type]


def told(votes: Votes) -> Told:
    """The votes in words, passages in any order."""
    found: dict[int, list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]] = {}
    for place, passage in enumerate(votes.passages.tolist()):
        vote = (
            votes.annotator_names[votes.annotators[place]],
            votes.round_names[votes.rounds[place]],
            tuple(sorted(votes.finding_type_sets[votes.finding_types[place]])),
            tuple(sorted(votes.theme_sets[votes.themes[place]])),
        )
        found.setdefault(passage, []).append(vote)
    return sorted(tuple(sorted(one)) for one in found.values())


def test_votes_on_passages_that_two_decided_are_read(
    store: Store, passages: Sequence[PassageId]
) -> None:
    first, second, third, *_ = passages
    record_all(
        store,
        [
            draft(first, "ana", ["lesson"], ["staff"]),
            draft(first, "ben", ["lesson"], ["budget", "staff"]),
            draft(second, "ana", ["obstacle"]),
            draft(third, "ben"),
            draft(third, "ana"),
        ],
    )
    found = read(store)
    assert told(found.votes) == [
        (("ana", "reading", (), ()), ("ben", "reading", (), ())),
        (
            ("ana", "reading", ("lesson",), ("staff",)),
            ("ben", "reading", ("lesson",), ("budget", "staff")),
        ),
    ]
    assert found.n_stale == 0
    assert found.votes.language_codes == ("en",)


def test_a_new_project_has_no_votes(store: Store) -> None:
    found = read(store)
    assert found.votes.n_passages == 0
    assert found.n_stale == 0


def test_a_changed_mind_an_undo_and_unsure_show(
    store: Store, passages: Sequence[PassageId]
) -> None:
    one = passages[0]
    record(store, draft(one, "ana", ["lesson"]))
    record(store, draft(one, "ben", ["lesson"]))
    record(store, draft(one, "ben", ["obstacle"]))
    ana = ("ana", "reading", ("lesson",), ())
    assert told(read(store).votes) == [(ana, ("ben", "reading", ("obstacle",), ()))]
    record(store, undo(one, "ben"))
    assert told(read(store).votes) == [(ana, ("ben", "reading", ("lesson",), ()))]
    record(store, unsure(one, "ben"))
    assert told(read(store).votes) == []


def test_what_follows_an_adjudication_is_left_out(
    store: Store, passages: Sequence[PassageId]
) -> None:
    one = passages[0]
    set_policy(store, Policy("two-adjudicated", ("zoe",)))
    record(store, draft(one, "ana", ["lesson"]))
    record(store, draft(one, "ben", ["obstacle"]))
    record(store, draft(one, "zoe", ["lesson"], adjudicates=True))
    record(store, draft(one, "ben", ["lesson"]))
    record(store, draft(one, "joão", ["lesson"]))
    assert told(read(store).votes) == [
        (("ana", "reading", ("lesson",), ()), ("ben", "reading", ("obstacle",), ()))
    ]


def test_votes_are_in_the_codes_of_the_newest_codebook(
    store: Store, passages: Sequence[PassageId]
) -> None:
    first, second, *_ = passages
    record(store, draft(first, "ana", ["lesson"], ["staff"]))
    renamed: Translation = {"theme": {"staff": "people"}}
    seed_codebook(store, codebook_source(themes=("budget", "people")), renamed)
    record(store, draft(first, "ben", ["lesson"], ["people"]))
    found = read(store).votes
    assert told(found) == [
        (
            ("ana", "reading", ("lesson",), ("people",)),
            ("ben", "reading", ("lesson",), ("people",)),
        )
    ]
    assert found.themes[0] == found.themes[1]
    record(store, draft(second, "ana", ["lesson"]))
    record(store, draft(second, "ben", ["obstacle"]))
    split: Translation = {"finding_type": {"lesson": None}}
    seed_codebook(store, codebook_source(types=("obstacle",)), split)
    after = read(store)
    assert after.votes.n_passages == 0
    assert after.n_stale == 3


def test_votes_can_be_limited(store: Store, passages: Sequence[PassageId]) -> None:
    first, second, third, *_ = passages
    (other,) = seed_report(store, "other.pdf", ["Another report says something else."])
    audit = seed_round(store, "audit", [second, third])
    drafts = [
        *(draft(first, name, ["lesson"]) for name in ("ana", "ben", "Zoë")),
        *(draft(second, name, round_id=audit) for name in ("ana", "ben")),
        draft(third, "ana", round_id=audit),
        draft(third, "ben"),
        *(draft(other, name, ["obstacle"]) for name in ("ana", "Zoë")),
    ]
    record_all(store, drafts)
    assert read(store).votes.n_passages == 4
    assert told(read(store, round_name="audit").votes) == [
        (("ana", "audit", (), ()), ("ben", "audit", (), ()))
    ]
    pair = read(store, annotators=["ANA", "zoë"]).votes
    assert told(pair) == [
        (("Zoë", "reading", ("lesson",), ()), ("ana", "reading", ("lesson",), ())),
        (("Zoë", "reading", ("obstacle",), ()), ("ana", "reading", ("obstacle",), ())),
    ]
    with store.reading() as connection:
        query = select(schema.report.c.id).where(schema.report.c.name == "other.pdf")
        other_id = connection.scalar(query)
    assert read(store, report_ids=[other_id]).votes.n_passages == 1
    assert read(store, language="fr").votes.n_passages == 0
    assert read(store, language="en").votes.n_passages == 4


def test_an_unknown_annotator_or_round_is_pointed_out(
    store: Store, passages: Sequence[PassageId]
) -> None:
    record(store, draft(passages[0], "ana"))
    with pytest.raises(WhatworksError, match="Unknown annotator 'anna'. Nearest: 'ana'"):
        read(store, annotators=["anna"])
    with pytest.raises(WhatworksError, match="Unknown round 'reeding'. Nearest: 'reading'"):
        read(store, round_name="reeding")


def naive(store: Store, passages: Sequence[PassageId]) -> Told:
    """From the log, by walking it through as the rule says, without what the package has."""
    with store.reading() as connection:
        logs = decisions_on(connection, passages)
        rounds = dict(connection.execute(select(schema.round_.c.id, schema.round_.c.name)).all())
    found: Told = []
    for log in logs.values():
        standing: dict[str, list[Decision]] = {}
        for one in log:
            if one.adjudicates:
                break
            if one.verdict is Verdict.UNDO:
                standing[one.annotator].pop()
            else:
                standing.setdefault(one.annotator, []).append(one)
        last = [said[-1] for said in standing.values() if said]
        votes = [one for one in last if one.verdict is not Verdict.UNSURE]
        if len(votes) > 1:
            told = [(v.annotator, rounds[v.round_id], v.labels, v.themes) for v in votes]
            found.append(tuple(sorted(told)))
    return sorted(found)


@pytest.mark.parametrize("seed", range(3))
def test_random_histories_give_what_the_log_says(
    store: Store, passages: Sequence[PassageId], seed: int
) -> None:
    chance = random.Random(seed)
    set_policy(store, Policy("two-adjudicated", ("zoe",)))

    def something() -> DecisionDraft:
        one, name = chance.choice(passages), chance.choice(["ana", "ben", "zoe"])
        kind = chance.random()
        if kind < 0.15:
            return undo(one, name)
        if kind < 0.25:
            return unsure(one, name)
        labels = [code for code in TYPES if chance.random() < 0.4]
        themes = [code for code in THEMES if labels and chance.random() < 0.3]
        return draft(one, name, labels, themes, adjudicates=name == "zoe" and kind > 0.8)

    taken = 0
    for _ in range(60):
        try:
            record_all(store, [something() for _ in range(chance.choice([1, 1, 2]))])
            taken += 1
        except WhatworksError:
            continue
    assert taken > 20
    wanted = naive(store, passages)
    assert told(read(store).votes) == wanted
    assert len(wanted) > 2
    with store.reading() as connection:
        assert ballots_that_differ(connection, passages) == []


def test_ballots_that_somebody_changed_are_found(
    store: Store, passages: Sequence[PassageId]
) -> None:
    ballot, answer = schema.ballot, schema.answer
    first, second, third, *_ = passages
    for one in passages[:3]:
        record_all(store, [draft(one, "ana", ["lesson"]), draft(one, "ben")])
    with store.writing() as connection:
        # Ben's answer is made Ana's.
        votes = connection.scalar(select(ballot.c.votes).where(ballot.c.passage_id == first))
        numbers = str(votes).split()
        forged = " ".join([*numbers[:5], numbers[2]])
        connection.execute(update(ballot).where(ballot.c.passage_id == first).values(votes=forged))
        connection.execute(delete(ballot).where(ballot.c.passage_id == second))
    with store.reading() as connection:
        assert ballots_that_differ(connection, passages) == [first, second]
    with store.writing() as connection:
        connection.execute(update(answer).values(themes=["staff"]))
    with store.reading() as connection:
        assert ballots_that_differ(connection, passages) == [first, second, third]
