"""Counts, and apart from them the estimates."""

from collections.abc import Iterator, Mapping, Sequence

from ...exchange.rows import Value
from ...texts import Texts, mark
from ..estimates import Estimate, Estimates
from ..material import Material
from ..naming import KINDS, basis, theme_name, value_name, what_estimates_rest_on
from ..tables import ATTRIBUTES, Cell, Table, by_attribute, finding_types_by_theme
from .sheet import Column, Sheet

_PERCENT = "0.0%"
_NUMBERS = (
    mark("Evaluations"),
    mark("Passages"),
    mark("Read by two or more"),
    mark("All agreed"),
)
_ENDS = (mark("Share"), mark("From"), mark("To"))


def counts_sheet(material: Material, texts: Texts) -> Sheet:
    """Themes by finding type."""
    table = finding_types_by_theme(material)
    rows: list[Sequence[Value]] = [
        (theme_name(material, one, texts), *_numbers(table, one)) for one in table.rows
    ]
    rows.append((texts("All"), *_totals(table)))
    return Sheet(
        texts("Counts"),
        (texts("Finding types by theme"), *_how_counted(material, texts)),
        (Column(texts("Theme"), 34), *_columns(material, texts)),
        rows,
        totals=1,
    )


def attributes_sheet(material: Material, texts: Texts) -> Sheet:
    """The values of each attribute by finding type."""
    return Sheet(
        texts("Counts by attribute"),
        (
            texts("Findings by region, country, type, timing and other attributes"),
            *_how_counted(material, texts),
        ),
        (
            Column(texts("By"), 20),
            Column(texts("Value"), 30),
            *_columns(material, texts),
        ),
        _attribute_rows(material, texts),
        fixed=2,
    )


def _attribute_rows(material: Material, texts: Texts) -> Iterator[Sequence[Value]]:
    for attribute in ATTRIBUTES:
        table = by_attribute(material, attribute)
        for value in table.rows:
            said = value_name(material, attribute, value, texts)
            yield texts(KINDS[attribute]), said, *_numbers(table, value)


def _how_counted(material: Material, texts: Texts) -> tuple[str, ...]:
    return (
        f"{basis(material, texts)}. "
        + texts("What an evaluation says again is counted once. A passage with two codes counts "
                "under both, and once in every total."),
        texts("Read by two or more: passages that two or more people read independently. All "
              "agreed: those of them to which each of these gave the codes counted here."),
    )  # fmt: skip


def _columns(material: Material, texts: Texts) -> Iterator[Column]:
    types = [(one.name(texts.language), one.colour) for one in material.codebook.finding_types]
    for band, colour in [*types, (texts("All findings"), "")]:
        for title in _NUMBERS:
            yield Column(texts(title), 12, band, colour)


def _numbers(table: Table, row: str) -> tuple[int, ...]:
    cells = [table.cell(row, column) for column in table.columns]
    return _flat([*cells, table.row_totals[row]])


def _totals(table: Table) -> tuple[int, ...]:
    return _flat([*(table.column_totals[one] for one in table.columns), table.total])


def _flat(cells: Sequence[Cell]) -> tuple[int, ...]:
    return tuple(
        number
        for one in cells
        for number in (one.reports, one.passages, one.double_read, one.agreed)
    )


def estimates_sheet(material: Material, estimates: Estimates, texts: Texts) -> Sheet:
    """How much there may be in all: never a count."""
    share, alone = texts("Estimated share"), texts("By the sample alone")
    return Sheet(
        texts("Estimates"),
        (
            texts("Estimates, not counts: how many of all passages may hold something"),
            *what_estimates_rest_on(estimates, texts),
        ),
        (
            Column(texts("Kind"), 16),
            Column(texts("Code"), 34),
            *(
                Column(texts(title), 12, band, number_format=_PERCENT)
                for band in (share, alone)
                for title in _ENDS
            ),
        ),
        [
            *_estimated(
                texts("Finding type"),
                {
                    material.codebook.finding_type(code).name(texts.language): one
                    for code, one in estimates.finding_types.items()
                },
            ),
            *_estimated(
                texts("Theme"),
                {
                    material.codebook.theme(code).name(texts.language): one
                    for code, one in estimates.themes.items()
                },
            ),
        ],
        fixed=2,
    )


def _estimated(kind: str, estimates: Mapping[str, Estimate]) -> Iterator[Sequence[Value]]:
    for name, one in estimates.items():
        row: list[Value] = [kind, name]
        for figure in (one.share, one.by_sample_alone):
            interval = figure.interval
            row += [figure.value, *((interval.low, interval.high) if interval else (None, None))]
        yield row
