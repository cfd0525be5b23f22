"""``whatworks register``: the list of evaluations, with what is known of each."""

from pathlib import Path
from typing import Annotated

import typer

from . import register_edit
from .projects import AnnotatorOption, ProjectOption, annotator_name, opened_project
from .register_edit import MarkArgument, listed_evaluation, say

app = typer.Typer(
    help="Keep the list of evaluations: title, type, countries, year.",
    no_args_is_help=True,
    epilog="\b\nExamples:\n  whatworks register import list.xlsx --dry-run\n"
    "  whatworks register list --missing\n"
    "  whatworks register edit E12 --country Mali --year 2016\n  whatworks register propose",
)


@app.command(
    "import",
    epilog="\b\nExamples:\n  whatworks register import list.xlsx --dry-run\n"
    "  whatworks register import list.csv --as Ana",
)
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="A list of evaluations, .xlsx or .csv, one row each, with a column 'Title'. "
            "Headings may be in English, French, Spanish or Portuguese.",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would change, and what is wrong.")
    ] = False,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Add and update evaluations from a list, all or none.

    A row is about the evaluation of its symbol, else of its title. What the list leaves empty stays
    as it is. A report's file need not be there yet.
    """
    from ..labels.register_import import import_register
    from .register_pages import import_lines, import_notes

    by = annotator_name(annotator)
    with opened_project(project) as opened:
        done = import_register(opened.store, file, by, dry_run=dry_run)
    say(import_lines(done))
    if dry_run:
        typer.echo("Nothing was stored.")
    for note in import_notes(done):
        _note(note)


@app.command(
    "list",
    epilog="\b\nExamples:\n  whatworks register list\n  whatworks register list --missing\n"
    "  whatworks register list -o register.xlsx",
)
def list_(
    missing: Annotated[
        bool,
        typer.Option("--missing", help="Only what is not known, and which files are not there."),
    ] = False,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            show_default=False,
            help="Write a workbook (.xlsx) or .csv; changed there, it is imported again. May be "
            "repeated.",
        ),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """List the evaluations, or what is missing of them."""
    import sys

    from ..labels.exchange.register_sheet import write_register
    from ..labels.register_import import gaps
    from ..labels.store.register import evaluations
    from .register_pages import gap_notes, list_table, missing_lines
    from .summary import summary_console

    if missing and output:
        raise typer.BadParameter("Give --missing or -o, not both.")
    with opened_project(project) as opened, opened.store.reading() as connection:
        listed, between = evaluations(connection), gaps(connection)
    for path in output or []:
        write_register(path, listed)
        typer.echo(f"{path}: {len(listed):,} evaluation{'' if len(listed) == 1 else 's'}.")
    if output:
        return
    if not listed:
        _note(
            "The register is empty. Bring a list with 'whatworks register import FILE', or see "
            "what the reports say of themselves with 'whatworks register propose'."
        )
        return
    if missing:
        say(missing_lines(listed))
    else:
        summary_console(sys.stdout).print(list_table(listed))
    for note in gap_notes(between):
        _note(note)


@app.command(epilog="Example: whatworks register show E12")
def show(mark: MarkArgument, project: ProjectOption = None) -> None:
    """Show what is known of an evaluation, and who said so when."""
    from ..labels.register_import import find_evaluation
    from ..labels.store.register import histories
    from .register_pages import show_lines

    with opened_project(project) as opened, opened.store.reading() as connection:
        found, _ = find_evaluation(connection, mark)
        said = histories(connection)[found.id]
    say(show_lines(found, said))


app.command(epilog=register_edit.EPILOG)(register_edit.edit)


@app.command(epilog="Example: whatworks register remove E12")
def remove(
    mark: MarkArgument, annotator: AnnotatorOption = None, project: ProjectOption = None
) -> None:
    """Take an evaluation off the list.

    Its passages are not counted from then on. Its number is never given again, and all that was
    said of it stays.
    """
    from ..labels import register_import

    by = annotator_name(annotator)
    with opened_project(project) as opened:
        found = listed_evaluation(opened, mark)
        register_import.remove(opened.store, found, by)
    say([f"{found.mark} is off the list: {found.facts.title}"])
    say([f"To put it back: whatworks register restore {found.mark}"])


@app.command(epilog="Example: whatworks register restore E12")
def restore(
    mark: MarkArgument, annotator: AnnotatorOption = None, project: ProjectOption = None
) -> None:
    """Put an evaluation back on the list, as it was."""
    from ..labels import register_import
    from ..nlp.errors import WhatworksError

    by = annotator_name(annotator)
    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            found, is_listed = register_import.find_evaluation(connection, mark)
        if is_listed:
            raise WhatworksError(f"{found.mark} is on the list already: {found.facts.title}")
        register_import.restore(opened.store, found, by)
    say([f"{found.mark} is on the list again: {found.facts.title}"])


@app.command(
    epilog="\b\nExamples:\n  whatworks register propose\n"
    "  whatworks register propose --accept E12 --accept mali-final.pdf\n"
    "  whatworks register propose --accept all"
)
def propose(
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            metavar="MARK|NAME|all",
            show_default="only shows them",
            help="Store what is proposed for this evaluation, or for this report where none is "
            "listed. May be repeated.",
        ),
    ] = None,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Show what the reports say of themselves and the register does not.

    Title, year, language, countries and regions, each with the words in which it was found.
    Nothing is stored until you accept it, and nothing that somebody said or took away by hand is
    proposed.
    """
    from ..labels.register_import import accept as accepted
    from ..labels.register_proposals import proposals
    from .register_pages import chosen_proposals, proposal_lines

    by = annotator_name(annotator)
    with opened_project(project) as opened:
        found = proposals(opened)
        if not accept:
            say(proposal_lines(found))
            if found:
                _note("Nothing was stored. To accept: whatworks register propose --accept all")
            return
        chosen = chosen_proposals(found, accept)
        marks = accepted(opened.store, chosen, by)
    say(
        f"{mark}: {', '.join(each.field for each in one.found) or 'file'} from {one.report}"
        for mark, one in zip(marks, chosen, strict=True)
    )


def _note(text: str) -> None:
    from ..labels.exchange.rows import printable

    typer.echo(printable(f"Note: {text}"), err=True)
