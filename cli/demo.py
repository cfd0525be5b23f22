"""``whatworks demo``: the whole main job on sample reports."""

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from ..nlp.errors import WhatworksError
from . import classify

EPILOG = "Example: whatworks demo my-first-look"


def demo(
    folder: Annotated[
        Path, typer.Argument(help="Where the sample reports and the results go.")
    ] = Path("whatworks-demo"),
) -> None:
    """Copy sample reports into a folder, classify them, and say where to look.

    The reports are invented, in English, French, Spanish and Portuguese.
    """
    reports = copy_samples(folder / "reports")
    outputs = [folder / f"results.{ending}" for ending in ("xlsx", "html", "csv", "jsonl")]
    classify.classify([str(path) for path in reports], output=outputs)
    typer.echo("")
    typer.echo(f"Read the suggestions in context:  {outputs[1]} (opens in a browser)")
    typer.echo(f"Work with them in a spreadsheet:  {outputs[0]}")
    typer.echo(
        f"Try your own reports:             whatworks classify {folder / 'reports'} -o mine.xlsx"
    )


def copy_samples(folder: Path) -> list[Path]:
    """Copies the sample reports into a folder and gives their paths, in order of name."""
    source = resources.files(__package__) / "samples"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for sample in source.iterdir():
            (folder / sample.name).write_bytes(sample.read_bytes())
    except OSError as error:
        raise WhatworksError(
            f"{folder}: the sample reports cannot be copied there: {error.strerror}. "
            "Name another folder: whatworks demo FOLDER"
        ) from error
    readable = {".pdf", ".docx", ".html"}
    names = [sample.name for sample in source.iterdir() if Path(sample.name).suffix in readable]
    return [folder / name for name in sorted(names)]
