"""``whatworks agreement``: how far people who decided independently agree."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import WhatworksError
from .classify import language_code
from .projects import ProjectOption, opened_project

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..labels.agreement.tables import Agreement, Tables
    from ..labels.codebook import Codebook
    from ..labels.store.independent import IndependentVotes

EPILOG = """\b
Examples:
  whatworks agreement
  whatworks agreement --by pair --by theme --round "Round 1"
  whatworks agreement --annotator ana --annotator ben --language fr
  whatworks agreement --report mali-final.pdf -o agreement.csv
  whatworks agreement --no-interval --format json | jq '.[] | {name, alpha}'
"""


class Table(StrEnum):
    """What a table has a row for."""

    overall = "overall"
    finding_type = "finding-type"
    theme = "theme"
    pair = "pair"
    language = "language"
    round = "round"


class Format(StrEnum):
    """What to write to standard output."""

    text = "text"
    json = "json"
    csv = "csv"


def agreement(
    by: Annotated[
        list[Table] | None,
        typer.Option(
            "--by",
            metavar="WHAT",
            show_default="all of them",
            help="Which table: overall, finding-type, theme, pair (of annotators), language or "
            "round. May be repeated.",
        ),
    ] = None,
    report: Annotated[
        str, typer.Option("--report", metavar="NAME", help="Only passages of this report.")
    ] = "",
    language: Annotated[
        str, typer.Option(metavar="CODE", help="Only passages in this language: en, fr, es or pt.")
    ] = "",
    round_name: Annotated[
        str, typer.Option("--round", metavar="NAME", help="Only decisions made in this round.")
    ] = "",
    annotator: Annotated[
        list[str] | None,
        typer.Option(
            "--annotator",
            metavar="NAME",
            show_default="everybody",
            help="Only decisions of this person. May be repeated; with two there is a kappa in "
            "every table.",
        ),
    ] = None,
    no_interval: Annotated[
        bool, typer.Option("--no-interval", help="Give no 95% intervals: that is faster.")
    ] = False,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Also write it here: .csv or .json. May be repeated.",
        ),
    ] = None,
    stream: Annotated[
        Format, typer.Option("--format", metavar="text|json|csv", help="What to print.")
    ] = Format.text,
    project: ProjectOption = None,
) -> None:
    """Show how far people agree who decided independently.

    Percent agreement, Cohen's kappa and Krippendorff's alpha over passages that two or more
    people decided, each on their own: what was decided after a passage was adjudicated does not
    count, nor does 'unsure'.
    """
    from ..labels.agreement.bootstrap import Bootstrap
    from ..labels.agreement.tables import Tables
    from ..labels.exchange.agreement import (
        agreement_format,
        agreement_rows,
        agreement_text,
        write_agreement,
    )
    from ..labels.exchange.files import check_target
    from ..labels.store.codebooks import current_codebook

    outputs = output or []
    for path in outputs:
        agreement_format(path)
        check_target(path)
    with opened_project(project) as opened, opened.store.reading() as connection:
        found = _read(connection, report, language, round_name, annotator or [])
        codebook = current_codebook(connection).codebook
    tables = Tables(found.votes, None if no_interval else Bootstrap())
    rows = _rows(tables, codebook, by or [])
    names = {code.id: code.name() for code in (*codebook.finding_types, *codebook.themes)}
    flat = agreement_rows(rows, names)
    for path in outputs:
        write_agreement(path, flat)
        typer.echo(f"Written: {path}", err=True)
    if stream is Format.text:
        from .agreement_pages import agreement_page

        typer.echo(agreement_page(found, rows, names), nl=False)
    else:
        if found.n_stale:
            from .agreement_pages import stale_sentence

            typer.echo(f"Note: {stale_sentence(found.n_stale)}", err=True)
        typer.echo(agreement_text(stream, flat), nl=False)


def _read(
    connection: "Connection", report: str, language: str, round_name: str, annotators: list[str]
) -> "IndependentVotes":
    from ..labels.store.independent import read_independent_votes
    from ..labels.store.search import find_report_id

    found = read_independent_votes(
        connection,
        report_ids=[find_report_id(connection, report)] if report else None,
        language=language_code(language or None),
        round_name=round_name or None,
        annotators=annotators,
    )
    if not found.votes.n_passages:
        limits = any([report, language, round_name, annotators])
        stale = f" {found.n_stale:,} stale decisions do not count." if found.n_stale else ""
        raise WhatworksError(
            f"No passage{' among these' if limits else ''} has independent decisions of two "
            f"people yet.{stale} Let a second person decide some passages too, without talking "
            "about them: whatworks review --as NAME"
        )
    return found


def _rows(tables: "Tables", codebook: "Codebook", wanted: list[Table]) -> "list[Agreement]":
    """The rows of the tables; unasked, a table of one row, which 'overall' has, is left out."""
    from ..labels.agreement.tables import By

    used = tables.used_codes("finding_type"), tables.used_codes("theme")
    codes = {
        By.FINDING_TYPE: [
            *codebook.finding_type_ids,
            *sorted(used[0] - set(codebook.finding_type_ids)),
        ],
        By.THEME: [
            *(code for code in codebook.theme_ids if code in used[1]),
            *sorted(used[1] - set(codebook.theme_ids)),
        ],
    }
    found: list[Agreement] = []
    for by in By:
        if wanted and Table(by) not in wanted:
            continue
        rows = tables.by(by, codes.get(by, ()))
        if wanted or len(rows) > 1 or by in codes:
            found += rows
    if not found:
        raise WhatworksError(
            f"There is nothing to show by {' or '.join(wanted)}: no passage was decided by two "
            "people there."
        )
    return found
