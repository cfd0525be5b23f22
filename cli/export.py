"""``whatworks export``: a workbook for a reviewer who works in a spreadsheet."""

from pathlib import Path
from typing import Annotated

import typer

from ..nlp.errors import WhatworksError
from .projects import AnnotatorOption, ProjectOption, annotator_name, opened_project
from .states import states_of

EPILOG = """\b
Examples:
  whatworks export --for-review ana.xlsx --as Ana
  whatworks export --for-review ana.xlsx --as Ana --report mali-final.pdf --language fr
  whatworks export --for-review ana.xlsx --as Ana --state disagreed --state stale
  whatworks export --for-review round1-ana.xlsx --as Ana --round "Round 1"
"""


def export(
    for_review: Annotated[
        Path,
        typer.Option(
            "--for-review",
            metavar="FILE",
            show_default=False,
            help="The .xlsx workbook to write: one row a passage, to be filled in and brought "
            "back with whatworks import.",
        ),
    ],
    report: Annotated[
        list[str] | None,
        typer.Option("--report", metavar="NAME", help="Only this report. May be repeated."),
    ] = None,
    round_name: Annotated[
        str, typer.Option("--round", metavar="NAME", help="Only the passages of this round.")
    ] = "",
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            metavar="STATE",
            show_default="what you have still to decide",
            help="Only passages in this state: new, suggested, 'in review', disagreed, confirmed "
            "or stale. May be repeated.",
        ),
    ] = None,
    language: Annotated[
        str,
        typer.Option(metavar="CODE", help="Language of the names of finding types and themes."),
    ] = "en",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if it is there already.")
    ] = False,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Write passages to a workbook in which a reviewer decides.

    Without --state it holds what you have still to decide: passages that were pre-labelled and
    need another decision, in reading order.
    """
    states = states_of(state or [])
    path = for_review
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(
            f"'{path}' does not end in .xlsx. A workbook for review is an .xlsx file."
        )
    if path.is_dir():
        raise WhatworksError(f"{path}: this is a folder. Give the name of a file.")
    if path.exists() and not overwrite:
        raise WhatworksError(
            f"{path}: this file is there already, and may hold somebody's decisions. Give another "
            "name, or --overwrite."
        )
    from .. import __version__
    from ..labels.exchange.review_workbook import write_review_workbook
    from ..labels.store.review_sheets import Wanted, make_review_sheet

    name = annotator_name(annotator)
    with opened_project(project) as opened, opened.store.reading() as connection:
        sheet = make_review_sheet(
            connection,
            Wanted(tuple(report or ()), round_name, states),
            by=name,
            title=opened.settings.name,
            language=language.strip().lower(),
            version=__version__,
        )
    write_review_workbook(path, sheet)
    suggested = sum(bool(row.labels) for row in sheet.rows)
    reports = len({row.report for row in sheet.rows})
    what = (
        "the suggestions are hidden" if sheet.blind else f"{suggested:,} with a suggested finding"
    )
    typer.echo(f"{path}: for {name}; passages: {len(sheet.rows):,}, reports: {reports:,}; {what}.")
    if sheet.held_back:
        typer.echo(
            f"Note: {sheet.held_back:,} passages are in a blind round and were left out. Export "
            "them with --round.",
            err=True,
        )
    typer.echo(f"When it is filled in: whatworks import {path} --as {name}", err=True)
