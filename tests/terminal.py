"""A terminal for tests: a command on a real pseudo-terminal, its keys and its screen."""

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_ALLOWED = re.compile(r"\x1b\[(?:[0-9;]*m|H|2K|\?(?:1049|25|2004)[hl])")
PATIENCE_S = 60


class Terminal:
    """A command that runs on a terminal of its own."""

    def __init__(
        self,
        *arguments: object,
        size: tuple[int, int] = (80, 24),
        program: tuple[str, ...] = ("-m", "whatworks"),
        **env: str,
    ) -> None:
        self._master, self.slave = os.openpty()
        self.resize(*size, tell=False)
        self.mode = termios.tcgetattr(self.slave)
        self._received = b""
        # `setsid --ctty` makes it the terminal that Ctrl-C comes from.
        self.process = subprocess.Popen(
            ["setsid", "--ctty", sys.executable, *program, *map(str, arguments)],
            stdin=self.slave,
            stdout=self.slave,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TERM": "xterm-256color"} | env,
        )

    def press(self, keys: str) -> None:
        """Sends what the keys send."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, lines: int, *, tell: bool = True) -> None:
        """Makes the window this large."""
        self.size = (columns, lines)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        if tell:
            self.process.send_signal(signal.SIGWINCH)

    @property
    def received(self) -> str:
        """Everything that was sent to the terminal so far."""
        while select.select([self._master], [], [], 0)[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                break
            if not data:
                break
            self._received += data
        return self._received.decode("utf-8", "replace")

    @property
    def styled(self) -> str:
        """The last screen that was drawn, with its colours."""
        return self.received.split("\x1b[H")[-1].split("\x1b[?")[0]

    @property
    def lines(self) -> list[str]:
        """The last screen that was drawn, line by line."""
        return _STYLE.sub("", self.styled).replace("\x1b[2K", "").split("\r\n")

    @property
    def screen(self) -> str:
        """The same, white space normalised: what is read, however it is wrapped."""
        return " ".join(" ".join(self.lines).split())

    def wait_for(self, *texts: str, without: str = "") -> str:
        """The screen as soon as it holds the texts."""
        return self.wait_until(
            lambda: (
                all(text in self.screen for text in texts)
                and (not without or without not in self.screen)
            ),
            f"{texts} without {without!r}",
        )

    def wait_until(self, happened: Callable[[], bool], what: str = "") -> str:
        end = time.monotonic() + PATIENCE_S
        while not happened():
            if time.monotonic() > end or self.process.poll() is not None:
                shown = "\n".join(self.lines)
                raise AssertionError(f"{what} did not come; {self.process.poll()}; it is:\n{shown}")
            time.sleep(0.02)
        return self.screen

    def end(self) -> tuple[int, str]:
        """Waits until the command has ended: its exit code and what it said on standard error."""
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert self.received is not None  # A full terminal would block it.
            assert time.monotonic() < end, f"it did not end; screen:\n{chr(10).join(self.lines)}"
            time.sleep(0.02)
        assert self.process.stderr is not None
        return self.process.returncode, " ".join(self.process.stderr.read().split())

    def is_as_before(self) -> bool:
        """Whether the terminal was left as it was found."""
        sent = self.received
        left = all(
            sent.count(f"\x1b[?{mode}{on}") == sent.count(f"\x1b[?{mode}{off}") > 0
            for mode, on, off in ((1049, "h", "l"), (25, "l", "h"), (2004, "h", "l"))
        )
        return left and termios.tcgetattr(self.slave) == self.mode

    def orders(self) -> set[str]:
        """Control signs the terminal got that no screen of ours sends."""
        return set(
            re.findall(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", _ALLOWED.sub("", self.received))
        )

    def close(self) -> None:
        """Ends what is left of it."""
        self.process.kill()
        self.process.communicate()
        for one in (self._master, self.slave):
            os.close(one)


@contextlib.contextmanager
def terminal(*arguments: object, **more: object) -> Iterator[Terminal]:
    """A command on a terminal, ended at the end."""
    opened = Terminal(*arguments, **more)  # type: ignore[arg-type]
    try:
        yield opened
    finally:
        opened.close()
