"""After a round: the heads learn from it, and every passage is suggested anew."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ..labels.project import Project


def learn(project: "Project", *, quiet: bool) -> None:
    """Refits the heads, puts them to work, and suggests by stored vectors; says what it did.

    A model whose encoder was tuned stays: heads on the untuned one would be a step back.

    Raises:
        WhatworksError: the model cannot be loaded or written.
    """
    from ..labels.settings import use_model
    from ..labels.store.confirmed import finding_types_to_learn_from
    from ..models.folder import STARTER, load_model
    from ..training.own_tuned import NAME as TUNED
    from .round_making import suggested_ground
    from .train import train_model

    in_use = project.settings.model
    if in_use != STARTER and load_model(project.folder / in_use).name == TUNED:
        typer.echo(
            f"{in_use} was tuned, and stays in use: to let it learn from this round: whatworks "
            "train --fine-tune --use && whatworks prelabel"
        )
        return
    with project.store.reading() as connection:
        if not finding_types_to_learn_from(connection):
            typer.echo("Nothing is confirmed outside of the audit sample: nothing to learn yet.")
            return
    made, _ = train_model(project, quiet=quiet)
    where = made.folder.relative_to(project.folder).as_posix()
    use_model(project.settings_file, where)
    suggested_ground(project, model=str(made.folder), quiet=True)
    if where == in_use:
        typer.echo(f"{where} has learned just this already, and goes on suggesting.")
        return
    typer.echo(
        f"{where} has learned from {made.passages:,} confirmed passages and suggests from now on. "
        f"To go back: whatworks models use {in_use}"
    )
