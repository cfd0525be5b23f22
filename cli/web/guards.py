"""What surrounds every request: headers, who we are called, how much one may send."""

import time
from collections.abc import Collection
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Pages hold data; what may be kept, such as the style, says so itself.
    "Cache-Control": "no-store",
}
MAX_BODY = 1_000_000
"""Bytes that one request may send."""
_READ_ON = 64_000_000
_READ_ON_S = 20.0
"""So much is read, and for so long, and thrown away: so that a browser shows why it was refused."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Guards:
    """Middleware: refuses what is too large, or from or for another site; adds the headers."""

    def __init__(
        self, app: ASGIApp, hosts: Collection[str] = (), *, is_alone: bool = False
    ) -> None:
        """Wraps the app.

        Args:
            app: What answers.
            hosts: Names that we answer to; any where there is none.
            is_alone: Whether nobody logs in: then what a proxy brings is from somebody else.
        """
        self._app = app
        self._hosts = {host.lower() for host in hosts}
        self._is_alone = is_alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = time.perf_counter()

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                took_ms = 1000 * (time.perf_counter() - begun)
                headers["Server-Timing"] = f"app;dur={took_ms:.0f}"
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        given = Headers(scope=scope)
        refusal = self._refusal(scope["method"], given)
        if refusal is not None:
            if _length(given) <= _READ_ON:
                with anyio.move_on_after(_READ_ON_S):
                    await _read_on(receive)
            await refusal(scope, receive, with_headers)
            return
        await self._app(scope, _Counted(receive), with_headers)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        """Why the request is not even looked at; None where it is."""
        if self._hosts and _host(headers.get("host", "")) not in self._hosts:
            return _plain(
                421,
                "whatworks is not known under this name. Open the address that it printed when "
                "it was started.",
            )
        if self._is_alone and any(name in headers for name in _FORWARDED):
            return _plain(
                403,
                "whatworks runs here for one person without a login, and this came through a "
                "proxy. For a team start it with --behind-proxy (docs/security.md).",
            )
        if method not in _SAFE and not _is_from_here(headers):
            return _plain(
                403,
                "This was sent by a page of another site, and nothing was done. If there is a "
                "proxy before whatworks, it has to pass on the header Host as it came.",
            )
        return too_large() if _length(headers) > MAX_BODY else None


class TooLargeError(Exception):
    """More was sent than one request may."""


class _Counted:
    """Counts what comes in: who says nothing of its length may not send more either."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._count = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._count += len(message.get("body", b""))
        if self._count > MAX_BODY:
            raise TooLargeError
        return message


def too_large() -> Response:
    """The answer to what is larger than one may send."""
    return Response(
        f"This is more than {MAX_BODY // 1000:,} kB and was not saved. Go back: your text is "
        "still there. Shorten it and send it again.\n",
        413,
        {"Connection": "close"},
        media_type="text/plain",
    )


async def _read_on(receive: Receive) -> None:
    count = 0
    while count < _READ_ON:
        message = await receive()
        count += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


def _length(headers: Headers) -> int:
    """How many bytes are said to come; 0 where nothing is said."""
    given = headers.get("content-length", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 20 else 0


def _plain(status: int, text: str) -> Response:
    return Response(f"{text}\n", status, media_type="text/plain")


def _is_from_here(headers: Headers) -> bool:
    """Whether no browser says that another site sent it; what is no browser says nothing."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""


def _host(given: str) -> str:
    """The host of a Host header, without its port."""
    name, _, port = given.rpartition(":")
    return (name if name and port.isdigit() else given).lower()
