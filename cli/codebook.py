"""``whatworks codebook``: check, show, compare and apply codebooks."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import WhatworksError
from . import codebook_for_whom
from .projects import (
    AnnotatorOption,
    ProjectOption,
    annotator_name,
    codebook_file,
    opened_project,
)

if TYPE_CHECKING:
    from ..labels.codebook import Codebook
    from ..labels.store.resolutions import Effect

app = typer.Typer(
    help="Check, show, compare and apply codebooks.",
    no_args_is_help=True,
    epilog="\b\nExamples:\n  whatworks codebook check codebook.yaml\n  whatworks codebook diff\n"
    "  whatworks codebook apply",
)

WordingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--wording-only",
        metavar="CODE",
        help="A code whose definition or rules have other words and the same meaning: its labels "
        "stay. May be repeated.",
    ),
]


@app.command(
    epilog="\b\nExamples:\n  whatworks codebook check my-themes.yaml\n  whatworks codebook check"
)
def check(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            show_default="codebook.yaml of the project",
            help="A codebook file, or the name of a shipped codebook.",
        ),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Say everything that is wrong with a codebook file.

    Every problem has its line, the nearest name that is known, and the cure. Exit code 1 when
    there is any.
    """
    from ..labels.codebook import load_codebook

    path = file or codebook_file(project)
    typer.echo(f"{path}: sound. {_contents(load_codebook(path))}")


@app.command(
    epilog="\b\nExamples:\n  whatworks codebook show\n  whatworks codebook show gender-neglect\n"
    "  whatworks codebook show --codebook oecd-dac --language fr"
)
def show(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            show_default="a table of all",
            help="The id of a finding type or theme, to see it in full.",
        ),
    ] = None,
    codebook: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="the project's",
            help="A shipped codebook's name, or a YAML file.",
        ),
    ] = None,
    version: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="NUMBER",
            show_default="the one that holds",
            help="An earlier version of the project's codebook.",
        ),
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="The language of the names in the table.")
    ] = "en",
    project: ProjectOption = None,
) -> None:
    """Show a codebook as a table, or one of its codes in full."""
    from ..labels.codebook import load_codebook
    from .codebook_pages import print_code, print_table

    if codebook is None:
        title, shown = _version(project, version)
    elif version is not None:
        raise typer.BadParameter("--version is for the project's codebook, not with --codebook.")
    else:
        shown = load_codebook(codebook)
        title = codebook
    if code is None:
        codes = (*shown.finding_types, *shown.themes)
        known = sorted({name for one in codes for name in one.names})
        if language.strip().lower() not in known:
            raise typer.BadParameter(
                f"{title} has no names in '{language}', but in {', '.join(known)}."
            )
        print_table(shown, title, language.strip().lower())
    else:
        print_code(shown, code)


@app.command(
    epilog="\b\nExamples:\n  whatworks codebook diff\n  whatworks codebook diff old.yaml new.yaml"
)
def diff(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILES",
            show_default="the project's codebook, and its codebook.yaml",
            help="The old and the new codebook, files or shipped names; one alone is compared with "
            "the project's.",
        ),
    ] = None,
    wording_only: WordingOption = None,
    project: ProjectOption = None,
) -> None:
    """Say what a changed codebook would do to the labels.

    Nothing is applied. Exit code 1 when it could not be: codes are missing without a word of
    what became of them.
    """
    from ..labels.codebook import load_codebook
    from ..labels.codebook_changes import compare
    from ..labels.codebook_file import codebook_source
    from ..labels.store.codebooks import current_codebook, preview

    given, words = files or [], wording_only or []
    if len(given) > 2:
        raise typer.BadParameter("Two codebooks can be compared, not more.")
    if len(given) == 2:
        changes = compare(load_codebook(given[0]), load_codebook(given[1]), words)
        _tell_changes(changes.sentences, changes.problems)
        return
    with opened_project(project) as opened:
        new = given[0] if given else opened.codebook_file
        loaded = load_codebook(new)
        with opened.store.reading() as connection:
            held = current_codebook(connection)
        changes = compare(held.codebook, loaded, words)
        _tell_changes(changes.sentences, changes.problems)
        if changes.changes:
            _tell_effect(preview(opened.store, codebook_source(new), words).effect)


@app.command(
    epilog="\b\nExamples:\n  whatworks codebook apply\n"
    "  whatworks codebook apply --wording-only lesson --yes"
)
def apply(
    wording_only: WordingOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Make the project's codebook.yaml the codebook that holds.

    Before anything is stored it says what changes, and how many confirmed passages become stale
    and are to be looked at again. Older versions are kept.
    """
    from ..labels.codebook_file import codebook_source, read_codebook
    from ..labels.store.codebooks import add_codebook, preview

    by, words = annotator_name(annotator), wording_only or []
    with opened_project(project) as opened:
        source = codebook_source(opened.codebook_file)
        read_codebook(source, str(opened.codebook_file))
        planned = preview(opened.store, source, words)
        _tell_changes(planned.sentences, ())
        _tell_effect(planned.effect)
        if not yes:
            if not sys.stdin.isatty():
                raise WhatworksError(
                    "Nothing was applied: nobody can be asked here. If this is what you want, "
                    "run the same command with --yes."
                )
            typer.confirm(f"Apply this as version {planned.number}?", abort=True)
        applied = add_codebook(opened.store, source, by, words, on_top_of=planned.number - 1)
    typer.echo(f"Applied as version {applied.number}.")
    if applied.effect != planned.effect:
        typer.echo("Since you were asked, others decided more. What it did in the end:", err=True)
        _tell_effect(applied.effect)


@app.command(epilog="Example: whatworks codebook history")
def history(project: ProjectOption = None) -> None:
    """List the versions of the project's codebook.

    When each was applied, by whom, and what it changed.
    """
    from ..labels.store.codebooks import all_codebooks

    with opened_project(project) as opened, opened.store.reading() as connection:
        versions = all_codebooks(connection)
    for stored in versions:
        when = f"{stored.created_at[:10]} {stored.created_at[11:16]} UTC"
        by = f" by {stored.created_by}" if stored.created_by else ""
        typer.echo(f"Version {stored.number}, {when}{by}: {_contents(stored.codebook)}")
        for sentence in stored.sentences:
            typer.echo(f"  {sentence}")


@app.command(
    epilog="\b\nExamples:\n  whatworks codebook template > my-themes.yaml\n"
    "  whatworks codebook template oecd-dac > codebook.yaml"
)
def template(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            show_default="a small one in which every key is explained",
            help="A shipped codebook to start from.",
        ),
    ] = None,
) -> None:
    """Print a codebook file to start your own from."""
    from ..labels.codebook import shipped_codebooks, unknown
    from ..labels.codebook_file import codebook_source, template_source

    if name is None:
        typer.echo(template_source(), nl=False)
        return
    if name not in shipped_codebooks():
        raise WhatworksError(
            f"{unknown('codebook', name, shipped_codebooks())} There are: "
            f"{', '.join(shipped_codebooks())}."
        )
    typer.echo(codebook_source(name), nl=False)


app.command("for-whom", epilog=codebook_for_whom.EPILOG)(codebook_for_whom.for_whom)


def _version(project: Path | None, number: int | None) -> tuple[str, "Codebook"]:
    """A version of the project's codebook, and what to call it."""
    from ..labels.store.codebooks import all_codebooks

    with opened_project(project) as opened, opened.store.reading() as connection:
        versions = all_codebooks(connection)
    for stored in versions:
        if number in (None, stored.number) and (number or stored is versions[-1]):
            return f"{opened.settings.name}, version {stored.number}", stored.codebook
    raise WhatworksError(
        f"The project's codebook has no version {number}: the last one is {len(versions)}."
    )


def _contents(codebook: "Codebook") -> str:
    parts = [
        _counted(len(codebook.finding_types), "finding type"),
        _counted(len(codebook.themes), "theme"),
    ]
    if codebook.groups:
        parts.append(_counted(len(codebook.groups), "group"))
    if retired := len(codebook.retired_finding_types) + len(codebook.retired_themes):
        parts.append(f"{retired} retired")
    return f"{', '.join(parts)}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _tell_changes(sentences: tuple[str, ...], problems: tuple[str, ...]) -> None:
    """Says what changes; raises what keeps it from being applied."""
    for sentence in sentences:
        typer.echo(sentence)
    if problems:
        raise WhatworksError("\n  ".join(["It cannot be applied.", *problems]))
    if not sentences:
        typer.echo("No difference.")


def _tell_effect(effect: "Effect") -> None:
    from .codebook_pages import effect_lines

    typer.echo()
    for line in effect_lines(effect):
        typer.echo(line)
