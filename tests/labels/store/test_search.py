"""What a search finds: which passages, and what may be said of them to whom."""

import numpy as np
import pytest

from tests.stored import add, decide, report_of, suggest, with_codebook
from whatworks.labels.decisions import State
from whatworks.labels.register import Facts
from whatworks.labels.resolution import Policy
from whatworks.labels.store.assignments import RoundDraft, create_round
from whatworks.labels.store.decisions import set_policy
from whatworks.labels.store.indexed_words import indexed_words
from whatworks.labels.store.register import Change, put
from whatworks.labels.store.search import (
    CONFIRMED,
    NOTHING,
    SUGGESTED,
    Finder,
    Wanted,
    find_report_id,
)
from whatworks.labels.store.worklists import Worklist
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.words import read_query

FIRST = report_of("a.pdf", "Water came late.", "Water came in time.", "Funds came late.")
SECOND = report_of("b.pdf", "Water flows.", "Nobody read of water here.")


@pytest.fixture
def project(store):
    """Two reports; the first is E1. Confirmed, only suggested, undecided, and never read."""
    with_codebook(store)
    add(store, FIRST)
    add(store, SECOND)
    put(store, [Change(Facts("The water project", report="a.pdf"))], "list.xlsx", "ana")
    suggest(store, [*FIRST.passages, SECOND.passages[0]], "starter 1", obstacle=0.9)
    decide(store, FIRST.passages[0], "ana", "lesson", themes=["local-presence"])
    decide(store, FIRST.passages[2], "ana")
    return store


ALL = Wanted()


def found(store, words="water", wanted=ALL, name="ana"):
    with store.reading() as connection:
        finder = Finder(connection, Worklist().standing(connection, name))
        places = indexed_words(connection).index.find(read_query(words))
        return finder.hits(map(int, finder.among(wanted, places)))


def sources(hits):
    return [one.source for one in hits]


def test_each_hit_says_what_its_labels_are(project):
    first, second, third, fourth = found(project)

    assert (first.basis, first.state) == (CONFIRMED, State.CONFIRMED)
    assert (first.labels, first.themes) == (("lesson",), ("local-presence",))
    assert first.model == ""
    assert (second.basis, second.state) == (SUGGESTED, State.SUGGESTED)
    assert (second.labels, second.model) == (("obstacle",), "starter 1")
    assert (fourth.basis, fourth.state, fourth.labels) == (NOTHING, State.NEW, ())
    assert third.basis == SUGGESTED


def test_sources_are_marked_as_in_the_register_or_by_the_report(project):
    hits = found(project)

    assert sources(hits) == ["E1, p. 1", "E1, p. 2", "b.pdf, p. 1", "b.pdf, p. 2"]
    assert [one.title for one in hits[1:3]] == ["The water project", "b.pdf"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(label="lesson"), ["E1, p. 1"]),
        # What is confirmed without it does not have it, whatever was suggested.
        (Wanted(label="obstacle"), ["E1, p. 2", "b.pdf, p. 1"]),
        (Wanted(theme="local-presence"), ["E1, p. 1"]),
        (Wanted(reports=[2]), ["b.pdf, p. 1", "b.pdf, p. 2"]),
        (Wanted(language="fr"), []),
        (Wanted(states=[State.CONFIRMED]), ["E1, p. 1"]),
        (Wanted(states=[State.NEW, State.CONFIRMED]), ["E1, p. 1", "b.pdf, p. 2"]),
        (Wanted(label="obstacle", reports=[1], states=[State.CONFIRMED]), []),
    ],
)
def test_filters_take_away(project, wanted, expected):
    assert sources(found(project, wanted=wanted)) == expected


def test_what_is_confirmed_to_be_no_finding_shows_no_label(project):
    (hit,) = found(project, "funds")

    assert (hit.basis, hit.labels) == (CONFIRMED, ())


def test_a_blind_round_hides_suggestions_and_what_others_confirmed(project):
    ids = tuple(one.id for one in FIRST.passages)
    draft = RoundDraft(name="blind", passages=ids, strategy="as chosen", reason="", blind=True)
    create_round(project, draft, "olga")

    hits = found(project, name="ben", wanted=Wanted(reports=[1]))

    assert [one.basis for one in hits] == [NOTHING, NOTHING]
    assert not any(one.labels or one.themes or one.model for one in hits)
    assert hits[0].state is State.IN_REVIEW
    for wanted in (Wanted(label="lesson"), Wanted(label="obstacle", reports=[1])):
        assert found(project, name="ben", wanted=wanted) == []
    # Ana has decided the first: she knows it.
    assert found(project, name="ana")[0].basis == CONFIRMED


def test_states_are_those_of_the_log(project):
    set_policy(project, Policy("two-agree"))
    decide(project, FIRST.passages[0], "ben", "obstacle")

    assert [one.state for one in found(project)][:2] == [State.DISAGREED, State.SUGGESTED]


def test_the_order_of_what_was_found_stays(project):
    with project.reading() as connection:
        finder = Finder(connection, Worklist().standing(connection, "ana"))
        among = finder.among(Wanted(states=[State.CONFIRMED]), np.array([2, 4, 0], np.int32))

    assert among.tolist() == [2, 0]


def test_a_report_is_found_by_its_name_and_by_its_mark(project):
    listed = Change(Facts("Not there yet", report="c.pdf"))
    put(project, [listed], "list.xlsx", "ana")

    with project.reading() as connection:
        assert find_report_id(connection, "b.pdf") == 2
        assert find_report_id(connection, "E1") == find_report_id(connection, " e1 ") == 1
        with pytest.raises(WhatworksError, match="E2: its report is not in the project"):
            find_report_id(connection, "E2")
        with pytest.raises(WhatworksError, match="Unknown report 'E7'"):
            find_report_id(connection, "E7")
