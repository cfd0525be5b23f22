"""``whatworks train``: the project's own model, from what people confirmed."""

import math
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import WhatworksError
from .projects import ProjectOption, opened_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..labels.project import Project
    from ..training.comparing import Comparison
    from ..training.own import Trained

EPILOG = """\b
Examples:
  whatworks train
  whatworks train --use && whatworks prelabel
  whatworks train --fine-tune
"""


def train(
    use: Annotated[
        bool,
        typer.Option(
            "--use", help="Let the new model suggest from now on: it is put into whatworks.toml."
        ),
    ] = False,
    fine_tune: Annotated[
        bool,
        typer.Option(
            "--fine-tune",
            help="Tune the encoder as well: minutes instead of seconds, for some hundred confirmed "
            "passages or more.",
        ),
    ] = False,
    project: ProjectOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bar and no notes.")
    ] = False,
) -> None:
    """Make a model of the project's own from what people confirmed.

    Takes seconds: the encoder stays as it is, and its heads are fitted anew, beginning with what
    the model knew before. With --fine-tune the encoder learns as well, which takes minutes; a run
    that was broken off goes on where it was. Says how much better the new one is on reports that it
    has not seen. Nothing changes until it is used.
    """
    from ..labels.settings import use_model

    with opened_project(project) as opened:
        made, comparison = _train(opened, fine_tune=fine_tune, quiet=quiet)
        typer.echo(f"Learned from {_count(made.passages, 'confirmed passage')} of "
                   f"{_count(made.reports, 'report')}.")  # fmt: skip
        if made.is_new or not fine_tune:
            _tell(comparison, tuned=fine_tune)
        where = made.folder.relative_to(opened.folder).as_posix()
        what = f"Made {where}." if made.is_new else f"{where} has learned just this already."
        if use:
            use_model(opened.settings_file, where)
            typer.echo(f"{what} It suggests from now on. Next: whatworks prelabel")
        else:
            typer.echo(f"{what} To let it suggest from now on: whatworks models use {where}")


def _train(
    project: "Project", *, fine_tune: bool, quiet: bool
) -> tuple["Trained", "Comparison | None"]:
    from ..labels.store.codebooks import current_codebook
    from ..labels.store.confirmed import passages_to_learn_from
    from ..training.finetune import FineTuning, epochs_for
    from ..training.own import base_of, confirmed_examples, train_heads
    from ..training.own_tuned import train_tuned
    from .prelabel import project_suggester
    from .progress import counting, stages
    from .run import cache_warnings

    with project.store.reading() as connection:
        codebook = current_codebook(connection)
        examples = confirmed_examples(passages_to_learn_from(connection), codebook.codebook)
    if not examples:
        raise WhatworksError(
            "Nothing is confirmed yet, so there is nothing to learn from; the audit sample is kept "
            "apart. Confirm passages first: whatworks review"
        )
    base = base_of(project)
    suggester, known = project_suggester(
        project, codebook.codebook, model=base, to_learn=True, quiet=quiet
    )
    given = (project.folder, suggester, known, codebook, base, examples)
    if fine_tune:
        with stages(
            {"trial": "Trial on most reports", "model": "Model on all reports"}, quiet=quiet
        ) as on_step:
            found = train_tuned(
                *given,
                config=FineTuning(epochs=epochs_for(len(examples))),
                on_step=on_step,
                tell=_note(quiet=quiet),
            )
    else:
        with counting("Passages", quiet=quiet) as on_progress:
            found = train_heads(*given, on_progress=on_progress)
    for warning in cache_warnings(suggester):
        typer.echo(f"Warning: {warning}", err=True)
    return found


def _note(*, quiet: bool) -> "Callable[[str], None]":
    def tell(text: str) -> None:
        if not quiet:
            typer.echo(f"Note: {text}", err=True)

    return tell


def _tell(comparison: "Comparison | None", *, tuned: bool) -> None:
    if comparison is None:
        typer.echo(
            "How good it is cannot be told yet: that takes confirmed passages of two reports, one "
            "to learn from and one to look at."
        )
        return
    before, after = comparison.before, comparison.after
    typer.echo("On reports that it had not learned from:        before   after")
    for words, first, second in (
        ("finding types, micro F1", before.micro_f1, after.micro_f1),
        ("finding types, macro F1", before.macro_f1, after.macro_f1),
        ("first finding type right", before.dominant_accuracy, after.dominant_accuracy),
        ("theme right", before.theme_at_1, after.theme_at_1),
        ("theme among the first three", before.theme_at_3, after.theme_at_3),
        ("error of the probabilities", before.calibration_error, after.calibration_error),
    ):
        if not (math.isnan(first) or math.isnan(second)):
            typer.echo(f"  {words:43}{first:8.3f}{second:8.3f}")
    low, high = comparison.interval
    verdict = "better" if comparison.is_better else "worse" if high < 0 else "no clear difference"
    typer.echo(
        f"Micro F1 {comparison.difference:+.3f}, 95% interval {low:+.3f} to {high:+.3f} over "
        f"{_count(after.reports, 'report')}: {verdict}."
    )
    if tuned:
        typer.echo("These reports also said when to stop, which flatters it a little.")
    typer.echo(
        "People saw the suggestions of the model before, which flatters it. What they confirmed is "
        "no random sample either: these are no figures to report."
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
