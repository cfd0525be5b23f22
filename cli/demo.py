"""``whatworks demo``: the whole main job on sample reports."""

import shlex
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from ..nlp.errors import WhatworksError
from . import classify

EPILOG = """\b
Examples:
  whatworks demo my-first-look
  whatworks demo --review
  whatworks demo --synthesis my-first-synthesis
"""
_ENDINGS = (".pdf", ".docx", ".html")


def demo(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Where the sample reports and the results go."),
    ] = Path("whatworks-demo"),
    review: Annotated[
        bool,
        typer.Option(
            "--review", help="Make a project of the reports and open the review in the browser."
        ),
    ] = False,
    synthesis: Annotated[
        bool,
        typer.Option(
            "--synthesis",
            help="Make a project whose labels were confirmed already, and the synthesis of it.",
        ),
    ] = False,
) -> None:
    """Classify sample reports and say where to look.

    The reports are invented, in English, French, Spanish and Portuguese. They and the results
    are put into a folder of their own.
    """
    from ..labels.settings import SETTINGS_FILE

    if review and synthesis:
        raise typer.BadParameter("Give --review or --synthesis, not both.")
    if (folder / SETTINGS_FILE).exists():
        raise WhatworksError(
            f"{folder}: this is a project of yours. Give the samples a folder of their own: "
            "whatworks demo FOLDER"
        )
    reports = copy_samples(folder / "reports")
    if synthesis:
        _synthesis(folder, reports)
        return
    if review:
        _review(folder, reports)
        return
    outputs = [folder / f"results.{ending}" for ending in ("xlsx", "html", "csv", "jsonl")]
    classify.classify([str(path) for path in reports], output=outputs)
    own = shlex.join(["whatworks", "classify", str(folder / "reports"), "-o", "mine.xlsx"])
    typer.echo(f"Read the suggestions in context:  {outputs[1]} (opens in a browser)")
    typer.echo(f"Work with them in a spreadsheet:  {outputs[0]}")
    typer.echo(f"Put your own reports there, then: {own}")
    again = shlex.join(["whatworks", "demo", "--review", str(folder)])
    typer.echo(f"Confirm or correct suggestions:   {again}")


def _review(folder: Path, reports: list[Path]) -> None:
    """A project on the reports, as a user makes one; once more, it goes on where one stopped."""
    from ..labels.settings import SETTINGS_FILE
    from . import add, init, prelabel
    from . import review as review_command

    project = folder / "review"
    if not (project / SETTINGS_FILE).exists():
        init.init(project, name="Sample reports")
    add.add([str(path) for path in reports], project=project)
    prelabel.prelabel(project=project)
    review_command.review(project=project)


def _synthesis(folder: Path, reports: list[Path]) -> None:
    """The sample project and all that is made of it; once more, it goes on where one stopped."""
    from . import sample_project, synthesize

    project = folder / "synthesis"
    sample_project.make_sample_project(project, reports)
    synthesize.synthesize(folder / "products", project=project, overwrite=True)


def copy_samples(folder: Path) -> list[Path]:
    """Copies the sample reports into a folder and gives their paths, in order of name."""
    source = resources.files(__package__) / "samples"
    samples = sorted(
        (sample for sample in source.iterdir() if Path(sample.name).suffix in _ENDINGS),
        key=lambda sample: sample.name,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for sample in samples:
            (folder / sample.name).write_bytes(sample.read_bytes())
    except OSError as error:
        raise WhatworksError(
            f"{folder}: the sample reports cannot be copied there: {error.strerror}. "
            "Name another folder: whatworks demo FOLDER"
        ) from error
    return [folder / sample.name for sample in samples]
