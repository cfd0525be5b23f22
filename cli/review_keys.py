"""Single keys from a terminal, as they are pressed: none is lost while the program is at work."""

import codecs
import os
import re
import select
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from ..nlp.errors import WhatworksError

_ESCAPE = "\x1b"
_PATIENCE_S = 0.1
"""How long the rest of an arrow key may take on a slow line; alone, it was the Escape key."""
_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"
_PASTE_PATIENCE_S = 2.0
_SEQUENCE = re.compile(r"\x1b(?:\[([0-?]*)[ -/]*([@-~])|O(.)|([^\x00-\x1f\x7f\[O]))", re.DOTALL)
_LETTERS = {"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end"}
_NUMBERS = {"1": "home", "4": "end", "5": "pageup", "6": "pagedown", "7": "home", "8": "end"}
_CONTROLS = {
    "\r": "enter",
    "\n": "enter",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x15": "clear",
    "\x1a": "ctrl-z",
    "\x0c": "redraw",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was pressed."""

    name: str
    """The letter or sign itself; 'enter', 'escape', 'backspace', 'up', ...; 'paste'; 'redraw'
    where the window changed; '' for a key without a meaning here."""
    text: str = ""
    """What is written by it: the sign, or what was pasted."""


def split_keys(typed: str, *, whole: bool = False) -> tuple[list[Key], str]:
    r"""The keys that were pressed, and the beginning of one whose rest has not come yet.

    Args:
        typed: What the terminal sent.
        whole: Whether nothing more comes: then a lone escape sign is the Escape key.

    >>> split_keys("a\x1b[A\x1b")
    ([Key(name='a', text='a'), Key(name='up', text='')], '\x1b')
    """
    keys: list[Key] = []
    while typed:
        if typed[0] != _ESCAPE:
            sign, typed = typed[0], typed[1:]
            keys.append(Key(sign, sign) if sign.isprintable() else Key(_CONTROLS.get(sign, "")))
            continue
        if typed.startswith(_PASTE):
            text, end, rest = typed[len(_PASTE) :].partition(_PASTE_END)
            if not end and not whole:
                break
            keys.append(Key("paste", text))
            typed = rest
            continue
        found = _SEQUENCE.match(typed)
        if found is None:
            # Another key comes after it only if it was the Escape key itself.
            if not whole and typed[1:2] in ("", "[", "O"):
                break
            keys.append(Key("escape"))
            typed = typed[1:]
            continue
        keys.append(Key(_name(found)))
        typed = typed[found.end() :]
    return keys, typed


def _name(found: re.Match[str]) -> str:
    number, final, letter, _ = found.groups()
    if final == "~":
        return _NUMBERS.get(number or "", "")
    return _LETTERS.get(final or letter or "", "")


class Keyboard:
    """Reads keys from a terminal that ``pressing`` has prepared."""

    def __init__(self, terminal: int, woken: int) -> None:
        self._terminal = terminal
        self._woken = woken
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._keys: deque[Key] = deque()
        self._rest = ""

    @property
    def is_ahead(self) -> bool:
        """Whether keys were pressed already that nobody has read."""
        return bool(self._keys)

    def read(self) -> Key:
        """The next key; waits for it.

        Raises:
            EOFError: the terminal is gone.
            KeyboardInterrupt: Ctrl-C.
        """
        while not self._keys:
            ready, _, _ = select.select([self._terminal, self._woken], [], [], self._patience())
            if self._woken in ready:
                os.read(self._woken, 1024)
                return Key("redraw")
            data = self._data() if ready else b""
            typed = self._rest + self._decoder.decode(data)
            keys, self._rest = split_keys(typed, whole=not ready)
            self._keys.extend(keys)
        return self._keys.popleft()

    def _patience(self) -> float | None:
        if not self._rest:
            return None
        # What comes late of a pasted text must not be taken for keys.
        return _PASTE_PATIENCE_S if self._rest.startswith(_PASTE) else _PATIENCE_S

    def _data(self) -> bytes:
        try:
            data = os.read(self._terminal, 4096)
        except OSError as error:
            raise EOFError from error
        if not data:
            raise EOFError
        return data


@contextmanager
def pressing(terminal: int) -> Iterator[Keyboard]:
    """A keyboard whose keys come one by one and unseen; leaves the terminal as it was.

    Keys pressed while nobody reads are kept. What is left of them at the end is thrown away: the
    shell would take it for commands.

    Raises:
        WhatworksError: on a system whose terminals cannot do this.
    """
    try:
        import termios
    except ImportError as error:
        raise WhatworksError(
            "Single keys cannot be read in this system's terminal. Use whatworks in WSL, or "
            "review in a spreadsheet: whatworks export --for-review FILE"
        ) from error
    before = termios.tcgetattr(terminal)
    awake, waker = os.pipe()
    os.set_blocking(waker, False)

    def prepare() -> None:
        termios.tcsetattr(terminal, termios.TCSADRAIN, _unbuffered(terminal, before))

    def wake(number: int, _: FrameType | None) -> None:
        if number == signal.SIGCONT:
            prepare()
        try:
            os.write(waker, b".")
        except BlockingIOError:
            return  # It is woken already, many times.

    kept = {number: signal.signal(number, wake) for number in (signal.SIGWINCH, signal.SIGCONT)}
    try:
        prepare()
        yield Keyboard(terminal, awake)
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
        os.close(awake)
        os.close(waker)
        # A terminal that is gone needs nothing put back.
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


def _unbuffered(terminal: int, before: list[Any]) -> list[Any]:
    import termios

    mode = [*before[:6], list(before[6])]
    # Ctrl-S would freeze the screen for who presses it to save.
    mode[0] &= ~termios.IXON
    mode[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
    # Ctrl-Z is taken for 'undo' by many; Ctrl-C goes on to interrupt.
    disabled = bytes([os.fpathconf(terminal, "PC_VDISABLE")])
    mode[6][termios.VSUSP] = mode[6][termios.VQUIT] = disabled
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
    return mode
