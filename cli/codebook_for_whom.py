"""``whatworks codebook for-whom``: target groups and places, as themes that are told by words."""

from pathlib import Path
from typing import Annotated

import typer

from ..nlp.errors import WhatworksError
from .projects import ProjectOption, codebook_file, opened_project

EPILOG = """\b
Examples:
  whatworks codebook for-whom
  whatworks codebook for-whom --place Peru --place 'West Africa'
  whatworks codebook for-whom --from-register
"""


def for_whom(
    place: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A country or region to add as well, by its name in English, French, Spanish or "
            "Portuguese. May be repeated.",
        ),
    ] = None,
    from_register: Annotated[
        bool, typer.Option("--from-register", help="Add the countries of the register as well.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Add target groups and places to the project's codebook.yaml.

    Women, young people, migrants and others are themes then, as are the places: suggested where a
    passage has one of their words, and confirmed by people like every theme. Everything else in
    the file stays as it is; what is there already is not added again. Nothing counts before
    'whatworks codebook apply'.
    """
    from ..labels.codebook_copy import write_whole
    from ..labels.codebook_editing.for_whom import with_places, with_target_groups
    from ..labels.codebook_file import codebook_source, read_codebook

    file = codebook_file(project)
    source = codebook_source(file)
    read_codebook(source, str(file))
    place = [*(place or []), *(_register_countries(project) if from_register else [])]
    groups = with_target_groups(source)
    found = [("target group", groups)]
    if place:
        found.append(("place", with_places(groups.text, place)))
    for what, added in found:
        several = "" if len(added.themes) == 1 else "s"
        typer.echo(f"{file}: {len(added.themes)} {what}{several} added.")
        for code in added.elsewhere:
            typer.echo(f"The {what} '{code}' was left out: there is another theme of that id.")
    text = found[-1][1].text
    if text == source:
        return
    try:
        write_whole(file, text)
    except OSError as error:
        raise WhatworksError(f"{file}: it cannot be written: {error.strerror or error}.") from error
    typer.echo("Next: whatworks codebook apply, then: whatworks prelabel", err=True)


def _register_countries(project: Path | None) -> list[str]:
    """The names of the countries that the register's evaluations are of, each once."""
    from ..labels.places import country_name
    from ..labels.store.register import evaluations

    with opened_project(project) as opened, opened.store.reading() as connection:
        listed = evaluations(connection)
    countries = dict.fromkeys(code for one in listed for code in one.facts.countries)
    if not countries:
        raise WhatworksError(
            "The register names no country. See 'whatworks register list', or name places with "
            "--place."
        )
    return list(map(country_name, countries))
