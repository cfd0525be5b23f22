"""The audit sample: drawn once by lot, enlarged when asked, kept apart from learning."""

from collections import Counter

import pytest
from sqlalchemy import select, update

from tests.labels.store.seeds import draft, seed_codebook, seed_report
from whatworks.labels.lots import drawn
from whatworks.labels.store.assignments import RoundDraft, create_round, rounds
from whatworks.labels.store.audit_sample import STRATEGY, AuditWanted, audit_sample, draw_audit
from whatworks.labels.store.closing import close_round
from whatworks.labels.store.confirmed import (
    confirmed_passages,
    finding_types_to_learn_from,
    passages_to_learn_from,
)
from whatworks.labels.store.decisions import record
from whatworks.labels.store.kept_apart import kept_apart
from whatworks.labels.store.schema import selection
from whatworks.labels.store.unread import unread
from whatworks.nlp.errors import WhatworksError


def texts(count: int, word: str = "It worked") -> list[str]:
    return [f"{word}, point {n}." for n in range(count)]


@pytest.fixture
def reports(store):
    """Three reports of 30, 20 and 10 passages."""
    seed_codebook(store)
    return [seed_report(store, f"{n}.pdf", texts(count)) for n, count in enumerate((30, 20, 10))]


def first(store, count=12, names=(), **more):
    return draw_audit(store, AuditWanted(count, seed=7, **more), "olga", names)


def more(store, count, names=(), **given):
    return draw_audit(store, AuditWanted(count, seed=99, first=False, **given), "olga", names)


def sample(store):
    with store.reading() as connection:
        found = audit_sample(connection)
    assert found is not None
    return found


def by_stratum(store):
    found = sample(store)
    return Counter(found.strata[one] for one in found.passages)


def test_each_report_gives_its_share_and_each_passage_keeps_its_probability(store, reports):
    done = first(store, names=["ana", "ben"])

    assert by_stratum(store) == {(1, "en", 0): 6, (2, "en", 0): 4, (3, "en", 0): 2}
    assert (done.new, done.decided, done.name) == (12, 0, "Audit sample")
    assert sum(done.assigned.given.values()) == 12
    with store.reading() as connection:
        rows = connection.execute(select(selection)).all()
        (made,) = rounds(connection)
    assert {row.probability for row in rows} == {0.2}
    assert "drawn by lot" in rows[0].reason
    assert (made.purpose, made.strategy, made.blind, made.seed) == ("audit", STRATEGY, True, 7)


def test_the_lots_of_a_report_decide_and_nothing_else(store, reports):
    first(store)

    chosen = set(sample(store).passages)
    for ids, count in zip(reports, (6, 4, 2), strict=True):
        assert chosen.intersection(ids) == set(drawn(ids, count, 7))


def test_it_is_drawn_once_and_enlarged_by_the_next_lots(store, reports):
    first(store)
    before = set(sample(store).passages)
    with pytest.raises(WhatworksError, match=r"was drawn on .*: 12 passages.*--enlarge"):
        first(store)

    done = more(store, 18)

    now = sample(store)
    assert before < set(now.passages)
    assert (done.new, done.name, len(now.passages)) == (18, "Audit sample 2", 30)
    for ids, count in zip(reports, (15, 10, 5), strict=True):
        assert set(now.passages).intersection(ids) == set(drawn(ids, count, 7))


def test_a_report_that_comes_later_is_a_stratum_of_its_own(store, reports):
    first(store)
    seed_report(store, "late.pdf", texts(20))

    assert sample(store).not_covered == 20
    done = more(store, 4)

    now = sample(store)
    assert now.not_covered == 0
    assert by_stratum(store)[4, "en", 1] == 4
    with store.reading() as connection:
        probabilities = connection.scalars(
            select(selection.c.probability).where(selection.c.round_id == done.round_id)
        ).all()
    assert set(probabilities) == {0.2}


def test_passages_that_a_changed_report_brings_are_a_stratum_and_those_that_left_count_no_more(
    store, reports
):
    first(store)
    before = set(sample(store).passages)
    ids = seed_report(store, "0.pdf", [*texts(30)[10:], *texts(20, "New")])

    now = sample(store)
    assert set(now.passages) == before - set(reports[0][:10])
    assert now.not_covered == 20
    assert now.sizes[1, "en", 0] == 20
    more(store, 4)

    assert by_stratum(store)[1, "en", 1] == 4
    assert sample(store).strata[ids[25]] == (1, "en", 1)


def test_nothing_is_learned_from_it(store, reports):
    for ids in reports:
        for one in ids:
            record(store, draft(one, "ana", ["lesson"]))
    done = first(store)

    assert done.decided == 12
    with store.reading() as connection:
        learned = {one.passage.id for one in passages_to_learn_from(connection)}
        assert set(finding_types_to_learn_from(connection)) == learned
        confirmed = {one.passage.id for one in confirmed_passages(connection)}
    assert confirmed - learned == set(sample(store).passages)
    assert len(learned) == 48


def test_no_learning_round_may_hold_a_passage_of_it_open_or_closed(store, reports):
    done = first(store)
    close_round(store, done.round_id, anyway=True)
    some = tuple(sample(store).passages[:2])

    with pytest.raises(WhatworksError, match=r"2 passages of the audit sample.*kept apart"):
        create_round(store, RoundDraft("Mine", some, "named passages", "named"), "olga")
    with store.reading() as connection:
        assert set(unread(connection).ids).isdisjoint(kept_apart(connection))


def test_what_was_not_decided_is_asked_again(store, reports):
    done = first(store, names=["ana"])
    record(store, draft(sample(store).passages[0], "ana", ["lesson"]))
    with pytest.raises(WhatworksError, match="Nothing is to be drawn"):
        more(store, 0)
    close_round(store, done.round_id, anyway=True)

    again = more(store, 0, names=["ben"])

    assert (again.new, again.asked_again) == (0, 11)
    assert again.assigned.given == {"ben": 11}
    assert len(sample(store).passages) == 12


@pytest.mark.parametrize(
    ("add", "is_first", "said"),
    [
        (61, True, "61 passages cannot be drawn: there are 60"),
        (2, True, "too small: each report"),
        (0, True, "Give 1 or more"),
        (5, False, "There is no audit sample yet"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(store, reports, add, is_first, said):
    with pytest.raises(WhatworksError, match=said):
        draw_audit(store, AuditWanted(add, 7, first=is_first), "olga")
    with store.reading() as connection:
        assert audit_sample(connection) is None


def test_languages_are_strata_of_their_own(store, reports):
    from whatworks.labels.store.guards import lift_guards, set_guards
    from whatworks.labels.store.schema import passage

    with store.writing() as connection:
        lift_guards(connection)
        connection.execute(
            update(passage).where(passage.c.id.in_(reports[0][:15])).values(language="fr")
        )
        set_guards(connection)

    first(store)

    found = by_stratum(store)
    assert (found[1, "en", 0], found[1, "fr", 0]) == (3, 3)
