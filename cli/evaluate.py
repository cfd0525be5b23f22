"""``whatworks evaluate``: how good the suggestions are, and how sure that is."""

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import WhatworksError
from .evaluate_inputs import Measured, measured_passages, model_ground
from .projects import ProjectOption, opened_project

if TYPE_CHECKING:
    from ..labels.codebook import Codebook
    from ..labels.project import Project
    from ..training.assessing.assessment import Assessment, Wanted

EPILOG = """\b
Examples:
  whatworks evaluate
  whatworks evaluate --by theme --by report -o evaluation.html -o evaluation.json
  whatworks evaluate --audit
  whatworks evaluate labelled.xlsx
  whatworks evaluate labelled.csv --against models/heads-2
  whatworks evaluate --doubtful 50 -o doubtful.xlsx
"""


class By(StrEnum):
    """A longer table."""

    report = "report"
    theme = "theme"
    language = "language"


def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            show_default="the confirmed passages of the project",
            help="Labelled passages: CSV, TSV, XLSX or JSONL with the columns 'text' and 'labels', "
            "or a filled-in workbook of whatworks export.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", show_default="none", help="Another model, tested on the same passages."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="that of the project, else 'starter'",
            help="'starter', or a model folder saved by whatworks.",
        ),
    ] = None,
    codebook: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="that of the project, else ilo-social-protection",
            help="What the labels of FILE are from: a shipped codebook, or a YAML file.",
        ),
    ] = None,
    by: Annotated[
        list[By] | None,
        typer.Option(
            "--by",
            metavar="WHAT",
            help="Also show scores by report, theme or language. May be repeated.",
        ),
    ] = None,
    doubtful: Annotated[
        int,
        typer.Option(
            min=0, metavar="NUMBER", help="List so many labels that deserve a second look."
        ),
    ] = 0,
    audit: Annotated[
        bool,
        typer.Option(
            "--audit",
            help="By the audit sample, which nothing learned from: figures to report. See: "
            "whatworks round audit",
        ),
    ] = False,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Result file: .html, .json; of doubtful labels also .csv, .xlsx. May be repeated.",
        ),
    ] = None,
    project: ProjectOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bar and no notes.")
    ] = False,
) -> None:
    """Measure how good the suggestions are, and how sure that is.

    In a project: on what people confirmed, each report by heads that learned from the others.
    With --audit: on the audit sample, as the models suggested when they were at work.
    With FILE: the model as it is, on the labels in the file. Scores come with 95% intervals.
    """
    from ..training.assessing.assessment import Wanted
    from .evaluate_files import check_outputs
    from .evaluate_text import doubtful_text, evaluation_text
    from .evaluate_words import code_names

    outputs = output or []
    if audit:
        if any([file, against, model, codebook, by, doubtful]):
            raise typer.BadParameter("--audit goes with -o FILE.json and --project alone.")
        _audit(project, outputs, quiet=quiet)
        return
    check_outputs(outputs, doubtful=bool(doubtful))
    if file is None and codebook is not None:
        raise typer.BadParameter("--codebook goes with FILE: a project has its own codebook.")
    with ExitStack() as closing:
        opened = _project(project, closing, needed=file is None)
        measured = measured_passages(opened, file, codebook, model, against)
        if not quiet:
            for note in measured.labelled.notes:
                typer.echo(f"Note: {note}", err=True)
        if file is None and not quiet:
            _note_audit(opened)
        files = any(one.suffix.lower() in (".json", ".html") for one in outputs)
        wanted = Wanted(files, files or By.language in (by or []), doubtful)
        found = _assess(opened, measured, model, against, wanted, quiet=quiet)
    names = code_names(measured.codebook)
    if doubtful:
        typer.echo(doubtful_text(found.doubtful, names), nl=False)
    else:
        typer.echo(evaluation_text(found, names, [str(one) for one in by or []]), nl=False)
    _write(outputs, found, measured.codebook, names, quiet=quiet)


def _audit(given: Path | None, outputs: list[Path], *, quiet: bool) -> None:
    import json

    from ..labels.store.audit_scores import audit_figures
    from ..labels.store.codebooks import current_codebook
    from .audit_figures import audit_facts, audit_page
    from .evaluate_files import TextFile

    if any(one.suffix.lower() != ".json" for one in outputs):
        raise typer.BadParameter("--audit writes .json files.")
    with opened_project(given) as project, project.store.reading() as connection:
        codebook = current_codebook(connection).codebook
        found = audit_figures(connection, codebook)
    if found is None:
        raise WhatworksError(
            "There is no audit sample yet. Draw it with: whatworks round audit --size NUMBER"
        )
    if not found.audited.ids:
        raise WhatworksError(
            "No passage of the audit sample is confirmed yet. Read it first: whatworks review"
        )
    typer.echo(audit_page(found, codebook), nl=False)
    for path in outputs:
        with TextFile(path) as file:
            file.write(json.dumps(audit_facts(found), ensure_ascii=False, indent=2) + "\n")
        if not quiet:
            typer.echo(f"Wrote {path}", err=True)


def _note_audit(project: "Project | None") -> None:
    from ..labels.store.kept_apart import kept_apart

    assert project is not None
    with project.store.reading() as connection:
        count = len(kept_apart(connection))
    if count:
        typer.echo(
            f"Note: {count:,} passages of the audit sample are left out here. Figures to report "
            "come from them: whatworks evaluate --audit",
            err=True,
        )


def _project(given: Path | None, closing: ExitStack, *, needed: bool) -> "Project | None":
    from ..labels.project import find_project

    if given is None:
        try:
            find_project()
        except WhatworksError:
            if not needed:
                return None
            raise WhatworksError(
                "There is nothing to measure on: no project here or above, and no file was given. "
                "Go to a project's folder, name it with --project DIR, or give labelled passages: "
                "whatworks evaluate FILE"
            ) from None
    return closing.enter_context(opened_project(given))


def _assess(
    project: "Project | None",
    measured: Measured,
    model: str | None,
    against: str | None,
    wanted: "Wanted",
    *,
    quiet: bool,
) -> "Assessment":
    from ..training.assessing.assessment import assess
    from ..training.own import base_of

    if not measured.labelled.file and model is None and project is not None:
        # Its own model has learned from these passages.
        model = base_of(project)
    ground, name = model_ground(project, measured, model, quiet=quiet)
    other = None
    if against is not None:
        second, called = model_ground(project, measured, against, quiet=quiet)
        # Two models may bear the same name: then the folder tells them apart.
        other = (called if called != name else f"{called} ({against})", second.as_it_is())
    return assess(
        measured.labelled,
        ground,
        name,
        measured.codebook_name,
        refitted=measured.refitted,
        against=other,
        wanted=wanted,
    )


def _write(
    outputs: list[Path],
    found: "Assessment",
    codebook: "Codebook",
    names: dict[str, str],
    *,
    quiet: bool,
) -> None:
    from .evaluate_files import TextFile, evaluation_json, write_doubtful
    from .evaluate_page import evaluation_page

    failures = []
    for path in outputs:
        try:
            if path.suffix.lower() in (".csv", ".xlsx"):
                write_doubtful(path, found, codebook, names)
            else:
                is_page = path.suffix.lower() == ".html"
                text = evaluation_page(found, codebook) if is_page else evaluation_json(found)
                with TextFile(path) as file:
                    file.write(text)
        except WhatworksError as error:
            # The others are written all the same.
            failures.append(str(error))
            continue
        if not quiet:
            typer.echo(f"Wrote {path}", err=True)
    if failures:
        raise WhatworksError("\n  ".join(failures))
