"""Files in, suggestions out: the main job, one report at a time."""

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from ..labels.suggestions import ReportSuggestions, SkippedFile
from ..nlp.encoders import Progress
from ..nlp.errors import UnreadableReportError
from ..nlp.languages import LANGUAGES, UNKNOWN
from ..nlp.passages import Passage, PassageIds
from ..nlp.reading import ReadReport, read_report, report_names
from ..nlp.tables import Row, is_table, iter_rows, read_table, table_passages
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
) -> Iterator[ReportSuggestions | SkippedFile]:
    """Suggestions for each file in order; a file that cannot be read comes as SkippedFile.

    Reports come whole, tables in stretches of 2,000 rows, so memory does not grow with the
    number of passages.

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
    read_ahead = _read_ahead([(files[n], names[n]) for n in reports], language, cache, jobs)
    try:
        for index, path in enumerate(files):
            on_progress = watcher.begin_file(index, path)
            try:
                if is_table(path):
                    yield from _table(path, names[index], suggester, language, on_progress)
                else:
                    report = next(read_ahead)()
                    yield _report(path, report, suggester, on_progress)
            except UnreadableReportError as error:
                yield SkippedFile(str(path), error.cause, error.cure)
            watcher.end_file(index)
    finally:
        read_ahead.close()


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
    for rows in iter_rows(table, chunk_rows=ROWS_AT_ONCE):
        passages = table_passages(table, rows, ids)
        if language is not None:
            passages = [replace(passage, language=language) for passage in passages]
        yield _stretch(path, name, passages, rows, suggester, on_progress, warnings)
        warnings = ()


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
    languages = Counter(passage.language for passage in passages)
    main = languages.most_common(1)[0][0]
    if main not in LANGUAGES:
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


def _read_ahead(
    reports: Sequence[tuple[Path, str]], language: str | None, cache: Path | None, jobs: int
) -> Generator[Callable[[], ReadReport], None, None]:
    """For each report in order, a call that returns it or raises what its reading raised."""
    if jobs <= 1 or len(reports) <= 1:
        for path, name in reports:
            yield lambda path=path, name=name: read_report(  # type: ignore[misc]
                path, name=name, language=language, cache=cache
            )
        return
    # Spawned, not forked: torch's threads do not survive a fork.
    with ProcessPoolExecutor(min(jobs, len(reports)), mp_context=get_context("spawn")) as pool:
        waiting = iter(reports)
        ahead: deque[tuple[Path, Future[ReadReport]]] = deque()

        def fill() -> None:
            while len(ahead) < 2 * jobs and (one := next(waiting, None)) is not None:
                path, name = one
                future = pool.submit(read_report, path, name=name, language=language, cache=cache)
                ahead.append((path, future))

        try:
            fill()
            while ahead:
                path, future = ahead.popleft()
                yield lambda path=path, future=future: _result(path, future)  # type: ignore[misc]
                fill()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _result(path: Path, future: "Future[ReadReport]") -> ReadReport:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise UnreadableReportError(
            path,
            "The process that read it was ended, perhaps for want of memory.",
            "Try again with --jobs 1.",
        ) from error
