"""Tables by hand: what a cell counts, once per what, and how strong it is."""

from pathlib import Path

import pytest

from tests.synthesis_material import EVALUATIONS, a_finding, a_material
from whatworks.labels.synthesis.material import Finding
from whatworks.labels.synthesis.tables import (
    ATTRIBUTES,
    NONE,
    Cell,
    Table,
    by_attribute,
    counted_under,
    finding_types_by_theme,
    themes_by_attribute,
)

FIRST, FIFTH, LAST = EVALUATIONS[0], EVALUATIONS[4], EVALUATIONS[17]
OBSTACLE, LATE, STAFF = "obstacle", "inefficient-management", "local-presence"


def table_of(*findings: Finding) -> Table:
    return finding_types_by_theme(a_material(findings=findings))


def by(attribute: str, *findings: Finding) -> Table:
    return by_attribute(a_material(findings=findings), attribute)


def test_a_cell_counts_passages_and_the_reports_they_come_from() -> None:
    table = table_of(
        a_finding(FIRST, "Funds came late.", (OBSTACLE,), (LATE,)),
        a_finding(FIRST, "Nobody signed.", (OBSTACLE,), (LATE,)),
        a_finding(FIFTH, "Staff left.", (OBSTACLE,), (LATE,)),
    )
    assert table.cell(LATE, OBSTACLE) == Cell(passages=3, reports=2, double_read=3, agreed=3)
    assert table.total == table.row_totals[LATE] == table.column_totals[OBSTACLE]
    assert table.cell(LATE, "lesson") == table.row_totals[STAFF] == Cell()


def test_a_passage_with_two_codes_stands_in_both_cells_and_once_in_the_totals() -> None:
    table = table_of(a_finding(FIRST, "Both.", (OBSTACLE, "lesson"), (STAFF, LATE)))
    assert len(table.cells) == 4
    assert {cell.passages for cell in table.cells.values()} == {1}
    assert table.row_totals[LATE].passages == table.total.passages == 1


def test_what_a_report_says_again_counts_once() -> None:
    first = a_finding(FIRST, "Funds came late.", (OBSTACLE,), (LATE,))
    again = a_finding(FIRST, "Late funds.", (OBSTACLE,), (LATE,), repeats=first.passage.id, order=9)
    table = table_of(first, again)
    assert table.cell(LATE, OBSTACLE).passages == table.total.passages == 1


def test_a_code_that_only_the_repetition_has_counts_there() -> None:
    first = a_finding(FIRST, "Funds came late.", (OBSTACLE,), (LATE,))
    again = a_finding(FIRST, "Late funds.", ("lesson",), (LATE,), repeats=first.passage.id, order=9)
    table = table_of(first, again)
    assert table.cell(LATE, OBSTACLE).passages == table.cell(LATE, "lesson").passages == 1
    assert table.row_totals[LATE].passages == table.total.passages == 1


def test_an_evaluation_in_two_regions_counts_in_each_and_once_in_all() -> None:
    table = by("region", a_finding(FIFTH, "It lasted.", ("success_factor",)))
    assert table.row_totals["Africa"].reports == 1
    assert table.row_totals["Asia and the Pacific"].reports == 1
    assert table.total == Cell(passages=1, reports=1, double_read=1, agreed=1)


def test_only_what_two_people_read_independently_is_double_read() -> None:
    once = {"readers": 1, "how": "adjudicated"}
    agreed = dict.fromkeys([("finding_type", OBSTACLE), ("theme", LATE)], 1)
    table = table_of(
        a_finding(FIRST, "One reader.", (OBSTACLE,), (LATE,), agreed=agreed, **once),
        a_finding(FIRST, "Two readers.", (OBSTACLE,), (LATE,)),
    )
    assert table.cell(LATE, OBSTACLE) == Cell(passages=2, reports=1, double_read=1, agreed=1)


def test_readers_agree_on_a_cell_when_all_gave_its_codes() -> None:
    said = {("finding_type", OBSTACLE): 2, ("finding_type", "lesson"): 1, ("theme", LATE): 2}
    table = table_of(a_finding(FIRST, "Late.", (OBSTACLE, "lesson"), (LATE,), agreed=said))
    assert table.cell(LATE, OBSTACLE).agreed == table.column_totals[OBSTACLE].agreed == 1
    assert table.cell(LATE, "lesson").agreed == table.column_totals["lesson"].agreed == 0
    assert table.row_totals[LATE].agreed == 1
    # Of all it is only agreed when they gave each of its finding types.
    assert table.total.agreed == 0


def test_a_theme_with_the_id_of_a_finding_type_is_told_apart() -> None:
    said = {("finding_type", OBSTACLE): 2, ("theme", OBSTACLE): 1}
    finding = a_finding(FIRST, "Late.", (OBSTACLE,), (OBSTACLE,), agreed=said)
    table = table_of(finding)
    assert table.column_totals[OBSTACLE].agreed == 1
    assert counted_under(a_material(findings=(finding,)), ("theme", OBSTACLE)) == (finding,)


def test_what_nobody_said_stands_in_the_last_row() -> None:
    table = by("country", a_finding(LAST, "It worked.", ("lesson",)))
    assert table.rows[-1] == NONE
    assert table.cell(NONE, "lesson").passages == 1
    assert NONE not in by("country", a_finding(FIRST, "It worked.", ("lesson",))).rows
    assert table_of(a_finding(FIRST, "It worked.", ("lesson",))).rows[-1] == NONE


def test_rows_stand_in_the_order_in_which_people_know_them() -> None:
    material = a_material()
    assert by_attribute(material, "timing").rows == ("mid-term", "final", "ex-post", NONE)
    assert by_attribute(material, "year").rows == (*map(str, range(2012, 2019)), NONE)
    groups = [one.id for one in material.codebook.themes if one.group == "target-groups"]
    assert by_attribute(material, "target_group").rows == (*groups, NONE)
    assert themes_by_attribute(material, "type").columns == (
        *("independent", "internal", "joint", "high-level"),
        NONE,
    )


def test_target_groups_and_places_are_no_rows_among_the_themes() -> None:
    material = a_material()
    rows = set(finding_types_by_theme(material).rows)
    assert {one.group for one in material.codebook.themes if one.id in rows} == {
        "what-works",
        "success-factors",
        "obstacles",
    }
    assert set(themes_by_attribute(material, "place").rows) == rows


def test_rows_are_ranked_by_reports_then_passages() -> None:
    table = table_of(
        a_finding(FIRST, "One.", (OBSTACLE,), (LATE,)),
        a_finding(FIRST, "Two.", (OBSTACLE,), (LATE,)),
        a_finding(FIRST, "Three.", ("lesson",), (LATE,)),
        a_finding(FIRST, "Four.", ("lesson",), (STAFF,)),
        a_finding(FIFTH, "Five.", ("lesson",), (STAFF,)),
        a_finding(FIFTH, "Six.", ("lesson",), ("gender-neglect",)),
    )
    assert table.ranked() == (STAFF, LATE, "gender-neglect")
    assert table.ranked("lesson") == (STAFF, "gender-neglect", LATE)
    assert table.ranked(OBSTACLE) == (LATE,)
    # Where both are the same, the order is the codebook's.
    assert table_of(
        a_finding(FIRST, "One.", (OBSTACLE,), (LATE,)),
        a_finding(FIRST, "Two.", (OBSTACLE,), (STAFF,)),
    ).ranked() == (STAFF, LATE)


def test_every_cell_leads_back_to_the_findings_that_it_counts() -> None:
    material = a_material()
    table = finding_types_by_theme(material)
    for theme in table.rows:
        assert len(counted_under(material, ("theme", theme))) == table.row_totals[theme].passages
        for type_ in table.columns:
            codes = ("finding_type", type_), ("theme", theme)
            found = counted_under(material, *codes)
            assert len(found) == table.cell(theme, type_).passages
            assert len({one.evaluation.id for one in found}) == table.cell(theme, type_).reports
    for attribute in ("target_group", "place"):
        for code, cell in by_attribute(material, attribute).row_totals.items():
            if code != NONE:
                assert len(counted_under(material, ("theme", code))) == cell.passages
    assert len(counted_under(material)) == table.total.passages == len(material.counted)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_both_tables_of_an_attribute_agree_on_how_much_there_is(attribute: str) -> None:
    material = a_material()
    rows, columns = by_attribute(material, attribute), themes_by_attribute(material, attribute)
    assert rows.rows == columns.columns
    assert rows.row_totals == columns.column_totals
    assert rows.total == columns.total == finding_types_by_theme(material).total


def test_an_evaluation_without_findings_has_its_row_all_the_same() -> None:
    table = by("country", a_finding(FIRST, "It worked.", ("lesson",)))
    assert "PE" in table.rows
    assert table.row_totals["PE"] == Cell()
    # What is excluded has none.
    assert "KE" not in table.rows


def test_an_unknown_attribute_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        by_attribute(a_material(), "colour")


def test_the_example_of_the_documentation_is_true() -> None:
    fully = dict.fromkeys([("finding_type", "obstacle"), ("theme", LATE)], 2)
    first = a_finding(FIRST, "Late.", (OBSTACLE,), (LATE,), agreed=fully)
    again = a_finding(
        FIRST, "Late again.", (OBSTACLE, "lesson"), (LATE,), repeats=first.passage.id, order=31
    )
    one_reader = {"readers": 1, "agreed": {}, "how": "adjudicated"}
    quarrel = {("finding_type", "lesson"): 2, ("theme", STAFF): 1}
    table = table_of(
        first,
        again,
        a_finding(FIFTH, "Late, and few.", (OBSTACLE,), (STAFF, LATE), **one_reader),
        a_finding(EVALUATIONS[6], "Few.", ("lesson",), (STAFF,), agreed=quarrel),
    )
    page = (Path(__file__).parents[3] / "docs/aggregation.md").read_text("utf-8")
    columns = table.column_totals
    for name, cells in {
        "late funds": (
            *(table.cell(LATE, one) for one in (OBSTACLE, "lesson")),
            table.row_totals[LATE],
        ),
        "staff": (
            *(table.cell(STAFF, one) for one in (OBSTACLE, "lesson")),
            table.row_totals[STAFF],
        ),
        "in all": (columns[OBSTACLE], columns["lesson"], table.total),
    }.items():
        told = [
            f"{one.passages} from {one.reports} ({one.agreed} of {one.double_read} agreed)"
            for one in cells
        ]
        assert f"| {name} | {' | '.join(told)} |" in page
