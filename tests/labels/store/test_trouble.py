"""Databases that are missing, damaged, locked, read-only, full or out of reach."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, insert, select, text

from tests.postgres import PostgresServer
from tests.stored import add as add_report
from tests.stored import report_of, with_codebook
from whatworks.labels.decisions import DecisionDraft, Verdict
from whatworks.labels.store import faults
from whatworks.labels.store.addresses import database_url
from whatworks.labels.store.database import Store, create_store, open_store
from whatworks.labels.store.decisions import record
from whatworks.labels.store.engines import make_engine
from whatworks.labels.store.faults import StoreError
from whatworks.labels.store.schema import annotator
from whatworks.nlp.errors import WhatworksError

REPORT = report_of("r.txt", "It worked.")


def ana(number: int = 1, size: int = 0) -> dict[str, object]:
    return {"id": number, "name": f"ana {number}" + "x" * size, "created_at": ""}


def add(store: Store, number: int = 1, size: int = 0) -> None:
    with store.writing() as connection:
        connection.execute(insert(annotator).values(ana(number, size)))


def ids(store: Store) -> list[int]:
    with store.reading() as connection:
        return list(connection.execute(select(annotator.c.id).order_by("id")).scalars())


@pytest.fixture
def path(tmp_path: Path, sqlite_template: Path) -> Path:
    """A SQLite project that nobody has open."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Path(shutil.copy(sqlite_template, folder / "project.db"))


# --- not there, not ours


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no such database.* whatworks init"):
        open_store(tmp_path / "project.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"my notes, quite long " * 50, b"\0" * 5000, b"short"])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "project.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="project.db: this is not a database"):
        open_store(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("tables", [[], ["CREATE TABLE passage (id TEXT)"]])
def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path, tables: list[str]) -> None:
    path = tmp_path / "project.db"
    other = sqlite3.connect(path)
    for table in [*tables, "PRAGMA user_version=7"]:
        other.execute(table)
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="holds no project of whatworks"):
        open_store(path)
    assert path.read_bytes() == before


def test_an_empty_file_is_no_project(tmp_path: Path) -> None:
    path = tmp_path / "project.db"
    path.touch()
    with pytest.raises(StoreError, match="holds no project of whatworks"):
        open_store(path)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="this is a folder"):
        open_store(tmp_path)


def test_a_project_is_not_made_in_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Choose a folder that you may write in"):
        create_store(tmp_path / "no" / "project.db")


def test_a_project_is_not_made_in_a_database_that_is_not_empty(postgres: PostgresServer) -> None:
    address = postgres.url(postgres.new_database())
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE payroll (id INTEGER)"))
    engine.dispose()
    with pytest.raises(StoreError, match="this database is not empty"):
        create_store(address)


def test_a_damaged_database_is_called_damaged(path: Path) -> None:
    store = open_store(path)
    for number in range(1, 100):
        add(store, number, size=3000)
    store.close()
    whole = path.read_bytes()
    at = whole.index(b"x" * 2000)
    path.write_bytes(whole[:at] + os.urandom(100_000) + whole[at + 100_000 :])
    store = open_store(path)
    with pytest.raises(StoreError, match=r"damaged\. Put the last backup in its place"):
        ids(store)
    store.close()


# --- locked


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "PATIENCE_S", 0.3)


@pytest.mark.usefixtures("impatient")
def test_who_writes_too_long_is_waited_for_and_then_told_of(address: URL) -> None:
    one, other = open_store(address), open_store(address)
    with one.writing() as connection:
        connection.execute(insert(annotator).values(ana()))
        with pytest.raises(StoreError, match=r"others have been writing .* Run the command again"):
            add(other, 2)
        assert ids(other) == []
    add(other, 2)
    assert ids(other) == [1, 2]
    one.close()
    other.close()


def test_who_writes_for_a_while_is_waited_for(address: URL) -> None:
    one, other = open_store(address), open_store(address)
    writing = threading.Event()

    def hold() -> None:
        with one.writing() as connection:
            connection.execute(insert(annotator).values(ana()))
            writing.set()
            threading.Event().wait(0.7)

    thread = threading.Thread(target=hold)
    thread.start()
    writing.wait()
    add(other, 2)
    thread.join()
    assert ids(other) == [1, 2]
    one.close()
    other.close()


@pytest.mark.usefixtures("impatient")
def test_a_database_that_another_program_locks_whole_is_told_of(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="others have been writing"):
        open_store(path)
    other.close()
    open_store(path).close()


# --- read-only


@pytest.fixture
def as_user() -> tuple[str, ...]:
    """What to put before a command so that permissions hold for it, for root too."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may do everything, and setpriv, which could forbid it, is missing")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


Ask = Callable[[Path], list[str]]


@pytest.fixture
def ask(as_user: tuple[str, ...]) -> Ask:
    """Opens, reads and writes a project as an ordinary user: what came of each, in a line."""
    script = """
import sys
from pathlib import Path
from sqlalchemy import insert, select
from whatworks.labels.store.database import open_store
from whatworks.labels.store.schema import annotator
from whatworks.nlp.errors import WhatworksError
try:
    store = open_store(Path(sys.argv[1]))
    with store.reading() as connection:
        print(list(connection.execute(select(annotator.c.id)).scalars()))
    with store.writing() as connection:
        connection.execute(insert(annotator).values(id=99, name="z", created_at=""))
    print("written")
except WhatworksError as error:
    print(error)
"""

    def run(path: Path) -> list[str]:
        command = [*as_user, sys.executable, "-c", script, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


@pytest.fixture
def closed(path: Path) -> Iterator[Callable[..., None]]:
    """Takes away the right to write, until the test is over."""
    kept: dict[Path, int] = {}

    def close(*parts: Path, mode: int = 0o222) -> None:
        for part in parts:
            kept[part] = part.stat().st_mode
            part.chmod(kept[part] & ~mode)

    yield close
    for part, before in reversed(kept.items()):
        part.chmod(before)


def filled(path: Path) -> None:
    store = open_store(path)
    add(store)
    store.close()


def test_a_read_only_file_is_read_and_not_written(
    path: Path, ask: Ask, closed: Callable[..., None]
) -> None:
    filled(path)
    closed(path)
    read, written = ask(path)
    assert read == "[1]"
    assert written.startswith(f"{path}: the file of the project's database may be read but not")


def test_a_read_only_folder_is_read_and_not_written(
    path: Path, ask: Ask, closed: Callable[..., None]
) -> None:
    filled(path)
    closed(path.parent)
    read, written = ask(path)
    assert read == "[1]"
    assert written.startswith(f"{path.parent}: the folder of the project's database may be read")


def test_a_read_only_file_in_a_read_only_folder_is_read(
    path: Path, ask: Ask, closed: Callable[..., None]
) -> None:
    filled(path)
    closed(path, path.parent)
    read, written = ask(path)
    assert read == "[1]"
    assert "may be read but not written. Nothing of this step was stored" in written


def test_a_read_only_folder_is_read_while_its_owner_writes(
    path: Path, ask: Ask, closed: Callable[..., None]
) -> None:
    """What the owner wrote last stands beside the file, and counts."""
    owner = open_store(path)
    add(owner)
    closed(path, path.parent)
    assert ask(path)[0] == "[1]"
    owner.close()


def test_work_that_a_killed_program_left_in_a_read_only_folder_is_not_overlooked(
    path: Path, ask: Ask, closed: Callable[..., None]
) -> None:
    owner = open_store(path)
    add(owner)
    log = path.with_name("project.db-wal")
    kept = log.read_bytes(), path.read_bytes()
    owner.close()
    log.write_bytes(kept[0])
    path.write_bytes(kept[1])
    closed(path, log, path.parent)
    (said,) = ask(path)
    assert "work of another program is not finished in it" in said
    assert "whatworks status" in said


def test_a_file_that_may_not_be_read_is_told_of(
    path: Path, ask: Ask, closed: Callable[..., None]
) -> None:
    closed(path, mode=0o777)
    (said,) = ask(path)
    assert said == f"{path}: you may not read the database. Ask its owner for the right to."


def test_a_folder_that_may_not_be_entered_is_told_of(
    path: Path, ask: Ask, closed: Callable[..., None]
) -> None:
    closed(path.parent, mode=0o777)
    (said,) = ask(path)
    assert said == f"{path}: you may not read the database. Ask its owner for the right to."


def test_a_file_that_changes_while_it_is_read_without_locks_is_told_of(path: Path) -> None:
    store = Store(make_engine(database_url(path), immutable=True))
    assert ids(store) == []

    def read_while_it_is_written() -> None:
        with store.reading() as connection:
            connection.execute(select(annotator)).all()
            filled(path)

    with pytest.raises(StoreError, match="somebody wrote the database while it was read"):
        read_while_it_is_written()
    assert ids(store) == [1]
    store.close()


def test_a_server_that_can_only_be_read_is_told_of(postgres: PostgresServer) -> None:
    name = postgres.new_database("project_template")
    postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store = open_store(postgres.url(name))
    assert ids(store) == []
    with pytest.raises(StoreError, match=r"this server can only be read\. Nothing of this step"):
        add(store)
    store.close()


def test_a_user_without_rights_is_told_so(postgres: PostgresServer) -> None:
    name = postgres.new_database("project_template")
    postgres.execute("CREATE ROLE guest LOGIN PASSWORD 'secret'")
    with pytest.raises(StoreError, match="the user may not do this") as raised:
        open_store(postgres.url_of("guest", "secret", name))
    assert "secret" not in str(raised.value)


def test_who_works_on_a_server_needs_to_own_nothing(postgres: PostgresServer) -> None:
    """And cannot take the triggers away then."""
    name = postgres.new_database("project_template")
    postgres.execute("CREATE ROLE worker LOGIN PASSWORD 'secret'")
    grants = (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO worker",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO worker",
    )
    owner = create_engine(postgres.url(name))
    with owner.begin() as connection:
        for grant in grants:
            connection.execute(text(grant))
    owner.dispose()
    store = open_store(postgres.url_of("worker", "secret", name))
    with_codebook(store)
    add_report(store, REPORT)
    record(store, DecisionDraft(REPORT.passages[0].id, "ana", Verdict.REJECT, key="k"))
    for statement in (
        "ALTER TABLE decision DISABLE TRIGGER decision_no_update",
        "DROP TRIGGER decision_no_update ON decision",
        "TRUNCATE decision CASCADE",
    ):
        with pytest.raises(StoreError, match="the user may not do this"):
            execute(store, statement)
    store.close()


def execute(store: Store, statement: str) -> None:
    with store.writing() as connection:
        connection.execute(text(statement))


# --- full


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("only root may make a small disk, and not in every container")
    yield folder
    # Also where a test failed and left a file open.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


FULL = r"small disk: the disk is full\. Nothing of this step was stored\. Free some space"


def test_a_project_on_a_disk_that_fills_up_keeps_what_was_acknowledged(small_disk: Path) -> None:
    store = create_store(small_disk / "project.db")
    acknowledged: list[int] = []

    def fill() -> None:
        for number in range(1, 1000):
            add(store, number, size=4000)
            acknowledged.append(number)

    with pytest.raises(StoreError, match=FULL):
        fill()
    assert len(acknowledged) > 10
    assert ids(store) == acknowledged
    with pytest.raises(StoreError, match=FULL):
        add(store, 1000, size=400_000)
    store.close()
    store = open_store(small_disk / "project.db")
    assert ids(store) == acknowledged
    with store.reading() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    store.close()


def test_a_project_goes_on_when_there_is_space_again(small_disk: Path) -> None:
    store = create_store(small_disk / "project.db")
    ballast = small_disk / "ballast"
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(bytes(free - 16_384))
    with pytest.raises(StoreError, match=FULL):
        add(store, 1, size=100_000)
    ballast.unlink()
    add(store, 2, size=100_000)
    assert ids(store) == [2]
    store.close()


@pytest.mark.parametrize("left", [0, 4096, 40_000])
def test_a_project_is_opened_on_a_full_disk_or_says_that_it_is_full(
    small_disk: Path, left: int
) -> None:
    create_store(small_disk / "project.db").close()
    free = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(bytes(free - left))
    try:
        store = open_store(small_disk / "project.db")
        with closing(store):
            assert ids(store) == []
    except StoreError as error:
        assert re.search(FULL, str(error))  # noqa: PT017


def test_no_half_project_is_left_on_a_disk_that_is_too_small(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(shutil.disk_usage(small_disk).free - 100_000))
    with pytest.raises(StoreError, match=FULL):
        create_store(small_disk / "project.db")
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]


# --- out of reach


def test_a_wrong_password_is_told_without_saying_it(postgres: PostgresServer) -> None:
    with pytest.raises(StoreError, match="password authentication failed") as raised:
        open_store(postgres.url_of("postgres", "hunter2"))
    assert "hunter2" not in str(raised.value)
    assert "the password (PGPASSWORD or ~/.pgpass)" in str(raised.value)


def test_a_database_that_the_server_does_not_have_is_named(postgres: PostgresServer) -> None:
    with pytest.raises(StoreError, match='database "elsewhere" does not exist'):
        open_store(postgres.url("elsewhere"))


@pytest.mark.parametrize("host", ["127.0.0.1:1", "no-such-host.invalid"])
def test_a_server_that_is_not_there_is_told_without_the_password(host: str) -> None:
    with pytest.raises(StoreError, match=r"cannot be reached .* Check that the server runs") as one:
        open_store(f"postgresql://ana:hunter2@{host}/project")
    assert "hunter2" not in str(one.value)


def test_a_server_that_goes_away_is_told_of_and_found_again(postgres: PostgresServer) -> None:
    store = open_store(postgres.url(postgres.new_database("project_template")))

    def write_while_it_stops() -> None:
        with store.writing() as connection:
            connection.execute(insert(annotator).values(ana()))
            backend = connection.execute(text("SELECT pg_backend_pid()")).scalar()
            postgres.execute(f"SELECT pg_terminate_backend({backend})")
            connection.execute(insert(annotator).values(ana(2)))

    with pytest.raises(StoreError, match="what was not acknowledged may be sent again"):
        write_while_it_stops()
    assert ids(store) == []
    add(store)
    assert ids(store) == [1]
    store.close()


def test_without_its_driver_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(WhatworksError, match=r"pip install 'whatworks\[postgres\]'") as raised:
        open_store("postgresql://ana:hunter2@server/project")
    assert "hunter2" not in str(raised.value)
