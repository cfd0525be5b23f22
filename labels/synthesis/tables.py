"""Tables of counts: how many confirmed passages of how many reports, and how well they were read.

A cell counts what a report says once, however often the report says it. A passage with two codes
stands in the cells of both; every total counts it once, so cells may add up to more than their
total.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..register import TIMINGS, TYPES, Evaluation
from .material import PLACES, TARGET_GROUPS, CodeKey, Finding, Material

ATTRIBUTES = (
    "region",
    "country",
    "type",
    "timing",
    "nature",
    "year",
    "funding",
    "language",
    "target_group",
    "place",
)
"""By what the evaluations, and what they say, can be told apart."""
NONE = ""
"""The row or column of those of which nobody said it, the last one; it is only there where
something stands in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How strong the evidence is: counts, and no score made of them."""

    passages: int = 0
    reports: int = 0
    """Evaluations from which these passages come."""
    double_read: int = 0
    """Passages that two or more people read independently."""
    agreed: int = 0
    """Those of them to which every such reader gave the codes of this cell; in a total without a
    code, all finding types of the passage."""


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of two things against each other, by their ids."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    """(Row, column) to what stands there; empty cells are not in it."""
    row_totals: Mapping[str, Cell]
    """Of every row."""
    column_totals: Mapping[str, Cell]
    total: Cell

    def cell(self, row: str, column: str) -> Cell:
        """What stands there, an empty cell where nothing does."""
        return self.cells.get((row, column), Cell())

    def ranked(self, column: str | None = None) -> tuple[str, ...]:
        """The rows in which something stands, those with most reports first, then with most
        passages; by one column, or by their totals.
        """
        cells = {
            row: self.row_totals[row] if column is None else self.cell(row, column)
            for row in self.rows
        }
        filled = [row for row in self.rows if cells[row].passages]
        return tuple(sorted(filled, key=lambda row: (-cells[row].reports, -cells[row].passages)))


def finding_types_by_theme(material: Material) -> Table:
    """Themes in rows, finding types in columns; without target groups and places."""
    return _table(material, _themes(material), _finding_types(material))


def by_attribute(material: Material, attribute: str) -> Table:
    """The values of one of ``ATTRIBUTES`` in rows, finding types in columns."""
    return _table(material, _attribute(material, attribute), _finding_types(material))


def themes_by_attribute(material: Material, attribute: str) -> Table:
    """Themes in rows, the values of one of ``ATTRIBUTES`` in columns."""
    return _table(material, _themes(material), _attribute(material, attribute))


def counted_under(material: Material, *codes: CodeKey) -> tuple[Finding, ...]:
    """The findings that a cell of these codes counts: all that have each of them, the first one
    where a report says the same again. By evaluation, then in reading order.
    """
    few = min(
        (material.by_code.get(code, ()) for code in codes), key=len, default=material.findings
    )
    return _once(one for one in few if all(_has(one, code) for code in codes))


def values_of(evaluation: Evaluation, attribute: str) -> tuple[str, ...]:
    """What an evaluation has of one of ``ATTRIBUTES``, () where nobody said.

    Raises:
        KeyError: it is a target group or a place, which passages have, or no attribute at all.
    """
    facts = evaluation.facts
    values = {
        "region": facts.regions,
        "country": facts.countries,
        "type": (facts.type,),
        "timing": (facts.timing,),
        "nature": (facts.nature,),
        "year": () if facts.year is None else (str(facts.year),),
        "funding": facts.funding,
        "language": (facts.language,),
    }
    return tuple(filter(None, values[attribute]))


def all_gave(finding: Finding, codes: Sequence[CodeKey]) -> bool:
    """Whether each independent reader gave each of these codes; without any, its finding types."""
    wanted = codes or [("finding_type", label) for label in finding.labels]
    return all(finding.agreed.get(code, 0) == finding.readers for code in wanted)


@dataclass(frozen=True, slots=True)
class _Side:
    """What stands in the rows, or in the columns."""

    values: tuple[str, ...]
    """In order."""
    of: Callable[[Finding], Sequence[str]]
    kind: str = ""
    """'finding_type' or 'theme' where the values are codes."""

    def codes(self, value: str | None) -> tuple[CodeKey, ...]:
        """The code that a value is, if it is one."""
        return ((self.kind, value),) if self.kind and value else ()


def _finding_types(material: Material) -> _Side:
    return _Side(material.codebook.finding_type_ids, lambda one: one.labels, "finding_type")


def _themes(material: Material) -> _Side:
    return _with_none(material, _Side(material.themes, lambda one: one.themes, "theme"))


def _attribute(material: Material, attribute: str) -> _Side:
    if attribute in ("target_group", "place"):
        group = TARGET_GROUPS if attribute == "target_group" else PLACES
        codes = tuple(one.id for one in material.codebook.themes if one.group == group)
        of = _target_groups if attribute == "target_group" else _places
        return _with_none(material, _Side(codes, of, "theme"))
    found = {value for one in material.included for value in values_of(one.evaluation, attribute)}
    order = {"type": TYPES, "timing": TIMINGS}.get(attribute, ())
    known = tuple(one for one in order if one in found)
    values = (*known, *sorted(found - set(known)))
    return _with_none(material, _Side(values, lambda one: values_of(one.evaluation, attribute)))


def _target_groups(finding: Finding) -> Sequence[str]:
    return finding.target_groups


def _places(finding: Finding) -> Sequence[str]:
    return finding.places


def _with_none(material: Material, side: _Side) -> _Side:
    """With a last value for the findings that have none."""
    if all(side.of(one) for one in material.findings):
        return side
    return _Side((*side.values, NONE), lambda one: side.of(one) or (NONE,), side.kind)


def _table(material: Material, rows: _Side, columns: _Side) -> Table:
    groups: dict[tuple[str | None, str | None], list[Finding]] = {}
    for one in material.findings:
        for row in (*rows.of(one), None):
            for column in (*columns.of(one), None):
                groups.setdefault((row, column), []).append(one)
    found = {
        (row, column): _cell(some, (*rows.codes(row), *columns.codes(column)))
        for (row, column), some in groups.items()
    }
    return Table(
        rows=rows.values,
        columns=columns.values,
        cells={
            (row, column): found[row, column]
            for row in rows.values
            for column in columns.values
            if (row, column) in found
        },
        row_totals={row: found.get((row, None), Cell()) for row in rows.values},
        column_totals={column: found.get((None, column), Cell()) for column in columns.values},
        total=found.get((None, None), Cell()),
    )


def _cell(findings: Iterable[Finding], codes: Sequence[CodeKey]) -> Cell:
    counted = _once(findings)
    double_read = [one for one in counted if one.readers > 1]
    return Cell(
        passages=len(counted),
        reports=len({one.evaluation.id for one in counted}),
        double_read=len(double_read),
        agreed=sum(all_gave(one, codes) for one in double_read),
    )


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without those that say what an earlier one of them says in the same report."""
    first: dict[str, Finding] = {}
    for one in findings:
        first.setdefault(one.repeats or one.passage.id, one)
    return tuple(first.values())


def _has(finding: Finding, code: CodeKey) -> bool:
    kind, value = code
    if kind == "finding_type":
        return value in finding.labels
    if value == NONE:
        return not finding.themes
    return value in (*finding.themes, *finding.target_groups, *finding.places)
