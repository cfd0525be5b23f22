"""The language of the interface, chosen by a link in the foot of every page."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ..languages import COOKIE, known_languages
from .login import local_address

router = APIRouter()

_A_YEAR_S = 31_536_000


@router.get("/language")
def choose(request: Request) -> Response:
    """Keeps the choice in this browser, and goes back to the page it was made on."""
    response = RedirectResponse(back_to(request.query_params.get("next", "")), 303)
    chosen = request.query_params.get("to", "")
    if chosen in known_languages():
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=_A_YEAR_S,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response


def back_to(given: str) -> str:
    """The page of ours that the link was on."""
    # One can also choose before logging in; where to go on to after that is known there no more.
    return "/login" if given.startswith("/login") else local_address(given)
