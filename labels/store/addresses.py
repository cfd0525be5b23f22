"""Where a database is: a SQLite file, or a PostgreSQL server by its URL."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ...nlp.errors import WhatworksError

_EXAMPLES = "'sqlite:///whatworks.db' or 'postgresql://user@host/database'"


def database_url(address: str | Path | URL) -> URL:
    """The address as SQLAlchemy takes it, with the driver we use; a path is a SQLite file.

    Raises:
        WhatworksError: It is no address of SQLite or PostgreSQL. Never says a password.
    """
    if isinstance(address, Path):
        return _file_url(address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        # The text itself may hold a password, and stays unsaid.
        raise WhatworksError(
            f"The address of the database cannot be understood. Write it like {_EXAMPLES}."
        ) from error
    engine = url.drivername.split("+")[0]
    if engine in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if engine != "sqlite":
        raise WhatworksError(
            f"Databases of kind {engine!r} are not known. Write an address like {_EXAMPLES}."
        )
    if not url.database or url.database == ":memory:":
        raise WhatworksError(
            "The address of the database names no file. Write it like 'sqlite:///whatworks.db'."
        )
    return _file_url(Path(url.database))


def _file_url(path: Path) -> URL:
    return URL.create("sqlite+pysqlite", database=str(path.absolute()))


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None on PostgreSQL."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database)


def without_password(url: URL) -> URL:
    """The address of a PostgreSQL database as its own programs take it, without the password."""
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)


def told(url: URL) -> str:
    """The address for people: a file's path, or the URL without its password."""
    path = sqlite_file(url)
    if path is not None:
        return str(path)
    return without_password(url).set(query={}).render_as_string()
