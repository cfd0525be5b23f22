import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.postgres import PostgresServer
from whatworks.labels.store import database
from whatworks.labels.store.addresses import database_url, told
from whatworks.labels.store.database import Store, create_store, open_store
from whatworks.labels.store.faults import StoreError
from whatworks.labels.store.schema import annotator, assignment, project, round_
from whatworks.nlp.errors import WhatworksError

ANA = {"name": "ana", "created_at": "2026-11-23T15:04:05.123456Z"}


def names(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(annotator.c.name)).scalars())


def test_a_new_project_has_a_key_no_decisions_and_the_round_reading(store: Store) -> None:
    with store.reading() as connection:
        row = connection.execute(select(project)).one()
        (reading,) = connection.execute(select(round_)).all()
    assert (len(row.key), row.decisions, row.head) == (32, 0, "")
    assert (reading.name, reading.purpose, reading.blind) == ("reading", "reading", False)
    assert (reading.strategy, reading.seed, reading.closed_at) == ("reviewer's choice", None, None)


def test_two_projects_have_different_keys(tmp_path: Path) -> None:
    keys = set()
    for name in ("a.db", "b.db"):
        store = create_store(tmp_path / name)
        with store.reading() as connection:
            keys.add(connection.scalar(select(project.c.key)))
        store.close()
    assert len(keys) == 2


def test_a_project_cannot_hold_a_second_row_about_itself(store: Store) -> None:
    row = {"id": 2, "key": "k", "created_at": "", "decisions": 0, "head": ""}
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(insert(project).values(row))


def test_a_project_is_not_made_where_there_is_one(address: URL) -> None:
    with pytest.raises(StoreError, match="in it, or"):
        create_store(address)
    open_store(address).close()


def test_a_file_of_the_wanted_name_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "project.db"
    path.write_text("my notes")
    with pytest.raises(StoreError, match="there is a file of that name already"):
        create_store(path)
    assert path.read_text() == "my notes"
    assert list(tmp_path.iterdir()) == [path]


def test_of_two_who_make_a_project_at_once_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "project.db"
    begin = database._begin_project

    def slower(connection: object) -> None:
        monkeypatch.setattr(database, "_begin_project", begin)
        create_store(path).close()
        begin(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "_begin_project", slower)
    with pytest.raises(StoreError, match="there is a file of that name already"):
        create_store(path)
    open_store(path).close()
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_system_without_links_can_hold_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    create_store(tmp_path / "project.db").close()
    open_store(tmp_path / "project.db").close()
    assert [path.name for path in tmp_path.iterdir()] == ["project.db"]


KILLED = """
import os, sys
from whatworks.labels.store import database
migrate = database.migrate
def killed(connection):
    migrate(connection)
    os.kill(os.getpid(), 9)
database.migrate = killed
database.create_store(sys.argv[1])
"""


def test_a_project_whose_making_was_killed_does_not_exist_and_can_be_made(
    tmp_path: Path, run_python: Callable[..., int]
) -> None:
    path = tmp_path / "project.db"
    assert run_python(KILLED, database_url(path).render_as_string()) == -9
    with pytest.raises(StoreError, match="there is no such database"):
        open_store(path)
    create_store(path).close()


def test_a_project_on_a_server_whose_making_was_killed_can_be_made(
    postgres: PostgresServer, run_python: Callable[..., int]
) -> None:
    address = postgres.url(postgres.new_database())
    assert run_python(KILLED, address.render_as_string()) == -9
    with pytest.raises(StoreError, match="holds no project of whatworks"):
        open_store(address)
    create_store(address).close()


@pytest.mark.parametrize("name", ["a b.db", "50%20?.db", "année#1.db", "Ω&x=1.db"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a # folder?" / name
    path.parent.mkdir()
    store = create_store(path)
    with store.writing() as connection:
        connection.execute(insert(annotator).values(ANA))
    store.close()
    store = open_store(path)
    assert names(store) == ["ana"]
    store.close()
    assert list(path.parent.iterdir()) == [path]


def test_what_was_written_is_there_for_others(store: Store, address: URL) -> None:
    with store.writing() as connection:
        connection.execute(insert(annotator).values(ANA))
    other = open_store(address)
    assert names(other) == ["ana"]
    other.close()


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.writing() as connection:
            connection.execute(insert(annotator).values(ANA))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(store) == []
    with store.writing() as connection:
        connection.execute(insert(annotator).values(ANA))
    assert names(store) == ["ana"]


def test_reading_sees_one_state_while_others_write(store: Store, address: URL) -> None:
    other = open_store(address)
    count = select(func.count()).select_from(annotator)
    with store.reading() as connection:
        before = connection.scalar(count)
        with other.writing() as elsewhere:
            elsewhere.execute(insert(annotator).values(ANA))
        assert connection.scalar(count) == before == 0
    assert names(store) == ["ana"]
    other.close()


def test_reading_changes_nothing(store: Store) -> None:
    with pytest.raises(DBAPIError), store.reading() as connection:
        connection.execute(insert(annotator).values(ANA))
    assert names(store) == []
    # Nor does the connection stay so when it is used again.
    with store.writing() as connection:
        connection.execute(insert(annotator).values(ANA))
    assert names(store) == ["ana"]


def test_a_reference_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(insert(assignment).values(selection_id=7, annotator_id=7))


def test_writers_wait_for_each_other_so_that_no_change_is_lost(store: Store) -> None:
    """Eight threads add one to a number they have read before: without waiting, some are lost."""
    failed = []

    def add() -> None:
        try:
            for _ in range(10):
                with store.writing() as connection:
                    number = connection.scalar(select(project.c.decisions))
                    assert number is not None
                    connection.execute(update(project).values(decisions=number + 1))
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with store.reading() as connection:
        assert connection.scalar(select(project.c.decisions)) == 80


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_sqlite_commit_reaches_the_disk_before_it_returns(store: Store) -> None:
    with store.writing() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas]
    assert values == ["wal", 2, 1, 60_000]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:////srv/a.db", "sqlite+pysqlite:////srv/a.db"),
        (Path("/srv/a.db"), "sqlite+pysqlite:////srv/a.db"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg2://u@h:99/d?sslmode=require",
         "postgresql+psycopg://u@h:99/d?sslmode=require"),
    ],
)  # fmt: skip
def test_addresses_name_the_engine_that_is_used(given: str | Path, expected: str) -> None:
    assert database_url(given).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mysql://ana:secret@host/d", "Databases of kind 'mysql' are not known"),
        ("whatworks.db", "cannot be understood"),
        ("postgresql://ana:secret@host:port/d", "cannot be understood"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("", "cannot be understood"),
    ],
)
def test_a_wrong_address_is_told_without_its_password(given: str, said: str) -> None:
    with pytest.raises(WhatworksError, match=said) as raised:
        database_url(given)
    assert "secret" not in str(raised.value)
    assert "'sqlite:///whatworks.db'" in str(raised.value)


def test_an_address_is_told_without_its_password() -> None:
    assert told(database_url("postgres://ana:secret@h/d?x=1")) == "postgresql://ana@h/d"
    assert told(database_url(Path("/srv/a.db"))) == "/srv/a.db"
