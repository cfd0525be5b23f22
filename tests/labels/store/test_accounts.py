from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from tests.labels.store.seeds import draft, seed_project
from whatworks.labels import passwords
from whatworks.labels.accounts import Role
from whatworks.labels.store import accounts as stored_accounts
from whatworks.labels.store import guards, migrations, sessions
from whatworks.labels.store.accounts import (
    add_account,
    all_accounts,
    find_account,
    has_owner,
    is_password,
    set_disabled,
    set_password,
    set_role,
)
from whatworks.labels.store.database import Store, create_store, open_store
from whatworks.labels.store.decisions import record
from whatworks.labels.store.schema import APPEND_ONLY, account, annotator, login_session
from whatworks.labels.store.sessions import (
    IDLE,
    LONGEST,
    end_session,
    find_session,
    hash_of,
    keep_alive,
    log_in,
)
from whatworks.labels.store.upgrade import upgrade_store
from whatworks.nlp.errors import WhatworksError

PASSWORD = "purple onion harbour"
OTHER = "four grey lanterns"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", hasher)


class Clock:
    """The time of sessions, set forward by the test."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(sessions, "_now", made)
    return made


def session_name(store: Store, token: str) -> str | None:
    with store.reading() as connection:
        found = find_session(connection, token)
    return found.account.name if found else None


def logged_in(store: Store, name: str = "Ana", password: str = PASSWORD) -> str:
    token = log_in(store, name, password)
    assert token is not None
    return token


def sessions_kept(store: Store) -> int:
    with store.reading() as connection:
        return len(connection.execute(select(login_session)).all())


def test_an_account_is_found_in_any_spelling(store: Store) -> None:
    made = add_account(store, "  Ana  Lima ", Role.OWNER, PASSWORD)
    assert (made.name, made.role, made.disabled_at) == ("Ana Lima", Role.OWNER, None)
    with store.reading() as connection:
        assert find_account(connection, "ana lima") == made
        assert all_accounts(connection) == [made]
        with pytest.raises(WhatworksError, match=r"Unknown account 'an lima'.* 'Ana Lima'"):
            find_account(connection, "an lima")


def test_a_name_has_one_account(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    with pytest.raises(WhatworksError, match="'Ana' has an account already"):
        add_account(store, "ANA", Role.REVIEWER, OTHER)


def test_an_account_takes_over_what_was_decided_under_its_name(store: Store) -> None:
    (first, *_) = seed_project(store)
    record(store, draft(first, "ana", ["lesson"]))
    made = add_account(store, "Ana", Role.REVIEWER, PASSWORD)
    assert made.name == "ana"
    with store.reading() as connection:
        assert connection.scalars(select(annotator.c.name)).all() == ["ana"]


@pytest.mark.parametrize(
    ("name", "password", "message"),
    [
        ("", PASSWORD, "needs a name"),
        ("a\x07", PASSWORD, "control character"),
        ("a" * 201, PASSWORD, "at most 200"),
        ("Ana", "short", "at least 12"),
    ],
)
def test_an_account_that_will_not_do_is_not_stored(
    store: Store, name: str, password: str, message: str
) -> None:
    with pytest.raises(WhatworksError, match=message):
        add_account(store, name, Role.OWNER, password)
    with store.reading() as connection:
        assert all_accounts(connection) == []
        assert not has_owner(connection)
        with pytest.raises(WhatworksError, match="whatworks user add NAME"):
            find_account(connection, "Ana")


def test_the_last_owner_stays_one(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    add_account(store, "Ben", Role.REVIEWER, OTHER)
    for change in (
        lambda: set_role(store, "Ana", Role.REVIEWER),
        lambda: set_disabled(store, "Ana", True),
    ):
        with pytest.raises(WhatworksError, match="'Ana' is the only owner"):
            change()
    with store.reading() as connection:
        assert has_owner(connection)
        assert find_account(connection, "Ana").role is Role.OWNER
    assert set_role(store, "Ben", Role.OWNER).role is Role.OWNER
    assert set_disabled(store, "Ana", True).disabled_at is not None
    with pytest.raises(WhatworksError, match="'Ben' is the only owner"):
        set_role(store, "Ben", Role.ADJUDICATOR)
    assert set_disabled(store, "Ana", False).disabled_at is None


def test_the_right_password_makes_a_session_and_nothing_else_does(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    token = logged_in(store, "ANA")
    assert session_name(store, token) == "Ana"
    assert len(token) == 43, "32 random bytes"
    assert token != logged_in(store)
    for name, password in (
        ("Ana", OTHER),
        ("Ana", ""),
        ("Ben", PASSWORD),
        ("", PASSWORD),
        ("Ana\0", PASSWORD),
        ("\udc00", "\udc00"),
        ("Ana" + "\u0316\u0301" * 400_000, PASSWORD),
        ("Ana", PASSWORD + "\u0316\u0301" * 400_000),
    ):
        assert log_in(store, name, password) is None
    for wrong in ("", "x", token[:-1], token.upper(), hash_of(token), "\udc00"):
        assert session_name(store, wrong) is None


def test_what_the_database_holds_opens_no_session(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    token = logged_in(store)
    with store.reading() as connection:
        (row,) = connection.execute(select(login_session)).all()
        (kept,) = connection.execute(select(account)).all()
    assert token not in str(row)
    assert PASSWORD not in str(kept)
    assert kept.password_hash.startswith("$argon2id$")
    assert session_name(store, row.token_hash) is None


def test_a_password_is_hashed_anew_when_the_parameters_grow(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add_account(store, "Ana", Role.OWNER, PASSWORD)
    monkeypatch.setattr(
        passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=128, parallelism=1)
    )
    assert log_in(store, "Ana", OTHER) is None
    logged_in(store)
    with store.reading() as connection:
        hashed = connection.scalar(select(account.c.password_hash))
        assert is_password(connection, made.id, PASSWORD)
    assert hashed is not None
    assert "$m=128,t=2,p=1$" in hashed
    logged_in(store)


def test_logging_out_ends_the_session_alone(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    here, there = logged_in(store), logged_in(store)
    end_session(store, here)
    assert session_name(store, here) is None
    assert session_name(store, there) == "Ana"


def test_disabling_an_account_ends_its_sessions_at_once_and_for_good(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    add_account(store, "Ben", Role.REVIEWER, OTHER)
    ana, ben = logged_in(store), logged_in(store, "Ben", OTHER)
    set_disabled(store, "Ben", True)
    assert session_name(store, ben) is None
    assert log_in(store, "Ben", OTHER) is None
    assert session_name(store, ana) == "Ana"
    set_disabled(store, "Ben", False)
    assert session_name(store, ben) is None
    assert session_name(store, logged_in(store, "Ben", OTHER)) == "Ben"


def test_a_session_of_a_disabled_account_is_none_even_if_it_is_still_stored(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    token = logged_in(store)
    with store.writing() as connection:
        connection.execute(update(account).values(disabled_at="2026-11-23T00:00:00.000000Z"))
    assert session_name(store, token) is None


def test_a_new_password_ends_all_sessions_but_the_one_it_was_set_in(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    add_account(store, "Ben", Role.REVIEWER, OTHER)
    ben = logged_in(store, "Ben", OTHER)
    here, there = logged_in(store), logged_in(store)
    set_password(store, "Ana", OTHER, keep=hash_of(here))
    assert session_name(store, here) == "Ana"
    assert session_name(store, there) is None
    assert session_name(store, ben) == "Ben"
    assert log_in(store, "Ana", PASSWORD) is None
    set_password(store, "Ana", PASSWORD)
    assert session_name(store, here) is None


def test_one_cannot_keep_the_session_of_somebody_else(store: Store) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    add_account(store, "Ben", Role.REVIEWER, OTHER)
    ana, ben = logged_in(store), logged_in(store, "Ben", OTHER)
    set_password(store, "Ana", OTHER, keep=hash_of(ben))
    assert session_name(store, ana) is None


@pytest.mark.parametrize("change", ["password", "disable"])
def test_what_changes_while_a_password_is_compared_counts(
    store: Store, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    add_account(store, "Ben", Role.OWNER, OTHER)
    really = sessions.matches

    def slowly(stored: str | None, password: str) -> bool:
        found = really(stored, password)
        if change == "password":
            set_password(store, "Ana", OTHER)
        else:
            set_disabled(store, "Ana", True)
        return found

    monkeypatch.setattr(sessions, "matches", slowly)
    assert log_in(store, "Ana", PASSWORD) is None
    assert sessions_kept(store) == 0


def test_a_session_ends_after_half_a_day_without_a_request(store: Store, clock: Clock) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    token = logged_in(store)
    clock.now += IDLE - timedelta(seconds=1)
    assert session_name(store, token) == "Ana"
    clock.now += timedelta(seconds=1)
    assert session_name(store, token) is None


def test_requests_keep_a_session_alive_up_to_two_weeks(store: Store, clock: Clock) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    token = logged_in(store)
    began = clock.now
    for hours in range(0, 14 * 24, 11):
        clock.now = began + timedelta(hours=hours)
        with store.reading() as connection:
            found = find_session(connection, token)
        assert found is not None
        keep_alive(store, found)
    clock.now = began + LONGEST - timedelta(seconds=1)
    assert session_name(store, token) == "Ana"
    clock.now += timedelta(seconds=1)
    assert session_name(store, token) is None


def test_that_a_session_lives_is_not_written_at_every_request(store: Store, clock: Clock) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    token = logged_in(store)

    def seen() -> str:
        with store.reading() as connection:
            found = find_session(connection, token)
        assert found is not None
        keep_alive(store, found)
        with store.reading() as connection:
            return str(connection.scalar(select(login_session.c.seen_at)))

    first = seen()
    clock.now += timedelta(minutes=9)
    assert seen() == first
    clock.now += timedelta(minutes=2)
    assert seen() > first


def test_sessions_that_ended_are_cleared_away_by_the_next_login(store: Store, clock: Clock) -> None:
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    logged_in(store)
    clock.now += timedelta(hours=6)
    logged_in(store)
    clock.now += timedelta(hours=7)
    logged_in(store)
    assert sessions_kept(store) == 2


def test_nothing_is_written_while_a_password_is_hashed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a third of a second: other people's decisions must not wait for it."""
    really = passwords.hash_password

    def hashing(password: str) -> str:
        with store.writing() as connection:
            connection.execute(select(1))
        return really(password)

    monkeypatch.setattr(stored_accounts, "hash_password", hashing)
    monkeypatch.setattr(stored_accounts, "check_password", lambda *_: None)
    monkeypatch.setattr("whatworks.labels.store.faults.PATIENCE_S", 0.2)
    add_account(store, "Ana", Role.OWNER, PASSWORD)
    set_password(store, "Ana", OTHER)


def test_a_project_of_before_accounts_is_moved_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tmp_path / "versions"
    first.mkdir()
    source = migrations.LOCATIONS[0] / "revision_0001.py"
    (first / source.name).write_text(source.read_text("utf-8"), "utf-8")
    path = tmp_path / "project.db"
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "REVISIONS", ["0001"])
        patched.setattr(migrations, "LOCATIONS", [first])
        later = ("register_entry", "register_fact", "screening", "appraisal")
        patched.setattr(guards, "APPEND_ONLY", [one for one in APPEND_ONLY if one not in later])
        older = create_store(path)
        (one, *_) = seed_project(older)
        record(older, draft(one, "ana", ["lesson"]))
        older.close()
    assert upgrade_store(path).after == migrations.REVISIONS[-1]
    store = open_store(path)
    assert add_account(store, "Ana", Role.OWNER, PASSWORD).name == "ana"
    assert session_name(store, logged_in(store)) == "ana"
    store.close()
