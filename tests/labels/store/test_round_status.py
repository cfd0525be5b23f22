"""What is guaranteed, expected and measured, read from rounds and decisions."""

import random

import pytest

from tests.stored import add, decide, report_of, suggestion_of, with_codebook
from whatworks.labels.decisions import Verdict
from whatworks.labels.stopping import Draw
from whatworks.labels.store.assignments import RoundDraft, make_round
from whatworks.labels.store.audit_sample import AuditWanted, audit_sample, draw_audit
from whatworks.labels.store.audit_scores import audit_figures
from whatworks.labels.store.closing import close_round
from whatworks.labels.store.codebooks import current_codebook
from whatworks.labels.store.draws import drawn_rounds, read_outcomes
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.round_status import Step, round_status
from whatworks.labels.store.rounds import BY_LOT
from whatworks.labels.store.suggestions import add_model_version, add_suggestions
from whatworks.labels.store.unread import unread


@pytest.fixture
def passages(store):
    """A hundred passages of two reports; every fifth is an obstacle, as ``truth`` says."""
    with_codebook(store)
    for name in ("a.pdf", "b.pdf"):
        add(store, report_of(name, *(f"{name} did the thing {n}." for n in range(50))))
    with store.reading() as connection:
        return current_passages(connection)


def truth(passage) -> tuple[str, ...]:
    return ("obstacle",) if int(passage.text.split()[-1][:-1]) % 5 == 0 else ()


def says(store, passages, name, learned_from, likely):
    """A model that says this of obstacles."""
    with store.reading() as connection:
        codebook = current_codebook(connection).id
    version = add_model_version(store, name, name, {"learned_from": learned_from})
    made = [suggestion_of(one, {"obstacle": likely(one)}) for one in passages]
    add_suggestions(store, version.id, codebook, made)


def by_lot(store, count, seed, name):
    with store.reading() as connection:
        left = list(unread(connection).ids)
    chosen = random.Random(seed).sample(left, count)
    draft = RoundDraft(name, tuple(chosen), BY_LOT, "by lot", probability=count / len(left))
    return make_round(store, draft, "olga")[0], chosen


def read(store, passages, ids):
    wanted = set(ids)
    for one in passages:
        if one.id in wanted:
            decide(store, one, "ana", *truth(one))


def status(store):
    with store.reading() as connection:
        return round_status(connection)


def draws(store, code="obstacle"):
    with store.reading() as connection:
        reading = read_outcomes(connection)
        return [one.draw(reading, code) for one in drawn_rounds(connection, reading)]


def of_type(found, code="obstacle"):
    return next(one for one in found.types if one.code == code)


def test_a_draw_is_what_was_unread_then_and_what_came_of_it(store, passages):
    read(store, passages, [one.id for one in passages[:10]])
    draw_audit(store, AuditWanted(20, 3), "olga")
    with store.reading() as connection:
        hunted = unread(connection).ids[-2:]
    number, _ = make_round(store, RoundDraft("Hunt", hunted, "rare", "likely"), "olga")
    with store.reading() as connection:
        pool = set(unread(connection).ids)
        apart = set(audit_sample(connection).passages)

    _, chosen = by_lot(store, 12, 1, "Lot 1")
    read(store, passages, chosen[:8])

    known = {one.id: one for one in passages}
    (made,) = draws(store)
    outside = [one for one in passages if one.id not in pool]
    decided = {one.id for one in passages[:10]}
    assert made == Draw(
        left=len(pool),
        before=sum("obstacle" in truth(one) for one in outside if one.id in decided),
        read=8,
        found=sum("obstacle" in truth(known[one]) for one in chosen[:8]),
        uncovered=len(apart - decided) + 2,
    )

    # What is read, closed or drawn later does not change what it was drawn from.
    close_round(store, number, anyway=True)
    read(store, passages, chosen[8:])
    by_lot(store, 5, 2, "Lot 2")
    again, second = draws(store)
    assert (again.left, again.read) == (made.left, 12)
    assert second.left == made.left - 12 + 2


def test_what_people_are_unsure_of_counts_as_unsettled(store, passages):
    _, chosen = by_lot(store, 3, 1, "Lot")
    known = {one.id: one for one in passages}
    decide(store, known[chosen[0]], "ana", verdict=Verdict.UNSURE)
    decide(store, known[chosen[1]], "ana", "obstacle")

    (made,) = draws(store)

    assert (made.read, made.found, made.unsettled) == (2, 1, 1)


def test_nothing_is_guaranteed_without_a_draw(store, passages):
    read(store, passages, [one.id for one in passages[:60]])

    found = of_type(status(store))

    assert found.guarantee.found == 12
    assert found.guarantee.left == 40
    assert found.guarantee.rests_on == 0
    assert not found.guarantee.is_reached


def test_when_all_is_read_the_team_may_stop(store, passages):
    read(store, passages, [one.id for one in passages])

    found = status(store)

    assert all(one.guarantee.is_reached for one in found.types)
    assert found.next.step is Step.STOP


def test_after_a_long_draw_without_a_find_the_guarantee_stands(store, passages):
    # All obstacles were found by a strategy; what is left holds none.
    read(store, passages, [one.id for one in passages if truth(one)])
    assert not of_type(status(store)).guarantee.is_reached
    more = of_type(status(store)).more_by_lot
    assert more is not None

    _, chosen = by_lot(store, more, 1, "Lot")
    read(store, passages, chosen)

    found = of_type(status(store))
    assert found.guarantee.is_reached
    assert found.guarantee.recall >= 0.95
    assert found.guarantee.rests_on == more


def test_a_round_by_lot_that_goes_on_needs_no_more_than_it_would_have_at_once(store, passages):
    read(store, passages, [one.id for one in passages if truth(one)])
    whole = of_type(status(store)).more_by_lot
    _, chosen = by_lot(store, 20, 1, "Lot")
    read(store, passages, chosen)

    assert of_type(status(store)).more_by_lot == whole - 20


def test_what_is_next_follows_from_what_is_there(store, passages):
    assert status(store).next.step is Step.AUDIT
    drawn = draw_audit(store, AuditWanted(20, 3), "olga", ["ana"])
    found = status(store)
    assert (found.next.step, found.next.passages, found.open_readings) == (Step.READ, 20, 20)
    with store.reading() as connection:
        sample = audit_sample(connection).passages
    read(store, passages, sample)
    assert (status(store).next.step, status(store).next.round_name) == (Step.CLOSE, "Audit sample")
    close_round(store, drawn.round_id)
    assert status(store).next.step is Step.HUNT


def test_the_sample_scores_every_model_and_says_how_much_there_is(store, passages):
    says(store, passages, "starter", 0, lambda one: 0.9 if one.report == "a.pdf" else 0.1)
    draw_audit(store, AuditWanted(40, 5), "olga")
    with store.reading() as connection:
        sample = audit_sample(connection).passages
    read(store, passages, sample[:38])
    says(store, passages, "heads 1", 12, lambda one: 0.9 if truth(one) else 0.1)

    with store.reading() as connection:
        found = audit_figures(connection, current_codebook(connection).codebook)

    assert (len(found.audited.ids), found.audited.open) == (38, 2)
    assert [(one.model, one.learned_from) for one in found.models] == [
        ("starter", 0),
        ("heads 1", 12),
    ]
    first, second = (one.finding_types["obstacle"] for one in found.models)
    assert second.precision.value == second.recall.value == 1.0
    assert first.precision.value < 0.5
    there = found.finding_types["obstacle"].interval
    assert there.low < 0.2 < there.high
    assert found.last_gain.value > 0


def test_a_model_that_may_have_learned_from_the_sample_is_not_scored_on_it(store, passages):
    read(store, passages, [one.id for one in passages])
    says(store, passages, "starter", 0, lambda _: 0.5)
    says(store, passages, "heads 1", 100, lambda _: 0.5)
    draw_audit(store, AuditWanted(20, 3), "olga")
    says(store, passages, "heads 2", 80, lambda _: 0.5)

    with store.reading() as connection:
        found = audit_figures(connection, current_codebook(connection).codebook)

    assert [one.model for one in found.models] == ["starter", "heads 2"]


def test_models_that_change_nothing_any_more_are_settled(store, passages):
    for number in range(4):
        says(store, passages, f"heads {number}", number, lambda one: 0.9 if truth(one) else 0.1)

    assert of_type(status(store)).is_settled is True
    says(store, passages, "heads 4", 9, lambda one: 0.1 if truth(one) else 0.9)
    assert of_type(status(store)).is_settled is False
