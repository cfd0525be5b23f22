"""JSON Lines on standard output, for a pipe."""

import io
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Self

from ..labels.exchange.jsonl import json_lines
from ..labels.suggestions import ReportSuggestions, RunInfo, SkippedFile


class LinesWriter:
    """Writes each report's passages as soon as they are there: a ``ResultWriter``."""

    def __init__(self, stream: IO[str], info: RunInfo, include_none: bool) -> None:
        if isinstance(stream, io.TextIOWrapper):
            # JSON is UTF-8 whatever the terminal speaks.
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        self._stream = stream
        self._info = info
        self._include_none = include_none

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leaves what was written: a pipe takes nothing back."""

    def write(self, report: ReportSuggestions) -> None:
        """Writes one line a passage."""
        self._stream.writelines(json_lines(report, self._info, self._include_none))
        self._stream.flush()

    def finish(self, skipped: Sequence[SkippedFile]) -> None:
        """Writes nothing: files that were skipped have no passage."""
