"""``whatworks register``: the list of evaluations, with what is known of each."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .projects import AnnotatorOption, ProjectOption, annotator_name, opened_project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..labels.project import Project
    from ..labels.register import Evaluation

app = typer.Typer(
    help="Keep the list of evaluations: title, type, timing, countries, year, ...",
    no_args_is_help=True,
    epilog="\b\nExamples:\n  whatworks register import list.xlsx --dry-run\n"
    "  whatworks register list --missing\n  whatworks register edit E12 --country Mali --year 2016\n"
    "  whatworks register propose",
)

MarkArgument = Annotated[
    str,
    typer.Argument(
        metavar="MARK",
        show_default=False,
        help="'E12' as 'whatworks register list' shows it, or its symbol.",
    ),
]


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
    _say(import_lines(done))
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
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            show_default=False,
            help="Write a workbook (.xlsx) or .csv; changed there, it is imported again.",
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

    if missing and output is not None:
        raise typer.BadParameter("Give --missing or -o, not both.")
    with opened_project(project) as opened, opened.store.reading() as connection:
        listed, between = evaluations(connection), gaps(connection)
    if output is not None:
        write_register(output, listed)
        typer.echo(f"{output}: {len(listed):,} evaluation{'' if len(listed) == 1 else 's'}.")
        return
    if not listed:
        _note(
            "The register is empty. Bring a list with 'whatworks register import FILE', or see what "
            "the reports say of themselves with 'whatworks register propose'."
        )
    elif missing:
        _say(missing_lines(listed))
    else:
        summary_console(sys.stdout).print(list_table(listed))
    for note in gap_notes(between):
        _note(note)


@app.command(epilog="Example: whatworks register show E12")
def show(mark: MarkArgument, project: ProjectOption = None) -> None:
    """Show what is known of an evaluation, and who said so when."""
    from ..labels.register_import import find_evaluation
    from ..labels.store.register import evaluations, histories, removed
    from .register_pages import show_lines

    with opened_project(project) as opened, opened.store.reading() as connection:
        listed, off = evaluations(connection), removed(connection)
        found = find_evaluation(mark, (*listed, *off))
        said = histories(connection)[found.id]
    _say(show_lines(found, said))


def _fact(name: str, text: str, metavar: str = "TEXT") -> Any:
    return typer.Option(name, metavar=metavar, show_default=False, help=text)


@app.command(
    epilog="\b\nExamples:\n  whatworks register edit E12 --year 2016 --country Mali --country Niger\n"
    "  whatworks register edit E12 --file mali-final.pdf\n"
    "  whatworks register edit E12 --clear region --clear funding"
)
def edit(
    mark: MarkArgument,
    title: Annotated[str | None, _fact("--title", "Title of the report.")] = None,
    symbol: Annotated[str | None, _fact("--symbol", "What the office calls it.")] = None,
    type_: Annotated[
        str | None, _fact("--type", "independent, internal, joint or high-level.", "TYPE")
    ] = None,
    timing: Annotated[
        str | None, _fact("--timing", "mid-term, final or ex-post.", "TIMING")
    ] = None,
    nature: Annotated[str | None, _fact("--nature", "What was evaluated: 'project', ...")] = None,
    region: Annotated[list[str] | None, _fact("--region", "May be repeated.")] = None,
    country: Annotated[
        list[str] | None, _fact("--country", "Name or ISO code. May be repeated.", "COUNTRY")
    ] = None,
    coverage: Annotated[
        list[str] | None, _fact("--coverage", "Thematic coverage. May be repeated.")
    ] = None,
    funding: Annotated[list[str] | None, _fact("--funding", "Who paid. May be repeated.")] = None,
    year: Annotated[str | None, _fact("--year", "Year of the report.", "YEAR")] = None,
    language: Annotated[
        str | None, _fact("--language", "Of the report: name or code.", "LANGUAGE")
    ] = None,
    project_code: Annotated[
        str | None,
        _fact("--project-code", "What the evaluations of one project have in common."),
    ] = None,
    file: Annotated[str | None, _fact("--file", "The report's file.", "NAME")] = None,
    clear: Annotated[
        list[str] | None,
        _fact("--clear", "Empty this one: 'country', 'year', ... May be repeated.", "FACT"),
    ] = None,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Change what is known of an evaluation.

    A list given (--country, --region, ...) takes the place of the one that was there. What was
    known before stays in its history.
    """
    from ..labels import register_import
    from ..labels.store.register import evaluations

    given = {
        "title": title,
        "symbol": symbol,
        "type": type_,
        "timing": timing,
        "nature": nature,
        "region": region,
        "country": country,
        "coverage": coverage,
        "funding": funding,
        "year": year,
        "language": language,
        "project-code": project_code,
        "file": file,
    }
    facts = _facts({name: value for name, value in given.items() if value}, clear or [])
    by = annotator_name(annotator)
    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            found = register_import.find_evaluation(mark, evaluations(connection))
        changed = register_import.edit(opened.store, found, facts, by)
    _say(f"{found.mark}: {one}" for one in changed or ("nothing changes.",))


@app.command(epilog="Example: whatworks register remove E12")
def remove(
    mark: MarkArgument, annotator: AnnotatorOption = None, project: ProjectOption = None
) -> None:
    """Take an evaluation off the list.

    Its passages are not counted from then on. Its number is never given again, and all that was
    said of it stays.
    """
    from ..labels import register_import
    from ..labels.store.register import evaluations

    by = annotator_name(annotator)
    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            found = register_import.find_evaluation(mark, evaluations(connection))
        register_import.remove(opened.store, found, by)
    _say([f"{found.mark} is off the list: {found.facts.title}"])
    _say([f"To put it back: whatworks register restore {found.mark}"])


@app.command(epilog="Example: whatworks register restore E12")
def restore(
    mark: MarkArgument, annotator: AnnotatorOption = None, project: ProjectOption = None
) -> None:
    """Put an evaluation back on the list, as it was."""
    from ..labels import register_import
    from ..labels.store.register import removed

    by = annotator_name(annotator)
    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            found = register_import.find_evaluation(mark, removed(connection))
        register_import.restore(opened.store, found, by)
    _say([f"{found.mark} is on the list again: {found.facts.title}"])


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
            _say(proposal_lines(found))
            if found:
                _note("Nothing was stored. To accept: whatworks register propose --accept all")
            return
        chosen = chosen_proposals(found, accept)
        marks = accepted(opened.store, chosen, by)
    _say(
        f"{mark}: {', '.join(each.field for each in one.found) or 'file'} from {one.report}"
        for mark, one in zip(marks, chosen, strict=True)
    )


def _facts(given: dict[str, Any], clear: list[str]) -> dict[str, Any]:
    """Field of ``Facts`` to its new value."""
    from ..labels.codebook import unknown
    from ..labels.register_words import READ, listed
    from .register_pages import OPTIONS

    if not given and not clear:
        raise typer.BadParameter("Say what to change: --year 2016, --country Mali, --clear year.")
    clearable = [one for one in OPTIONS if one != "title"]
    facts: dict[str, Any] = {}
    for name in clear:
        if name not in clearable:
            raise typer.BadParameter(
                f"{unknown('fact', name, clearable)} One can clear {', '.join(clearable)}."
            )
        if name in given:
            raise typer.BadParameter(f"Give --{name} or --clear {name}, not both.")
        facts[OPTIONS[name]] = None if name == "year" else ()
    for name, value in given.items():
        field = OPTIONS[name]
        text = ";".join(value) if isinstance(value, list) else value
        facts[field] = READ[field](text) if field in READ else text
    return facts


def _say(lines: "Iterable[str]") -> None:
    from ..labels.exchange.rows import printable

    for line in lines:
        typer.echo(printable(line))


def _note(text: str) -> None:
    from ..labels.exchange.rows import printable

    typer.echo(printable(f"Note: {text}"), err=True)
