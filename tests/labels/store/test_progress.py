"""Where the work stands: every passage is counted once, in the state it is in."""

import random
from collections import Counter

import pytest

from tests.stored import add, decide, report_of, suggest, with_codebook
from whatworks.labels.codebook_file import codebook_source
from whatworks.labels.decisions import State, Verdict
from whatworks.labels.resolution import Policy, that_hold
from whatworks.labels.store.confirmed import code_counts
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import decisions_on, set_policy
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.progress import ProjectProgress, next_step, project_progress
from whatworks.labels.store.resolutions import passage_states

FIRST = report_of("a.pdf", *(f"Passage {n} of the first report." for n in range(6)))
SECOND = report_of("b.pdf", *(f"Passage {n} of the second report." for n in range(3)))


@pytest.fixture
def filled(store: Store) -> Store:
    with_codebook(store)
    add(store, FIRST)
    add(store, SECOND)
    return store


def progress_of(store: Store) -> ProjectProgress:
    with store.reading() as connection:
        return project_progress(connection)


def states(store: Store, report: int | None = None) -> dict[str, int]:
    """The states in which anything stands."""
    progress = progress_of(store)
    counts = progress.total if report is None else progress.reports[report].counts
    assert sum(counts.states.values()) == counts.passages
    return {str(state): n for state, n in counts.states.items() if n}


def test_an_empty_project_has_nothing(store: Store) -> None:
    progress = progress_of(store)
    assert progress.reports == ()
    assert progress.total.passages == 0
    assert (progress.model, progress.codebook_version) == ("", 0)
    assert next_step(progress) == "Next: whatworks add FILES"


def test_passages_are_new_until_a_model_saw_them(filled: Store) -> None:
    assert states(filled) == {"new": 9}
    assert next_step(progress_of(filled)) == (
        "Next: whatworks prelabel (9 passages without a suggestion)"
    )
    suggest(filled, FIRST.passages[:4], lesson=0.9)
    assert states(filled, 0) == {"new": 2, "suggested": 4}
    assert states(filled, 1) == {"new": 3}
    suggest(filled, [*FIRST.passages, *SECOND.passages], "other 2", lesson=0.9)
    assert states(filled) == {"suggested": 9}
    assert progress_of(filled).model == "other 2"
    assert next_step(progress_of(filled)) == ("Next: whatworks review (9 passages to decide)")


def test_every_state_is_counted_in_its_report(filled: Store) -> None:
    set_policy(filled, Policy("two-agree"))
    suggest(filled, FIRST.passages[:5], lesson=0.9)
    one, two, three, four, *_ = FIRST.passages
    for passage in (one, two, three):
        decide(filled, passage, "ana", "lesson", themes=["local-presence"])
    decide(filled, one, "ben", "lesson", themes=["local-presence"])
    decide(filled, two, "ben", "obstacle")
    decide(filled, four, "ben", verdict=Verdict.UNSURE)
    decide(filled, SECOND.passages[0], "ana")
    decide(filled, SECOND.passages[0], "ben")
    assert states(filled, 0) == {
        "confirmed": 1, "disagreed": 1, "in review": 2, "suggested": 1, "new": 1,
    }  # fmt: skip
    assert states(filled, 1) == {"confirmed": 1, "new": 2}
    progress = progress_of(filled)
    assert progress.total.of(State.CONFIRMED) == 2
    assert progress.confirmed_codes == {
        ("finding_type", "lesson"): 1, ("theme", "local-presence"): 1,
    }  # fmt: skip
    assert [(one.name, one.decisions) for one in progress.annotators] == [("ana", 4), ("ben", 4)]
    assert progress.annotators[1].last_at > progress.annotators[0].last_at
    assert progress.policy == Policy("two-agree")


def test_undone_decisions_stay_among_those_counted(filled: Store) -> None:
    decide(filled, FIRST.passages[0], "ana", "lesson")
    decide(filled, FIRST.passages[0], "ana", verdict=Verdict.UNDO)
    assert states(filled) == {"new": 9}
    assert progress_of(filled).annotators[0].decisions == 2


def test_what_left_its_report_is_gone_and_counted_nowhere_else(filled: Store) -> None:
    suggest(filled, [*FIRST.passages, *SECOND.passages], lesson=0.9)
    for passage in FIRST.passages[:3]:
        decide(filled, passage, "ana", "lesson", themes=["local-presence"])
    changed = report_of("a.pdf", *(one.text for one in FIRST.passages[2:]), "And a new one.")
    added = add(filled, changed, report_id=1)
    assert (added.gone, added.gone_decided) == (2, 2)
    assert states(filled, 0) == {"confirmed": 1, "suggested": 3, "new": 1}
    assert states(filled, 1) == {"suggested": 3}
    progress = progress_of(filled)
    assert [one.counts.gone for one in progress.reports] == [2, 0]
    assert progress.total.gone == 2
    assert progress.confirmed_codes == {
        ("finding_type", "lesson"): 1, ("theme", "local-presence"): 1,
    }  # fmt: skip
    # It comes back with its labels when the file does.
    add(filled, FIRST, report_id=1)
    assert states(filled, 0) == {"confirmed": 3, "suggested": 3}
    assert progress_of(filled).reports[0].counts.gone == 1


def test_a_changed_codebook_asks_for_new_suggestions(filled: Store) -> None:
    suggest(filled, [*FIRST.passages, *SECOND.passages], lesson=0.9)
    source = codebook_source("ilo-social-protection")
    with_codebook(filled, source.replace("Staff, offices,", "Staff, cars, offices,"))
    progress = progress_of(filled)
    assert (progress.suggested_under, progress.codebook_version) == (1, 2)
    assert next_step(progress) == (
        "Next: whatworks prelabel (the codebook changed since the last suggestions)"
    )
    suggest(filled, FIRST.passages, lesson=0.9)
    assert next_step(progress_of(filled)).startswith("Next: whatworks review")


def test_disagreements_are_the_last_thing_to_do(filled: Store) -> None:
    everything = [*FIRST.passages, *SECOND.passages]
    suggest(filled, everything, lesson=0.9)
    for passage in everything:
        decide(filled, passage, "ana", "lesson")
    assert next_step(progress_of(filled)) == "All passages are confirmed."
    decide(filled, everything[0], "ben")
    assert next_step(progress_of(filled)) == (
        "Next: whatworks review --state disagreed (1 passage on which answers differ: "
        "talk about them)"
    )
    set_policy(filled, Policy("one-reviewer", ("zoé",)))
    assert next_step(progress_of(filled)) == (
        "Next: whatworks review --adjudicate (1 passage to settle, by zoé)"
    )


def happens(store: Store, chance: random.Random) -> None:
    """One thing that people, models or files do to a project."""
    with store.reading() as connection:
        current = current_passages(connection)
    what = chance.choice(["decide", "decide", "undo", "suggest", "change", "policy"])
    if what == "decide":
        for one in chance.sample(current, 2):
            labels = chance.choice([(), ("lesson",), ("obstacle",)])
            decide(store, one, chance.choice(["ana", "ben", "zoé"]), *labels)
    elif what == "undo":
        with store.reading() as connection:
            said = decisions_on(connection, [one.id for one in current])
        for one in current:
            if that_hold(said[one.id]):
                decide(store, one, that_hold(said[one.id])[-1].annotator, verdict=Verdict.UNDO)
                break
    elif what == "suggest":
        some = chance.sample(current, chance.randint(0, 4))
        suggest(store, some, chance.choice(["a 1", "b 1"]), lesson=0.9)
    elif what == "policy":
        set_policy(store, Policy(chance.choice(["one-reviewer", "two-agree", "two-agree"])))
    else:
        texts = [one.text for one in FIRST.passages if chance.random() < 0.7]
        # Another text each time: the same content again is no new version.
        add(store, report_of("a.pdf", *texts, f"Added as {chance.random()}."), report_id=1)


@pytest.mark.parametrize("seed", [1, 3])
def test_counts_are_those_of_the_passages_one_by_one(seed: int, filled: Store) -> None:
    chance = random.Random(seed)
    seen: Counter[State] = Counter()
    for _ in range(40):
        happens(filled, chance)
        with filled.reading() as connection:
            progress = project_progress(connection)
            assert progress.confirmed_codes == code_counts(connection)
            for one in progress.reports:
                ids = [p.id for p in current_passages(connection, one.report.report_id)]
                expected = Counter(passage_states(connection, ids).values())
                assert {s: n for s, n in one.counts.states.items() if n} == dict(expected)
                assert one.counts.passages == len(ids)
        seen.update(dict(progress.total.states))
    assert set(+seen) == set(State) - {State.STALE}
