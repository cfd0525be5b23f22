"""Moves the database of an older whatworks up to this one, with a backup first."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

from ...nlp.errors import WhatworksError
from . import migrations
from .addresses import database_url, sqlite_file, told, without_password
from .database import known_revision, writing
from .engines import make_engine, opened
from .faults import StoreError, plainly


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done to a database."""

    before: str
    """The revision it was at."""
    after: str
    backup: Path | None
    """A copy from before; None where nothing had to be done, or a backup was there."""


def upgrade_store(
    address: str | Path | URL, *, folder: Path | None = None, backup_made: bool = False
) -> Upgraded:
    """Makes a backup of the database, then moves it to the newest revision; all or nothing.

    Others can read meanwhile, and wait with writing.

    Args:
        address: As for ``open_store``.
        folder: Where the backup of a PostgreSQL database goes, by default the working
            directory; that of a SQLite file goes beside it.
        backup_made: Make none: the user has one.

    Raises:
        StoreError: It is no database of whatworks, a newer one, or cannot be written.
        WhatworksError: No backup could be made, or the migration failed. The database is then
            as it was.
    """
    url = database_url(address)
    path = sqlite_file(url)
    # Opened as for reading first: that tells best what is wrong with it.
    opened(url).dispose()
    engine = make_engine(url, enforce=False)
    try:
        with writing(engine) as connection:
            before = known_revision(connection, told(url))
            if before == migrations.REVISIONS[-1]:
                return Upgraded(before, before, None)
            backup = None
            if not backup_made:
                place = path.parent if path else folder or Path.cwd()
                name = f"{_plain_name(url)}.backup-{before}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
                backup = _backup(url, place / name)
            _migrate(connection, url)
            return Upgraded(before, migrations.REVISIONS[-1], backup)
    finally:
        engine.dispose()


def _plain_name(url: URL) -> str:
    path = sqlite_file(url)
    return path.name if path else (url.database or "whatworks").replace(os.sep, "-")


def _migrate(connection: Connection, url: URL) -> None:
    try:
        with plainly(url):
            migrations.migrate(connection)
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise WhatworksError(f"rows of {broken[0][0]!r} refer to nothing")
    except (SQLAlchemyError, WhatworksError) as error:
        if isinstance(error, StoreError):
            raise
        raise WhatworksError(
            f"{told(url)}: moving the database up failed ({error}). It is as it was before. "
            "Please report this, with what the command prints under --debug."
        ) from error


def _backup(url: URL, target: Path) -> Path:
    """A checked copy of the database, under its name only when it is whole."""
    target = _unused(target)
    draft = target.with_name(f".{target.name}.new")
    path = sqlite_file(url)
    try:
        # Whoever may not read the database may not read its copy.
        draft.touch(mode=0o600)
        if path is None:
            _dump_postgresql(url, draft)
        else:
            with plainly(url):
                _copy_sqlite(path, draft)
            shutil.copymode(path, draft)
        draft.rename(target)
    except OSError as error:
        raise WhatworksError(
            f"{target}: the backup cannot be made ({error.strerror}), and without one nothing is "
            "changed. Free some space there, or ask for the right to write."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def _unused(target: Path) -> Path:
    names = [target, *(target.with_name(f"{target.name}-{number}") for number in range(2, 100))]
    return next(name for name in names if not name.exists())


def _copy_sqlite(path: Path, target: Path) -> None:
    """By SQLite itself: a plain copy would miss what still stands in the write-ahead log."""
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        # A backup is one file: it is kept, moved and sent as one.
        copy.execute("PRAGMA journal_mode=DELETE")
        (found,) = copy.execute("PRAGMA integrity_check").fetchone()
    if found != "ok":
        raise WhatworksError(
            f"{path}: the database is damaged ({found}), and nothing is changed. "
            "Put the last backup in its place."
        )


def _dump_postgresql(url: URL, target: Path) -> None:
    if shutil.which("pg_dump") is None or shutil.which("pg_restore") is None:
        raise WhatworksError(
            "A backup needs pg_dump, which is not installed, and without one nothing is changed. "
            "Install the client programs of PostgreSQL, or make a backup yourself and then run: "
            "whatworks upgrade --backup-made"
        )
    plain = without_password(url).render_as_string()
    _run_tool(url, "pg_dump", "--format=custom", f"--file={target}", f"--dbname={plain}")
    _run_tool(url, "pg_restore", "--list", str(target))


def _run_tool(url: URL, *command: str) -> None:
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise WhatworksError(
            f"{told(url)}: {command[0]} could not make a backup, and nothing is changed. It says: "
            f"{said[0]}"
        )
