"""Many people deciding at once, each in a program of their own."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, select

from tests.labels.store.writers import REPORT, WARM, Writers
from tests.stored import add, with_codebook
from whatworks.labels.resolution import Policy
from whatworks.labels.store.audit import audit
from whatworks.labels.store.database import open_store
from whatworks.labels.store.decisions import set_policy
from whatworks.labels.store.schema import annotator, decision, project

PROCESSES, DECISIONS = 20, 100

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    made = Writers()
    yield made
    made.stop()


def test_twenty_programs_deciding_at_once_lose_and_double_nothing(
    writers: Writers, address: URL
) -> None:
    store = open_store(address)
    with_codebook(store)
    add(store, REPORT)
    set_policy(store, Policy("two-agree"))
    begin = time.time() + 1.0
    pids = [
        writers.start("decide", address, name=f"annotator-{one}", count=DECISIONS, begin=begin)
        for one in range(PROCESSES)
    ]
    acknowledged: Counter[str] = Counter()
    ended: set[str] = set()
    while len(ended) < PROCESSES:
        match writers.next():
            case ["decided", key]:
                acknowledged[key] += 1
            case ["ended", pid]:
                ended.add(pid)
            case line:
                raise AssertionError(" ".join(line))
    assert ended == set(map(str, pids))
    wanted = {f"annotator-{one}-{n}" for one in range(PROCESSES) for n in range(DECISIONS)}
    assert acknowledged == Counter(wanted)

    with store.reading() as connection:
        rows = connection.execute(
            select(decision, annotator.c.name).join(annotator).order_by(decision.c.id)
        ).all()
        about = connection.execute(select(project)).one()
    assert [row.id for row in rows] == list(range(1, len(rows) + 1))
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert (about.decisions, about.head) == (len(rows), rows[-1].hash)
    made = [row for row in rows if not row.key.startswith(WARM)]
    assert Counter(row.key for row in made) == acknowledged
    # Each under the name of who made it, and all in turn: nobody had to wait for the end.
    assert all(row.key.rpartition("-")[0] == row.name for row in made)
    first_half = {row.name for row in made[: len(made) // 2]}
    assert len(first_half) > PROCESSES / 2
    found = audit(store)
    assert found.findings == ()
    store.close()
