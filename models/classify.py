"""Files in, suggestions out: the main job, one report at a time."""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from ..labels.suggestions import ReportSuggestions, SkippedFile
from ..nlp.encoders import Progress
from ..nlp.errors import UnreadableReportError
from ..nlp.languages import LANGUAGES, UNKNOWN
from ..nlp.passages import Passage, PassageIds
from ..nlp.reading import ReadReport, report_names
from ..nlp.tables import Row, is_table, iter_rows, read_table, table_passages
from .ahead import read_ahead
from .interface import Suggester

ROWS_AT_ONCE = 2000
"""Rows of a table that are held in memory together."""


class Watcher(Protocol):
    """Is told how the work goes on; the command line draws bars from it."""

    def begin_file(self, index: int, path: Path) -> Progress:
        """A file is begun; what is returned is called as its passages are encoded."""
        ...

    def end_file(self, index: int) -> None:
        """A file is done or skipped."""
        ...


def classify_files(
    files: Sequence[Path],
    suggester: Suggester,
    watcher: Watcher,
    *,
    language: str | None = None,
    cache: Path | None = None,
    jobs: int = 1,
) -> Generator[ReportSuggestions | SkippedFile, None, None]:
    """Suggestions for each file in order; a file that cannot be read comes as SkippedFile.

    Reports come whole, tables in stretches of 2,000 rows, so memory does not grow with the
    number of passages. Who stops before the end closes the generator, which ends its processes.

    Args:
        files: reports, and tables of passages (CSV, TSV, XLSX, JSONL).
        suggester: what suggests.
        watcher: is told of progress.
        language: of all files (ISO 639-1), instead of detecting it.
        cache: a folder for what was read; None keeps nothing.
        jobs: processes that read reports ahead; 1 reads in this process.
    """
    names = report_names(files)
    reports = [index for index, path in enumerate(files) if not is_table(path)]
    readings = read_ahead([(files[n], names[n]) for n in reports], language, cache, jobs)
    try:
        for index, path in enumerate(files):
            on_progress = watcher.begin_file(index, path)
            try:
                if is_table(path):
                    yield from _table(path, names[index], suggester, language, on_progress)
                else:
                    yield _report(path, next(readings)(), suggester, on_progress)
            except UnreadableReportError as error:
                yield SkippedFile(str(path), error.cause, error.cure)
            watcher.end_file(index)
    finally:
        readings.close()


def _report(
    path: Path, report: ReadReport, suggester: Suggester, on_progress: Progress
) -> ReportSuggestions:
    warnings = report.warnings
    if report.language not in LANGUAGES:
        warnings = (*warnings, _language_warning(report.language))
    return ReportSuggestions(
        report=report.name,
        path=str(path),
        language=report.language,
        passages=tuple(suggester.suggest(report.passages, on_progress=on_progress)),
        pages=report.pages,
        title=report.title,
        warnings=warnings,
    )


def _language_warning(language: str) -> str:
    found = (
        "Its language could not be told"
        if language == UNKNOWN
        else f"It seems to be in '{language}', which is none of the four measured languages"
    )
    return f"{found} ({', '.join(LANGUAGES)}): read its suggestions with more doubt."


def _table(
    path: Path, name: str, suggester: Suggester, language: str | None, on_progress: Progress
) -> Iterator[ReportSuggestions]:
    table = read_table(path)
    warnings = (table.note,) if table.note else ()
    ids = PassageIds()
    done = 0
    try:
        for rows in iter_rows(table, chunk_rows=ROWS_AT_ONCE):
            passages = table_passages(table, rows, ids)
            if language is not None:
                passages = [replace(passage, language=language) for passage in passages]

            def report(count: int, total: int, before: int = done) -> None:
                on_progress(before + count, before + total)

            yield _stretch(path, name, passages, rows, suggester, report, warnings)
            warnings = ()
            done += len(rows)
    except UnreadableReportError as error:
        if not done:
            raise
        cause = f"{error.cause} The {done:,} rows before that stretch are in the results."
        raise UnreadableReportError(path, cause, error.cure) from error
    if not done:
        raise UnreadableReportError(
            path, "The table has a header and no rows.", "Check that it is the right file."
        )


def _stretch(
    path: Path,
    name: str,
    passages: Sequence[Passage],
    rows: Sequence[Row],
    suggester: Suggester,
    on_progress: Progress,
    warnings: tuple[str, ...],
) -> ReportSuggestions:
    suggested = suggester.suggest(passages, on_progress=on_progress)
    languages = Counter(passage.language for passage in passages if passage.text.strip())
    main = languages.most_common(1)[0][0] if languages else UNKNOWN
    if languages and main not in LANGUAGES:
        warnings = (*warnings, _language_warning(main))
    return ReportSuggestions(
        report=name,
        path=str(path),
        language=main,
        passages=tuple(
            replace(one, columns=row.columns) for one, row in zip(suggested, rows, strict=True)
        ),
        warnings=warnings,
        is_table=True,
    )
