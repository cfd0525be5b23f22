"""The material of a synthesis as it is read: what is in it, what is left out, and what is said."""

from collections.abc import Sequence

import pytest

from tests.labels.store.forgery import forge
from tests.labels.store.seeds import (
    THEMES,
    TYPES,
    codebook_source,
    draft,
    seed_codebook,
    seed_report,
    seed_suggestion,
    undo,
)
from whatworks.labels.register import Facts
from whatworks.labels.resolution import Policy
from whatworks.labels.screening import Appraised, Screening, ScreeningPlan
from whatworks.labels.screening_rules import Said
from whatworks.labels.store.appraisals import appraise
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.material import read_material
from whatworks.labels.store.register import Change, put
from whatworks.labels.store.screening import screen
from whatworks.labels.synthesis.material import PLACES, TARGET_GROUPS, Material
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId

PLAN = ScreeningPlan()
SAID = "The committee met every month and kept its own books, which the members trusted."
TEXTS = (SAID, "It was late.", f"{SAID} Indeed.")
GROUPS = {TARGET_GROUPS: ("youth", "women"), PLACES: ("peru",)}


def read(store: Store) -> Material:
    with store.reading() as connection:
        return read_material(connection, "Ours", PLAN)


def why_not(store: Store) -> str:
    with pytest.raises(WhatworksError) as error:
        read(store)
    return str(error.value)


def started(store: Store, *names: str, texts: Sequence[str] = TEXTS) -> list[list[PassageId]]:
    """A project with these reports; the ids of their passages."""
    seed_codebook(store, codebook_source(groups=GROUPS))
    return [seed_report(store, name, texts) for name in names]


def enlist(store: Store, *names: str) -> None:
    """Lists reports by name, as E1, E2, ...; one that begins with '-' has no file yet."""
    facts = [
        Facts(f"Evaluation {name}", report="" if name.startswith("-") else name) for name in names
    ]
    put(store, [Change(one) for one in facts], "list.xlsx", "ana")


def screened_as(store: Store, **verdicts: str) -> None:
    """``screened_as(store, E1="include")``."""
    screen(store, PLAN, [(int(mark[1:]), Said("ana", one)) for mark, one in verdicts.items()])


def test_a_finding_says_what_it_is_and_what_it_rests_on(store: Store) -> None:
    set_policy(store, Policy("two-adjudicated", ("zoe",)))
    ((first, _, _),) = started(store, "a.pdf")
    enlist(store, "a.pdf")
    labels = ["lesson", "obstacle"]
    record(store, draft(first, "ana", labels, ["budget", "peru", "staff", "youth"]))
    record(store, draft(first, "eva", ["obstacle"], ["staff", "women"]))
    themes = ["budget", "staff", "women", "youth"]
    record(store, draft(first, "zoe", labels, themes, adjudicates=True))
    (one,) = read(store).findings
    assert (one.evaluation.mark, one.source, one.passage.text) == ("E1", "E1, p. 1", SAID)
    assert (one.labels, one.themes) == (("lesson", "obstacle"), ("budget", "staff"))
    # Target groups and places stand in the codebook's order.
    assert (one.target_groups, one.places) == (("youth", "women"), ())
    assert (one.how, [said.annotator for said in one.decisions]) == ("adjudicated", ["zoe"])
    assert one.readers == 2
    assert one.agreed == {
        ("finding_type", "lesson"): 1,
        ("finding_type", "obstacle"): 2,
        ("theme", "budget"): 1,
        ("theme", "staff"): 2,
        ("theme", "women"): 1,
        ("theme", "youth"): 1,
    }


def test_an_answer_given_after_the_adjudication_is_not_independent(store: Store) -> None:
    set_policy(store, Policy("one-reviewer", ("zoe",)))
    ((first, _, _),) = started(store, "a.pdf")
    record(store, draft(first, "ana", ["lesson"]))
    record(store, draft(first, "eva", ["obstacle"]))
    record(store, draft(first, "zoe", ["lesson"], adjudicates=True))
    record(store, draft(first, "eva", ["lesson"]))
    record(store, draft(first, "ben", ["lesson"]))
    (one,) = read(store).findings
    assert (one.readers, one.agreed) == (2, {("finding_type", "lesson"): 1})


def test_a_suggestion_is_never_counted(store: Store) -> None:
    ((first, second, _),) = started(store, "a.pdf")
    seed_suggestion(store, first, ["lesson"], ["staff"])
    assert "of the 3 passages of included evaluations people confirmed none." in why_not(store)
    record(store, draft(second, "ana", ["obstacle"]))
    assert [one.labels for one in read(store).findings] == [("obstacle",)]


def test_without_a_register_every_report_is_taken_in(store: Store) -> None:
    (first, _, _), (second, _, _) = started(store, "a.pdf", "b.pdf")
    for one in (second, first):
        record(store, draft(one, "ana", ["lesson"]))
    material = read(store)
    assert not material.is_register
    assert [one.source for one in material.findings] == ["R1, p. 1", "R2, p. 1"]
    assert [one.evaluation.facts for one in material.listed] == [
        Facts("a.pdf", language="en", report="a.pdf"),
        Facts("b.pdf", language="en", report="b.pdf"),
    ]
    assert {one.screened.state for one in material.listed} == {Screening.INCLUDED}
    assert (material.flow.identified, material.flow.included, material.unlisted) == (2, 2, ())


def test_a_register_from_which_everything_was_taken_is_none(store: Store) -> None:
    (first, _, _), _ = started(store, "a.pdf", "b.pdf")
    record(store, draft(first, "ana", ["lesson"]))
    enlist(store, "b.pdf")
    screened_as(store, E1="exclude")
    answers = {PLAN.checklist[0]: "no"}
    appraise(store, PLAN, [(1, Appraised("ana", answers))])
    put(store, [Change(None, 1, Facts("Evaluation b.pdf", report="b.pdf"))], "edit", "ana")
    material = read(store)
    assert [(one.mark, one.is_included, one.quality) for one in material.listed] == [
        ("R1", True, {}),
        ("R2", True, {}),
    ]


def test_only_included_evaluations_count_and_the_others_are_told(store: Store) -> None:
    a, b, c, d = started(store, "a.pdf", "b.pdf", "c.pdf", "d.pdf")
    enlist(store, "b.pdf", "a.pdf", "-later.pdf", "c.pdf")
    for ids in (a, b, c, d):
        record(store, draft(ids[0], "ana", ["lesson"]))
        record(store, draft(ids[1], "ana"))
    screened_as(store, E1="include", E2="exclude", E3="include")
    material = read(store)
    assert [one.source for one in material.findings] == ["E1, p. 1"]
    assert material.left_out == {"E2": 2, "E4": 2}
    assert material.unlisted == ("d.pdf",)
    assert [(one.mark, one.passages, one.confirmed) for one in material.listed] == [
        ("E1", 3, 2),
        ("E2", 3, 2),
        ("E3", 0, 0),
        ("E4", 3, 2),
    ]
    assert (material.confirmed, material.passages) == (2, 3)
    assert (material.flow.included, material.flow.without_file, material.flow.open) == (2, 1, 1)


def test_a_report_excluded_later_leaves_with_its_passages(store: Store) -> None:
    a, b = started(store, "a.pdf", "b.pdf")
    enlist(store, "a.pdf", "b.pdf")
    for ids in (a, b):
        record(store, draft(ids[0], "ana", ["lesson"]))
    screened_as(store, E1="include", E2="include")
    assert [one.source for one in read(store).findings] == ["E1, p. 1", "E2, p. 1"]
    screened_as(store, E2="exclude")
    material = read(store)
    assert [one.source for one in material.findings] == ["E1, p. 1"]
    assert material.left_out == {"E2": 1}


def test_the_first_finding_leads_what_its_report_says_again(store: Store) -> None:
    again = (*TEXTS, f"{SAID} Really.")
    a, b = started(store, "a.pdf", "b.pdf", texts=again)
    for passage in (a[0], a[2], a[3], b[2], b[3]):
        record(store, draft(passage, "ana", ["lesson"]))
    record(store, draft(b[0], "ana"))
    material = read(store)
    assert {one.source: one.repeats for one in material.findings} == {
        "R1, p. 1": None,
        "R1, p. 3": a[0],
        "R1, p. 4": a[0],
        # Its first passage is no finding: nothing is counted there.
        "R2, p. 3": None,
        "R2, p. 4": b[2],
    }
    assert [one.source for one in material.counted] == ["R1, p. 1", "R2, p. 3"]


def test_passages_with_a_retired_code_wait_and_are_told(store: Store) -> None:
    ((first, second, third),) = started(store, "a.pdf")
    record(store, draft(first, "ana", ["lesson"], ["staff"]))
    record(store, draft(second, "ana", ["lesson"], ["budget"]))
    record(store, draft(third, "ana", ["obstacle"], ["staff", "gender"]))
    source = codebook_source(themes=[one for one in THEMES if one != "staff"], groups=GROUPS)
    seed_codebook(store, source, {"theme": {"staff": None}})
    material = read(store)
    assert [one.source for one in material.findings] == ["R1, p. 2"]
    assert (material.stale, material.retired) == (2, {"staff": 2})
    assert (material.codebook_version, material.confirmed) == (2, 1)


def test_a_retired_code_that_only_the_adjudicator_gave_is_told_too(store: Store) -> None:
    set_policy(store, Policy("two-adjudicated", ("zoe",)))
    ((first, second, _),) = started(store, "a.pdf")
    record(store, draft(first, "ana", ["lesson"], ["staff"]))
    record(store, draft(first, "eva", ["obstacle"]))
    record(store, draft(first, "zoe", ["lesson"], ["gender"], adjudicates=True))
    for who in ("ana", "eva"):
        record(store, draft(second, who, ["lesson"]))
    source = codebook_source(themes=[one for one in THEMES if one not in ("staff", "gender")])
    seed_codebook(store, source, {"theme": {"staff": None, "gender": None}})
    material = read(store)
    assert (material.stale, material.retired) == (1, {"gender": 1, "staff": 1})


def test_a_code_with_a_new_meaning_makes_passages_stale_and_is_not_retired(store: Store) -> None:
    ((first, second, _),) = started(store, "a.pdf")
    record(store, draft(first, "ana", ["lesson"], ["staff"]))
    record(store, draft(second, "ana", ["lesson"], ["budget"]))
    seed_codebook(store, codebook_source(groups=GROUPS), {"theme": {"staff": None}})
    material = read(store)
    assert (material.stale, material.retired) == (1, {})


def test_a_renamed_code_counts_under_its_new_name(store: Store) -> None:
    ((first, _, _),) = started(store, "a.pdf")
    record(store, draft(first, "ana", ["lesson"], ["staff"]))
    record(store, draft(first, "eva", ["lesson"], ["staff"]))
    themes = ["people" if one == "staff" else one for one in THEMES]
    seed_codebook(store, codebook_source(themes=themes), {"theme": {"staff": "people"}})
    (one,) = read(store).findings
    assert one.themes == ("people",)
    assert (one.readers, one.agreed["theme", "people"]) == (2, 2)


def test_it_says_how_it_came_about(store: Store) -> None:
    set_policy(store, Policy("two-agree"))
    ((first, second, third),) = started(store, "a.pdf")
    for passage in (first, second):
        seed_suggestion(store, passage, ["lesson"], model="first")
    seed_suggestion(store, first, ["lesson"], model="second")
    seed_codebook(store, codebook_source([*TYPES, "good_practice"], groups=GROUPS))
    seed_suggestion(store, first, ["lesson"], model="second")
    for who in ("ana", "eva"):
        record(store, draft(first, who, ["lesson"]))
    last = record(store, draft(third, "ana", ["obstacle"])).decision
    material = read(store)
    assert (material.project, material.policy, material.plan) == ("Ours", "two-agree", PLAN)
    assert [(one.name, one.suggestions) for one in material.models] == [("first", 2), ("second", 1)]
    assert (material.decisions, material.head) == (3, last.hash)
    assert material.as_of == last.made_at
    assert read(store) == material


def test_the_last_word_of_any_kind_dates_it(store: Store) -> None:
    ((first, _, _),) = started(store, "a.pdf")
    record(store, draft(first, "ana", ["lesson"]))
    before = read(store).as_of
    enlist(store, "a.pdf")
    after_list = read(store).as_of
    screened_as(store, E1="include")
    after_screening = read(store).as_of
    seed_report(store, "a.pdf", TEXTS[:1])
    assert before < after_list < after_screening < read(store).as_of


def test_nothing_to_count_says_what_to_do(store: Store) -> None:
    seed_codebook(store)
    assert why_not(store) == "The project has no report yet. Add some with: whatworks add FOLDER"
    first, second, _ = seed_report(store, "a.pdf", TEXTS)
    record(store, draft(first, "ana"))
    assert why_not(store) == (
        "Nothing can be counted: of the 3 passages of included evaluations people confirmed 1, "
        "none of them as a finding. Only what people confirmed is counted. Decide with whatworks "
        "review; whatworks status shows how far each report is."
    )
    record(store, draft(second, "ana", ["lesson"]))
    enlist(store, "a.pdf", "-b.pdf")
    screened_as(store, E1="possible")
    assert why_not(store).startswith("None of the 2 evaluations of the register is included")
    screened_as(store, E2="include")
    assert why_not(store).startswith("No report of an included evaluation is in the project")
    seed_report(store, "c.pdf", TEXTS)
    put(store, [Change(Facts("C", report="c.pdf"))], "list.xlsx", "ana")
    screened_as(store, E3="include")
    assert why_not(store).startswith(
        "Nothing can be counted: of the 3 passages of included evaluations people confirmed none. "
        "Of evaluations that are not included 2 are confirmed; they do not count."
    )


def test_what_was_taken_back_is_gone(store: Store) -> None:
    ((first, second, _),) = started(store, "a.pdf")
    for one in (first, second):
        record(store, draft(one, "ana", ["lesson"]))
    record(store, undo(first, "ana"))
    assert [one.source for one in read(store).findings] == ["R1, p. 2"]


def test_labels_that_do_not_follow_from_the_log_stop_it(store: Store) -> None:
    ((first, _, _),) = started(store, "a.pdf")
    record(store, draft(first, "ana", ["lesson"]))
    forge(store, "UPDATE resolution SET labels = '[\"obstacle\"]'")
    assert "whatworks audit" in why_not(store)
