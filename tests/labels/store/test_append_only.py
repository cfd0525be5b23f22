from collections.abc import Iterator

import pytest
from sqlalchemy import Text, UniqueConstraint, create_engine, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from tests.labels.store.rows import ROWS, add_rows
from whatworks.labels.store.database import Store
from whatworks.labels.store.guards import lift_guards, missing_guards, set_guards
from whatworks.labels.store.schema import APPEND_ONLY, metadata

REFUSED = "is append-only: its rows are never changed, replaced or deleted"


@pytest.fixture
def filled(store: Store) -> Iterator[Store]:
    """A project with a row in every table; the test leaves the append-only ones as they were."""
    with store.writing() as connection:
        add_rows(connection)
    before = contents(store)
    yield store
    assert contents(store) == before


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(metadata.tables[name]))]
            for name in APPEND_ONLY
        }


def refuse(store: Store, statement: str) -> None:
    """By plain SQL, past everything that the package does to a connection."""
    engine = create_engine(store.engine.url, poolclass=NullPool)
    with pytest.raises(IntegrityError, match=REFUSED), engine.begin() as connection:
        connection.execute(text(statement))


def test_every_table_has_a_row_to_try_on() -> None:
    assert {*ROWS, "project", "round"} == set(metadata.tables)


def test_rows_are_not_updated_by_plain_sql(filled: Store) -> None:
    for table in APPEND_ONLY:
        for column in metadata.tables[table].columns:
            refuse(filled, f'UPDATE {table} SET "{column.name}" = "{column.name}"')
            if isinstance(column.type, Text):
                refuse(filled, f"UPDATE {table} SET \"{column.name}\" = 'forged'")


def test_rows_are_not_deleted_by_plain_sql(filled: Store) -> None:
    for table in APPEND_ONLY:
        refuse(filled, f"DELETE FROM {table}")


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_tables_are_not_emptied_by_truncate(filled: Store) -> None:
    for table in APPEND_ONLY:
        refuse(filled, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_rows_are_kept_from_a_session_that_plays_at_being_a_replica(filled: Store) -> None:
    for table in APPEND_ONLY:
        with filled.engine.connect() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            with pytest.raises(IntegrityError, match=REFUSED):
                connection.execute(text(f"DELETE FROM {table}"))


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_row_is_not_replaced_under_its_primary_key(filled: Store) -> None:
    for table in APPEND_ONLY:
        columns = ", ".join(f'"{column.name}"' for column in metadata.tables[table].columns)
        refuse(filled, f"INSERT OR REPLACE INTO {table} SELECT {columns} FROM {table}")
        refuse(filled, f"REPLACE INTO {table} SELECT {columns} FROM {table}")
        refuse(filled, f"UPDATE OR REPLACE {table} SET {columns.split(', ')[0]} = 1")


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_row_is_not_replaced_under_a_unique_key(filled: Store) -> None:
    """SQLite's REPLACE deletes, silently, whatever row holds any unique value of the new one."""
    tried = 0
    for name in APPEND_ONLY:
        made = metadata.tables[name]
        unique = [one for one in made.constraints if isinstance(one, UniqueConstraint)]
        for constraint in unique:
            # All other unique values are new ones.
            kept = {column.name for column in constraint.columns}
            others = {column.name for one in unique for column in one.columns} - kept
            values = ", ".join(
                f"'other {column.name}'" if column.name in others else f'"{column.name}"'
                for column in made.columns
                if column.name != "id"
            )
            refuse(filled, f"INSERT OR REPLACE INTO {name} SELECT 99, {values} FROM {name}")
            tried += 1
    assert tried >= 6


def test_a_row_is_not_changed_by_an_insert_that_updates_on_conflict(filled: Store) -> None:
    dialect = filled.engine.dialect.name
    for name in APPEND_ONLY:
        made = metadata.tables[name]
        last = made.columns.values()[-1].name
        upsert = (sqlite if dialect == "sqlite" else postgresql).insert(made).values(**ROWS[name])
        changed = upsert.on_conflict_do_update(
            index_elements=list(made.primary_key), set_={last: ROWS[name][last]}
        )
        with pytest.raises(IntegrityError, match=REFUSED), filled.engine.begin() as connection:
            connection.execute(changed)


def test_what_follows_from_decisions_can_be_worked_out_anew(store: Store) -> None:
    with store.writing() as connection:
        add_rows(connection)
    with store.writing() as connection:
        for name in ("assignment", "resolved_code", "resolution"):
            made = metadata.tables[name]
            connection.execute(made.delete())
            connection.execute(insert(made).values(**ROWS[name]))
            assert connection.scalar(select(func.count()).select_from(made)) == 1


def test_a_guard_that_was_taken_away_is_missed(store: Store) -> None:
    with store.writing() as connection:
        assert missing_guards(connection) == []
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER decision_no_delete"))
        else:
            connection.execute(text("ALTER TABLE decision DISABLE TRIGGER decision_no_delete"))
        assert missing_guards(connection) == ["decision_no_delete"]
        lift_guards(connection)
        assert len(missing_guards(connection)) == 3 * len(APPEND_ONLY)
        set_guards(connection)
        assert missing_guards(connection) == []
