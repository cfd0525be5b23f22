"""The flow of screening as a file."""

import csv
from collections.abc import Iterator
from pathlib import Path

from ...nlp.errors import WhatworksError
from ..screening import Flow
from .csv import safe_cell
from .files import WholeFile


def write_flow(path: Path, flow: Flow) -> None:
    """Writes the flow as CSV: step, id and text of a reason, and how many evaluations.

    Raises:
        WhatworksError: another ending, or the file cannot be written; an earlier one stays.
    """
    if path.suffix.lower() != ".csv":
        raise WhatworksError(f"{path}: the flow is written as .csv. Give a name that ends so.")
    with _FlowFile(path) as file:
        file.write(flow)


class _FlowFile(WholeFile):
    # The mark tells Excel that the letters are UTF-8.
    encoding = "utf-8-sig"

    def write(self, flow: Flow) -> None:
        with self._told():
            sheet = csv.writer(self._file)
            sheet.writerow(("step", "reason", "text", "evaluations"))
            sheet.writerows([safe_cell(cell) for cell in row] for row in _rows(flow))
            self._put()


def _rows(flow: Flow) -> Iterator[tuple[str, str, str, int]]:
    yield "identified", "", "", flow.identified
    yield "open", "", "", flow.open
    yield "screened", "", "", flow.screened
    yield "conflict", "", "", flow.conflicts
    yield "possible", "", "", flow.possible
    yield "excluded", "", "", flow.excluded
    for one, count in flow.excluded_by_reason:
        reason = ("", "no reason given") if one is None else (one.id, one.text)
        yield "excluded by reason", *reason, count
    yield "superseded", "", "", flow.superseded
    yield "included", "", "", flow.included
    yield "included without file", "", "", flow.without_file
