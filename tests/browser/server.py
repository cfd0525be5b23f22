"""The app as a process of its own, as ``whatworks review`` runs it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).with_name("serve.py")


class Server:
    """Serves a project at an address that stays the same when it is started again."""

    def __init__(
        self, folder: Path, *options: str, program: Sequence[str] = (str(PROGRAM),)
    ) -> None:
        self.folder = folder
        self._program = program
        self._options = options
        self._log = folder.with_name(f"{folder.name}.log")
        self._port = "0"
        self.address = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it; it takes requests from here on."""
        command = [sys.executable, *self._program, "review", "--no-browser", "--port", self._port]
        kept = {"WHATWORKS_CACHE": str(self.folder.with_name("cache")), "PYTHONUNBUFFERED": "1"}
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                [*command, "--project", str(self.folder), *self._options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | kept,
            )
        assert self.process.stdout is not None
        told = self.process.stdout.readline()
        assert "http://" in told, f"the server did not start: {told}{self._log.read_text()}"
        self.address = "http" + told.rpartition("http")[2].split("/review")[0].rstrip("/\n")
        self._port = self.address.rpartition(":")[2]

    def pause(self) -> None:
        """It answers nothing until it is killed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """As a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def said(self) -> str:
        """What it wrote to standard error."""
        return self._log.read_text()


@contextmanager
def running(folder: Path, *options: str, **more: Any) -> Iterator[Server]:
    """A server, gone at the end; fails where one of its pages did."""
    server = Server(folder, *options, **more)
    try:
        server.start()
        yield server
    finally:
        server.kill()
    assert "Traceback" not in server.said(), server.said()
