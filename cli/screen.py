"""``whatworks screen``: which evaluations are taken into the synthesis, and why."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .projects import AnnotatorOption, ProjectOption, annotator_name, opened_project
from .screen_parts import MarkArgument, MarksArgument, Screens, say, tell_recorded

if TYPE_CHECKING:
    from ..labels.screening import Screening

app = typer.Typer(
    help="Decide which evaluations are taken in, and appraise them.",
    no_args_is_help=True,
    epilog="\b\nExamples:\n  whatworks screen list --state open\n"
    "  whatworks screen decide E12 E14 exclude --reason outside-scope\n"
    "  whatworks screen appraise E3 --answer complete=yes --answer relevant=partly\n"
    "  whatworks screen flow",
)


@app.command(
    "list",
    epilog="\b\nExamples:\n  whatworks screen list --state open --state conflict\n"
    "  whatworks screen list --to-do --as Ana",
)
def list_(
    state: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATE",
            show_default="all",
            help="Only evaluations that are open, included, excluded, possible, superseded or in "
            "conflict. May be repeated.",
        ),
    ] = None,
    to_do: Annotated[
        bool, typer.Option("--to-do", help="Only those that you have still to screen.")
    ] = False,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """List the evaluations of the register and where each stands."""
    from .screen_pages import list_page

    states = _states(state or [])
    with opened_project(project) as opened, opened.store.reading() as connection:
        screens = Screens.read(connection, opened.settings.screening)
        name = annotator_name(annotator) if to_do else ""
    shown = [
        one
        for one in screens.evaluations
        if (not states or screens.screened[one.id].state in states)
        and (not to_do or screens.waits_for(one, name))
    ]
    if not screens.evaluations:
        say(
            "The register lists no evaluation. Bring in a list with: whatworks register import FILE"
        )
    elif not shown:
        say("There is no such evaluation.")
    else:
        say(list_page(screens.plan, shown, screens.screened))


@app.command(
    epilog="\b\nExamples:\n  whatworks screen decide E3 include --reason social-protection\n"
    "  whatworks screen decide E12 E14 exclude --reason outside-scope --as Ana\n"
    "  whatworks screen decide E7 exclude --settle --note 'We talked it over'"
)
def decide(
    marks: MarksArgument,
    verdict: Annotated[
        str,
        typer.Argument(
            metavar="include|exclude|possible",
            show_default=False,
            help="Taken in, left out, or put off.",
        ),
    ],
    reason: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="Short name of a reason in whatworks.toml. May be repeated: the one that stands "
            "first there is counted in the flow.",
        ),
    ] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What others should know.")] = "",
    settle: Annotated[
        bool, typer.Option("--settle", help="Settle a conflict: this holds, whatever others said.")
    ] = False,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Say of evaluations that they are taken in, left out, or put off.

    Nothing is overwritten: what you said before stays in the log, and your last word counts.
    """
    from ..labels.screening_rules import Said
    from ..labels.screening_words import verdict_of
    from ..labels.store.screening import screen

    said = Said(annotator_name(annotator), verdict_of(verdict), tuple(reason or ()), note, settle)
    with opened_project(project) as opened:
        plan = opened.settings.screening
        with opened.store.reading() as connection:
            before = Screens.read(connection, plan)
        chosen = before.find(marks)
        new = screen(opened.store, plan, [(one.id, said) for one in chosen])
        tell_recorded(opened, before, chosen, new)
    if said.verdict == "exclude" and not said.reasons and plan.criteria_for("exclude"):
        names = ", ".join(one.id for one in plan.criteria_for("exclude"))
        typer.echo(f"Note: no reason was given. There are {names}.", err=True)


@app.command(epilog="Example: whatworks screen undo E12 --as Ana")
def undo(
    mark: MarkArgument, annotator: AnnotatorOption = None, project: ProjectOption = None
) -> None:
    """Take back what you last said of an evaluation.

    A settlement first, then your verdict.
    """
    from ..labels.store.screening import take_back

    name = annotator_name(annotator)
    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            before = Screens.read(connection, opened.settings.screening)
        (chosen,) = before.find([mark])
        gone = take_back(opened.store, chosen.id, name)
        say(f"Taken back: {gone.screener} {'settled' if gone.settles else 'said'} {gone.verdict}.")
        tell_recorded(opened, before, [chosen], [True])


@app.command(
    epilog="\b\nExamples:\n"
    "  whatworks screen appraise E3 --answer complete=yes --answer evidence=partly\n"
    "  whatworks screen appraise E3 --answer complete= --as Ana"
)
def appraise(
    mark: MarkArgument,
    answer: Annotated[
        list[str],
        typer.Option(
            metavar="ITEM=ANSWER",
            show_default=False,
            help="An item of the checklist in whatworks.toml, or the beginning of its name, and "
            "yes, partly or no; nothing takes the answer back. May be repeated.",
        ),
    ],
    note: Annotated[str, typer.Option(metavar="TEXT", help="What others should know.")] = "",
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Say how good the report of an evaluation is, by the checklist."""
    from ..labels.screening import Appraised
    from ..labels.store.appraisals import appraise, appraised

    given = dict(_answer(one) for one in answer)
    said = Appraised(annotator_name(annotator), given, note)
    with opened_project(project) as opened:
        plan = opened.settings.screening
        with opened.store.reading() as connection:
            (chosen,) = Screens.read(connection, plan).find([mark])
        (is_new,) = appraise(opened.store, plan, [(chosen.id, said)])
        with opened.store.reading() as connection:
            holds = appraised(connection, [chosen])[chosen.id]
    items = ", ".join(f"{item} {one}" for item, one in holds.items()) or "no answers"
    say(f"{chosen.mark}: {items}." + ("" if is_new else " You had said so already."))


@app.command(
    "import",
    epilog="\b\nExamples:\n  whatworks screen import screening.xlsx --dry-run\n"
    "  whatworks screen import ben.csv --as Ben",
)
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A list, .xlsx or .csv.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be stored, and what is wrong.")
    ] = False,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Take verdicts and appraisals from a spreadsheet.

    All rows, or none where one is wrong.

    Columns, in any order and in four languages: mark, symbol or title; verdict, reasons (with ';'
    between), note, screener (else you), settles; and one for each item of the checklist. Rows
    without a verdict and without answers are left for later.
    """
    from .screen_import import check, summary, take

    name = annotator_name(annotator)
    with opened_project(project) as opened:
        plan = opened.settings.screening
        with opened.store.reading() as connection:
            before = Screens.read(connection, plan)
            found = check(connection, file, before, name)
        if found.left_out:
            columns = ", ".join(f"'{one}'" for one in found.left_out)
            typer.echo(f"Note: these columns are left out: {columns}.", err=True)
        say(summary(found))
        if dry_run:
            say("Nothing was stored.")
            return
        take(opened, before, found)


@app.command(epilog="Example: whatworks screen show E12")
def show(mark: MarkArgument, project: ProjectOption = None) -> None:
    """Show where an evaluation stands, and who said what when.

    With two screeners: screen it first, then look at what the other said.
    """
    from ..labels.store.appraisals import appraisal_log
    from .screen_pages import show_page

    with opened_project(project) as opened, opened.store.reading() as connection:
        screens = Screens.read(connection, opened.settings.screening)
        (chosen,) = screens.find([mark])
        quality = appraisal_log(connection).get(chosen.id, [])
    said = screens.log.get(chosen.id, [])
    say(show_page(chosen, screens.screened[chosen.id], screens.plan, said, quality))


@app.command(
    epilog="\b\nExamples:\n  whatworks screen flow\n  whatworks screen flow -o flow.csv",
)
def flow(
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Also write it here, as .csv. May be repeated."
        ),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Show how many evaluations went which way, and why.

    Identified, screened, excluded by reason, included: after PRISMA 2020. Where two people
    screened, also how far they agree.
    """
    from ..labels.exchange.screening import write_flow
    from ..labels.screening import flow as flow_of
    from ..labels.screening_agreement import agreement
    from .screen_pages import flow_page

    with opened_project(project) as opened, opened.store.reading() as connection:
        screens = Screens.read(connection, opened.settings.screening)
    found = flow_of(
        screens.plan, screens.evaluations, screens.screened, is_screened=screens.is_begun
    )
    for path in output or []:
        write_flow(path, found)
        typer.echo(f"Written: {path}", err=True)
    say(flow_page(found, agreement(screens.listed_log())))


def _states(given: Sequence[str]) -> "set[Screening]":
    from ..labels.codebook import unknown
    from ..labels.screening import Screening

    known = {str(state): state for state in Screening}
    for one in given:
        if one.strip().lower() not in known:
            raise typer.BadParameter(
                f"{unknown('state', one, known)} There are {', '.join(known)}."
            )
    return {known[one.strip().lower()] for one in given}


def _answer(given: str) -> tuple[str, str]:
    item, equals, answer = given.partition("=")
    if not equals:
        raise typer.BadParameter(f"'{given}' is no answer. Write ITEM=ANSWER, such as complete=yes")
    return item.strip(), answer.strip()
