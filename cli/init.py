"""``whatworks init``: a new project."""

from pathlib import Path
from typing import Annotated

import typer

from .projects import AnnotatorOption, annotator_name

EPILOG = """\b
Examples:
  whatworks init health-2026
  whatworks init health-2026 --codebook oecd-dac --name "Health synthesis 2026"
  whatworks init health-2026 --database 'postgresql://ana:${WHATWORKS_PASSWORD}@server/health'
"""


def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", show_default=False, help="The project's folder; '.' is this one."
        ),
    ],
    name: Annotated[
        str,
        typer.Option(metavar="TEXT", show_default="the folder's name", help="What it is called."),
    ] = "",
    codebook: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="A shipped codebook's name, or a YAML file of your own; it is copied.",
        ),
    ] = "ilo-social-protection",
    database: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="A SQLite file, seen from the project's folder, or an empty PostgreSQL database; "
            "${NAME} in it is read from the environment.",
        ),
    ] = "sqlite:///whatworks.db",
    annotator: AnnotatorOption = None,
) -> None:
    """Make a project folder: settings, codebook and database.

    No file is overwritten. Reports stay where they are; they are added with 'whatworks add'.
    """
    import shlex

    from ..labels.project import init_project

    settings = init_project(
        folder, name=name, codebook=codebook, database=database, by=annotator_name(annotator)
    )
    typer.echo(f"Made the project '{settings.name}' in {folder}:")
    typer.echo("  whatworks.toml  settings: who must agree, which model suggests")
    typer.echo(f"  codebook.yaml   finding types and themes, a copy of {codebook}")
    if settings.database == "sqlite:///whatworks.db":
        typer.echo("  whatworks.db    the database: back it up, and leave it to whatworks")
    go = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    typer.echo(f"Next: {go}whatworks add FILES", err=True)
