"""Changes a database as somebody with full rights could: triggers off, by plain SQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from whatworks.labels.store.database import Store
from whatworks.labels.store.guards import lift_guards, set_guards
from whatworks.labels.store.schema import decision


@contextmanager
def unguarded(store: Store) -> Iterator[Connection]:
    """A connection that nothing refuses anything; the triggers are back afterwards."""
    with store.writing() as connection:
        lift_guards(connection)
    sqlite = store.engine.dialect.name == "sqlite"
    with store.engine.connect() as connection:
        if sqlite:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA ignore_check_constraints=ON")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
        connection.commit()
        connection.invalidate()
    with store.writing() as connection:
        set_guards(connection)


def forge(store: Store, *statements: str) -> None:
    """Runs them."""
    with unguarded(store) as connection:
        for statement in statements:
            connection.execute(text(statement))


def copied(id_: int, as_id: int, **values: Any) -> str:
    """An INSERT of a copy of a decision, under another id, with some values (SQL) of its own."""
    values = {"id": as_id, "key": f"'forged {as_id}'", "hash": f"'forged {as_id}'"} | values
    names = [column.name for column in decision.columns]
    taken = ", ".join(str(values.get(name, name)) for name in names)
    return (
        f"INSERT INTO decision ({', '.join(names)}) SELECT {taken} FROM decision WHERE id = {id_}"
    )
