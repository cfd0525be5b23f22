"""Suggestions as they are stored, and the last one of each passage."""

from dataclasses import replace

import pytest
import yaml
from sqlalchemy import event

from tests.stored import add, report_of, suggest, suggestion_of, with_codebook
from whatworks.labels.codebook_file import codebook_source
from whatworks.labels.decisions import Answer
from whatworks.labels.store.database import Store
from whatworks.labels.store.suggestions import (
    add_model_version,
    add_suggestions,
    find_model_version,
    latest_suggestions,
    uncertainty,
    without_suggestion,
)
from whatworks.labels.suggestions import BY_WORDS, WordSuggestion

REPORT = report_of("r.pdf", "Staff stayed.", "Funds came late.", "It held.")
PASSAGES = REPORT.passages


@pytest.fixture
def filled(store: Store) -> Store:
    with_codebook(store)
    add(store, REPORT)
    return store


def latest(store: Store, *passages):
    with store.reading() as connection:
        return latest_suggestions(connection, [one.id for one in passages or PASSAGES])


def test_a_model_version_is_stored_once(store: Store) -> None:
    first = add_model_version(store, "starter 1.0", "abc", {"encoder": "bundled"})
    assert add_model_version(store, "starter 1.0", "abc", {}) == first
    assert first.details == {"encoder": "bundled"}
    assert add_model_version(store, "starter 1.0", "abd", {}).id != first.id
    assert find_model_version(store, "other") is None


def test_themes_told_by_words_are_suggested_beside_the_likeliest_one(filled: Store) -> None:
    by_words = (WordSuggestion("gender-neglect", ("women",)), WordSuggestion("local-presence", ()))
    finding, none = (
        replace(
            suggestion_of(
                one, {"lesson": chance}, {"capacity-building": 0.9, "project-management": 0.8}
            ),
            by_words=by_words,
        )
        for one, chance in ((PASSAGES[0], 0.6), (PASSAGES[1], 0.4))
    )
    version = add_model_version(filled, "starter 1.0", "abc", {})
    assert add_suggestions(filled, version.id, 1, [finding, none]) == 2
    found = latest(filled)
    one = found[PASSAGES[0].id]
    assert one.themes == ("capacity-building", "gender-neglect", "local-presence")
    assert one.theme_probabilities["local-presence"] == BY_WORDS
    assert found[PASSAGES[1].id].themes == ()
    assert found[PASSAGES[1].id].theme_probabilities == one.theme_probabilities


def test_a_suggestion_comes_back_as_it_was_made(filled: Store) -> None:
    with_themes = suggestion_of(
        PASSAGES[0],
        {"lesson": 0.6, "obstacle": 0.9},
        {"local-presence": 0.3, "capacity-building": 0.5},
    )
    without = suggestion_of(PASSAGES[1], {}, {"local-presence": 0.8})
    version = add_model_version(filled, "starter 1.0", "abc", {})
    assert add_suggestions(filled, version.id, 1, [with_themes, without]) == 2
    found = latest(filled)
    one = found[PASSAGES[0].id]
    assert one.model == "starter 1.0"
    assert one.codebook_version == 1
    assert one.labels == ("obstacle", "lesson")
    assert one.themes == ("capacity-building",)
    assert dict(one.probabilities) == with_themes.probabilities
    assert list(one.probabilities)[:2] == ["obstacle", "lesson"]
    assert list(one.theme_probabilities.items()) == [
        ("capacity-building", 0.5), ("local-presence", 0.3),
    ]  # fmt: skip
    assert one.uncertainty == pytest.approx(0.971, abs=1e-3)
    assert one.answer == Answer(("lesson", "obstacle"), ("capacity-building",))
    # A theme is suggested only where a finding type is; its probability is kept all the same.
    other = found[PASSAGES[1].id]
    assert (other.labels, other.themes) == ((), ())
    assert dict(other.theme_probabilities) == {"local-presence": 0.8}
    assert set(found) == {PASSAGES[0].id, PASSAGES[1].id}


def test_the_last_suggestion_counts(filled: Store) -> None:
    suggest(filled, PASSAGES, "old 1", lesson=0.9)
    suggest(filled, PASSAGES[:1], "new 2", obstacle=0.9)
    found = latest(filled)
    assert found[PASSAGES[0].id].labels == ("obstacle",)
    assert found[PASSAGES[1].id].model == "old 1"


def test_the_same_model_suggests_once_under_a_codebook(filled: Store) -> None:
    assert suggest(filled, PASSAGES[:2], lesson=0.9) == 2
    assert suggest(filled, PASSAGES, lesson=0.2) == 1
    assert latest(filled)[PASSAGES[0].id].labels == ("lesson",)
    with filled.reading() as connection:
        assert without_suggestion(connection, 1, 1) == []
        assert without_suggestion(connection, 2, 1) == [one.id for one in PASSAGES]


def test_what_lacks_a_suggestion_is_found_in_reading_order(filled: Store) -> None:
    add(filled, report_of("s.pdf", "Another.", "One more."))
    suggest(filled, PASSAGES[1:2], lesson=0.9)
    with filled.reading() as connection:
        missing = without_suggestion(connection, 1, 1)
        of_second = without_suggestion(connection, 1, 1, report_id=2)
    assert missing[:2] == [PASSAGES[0].id, PASSAGES[2].id]
    assert len(missing) == 4
    assert of_second == missing[2:]


def test_a_passage_that_left_its_report_needs_no_suggestion(filled: Store) -> None:
    add(filled, report_of("r.pdf", "It held."), report_id=1)
    with filled.reading() as connection:
        assert without_suggestion(connection, 1, 1) == [PASSAGES[2].id]


def test_older_suggestions_speak_in_present_words(filled: Store) -> None:
    version = add_model_version(filled, "starter 1.0", "abc", {})
    given = suggestion_of(
        PASSAGES[0], {"lesson": 0.6}, {"local-presence": 0.6, "capacity-building": 0.4}
    )
    add_suggestions(filled, version.id, 1, [given])
    source = codebook_source("ilo-social-protection")
    renamed = source.replace(
        "- id: local-presence", "- id: people-on-the-ground\n        renamed_from: [local-presence]"
    ).replace(
        "- id: capacity-building", "- id: capacity-building\n        retired: true"
    )  # fmt: skip
    with_codebook(filled, renamed)
    one = latest(filled)[PASSAGES[0].id]
    assert one.themes == ("people-on-the-ground",)
    assert dict(one.theme_probabilities) == {"people-on-the-ground": 0.6}
    assert one.codebook_version == 1


FOUR = {"obstacle": 0.5, "lesson": 0.4, "good_practice": 0.05, "success_factor": 0.05}
"""Shares: obstacle 0.39, lesson 0.31, none 0.21, the others 0.04."""


def candidates(store: Store, **details: object) -> tuple[str, ...]:
    suggest(store, PASSAGES[:1], f"with {details}", details, **FOUR)
    return latest(store)[PASSAGES[0].id].candidates


def test_what_cannot_be_ruled_out_depends_on_the_model(filled: Store) -> None:
    assert candidates(filled, set_floor=0.2) == ("obstacle", "lesson", "none")
    assert candidates(filled, set_floor=0.35) == ("obstacle",)
    assert candidates(filled, set_floor=0.9) == ()
    assert candidates(filled) == ()
    assert candidates(filled, set_floor=0.0) == ()


def test_a_model_that_knows_more_types_than_the_codebook_rules_nothing_out(filled: Store) -> None:
    types = list(FOUR)
    assert candidates(filled, set_floor=0.2, finding_types=types) == ("obstacle", "lesson", "none")
    assert candidates(filled, set_floor=0.2, finding_types=[*types, "effect"]) == ()


def with_lesson(store: Store, **changes: object) -> None:
    """The next codebook version, in which no other code speaks of the lesson, changed like this."""
    book = yaml.safe_load(codebook_source("ilo-social-protection"))
    types = {one["id"]: one for one in book["finding_types"]}
    for one in types.values():
        one.pop("confused_with", None)
    for group in book["groups"]:
        group.pop("goes_with", None)
    types["lesson"].update(changes)
    if "merged" in changes:
        del types["lesson"]
        types["obstacle"]["merged_from"] = ["lesson"]
    with_codebook(store, yaml.safe_dump(book | {"finding_types": list(types.values())}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": "learning", "renamed_from": ["lesson"]}, ("obstacle", "learning", "none")),
        ({"merged": True}, ("obstacle", "none")),
        ({"retired": True}, ("obstacle", "none")),
    ],
    ids=["renamed", "merged", "retired"],
)
def test_what_cannot_be_ruled_out_is_told_in_present_words(
    filled: Store, changes: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert candidates(filled, set_floor=0.2) == ("obstacle", "lesson", "none")
    with_lesson(filled, **changes)
    assert latest(filled)[PASSAGES[0].id].candidates == expected


def test_uncertainty_is_that_of_the_most_doubtful_type() -> None:
    assert uncertainty([]) == 0.0
    assert uncertainty([0.01, 0.99]) == pytest.approx(0.0808, abs=1e-4)
    assert uncertainty([0.01, 0.4]) == pytest.approx(0.971, abs=1e-3)
    assert uncertainty([0.3]) == pytest.approx(uncertainty([0.7]))


def test_many_suggestions_take_few_statements(filled: Store) -> None:
    many = report_of("long.pdf", *(f"Passage number {n}." for n in range(3000)))
    statements: list[str] = []
    event.listen(filled.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    add(filled, many)
    assert len(statements) < 20
    statements.clear()
    assert suggest(filled, many.passages, lesson=0.9) == 3000
    assert len(statements) < 30
    assert len(latest(filled, *many.passages)) == 3000
