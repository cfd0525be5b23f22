import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.labels.store.rows import add_rows
from tests.postgres import PostgresServer
from whatworks.labels.store import migrations
from whatworks.labels.store.addresses import database_url, sqlite_file
from whatworks.labels.store.database import Store, create_store, open_store
from whatworks.labels.store.engines import make_engine
from whatworks.labels.store.faults import NewerStoreError, OlderStoreError, StoreError
from whatworks.labels.store.guards import missing_guards
from whatworks.labels.store.schema import metadata
from whatworks.labels.store.upgrade import upgrade_store
from whatworks.nlp.errors import WhatworksError

LATER = Path(__file__).parent / "later"
NOW = migrations.REVISIONS[-1]
NextRevision = Callable[[Path], None]


@pytest.fixture
def next_revision(monkeypatch: pytest.MonkeyPatch) -> NextRevision:
    """Makes this a version of the program that has one more revision, in that folder."""

    def add(folder: Path) -> None:
        monkeypatch.setattr(migrations, "REVISIONS", [*migrations.REVISIONS, "9001"])
        monkeypatch.setattr(migrations, "LOCATIONS", [*migrations.LOCATIONS, folder])

    return add


@pytest.fixture
def older(address: URL) -> URL:
    """A database with a row in every table, of before the next revision."""
    store = open_store(address)
    with store.writing() as connection:
        add_rows(connection)
    store.close()
    return address


def contents(address: URL) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that there are, whatever their revision."""
    with read(address) as connection:
        return {
            name: sorted(tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')))
            for name in inspect(connection).get_table_names()
        }


@contextmanager
def read(address: URL) -> Iterator[Connection]:
    """A connection to it, whatever its revision."""
    engine = make_engine(address)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def wrong_revision(folder: Path, *lines: str) -> Path:
    """A revision that begins like the right one and ends with these lines."""
    folder.mkdir(exist_ok=True)
    whole = (LATER / "revision_9001.py").read_text("utf-8")
    (folder / "revision_9001.py").write_text(whole + "".join(f"    {line}\n" for line in lines))
    return folder


def test_an_older_database_is_not_opened_and_the_cure_is_named(
    older: URL, next_revision: NextRevision
) -> None:
    next_revision(LATER)
    with pytest.raises(OlderStoreError, match=r"Run: whatworks upgrade \(it makes a backup first"):
        open_store(older)


def test_an_upgrade_moves_a_database_up_and_keeps_every_row(
    older: URL, next_revision: NextRevision, tmp_path: Path
) -> None:
    before = contents(older)
    next_revision(LATER)
    done = upgrade_store(older, folder=tmp_path)
    assert (done.before, done.after) == (NOW, "9001")
    after = contents(older)
    assert after.pop("later") == []
    assert after.pop("whatworks_revision") == [("9001",)]
    (row,) = after.pop("decision")
    assert row == (*before.pop("decision")[0], "a terminal")
    assert before.pop("whatworks_revision") == [(NOW,)]
    assert after == before
    open_store(older).close()


def test_an_upgraded_database_refuses_changes_as_before(
    older: URL, next_revision: NextRevision, tmp_path: Path
) -> None:
    next_revision(LATER)
    upgrade_store(older, folder=tmp_path)
    store = open_store(older)
    with store.reading() as connection:
        assert missing_guards(connection) == []
    with pytest.raises(IntegrityError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text("UPDATE decision SET comment = 'forged'"))
    store.close()


def test_a_backup_is_a_database_that_the_older_program_opens(
    older: URL,
    next_revision: NextRevision,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    before = contents(older)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "REVISIONS", [*migrations.REVISIONS, "9001"])
        patched.setattr(migrations, "LOCATIONS", [*migrations.LOCATIONS, LATER])
        backup = upgrade_store(older, folder=tmp_path).backup
    assert backup is not None
    database = sqlite_file(older)
    if database is not None:
        assert backup.parent == database.parent
        assert backup.name.startswith(f"project.db.backup-{NOW}-20")
        restored = make_engine(older.set(database=str(backup))).url
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        restored = server.url(server.new_database())
        command = ["pg_restore", "--dbname", restored.render_as_string(), str(backup)]
        subprocess.run(command, check=True, capture_output=True)
    assert contents(restored) == before
    store = open_store(restored)
    with store.reading() as connection:
        assert missing_guards(connection) == []
    store.close()
    assert [path for path in tmp_path.iterdir() if ".new" in path.name] == []


def test_the_backup_is_open_to_those_who_may_read_the_database_and_nobody_else(
    tmp_path: Path, next_revision: NextRevision
) -> None:
    path = tmp_path / "project.db"
    create_store(path).close()
    path.chmod(0o640)
    next_revision(LATER)
    backup = upgrade_store(path).backup
    assert backup is not None
    assert backup.stat().st_mode & 0o777 == 0o640


def test_a_database_put_back_from_its_backup_is_written_ahead_again(
    tmp_path: Path, next_revision: NextRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "project.db"
    create_store(path).close()
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "REVISIONS", [*migrations.REVISIONS, "9001"])
        patched.setattr(migrations, "LOCATIONS", [*migrations.LOCATIONS, LATER])
        backup = upgrade_store(path).backup
    assert backup is not None
    backup.replace(path)
    store = open_store(path)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    store.close()


def test_a_database_at_the_newest_revision_is_left_alone(address: URL, tmp_path: Path) -> None:
    before = contents(address)
    done = upgrade_store(address, folder=tmp_path)
    assert (done.before, done.after, done.backup) == (NOW, NOW, None)
    assert contents(address) == before
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


@pytest.mark.parametrize(
    "lines",
    [
        ('op.execute("INSERT INTO later (id) VALUES (1), (1)")',),
        ('op.execute("UPDATE no_such_table SET id = 1")',),
        ('op.execute("DELETE FROM report WHERE id = 1")',),
    ],
    ids=["a key twice", "no such table", "rows that refer to nothing"],
)
def test_a_failed_upgrade_leaves_the_database_as_it_was(
    older: URL, next_revision: NextRevision, tmp_path: Path, lines: tuple[str, ...]
) -> None:
    before = contents(older)
    next_revision(wrong_revision(tmp_path / "wrong", *lines))
    with pytest.raises(WhatworksError, match="It is as it was before"):
        upgrade_store(older, folder=tmp_path)
    assert contents(older) == before
    with read(older) as connection:
        assert missing_guards(connection) == []
        assert migrations.revision(connection) == NOW


SCRIPT = """
import sys
from pathlib import Path
from whatworks.labels.store import migrations
from whatworks.labels.store.upgrade import upgrade_store
migrations.REVISIONS.append("9001")
migrations.LOCATIONS.append(Path(sys.argv[2]))
upgrade_store(sys.argv[1], folder=Path(sys.argv[3]))
"""


def test_an_upgrade_that_is_killed_leaves_the_database_as_it_was(
    older: URL, tmp_path: Path, run_python: Callable[..., int]
) -> None:
    before = contents(older)
    folder = wrong_revision(tmp_path / "wrong", "import os", "os.kill(os.getpid(), 9)")
    assert run_python(SCRIPT, older.render_as_string(False), folder, tmp_path) == -9
    assert contents(older) == before
    store = open_store(older)
    with store.reading() as connection:
        assert missing_guards(connection) == []
    store.close()


def test_a_newer_database_is_neither_opened_nor_upgraded(
    address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "REVISIONS", [*migrations.REVISIONS, "9001"])
        patched.setattr(migrations, "LOCATIONS", [*migrations.LOCATIONS, LATER])
        upgrade_store(address, folder=tmp_path)
    before = contents(address)
    for use in (open_store, upgrade_store):
        with pytest.raises(NewerStoreError, match="pip install --upgrade whatworks"):
            use(address)
    assert contents(address) == before


def test_a_program_that_runs_on_through_an_upgrade_stores_nothing_more(
    store: Store, address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "REVISIONS", [*migrations.REVISIONS, "9001"])
        patched.setattr(migrations, "LOCATIONS", [*migrations.LOCATIONS, LATER])
        upgrade_store(address, folder=tmp_path)
    with pytest.raises(NewerStoreError), store.writing() as connection:
        connection.execute(text("INSERT INTO annotator VALUES (1, 'ana', '')"))
    with store.reading() as connection:
        assert connection.execute(select(metadata.tables["annotator"])).all() == []


def test_an_upgrade_without_a_backup_needs_that_the_user_says_so(
    older: URL, next_revision: NextRevision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_revision(LATER)
    done = upgrade_store(older, folder=tmp_path, backup_made=True)
    assert (done.after, done.backup) == ("9001", None)
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


def test_a_server_that_asks_for_a_password_is_backed_up_too(
    postgres: PostgresServer, next_revision: NextRevision, tmp_path: Path
) -> None:
    postgres.execute("CREATE ROLE upgrader LOGIN SUPERUSER PASSWORD 'a b@:/%'")
    name = postgres.new_database("project_template")
    next_revision(LATER)
    backup = upgrade_store(postgres.url_of("upgrader", "a b@:/%", name), folder=tmp_path).backup
    assert backup is not None
    assert backup.stat().st_size > 10_000


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_without_pg_dump_nothing_is_changed_and_the_way_on_is_named(
    older: URL, next_revision: NextRevision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(older)
    next_revision(LATER)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WhatworksError, match="whatworks upgrade --backup-made"):
        upgrade_store(older, folder=tmp_path)
    assert contents(older) == before


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_a_pg_dump_that_fails_is_quoted_and_nothing_is_changed(
    older: URL, next_revision: NextRevision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(older)
    next_revision(LATER)
    for name in ("pg_dump", "pg_restore"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\necho 'aborting because of server version' >&2\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    with pytest.raises(WhatworksError, match="It says: aborting because of server version"):
        upgrade_store(older, folder=tmp_path)
    assert contents(older) == before
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


def test_a_damaged_database_is_not_upgraded(tmp_path: Path, next_revision: NextRevision) -> None:
    path = tmp_path / "project.db"
    store = create_store(path)
    with store.writing() as connection:
        add_rows(connection)
        for number in range(200):
            connection.execute(
                text("INSERT INTO annotator VALUES (:id, :name, '')"),
                {"id": number + 10, "name": f"{number:0200}"},
            )
    store.close()
    whole = path.read_bytes()
    # Where the names stand, not where SQLite would look to open it.
    at = whole.rindex(b"0" * 100)
    path.write_bytes(whole[: at - 2000] + bytes(4000) + whole[at + 2000 :])
    next_revision(LATER)
    with pytest.raises(WhatworksError, match="damaged"):
        upgrade_store(path)
    with read(database_url(path)) as connection:
        assert migrations.revision(connection) == NOW


def test_a_database_of_something_else_is_not_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")
    engine.dispose()
    with pytest.raises(StoreError, match="holds no project of whatworks"):
        upgrade_store(path)
