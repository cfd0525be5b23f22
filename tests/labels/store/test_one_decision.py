"""Changing one decision changes exactly the figures it should, in every table."""

from dataclasses import replace

import pytest

from tests.labels.store.counted import Cells, every_table
from tests.labels.store.seeds import codebook_source, draft, seed_codebook, seed_report, undo
from whatworks.labels.register import Facts
from whatworks.labels.resolution import Policy
from whatworks.labels.screening import ScreeningPlan
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.material import read_material
from whatworks.labels.store.register import Change, put
from whatworks.labels.synthesis.material import PLACES, TARGET_GROUPS
from whatworks.labels.synthesis.tables import ATTRIBUTES, Cell
from whatworks.nlp.passages import PassageId

GROUPS = {TARGET_GROUPS: ("women", "youth"), PLACES: ("peru",)}
FACTS = Facts(
    "A",
    type="joint",
    timing="final",
    nature="project",
    regions=("Africa", "Asia"),
    countries=("KH", "ML"),
    funding=("Norway",),
    year=2017,
    language="en",
    report="a.pdf",
)
Place = tuple[str, str | None, str | None]
"""Table, row and column; None is all of them."""


@pytest.fixture
def passages(store: Store) -> list[PassageId]:
    """Two of report A, of which all is known, and two of report B, of which nothing is."""
    seed_codebook(store, codebook_source(groups=GROUPS))
    found = [one for name in ("a.pdf", "b.pdf") for one in seed_report(store, name, ("It.", "So."))]
    put(store, [Change(FACTS), Change(Facts("B", report="b.pdf"))], "list.xlsx", "ana")
    for one, labels, themes in zip(
        found,
        (["lesson"], ["obstacle"], ["lesson"], ["lesson", "obstacle"]),
        (["staff", "women"], ["budget", "peru"], ["staff"], []),
        strict=True,
    ):
        record(store, draft(one, "ana", labels, themes))
    return found


def tables(store: Store) -> dict[str, Cells]:
    with store.reading() as connection:
        return every_table(read_material(connection, "Ours", ScreeningPlan()))


def changes(before: dict[str, Cells], after: dict[str, Cells]) -> dict[Place, tuple[Cell, Cell]]:
    """What stood there, and what stands there now."""
    nothing = Cell()
    return {
        (name, *place): (before[name].get(place, nothing), after[name].get(place, nothing))
        for name in before
        for place in {*before[name], *after[name]}
        if before[name].get(place) != after[name].get(place)
    }


def places_of(
    labels: list[str], themes: list[str], facts: Facts, groups: list[str], spots: list[str]
) -> set[Place]:
    """Every cell in which a passage stands."""
    values = {
        "region": facts.regions,
        "country": facts.countries,
        "type": [facts.type],
        "timing": [facts.timing],
        "nature": [facts.nature],
        "year": [str(facts.year or "")],
        "funding": facts.funding,
        "language": [facts.language],
        "target_group": groups,
        "place": spots,
    }
    found: set[Place] = set()
    for theme in (*(themes or [""]), None):
        found |= {("theme by type of finding", theme, one) for one in (*labels, None)}
        for attribute in ATTRIBUTES:
            own = (*(values[attribute] or [""]), None)
            found |= {(f"theme by {attribute}", theme, value) for value in own}
    for attribute in ATTRIBUTES:
        for value in (*(values[attribute] or [""]), None):
            name = f"{attribute} by type of finding"
            found |= {(name, value, one) for one in (*labels, None)}
    return found


def test_a_finding_taken_back_leaves_every_cell_it_stood_in(
    store: Store, passages: list[PassageId]
) -> None:
    before = tables(store)
    record(store, undo(passages[0], "ana"))
    changed = changes(before, tables(store))
    assert changed.keys() == places_of(["lesson"], ["staff"], FACTS, ["women"], [])
    assert all(was.passages - now.passages == 1 for was, now in changed.values())
    # Report A stays in what its other finding has, and leaves what only this one had.
    assert {was.reports - now.reports for was, now in changed.values()} == {0, 1}


def test_another_finding_type_moves_one_passage_between_two_columns(
    store: Store, passages: list[PassageId]
) -> None:
    before = tables(store)
    record(store, draft(passages[0], "ana", ["obstacle"], ["staff", "women"]))
    changed = changes(before, tables(store))
    gone = places_of(["lesson"], ["staff"], FACTS, ["women"], [])
    come = places_of(["obstacle"], ["staff"], FACTS, ["women"], [])
    assert changed.keys() == gone ^ come
    steps = {place: now.passages - was.passages for place, (was, now) in changed.items()}
    assert steps == dict.fromkeys(gone - come, -1) | dict.fromkeys(come - gone, 1)


@pytest.mark.parametrize(
    ("labels", "themes", "groups", "spots"),
    [
        (["lesson"], ["budget"], ["women"], []),
        (["lesson"], ["staff"], ["youth", "women"], []),
        (["lesson"], ["staff"], [], ["peru"]),
        (["lesson", "success_factor"], ["budget", "staff"], ["women"], ["peru"]),
        (["obstacle"], [], [], []),
        (["lesson"], ["staff"], ["women"], []),
    ],
)
def test_other_codes_change_only_the_cells_of_what_came_and_what_went(
    store: Store,
    passages: list[PassageId],
    labels: list[str],
    themes: list[str],
    groups: list[str],
    spots: list[str],
) -> None:
    before = tables(store)
    record(store, draft(passages[0], "ana", labels, sorted([*themes, *groups, *spots])))
    changed = changes(before, tables(store)).keys()
    gone = places_of(["lesson"], ["staff"], FACTS, ["women"], [])
    assert changed == gone ^ places_of(labels, themes, FACTS, groups, spots)


def test_a_second_reader_changes_how_well_it_was_read_and_no_count(
    store: Store, passages: list[PassageId]
) -> None:
    before = tables(store)
    record(store, draft(passages[2], "eva", ["lesson"], ["budget"]))
    set_policy(store, Policy("two-adjudicated", ("zoe",)))
    record(store, draft(passages[2], "zoe", ["lesson"], ["staff"], adjudicates=True))
    set_policy(store, Policy("one-reviewer", ("zoe",)))
    after = tables(store)
    changed = changes(before, after)
    assert changed.keys() == places_of(["lesson"], ["staff"], Facts("B"), [], [])
    for (_, row, column), (was, now) in changed.items():
        # Both gave the finding type, one the theme.
        agreed = 0 if "staff" in (row, column) else 1
        assert now == replace(was, double_read=1, agreed=agreed)


def test_what_is_not_a_finding_changes_no_table(store: Store, passages: list[PassageId]) -> None:
    (one,) = seed_report(store, "c.pdf", ["No."])
    put(store, [Change(Facts("C", report="c.pdf"))], "list.xlsx", "ana")
    before = tables(store)
    record(store, draft(one, "ana"))
    assert tables(store) == before
    assert passages


def test_facts_of_an_evaluation_move_its_findings_in_their_tables_alone(
    store: Store, passages: list[PassageId]
) -> None:
    before = tables(store)
    put(store, [Change(replace(FACTS, year=2018), 1, FACTS)], "edit", "ana")
    changed = changes(before, tables(store))
    assert {name for name, _, _ in changed} == {"year by type of finding", "theme by year"}
    assert {value for place in changed for value in place[1:]} >= {"2017", "2018"}
    totals = {(None, None), (None, "lesson"), (None, "obstacle"), ("staff", None)}
    assert not totals & {place[1:] for place in changed}
    assert passages
