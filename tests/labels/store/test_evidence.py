"""From a cell of the matrix to its quotations, and to who said so."""

import pytest

from tests.labels.store.seeds import codebook_source, draft, seed_codebook
from tests.stored import add, decide, report_of, suggest, with_codebook
from whatworks.labels.register import Facts
from whatworks.labels.resolution import Policy
from whatworks.labels.screening import ScreeningPlan
from whatworks.labels.store.assignments import RoundDraft, create_round
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.evidence import evidence, find_theme_in_use
from whatworks.labels.store.material import read_material
from whatworks.labels.store.register import Change, put
from whatworks.labels.synthesis.tables import finding_types_by_theme
from whatworks.nlp.errors import WhatworksError

FIRST = report_of(
    "a.pdf",
    "The staff came back each season because the posts were paid on time and in full.",
    "The staff came back each season because the posts were paid on time, and in full.",
    "Nobody paid the drivers.",
)
SECOND = report_of("b.pdf", "The budget was late.", "Staff and budget were there.")
STAFF, LESSON = ("theme", "staff"), ("finding_type", "lesson")


@pytest.fixture
def project(store):
    """Two evaluations; what is said of staff in the first one is said twice."""
    with_codebook(store, codebook_source())
    add(store, FIRST)
    add(store, SECOND)
    listed = [Change(Facts(f"Evaluation {name}", report=name)) for name in ("a.pdf", "b.pdf")]
    put(store, listed, "list.xlsx", "ana")
    suggest(store, FIRST.passages[:1], "starter 1", lesson=0.9)
    first, again, drivers = FIRST.passages
    decide(store, first, "ana", "lesson", themes=["staff"])
    decide(store, again, "ana", "lesson", themes=["staff"])
    decide(store, drivers, "ana", "obstacle", themes=["staff"])
    decide(store, SECOND.passages[0], "ana", "obstacle", themes=["budget"])
    decide(store, SECOND.passages[1], "ben", "lesson", themes=["budget", "staff"])
    return store


def read(store, *codes, reports=()):
    with store.reading() as connection:
        material = read_material(connection, "water", ScreeningPlan())
        return material, evidence(connection, material, codes, reports)


def test_a_cell_has_as_much_evidence_as_it_counts(project):
    material, found = read(project, STAFF, LESSON)

    assert [one.finding.source for one in found] == ["E1, p. 1", "E1, p. 2", "E2, p. 2"]
    assert [one.is_counted for one in found] == [True, False, True]
    assert found[1].finding.repeats == FIRST.passages[0].id
    cell = finding_types_by_theme(material).cell("staff", "lesson")
    assert sum(one.is_counted for one in found) == cell.passages == 2


def test_every_cell_has_as_much_evidence_as_it_counts(project):
    material, _ = read(project, STAFF)
    table = finding_types_by_theme(material)

    for row in material.codebook.theme_ids:
        for column in material.codebook.finding_type_ids:
            _, found = read(project, ("theme", row), ("finding_type", column))
            counted = [one for one in found if one.is_counted]
            assert len(counted) == table.cell(row, column).passages
            of = {one.finding.evaluation.id for one in counted}
            assert len(of) == table.cell(row, column).reports


def test_a_theme_alone_is_the_whole_row_and_reports_narrow_it(project):
    _, found = read(project, STAFF)
    assert [one.finding.source for one in found] == ["E1, p. 1", "E1, p. 2", "E1, p. 3", "E2, p. 2"]

    _, found = read(project, STAFF, reports=[2])
    assert [one.finding.source for one in found] == ["E2, p. 2"]


def test_the_chain_leads_to_file_decision_and_round(project):
    set_policy(project, Policy("two-agree"))
    passage = FIRST.passages[0]
    made = RoundDraft(name="Round 1", passages=(passage.id,), strategy="as chosen", reason="")
    number = create_round(project, made, "olga")
    record(project, draft(passage.id, "ben", ["lesson"], ["staff"], round_id=number))

    _, (found,) = read(project, STAFF)

    assert (found.source.path, found.source.name) == ("reports/a.pdf", "a.pdf")
    assert [one.annotator for one in found.finding.decisions] == ["ana", "ben"]
    assert found.rounds == ("", "Round 1")
    assert (found.finding.readers, found.gave) == (2, 2)
    assert found.finding.decisions[0].codebook_version == 1


def test_of_readers_who_disagreed_is_said_how_many_gave_it(project):
    set_policy(project, Policy("two-adjudicated", ("zoe",)))
    passage = FIRST.passages[0]
    decide(project, passage, "ben", "lesson", themes=["budget"])
    record(project, draft(passage.id, "zoe", ["lesson"], ["staff"], adjudicates=True))

    _, (found,) = read(project, STAFF, LESSON)

    assert found.finding.how == "adjudicated"
    assert (found.finding.readers, found.gave) == (2, 1)


def theme_in_use(store, given):
    with store.reading() as connection:
        material = read_material(connection, "water", ScreeningPlan())
        return find_theme_in_use(connection, material, given)


def test_of_an_unknown_theme_the_nearest_is_named(project):
    assert theme_in_use(project, "Staff") == "staff"
    with pytest.raises(WhatworksError, match="Unknown theme 'staf'. Nearest: 'staff'."):
        theme_in_use(project, "staf")


def test_of_a_renamed_theme_the_new_name_is_told(project):
    themes = ["budget", "gender", "partners", "people"]
    seed_codebook(project, codebook_source(themes=themes), {"theme": {"staff": "people"}})

    with pytest.raises(WhatworksError, match="'staff' is 'people' since codebook version 2"):
        theme_in_use(project, "staff")
    _, found = read(project, ("theme", "people"))
    assert len(found) == 4


def test_of_a_retired_theme_is_said_what_waits_to_be_read_again(project):
    source = codebook_source(themes=["gender", "partners", "staff"], retired=["budget"])
    seed_codebook(project, source, {"theme": {"budget": None}})

    with pytest.raises(WhatworksError) as told:
        theme_in_use(project, "budget")
    assert "'budget' is no longer in use since codebook version 2" in str(told.value)
    assert "2 passages wait to be read again" in str(told.value)
