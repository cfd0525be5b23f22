"""A list of evaluations that an office keeps in a spreadsheet, read as facts of the register."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..nlp.errors import WhatworksError
from ..nlp.table_formats import Cell, open_records
from .exchange.csv import is_formula_like
from .register import Facts, clean_facts
from .register_words import READ, field_of, heading_of, title_headings

ENDINGS = (".xlsx", ".csv", ".tsv")
MOST_TOLD = 20
"""Wrong cells that are told at once."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a list says of an evaluation."""

    number: int
    """As a spreadsheet counts, from 1."""
    given: Mapping[str, Any]
    """Field of ``Facts`` to what the row gives; what it leaves empty is not there."""
    mark: str = ""
    """'E12', where the list comes from ``whatworks register list -o``."""

    @property
    def facts(self) -> Facts:
        """All that the row says."""
        return Facts(**{"title": ""} | dict(self.given))

    def on_top_of(self, facts: Facts) -> Facts:
        """The facts with what the row says in place of what they said."""
        return clean_facts(replace(facts, **self.given))


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A list of evaluations as it was read."""

    path: Path
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]
    """Headings of columns that are none of ours: nothing of them is taken."""


class WrongCellsError(WhatworksError):
    """Cells of a list that cannot be taken: all are told, and nothing is stored."""

    def __init__(self, path: Path, wrong: "list[str]") -> None:
        self.wrong = tuple(wrong)
        problems = "1 problem" if len(wrong) == 1 else f"{len(wrong)} problems"
        told = [f"{path}: {problems}; nothing was stored.", *wrong[:MOST_TOLD]]
        if len(wrong) > MOST_TOLD:
            told.append(f"... and {len(wrong) - MOST_TOLD} more.")
        super().__init__("\n  ".join(told))


def read_register(path: Path) -> RegisterFile:
    """The rows of a list, in its order.

    Columns may stand in any order, under headings in English, French, Spanish or Portuguese. Of a
    workbook the first sheet with a title in its header is read.

    Raises:
        WhatworksError: it cannot be read or has no column of titles, or cells of it are wrong:
            then each is told with its row and column.
    """
    if path.suffix.lower() not in ENDINGS:
        raise WhatworksError(
            f"{path}: a register is not read from '{path.suffix}' files. Save it as .xlsx or .csv."
        )
    header, records = open_records(path, title_headings())
    columns = _columns(path, header)
    wrong: list[str] = []
    rows = [row for number, cells in records if (row := _row(number, cells, columns, wrong))]
    if not rows and not wrong:
        raise WhatworksError(f"{path}: the list has no row below its header.")
    wrong += _doubles(rows)
    if wrong:
        raise WrongCellsError(path, wrong)
    return RegisterFile(path, tuple(rows), tuple(one for one in header if one not in columns))


def _columns(path: Path, header: tuple[str, ...]) -> dict[str, str]:
    """Heading to the field that it stands for."""
    columns: dict[str, str] = {}
    for heading in header:
        field = field_of(heading)
        if not field:
            continue
        same = next((one for one, other in columns.items() if other == field), "")
        if same:
            raise WhatworksError(
                f"{path}: the columns '{same}' and '{heading}' both give the "
                f"{heading_of(field).lower()}. Rename or delete one of them."
            )
        columns[heading] = field
    if "title" not in columns.values():
        shown = ", ".join(f"'{one}'" for one in header[:12])
        raise WhatworksError(
            f"{path}: no column gives the title of the evaluations; the columns are {shown}. "
            "Name it 'Title'."
        )
    return columns


def _row(
    number: int, cells: Mapping[str, Cell], columns: Mapping[str, str], wrong: list[str]
) -> Row | None:
    """The row, None where all its cells are empty; what is wrong with it is added."""
    given: dict[str, Any] = {}
    found_wrong = len(wrong)
    for heading, field in columns.items():
        text = cell_text(cells[heading])
        if not text:
            continue
        try:
            given[field] = READ[field](text) if field in READ else text
            if field != "mark":
                clean_facts(Facts(**{"title": "-", field: given[field]}))
        except WhatworksError as error:
            wrong.append(f"Row {number}: {heading}: {_low(str(error))}")
    mark = str(given.pop("mark", ""))
    if not given and not mark and len(wrong) == found_wrong:
        return None
    if "title" not in given and not mark:
        title = next(heading for heading, field in columns.items() if field == "title")
        wrong.append(f"Row {number}: {title}: it is empty. Each evaluation needs a title.")
    return Row(number, given, mark.upper())


def _doubles(rows: list[Row]) -> Iterator[str]:
    """Rows that say again what an earlier row is about."""
    for what in ("mark", "symbol", "report"):
        seen: dict[str, int] = {}
        for row in rows:
            value = row.mark if what == "mark" else str(row.given.get(what, ""))
            first = seen.setdefault(value.casefold(), row.number) if value else row.number
            if first != row.number:
                yield (
                    f"Row {row.number}: {heading_of(what)}: '{value}' stands in row {first} too. "
                    "Each evaluation needs its own."
                )


def cell_text(cell: Cell) -> str:
    """A cell's value as somebody would have typed it."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    # As written to a CSV by ``exchange.csv.safe_cell``.
    return text[1:] if text.startswith("'") and is_formula_like(text[1:]) else text


def _low(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
