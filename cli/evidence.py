"""``whatworks evidence``: the chain from a number to its quotations and to who said so."""

from pathlib import Path
from typing import Annotated

import typer

from .projects import ProjectOption, ReportsOption, opened_project
from .round_options import Format, FormatOption, write

EPILOG = """\b
Examples:
  whatworks evidence capacity-building
  whatworks evidence 'Capacity building' --label obstacle
  whatworks evidence gender-mainstreaming --report E12 -o evidence.xlsx
  whatworks evidence social-dialogue --format json | jq '.[].source'
"""


def evidence(
    theme: Annotated[
        str,
        typer.Argument(
            metavar="THEME",
            show_default=False,
            help="A theme, target group or place of the codebook: its id, or its name.",
        ),
    ],
    label: Annotated[
        str,
        typer.Option(metavar="CODE", help="Only with this finding type: one cell of the matrix."),
    ] = "",
    report: ReportsOption = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Also write it here, a row a decision: .csv or .xlsx. May be repeated.",
        ),
    ] = None,
    stream: FormatOption = Format.text,
    project: ProjectOption = None,
) -> None:
    """Show the quotations behind a number, and who said so when.

    For each confirmed passage: where it stands, who decided what and when, in which round, under
    which version of the codebook, and which model's suggestion they saw. Only included evaluations
    count, as in the synthesis.
    """
    from ..labels.code_names import find_finding_type
    from ..labels.exchange.listing import check_listing, write_listing
    from ..labels.store.evidence import evidence as evidence_for
    from ..labels.store.evidence import find_theme_in_use
    from ..labels.store.material import read_material
    from ..labels.store.search import find_report_id
    from .evidence_pages import COLUMNS, decision_rows, evidence_page, facts_of

    outputs = output or []
    for path in outputs:
        check_listing(path)
    with opened_project(project) as opened, opened.store.reading() as connection:
        settings = opened.settings
        material = read_material(connection, settings.name, settings.screening)
        book = material.codebook
        codes = [("theme", find_theme_in_use(connection, material, theme))]
        if label:
            codes.append(("finding_type", find_finding_type(book, label)))
        reports = [find_report_id(connection, one) for one in report or []]
        found = evidence_for(connection, material, codes, reports)
    for path in outputs:
        rows = (row for one in found for row in decision_rows(one, book))
        about = f"Evidence of {settings.name} for {' and '.join(code for _, code in codes)}"
        write_listing(path, COLUMNS, rows, about)
        typer.echo(f"Written: {path}", err=True)
    write(stream, evidence_page(found, codes, book), [facts_of(one) for one in found])
