"""Triggers: the database itself refuses to change or delete what is append-only.

``migrate`` sets them after every migration, in its transaction, so that a table that a migration
made anew is guarded again, and lifts them before it, so that a new column can be filled.
"""

from sqlalchemy import Connection, UniqueConstraint, inspect, text

from .schema import APPEND_ONLY, metadata

_REFUSAL = "%s is append-only: its rows are never changed, replaced or deleted"
_FUNCTION = "whatworks_refuse"


def _keys(table: str) -> list[tuple[str, ...]]:
    """The primary key and the unique keys of a table."""
    made = metadata.tables[table]
    unique = [one for one in made.constraints if isinstance(one, UniqueConstraint)]
    keys = {tuple(column.name for column in one.columns) for one in unique}
    return [tuple(column.name for column in made.primary_key), *sorted(keys)]


def _sqlite_triggers(table: str) -> dict[str, str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL % table}'); END"
    # REPLACE deletes rows without a word to the delete trigger.
    there = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE "
        + " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
        + ")"
        for key in _keys(table)
    )
    return {
        f"{table}_no_update": f"BEFORE UPDATE ON {table} {refuse}",
        f"{table}_no_delete": f"BEFORE DELETE ON {table} {refuse}",
        f"{table}_no_replace": f"BEFORE INSERT ON {table} WHEN {there} {refuse}",
    }


def _postgresql_triggers(table: str) -> dict[str, str]:
    refuse = f"EXECUTE FUNCTION {_FUNCTION}()"
    return {
        f"{table}_no_update": f"BEFORE UPDATE ON {table} FOR EACH ROW {refuse}",
        f"{table}_no_delete": f"BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
        f"{table}_no_truncate": f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    }


def set_guards(connection: Connection) -> None:
    """Makes the triggers of every append-only table."""
    lift_guards(connection)
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(
            text(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$"
                f" BEGIN RAISE EXCEPTION '{_REFUSAL}', TG_TABLE_NAME"
                " USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        )
    for table in APPEND_ONLY:
        triggers = _sqlite_triggers(table) if sqlite else _postgresql_triggers(table)
        for name, what in triggers.items():
            connection.execute(text(f"CREATE TRIGGER {name} {what}"))
            if not sqlite:
                # Also where a session plays at being a replica, which skips other triggers.
                connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"))


def lift_guards(connection: Connection) -> None:
    """Takes the triggers away, for the length of a migration."""
    tables = set(inspect(connection).get_table_names())
    sqlite = connection.dialect.name == "sqlite"
    for table in APPEND_ONLY:
        if table in tables:
            for name in _sqlite_triggers(table) if sqlite else _postgresql_triggers(table):
                on = "" if sqlite else f" ON {table}"
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))


def missing_guards(connection: Connection) -> list[str]:
    """Names of triggers that should be there and are not, or are switched off."""
    if connection.dialect.name == "sqlite":
        wanted = [name for table in APPEND_ONLY for name in _sqlite_triggers(table)]
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted = [name for table in APPEND_ONLY for name in _postgresql_triggers(table)]
        found = "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"
    there = set(connection.execute(text(found)).scalars())
    return [name for name in wanted if name not in there]
