"""Figures of the findings: their themes by finding type and over the years, and for whom."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ...exchange.rows import Value
from ...texts import Texts
from ..material import Material
from ..naming import basis, theme_name, value_name
from ..tables import (
    NONE,
    Table,
    by_attribute,
    finding_types_by_theme,
    themes_by_attribute,
)
from .interface import Figure
from .squares import Column, Square, squares

_MOST_COLUMNS = 12
_STEPS = (1, 2, 3, 5, 10, 20, 50, 100)


def finding_types_and_themes(material: Material, texts: Texts) -> Iterator[Figure]:
    """The figure of themes by finding type; none without a finding."""
    table = finding_types_by_theme(material)
    if table.total.passages:
        names = [theme_name(material, one, texts) for one in table.rows]
        name, title = "finding-types-by-theme", texts("Finding types by theme")
        yield _by_finding_type(material, table, names, name, title, texts)


def target_groups(material: Material, texts: Texts) -> Iterator[Figure]:
    """The figure of target groups by finding type; none where no finding has one."""
    table = by_attribute(material, "target_group")
    if any(table.row_totals[row].passages for row in table.rows if row != NONE):
        names = [value_name(material, "target_group", one, texts) for one in table.rows]
        name, title = "finding-types-by-target-group", texts("Finding types by target group")
        yield _by_finding_type(material, table, names, name, title, texts)


def themes_by_year(material: Material, texts: Texts) -> Iterator[Figure]:
    """The figure of themes by the years of the evaluations; none where these are not two.

    Years of which nothing was read yet are left out: they would look as if nothing was found.
    """
    read = Counter(one.evaluation.facts.year for one in material.included if one.confirmed)
    periods = _periods([year for year in read if year is not None])
    table = themes_by_attribute(material, "year")
    if len(periods) < 2 or not table.total.passages:
        return
    # Sums are exact: an evaluation is of one year.
    years = [[str(year) for year in one] for one in periods]
    evaluations = [sum(read[year] for year in one) for one in periods]
    heads = [_said(one) for one in periods]
    if None in read:
        years.append([NONE])
        evaluations.append(read[None])
        heads.append(texts("not stated"))
    found = [
        [sum(table.cell(theme, year).reports for year in some) for some in years]
        for theme in table.rows
    ]
    most = max(max(counts) for counts in found)
    rows = [theme_name(material, one, texts) for one in table.rows]
    numbers: list[Sequence[Value]] = [
        (texts("Theme"), *heads),
        (texts("Evaluations with confirmed passages"), *evaluations),
    ]
    for name, counts in zip(rows, found, strict=True):
        numbers.append((name, *counts))
    yield squares(
        "themes-by-year",
        texts("Themes over the years"),
        texts(
            "Evaluations with a finding on the theme, by the year of the report; the more, the "
            "darker. n is how many included evaluations of that time have confirmed passages. "
            "%(basis)s.",
            basis=basis(material, texts),
        ),
        rows=rows,
        columns=[
            Column(head, below=f"n = {texts.number(n)}")
            for head, n in zip(heads, evaluations, strict=True)
        ],
        shown={
            (row, column): Square(count / most, texts.number(count))
            for row, counts in enumerate(found)
            for column, count in enumerate(counts)
            if count
        },
        note=texts("evaluations"),
        table=numbers,
    )


def _by_finding_type(
    material: Material, table: Table, names: Sequence[str], name: str, title: str, texts: Texts
) -> Figure:
    most = max(cell.reports for cell in table.cells.values())
    return squares(
        name,
        title,
        texts(
            "Evaluations with such a finding, and in brackets the passages that say so; the more "
            "evaluations, the darker. A passage with two codes counts under both. %(basis)s.",
            basis=basis(material, texts),
        ),
        rows=names,
        columns=[
            Column(one.name(texts.language), one.colour) for one in material.codebook.finding_types
        ],
        shown={
            (table.rows.index(row), table.columns.index(column)): Square(
                cell.reports / most, f"{texts.number(cell.reports)} ({texts.number(cell.passages)})"
            )
            for (row, column), cell in table.cells.items()
        },
        note=texts("evaluations (passages)"),
        table=[*_numbers(material, table, names, texts)],
    )


def _numbers(
    material: Material, table: Table, names: Sequence[str], texts: Texts
) -> Iterator[Sequence[Value]]:
    yield (
        texts("Id"), texts("Code"), texts("Finding type"), texts("Evaluations"),
        texts("Passages"), texts("Read by two or more"), texts("All agreed"),
    )  # fmt: skip
    for row, name in zip(table.rows, names, strict=True):
        for one in material.codebook.finding_types:
            cell = table.cell(row, one.id)
            said = name, one.name(texts.language)
            yield row, *said, cell.reports, cell.passages, cell.double_read, cell.agreed


def _periods(years: Sequence[int]) -> list[range]:
    """The years, or where they are too many, the shortest periods that are not; none is empty.

    >>> _periods([2012, 2015])
    [range(2012, 2013), range(2015, 2016)]
    >>> _periods(range(1999, 2013))[:2]
    [range(1998, 2000), range(2000, 2002)]
    """
    for step in _STEPS:
        begins = sorted({year - year % step for year in years})
        if len(begins) <= _MOST_COLUMNS:
            break
    return [range(begin, begin + step) for begin in begins]


def _said(period: range) -> str:
    return str(period[0]) if len(period) == 1 else f"{period[0]}–{period[-1]}"
