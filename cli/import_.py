"""``whatworks import``: a reviewer's workbook comes back, and its decisions are recorded."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .asking import agrees
from .projects import AnnotatorOption, ProjectOption, annotator_name, opened_project

if TYPE_CHECKING:
    from ..labels.exchange.review_check import CheckedReview
    from ..labels.store.decisions import Recorded

EPILOG = """\b
Examples:
  whatworks import ana.xlsx --as Ana --dry-run
  whatworks import ana.xlsx --as Ana
  whatworks import ana.csv --as Ana --yes
"""


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="A workbook that whatworks export --for-review made, or its sheet Review saved "
            "as CSV.",
        ),
    ],
    annotator: AnnotatorOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be recorded, and what is wrong.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Record without asking, if nothing is wrong.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Record the decisions in a reviewer's workbook, all or none.

    First says what would be recorded and asks. The same file again records only what is new.
    """
    if dry_run and yes:
        raise typer.BadParameter("Give either --dry-run or --yes.")
    from ..labels.exchange.review_check import first_of
    from ..labels.exchange.review_import import read_review
    from ..labels.store.decisions import record_all
    from ..labels.store.review_sheets import check_returned

    name = annotator_name(annotator)
    with opened_project(project) as opened:
        checked = check_returned(opened.store, read_review(file), name)
        for warning in first_of(checked.warnings):
            typer.echo(f"Note: {warning}", err=True)
        typer.echo(_summary(checked))
        if dry_run or not checked.drafts:
            typer.echo("Nothing was recorded.")
            return
        count = _decisions(len(checked.drafts))
        if not yes and not agrees(f"Record {count} as {name}?", "Nothing was recorded"):
            typer.echo("Nothing was recorded.")
            return
        recorded = record_all(opened.store, checked.drafts)
    typer.echo(f"Recorded {_decisions(sum(one.is_new for one in recorded))}. {_states(recorded)}")


def _summary(checked: "CheckedReview") -> str:
    passages = "1 passage" if checked.passages == 1 else f"{checked.passages:,} passages"
    parts = [passages]
    if checked.undecided:
        parts.append(f"{checked.undecided:,} not decided")
    if checked.repeated:
        parts.append(f"{checked.repeated:,} imported before")
    verdicts = Counter(str(draft.verdict) for draft in checked.drafts)
    if verdicts:
        each = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(verdicts.items()))
        parts.append(f"{_decisions(len(checked.drafts), 'new ')} ({each})")
    else:
        parts.append("nothing new")
    return f"{checked.path}: {'; '.join(parts)}."


def _decisions(count: int, kind: str = "") -> str:
    return f"1 {kind}decision" if count == 1 else f"{count:,} {kind}decisions"


def _states(recorded: "list[Recorded]") -> str:
    states = Counter(
        "open" if one.resolution is None else str(one.resolution.state) for one in recorded
    )
    return "Their passages: " + ", ".join(f"{n:,} {state}" for state, n in states.items()) + "."
