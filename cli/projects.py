"""What commands on a project share: which project, who works on it."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import WhatworksError

if TYPE_CHECKING:
    from ..labels.project import Project
    from ..labels.store.progress import ProjectProgress

ReportsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="NAME",
        help="Only this report: its name, or its mark in the register, such as E12. May be "
        "repeated.",
    ),
]
ProjectOption = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        envvar="WHATWORKS_PROJECT",
        show_default="the folder you are in, or the nearest above it",
        help="The project's folder.",
    ),
]
"""Every command on a project has it: ``project: ProjectOption = None``."""

AnnotatorOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="NAME",
        envvar="WHATWORKS_ANNOTATOR",
        show_default="your login name",
        help="Your name, the same each time: what you do is kept under it.",
    ),
]
"""``annotator: AnnotatorOption = None``; then ``annotator_name(annotator)``."""


@contextmanager
def opened_project(given: Path | None) -> Iterator["Project"]:
    """The project with its store open; what a user should know of it is told."""
    from ..labels.project import open_project

    with open_project(given) as project:
        for note in project.notes:
            typer.echo(f"Note: {note}", err=True)
        yield project


def next_line(project: "Project", progress: "ProjectProgress | None" = None) -> str:
    """What to do now in a project, with its folder where one is elsewhere.

    Args:
        project: The project.
        progress: Where its work stands; read where it is not given.
    """
    from ..labels.project import find_project
    from ..labels.store.progress import next_step, project_progress

    try:
        is_here = find_project() == project.folder
    except WhatworksError:
        is_here = False
    where = "" if is_here else f" --project {shlex.quote(str(project.folder))}"
    if progress is None:
        with project.store.reading() as connection:
            progress = project_progress(connection)
    return next_step(progress, where)


def annotator_name(given: str | None) -> str:
    """The name under which decisions are kept: as given, else the login name.

    Raises:
        WhatworksError: a name that is empty or cannot be shown, or none to be found.
    """
    import getpass

    from ..labels.drafts import clean_name

    if given is None:
        try:
            given = getpass.getuser()
        except (OSError, KeyError, ImportError) as error:
            # What it raises depends on the system and on the version of Python.
            raise WhatworksError(
                "Your login name cannot be found. Say who you are with --as NAME."
            ) from error
    return clean_name(given)


def codebook_file(project: Path | None) -> Path:
    """The codebook.yaml of the project that is meant."""
    from ..labels.project import find_project
    from ..labels.store.codebooks import FILE_NAME

    return find_project(project) / FILE_NAME
