"""``whatworks user``: accounts from the command line."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from tests.command import Ran, Run
from whatworks.labels import passwords
from whatworks.labels.accounts import Role
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.accounts import all_accounts, find_account, is_password
from whatworks.labels.store.database import Store
from whatworks.labels.store.schema import login_session
from whatworks.labels.store.sessions import log_in

PASSWORD = "purple onion harbour"
OTHER = "four grey lanterns"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project one works in, without accounts."""
    monkeypatch.setattr(
        passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    )
    monkeypatch.delenv("WHATWORKS_PROJECT", raising=False)
    folder = tmp_path / "wells"
    init_project(folder, by="ana")
    monkeypatch.chdir(folder)
    return folder


def add(run: Run, name: str, role: str = "reviewer", password: str = PASSWORD) -> Ran:
    stdin = f"{password}\n".encode()
    return run("user", "add", name, "--role", role, "--password-stdin", stdin=stdin)


def with_store(folder: Path, do: Callable[[Store], Any]) -> Any:
    with open_project(folder) as opened:
        return do(opened.store)


def has_password(folder: Path, name: str, password: str) -> bool:
    with open_project(folder) as opened, opened.store.reading() as connection:
        return is_password(connection, find_account(connection, name).id, password)


def answer(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Types these into a terminal; the list fills with what was asked."""
    asked: list[str] = []
    left = list(answers)

    def getpass(prompt: str, stream: object = None) -> str:
        asked.append(prompt)
        return left.pop(0)

    monkeypatch.setattr("getpass.getpass", getpass)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    return asked


def test_somebody_is_added_and_listed(project: Path, run: Run) -> None:
    assert "There is no account yet" in run("user", "list").err
    ran = add(run, "Ana Lima", "owner")
    assert (ran.code, ran.out, ran.err) == (0, "Ana Lima can log in as owner.\n", "")
    add(run, "Ben", password=OTHER)
    lines = run("user", "list").out.splitlines()
    assert [line.split("  since ")[0].split() for line in lines] == [
        ["Ana", "Lima", "owner"],
        ["Ben", "reviewer"],
    ]
    assert has_password(project, "Ana Lima", PASSWORD)


def test_a_password_is_asked_for_twice(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, PASSWORD, PASSWORD)
    assert run("user", "add", "ana").out == "ana can log in as reviewer.\n"
    assert asked == ["Password for ana: ", "Once more: "]
    assert has_password(project, "ana", PASSWORD)


def test_two_passwords_that_differ_are_none(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, PASSWORD, OTHER)
    ran = run("user", "add", "ana")
    assert ran.code == 1
    assert "The two passwords differ. Nothing was stored" in ran.err
    assert "There is no account yet" in run("user", "list").err


def test_a_password_that_will_not_do_is_not_asked_for_again(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, "short")
    ran = run("user", "add", "ana")
    assert ran.code == 1
    assert "has 5 characters. Take at least 12" in ran.err
    assert len(asked) == 1


def test_where_nobody_can_be_asked_the_way_on_is_named(project: Path, run: Run) -> None:
    ran = run("user", "add", "ana", stdin=b"")
    assert ran.code == 1
    assert "--password-stdin" in ran.err
    assert "holds no password" in run("user", "add", "a", "--password-stdin", stdin=b"\n").err


@pytest.mark.slow
def test_a_password_is_not_shown_while_it_is_typed(project: Path) -> None:
    terminal, side = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "whatworks", "user", "add", "ana"],
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
    )
    os.close(side)
    shown = b""
    for prompt in (b"Password for ana: ", b"Once more: "):
        end = time.monotonic() + 60
        while prompt not in shown and time.monotonic() < end:
            if select.select([terminal], [], [], 1)[0]:
                shown += os.read(terminal, 1000)
        assert prompt in shown
        os.write(terminal, f"{PASSWORD}\n".encode())
    try:
        while part := os.read(terminal, 1000):
            shown += part
    except OSError:
        # Linux says so when the other side of a terminal is closed.
        pass
    assert child.wait(60) == 0
    os.close(terminal)
    assert b"purple" not in shown
    assert b"ana can log in as reviewer." in shown
    assert has_password(project, "ana", PASSWORD)


def test_a_role_is_changed_and_the_last_owner_stays(project: Path, run: Run) -> None:
    add(run, "ana", "owner")
    add(run, "ben", password=OTHER)
    assert "'ana' is the only owner" in run("user", "role", "ana", "reviewer").err
    assert "'ana' is the only owner" in run("user", "disable", "ana").err
    assert run("user", "role", "BEN", "owner").out == "ben is owner now.\n"
    assert run("user", "role", "ana", "reviewer").code == 0
    assert run("user", "role", "ana", "boss").code == 2
    with open_project(project) as opened, opened.store.reading() as connection:
        assert {one.name: one.role for one in all_accounts(connection)} == {
            "ana": Role.REVIEWER,
            "ben": Role.OWNER,
        }


def test_an_adjudicator_who_is_not_in_the_settings_is_told_of(project: Path, run: Run) -> None:
    assert "must also stand under 'adjudicators'" in add(run, "ana", "adjudicator").err
    settings = project / "whatworks.toml"
    text = settings.read_text("utf-8").replace("adjudicators = []", 'adjudicators = ["ben"]')
    settings.write_text(text, "utf-8")
    assert add(run, "ben", "adjudicator", OTHER).err == ""
    assert "'adjudicators'" in run("user", "role", "ana", "adjudicator").err


def test_a_new_password_and_disabling_end_all_sessions(project: Path, run: Run) -> None:
    def sessions(store: Store) -> int:
        with store.reading() as connection:
            return len(connection.execute(login_session.select()).all())

    add(run, "ana", "owner")
    add(run, "ben", password=OTHER)
    with_store(project, lambda store: (log_in(store, "ana", PASSWORD), log_in(store, "ben", OTHER)))
    assert with_store(project, sessions) == 2
    ran = run("user", "password", "ana", "--password-stdin", stdin=b"eight slow trams\r\n")
    assert ran.out == "ana has a new password and is logged out everywhere.\n"
    assert with_store(project, sessions) == 1
    assert has_password(project, "ana", "eight slow trams")
    assert "Their decisions stay" in run("user", "disable", "ben").out
    assert with_store(project, sessions) == 0
    assert "disabled on 20" in run("user", "list").out
    assert with_store(project, lambda store: log_in(store, "ben", OTHER)) is None
    assert run("user", "enable", "ben").out == "ben can log in again as reviewer.\n"
    assert with_store(project, lambda store: log_in(store, "ben", OTHER)) is not None


@pytest.mark.parametrize("command", ["password", "disable", "enable"])
def test_an_unknown_name_is_told_with_the_nearest(project: Path, run: Run, command: str) -> None:
    add(run, "ana", "owner")
    ran = run("user", command, "anna", stdin=b"")
    assert ran.code == 1
    assert "Unknown account 'anna'. Nearest: 'ana'." in ran.err
