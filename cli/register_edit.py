"""``whatworks register edit``: what is known of an evaluation, changed by hand."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .projects import AnnotatorOption, ProjectOption, annotator_name, opened_project

if TYPE_CHECKING:
    from ..labels.project import Project
    from ..labels.register import Evaluation

EPILOG = """\b
Examples:
  whatworks register edit E12 --year 2016 --country Mali --country Niger
  whatworks register edit E12 --file mali-final.pdf
  whatworks register edit E12 --clear region --clear funding
"""

MarkArgument = Annotated[
    str,
    typer.Argument(
        metavar="MARK",
        show_default=False,
        help="'E12' as 'whatworks register list' shows it, or its symbol.",
    ),
]
OPTIONS: Mapping[str, str] = {
    "title": "title",
    "symbol": "symbol",
    "type": "type",
    "timing": "timing",
    "nature": "nature",
    "region": "regions",
    "country": "countries",
    "coverage": "coverage",
    "funding": "funding",
    "year": "year",
    "language": "language",
    "project-code": "project",
    "file": "report",
}
"""What a fact is called on the command line, and its field."""


def _fact(name: str, text: str, metavar: str = "TEXT") -> Any:
    return typer.Option(name, metavar=metavar, show_default=False, help=text)


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
    said = {name: value for name, value in given.items() if value not in (None, [])}
    for name, value in said.items():
        # Such as a variable that is not set.
        if not all(one.strip() for one in ([value] if isinstance(value, str) else value)):
            raise typer.BadParameter(f"--{name} is empty. To empty it: --clear {name}")
    facts = _facts(said, clear or [])
    by = annotator_name(annotator)
    with opened_project(project) as opened:
        found = listed_evaluation(opened, mark)
        changed = register_import.edit(opened.store, found, facts, by)
        with opened.store.reading() as connection:
            is_missing = file and found.mark in register_import.gaps(connection).without_file
    if is_missing:
        typer.echo(f"Note: the project has no report '{file}' yet: whatworks add FILE", err=True)
    say(f"{found.mark}: {one}" for one in changed or ("nothing changes.",))


def listed_evaluation(project: "Project", mark: str) -> "Evaluation":
    """The evaluation of this mark or symbol, if it is on the list."""
    from ..labels.register_import import find_evaluation
    from ..nlp.errors import WhatworksError

    with project.store.reading() as connection:
        found, is_listed = find_evaluation(connection, mark)
    if not is_listed:
        raise WhatworksError(
            f"{found.mark} was taken off the list. To put it back: "
            f"whatworks register restore {found.mark}"
        )
    return found


def say(lines: Iterable[str]) -> None:
    """Prints lines."""
    from ..labels.exchange.rows import printable

    for line in lines:
        typer.echo(printable(line))


def _facts(given: dict[str, Any], clear: list[str]) -> dict[str, Any]:
    """Field of ``Facts`` to its new value."""
    from ..labels.codebook import unknown
    from ..labels.register import Facts
    from ..labels.register_words import READ

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
        facts[OPTIONS[name]] = getattr(Facts(""), OPTIONS[name])
    for name, value in given.items():
        field = OPTIONS[name]
        text = ";".join(value) if isinstance(value, list) else value
        facts[field] = READ[field](text) if field in READ else text
    return facts
