"""Finds the columns and codes that a returned sheet means by what is written in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...nlp.errors import WhatworksError
from ..codebook import Code, Codebook, nearest
from .review_import import FilledRow, FilledSheet
from .review_sheet import ReviewColumn, matching, review_columns, shown_names


class CodeNames:
    """Codes by their names: as the sheet shows them, by id, or in another language."""

    def __init__(self, codes: Sequence[Code], language: str, taken: Iterable[str] = ()) -> None:
        taken = tuple(taken)
        languages = dict.fromkeys(["en", *(one for code in codes for one in code.names)])
        self.shown = shown_names(codes, language, taken)
        self._tiers: list[dict[str, set[str]]] = [{}, {}, {}]
        for code in codes:
            self._add(0, self.shown[code.id], code.id)
            self._add(1, code.id, code.id)
        for other in languages:
            for code_id, name in shown_names(codes, other, taken).items():
                self._add(2, name, code_id)

    def find(self, text: str) -> str | None:
        """The id of the one code that is meant, None where there is none or several."""
        for tier in self._tiers:
            found = tier.get(matching(text), set())
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None

    def _add(self, tier: int, name: str, code_id: str) -> None:
        self._tiers[tier].setdefault(matching(name), set()).add(code_id)


@dataclass(frozen=True, slots=True)
class FoundColumns:
    """Where the columns stand in a returned sheet."""

    places: Mapping[str, int]
    """Column key to its place, from 0."""
    titles: Mapping[str, str]
    """Column key to its title, for messages."""
    types: Mapping[str, str]
    """Column key of each finding type to its id."""

    def text(self, row: FilledRow, key: str) -> str:
        """What stands in a row's cell, '' where there is no such cell."""
        place = self.places.get(key)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def is_formula(self, row: FilledRow, key: str) -> bool:
        """Whether the cell holds a formula or an error instead of a value."""
        return self.places.get(key) in row.formulas


def find_columns(sheet: FilledSheet, codebook: Codebook, language: str) -> FoundColumns:
    """The columns of the sheet, wherever they stand; others are left alone.

    Raises:
        WhatworksError: a column is missing or stands there twice; all such are named.
    """
    columns = review_columns(codebook, language)
    fixed = [column.title for column in columns if not column.code]
    types = CodeNames(codebook.finding_types, language, fixed)
    keys = {matching(column.title): column.key for column in columns if not column.code}
    places: dict[str, int] = {}
    problems: list[str] = []
    unused: list[str] = []
    for place, title in enumerate(sheet.header):
        code = types.find(title) if title else None
        key = keys.get(matching(title)) or (f"type:{code}" if code else None)
        if key is None:
            unused.append(title)
        elif key in places:
            problems.append(f"The column '{title}' stands there twice. Delete or rename one.")
        else:
            places[key] = place
    problems += [_missing(column, unused) for column in columns if _lacks(column, places)]
    if problems:
        raise WhatworksError(f"{sheet.path}: {' '.join(problems)}")
    return FoundColumns(
        places,
        {column.key: column.title for column in columns},
        {column.key: column.code for column in columns if column.code},
    )


def _lacks(column: ReviewColumn, places: Mapping[str, int]) -> bool:
    return column.required and column.key not in places


def _missing(column: ReviewColumn, unused: Sequence[str]) -> str:
    near = nearest(column.title, unused)
    cure = f"Is it '{near}'? Name it '{column.title}' again." if near else "Put it back."
    return f"The column '{column.title}' is missing. {cure}"
