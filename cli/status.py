"""``whatworks status``: where the work on the project stands."""

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .projects import ProjectOption, next_line, opened_project

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ..labels.codebook import Codebook
    from ..labels.store.codebooks import StoredCodebook
    from ..labels.store.progress import Counts, ProjectProgress

EPILOG = """\b
Examples:
  whatworks status
  whatworks status --project ~/health-2026
  whatworks status --format json | jq .total
"""


class StatusFormat(StrEnum):
    """How the status is written."""

    text = "text"
    json = "json"


def status(
    stream: Annotated[
        StatusFormat,
        typer.Option("--format", metavar="text|json", help="What to write to standard output."),
    ] = StatusFormat.text,
    project: ProjectOption = None,
) -> None:
    """Show where the work stands, per report and in all.

    Suggested is what a model proposed and nobody decided; confirmed is what people agreed on, or
    an adjudicator settled. Only confirmed labels are ever counted as results.
    """
    from ..labels.store.codebooks import current_codebook
    from ..labels.store.progress import project_progress

    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            codebook = current_codebook(connection)
            progress = project_progress(connection)
        name, step = opened.settings.name, next_line(opened, progress)
    if stream is StatusFormat.json:
        said = _json(name, progress, codebook) | {"next": step}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    _print(name, progress, codebook)
    typer.echo(step)


def _states() -> "list[tuple[str, str]]":
    """Key in JSON and title of each state, in the order in which a passage goes through them."""
    from ..labels.decisions import State

    return [(str(state).replace(" ", "_"), str(state).capitalize()) for state in State]


def _values(counts: "Counts") -> list[int]:
    """As many as there are states."""
    from ..labels.decisions import State

    return [counts.of(state) for state in State]


def _json(name: str, progress: "ProjectProgress", codebook: "StoredCodebook") -> dict[str, Any]:
    def counts(given: "Counts") -> dict[str, int]:
        keys = [key for key, _ in _states()]
        return {
            "passages": given.passages,
            **dict(zip(keys, _values(given), strict=True)),
            "gone": given.gone,
        }

    def confirmed(kind: str) -> dict[str, int]:
        found = progress.confirmed_codes
        return {code: n for (of, code), n in sorted(found.items()) if of == kind}

    return {
        "project": name,
        "policy": progress.policy.name,
        "codebook": {"id": codebook.codebook.id, "version": codebook.number},
        "model": progress.model or None,
        "total": counts(progress.total),
        "reports": [
            {
                "name": one.report.name,
                "title": one.report.title,
                "version": one.report.number,
                "path": one.report.path,
                **counts(one.counts),
            }
            for one in progress.reports
        ],
        "confirmed_finding_types": confirmed("finding_type"),
        "confirmed_themes": confirmed("theme"),
        "annotators": [
            {"name": one.name, "decisions": one.decisions, "last_at": one.last_at}
            for one in progress.annotators
        ],
    }


def _print(name: str, progress: "ProjectProgress", codebook: "StoredCodebook") -> None:
    from ..labels.exchange.rows import printable
    from .summary import summary_console

    console = summary_console(sys.stdout)
    console.print(printable(name), style="bold")
    console.print(
        f"Codebook {printable(codebook.codebook.id)}, version {codebook.number}. "
        + (f"Suggestions by {printable(progress.model)}. " if progress.model else "")
        + f"Policy {progress.policy.name}."
    )
    console.print()
    if progress.reports:
        console.print(_reports_table(progress))
        console.print()
        _print_codes(console, progress, codebook.codebook)
    for one in progress.annotators:
        decisions = "1 decision" if one.decisions == 1 else f"{one.decisions:,} decisions"
        console.print(f"{printable(one.name)}: {decisions}, the last on {one.last_at[:10]}")
    if progress.annotators:
        console.print()


def _reports_table(progress: "ProjectProgress") -> "Table":
    from rich.table import Table
    from rich.text import Text

    from ..labels.exchange.rows import printable

    total = progress.total
    # A state in which nothing stands needs no column, but for the two that everybody asks for.
    shown = [
        (n, title)
        for n, (_, title) in enumerate(_states())
        if _values(total)[n] or title in ("Suggested", "Confirmed")
    ]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("Report", overflow="fold", ratio=1)
    for title in ("Passages", *(title for _, title in shown), *(["Gone"] if total.gone else [])):
        table.add_column(title, justify="right", no_wrap=True)
    rows = [(printable(one.report.name), one.counts) for one in progress.reports]
    for label, counts in [*rows, ("All reports", total)] if len(rows) > 1 else rows:
        values = [counts.passages, *(_values(counts)[n] for n, _ in shown)]
        values += [counts.gone] if total.gone else []
        style = "bold" if label == "All reports" and counts is total else ""
        table.add_row(Text(label), *(f"{value:,}" for value in values), style=style)
    return table


def _print_codes(console: "Console", progress: "ProjectProgress", codebook: "Codebook") -> None:
    from rich.text import Text

    from ..labels.exchange.rows import printable

    names = {
        "finding_type": {code.id: code.name() for code in codebook.finding_types},
        "theme": {code.id: code.name() for code in codebook.themes},
    }
    for kind, title in (("finding_type", "Confirmed finding types"), ("theme", "Confirmed themes")):
        found = {code: n for (of, code), n in progress.confirmed_codes.items() if of == kind}
        if found:
            ordered = sorted(found, key=lambda code: (-found[code], code))
            said = ", ".join(f"{names[kind].get(code, code)} {found[code]:,}" for code in ordered)
            console.print(Text(f"{title}: {printable(said)}"))
    if progress.confirmed_codes:
        console.print()
