"""``whatworks models``: the project's models, which one suggests, and models of other offices."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .prelabel import tell_unused_encoder
from .projects import ProjectOption, opened_project

if TYPE_CHECKING:
    from ..labels.project import Project
    from ..labels.store.codebooks import StoredCodebook

app = typer.Typer(
    help="List, choose, export and import models.",
    no_args_is_help=True,
    epilog="\b\nExamples:\n  whatworks models list\n  whatworks models use models/heads-2\n"
    "  whatworks models export models/heads-2 to-send/",
)

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        show_default=False,
        help="'starter', or a model of the project as 'whatworks models list' names it.",
    ),
]


@app.command("list", epilog="Example: whatworks models list")
def list_(project: ProjectOption = None) -> None:
    """List the starter model and the project's own, the newest last.

    What each learned from, how it compares, which one suggests, and what it does not know of the
    codebook. A folder that is no whole model is listed with what is wrong.
    """
    from ..models.registry import kept_models
    from .models_pages import models_page

    with opened_project(project) as opened:
        typer.echo(models_page(kept_models(opened), _codebook(opened)))


@app.command(
    epilog="\b\nExamples:\n  whatworks models show\n  whatworks models show models/heads-2\n"
    "  whatworks models show starter --json | jq .thresholds"
)
def show(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            show_default="the one in use",
            help="'starter', or a model of the project as 'whatworks models list' names it.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    project: ProjectOption = None,
) -> None:
    """Show what a model was made from, its thresholds, scores and card."""
    import json

    from ..models.registry import find_model
    from .models_pages import model_facts, model_page

    with opened_project(project) as opened:
        found = find_model(opened, name or opened.settings.model)
        if as_json:
            typer.echo(json.dumps(model_facts(found), ensure_ascii=False, indent=2))
        else:
            typer.echo(model_page(found, _codebook(opened)))


@app.command(
    epilog="\b\nExamples:\n  whatworks models use models/heads-2\n  whatworks models use starter"
)
def use(name: NameArgument, project: ProjectOption = None) -> None:
    """Let a model suggest from now on.

    It is tried first, then put into whatworks.toml. Suggestions are made by the next
    'whatworks prelabel'; decisions stay as they are.
    """
    from ..labels.settings import use_model
    from ..models.folder import STARTER
    from ..models.registry import find_model, try_model, unlearned
    from .models_pages import unlearned_lines

    with opened_project(project) as opened:
        found = find_model(opened, name)
        model = found.whole()
        missing = unlearned(model, _codebook(opened))
        before = opened.settings.model
        if found.in_use:
            typer.echo(f"{found.name} is in use already. Next: whatworks prelabel")
            return
        try_model(model)
        use_model(opened.settings_file, found.name)
        for line in unlearned_lines(missing):
            typer.echo(f"Note: {line}", err=True)
        if found.name != STARTER:
            tell_unused_encoder(opened, model)
        typer.echo(f"{found.name} suggests from now on. Next: whatworks prelabel")
        typer.echo(f"To go back: whatworks models use {before}")


@app.command(epilog="Example: whatworks models compare models/heads-2 starter labelled.xlsx")
def compare(
    first: NameArgument,
    second: NameArgument,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="Labelled passages that neither has learned from: CSV, TSV, XLSX or JSONL with "
            "the columns 'text' and 'labels', or a filled-in workbook of whatworks export.",
        ),
    ],
    project: ProjectOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bar and no notes.")
    ] = False,
) -> None:
    """Set two models side by side on the same labelled passages.

    As 'whatworks evaluate FILE --model FIRST --against SECOND', which also writes pages.
    """
    from ..models.folder import STARTER
    from ..models.registry import find_model
    from .evaluate import evaluate

    with opened_project(project) as opened:
        names = []
        for name in (first, second):
            found = find_model(opened, name)
            found.whole()
            names.append(name if name == STARTER else str(found.folder))
    evaluate(file, against=names[1], model=names[0], project=project, quiet=quiet)


@app.command(epilog="Example: whatworks models export models/heads-2 to-send/")
def export(
    name: NameArgument,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", show_default=False, help="A new folder for the model."),
    ],
    project: ProjectOption = None,
) -> None:
    """Write a model with its encoder to a folder that needs nothing else.

    For another office ('whatworks models import'), for an archive, or for other programs: its
    encoder is a plain sentence-transformers folder. No passage and no decision is in it.
    """
    from ..models.exchange import export_model
    from ..models.registry import find_model

    with opened_project(project) as opened:
        found = find_model(opened, name)
        export_model(found.whole(), found.folder, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    typer.echo(f"Wrote {found.name} to {folder} ({size / 1e6:,.0f} MB).")
    typer.echo("Its licence and what others should know stand in README.md there: look it through.")


@app.command(
    "import",
    epilog="\b\nExamples:\n  whatworks models import ~/Downloads/office-model\n"
    "  whatworks models import /media/usb/model --name office-2026",
)
def import_(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", show_default=False, help="The folder of a model."),
    ],
    name: Annotated[
        str,
        typer.Option(
            metavar="NAME", show_default="as the folder", help="What to call it in this project."
        ),
    ] = "",
    project: ProjectOption = None,
) -> None:
    """Take over a model of another office, once it was looked through.

    Only settings, texts and plain weights are taken over; code, and files that might run code
    when they are read, are refused by name. Nothing changes until it is used.
    """
    from ..models.exchange import import_model

    with opened_project(project) as opened:
        made = import_model(folder, opened.folder, name)
        where = made.relative_to(opened.folder).as_posix()
    typer.echo(f"Took over {where}. To let it suggest from now on: whatworks models use {where}")


def _codebook(project: "Project") -> "StoredCodebook":
    from ..labels.store.codebooks import current_codebook

    with project.store.reading() as connection:
        return current_codebook(connection)
