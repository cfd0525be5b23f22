"""The revisions of the database, and moving one up to the newest. ``versions/`` has one a file."""

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from ..guards import lift_guards, set_guards
from ..schema import metadata

REVISIONS = ["0001", "0002", "0003", "0004"]
"""Oldest first; the last is what this version of whatworks works with. Named here so that
opening a database needs no alembic, which takes as long to load as the rest together."""

LOCATIONS = [Path(__file__).parent / "versions"]

# Not alembic's usual name: another program's database is not taken for one of ours.
_STANDS_AT = "whatworks_revision"


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None where it is none of whatworks."""
    return stands_at(connection) if inspect(connection).has_table(_STANDS_AT) else None


def stands_at(connection: Connection) -> str | None:
    """The same, of a database that is known to be one of whatworks."""
    found = connection.scalars(select(table(_STANDS_AT, column("version_num")))).all()
    return found[0] if len(found) == 1 else None


def migrate(connection: Connection) -> None:
    """Moves a database, empty or not, to the newest revision, in the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    # Alembic's settings are those of an INI file: a percent sign stands for itself when doubled.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    places = "\n".join(str(place) for place in LOCATIONS)
    config.set_main_option("version_locations", places.replace("%", "%%"))
    config.attributes["settings"] = {
        "connection": connection,
        "target_metadata": metadata,
        "version_table": _STANDS_AT,
        # SQLite changes a column by making its table anew.
        "render_as_batch": True,
    }
    lift_guards(connection)
    command.upgrade(config, "head")
    set_guards(connection)
