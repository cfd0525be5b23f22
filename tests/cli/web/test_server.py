"""The server: where it listens, what it tells, how it stops."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from whatworks.cli.web import server
from whatworks.nlp.errors import WhatworksError

SCRIPT = """
import sys
from pathlib import Path
from whatworks.cli.web.server import serve
serve(Path(sys.argv[1]), "ana", open_browser=False, tell=lambda line: print(line, flush=True))
"""


def test_it_takes_its_own_port_or_any_that_is_free() -> None:
    with server.listening("127.0.0.1", None) as first, server.listening("127.0.0.1", None) as other:
        assert server.address_of(first) != server.address_of(other)
        port = first.getsockname()[1]
        with pytest.raises(WhatworksError, match=f"Port {port} on 127.0.0.1 cannot be had"):
            server.listening("127.0.0.1", port)


@pytest.mark.parametrize("host", ["nosuchhost.invalid", "192.0.2.1"])
def test_an_address_of_another_computer_is_told(host: str) -> None:
    with pytest.raises(WhatworksError, match=f"{host} is no address of this computer.*--host"):
        server.listening(host, 0)


def test_an_address_is_told_as_it_is_typed() -> None:
    with server.listening("127.0.0.1", 0) as found:
        assert server.address_of(found) == f"http://127.0.0.1:{found.getsockname()[1]}/"
    if socket.has_ipv6:
        with server.listening("::1", 0) as found:
            assert server.address_of(found).startswith("http://[::1]:")


def test_no_browser_is_opened_where_there_is_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not server.has_screen()
    monkeypatch.setenv("DISPLAY", ":0")
    assert server.has_screen()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(project, number: signal.Signals) -> None:
    folder: Path = project.folder
    command = [sys.executable, "-c", SCRIPT, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        name, address = running.stdout.readline().strip().split(": ")
        assert name == "Reviews"
        with urllib.request.urlopen(f"{address}queue", timeout=20) as page:
            assert page.status == 200
            assert "server" not in {header.lower() for header in page.headers}
        os.kill(running.pid, number)
        code = running.wait(timeout=20)
    assert code in (0, -number, 128 + number)
