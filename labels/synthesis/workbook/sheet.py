"""What a sheet of the workbook is: columns and rows, in words that its reader knows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...exchange.rows import Value


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    title: str
    width: int = 14
    """In characters."""
    band: str = ""
    """Stands above the titles of neighbouring columns that have the same."""
    colour: str = ""
    """Of the band, '#rrggbb', dark; '' for grey."""
    number_format: str = ""
    """As spreadsheets write it, where it is not a whole number."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what it is, then a table."""

    name: str
    about: Sequence[str]
    """Sentences that stand above the table."""
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    fixed: int = 1
    """How many columns stay in sight."""
    totals: int = 0
    """How many of the last rows are totals."""
    printed: int = 0
    """How many columns are put on paper, 0 for all."""
    is_wide: bool = False
    """Whether it may go over several pages' width on paper."""
    is_filtered: bool = True
    """Whether its rows can be chosen by what stands in them."""
