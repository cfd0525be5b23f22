"""The sample project: reports, a register, its screening, and decisions made by hand."""

from collections.abc import Mapping
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from . import add, prelabel
from .sample_decisions import COLUMNS, record_sample_decisions
from .sample_rows import SampleRow, sample_data, sample_rows

if TYPE_CHECKING:
    from ..labels.project import Project
    from ..labels.register import Evaluation

NAME = "Work and cover without a contract"
LISTED_BY = "Chen Li"


def make_sample_project(
    project: Path, reports: list[Path], data: Traversable | None = None
) -> None:
    """The project in its folder; one begun before is gone on with, and what is there is left.

    Args:
        project: Its folder.
        reports: The sample reports.
        data: The folder of the flat files; by default the one that whatworks brings.

    Raises:
        WhatworksError: a row of a file cannot be taken; file and row are named.
    """
    from ..labels.project import open_project

    data = data or sample_data()
    _begin(project, data)
    add.add([str(path) for path in reports], project=project, annotator=LISTED_BY, quiet=True)
    prelabel.prelabel(project=project, quiet=True)
    with open_project(project) as opened:
        listed = _list(opened, data)
        typer.echo(f"Register: {len(listed)} evaluations listed.")
        typer.echo(f"Screening: {_screen(opened, data, listed)} answers new.")
        typer.echo(f"Quality appraisal: {_appraise(opened, data, listed)} new.")
        rows = sample_rows(data, "decisions.csv", COLUMNS)
        typer.echo(f"Decisions: {record_sample_decisions(opened.store, rows)} new.")


def _begin(project: Path, data: Traversable) -> None:
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
        init_project(project, name=NAME, codebook=codebook, by=LISTED_BY)


def _list(project: "Project", data: Traversable) -> Mapping[str, "Evaluation"]:
    """The register; each evaluation by its symbol, or its title where it has none."""
    from ..labels.register_import import import_register
    from ..labels.store.register import evaluations

    with as_file(data / "register.csv") as file:
        import_register(project.store, file, LISTED_BY)
    with project.store.reading() as connection:
        listed = evaluations(connection)
    return {one.facts.symbol or one.facts.title: one for one in listed}


def _screen(project: "Project", data: Traversable, listed: Mapping[str, "Evaluation"]) -> int:
    """Records who said what of which evaluation; how much was new."""
    from ..labels.screening_rules import Said
    from ..labels.store.screening import screen

    columns = ("symbol", "title", "screener", "verdict", "reasons", "note", "settles")
    new = 0
    for row in sample_rows(data, "screening.csv", columns):
        said = Said(
            screener=row["screener"],
            verdict=row["verdict"],
            reasons=row.several("reasons"),
            note=row["note"],
            settles=bool(row["settles"]),
        )
        with row.named():
            entry = _evaluation(row, listed).id
            new += sum(screen(project.store, project.settings.screening, [(entry, said)]))
    return new


def _appraise(project: "Project", data: Traversable, listed: Mapping[str, "Evaluation"]) -> int:
    """Records how good the reports are; how much was new."""
    from ..labels.screening import Appraised
    from ..labels.store.appraisals import appraise

    plan = project.settings.screening
    new = 0
    for row in sample_rows(
        data, "appraisal.csv", ("symbol", "title", "appraiser", *plan.checklist, "note")
    ):
        answers = {item: row[item] for item in plan.checklist}
        with row.named():
            entry = _evaluation(row, listed).id
            said = Appraised(row["appraiser"], answers, row["note"])
            new += sum(appraise(project.store, plan, [(entry, said)]))
    return new


def _evaluation(row: SampleRow, listed: Mapping[str, "Evaluation"]) -> "Evaluation":
    """The one that a row names by its symbol, or by its title where it has none."""
    from ..labels.codebook import unknown

    name = row["symbol"] or row["title"]
    if name not in listed:
        raise row.wrong(unknown("evaluation", name, listed))
    return listed[name]
