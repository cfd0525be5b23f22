"""Processes that write into a project: forked from one that has imported everything, so that
hundreds can be started and killed in a minute.

``Writers`` starts that one (this file as a program). What a writer says comes back line by line.
"""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from tests.stored import report_of, suggestion_of
from whatworks.labels.decisions import DecisionDraft, Verdict
from whatworks.labels.store.codebooks import current_codebook
from whatworks.labels.store.database import Store, open_store
from whatworks.labels.store.decisions import record, record_all
from whatworks.labels.store.suggestions import add_model_version, add_suggestions

ROOT = Path(__file__).parents[3]
REPORT = report_of("busy.txt", *(f"The project did the thing number {n}." for n in range(40)))
"""What they write about; the tests add it to the project first."""
LABELS = ("success_factor", "obstacle", "lesson", "good_practice")


class Writers:
    """The process that all writers are forked from, and what they said."""

    def __init__(self) -> None:
        program = "from tests.labels.store.writers import serve; serve()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._heard: list[list[str]] = []
        assert self.next() == ["up"]

    def start(self, job: str, address: URL, **more: Any) -> int:
        """Starts a writer; its process id."""
        assert self._process.stdin is not None
        request = {"job": job, "address": address.render_as_string(False), **more}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        others = []
        while (line := self.next())[0] != "started":
            others.append(line)
        self._heard += others
        return int(line[1])

    def until(self, *words: object) -> Iterator[list[str]]:
        """What is said before this is; each line as its words."""
        wanted = [str(word) for word in words]
        while (line := self.next()) != wanted:
            yield line

    def stop(self) -> None:
        """Ends it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def next(self) -> list[str]:
        """The next line that any of them says, as its words."""
        if self._heard:
            return self._heard.pop(0)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process that writers are forked from has ended"
        return line.split()


def say(*words: object) -> None:
    """Says a line at once and whole: a pipe takes up to 4096 bytes in one piece."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def serve() -> None:
    """Forks a writer for every line on standard input, and says when it has ended."""
    jobs = {"write": write, "decide": decide}
    children: set[int] = set()
    stores: dict[str, Store] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _reap(children))
    say("up")
    for line in sys.stdin:
        request = json.loads(line)
        job, address = jobs[request.pop("job")], request.pop("address")
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        if address not in stores:
            stores[address] = _warm(address)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            say("started", os.getpid())
            _run(job, stores[address], request)
        children.add(pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


WARM = "warm"
"""How the keys of decisions begin that nobody is told of."""


def _warm(address: str) -> Store:
    """A store whose statements are compiled, so that writers do little else than write."""
    with Path(os.devnull).open("wb") as nowhere, _instead_of_output(nowhere.fileno()):
        store = open_store(address)
        write(store, seed=WARM, steps=12)
        store.close()
    return store


@contextmanager
def _instead_of_output(target: int) -> Iterator[None]:
    kept = os.dup(1)
    os.dup2(target, 1)
    yield
    os.dup2(kept, 1)
    os.close(kept)


def _reap(children: set[int]) -> None:
    for pid in list(children):
        if os.waitpid(pid, os.WNOHANG)[0]:
            children.discard(pid)
            say("ended", pid)


def _run(job: Any, store: Store, request: dict[str, Any]) -> None:
    try:
        job(store, **request)
        store.close()
    except BaseException as error:
        say("failed", type(error).__name__, " ".join(str(error).split()))
        raise
    finally:
        os._exit(0)


def write(store: Store, seed: str, steps: int | None = None) -> None:
    """Decides and suggests, without end or so often; says what it tries and what came of it."""
    dice = random.Random(seed)
    say("ready")
    for number in itertools.count() if steps is None else range(steps):
        if dice.random() < 0.2:
            with store.reading() as connection:
                codebook = current_codebook(connection).id
            name = f"model-{seed}-{number}"
            say("suggesting", name)
            version = add_model_version(store, name, name, {})
            suggestions = [suggestion_of(one, {"lesson": 0.9}) for one in REPORT.passages]
            add_suggestions(store, version.id, codebook, suggestions)
            say("suggested", name)
        else:
            several = dice.random() < 0.3
            drafts = [draft(dice, f"{seed}-{number}-{one}") for one in range(3 if several else 1)]
            keys = [one.key for one in drafts]
            say("deciding", *keys)
            if several:
                record_all(store, drafts)
            else:
                record(store, drafts[0])
            say("decided", *keys)


def draft(dice: random.Random, key: str, annotator: str = "") -> DecisionDraft:
    """Some decision on some passage."""
    labels = tuple(sorted(dice.sample(LABELS, dice.choice((0, 1, 1, 2)))))
    return DecisionDraft(
        passage_id=dice.choice(REPORT.passages).id,
        annotator=annotator or dice.choice(("ana", "ben", "chloé")),
        verdict=Verdict.CORRECT if labels else dice.choice((Verdict.REJECT, Verdict.UNSURE)),
        labels=labels,
        themes=("local-presence",) if labels and dice.random() < 0.5 else (),
        comment="because",
        seconds=dice.choice((None, 2.5)),
        key=key,
    )


def decide(store: Store, name: str, count: int, begin: float) -> None:
    """Makes so many decisions, beginning when all others do."""
    dice = random.Random(name)
    time.sleep(max(0.0, begin - time.time()))
    for number in range(count):
        key = f"{name}-{number}"
        record(store, draft(dice, key, name))
        say("decided", key)
