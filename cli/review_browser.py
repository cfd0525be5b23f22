"""The review in the browser, begun from the command line."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..nlp.errors import WhatworksError

if TYPE_CHECKING:
    from ..labels.project import Project
    from ..labels.store.queue import Wanted


def review_in_browser(
    given: Path | None,
    annotator: str,
    wanted: Callable[["Project"], tuple["Wanted", bool]],
    page: str,
    *,
    host: str,
    port: int | None,
    open_browser: bool,
    proxy: str,
    names: Sequence[str],
    login: bool,
) -> None:
    """Serves the review until somebody stops it.

    Args:
        given: The project, as the user named it.
        annotator: Who reviews, where nobody logs in.
        wanted: The passages that are asked for, once the project is open.
        page: The page on which they are shown.
        host: The address to listen on.
        port: None is any.
        open_browser: Whether to open it.
        proxy: The address of a proxy before it.
        names: Host names to answer to.
        login: Whether people log in on this computer too.
    """
    from .web.server import serve

    def first_page(project: "Project") -> str:
        found, is_blind = wanted(project)
        if is_blind and found.label:
            raise WhatworksError(
                "The round is blind: a choice by suggested label would give the suggestion away. "
                "Leave --label out."
            )
        return page + _query(found) if page == "/review" else page

    serve(
        given,
        annotator,
        host=host,
        port=port,
        open_browser=open_browser,
        proxy=proxy,
        names=names,
        login=login,
        first_page=first_page,
        tell=lambda line: typer.echo(line, err=line.startswith("Note: ")),
    )


def _query(wanted: "Wanted") -> str:
    """What is asked for, as the address of the review says it."""
    from ..labels.decisions import State
    from ..labels.worklist import Show, View
    from .web.views import query_of

    shows = {State.STALE: Show.STALE, State.DISAGREED: Show.DISAGREED}
    show = Show.UNSURE if wanted.unsure else Show.OPEN
    for state in wanted.states:
        if state not in shows:
            raise typer.BadParameter(
                f"passages that are {state} can be gone through in the terminal: add --terminal.",
                param_hint="'--state'",
            )
        show = shows[state]
    return query_of(
        View(
            report_id=wanted.report_id,
            round_id=wanted.round_id,
            label=wanted.label,
            language=wanted.language,
            show=show,
        )
    )
