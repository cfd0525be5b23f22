"""Logging in and out, and one's own account: not there where nobody has to log in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from ....labels.accounts import Role
from ....labels.store.accounts import set_password
from ....labels.texts import mark
from ....nlp.errors import WhatworksError
from ..context import TheForm, ThePerson, TheSite, render, texts_of
from ..security import BusyError, LoginGate, TooManyAttemptsError

router = APIRouter()

ROLES = {
    Role.REVIEWER: mark("Reviewer"),
    Role.ADJUDICATOR: mark("Adjudicator"),
    Role.OWNER: mark("Owner"),
}


def login_gate(site: TheSite) -> LoginGate:
    """The gate of an app that people log in to; HTTP 404 where nobody does."""
    if not isinstance(site.gate, LoginGate):
        raise HTTPException(404)
    return site.gate


TheGate = Annotated[LoginGate, Depends(login_gate)]


@router.get("/login")
def show_login(request: Request, gate: TheGate) -> Response:
    """The form; who is logged in goes on to where they wanted to."""
    wanted = local_address(request.query_params.get("next", ""))
    if gate.person(request) is not None:
        return RedirectResponse(wanted, 303)
    return render(request, "login.html", wanted=wanted, name="", trouble="")


@router.post("/login")
def login(request: Request, gate: TheGate, form: TheForm) -> Response:
    """A session for a name and its password."""
    _ = texts_of(request)
    name, wanted = _text(form, "name"), local_address(_text(form, "next"))
    status, headers = 401, {}
    try:
        token = gate.log_in(request, name, _text(form, "password"))
    except TooManyAttemptsError as error:
        status, headers = 429, {"Retry-After": str(error.wait_s)}
        trouble = wait_text(request, error.wait_s)
    except BusyError:
        status, headers = 503, {"Retry-After": "5"}
        trouble = _("Many people are logging in. Try again in a few seconds.")
    else:
        if token is not None:
            response = RedirectResponse(wanted, 303)
            gate.let_in(response, token)
            return response
        trouble = _("The name or the password is not right.")
    return render(
        request,
        "login.html",
        status=status,
        headers=headers,
        wanted=wanted,
        name=name[:200],
        trouble=trouble,
    )


@router.post("/logout")
def logout(request: Request, gate: TheGate, person: ThePerson, form: TheForm) -> Response:
    """Ends the session."""
    gate.log_out(request)
    response = RedirectResponse("/login", 303)
    gate.let_out(response)
    return response


@router.get("/account")
def show_account(request: Request, gate: TheGate, person: ThePerson) -> Response:
    """Who one is here, and changing one's password."""
    is_changed = request.query_params.get("changed") == "1"
    return render(
        request, "account.html", role=ROLES[person.role], trouble="", is_changed=is_changed
    )


@router.post("/account/password")
def change_password(
    request: Request, site: TheSite, gate: TheGate, person: ThePerson, form: TheForm
) -> Response:
    """Another password; it ends the sessions in all other browsers."""
    _ = texts_of(request)
    status, headers, trouble = 422, {}, ""
    new = _text(form, "new")
    try:
        if new != _text(form, "again"):
            trouble = _("The new password and its repetition differ.")
        elif not gate.knows(request, person, _text(form, "current")):
            trouble = _("The current password is not right.")
        else:
            with gate.turn():
                set_password(site.store, person.name, new, keep=gate.token_hash(request))
    except TooManyAttemptsError as error:
        status, headers = 429, {"Retry-After": str(error.wait_s)}
        trouble = wait_text(request, error.wait_s)
    except BusyError:
        status, headers = 503, {"Retry-After": "5"}
        trouble = _("Many people are logging in. Try again in a few seconds.")
    except WhatworksError as error:
        trouble = str(error)
    if not trouble:
        return RedirectResponse("/account?changed=1", 303)
    return render(
        request,
        "account.html",
        status=status,
        headers=headers,
        role=ROLES[person.role],
        trouble=trouble,
        is_changed=False,
    )


def local_address(given: str) -> str:
    """Where to go on after logging in: a page of this app, whatever the address bar said."""
    # Browsers read '\\' as '/', and leave out tabs and line ends: each may lead to another site.
    odd = any(sign <= " " or sign in "\\\x7f" for sign in given)
    if odd or not given.startswith("/") or given.startswith("//") or len(given) > 4000:
        return "/"
    return "/" if given.startswith(("/login", "/logout")) else given


def wait_text(request: Request, wait_s: int) -> str:
    """How long to wait, in words."""
    minutes = -(-wait_s // 60)
    return texts_of(request).many(
        "Too many wrong passwords. Try again in a minute.",
        "Too many wrong passwords. Try again in %(num)s minutes.",
        minutes,
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
