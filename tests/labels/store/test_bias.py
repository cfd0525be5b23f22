"""Blind and sighted answers, out of the log."""

import pytest

from tests.labels.store.seeds import (
    codebook_source,
    draft,
    seed_codebook,
    seed_project,
    seed_suggestion,
    undo,
    unsure,
)
from whatworks.labels.bias import About
from whatworks.labels.decisions import Answer
from whatworks.labels.resolution import Policy
from whatworks.labels.shares import Share
from whatworks.labels.store.bias import measure_bias
from whatworks.labels.store.codebooks import current_codebook
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.journal import Journal


@pytest.fixture
def project(store):
    """Four passages with the suggestion 'lesson'; gives the store, ids, and how to decide."""
    ids = seed_project(store, 4)
    suggested = {one: seed_suggestion(store, one, ["lesson"]) for one in ids}

    def decide(place, who, *labels, blind=False, **more):
        record(
            store,
            draft(
                ids[place],
                who,
                labels,
                suggested=Answer(("lesson",)),
                suggestion_id=suggested[ids[place]],
                blind=blind,
                **more,
            ),
        )

    return store, ids, decide


def measured(store, journal=None):
    journal = journal or Journal()
    with store.reading() as connection:
        journal.follow(connection)
        return measure_bias(connection, journal, current_codebook(connection).codebook)


def rows_of(bias):
    return {(row.about, row.code): (row.seen, row.blind) for row in bias.rows}


def test_people_who_saw_the_suggestion_are_compared_with_those_who_did_not(project):
    store, _, decide = project
    for place in (0, 1, 2):
        decide(place, "ana", "lesson")
    decide(0, "ben", "lesson", blind=True)
    decide(1, "ben", "obstacle", blind=True)
    decide(3, "ben", blind=True)

    bias = measured(store)

    assert (bias.seen, bias.blind) == (Share(3, 3), Share(1, 3))
    assert bias.passages == 2
    assert rows_of(bias) == {
        (About.ANSWER, ""): (Share(2, 2), Share(1, 2)),
        (About.TYPES, ""): (Share(2, 2), Share(1, 2)),
        (About.TYPE, "lesson"): (Share(2, 2), Share(1, 2)),
    }


def test_what_was_said_first_counts_also_where_it_was_changed_or_taken_back(project):
    store, ids, decide = project
    decide(0, "ana", "lesson")
    decide(0, "ben", "obstacle", blind=True)
    # The suggestion is shown now.
    decide(0, "ben", "lesson")
    decide(1, "ana", "obstacle")
    decide(1, "ben", blind=True)
    record(store, undo(ids[1], "ben"))

    bias = measured(store)

    assert bias.blind == Share(0, 2)
    assert rows_of(bias)[About.ANSWER, ""] == (Share(1, 2), Share(0, 2))
    assert bias.changed == Share(1, 2)
    assert bias.adopted == 1


def test_a_blind_answer_changed_into_something_else_is_not_adopted(project):
    store, _, decide = project
    decide(0, "ben", "obstacle", blind=True)
    decide(0, "ben", "obstacle", "success_factor")

    bias = measured(store)

    assert (bias.changed, bias.adopted) == (Share(1, 1), 0)


def test_unsure_first_looks_and_adjudications_are_left_out(project):
    store, ids, decide = project
    set_policy(store, Policy("two-adjudicated", ("ada",)))
    decide(0, "ana", "lesson")
    decide(0, "ben", "obstacle", blind=True)
    decide(0, "ada", "obstacle", adjudicates=True)
    record(store, unsure(ids[1], "ben", blind=True))
    decide(1, "ben", "lesson")
    decide(1, "ana", "lesson")

    bias = measured(store)

    assert (bias.seen, bias.blind) == (Share(2, 2), Share(0, 1))
    assert bias.passages == 1


def test_decisions_without_a_suggestion_are_left_out(project):
    store, ids, decide = project
    record(store, draft(ids[0], "ana", ["lesson"]))
    decide(0, "ben", "lesson", blind=True)

    bias = measured(store)

    assert (bias.seen, bias.blind, bias.passages) == (Share(0, 0), Share(1, 1), 0)


def test_answers_count_under_present_names_and_stale_ones_not_at_all(project):
    store, _, decide = project
    for place in (0, 1):
        decide(place, "ana", "lesson")
        decide(place, "ben", "lesson" if place else "obstacle", blind=True)

    types = ("insight", "obstacle", "success_factor")
    seed_codebook(store, codebook_source(types), {"finding_type": {"lesson": "insight"}})
    assert rows_of(measured(store))[About.TYPE, "insight"] == (Share(2, 2), Share(1, 2))

    types = ("insight", "success_factor")
    seed_codebook(store, codebook_source(types), {"finding_type": {"obstacle": None}})
    assert rows_of(measured(store))[About.TYPE, "insight"] == (Share(1, 1), Share(1, 1))


def test_a_journal_that_is_followed_knows_what_a_new_one_reads(project, monkeypatch):
    store, ids, decide = project
    monkeypatch.setattr("whatworks.labels.store.journal.AT_ONCE", 2)
    followed = Journal()
    decide(0, "ana", "lesson")
    decide(0, "ben", "obstacle", blind=True)
    measured(store, followed)
    decide(0, "ben", "lesson")
    record(store, undo(ids[0], "ana"))
    decide(1, "ana", "lesson")
    decide(1, "ben", "lesson", blind=True)

    assert measured(store, followed) == measured(store)
    assert followed.columns.undone.tolist() == [True, False, False, False, False, False]


def test_in_an_empty_project_there_is_nothing_to_compare(store):
    seed_project(store, 2)

    bias = measured(store)

    assert (bias.passages, bias.rows, bias.changed) == (0, (), Share(0, 0))
