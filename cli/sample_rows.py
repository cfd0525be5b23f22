"""The flat files of the sample project, row by row."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from ..nlp.errors import WhatworksError


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row below the header."""

    file: str
    number: int
    """As a spreadsheet counts, from 1, the header included."""
    cells: Mapping[str, str]
    """By column."""

    def __getitem__(self, column: str) -> str:
        """What stands in a column, without the space around it."""
        return self.cells[column].strip()

    def several(self, column: str) -> tuple[str, ...]:
        """The values of a cell that are separated by semicolons."""
        parts = (one.strip() for one in self.cells[column].split(";"))
        return tuple(one for one in parts if one)

    def wrong(self, says: object) -> WhatworksError:
        """What to raise of it: the file and the row are named."""
        return WhatworksError(f"{self.file}, row {self.number}: {says}")

    @contextmanager
    def named(self) -> Iterator[None]:
        """Names the file and the row where something within cannot be done."""
        try:
            yield
        except WhatworksError as error:
            raise self.wrong(error) from error


def sample_data() -> Traversable:
    """The folder of the flat files that whatworks brings."""
    return resources.files(__package__) / "samples" / "synthesis"


def sample_rows(data: Traversable, name: str, columns: Sequence[str]) -> tuple[SampleRow, ...]:
    """The rows of a file, in its order.

    Args:
        data: The folder.
        name: The file's name.
        columns: Those that there must be; others are left alone.

    Raises:
        WhatworksError: a column is missing, or a row has more or fewer cells than the header.
    """
    lines = csv.reader((data / name).read_text("utf-8-sig").splitlines())
    header = next(lines, [])
    missing = [one for one in columns if one not in header]
    if missing:
        raise WhatworksError(f"{name}: there is no column '{missing[0]}'.")
    found: list[SampleRow] = []
    for number, cells in enumerate(lines, 2):
        row = SampleRow(name, number, dict(zip(header, cells, strict=False)))
        if len(cells) != len(header):
            raise row.wrong(f"it has {len(cells)} cells, and the header {len(header)}.")
        found.append(row)
    return tuple(found)
