"""``whatworks upgrade``: moves a project's database up to this version, with a backup first."""

from typing import Annotated

import typer

from .projects import ProjectOption

EPILOG = """\b
Examples:
  whatworks upgrade
  whatworks upgrade --project health-2026"""


def upgrade(
    project: ProjectOption = None,
    backup_made: Annotated[
        bool,
        typer.Option("--backup-made", help="Make no backup: you have made one yourself."),
    ] = False,
) -> None:
    """Move a project's database up to this version of whatworks.

    Makes a checked backup first: beside a SQLite file, or in the project's folder, with pg_dump,
    of a PostgreSQL database. When anything fails, the database stays as it was.
    """
    from ..labels.project import find_project
    from ..labels.settings import SETTINGS_FILE, project_database, read_settings
    from ..labels.store.upgrade import upgrade_store

    folder = find_project(project)
    settings_file = folder / SETTINGS_FILE
    address = project_database(read_settings(settings_file).database, folder, str(settings_file))
    done = upgrade_store(address, folder=folder, backup_made=backup_made)
    if done.before == done.after:
        typer.echo(f"The database is at revision {done.after}, the newest; nothing had to be done.")
        return
    if done.backup is not None:
        typer.echo(f"Backup: {done.backup}")
    typer.echo(f"The database was moved up from revision {done.before} to {done.after}.")
