"""``whatworks user``: who may log in to the review app, and in which role."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..labels.accounts import Role
from ..nlp.errors import WhatworksError
from .projects import ProjectOption, opened_project

if TYPE_CHECKING:
    from ..labels.accounts import Account
    from ..labels.project import Project

app = typer.Typer(
    help="Make and change the accounts of the review app.",
    no_args_is_help=True,
    epilog="\b\nExamples:\n  whatworks user add ana --role owner\n  whatworks user list\n"
    "  whatworks user password ana",
)

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        show_default=False,
        help="The person's name: what they decide is kept under it.",
    ),
]
StdinOption = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input; for scripts."),
]
_ROLES = "reviewer: decides; adjudicator: also settles what others disagree on; owner: does all."


@app.command(
    epilog="\b\nExamples:\n  whatworks user add ana --role owner\n"
    "  whatworks user add ben --password-stdin < password.txt"
)
def add(
    name: NameArgument,
    role: Annotated[Role, typer.Option(metavar="|".join(Role), help=_ROLES)] = Role.REVIEWER,
    password_stdin: StdinOption = False,
    project: ProjectOption = None,
) -> None:
    """Let somebody log in; asks for the password twice.

    A password has at least 12 characters; no signs or figures are asked for. What was decided
    under the same name before counts as this person's.
    """
    from ..labels.store.accounts import add_account

    with opened_project(project) as opened:
        made = add_account(opened.store, name, role, _password(name, password_stdin))
        _say(f"{made.name} can log in as {made.role}.")
        _tell_adjudicator(opened, made)


@app.command(name="list", epilog="Example: whatworks user list")
def list_(project: ProjectOption = None) -> None:
    """List the accounts, their roles, and who may no longer log in."""
    from ..labels.store.accounts import all_accounts

    with opened_project(project) as opened, opened.store.reading() as connection:
        found = all_accounts(connection)
    if not found:
        typer.echo("There is no account yet. Make one with: whatworks user add NAME", err=True)
        return
    width = max(len(one.name) for one in found)
    for one in found:
        state = f"since {one.created_at[:10]}"
        if one.disabled_at is not None:
            state = f"disabled on {one.disabled_at[:10]}"
        _say(f"{one.name:<{width}}  {one.role:<11}  {state}")


@app.command(epilog="Example: whatworks user role ana adjudicator")
def role(
    name: NameArgument,
    new: Annotated[Role, typer.Argument(metavar="|".join(Role), show_default=False, help=_ROLES)],
    project: ProjectOption = None,
) -> None:
    """Give somebody another role, at once."""
    from ..labels.store.accounts import set_role

    with opened_project(project) as opened:
        changed = set_role(opened.store, name, new)
        _say(f"{changed.name} is {changed.role} now.")
        _tell_adjudicator(opened, changed)


@app.command(epilog="Example: whatworks user password ana")
def password(
    name: NameArgument, password_stdin: StdinOption = False, project: ProjectOption = None
) -> None:
    """Set a new password; all sessions of the account end."""
    from ..labels.store.accounts import find_account, set_password

    with opened_project(project) as opened:
        with opened.store.reading() as connection:
            found = find_account(connection, name)
        set_password(opened.store, found.name, _password(found.name, password_stdin))
    _say(f"{found.name} has a new password and is logged out everywhere.")


@app.command(epilog="Example: whatworks user disable ana")
def disable(name: NameArgument, project: ProjectOption = None) -> None:
    """Log somebody out and let them in no more.

    What they decided stays, and counts as before.
    """
    from ..labels.store.accounts import set_disabled

    with opened_project(project) as opened:
        changed = set_disabled(opened.store, name, True)
    _say(f"{changed.name} is logged out and can no longer log in. Their decisions stay.")


@app.command(epilog="Example: whatworks user enable ana")
def enable(name: NameArgument, project: ProjectOption = None) -> None:
    """Let somebody in again, with the password they had."""
    from ..labels.store.accounts import set_disabled

    with opened_project(project) as opened:
        changed = set_disabled(opened.store, name, False)
    _say(f"{changed.name} can log in again as {changed.role}.")


def _password(name: str, from_stdin: bool) -> str:
    """A password that will do; asked for twice, unseen, or the first line of standard input."""
    import getpass

    from ..labels.accounts import check_password

    if from_stdin:
        line = sys.stdin.readline() if sys.stdin is not None else ""
        given = line.rstrip("\r\n")
        if not given:
            raise WhatworksError("Standard input holds no password. Nothing was stored.")
        check_password(given, name)
        return given
    if sys.stdin is None or not sys.stdin.isatty():
        raise WhatworksError(
            "Nobody can be asked for a password here. Run this in a terminal, or send it with "
            "--password-stdin."
        )
    try:
        given = getpass.getpass(f"Password for {name}: ", stream=sys.stderr)
        check_password(given, name)
        again = getpass.getpass("Once more: ", stream=sys.stderr)
    except EOFError:
        raise WhatworksError("No password was given. Nothing was stored.") from None
    if given != again:
        raise WhatworksError("The two passwords differ. Nothing was stored; try again.")
    return given


def _tell_adjudicator(project: "Project", account: "Account") -> None:
    """The settings name those whose answer settles; a role alone is not enough."""
    policy = project.settings.policy
    if account.role is Role.ADJUDICATOR and not policy.is_adjudicator(account.name):
        typer.echo(
            f"Note: to settle disagreements, {account.name} must also stand under 'adjudicators' "
            f"in {project.settings_file}.",
            err=True,
        )


def _say(text: str) -> None:
    from ..labels.exchange.rows import printable

    typer.echo(printable(text))
