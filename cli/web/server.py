"""Runs the app: a free port, the address told, the browser opened, Ctrl-C stops."""

import errno
import gc
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ...labels.project import Project, open_project
from ...nlp.errors import WhatworksError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from .context import Site

PORT = 8321
"""Taken where it is free and no other was asked for."""


def serve(
    project_folder: Path | None,
    annotator: str,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = True,
    proxy: str = "",
    names: Sequence[str] = (),
    login: bool = False,
    first_page: Callable[[Project], str] = lambda _: "/",
    tell: Callable[[str], None] = print,
) -> None:
    """Serves a project until somebody stops it.

    Args:
        project_folder: As a user named it, None for the nearest.
        annotator: Who reviews.
        host: The address to listen on; other than on this computer, people have to log in.
        port: The port; None takes ``PORT``, or any that is free.
        open_browser: Whether to show the first page.
        proxy: The address of a proxy, whose word on where people come from counts.
        names: Host names that are answered, where people log in; all of them without any.
        login: Wants people to log in on this computer too.
        first_page: The path of the page to begin with.
        tell: Prints a line for the user.

    Raises:
        WhatworksError: no project, the port cannot be had, or nobody could log in.
    """
    import uvicorn

    from .access import access_for
    from .app import WebOptions, create_app

    with open_project(project_folder) as project, listening(host, port) as found:
        page = first_page(project)
        access = access_for(
            project.store, annotator, host=host, proxy=proxy, names=names, login=login
        )
        for note in (*project.notes, *access.notes):
            tell(f"Note: {note}")
        app = create_app(
            project, options=WebOptions(annotator, gate=access.gate, hosts=access.hosts)
        )
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            # Else whoever is on this computer could say that they come from elsewhere.
            proxy_headers=bool(proxy),
            forwarded_allow_ips=proxy or "",
            lifespan="off",
            timeout_graceful_shutdown=5,
        )
        # After every statement a thread waits for its turn, up to so long for each that is at
        # work: with the usual 5 ms the statements of a decision waited longer than they took.
        sys.setswitchinterval(0.001)
        # What is loaded stays: not to be gone through with every collection.
        gc.freeze()
        threading.Thread(target=_read_ahead, args=(app, annotator), daemon=True).start()
        address = address_of(found) + page.removeprefix("/")
        tell(f"{project.settings.name}: {address}")
        tell("Ctrl-C stops it. All that was decided is saved.")
        if open_browser and has_screen():
            webbrowser.open(address)
        try:
            uvicorn.Server(config).run(sockets=[found])
        except KeyboardInterrupt:
            tell("Stopped.")
        finally:
            app.state.site.close()


def _read_ahead(app: "FastAPI", annotator: str) -> None:
    """Reads the worklist while the browser opens: of a large project it takes seconds."""
    site: Site = app.state.site
    # What is wrong with the database is told where somebody asks for a page.
    with suppress(WhatworksError), site.store.reading() as connection:
        site.worklist.standing(connection, annotator)


def address_of(listening: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def has_screen() -> bool:
    """Whether a browser could show itself; without one, a browser in the terminal may begin."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


_NO_ADDRESS = (errno.EADDRNOTAVAIL, socket.EAI_NONAME, socket.EAI_AGAIN)
"""A name that nobody knows, or an address of another computer."""


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that waits there; on another free port where none was asked for."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    causes = []
    for wanted in (PORT, 0) if port is None else (port,):
        try:
            found = socket.create_server((host.strip("[]"), wanted), family=family, backlog=512)
        except OSError as error:
            causes.append(error)
        else:
            # Every connection inherits it. Without it the end of a page waits for the browser to
            # acknowledge its beginning, which takes 40 ms; asyncio sees to that by itself only
            # where it made the socket.
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return found
    if causes[-1].errno in _NO_ADDRESS:
        raise WhatworksError(
            f"{host} is no address of this computer: {causes[-1].strerror}. Give another one with "
            "--host, or leave it out to be seen on this computer alone."
        )
    raise WhatworksError(
        f"Port {port} on {host} cannot be had: {causes[-1].strerror}. Give another one with "
        "--port, or leave it out to take one that is free."
    )
