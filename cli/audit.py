"""``whatworks audit``: whether the log is what was recorded, and the history of a passage."""

from typing import TYPE_CHECKING, Annotated

import typer

from .projects import ProjectOption, opened_project

if TYPE_CHECKING:
    from ..labels.store.audit import AuditReport
    from ..labels.store.history import History

EPILOG = """\b
Examples:
  whatworks audit
  whatworks audit --head 3f09a1b2c4d5
  whatworks audit --passage 81c2e0
"""


def audit(
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="HASH",
            show_default=False,
            help="The head that an earlier audit printed, or its first 12 digits: checks that it "
            "is still in the log.",
        ),
    ] = None,
    passage: Annotated[
        str | None,
        typer.Option(
            "--passage",
            metavar="ID",
            show_default=False,
            help="Print everything that was ever said about this passage, instead of checking. "
            "The beginning of its id is enough.",
        ),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Check that no decision was altered, removed or inserted.

    Ends with 1 where something is not as it was recorded, and names each row. Note the head it
    prints in a place of its own: with --head, a later audit proves that nothing before it was
    changed, whoever had the database in the meantime.
    """
    if head is not None and passage is not None:
        raise typer.BadParameter("Give --head or --passage, not both.")
    if passage is not None and not passage.strip():
        # Such as a variable that is not set: nothing of it would be printed or checked.
        raise typer.BadParameter("--passage is empty. Give the id of a passage.")
    with opened_project(project) as opened:
        if passage is not None:
            from ..labels.store.history import history

            with opened.store.reading() as connection:
                told = history(connection, passage)
            _tell_history(told)
            return
        from ..labels.store.audit import audit as audited

        report = audited(opened.store, head)
    _tell_report(report)
    if report.found:
        raise typer.Exit(1)


def _tell_report(report: "AuditReport") -> None:
    for finding in report.findings:
        _say(f"{finding.table} {finding.row}".rstrip() + f": {finding.says}")
    if report.found > len(report.findings):
        _say(f"... and {report.found - len(report.findings):,} more.")
    _say(f"Decisions: {report.decisions:,}")
    _say(f"Head: {report.head or '(none yet)'}")
    if report.noted is not None:
        _say(f"The head you gave is that of decision {report.noted:,}: it is still in the log.")
    if report.found:
        _say(
            f"Audit: {report.found:,} {'thing is' if report.found == 1 else 'things are'} not as "
            "recorded. Compare with a backup."
        )
    else:
        _say("Audit: clean. No decision was altered, removed or inserted.")


def _tell_history(told: "History") -> None:
    from ..labels.decisions import Answer
    from ..labels.store.history import in_words

    passage = told.passage
    place = "" if passage.page is None else f", page {passage.page}"
    _say(f"Passage {passage.id}: {passage.report}{place}, {passage.language}")
    _say(f'"{passage.text}"')
    _say("")
    for event in told.events:
        at = event.at[:19].replace("T", " ")
        _say(f"{at}  {event.kind:<9}  {event.by or '-'}: {' '.join(event.says.split())}")
    if not told.events:
        _say("Nothing was said about it yet.")
    now = str(told.state)
    if told.resolution is not None and told.resolution.how:
        answer = Answer(told.resolution.labels, told.resolution.themes)
        now += f" ({told.resolution.how}): {in_words(answer)}"
    _say("")
    _say(f"Now: {now}. All times are UTC.")


def _say(text: str) -> None:
    from ..labels.exchange.rows import printable

    typer.echo(printable(text))
