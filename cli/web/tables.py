"""Tables of figures: on a page, and as CSV that a spreadsheet opens."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...labels.exchange.csv import safe_cell

Cell = str | int | float | None


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    """From 0 to 1; on a page in per cent."""
    FIGURE = "figure"
    """With two decimals on a page."""
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows."""

    name: str
    """As in the address of its CSV."""
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    more: int = 0
    """How many rows come after those that the page shows."""


def shown(value: Cell, kind: Kind) -> str:
    """A value as a page shows it.

    >>> shown(0.912, Kind.SHARE), shown(12345, Kind.COUNT), shown(None, Kind.FIGURE)
    ('91%', '12,345', '–')
    """
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    match kind:
        case Kind.SHARE:
            return f"{100 * value:.0f}%"
        case Kind.FIGURE:
            # The sign of a number that is nothing would be a riddle.
            return f"{value:.2f}".replace("-0.00", "0.00")
        case Kind.SECONDS:
            return f"{value:,.0f} s" if value >= 10 else f"{value:.1f} s"
        case _:
            return f"{value:,}"


def as_csv(table: Table) -> bytes:
    """The whole table in UTF-8, with the mark that Excel needs; nothing in it is run there."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow([safe_cell(column.title) for column in table.columns])
    for row in table.rows:
        sheet.writerow([safe_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")
