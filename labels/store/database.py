"""Opens the database of a project, SQLite or PostgreSQL, and makes transactions of it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, insert, inspect

from . import migrations
from .addresses import database_url, sqlite_file, told
from .engines import READING, WRITING, log_ahead, make_engine, opened, unchanged
from .faults import NewerStoreError, OlderStoreError, StoreError, plainly
from .migrations import migrate, revision
from .schema import project, round_

READING_ROUND = "reading"
"""Name of the round that decisions belong to which no round asked for."""


def utc_now() -> str:
    """'2026-11-23T15:04:05.123456Z'."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Store:
    """An open database of a project."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def where(self) -> str:
        """Its path, or its address without the password: for messages."""
        return told(self.engine.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database throughout and changes nothing."""
        with (
            plainly(self.engine.url, reading=True),
            unchanged(self.engine),
            self.engine.connect().execution_options(**READING) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer runs beside; done whole or not at all.

        Raises:
            StoreError: Others wrote for longer than one can wait, the database may not be
                written, the disk is full, another program moved the database up. Then nothing
                of it is stored.
        """
        with writing(self.engine) as connection:
            # A program that ran on while the database was moved up does not know its tables.
            if migrations.stands_at(connection) != migrations.REVISIONS[-1]:
                raise NewerStoreError(self.where)
            yield connection

    def close(self) -> None:
        """Closes its connections."""
        self.engine.dispose()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other writer runs beside, whatever the revision of the database."""
    with (
        plainly(engine.url),
        engine.connect().execution_options(**WRITING) as connection,
        connection.begin(),
    ):
        yield connection


def create_store(address: str | Path | URL) -> Store:
    """Makes the database of a new project: its tables, its key, and the round 'reading'.

    A SQLite file appears under its name only when it is whole; on PostgreSQL the (empty)
    database has to be there, and everything is made in one transaction.

    Raises:
        StoreError: There is a project already, or the place cannot be written.
    """
    url = database_url(address)
    path = sqlite_file(url)
    if path is None:
        _create_postgresql(url)
    else:
        _create_sqlite(url, path)
    return open_store(url)


def open_store(address: str | Path | URL) -> Store:
    """The database of a project.

    A SQLite file that may not be written can still be read.

    Raises:
        OlderStoreError: It was made by an older whatworks.
        NewerStoreError: It was made by a newer one.
        StoreError: It is missing, cannot be reached, or is no database of whatworks.
    """
    url = database_url(address)
    store = Store(opened(url))
    try:
        with store.reading() as connection:
            check_revision(connection, store.where)
        log_ahead(store.engine)
    except BaseException:
        store.close()
        raise
    return store


def check_revision(connection: Connection, where: str) -> None:
    """Raises a StoreError unless it is a project that this version of whatworks works with."""
    if known_revision(connection, where) != migrations.REVISIONS[-1]:
        raise OlderStoreError(where)


def known_revision(connection: Connection, where: str) -> str:
    """The revision of a project's database, this version's or an older one."""
    found = revision(connection)
    if found is None:
        raise StoreError(
            f"{where}: this database holds no project of whatworks. Check the address in "
            "whatworks.toml, or make a project with: whatworks init"
        )
    if found not in migrations.REVISIONS:
        raise NewerStoreError(where)
    return found


def _begin_project(connection: Connection) -> None:
    migrate(connection)
    now = utc_now()
    connection.execute(
        insert(project).values(
            id=1, key=secrets.token_hex(16), created_at=now, decisions=0, head=""
        )
    )
    connection.execute(
        insert(round_).values(
            name=READING_ROUND,
            purpose="reading",
            strategy="reviewer's choice",
            blind=False,
            created_at=now,
            created_by="",
        )
    )


def _create_postgresql(url: URL) -> None:
    engine = make_engine(url)
    try:
        with writing(engine) as connection:
            if inspect(connection).get_table_names():
                raise StoreError(
                    f"{told(url)}: this database is not empty. Open the project that is in it, "
                    "or make an empty database with: createdb NAME"
                )
            _begin_project(connection)
    finally:
        engine.dispose()


def _create_sqlite(url: URL, path: Path) -> None:
    _refuse_existing(path)
    # Built beside it and then named: a project that is half made never stands under the name.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        with draft.open("xb"):
            pass
        engine = make_engine(url.set(database=str(draft)))
        try:
            with plainly(url), engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("PRAGMA journal_mode=WAL")
            with writing(engine) as connection:
                _begin_project(connection)
        finally:
            engine.dispose()
        _name(draft, path)
    except OSError as error:
        raise StoreError(
            f"{path}: the database cannot be made ({error.strerror}). "
            "Choose a folder that you may write in."
        ) from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise StoreError(
            f"{path}: there is a file of that name already. Open the project that is in it, or "
            "choose another name."
        )


def _name(draft: Path, path: Path) -> None:
    """Gives the finished file its name, unless another took it in the meantime."""
    try:
        # A link, unlike a renaming, never takes the place of a file that is there.
        path.hardlink_to(draft)
    except FileExistsError:
        _refuse_existing(path)
    except OSError:
        # Some file systems have no links.
        _refuse_existing(path)
        draft.rename(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
