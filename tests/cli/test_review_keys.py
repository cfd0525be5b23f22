"""Keys as a terminal sends them."""

import os
import signal
import termios
import threading
import time

import pytest

from whatworks.cli.review_keys import Key, pressing, split_keys


def names(typed: str, *, whole: bool = False) -> list[str]:
    return [key.name for key in split_keys(typed, whole=whole)[0]]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("c1?", ["c", "1", "?"]),
        ("é資", ["é", "資"]),
        ("\r\n\x7f\x08\x1a\x15", ["enter", "enter", "backspace", "backspace", "ctrl-z", "clear"]),
        ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1bOA\x1bOH", ["up", "home"]),
        ("\x1b[5~\x1b[6~x", ["pageup", "pagedown", "x"]),
        ("\x1b[1;5Az", ["up", "z"]),
        # What has no meaning here must not be taken for the letters it is made of.
        ("\x1b[24~\x1bu\x1b[200z\x00\x05", ["", "", "", "", ""]),
    ],
)
def test_keys_are_told_apart(typed: str, expected: list[str]) -> None:
    assert names(typed) == expected


def test_pasted_text_is_one_key() -> None:
    keys, rest = split_keys("c\x1b[200~rrr\n\x1b[Aq\x1b[201~u")
    assert [key.name for key in keys] == ["c", "paste", "u"]
    assert keys[1] == Key("paste", "rrr\n\x1b[Aq")
    assert rest == ""


@pytest.mark.parametrize("begun", ["\x1b", "\x1b[", "\x1b[5", "\x1bO", "\x1b[200~rrr\x1b[20"])
def test_the_beginning_of_a_key_waits_for_its_rest(begun: str) -> None:
    assert split_keys(f"a{begun}") == ([Key("a", "a")], begun)


def test_an_escape_sign_by_itself_is_the_escape_key() -> None:
    assert names("\x1b", whole=True) == ["escape"]
    assert names("\x1b\x1b", whole=True) == ["escape", "escape"]
    assert names("\x1b\r") == ["escape", "enter"]
    assert names("\x1b\x1b[A") == ["escape", "up"]
    assert names("\x1b[200~rr", whole=True) == ["paste"]


@pytest.fixture
def ends():
    """The two ends of a terminal."""
    master, slave = os.openpty()
    yield master, slave
    for one in (master, slave):
        os.close(one)


def test_keys_pressed_while_nobody_reads_are_kept(ends) -> None:
    master, slave = ends
    os.write(master, b"c")
    with pressing(slave) as keyboard:
        os.write(master, "1é".encode()[:2])
        assert [keyboard.read().name, keyboard.read().name] == ["c", "1"]
        os.write(master, "1é".encode()[2:] + b"\x1b[A")
        assert [keyboard.read().name, keyboard.read().name] == ["é", "up"]


def test_a_lone_escape_comes_without_another_key(ends) -> None:
    master, slave = ends
    with pressing(slave) as keyboard:
        os.write(master, b"\x1b")
        assert keyboard.read() == Key("escape")


def test_the_terminal_is_left_as_it_was_whatever_happens(ends) -> None:
    _, slave = ends
    before = termios.tcgetattr(slave)

    def fail() -> None:
        with pressing(slave):
            assert not termios.tcgetattr(slave)[3] & termios.ECHO
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert termios.tcgetattr(slave) == before
    assert signal.getsignal(signal.SIGWINCH) in (signal.SIG_DFL, None)


def test_what_was_pressed_too_often_does_not_reach_the_shell(ends) -> None:
    master, slave = ends
    with pressing(slave) as keyboard:
        os.write(master, b"q")
        assert keyboard.read().name == "q"
        os.write(master, b"rm -rf\n")
        time.sleep(0.1)
    os.set_blocking(slave, False)
    with pytest.raises(BlockingIOError):
        os.read(slave, 100)


def test_a_window_that_changes_wakes_who_waits_for_a_key(ends) -> None:
    _, slave = ends
    with pressing(slave) as keyboard:
        timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGWINCH))
        timer.start()
        assert keyboard.read() == Key("redraw")
        timer.join()


def test_who_comes_back_from_the_background_finds_single_keys(ends) -> None:
    _, slave = ends
    with pressing(slave) as keyboard:
        mode = termios.tcgetattr(slave)
        shell = [*mode[:3], mode[3] | termios.ECHO | termios.ICANON, *mode[4:]]
        termios.tcsetattr(slave, termios.TCSANOW, shell)
        os.kill(os.getpid(), signal.SIGCONT)
        assert keyboard.read() == Key("redraw")
        assert not termios.tcgetattr(slave)[3] & (termios.ECHO | termios.ICANON)


def test_a_terminal_that_is_gone_is_told() -> None:
    master, slave = os.openpty()
    with pressing(slave) as keyboard:
        os.close(master)
        with pytest.raises(EOFError):
            keyboard.read()
    os.close(slave)
