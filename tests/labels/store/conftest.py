"""A project's database on both engines; the same tests run on each."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.postgres import NoServerError, PostgresServer, postgres_server
from whatworks.labels.store.addresses import database_url
from whatworks.labels.store.database import Store, create_store, open_store


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server with the database 'project_template': a project in which nothing happened yet."""
    try:
        with postgres_server() as server:
            server.execute("CREATE DATABASE project_template")
            create_store(server.url("project_template")).close()
            yield server
    except NoServerError as error:
        # In CI these tests are the only proof that PostgreSQL works.
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with a project in which nothing happened yet."""
    path = tmp_path_factory.mktemp("template") / "project.db"
    create_store(path).close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[URL]:
    """The address of a new project's database, for tests that open it more than once."""
    if request.param == "sqlite":
        path = tmp_path / "project.db"
        shutil.copy(sqlite_template, path)
        yield database_url(path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.new_database("project_template")
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def store(address: URL) -> Iterator[Store]:
    """An open, new project."""
    opened = open_store(address)
    yield opened
    opened.close()


@pytest.fixture
def run_python(tmp_path: Path) -> Callable[..., int]:
    """Runs a script in a Python of its own; its exit code, negative where a signal ended it."""

    def run(script: str, *arguments: object) -> int:
        command = [sys.executable, "-c", script, *map(str, arguments)]
        return subprocess.run(command, timeout=120, check=False).returncode

    return run
