"""Engines: how connections to SQLite and to PostgreSQL are made, and how transactions begin."""

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from ...nlp.errors import WhatworksError
from . import faults
from .addresses import sqlite_file, told
from .faults import StoreError, busy, in_words, is_busy, missing, not_writable

READING = {"whatworks": "reading"}
WRITING = {"whatworks": "writing"}
"""Execution options of a connection: how its transactions begin."""

IMMUTABLE = "whatworks_immutable"
"""Option of an engine that reads a SQLite file without locks."""

# Any fixed number will do; advisory locks are counted per database.
_WRITERS = 0x77686174776F726B


_KEPT = 20
"""Connections that are kept for the next who needs one: as many as threads may ask at once in the
review app's busiest moments. A new one takes longer than what is done with it."""
_IDLE_S = 2.0
"""A connection to PostgreSQL that was idle for longer is tried before it is used."""


def make_engine(url: URL, *, immutable: bool = False, enforce: bool = True) -> Engine:
    """An engine for it; nothing is opened yet.

    Args:
        url: From ``database_url``.
        immutable: Read a SQLite file without locks: for folders where none can be made.
        enforce: Whether SQLite enforces foreign keys; a migration checks them at its end.
    """
    path = sqlite_file(url)
    if path is None:
        return _postgresql(url)
    return _sqlite(url, path, immutable, enforce)


def _sqlite(url: URL, path: Path, immutable: bool, enforce: bool) -> Engine:
    address = f"{path.as_uri()}?{'immutable=1' if immutable else 'mode=rw'}"

    def connect() -> sqlite3.Connection:
        # SQLAlchemy begins the transactions, not the driver: it would begin them late and weakly.
        connection = sqlite3.connect(
            address,
            uri=True,
            timeout=faults.PATIENCE_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute(f"PRAGMA foreign_keys={'ON' if enforce else 'OFF'}")
            # In WAL mode nothing less survives a power cut after the commit.
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA cache_size=-65536")
        except BaseException:
            connection.close()
            raise
        return connection

    # Many threads may wait for their turn to write.
    pool: dict[str, Any] = {"poolclass": QueuePool, "pool_size": _KEPT, "max_overflow": 100}
    if immutable:
        # Without locks nothing kept from one reading may be trusted in the next.
        pool = {"poolclass": NullPool}
    engine = create_engine(url, creator=connect, execution_options={IMMUTABLE: immutable}, **pool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        way = connection.get_execution_options().get("whatworks")
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA query_only={'ON' if way == 'reading' else 'OFF'}")
        if way != "writing":
            raw.execute("BEGIN")
        elif immutable or not os.access(path, os.W_OK):
            raise not_writable(path)
        else:
            _begin_writing(raw, path)

    return engine


def _begin_writing(raw: sqlite3.Connection, path: Path) -> None:
    end = time.monotonic() + faults.PATIENCE_S
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            # SQLite waits by itself, except where it sees that waiting alone would not help.
            if not is_busy(error):
                raise
            if time.monotonic() >= end:
                raise busy(str(path)) from error
            time.sleep(random.uniform(0.01, 0.05))
        else:
            return


def _postgresql(url: URL) -> Engine:
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": "10"})
    try:
        engine = create_engine(url, pool_size=_KEPT)
    except ImportError as error:
        raise WhatworksError(
            f"{told(url)}: PostgreSQL needs a driver. Run: pip install 'whatworks[postgres]'"
        ) from error
    from psycopg import IsolationLevel

    @event.listens_for(engine, "checkin")
    def checkin(_: Any, record: ConnectionPoolEntry) -> None:
        record.info["used at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(raw: Any, record: ConnectionPoolEntry, _: Any) -> None:
        # The server may have been started again meanwhile. Not asked before every use: that
        # would be one more way for every few statements.
        used_at = record.info.get("used at")
        if used_at is not None and time.monotonic() - used_at > _IDLE_S:
            try:
                engine.dialect.do_ping(raw)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        way = connection.get_execution_options().get("whatworks")
        # The driver says it with BEGIN: a statement of its own would be a way more.
        raw: Any = connection.connection.dbapi_connection
        if way == "reading":
            raw.isolation_level, raw.read_only = IsolationLevel.REPEATABLE_READ, True
            return
        raw.isolation_level = raw.read_only = None
        if way != "writing":
            return
        # Each statement sees what was committed before it began (READ COMMITTED): those after
        # the lock see all that earlier writers did.
        patience = f"{faults.PATIENCE_S * 1000:.0f}ms"
        wait = func.set_config("lock_timeout", patience, True)
        connection.execute(select(wait, func.pg_advisory_xact_lock(_WRITERS)))

    return engine


def opened(url: URL) -> Engine:
    """An engine for a database that is there and can be read.

    Raises:
        StoreError: It is not there, may not be read, or is no database.
    """
    path = sqlite_file(url)
    if path is None:
        return make_engine(url)
    if not os.path.exists(path) and os.access(path.parent, os.X_OK):  # noqa: PTH110
        raise missing(path)
    causes: list[StoreError] = []
    for immutable in (False, True):
        if immutable and _has_unfinished_work(path):
            break
        engine = make_engine(url, immutable=immutable)
        try:
            with engine.connect().execution_options(**READING) as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
            return engine
        except DBAPIError as error:
            engine.dispose()
            told_as = in_words(error, url)
            if told_as is None:
                raise
            causes.append(told_as)
            if not _wants_locks(error):
                break
    raise causes[0]


def log_ahead(engine: Engine) -> None:
    """Lets people read while others write; a backup put in the place of the file does not yet."""
    path = sqlite_file(engine.url)
    if (
        path is None
        or engine.get_execution_options().get(IMMUTABLE)
        or not os.access(path, os.W_OK)
    ):
        return
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if raw.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            # Not while somebody holds the file; the next who opens it will.
            with suppress(sqlite3.OperationalError):
                raw.execute("PRAGMA journal_mode=WAL")


@contextmanager
def unchanged(engine: Engine) -> Iterator[None]:
    """Sees to it that a file that is read without locks was not written meanwhile.

    Raises:
        StoreError: It was; what was read may be wrong.
    """
    path = sqlite_file(engine.url) if engine.get_execution_options().get(IMMUTABLE) else None
    before = None if path is None else _state(path)
    yield
    if path is not None and (_state(path) != before or _has_unfinished_work(path)):
        raise StoreError(
            f"{path}: somebody wrote the database while it was read, and its folder may not be "
            "written, so that this could not be prevented. Run the command again."
        )


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _has_unfinished_work(path: Path) -> bool:
    """Whether a write-ahead log with content lies beside it: without it the file is out of date."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:
        # What cannot be seen may be there.
        return True


def _wants_locks(error: Exception) -> bool:
    """Whether SQLite could not make the files it shares among readers."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
