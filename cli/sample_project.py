"""The sample project: reports, a register, its screening, and decisions made by hand."""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from . import add, prelabel

if TYPE_CHECKING:
    from ..labels.project import Project

NAME = "Work and cover without a contract (invented sample)"
BY = "Chen Li"
"""Who makes the project and its register."""


def sample_data() -> Path:
    """The folder of the flat files that whatworks brings."""
    return Path(str(resources.files(__package__) / "samples" / "synthesis"))


def make_sample_project(project: Path, reports: Sequence[Path], data: Path | None = None) -> None:
    """Makes the project in its folder; one begun before is gone on with, and keeps what it has.

    Args:
        project: Its folder.
        reports: The sample reports.
        data: The folder of the flat files; by default the one that whatworks brings.

    Raises:
        WhatworksError: a row of a file cannot be taken; file and row are named.
    """
    from ..labels.project import open_project
    from ..labels.register_import import import_register
    from .sample_decisions import read_sample_decisions, record_sample_decisions

    data = data or sample_data()
    _begin(project, data)
    add.add([str(path) for path in reports], project=project, annotator=BY, quiet=True)
    prelabel.prelabel(project=project, quiet=True)
    with open_project(project) as opened:
        listed = import_register(opened.store, data / "register.csv", BY)
        typer.echo(f"Register: {len(listed.outcomes)} evaluations.")
        new = sum(_screen(opened, data / name) for name in ("screening.csv", "appraisal.csv"))
        typer.echo(f"Screening and quality appraisal: {new} answers new.")
        rows = read_sample_decisions(data / "decisions.csv")
        typer.echo(f"Decisions: {record_sample_decisions(opened.store, rows)} new.")


def _begin(project: Path, data: Path) -> None:
    """Makes the project where there is none; its settings are those of the sample."""
    from ..labels.settings import SETTINGS_FILE, settings_text

    file = project / SETTINGS_FILE
    if not file.exists():
        _init(project)
    # One that was broken off just here has the settings of a new project still.
    if file.read_text("utf-8") == settings_text(NAME):
        file.write_text((data / SETTINGS_FILE).read_text("utf-8"), "utf-8")


def _init(project: Path) -> None:
    """A new project, whose codebook has target groups too."""
    from ..labels.codebook import DEFAULT_CODEBOOK
    from ..labels.codebook_editing.for_whom import with_target_groups
    from ..labels.codebook_file import codebook_source
    from ..labels.project import init_project

    source = with_target_groups(codebook_source(DEFAULT_CODEBOOK)).text
    with TemporaryDirectory() as folder:
        codebook = Path(folder) / "codebook.yaml"
        codebook.write_text(source, "utf-8")
        init_project(project, name=NAME, codebook=codebook, by=BY)


def _screen(project: "Project", file: Path) -> int:
    """Records what a file says of screening and of quality; how many answers were new."""
    from ..labels.screening_file import read_screening
    from ..labels.store.appraisals import appraise
    from ..labels.store.register import evaluations
    from ..labels.store.screening import screen

    plan = project.settings.screening
    with project.store.reading() as connection:
        found = read_screening(file, plan, evaluations(connection), BY)
    new = screen(project.store, plan, found.said)
    return sum(new) + sum(appraise(project.store, plan, found.appraised))
