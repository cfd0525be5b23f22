"""Figures of agreement as a CSV or JSON file, and as JSON or CSV on a stream."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...nlp.errors import WhatworksError
from ..agreement.bootstrap import Figure
from ..agreement.tables import Agreement
from .csv import safe_cell
from .files import WholeFile
from .rows import Value

FORMATS = ("csv", "json")


def agreement_rows(found: Sequence[Agreement], names: Mapping[str, str]) -> list[dict[str, Value]]:
    """One flat row a figure; what is not defined is None, and 'notes' says why.

    Args:
        found: The figures.
        names: What finding types and themes are called, by id.
    """
    return [
        {
            "by": str(one.by),
            "what": one.what,
            "name": names.get(one.what, one.what),
            "passages": one.n_passages,
            "votes": one.n_votes,
            "annotators": one.n_annotators,
            **_cells("percent", one.percent),
            **_cells("kappa", one.kappa),
            **_cells("alpha", one.alpha),
            "notes": _notes(one),
        }
        for one in found
    ]


def agreement_text(kind: str, rows: Sequence[Mapping[str, Value]]) -> str:
    """The rows as 'csv' or 'json'."""
    if kind == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows([safe_cell(value) for value in row.values()] for row in rows)
    return text.getvalue()


def agreement_format(path: Path) -> str:
    """'csv' or 'json', by the ending. Raises WhatworksError for another one."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise WhatworksError(f"{path}: agreement is written as .csv or .json. Give such a name.")
    return kind


def write_agreement(path: Path, rows: Sequence[Mapping[str, Value]]) -> None:
    """Writes the file its ending asks for.

    Raises:
        WhatworksError: another ending, or the file cannot be written; an earlier one stays.
    """
    with _AgreementFile(path, agreement_format(path)) as file:
        file.write(rows)


class _AgreementFile(WholeFile):
    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(path)
        self._kind = kind
        # The mark tells Excel that the letters are UTF-8.
        self.encoding = "utf-8-sig" if kind == "csv" else "utf-8"

    def write(self, rows: Sequence[Mapping[str, Value]]) -> None:
        with self._told():
            self._file.write(agreement_text(self._kind, rows))
            self._put()


def _cells(key: str, figure: Figure) -> dict[str, Value]:
    interval = figure.interval
    return {
        key: _rounded(figure.value),
        f"{key}_low": None if interval is None else _rounded(interval.low),
        f"{key}_high": None if interval is None else _rounded(interval.high),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _notes(one: Agreement) -> str:
    """Why figures, or their intervals, are missing: 'kappa, alpha: why'."""
    reasons: dict[str, list[str]] = {}
    for key, figure in (("percent", one.percent), ("kappa", one.kappa), ("alpha", one.alpha)):
        if figure.why_not:
            reasons.setdefault(figure.why_not, []).append(key)
    return "; ".join(f"{', '.join(keys)}: {reason}" for reason, keys in reasons.items())
