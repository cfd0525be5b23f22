"""``whatworks review``: people decide, passage by passage."""

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import WhatworksError
from .classify import language_code
from .projects import AnnotatorOption, ProjectOption, annotator_name, next_line, opened_project

if TYPE_CHECKING:
    from ..labels.project import Project
    from ..labels.review import ReviewSession
    from ..labels.store.queue import Wanted

EPILOG = """\b
Examples:
  whatworks review
  whatworks review --report final.pdf --as ana
  whatworks review --terminal
  whatworks review --terminal --label obstacle
  whatworks review --terminal --state stale
  whatworks review --terminal --adjudicate
"""


class Which(StrEnum):
    """Passages that can be asked for beside those one still has to decide."""

    new = "new"
    suggested = "suggested"
    in_review = "in-review"
    disagreed = "disagreed"
    confirmed = "confirmed"
    stale = "stale"
    unsure = "unsure"


def review(
    terminal: Annotated[
        bool,
        typer.Option("--terminal", help="Review in the terminal instead, also over ssh."),
    ] = False,
    report: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this report."),
    ] = None,
    in_round: Annotated[
        str | None,
        typer.Option("--round", metavar="NAME", help="Only the passages selected for this round."),
    ] = None,
    state: Annotated[
        Which | None,
        typer.Option(
            metavar="|".join(Which),
            show_default="what you still have to decide",
            help="Only passages in this state, also those you have decided; unsure: where you "
            "were unsure.",
        ),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only passages for which this finding type is suggested."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Only passages in this language: en, fr, es or pt."),
    ] = None,
    blind: Annotated[
        bool,
        typer.Option(
            "--blind",
            help="In the terminal: hide each suggestion until you have decided. A blind round "
            "does so anyway.",
        ),
    ] = False,
    adjudicate: Annotated[
        bool,
        typer.Option(
            "--adjudicate",
            help="Settle what others disagree on, with their answers before you. For those whom "
            "whatworks.toml names under 'adjudicators'.",
        ),
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            metavar="NUMBER",
            show_default="8321, or any that is free",
            help="The port of the review in the browser.",
        ),
    ] = None,
    browser: Annotated[
        bool,
        typer.Option("--browser/--no-browser", help="Open the browser, or only tell the address."),
    ] = True,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Listen on this address. On any but your own computer's, people log in: "
            "whatworks user add.",
        ),
    ] = "127.0.0.1",
    proxy: Annotated[
        str,
        typer.Option(
            "--behind-proxy",
            metavar="ADDRESS",
            show_default=False,
            help="The address of a proxy that speaks HTTPS with people and passes on to this app; "
            "they log in.",
        ),
    ] = "",
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            metavar="HOST",
            show_default=False,
            help="The host name under which people come, where they log in; others are refused. "
            "Can be given several times.",
        ),
    ] = None,
    login: Annotated[
        bool, typer.Option("--login", help="Let people log in on your own computer too.")
    ] = False,
    annotator: AnnotatorOption = None,
    project: ProjectOption = None,
) -> None:
    """Confirm or correct suggestions, one passage after another.

    Opens the review in the browser. Every decision is saved at once; the next time the review
    goes on where you stopped. What others decided is not shown. In the review, ? shows the keys.
    """
    _check_usage(state, label, blind=blind, adjudicate=adjudicate)
    code = language_code(language)
    name = annotator_name(annotator)
    if not terminal:
        from .review_browser import review_in_browser

        if blind:
            raise typer.BadParameter(
                "in the browser a round is blind or not; add --terminal.", param_hint="'--blind'"
            )
        review_in_browser(
            project,
            name,
            lambda opened: _wanted(opened, report, in_round, state, label, code, adjudicate, name),
            "/disagreements" if adjudicate else "/review",
            host=host,
            port=port,
            open_browser=browser,
            proxy=proxy,
            names=names or [],
            login=login,
        )
        return
    _check_terminal()
    from ..labels.review import ReviewSession

    with opened_project(project) as opened:
        wanted, hide = _wanted(opened, report, in_round, state, label, code, adjudicate, name)
        if hide and label is not None:
            raise WhatworksError(
                f"The round '{in_round}' is blind: a choice by suggested label would give the "
                "suggestion away. Leave --label out."
            )
        session = ReviewSession(
            opened.store, name, wanted, blind=blind or hide, adjudicates=adjudicate
        )
        _run(session, opened, adjudicate)


def _check_usage(state: Which | None, label: str | None, *, blind: bool, adjudicate: bool) -> None:
    if adjudicate and (state is not None or blind):
        other = "--blind" if blind else "--state"
        raise typer.BadParameter(
            "what is to be settled are the passages on which answers differ; leave this out.",
            param_hint=f"'{other}' with '--adjudicate'",
        )
    if blind and label is not None:
        raise typer.BadParameter(
            "a choice by suggested label gives the suggestion away; leave one of them out.",
            param_hint="'--label' with '--blind'",
        )


def _check_terminal() -> None:
    for what, stream in (("input", sys.stdin), ("output", sys.stdout)):
        if stream is None or not stream.isatty():
            raise WhatworksError(
                f"The review needs a terminal, and standard {what} is none. Run it without a pipe "
                "or a file (over ssh: ssh -t), or review in a spreadsheet: whatworks export "
                "--for-review FILE.xlsx"
            )
    if os.environ.get("TERM") == "dumb":
        raise WhatworksError(
            "This terminal cannot draw a screen (TERM is 'dumb'). Use another one, or review in a "
            "spreadsheet: whatworks export --for-review FILE.xlsx"
        )


def _wanted(
    project: "Project",
    report: str | None,
    in_round: str | None,
    state: Which | None,
    label: str | None,
    language: str | None,
    adjudicate: bool,
    name: str,
) -> tuple["Wanted", bool]:
    """The passages that are asked for, and whether their round is blind."""
    from ..labels.codebook import unknown
    from ..labels.decisions import State
    from ..labels.store.codebooks import current_codebook
    from ..labels.store.queue import Wanted
    from ..labels.store.rounds import open_round
    from ..labels.store.search import find_report_id

    if adjudicate:
        _check_adjudicator(project, name)
        state = Which.disagreed
    states = [State(state.replace("-", " "))] if state and state is not Which.unsure else []
    with project.store.reading() as connection:
        types = current_codebook(connection).codebook.finding_type_ids
        if label is not None and label not in types:
            raise WhatworksError(
                f"{unknown('finding type', label, types)} There are {', '.join(types)}."
            )
        found = None if in_round is None else open_round(connection, in_round)
        wanted = Wanted(
            report_id=None if report is None else find_report_id(connection, report),
            round_id=None if found is None else found.id,
            states=frozenset(states),
            unsure=state is Which.unsure,
            label=label or "",
            language=language or "",
        )
    return wanted, found is not None and found.is_blind


def _check_adjudicator(project: "Project", name: str) -> None:
    policy = project.settings.policy
    if not policy.adjudicates:
        raise WhatworksError(
            f"Under the policy '{policy.name}' nobody settles what others disagree on. Talk about "
            f"it (--state disagreed), or set another policy in {project.settings_file}."
        )
    if not policy.is_adjudicator(name):
        named = ", ".join(policy.adjudicators) or "nobody"
        raise WhatworksError(
            f"'{name}' is no adjudicator of this project; {named} is. Add the name to "
            f"'adjudicators' in {project.settings_file}, or give another one with --as."
        )


def _run(session: "ReviewSession", project: "Project", adjudicate: bool) -> None:
    from .review_terminal import review_in_terminal

    interrupted = False
    if session.current() is not None:
        try:
            review_in_terminal(session, adjudicates=adjudicate)
        except KeyboardInterrupt:
            interrupted = True
    _tell(session, project)
    if interrupted:
        raise typer.Exit(130)


def _tell(session: "ReviewSession", project: "Project") -> None:
    """How far the annotator came, and what comes next."""
    left = session.left_over()
    typer.echo(f"{session.annotator}: {session.decided:,} decided, {left:,} left here.", err=True)
    if left:
        typer.echo("All of it is saved; the same command goes on from here.", err=True)
        return
    typer.echo(next_line(project), err=True)
