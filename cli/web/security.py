"""Who may come in, and as whom: sessions, passwords, forms that are really ours."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request, Response
from sqlalchemy import select

from ...labels.store.accounts import is_password
from ...labels.store.database import Store
from ...labels.store.schema import project
from ...labels.store.sessions import (
    LONGEST,
    Session,
    end_session,
    find_session,
    hash_of,
    keep_alive,
    log_in,
)
from .attempts import Attempts
from .context import (
    LoginNeededError,
    Person,
    checked_form,
    site_of,
)

PUBLIC = frozenset({"/login", "/language"})
"""Addresses that answer before anybody has logged in; every other needs a session."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, and so need no token."""

_AT_ONCE = 2
"""Passwords that are compared at the same time: each takes 64 MiB and a processor."""
_IN_LINE = 20
"""Who may wait for that: the others are asked to come back, so that reviewers go on working."""


def logged_in(request: Request) -> None:
    """Raises LoginNeededError for all but the public pages: a page cannot forget to ask."""
    if request.url.path not in PUBLIC and site_of(request).gate.person(request) is None:
        raise LoginNeededError


async def from_our_page(request: Request) -> None:
    """Raises ForgedError where something is to be written that none of our pages sent."""
    if request.method not in READING:
        await checked_form(request)


class BusyError(Exception):
    """Too many log in at once."""


class TooManyAttemptsError(Exception):
    """Wrong passwords were sent too often."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class LoginGate:
    """The gate of an app that several people use: each logs in with a name and a password."""

    has_login = True

    def __init__(self, store: Store, *, secure: bool) -> None:
        """Knows nobody yet.

        Args:
            store: The project's, with the accounts.
            secure: Whether browsers come over HTTPS only: cookies then never travel without.
        """
        self._store = store
        self._secure = secure
        self.attempts = Attempts()
        self._line = threading.BoundedSemaphore(_IN_LINE)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        with store.reading() as connection:
            key = connection.scalar(select(project.c.key)) or ""
        # Two projects under one host name must not take each other's cookies. With the prefix a
        # browser takes none that another host of the same domain made.
        mark = hashlib.sha256(f"cookie {key}".encode()).hexdigest()[:8]
        self.session_cookie = f"{'__Host-' if secure else ''}whatworks-{mark}"
        self.visitor_cookie = f"{self.session_cookie}-visitor"

    def person(self, request: Request) -> Person | None:
        """Whose session it is; None where there is none, or it ended."""
        session = self.session(request)
        if session is None:
            return None
        return Person(session.account.name, session.account.role, session.account.id)

    def session(self, request: Request) -> Session | None:
        """The session of the request, looked up once."""
        state = request.state
        if not hasattr(state, "login_session"):
            # Nobody, should the database fail: the page that says so asks once more who it is.
            state.login_session = None
            state.login_session = self._look_up(request.cookies.get(self.session_cookie, ""))
        session: Session | None = state.login_session
        return session

    def _look_up(self, token: str) -> Session | None:
        if not token:
            return None
        with self._store.reading() as connection:
            found = find_session(connection, token)
        if found is not None:
            keep_alive(self._store, found)
        return found

    def csrf_token(self, request: Request) -> str:
        """Belongs to the session, and before there is one to the browser that wants to log in."""
        return _token_of(self._secret(request))

    def accepts(self, request: Request, csrf: str) -> bool:
        """Whether the token is that of the browser's cookie; says nothing of who it is."""
        known = request.cookies.get(self.session_cookie) or request.cookies.get(self.visitor_cookie)
        return bool(known) and hmac.compare_digest(_bytes(csrf), _bytes(_token_of(known or "")))

    def dress(self, request: Request, response: Response) -> None:
        """Gives a browser without a session something that its login form can be known by."""
        if not request.cookies.get(self.session_cookie):
            self._set(response, self.visitor_cookie, self._secret(request), None)

    def log_in(self, request: Request, name: str, password: str) -> str | None:
        """The token of a new session; None where name and password do not belong together.

        Raises:
            TooManyAttemptsError: after several wrong ones in a short time.
            BusyError: too many are logging in at once.
        """
        address = request.client.host if request.client else ""
        with self.turn():
            wait_s = self.attempts.begin(name, address)
            if wait_s:
                raise TooManyAttemptsError(wait_s)
            token = log_in(self._store, name, password)
            if token is not None:
                self.attempts.succeeded(name, address)
                # Who logs in anew in the same browser leaves the session before.
                self.log_out(request)
            return token

    def knows(self, request: Request, person: Person, password: str) -> bool:
        """Whether it is the person's password; guessing is limited as when logging in.

        Raises:
            TooManyAttemptsError: after several wrong ones in a short time.
            BusyError: too many are logging in at once.
        """
        address = request.client.host if request.client else ""
        with self.turn():
            wait_s = self.attempts.begin(person.name, address)
            if wait_s:
                raise TooManyAttemptsError(wait_s)
            with self._store.reading() as connection:
                is_right = is_password(connection, person.account_id or 0, password)
            if is_right:
                self.attempts.succeeded(person.name, address)
            return is_right

    def log_out(self, request: Request) -> None:
        """Ends the session of the request."""
        token = request.cookies.get(self.session_cookie)
        if token:
            end_session(self._store, token)

    def let_in(self, response: Response, token: str) -> None:
        """Gives the browser its session; always a new one, never one that it came with."""
        self._set(response, self.session_cookie, token, int(LONGEST.total_seconds()))
        self._forget(response, self.visitor_cookie)

    def let_out(self, response: Response) -> None:
        """Takes the session's cookie from the browser."""
        self._forget(response, self.session_cookie)

    def token_hash(self, request: Request) -> str:
        """That of the request's session, to keep it while others are ended."""
        return hash_of(request.cookies.get(self.session_cookie, ""))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for its turn to compare or make a password; raises BusyError where many wait."""
        if not self._line.acquire(blocking=False):
            raise BusyError
        try:
            with self._turns:
                yield
        finally:
            self._line.release()

    def _secret(self, request: Request) -> str:
        """What the browser alone has; made here where it has nothing yet."""
        given = request.cookies.get(self.session_cookie) or request.cookies.get(self.visitor_cookie)
        if given:
            return given
        if not hasattr(request.state, "visitor"):
            request.state.visitor = secrets.token_urlsafe(32)
        made: str = request.state.visitor
        return made

    def _set(self, response: Response, name: str, value: str, max_age_s: int | None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=max_age_s,
            path="/",
            secure=self._secure,
            httponly=True,
            # Not 'strict': a link to a passage in a mail opens it, without logging in again.
            samesite="lax",
        )

    def _forget(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="lax")


def _token_of(secret: str) -> str:
    return hmac.new(_bytes(secret), b"csrf", hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
