from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from whatworks.labels.store import migrations
from whatworks.labels.store.database import Store
from whatworks.labels.store.schema import metadata


def test_the_named_revisions_are_those_in_the_folder() -> None:
    folder = Path(migrations.__file__).parent
    found = ScriptDirectory(folder, version_locations=list(migrations.LOCATIONS))
    newest_first = [one.revision for one in found.walk_revisions()]
    assert newest_first[::-1] == migrations.REVISIONS


def test_the_migrated_database_is_what_the_tables_say(store: Store) -> None:
    options = {"compare_type": True, "version_table": "whatworks_revision"}
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_checks_and_keys_are_those_of_the_tables_too(store: Store) -> None:
    """What alembic's own comparison leaves out: CHECK constraints above all."""

    def told(connection: Connection) -> dict[str, list[object]]:
        found = inspect(connection)
        without_rowid = set()
        if connection.dialect.name == "sqlite":
            query = "SELECT name FROM pragma_table_list WHERE wr = 1"
            without_rowid = set(connection.exec_driver_sql(query).scalars())
        return {
            table: [
                sorted(map(str, found.get_check_constraints(table))),
                sorted(map(str, found.get_foreign_keys(table))),
                str(found.get_pk_constraint(table)),
                sorted(map(str, found.get_indexes(table))),
                table in without_rowid,
            ]
            for table in metadata.tables
        }

    with store.reading() as connection:
        migrated = told(connection)
    with store.writing() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert told(connection) == migrated
    assert any("id = 1" in str(one) for one in migrated["project"])
