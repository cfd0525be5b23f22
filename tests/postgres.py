"""A real PostgreSQL server of the tests' own, started from the programs that are installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL


class NoServerError(Exception):
    """PostgreSQL is not installed."""


def _program(name: str) -> str:
    """The newest that is installed: Debian keeps them out of the PATH."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name)
    )
    for folder in reversed(folders):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise NoServerError(
            "PostgreSQL is not installed (scripts/install-test-system.sh installs it)"
        )
    return found


class PostgresServer:
    """A server that runs until ``stop``; databases are reached through its socket."""

    def __init__(self, folder: Path, *, fsync: bool) -> None:
        self.folder = folder
        self.fsync = fsync
        self.port = _free_port()
        self._made = 0
        # The server refuses to run as root.
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = next(one for one in ("postgres", "nobody") if _exists(one))
            group = pwd.getpwnam(user).pw_gid
            self._user = {"user": user, "group": group, "extra_groups": []}
            os.chown(folder, pwd.getpwnam(user).pw_uid, group)
        # Sorted as people sort, unlike SQLite: what relies on the order of a text column shows.
        self._run("initdb", "-D", "data", "-U", "postgres", "--encoding=UTF8", "--no-sync",
                  "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en",
                  "--auth-local=trust", "--auth-host=scram-sha-256")  # fmt: skip
        self.start()

    def start(self) -> None:
        """Starts it and waits until it answers."""
        settings = {
            "unix_socket_directories": self.folder,
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "fsync": "on" if self.fsync else "off",
            # After a crash it would else see to a thousand files one by one.
            "recovery_init_sync_method": "syncfs",
            "shared_buffers": "32MB",
            "max_connections": 60,
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options)

    def wait(self) -> None:
        """Until it answers again, after it lost one of its processes."""
        for _ in range(300):
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server does not answer any more")

    def wait_for_nobody(self, database: str) -> None:
        """Until nobody is connected with a database: nor a process that works for one who died."""
        connected = (
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
            f"AND datname = '{database}'"
        )
        for _ in range(600):
            if self.execute(connected) == [(0,)]:
                return
            time.sleep(0.05)
        raise RuntimeError(f"somebody stays connected with {database}")

    def stop(self, mode: str = "fast") -> None:
        """Ends it: 'fast' in good order, 'immediate' as a power cut would."""
        self._run("pg_ctl", "stop", "-w", "-D", "data", "-m", mode)

    def _run(self, name: str, *arguments: str) -> None:
        log = self.folder / "commands"
        with log.open("ab") as out:
            done = subprocess.run(
                [_program(name), *arguments],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                timeout=120, env=os.environ | {"LC_ALL": "C.UTF-8"}, **self._user,
            )  # fmt: skip
        if done.returncode:
            server = self.folder / "log"
            said = log.read_text() + (server.read_text() if server.exists() else "")
            raise RuntimeError(f"{name} failed:\n{said}")

    @property
    def postmaster(self) -> int:
        """The process that all others of the server belong to."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def url(self, database: str = "postgres") -> URL:
        """The address of one of its databases."""
        where = {"host": str(self.folder), "port": str(self.port)}
        return URL.create("postgresql", username="postgres", database=database, query=where)

    def url_of(self, user: str, password: str, database: str = "postgres") -> URL:
        """The address over the network, where a password is asked for."""
        parts = {"username": user, "password": password, "host": "127.0.0.1", "port": self.port}
        return URL.create("postgresql", database=database, **parts)

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Runs a statement outside of any transaction."""
        with psycopg.connect(
            host=str(self.folder), port=self.port, user="postgres", autocommit=True
        ) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def new_database(self, template: str = "template1") -> str:
        """Makes one; its name."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        """Removes one, whoever is connected."""
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def postgres_server(*, fsync: bool = False) -> Iterator[PostgresServer]:
    """A new server, gone at the end."""
    # Not in pytest's folder: it is closed to other users, and the path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="whatworks-pg-"))
    try:
        server = PostgresServer(folder, fsync=fsync)
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
