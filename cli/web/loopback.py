"""One person on one computer: no login, but no other website may act in their name."""

import hashlib
import hmac
import secrets

from fastapi import Request, Response

from .context import Person

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""A page that came under any other name may be one that a website made point to us."""


class OneUser:
    """The gate of an app that listens on the loopback address only."""

    has_login = False

    def __init__(self, person: Person) -> None:
        self._person = person
        self._session = secrets.token_urlsafe(24)
        self._token = hmac.new(
            secrets.token_bytes(32), self._session.encode(), hashlib.sha256
        ).hexdigest()

    def person(self, request: Request) -> Person | None:
        """The one that there is."""
        return self._person

    def csrf_token(self, request: Request) -> str:
        """The same for all pages until the app is started again."""
        return self._token

    def accepts(self, request: Request, csrf: str) -> bool:
        """Whether both the cookie and the token are those of our pages."""
        session = request.cookies.get(_cookie(request), "")
        return hmac.compare_digest(session.encode(), self._session.encode()) and (
            hmac.compare_digest(csrf.encode(), self._token.encode())
        )

    def dress(self, request: Request, response: Response) -> None:
        """Sets the session's cookie."""
        response.set_cookie(
            _cookie(request), self._session, httponly=True, samesite="strict", path="/"
        )


def _cookie(request: Request) -> str:
    # Browsers keep cookies by host, not by port: two projects must not take each other's.
    return f"whatworks-{request.url.port or 80}"
