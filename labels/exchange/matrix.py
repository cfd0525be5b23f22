"""How many suggestions of which kind each report has: small, whatever the reports' length."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from ..suggestions import ReportSuggestions, SkippedFile


@dataclass(slots=True)
class ReportCounts:
    """The counts for one report."""

    number: int
    """Counted from 0, in the order in which reports came."""
    report: str
    path: str
    title: str
    language: str
    pages: int | None
    passages: int = 0
    labelled: int = 0
    """Passages with at least one finding type."""
    finding_types: Counter[str] = field(default_factory=Counter)
    """A passage with two finding types counts under both."""
    themes: Counter[str] = field(default_factory=Counter)
    """Labelled passages by their likeliest theme: each counts once."""
    warnings: list[str] = field(default_factory=list)

    def add(self, report: ReportSuggestions) -> None:
        """Counts the passages of the report, or of one more stretch of it."""
        self.passages += len(report.passages)
        self.warnings += [text for text in report.warnings if text not in self.warnings]
        for item in report.passages:
            if item.labels:
                self.labelled += 1
                self.finding_types.update(item.labels)
                self.themes.update(theme.theme for theme in item.themes[:1])


class Matrix:
    """The counts of every report of a run, in the order in which they came."""

    def __init__(self) -> None:
        self._counts: dict[str, ReportCounts] = {}

    def add(self, report: ReportSuggestions) -> ReportCounts:
        """Counts a report, or one more stretch of a table; its counts so far."""
        counts = self._counts.get(report.path)
        if counts is None:
            counts = ReportCounts(
                number=len(self._counts),
                report=report.report,
                path=report.path,
                title=report.title,
                language=report.language,
                pages=report.pages,
            )
            self._counts[report.path] = counts
        counts.add(report)
        return counts

    @property
    def reports(self) -> list[ReportCounts]:
        """One entry a file. Files of one name in two folders are told apart by path."""
        return list(self._counts.values())

    def shown_name(self, counts: ReportCounts) -> str:
        """The report's name, with its folder where two files of the run share the name."""
        same = [other for other in self._counts.values() if other.report == counts.report]
        return counts.report if len(same) == 1 else str(PurePath(counts.path))

    def total(self) -> ReportCounts:
        """The sum over all reports."""
        total = ReportCounts(-1, "Total", "", "", "", None)
        for counts in self._counts.values():
            total.passages += counts.passages
            total.labelled += counts.labelled
            total.finding_types += counts.finding_types
            total.themes += counts.themes
        return total


def skipped_rows(skipped: Sequence[SkippedFile]) -> list[tuple[str, str, str]]:
    """Path, cause and cure of every skipped file; one row that says 'none' where all were read."""
    return [(file.path, file.cause, file.cure) for file in skipped] or [("none", "", "")]
