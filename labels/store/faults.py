"""What goes wrong with a database, in words that say what to do about it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ...nlp.errors import WhatworksError
from .addresses import sqlite_file, told

PATIENCE_S = 60.0
"""How long to wait for others who are writing, before saying so."""

_NOTHING_STORED = "Nothing of this step was stored."


class StoreError(WhatworksError):
    """The database cannot be used as it stands."""


class NotWritableError(StoreError):
    """The database can be read, not written."""


class OlderStoreError(StoreError):
    """A database made by an older version of whatworks: it has to be moved up first."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where}: the database was made by an older whatworks. "
            "Run: whatworks upgrade (it makes a backup first)."
        )


class NewerStoreError(StoreError):
    """A database made by a newer version of whatworks than this one."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where}: the database was made by a newer whatworks than this one. "
            "Run: pip install --upgrade whatworks"
        )


@contextmanager
def plainly(url: URL, *, reading: bool = False) -> Iterator[None]:
    """Turns what a user can put right into a StoreError; lets everything else pass."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        plain = in_words(error, url)
        # Whoever writes where they said they would read has made a mistake in the program.
        if plain is None or (reading and isinstance(plain, NotWritableError)):
            raise
        raise plain from error
    except PoolTimeoutError as error:
        raise StoreError(
            f"{told(url)}: too many parts of this program use the database at once. Try again."
        ) from error


def in_words(error: Exception, url: URL) -> StoreError | None:
    """The error as a user is told it; None for a mistake of the program."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    path = sqlite_file(url)
    if path is not None:
        code = getattr(cause, "sqlite_errorcode", None)
        return None if code is None else _sqlite(code, path)
    state = getattr(cause, "sqlstate", None)
    if isinstance(error, DBAPIError) and (state is None or state[:2] in ("08", "28", "3D")):
        # Without a state it comes from the connection, not from a statement.
        return _unreachable(error, url) if _is_operational(error) else None
    return None if state is None else _postgresql(state, url)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether others held the SQLite database."""
    return _primary(error.sqlite_errorcode) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def busy(where: str) -> StoreError:
    """Others were writing all the time we waited."""
    return StoreError(
        f"{where}: others have been writing for {PATIENCE_S:.0f} seconds without a pause. "
        f"{_NOTHING_STORED} Run the command again, or end the program that holds the database."
    )


def not_writable(path: Path) -> NotWritableError:
    """Why a SQLite file can be read and not written."""
    held = path if not os.access(path, os.W_OK) else path.parent
    what = "file" if held == path else "folder"
    return NotWritableError(
        f"{held}: the {what} of the project's database may be read but not written. "
        f"{_NOTHING_STORED} Ask its owner for the right to write, or work on a copy."
    )


def _primary(code: int) -> int:
    return code & 0xFF


def _sqlite(code: int, path: Path) -> StoreError | None:
    match _primary(code):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return busy(str(path))
        case sqlite3.SQLITE_FULL:
            return _full(path)
        case sqlite3.SQLITE_READONLY:
            return not_writable(path)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return _unopened(path)
        case sqlite3.SQLITE_IOERR:
            return _full(path) if _is_full(path.parent) else _broken_disk(path)
        case sqlite3.SQLITE_CORRUPT:
            return StoreError(
                f"{path}: the database is damaged. Put the last backup in its place "
                "(files named *.backup-*, or those of your own)."
            )
        case sqlite3.SQLITE_NOTADB:
            return StoreError(
                f"{path}: this is not a database. Check the path in whatworks.toml, or run "
                "whatworks init in another folder."
            )
    return None


def _is_full(folder: Path) -> bool:
    # SQLite says 'disk I/O error' where it cannot enlarge the file that readers share (64 kB).
    try:
        return shutil.disk_usage(folder).free < 256 * 1024
    except OSError:
        return False


def _full(path: Path) -> StoreError:
    return StoreError(
        f"{path.parent}: the disk is full. {_NOTHING_STORED} "
        "Free some space and run the command again."
    )


def _broken_disk(path: Path) -> StoreError:
    return StoreError(
        f"{path}: the disk failed while it was read or written. Check the disk, then run "
        "whatworks audit."
    )


def _unopened(path: Path) -> StoreError:
    if not os.access(path.parent, os.X_OK) or (path.exists() and not os.access(path, os.R_OK)):
        return StoreError(f"{path}: you may not read the database. Ask its owner for the right to.")
    if path.is_dir():
        return StoreError(f"{path}: this is a folder, not a database. Name the file in it.")
    if not path.exists():
        return missing(path)
    return StoreError(
        f"{path}: the database cannot be opened, because the folder may not be written and work "
        "of another program is not finished in it. Ask its owner to run whatworks status once."
    )


def missing(path: Path) -> StoreError:
    """There is no file of that name."""
    return StoreError(
        f"{path}: there is no such database. Check the path; if it is lost, put back a backup "
        f"({path.name}.backup-..., or your own). A new project is made with: whatworks init FOLDER"
    )


def _is_operational(error: DBAPIError) -> bool:
    return error.connection_invalidated or type(error).__name__ == "OperationalError"


def _unreachable(error: DBAPIError, url: URL) -> StoreError:
    # The last line has the cause; those before it repeat the attempts at other addresses.
    reason = str(error.orig).strip().splitlines()[-1].strip().rstrip(".")
    if url.password:
        reason = reason.replace(str(url.password), "...")
    return StoreError(
        f"{told(url)}: the database cannot be reached ({reason}). Check that the server runs, its "
        "address, and the password (PGPASSWORD or ~/.pgpass). What was not "
        "acknowledged may be sent again."
    )


def _postgresql(state: str, url: URL) -> StoreError | None:
    where = told(url)
    match state:
        case "55P03" | "57014" | "40001" | "40P01":
            return busy(where)
        case "53100":
            return StoreError(
                f"{where}: the disk of the database server is full. {_NOTHING_STORED} "
                "Free some space there and run the command again."
            )
        case "53300":
            return StoreError(f"{where}: the server has no connection left. Try again later.")
        case "25006":
            return NotWritableError(
                f"{where}: this server can only be read. {_NOTHING_STORED} "
                "Name the main server in whatworks.toml."
            )
        case "42501":
            return StoreError(
                f"{where}: the user may not do this in the database. {_NOTHING_STORED} "
                "Ask its administrator for the right to."
            )
        case "57P01" | "57P02" | "57P03":
            return StoreError(
                f"{where}: the database server is stopping or starting. "
                "Try again when it runs; what was not acknowledged may be sent again."
            )
    return None
