"""What the commands of ``whatworks screen`` have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..labels.project import Project
    from ..labels.register import Evaluation
    from ..labels.screening import Screened, ScreeningPlan
    from ..labels.screening_rules import Said

MarkArgument = Annotated[
    str,
    typer.Argument(
        metavar="MARK",
        show_default=False,
        help="An evaluation: its mark, such as E12, its symbol, its report's name or its title.",
    ),
]
MarksArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="MARK",
        show_default=False,
        help="Evaluations: marks, such as E12, symbols, reports' names or titles.",
    ),
]


@dataclass(frozen=True, slots=True)
class Screens:
    """The register and how it was screened, at one time."""

    plan: "ScreeningPlan"
    evaluations: "Sequence[Evaluation]"
    """Those on the list, by number."""
    screened: "Mapping[int, Screened]"
    log: "Mapping[int, Sequence[Said]]"

    @classmethod
    def read(cls, connection: "Connection", plan: "ScreeningPlan") -> "Screens":
        """As they stand in the store."""
        from ..labels.store.register import evaluations
        from ..labels.store.screening import screened, screening_log

        listed = evaluations(connection)
        log = screening_log(connection)
        return cls(plan, listed, screened(connection, plan, listed), log)

    @property
    def is_begun(self) -> bool:
        """Whether somebody's verdict holds: only then anything is left out for want of one."""
        from ..labels.screening_rules import is_begun

        return is_begun(self.log)

    def find(self, marks: "Iterable[str]") -> "list[Evaluation]":
        """The evaluations that are meant, each once; raises WhatworksError for unknown ones."""
        from ..labels.register_names import named

        found = [named(one, self.evaluations) for one in marks]
        return list({one.id: one for one in found}.values())

    @property
    def screeners(self) -> list[str]:
        """Everybody who ever screened, each once."""
        return list(dict.fromkeys(one.screener for said in self.log.values() for one in said))

    def listed_log(self) -> "dict[int, Sequence[Said]]":
        """The log of the evaluations that are on the list."""
        return {one.id: self.log.get(one.id, ()) for one in self.evaluations}

    def waits_for(self, one: "Evaluation", name: str) -> bool:
        """Whether this person has still to screen it."""
        from ..labels.resolution import name_key
        from ..labels.screening import Screening

        found = self.screened[one.id]
        said = name_key(name) in map(name_key, found.screeners)
        return (found.state is Screening.OPEN or not self.is_begun) and not said


def tell_recorded(
    project: "Project", before: Screens, chosen: "Sequence[Evaluation]", new: Sequence[bool]
) -> None:
    """Prints where evaluations stand since, and what follows."""
    from .screen_pages import list_page

    with project.store.reading() as connection:
        now = Screens.read(connection, before.plan)
    say(list_page(now.plan, chosen, now.screened))
    if not all(new):
        _note(f"{new.count(False):,} of these you had said already: nothing new was stored there.")
    tell_following(project, before)


def tell_following(project: "Project", before: Screens) -> None:
    """Prints on standard error what follows from what was stored since ``before``."""
    from ..labels.screening import Screening
    from ..labels.store.confirmed import coverage

    with project.store.reading() as connection:
        now = Screens.read(connection, before.plan)
        confirmed = {report: one.confirmed for report, one in coverage(connection).items()}
    new = [one for one in now.screeners if one not in before.screeners]
    if new and before.screeners:
        # One name in two spellings would pass for two screeners.
        _note(
            f"{', '.join(new)} had not screened before; {', '.join(before.screeners)} had. If that "
            "is one of them under another name: whatworks screen undo"
        )
    if before.is_begun and not now.is_begun:
        _note("Nothing is screened any more: every evaluation is taken in again.")
    waiting, conflicts = 0, []
    for one in now.evaluations:
        was, found = before.screened[one.id].state, now.screened[one.id].state
        passages = confirmed.get(one.report_id or 0, 0)
        if found is Screening.OPEN and not before.is_begun:
            waiting += passages
        elif passages and found not in (was, Screening.INCLUDED):
            state = "in conflict" if found is Screening.CONFLICT else found
            _note(f"{one.mark} is {state}: {_passages(passages)} will be left out.")
        if found is Screening.CONFLICT and found is not was:
            conflicts.append(one.mark)
    left = sum(found.state is Screening.OPEN for found in now.screened.values())
    if now.is_begun and not before.is_begun and left:
        more = f", with {_passages(waiting)}" if waiting else ""
        _note(
            "Screening has begun. From now on only what is included is counted: "
            f"{left:,} still to be screened{more}."
        )
    if conflicts:
        _note(
            f"Screeners do not say the same of {', '.join(conflicts)}. Talk it over, then: "
            f"whatworks screen decide {conflicts[0]} VERDICT --settle"
        )


def say(page: str) -> None:
    """Prints a page."""
    from ..labels.exchange.rows import printable

    typer.echo("\n".join(map(printable, page.splitlines())))


def _passages(count: int) -> str:
    return f"{count:,} confirmed {'passage' if count == 1 else 'passages'}"


def _note(text: str) -> None:
    from ..labels.exchange.rows import printable

    typer.echo(f"Note: {printable(text)}", err=True)
