"""``whatworks prelabel``: suggestions for the passages of the project."""

from typing import TYPE_CHECKING, Annotated

import typer

from .classify import make_suggester
from .projects import ProjectOption, next_line, opened_project

if TYPE_CHECKING:
    from ..labels.codebook import Codebook
    from ..labels.project import Project
    from ..models.folder import Model
    from ..models.known_codes import KnownCodes
    from ..models.suggester import EncoderSuggester

EPILOG = """\b
Examples:
  whatworks prelabel
  whatworks prelabel --report final.pdf
  whatworks prelabel --model models/round-3
"""


def prelabel(
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="that of whatworks.toml",
            help="'starter', or a model folder saved by whatworks.",
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="that of whatworks.toml",
            help="'bundled', or another sentence-transformers folder or hub id: the heads are "
            "fitted anew for it, once, on the starter corpus.",
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(metavar="NAME", show_default="all", help="Only the passages of this report."),
    ] = None,
    project: ProjectOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bar, no notes and no summary.")
    ] = False,
) -> None:
    """Suggest finding types and themes for passages that have none.

    Passages that the same model has seen under the same codebook are left alone, so a run that
    was broken off goes on from there. Suggestions are confirmed by people, never by themselves.
    """
    with opened_project(project) as opened:
        try:
            _prelabel(opened, model, encoder, report, quiet=quiet)
        except KeyboardInterrupt:
            typer.echo(
                "Interrupted. What was suggested so far is stored; the same command goes on from "
                "there.",
                err=True,
            )
            raise typer.Exit(130) from None


def _prelabel(
    project: "Project", model: str | None, encoder: str | None, report: str | None, *, quiet: bool
) -> None:
    from ..labels.store.codebooks import current_codebook
    from ..labels.store.search import find_report_id
    from ..models.prelabel import model_info
    from ..models.prelabel import prelabel as prelabel_passages
    from .progress import counting
    from .run import cache_warnings

    with project.store.reading() as connection:
        codebook = current_codebook(connection)
        report_id = None if report is None else find_report_id(connection, report)
    suggester, known = project_suggester(
        project, codebook.codebook, model=model, encoder=encoder, quiet=quiet
    )
    info = model_info(suggester.model, suggester.encoder.name)
    if known.unknown and not quiet:
        typer.echo(
            f"Note: the model {info.name} never learned {', '.join(known.unknown)} and does not "
            "suggest it.",
            err=True,
        )
    with counting("Passages", quiet=quiet) as on_progress:
        done = prelabel_passages(
            project.store,
            suggester,
            known,
            info,
            codebook.id,
            report_id=report_id,
            on_progress=on_progress,
        )
    for warning in cache_warnings(suggester):
        typer.echo(f"Warning: {warning}", err=True)
    if done.suggested:
        passages = "1 passage" if done.suggested == 1 else f"{done.suggested:,} passages"
        typer.echo(
            f"Suggested for {passages} by {info.name}: {done.labelled:,} with a finding type."
        )
    else:
        typer.echo(
            f"Nothing to do: every passage has a suggestion by {info.name} under codebook "
            f"version {codebook.number}."
        )
    if not quiet:
        typer.echo(next_line(project), err=True)


def project_suggester(
    project: "Project",
    codebook: "Codebook",
    *,
    model: str | None = None,
    encoder: str | None = None,
    to_learn: bool = False,
    quiet: bool = False,
) -> tuple["EncoderSuggester", "KnownCodes"]:
    """What suggests in a project, and how much of the codebook its model knows.

    Args:
        project: Its settings name the model and the encoder.
        codebook: The project's.
        model: In place of that of the settings.
        encoder: In place of that of the settings, which counts for the starter alone.
        to_learn: Whether another model is made from it, which need not know the codebook.
        quiet: Says nothing of what takes long.

    Raises:
        WhatworksError: the model cannot be loaded, or knows nothing of the codebook.
    """
    from ..models.folder import STARTER, load_model
    from ..models.known_codes import known_codes

    name = model or project.settings.model
    # In the settings a folder is seen from the project, on the command line from here.
    if model is None and name != STARTER:
        name = str(project.folder / name)
    loaded = load_model(name)
    known = known_codes(
        codebook, loaded.heads.finding_types, loaded.heads.themes, to_learn=to_learn
    )
    if encoder is None and name == STARTER:
        encoder = _encoder(project)
    elif encoder is None and not quiet:
        tell_unused_encoder(project, loaded)
    suggester = make_suggester(
        name,
        encoder,
        known.codebook,
        # The project's own models are made from it, and will want them.
        learns=name == STARTER,
        quiet=quiet,
    )
    return suggester, known


def tell_unused_encoder(project: "Project", model: "Model") -> None:
    """Says so where the settings name another encoder than a model's own."""
    if _encoder(project) not in ("", model.encoder):
        typer.echo(
            f"Note: {project.settings_file} names the encoder '{project.settings.encoder}'. That "
            f"is for the starter; {model.name} {model.version} reads with its own.",
            err=True,
        )


def _encoder(project: "Project") -> str:
    """The encoder that the settings name for the starter, '' for its own."""
    name = project.settings.encoder
    own = project.folder / name
    return str(own) if name and own.is_dir() else name
