"""JSON Lines: one object a passage, for other tools."""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..suggestions import PassageSuggestions, ReportSuggestions, RunInfo, SkippedFile
from .files import FileWriter
from .rows import written_passages

_PLACES = 4


def passage_object(item: PassageSuggestions, model: str, is_table: bool = False) -> dict[str, Any]:
    """One passage as docs/passage.schema.json describes it; a table's row has its columns."""
    passage = item.passage
    found: dict[str, Any] = {
        "report": passage.report,
        "passage_id": passage.id,
        "order": passage.order,
        "page": passage.page,
        "heading": list(passage.heading),
        "language": passage.language,
        "text": passage.text,
        "labels": list(item.labels),
        "probabilities": {k: round(float(p), _PLACES) for k, p in item.probabilities.items()},
        "themes": [
            {"id": theme.theme, "probability": round(float(theme.probability), _PLACES)}
            for theme in item.themes
        ],
        "model": model,
        "lead_in": passage.lead_in,
        "start": passage.start,
        "end": passage.end,
        "kind": passage.kind.value,
    }
    if item.by_words:
        found["themes_by_words"] = [
            {"id": one.theme, "words": list(one.words)} for one in item.by_words
        ]
    if is_table:
        found["columns"] = {str(name): _finite(value) for name, value in item.columns.items()}
    return found


def json_lines(report: ReportSuggestions, info: RunInfo, include_none: bool) -> Iterator[str]:
    """The lines for one report, each with its line end; also for standard output."""
    for item in written_passages(report, include_none):
        found = passage_object(item, info.model, report.is_table)
        yield json.dumps(found, ensure_ascii=False, allow_nan=False) + "\n"


class JsonlWriter(FileWriter):
    """Writes passages as JSON Lines in UTF-8."""

    def __init__(self, path: Path, info: RunInfo, include_none: bool) -> None:
        super().__init__(path)
        self._info = info
        self._include_none = include_none

    def _add(self, report: ReportSuggestions) -> None:
        self._file.writelines(json_lines(report, self._info, self._include_none))

    def _end(self, skipped: Sequence[SkippedFile]) -> None:
        """Files that were skipped have no passage, so no line."""


def _finite(value: str | int | float | None) -> str | int | float | None:
    """JSON knows neither NaN nor infinity; a spreadsheet's empty number is null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
