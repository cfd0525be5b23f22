"""What ``whatworks evaluate`` writes beside its page: all figures as JSON, doubtful labels as a
table.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from .. import __version__
from ..labels.codebook import Codebook
from ..labels.exchange.files import WholeFile
from ..labels.exchange.interface import open_writer
from ..labels.shares import Share
from ..labels.suggestions import (
    PassageSuggestions,
    ReportSuggestions,
    RunInfo,
    ThemeSuggestion,
)
from ..models.suggester import THEMES_SHOWN
from ..nlp.errors import WhatworksError
from ..nlp.passages import Passage
from ..training.assessing.assessment import Assessment
from ..training.assessing.scores import Row
from ..training.evaluation import Predictions
from .evaluate_words import labels, limits, model_name, why
from .results import check_place

FIGURES = (".json", ".html")
TABLES = (".csv", ".xlsx")


class TextFile(WholeFile):
    """A file of one text, that appears whole or not at all."""

    def write(self, text: str) -> None:
        """Puts it in its place."""
        with self._told():
            self._file.write(text)
            self._put()


def check_outputs(paths: Sequence[Path], *, doubtful: bool) -> None:
    """What is wrong with the names of the files is said before anything is worked out.

    Raises:
        WhatworksError: another ending, a name given twice, or no such folder.
    """
    seen: set[Path] = set()
    for path in paths:
        ending = path.suffix.lower()
        if ending in TABLES and not doubtful:
            raise WhatworksError(
                f"{path}: a table is written of the doubtful labels alone: add --doubtful 50. "
                f"Scores are written as {' or '.join(FIGURES)}."
            )
        if ending not in (*FIGURES, *TABLES):
            raise WhatworksError(
                f"{path}: an evaluation is written as {' or '.join(FIGURES)}, doubtful labels "
                f"also as {' or '.join(TABLES)}. Give such a name."
            )
        check_place(path, seen)


def evaluation_json(found: Assessment) -> str:
    """Every figure, with what it rests on; null where there is none."""
    said = {"whatworks": __version__, **_plain(found), "limits": limits(found.basis)}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def write_doubtful(
    path: Path, found: Assessment, codebook: Codebook, names: Mapping[str, str]
) -> None:
    """The doubtful labels as .csv or .xlsx: in the form of every table of suggestions.

    Raises:
        WhatworksError: the file cannot be written; an earlier one stays.
    """
    info = RunInfo(
        model=model_name(found.basis),
        codebook=found.basis.codebook,
        thresholds={},
        # Not the time: the same labels give the same file.
        created="",
        version=__version__,
    )
    assert found.probabilities is not None
    rows = []
    for place, one in enumerate(found.doubtful, 1):
        rows.append(
            _suggestions(
                one.passage,
                found.probabilities,
                one.row,
                codebook,
                {
                    "place": place,
                    "given": labels(one.given, names),
                    "model would say": labels(one.said, names),
                    "why": why(one, names),
                    "your answer": None,
                },
            )
        )
    report = ReportSuggestions("doubtful labels", "doubtful labels", "", tuple(rows), is_table=True)
    with open_writer(path, info, codebook, include_none=True) as writer:
        writer.write(report)
        writer.finish([])


def _suggestions(
    passage: Passage,
    found: Predictions,
    row: int,
    codebook: Codebook,
    columns: Mapping[str, str | int | float | None],
) -> PassageSuggestions:
    types = codebook.finding_type_ids
    chances = {code: round(float(found.probabilities[row, k]), 4) for k, code in enumerate(types)}
    likeliest = sorted(range(len(types)), key=lambda k: -found.probabilities[row, k])
    best = sorted(range(len(codebook.theme_ids)), key=lambda k: -found.themes[row, k])
    return PassageSuggestions(
        passage=passage,
        probabilities=chances,
        labels=tuple(types[k] for k in likeliest if found.suggested[row, k]),
        themes=tuple(
            ThemeSuggestion(codebook.theme_ids[k], round(float(found.themes[row, k]), 4))
            for k in best[:THEMES_SHOWN]
        ),
        columns=columns,
    )


def _plain(value: Any) -> Any:
    """As JSON holds it; probabilities of every passage are left out."""
    if isinstance(value, Row):
        return {**_fields(value), "too_few": value.too_few}
    if isinstance(value, Share):
        interval = value.interval
        return {"count": value.count, "n": value.n, "value": _plain(value.value),
                "interval": _plain(interval)}  # fmt: skip
    if isinstance(value, Passage):
        return {"id": value.id, "report": value.report, "page": value.page, "text": value.text}
    if isinstance(value, Predictions):
        return None
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


def _fields(value: Any) -> dict[str, Any]:
    kept = [one.name for one in fields(value) if one.name != "probabilities"]
    return {name: _plain(getattr(value, name)) for name in kept}
