"""What every result file can do, and the one place that picks a format."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from ...nlp.errors import WhatworksError
from ..codebook import Codebook
from ..suggestions import ReportSuggestions, RunInfo, SkippedFile

ENDINGS = (".xlsx", ".csv", ".jsonl", ".html")


class ResultWriter(Protocol):
    """Takes suggestions report by report; the file appears, whole, with ``finish``.

    Used in a ``with`` block; leaving it without ``finish`` leaves nothing behind and an earlier
    file as it was. Memory does not grow with the number of passages.
    """

    def __enter__(self) -> Self:
        """Raises WhatworksError where the file could not be written in the end."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def write(self, report: ReportSuggestions) -> None:
        """Takes the suggestions for the next report, or the next stretch of a table."""
        ...

    def finish(self, skipped: Sequence[SkippedFile]) -> None:
        """Completes the file and puts it in its place."""
        ...


def open_writer(
    path: Path, info: RunInfo, codebook: Codebook, include_none: bool = False
) -> ResultWriter:
    """The writer for a file's ending: .xlsx, .csv, .jsonl or .html.

    Args:
        path: The result file; nothing is touched before the ``with`` block is entered.
        info: What the file says about its making.
        codebook: Names and order of finding types and themes.
        include_none: Also write the passages without a label. Rows of a table are always
            written, and the HTML page always holds every passage.

    Raises:
        WhatworksError: another ending.
    """
    # Imported here: each format brings its own library, and most runs need one.
    ending = path.suffix.lower()
    if ending == ".jsonl":
        from .jsonl import JsonlWriter

        return JsonlWriter(path, info, include_none)
    if ending == ".csv":
        from .csv import CsvWriter

        return CsvWriter(path, info, codebook, include_none)
    if ending == ".xlsx":
        from .xlsx import XlsxWriter

        return XlsxWriter(path, info, codebook, include_none)
    if ending == ".html":
        from .html import HtmlWriter

        return HtmlWriter(path, info, codebook)
    raise WhatworksError(
        f"{path}: whatworks does not write '{ending}' files. "
        f"End the name in one of {', '.join(ENDINGS)}."
    )
