"""``whatworks review``: what it says before there is a screen, and when something fails on it."""

import io
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from tests.cards import card_of
from tests.command import Run
from tests.stored import add, report_of, suggest
from whatworks.cli import review as command
from whatworks.cli.review_keys import Key
from whatworks.cli.review_terminal import Screen, TerminalReview
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.schema import round_
from whatworks.nlp.errors import WhatworksError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a report of two passages, and an open and a closed round without any."""
    folder = tmp_path / "project"
    init_project(folder)
    with open_project(folder) as project:
        read = report_of("final.pdf", "Staff stayed.", "Funds came late.")
        add(project.store, read)
        suggest(project.store, read.passages, obstacle=0.82)
        with project.store.writing() as connection:
            for name, blind, closed in (("audit 1", True, None), ("audit 0", False, "2026")):
                connection.execute(
                    insert(round_).values(
                        name=name,
                        purpose="audit",
                        strategy="random",
                        blind=blind,
                        created_at="2026",
                        created_by="eva",
                        closed_at=closed,
                    )
                )
    return folder


@pytest.fixture
def review(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The command as if it had a terminal; what would be shown on it is not."""
    monkeypatch.setattr(command, "_check_terminal", lambda: None)
    monkeypatch.setattr("whatworks.cli.review_terminal.review_in_terminal", lambda *_, **__: None)

    def call(*arguments: str):
        return run("review", "--terminal", "--project", folder, "--as", "ana", *arguments)

    return call


def test_a_pipe_is_no_terminal(run: Run, folder: Path) -> None:
    ran = run("review", "--terminal", "--project", folder)
    assert ran.code == 1
    assert "The review needs a terminal, and standard input is none." in ran.said
    assert "--for-review" in ran.said


def test_a_terminal_that_cannot_draw_is_told(run: Run, folder: Path, monkeypatch) -> None:
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    ran = run("review", "--terminal", "--project", folder)
    assert ran.code == 1
    assert "TERM is 'dumb'" in ran.said


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--report", "finall.pdf"), 1, "Unknown report 'finall.pdf'. Nearest: 'final.pdf'."),
        (("--round", "audit"), 1, "Unknown round 'audit'. Nearest: 'audit"),
        (("--round", "reading"), 1, "Unknown round 'reading'."),
        (("--round", "audit 0"), 1, "The round 'audit 0' is closed"),
        (("--round", "audit 1", "--label", "obstacle"), 1, "give the suggestion away"),
        (("--label", "obstacel"), 1, "Unknown finding type 'obstacel'. Nearest: 'obstacle'."),
        (("--label", "lesson", "--blind"), 2, "gives the suggestion away"),
        (("--language", "spanish"), 2, "Nearest: 'es'"),
        (("--state", "stalle"), 2, "'stalle' is not one of"),
        (("--adjudicate", "--state", "stale"), 2, "leave this out"),
        (("--adjudicate", "--blind"), 2, "leave this out"),
        (("--adjudicate",), 1, "'ana' is no adjudicator of this project; nobody is."),
        (("--as", " "), 1, "names no annotator"),
    ],
)
def test_what_cannot_be_done_is_told(review, arguments, code: int, message: str) -> None:
    ran = review(*arguments)
    assert message in ran.said
    assert ran.code == code
    assert ran.out == ""


def test_under_two_agree_nobody_adjudicates(review, folder: Path) -> None:
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8").replace('policy = "one-reviewer"', 'policy = "two-agree"')
    settings.write_text(text, "utf-8")
    ran = review("--adjudicate")
    assert ran.code == 1
    assert "Under the policy 'two-agree' nobody settles" in ran.said


def test_it_says_how_many_are_left(review) -> None:
    assert "ana: 0 decided, 2 left here." in review().said
    assert "ana: 0 decided, 0 left here." in review("--label", "lesson").said
    assert "ana: 0 decided, 0 left here." in review("--language", "fr").said
    assert "ana: 0 decided, 0 left here." in review("--state", "in-review").said
    assert "ana: 0 decided, 2 left here." in review("--state", "suggested").said


def test_a_blind_round_is_gone_through_blind(review, folder: Path, monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(
        "whatworks.labels.review.ReviewSession.__init__",
        lambda self, *_, **more: seen.append(more["blind"]),
    )
    monkeypatch.setattr(command, "_run", lambda *_: None)
    review("--round", "audit 1")
    review()
    with open_project(folder) as project, project.store.writing() as connection:
        connection.execute(update(round_).values(blind=False))
    review("--round", "audit 1")
    review("--blind")
    assert seen == [True, False, False, True]


class _Keys:
    """Presses keys, and is gone after the last one."""

    is_ahead = False

    def __init__(self, keys: str) -> None:
        self._keys = list(keys)

    def read(self) -> Key:
        if not self._keys:
            raise EOFError
        sign = self._keys.pop(0)
        return Key("enter") if sign == "\r" else Key(sign, sign)


class _BusySession:
    """A session whose database is busy once."""

    left = 1

    def __init__(self) -> None:
        self.given: list[tuple[list[str], str]] = []

    def current(self):
        return card_of()

    def decide(self, labels, themes, comment):
        self.given.append((labels, comment))
        raise WhatworksError("The database is busy. Press the key again in a moment.")


def test_what_could_not_be_saved_stays_on_the_screen_to_be_sent_again() -> None:
    session, shown = _BusySession(), io.StringIO()
    TerminalReview(session, Screen(shown)).run(_Keys("3kLate.\r\r\r"))  # type: ignore[arg-type]
    assert session.given == [(["lesson", "obstacle"], "Late.")] * 2
    last = shown.getvalue().split("\x1b[H")[-1]
    assert "Not done: The database is busy." in last
    assert "Comment: Late." in last
