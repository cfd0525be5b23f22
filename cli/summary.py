"""A readable summary per report, for the terminal or a pipe."""

import errno
import heapq
import io
import itertools
import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Self

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..labels.codebook import Codebook, FindingType
from ..labels.exchange.matrix import Matrix, ReportCounts
from ..labels.exchange.rows import printable
from ..labels.exchange.words import MARK, language_name, percent
from ..labels.suggestions import PassageSuggestions, ReportSuggestions, SkippedFile

STRONGEST = 3
TOP_THEMES = 5
_MAX_SIGNS = 160


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Rich would exit the program here; the result files are still wanted."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def summary_console(file: IO[str] | None = None, width: int | None = None) -> Console:
    """A console for results: no markup, and colours only on a terminal.

    Args:
        file: Where it prints; standard output by default.
        width: In characters; by default the terminal's, or COLUMNS, or 80.
    """
    stream = sys.stdout if file is None else file
    if isinstance(stream, io.TextIOWrapper):
        # A Windows terminal or LC_ALL=C has not all the letters that reports have.
        stream.reconfigure(errors="replace")
    return _Console(file=file, width=width, markup=False, emoji=False, highlight=False)


class SummaryWriter:
    """Prints the summary of each report when the next one begins: a ``ResultWriter``.

    Keeps only counts and the few strongest passages, however long a report is.
    """

    def __init__(self, console: Console, codebook: Codebook) -> None:
        self._console = console
        self._codebook = codebook
        self._matrix = Matrix()
        self._current: ReportCounts | None = None
        self._counter = itertools.count()
        self._strongest: dict[str, list[tuple[float, int, PassageSuggestions]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leaves what was printed; a summary has nothing to take back."""

    def write(self, report: ReportSuggestions) -> None:
        """Takes the suggestions for the next report, or the next stretch of a table."""
        counts = self._matrix.add(report)
        if counts is not self._current:
            self._print_current()
            self._current = counts
            self._strongest = {code.id: [] for code in self._codebook.finding_types}
        for item in report.passages:
            for label in item.labels:
                # Of equals the earlier one stays: the second number counts down.
                entry = (float(item.probabilities[label]), -next(self._counter), item)
                heap = self._strongest[label]
                if len(heap) < STRONGEST:
                    heapq.heappush(heap, entry)
                elif entry[:2] > heap[0][:2]:
                    heapq.heapreplace(heap, entry)

    def finish(self, skipped: Sequence[SkippedFile]) -> None:
        """Prints the last report's summary, and what all of them are."""
        self._print_current()
        self._current = None
        read = len(self._matrix.reports)
        if read:
            self._console.print(self._text(f"{MARK}.", "bold yellow"))
        if skipped:
            files = "file was" if len(skipped) == 1 else "files were"
            self._console.print(self._text(f"{len(skipped)} {files} skipped."))

    def _print_current(self) -> None:
        counts = self._current
        if counts is None:
            return
        self._console.print(self._text(counts.title or counts.report, "bold"))
        self._console.print(self._text(_facts(counts), "dim"))
        for warning in counts.warnings:
            self._console.print(self._text(f"Note: {warning}", "yellow"))
        self._console.print()
        self._print_block([self._finding_counts(counts), *self._themes(counts)])
        for finding_type in self._codebook.finding_types:
            if self._strongest[finding_type.id]:
                self._print_strongest(finding_type)
        self._console.print()

    def _print_block(self, lines: Sequence[Text]) -> None:
        for line in lines:
            self._console.print(Padding(line, (0, 0, 0, 2), expand=False))

    def _finding_counts(self, counts: ReportCounts) -> Text:
        parts = [
            Text.assemble(
                f"{printable(code.name())} ", (f"{counts.finding_types[code.id]}", "bold")
            )
            for code in self._codebook.finding_types
        ]
        return Text("   ").join(parts)

    def _themes(self, counts: ReportCounts) -> list[Text]:
        names = {code.id: code.name() for code in self._codebook.themes}
        top = ", ".join(
            f"{names.get(theme, theme)} {count}"
            for theme, count in counts.themes.most_common(TOP_THEMES)
        )
        return [Text(f"Top themes: {printable(top)}")] if top else []

    def _print_strongest(self, finding_type: FindingType) -> None:
        self._console.print()
        title = f"{finding_type.name()}: strongest suggestions"
        self._print_block([self._text(title, "bold")])
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(overflow="fold")
        for probability, _, item in sorted(
            self._strongest[finding_type.id], reverse=True, key=_rank
        ):
            passage = item.passage
            place = f"p. {passage.page}" if passage.page is not None else f"no. {passage.order}"
            table.add_row(Text(place), Text(percent(probability)), Text(_shortened(passage.text)))
        self._console.print(Padding(table, (0, 0, 0, 2), expand=False))

    def _text(self, text: str, style: str = "") -> Text:
        return Text(_one_line(text), style=style, overflow="fold")


def print_skipped(skipped: Sequence[SkippedFile], console: Console | None = None) -> None:
    """Prints every file that could not be read, with cause and cure; by default to stderr."""
    console = console or summary_console(sys.stderr)
    for file in skipped:
        line = Text.assemble((_one_line(file.path), "bold"), ": ", _one_line(file.cause))
        console.print(Text.assemble(line, " ", _one_line(file.cure), overflow="fold"))


def _facts(counts: ReportCounts) -> str:
    parts = [counts.report] if counts.title else []
    if counts.pages is not None:
        parts.append(f"{counts.pages} page{'' if counts.pages == 1 else 's'}")
    parts.append(language_name(counts.language))
    passages = f"{counts.passages:,} passage{'' if counts.passages == 1 else 's'}"
    return ", ".join([*parts, f"{passages}, {counts.labelled:,} with a suggestion"])


def _rank(entry: tuple[float, int, PassageSuggestions]) -> tuple[float, int]:
    return entry[:2]


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _shortened(text: str) -> str:
    """The text on one line, cut at a word, at most 160 characters."""
    line = _one_line(text)
    if len(line) <= _MAX_SIGNS:
        return line
    cut = line[: _MAX_SIGNS - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"
