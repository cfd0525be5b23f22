"""``whatworks add``: reports and tables of passages into the project."""

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import UnreadableReportError, WhatworksError
from ..nlp.locations import cache_folder
from .classify import language_code, tell_skipped
from .projects import AnnotatorOption, ProjectOption, annotator_name, next_line, opened_project

if TYPE_CHECKING:
    from ..labels.intake import Arrival
    from ..labels.project import Project
    from ..labels.store.reports import AddedReport
    from ..nlp.reading import ReadReport
    from .inputs import Inputs

EPILOG = """\b
Examples:
  whatworks add reports/
  whatworks add midterm.pdf passages.csv
  whatworks add final-v2.pdf --replaces final.pdf
"""


def add(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATHS",
            show_default=False,
            help="Reports (PDF, DOCX, HTML, Markdown, text), folders, patterns such as '*.pdf', "
            "or tables of passages with a 'text' column (CSV, XLSX, JSONL); their column "
            "'report', if there is one, says which report a passage is from.",
        ),
    ],
    replaces: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The report of which the file is a new version. Not needed where the file "
            "changed and kept its place.",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            show_default="detected",
            help="Language of the reports: en, fr, es or pt.",
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, metavar="NUMBER", help="Processes that read reports ahead.")
    ] = 1,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bars, no notes and no summary.")
    ] = False,
) -> None:
    """Add reports, or new versions of them, to the project.

    A file that is there already is left alone. Of a changed file the passages that stayed keep
    their decisions. The files themselves stay where they are.
    """
    from .inputs import given_inputs

    code = language_code(language)
    by = annotator_name(annotator)
    if "-" in paths:
        raise WhatworksError("A report on standard input has no name. Save it as a file first.")
    with given_inputs(paths, []) as inputs, opened_project(project) as opened:
        run = _Run(opened, inputs, by, code, quiet=quiet)
        try:
            run.add(replaces, jobs)
        except KeyboardInterrupt:
            typer.echo(
                "Interrupted. What is named above was added; the same command goes on from there.",
                err=True,
            )
            raise typer.Exit(130) from None
        run.tell_end()
    if inputs.skipped:
        raise typer.Exit(1)


class _Run:
    """One run of the command: a transaction a report, a line a report."""

    def __init__(
        self, project: "Project", inputs: "Inputs", by: str, language: str | None, *, quiet: bool
    ) -> None:
        self._project = project
        self._inputs = inputs
        self._by = by
        self._language = language
        self._quiet = quiet
        self._outcomes: Counter[str] = Counter()

    def add(self, replaces: str | None, jobs: int) -> None:
        """Reads and adds all files; what could not be read is among the skipped."""
        from ..labels.intake import Intake
        from ..labels.store.reports import NameTakenError, find_report, report_versions
        from ..labels.suggestions import SkippedFile
        from ..models.ahead import read_ahead
        from .progress import watching

        files = self._inputs.files
        for note in self._inputs.notes:
            self._note(note)
        with self._project.store.reading() as connection:
            versions = report_versions(connection)
            replaced = None if replaces is None else find_report(connection, replaces)
        intake = Intake(versions, self._project.folder)
        arrivals = intake.arrivals(files, replaced)
        to_read = [
            (one.path, one.name)
            for one in arrivals
            if one is not None and not isinstance(one, SkippedFile) and not one.is_known
        ]
        readings = read_ahead(to_read, self._language, cache_folder() / "reports", jobs)
        with closing(readings), watching(len(files), quiet=self._quiet) as watcher:
            for index, (path, arrival) in enumerate(zip(files, arrivals, strict=True)):
                watcher.begin_file(index, path)
                try:
                    if isinstance(arrival, SkippedFile):
                        self._inputs.skipped.append(arrival)
                        continue
                    found: Iterable[tuple[Arrival, ReadReport | None]]
                    if arrival is None:
                        found = intake.reports_in(path, self._language)
                    else:
                        found = [(arrival, None if arrival.is_known else next(readings)())]
                    for one, read in found:
                        added = self._store(one, read)
                        with watcher.paused():
                            self._tell(one, read, added)
                except (UnreadableReportError, NameTakenError) as error:
                    self._inputs.skipped.append(SkippedFile(str(path), error.cause, error.cure))
                finally:
                    watcher.end_file(index)

    def _store(self, arrival: "Arrival", read: "ReadReport | None") -> "AddedReport | None":
        from ..labels.store.reports import add_report

        if read is None or arrival.is_known:
            return None
        return add_report(
            self._project.store,
            read,
            arrival.stored_path,
            arrival.sha256,
            self._by,
            report_id=arrival.report_id,
        )

    def _tell(
        self, arrival: "Arrival", read: "ReadReport | None", added: "AddedReport | None"
    ) -> None:
        from ..labels.exchange.rows import printable

        for warning in read.warnings if read is not None else ():
            self._note(f"{arrival.path}: {warning}")
        if arrival.note:
            self._note(f"{arrival.path}: {arrival.note}")
        self._outcomes["known" if added is None else str(added.outcome)] += 1
        typer.echo(printable(f"{arrival.name}: {_words(added)}"))

    def _note(self, text: str) -> None:
        from ..labels.exchange.rows import printable

        if not self._quiet:
            typer.echo(printable(f"Note: {text}"), err=True)

    def tell_end(self) -> None:
        """What was skipped, how much was done, and what comes next."""
        tell_skipped(self._inputs.skipped)
        if self._quiet:
            return
        if self._language is not None and self._outcomes["known"]:
            self._note(
                "--language is for reports that are new: those that were there already keep theirs."
            )
        words = {"new": "added", "changed": "changed", "known": "already there"}
        told = [f"{self._outcomes[key]} {what}" for key, what in words.items()]
        typer.echo(f"Reports: {', '.join(told)}, {len(self._inputs.skipped)} skipped.", err=True)
        typer.echo(next_line(self._project), err=True)


def _words(added: "AddedReport | None") -> str:
    """What became of a report: 'version 2, 3 passages new, 40 kept, 1 gone'."""
    from ..labels.store.reports import Outcome

    if added is None or added.outcome is Outcome.KNOWN:
        return "already there"
    if added.outcome is Outcome.NEW:
        return f"added, {added.new:,} passage{'' if added.new == 1 else 's'}"
    decided = (
        f" ({added.gone_decided:,} of them decided; the decisions stay in the log)"
        if added.gone_decided
        else ""
    )
    return (
        f"version {added.version}: {added.kept:,} passages kept, {added.new:,} new, "
        f"{added.gone:,} gone{decided}"
    )
