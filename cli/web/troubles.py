"""What is said where a page cannot be shown, or a decision not be saved."""

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from ...labels.store.faults import StoreError
from ...nlp.errors import WhatworksError
from .context import (
    ForgedError,
    LoginNeededError,
    as_json,
    render,
    site_of,
    texts_of,
    wants_json,
    wants_part,
)
from .guards import HEADERS, TooLargeError, too_large


def trouble(request: Request, status: int, title: str, text: str) -> Response:
    """What is said where a page cannot be shown or a decision not be saved."""
    if wants_json(request):
        return as_json({"error": text, "title": title}, status)
    return render(request, "error.html", status=status, title=title, text=text)


def _http_trouble(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    _ = texts_of(request)
    if error.status_code == 404:
        return trouble(
            request, 404, _("This page is not here"), _("Look for it from the start page.")
        )
    if error.status_code == 403:
        return trouble(
            request,
            403,
            _("This page is not yours"),
            _("Your role does not include it. Ask an owner of the project."),
        )
    response = trouble(request, error.status_code, _("This did not work"), str(error.detail))
    response.headers.update(error.headers or {})
    return response


def _forged(request: Request, error: Exception) -> Response:
    _ = texts_of(request)
    text = _(
        "This page was made before the app was last started. Nothing was saved. Go back, copy "
        "what you wrote, load the page again, and send it from there."
    )
    if wants_json(request):
        return as_json({"error": text, "forged": True}, 403)
    return trouble(request, 403, _("This page is too old"), text)


def _user_trouble(request: Request, error: Exception) -> Response:
    _ = texts_of(request)
    return trouble(request, 422, _("This could not be done"), str(error))


def _store_trouble(request: Request, error: Exception) -> Response:
    _ = texts_of(request)
    text = str(error)
    if site_of(request).gate.has_login:
        # It says where the database is: for who runs the app, not for whoever comes by.
        logging.getLogger(__name__).warning("%s", error)
        text = _("Try again in a minute. The window in which the app was started says more.")
    response = trouble(request, 503, _("The project cannot be written or read now"), text)
    response.headers["Retry-After"] = "5"
    return response


def _login_needed(request: Request, error: Exception) -> Response:
    _ = texts_of(request)
    if request.method == "GET" and not wants_json(request):
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if not wants_part(request):
            return RedirectResponse(f"/login?{urlencode({'next': address})}", 303)
        # No redirect: what is half written on the page would be gone.
        return Response(status_code=401)
    text = _(
        "Nothing was saved. Log in in another window, then go back and send this once more; what "
        "you wrote is still there."
    )
    return trouble(request, 401, _("Your session has ended"), text)


def _too_large(request: Request, error: Exception) -> Response:
    return too_large()


def _no_such_page(request: Request, error: Exception) -> Response:
    return _http_trouble(request, HTTPException(404))


def _unforeseen(request: Request, error: Exception) -> Response:
    _ = texts_of(request)
    text = _(
        "Something unforeseen went wrong; what was saved before is safe. The window in which the "
        "app was started says more."
    )
    response = trouble(request, 500, _("This did not work"), text)
    # It is sent from outside of what adds them to all others.
    response.headers.update(HEADERS)
    return response


HANDLERS: dict[type[Exception] | int, Callable[[Request, Exception], Response]] = {
    HTTPException: _http_trouble,
    ForgedError: _forged,
    LoginNeededError: _login_needed,
    StoreError: _store_trouble,
    WhatworksError: _user_trouble,
    TooLargeError: _too_large,
    RequestValidationError: _no_such_page,
    Exception: _unforeseen,
}
"""Kind of error to what answers it."""
