"""Programs and servers that are killed at any moment: what was acknowledged stays, whole."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import URL, func, select

from tests.labels.store.writers import REPORT, Writers
from tests.postgres import NoServerError, PostgresServer, postgres_server
from tests.stored import add, with_codebook
from whatworks.labels.resolution import Policy
from whatworks.labels.store.addresses import database_url
from whatworks.labels.store.audit import audit
from whatworks.labels.store.database import Store, create_store, open_store
from whatworks.labels.store.decisions import set_policy
from whatworks.labels.store.schema import (
    decision,
    model_version,
    project,
    suggested_code,
    suggestion,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    made = Writers()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def careful_server() -> Iterator[PostgresServer]:
    """A server that sees to it that what it commits is on the disk."""
    try:
        with postgres_server(fsync=True) as server:
            yield server
    except NoServerError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


def begin_project(address: URL | Path) -> Store:
    store = create_store(address)
    with_codebook(store)
    add(store, REPORT)
    set_policy(store, Policy("two-agree"))
    return store


@dataclass
class Said:
    """What writers said they tried, and what was acknowledged to them."""

    tried: list[tuple[str, ...]] = field(default_factory=list)
    """Keys of decisions that were to be recorded together."""
    decided: set[str] = field(default_factory=set)
    suggested: set[str] = field(default_factory=set)

    def hear(self, line: list[str]) -> None:
        match line:
            case ["deciding", *keys]:
                self.tried.append(tuple(keys))
            case ["decided", *keys]:
                self.decided.update(keys)
            case ["suggested", name]:
                self.suggested.add(name)
            case ["failed", *words]:
                raise AssertionError(" ".join(words))


def check(store: Store, said: Said) -> None:
    """Everything acknowledged is there once, everything else whole or not at all."""
    with store.reading() as connection:
        keys = Counter(connection.scalars(select(decision.c.key)))
        row = connection.execute(select(project)).one()
        suggestions = dict(
            connection.execute(
                select(model_version.c.name, func.count())
                .join(suggestion)
                .group_by(model_version.c.name)
            ).all()
        )
        codes = connection.execute(
            select(func.count()).select_from(suggested_code).group_by("suggestion_id")
        ).scalars()
        assert len(set(codes)) <= 1
    assert not said.decided - keys.keys()
    assert set(keys.values()) <= {1}
    assert keys.total() == row.decisions
    for together in said.tried:
        assert len(keys.keys() & set(together)) in (0, len(together))
    assert said.suggested <= suggestions.keys()
    assert set(suggestions.values()) <= {len(REPORT.passages)}
    found = audit(store)
    assert found.findings == ()
    assert (found.decisions, found.head) == (row.decisions, row.head)


def kill_writers(
    writers: Writers,
    store: Store,
    times: int,
    seed: int,
    settle: Callable[[], None] = lambda: None,
) -> tuple[Said, int]:
    """Starts a writer and kills it, so many times; with how many something was going on.

    ``settle`` returns once nothing works on for a program that is dead.
    """
    dice = random.Random(seed)
    said, busy = Said(), 0
    for one in range(times):
        pid = writers.start("write", store.engine.url, seed=f"{seed}-{one}")
        # Counted in what it said, not in seconds: as random on a slow machine as on a fast one.
        lines = [writers.next() for _ in range(dice.randrange(8))]
        time.sleep(dice.uniform(0, 0.02))
        os.kill(pid, signal.SIGKILL)
        lines += writers.until("ended", pid)
        for line in lines:
            said.hear(line)
        busy += bool(lines) and lines[-1][0] in ("deciding", "suggesting")
        settle()
        check(store, said)
    return said, busy


def test_two_hundred_killed_programs_lose_and_tear_nothing_on_sqlite(
    writers: Writers, tmp_path: Path
) -> None:
    decided, busy = 0, 0
    # Each part in a project of its own, so that checking stays cheap.
    for part in range(5):
        store = begin_project(tmp_path / f"project {part}.db")
        said, mid = kill_writers(writers, store, 40, seed=part)
        store.close()
        decided += len(said.decided)
        busy += mid
    # Or else the moments were badly chosen and prove nothing.
    assert busy > 80
    assert decided > 200


def test_fifty_killed_programs_lose_and_tear_nothing_on_postgresql(
    writers: Writers, careful_server: PostgresServer
) -> None:
    name = careful_server.new_database()
    store = begin_project(careful_server.url(name))

    def settle() -> None:
        """What a killed program has sent the server commits: maybe while the check is reading."""
        store.engine.dispose()
        careful_server.wait_for_nobody(name)

    said, busy = kill_writers(writers, store, 50, 7, settle)
    store.close()
    assert busy > 20
    assert len(said.decided) > 50


@pytest.mark.parametrize("way", ["a backend is killed", "the power goes"])
def test_a_server_that_dies_loses_and_tears_nothing(
    writers: Writers, careful_server: PostgresServer, way: str
) -> None:
    address = careful_server.url(careful_server.new_database())
    begin_project(address).close()
    dice, said = random.Random(way), Said()
    for one in range(3):
        pid = writers.start("write", address, seed=str(one))
        before = [writers.next() for _ in range(dice.randrange(5, 15))]
        if way == "the power goes":
            careful_server.stop("immediate")
        else:
            (row,) = careful_server.execute(
                f"SELECT pid FROM pg_stat_activity WHERE datname = '{address.database}'"
            )
            os.kill(row[0], signal.SIGKILL)
        lines = [*before, *writers.until("ended", pid)]
        # The program ended by itself, with a clear word.
        failed = [" ".join(line) for line in lines if line[0] == "failed"]
        assert len(failed) == 1
        assert "sent again" in failed[0]
        for line in lines:
            if line[0] != "failed":
                said.hear(line)
        if way == "the power goes":
            careful_server.start()
        else:
            careful_server.wait()
        store = open_store(address)
        check(store, said)
        store.close()
    assert len(said.decided) > 10


def test_a_log_that_a_killed_program_left_is_read_by_the_next(
    writers: Writers, tmp_path: Path
) -> None:
    """Also by one that finds the file alone: what is beside it is part of the database."""
    path = tmp_path / "project.db"
    begin_project(path).close()
    pid = writers.start("write", database_url(path), seed="3")
    said = Said()
    while len(said.decided) < 5:
        said.hear(writers.next())
    os.kill(pid, signal.SIGKILL)
    for line in writers.until("ended", pid):
        said.hear(line)
    assert path.with_name("project.db-wal").stat().st_size > 0
    store = open_store(path)
    check(store, said)
    store.close()
    assert not path.with_name("project.db-wal").exists()
