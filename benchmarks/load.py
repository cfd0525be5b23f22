"""Many reviewers at once on the real server: is it quick, does it lose or double a decision?

    python benchmarks/load.py                               # 30 on SQLite, 100 on PostgreSQL
    python benchmarks/load.py --database sqlite --reviewers 10 --seconds 30

The server is ``whatworks review --login`` as a process of its own. Each reviewer logs in and
decides a passage every two seconds, as the page does: the decision is sent, the next passage is
loaded ahead. Some decisions are sent twice, as after a lost answer. Two times are told: what the
clients measure, from the first byte sent to the last byte read, and what the server says in its
header Server-Timing, from the request to the beginning of the answer. In the end the clients' own
logs are compared with the store, and the store is audited. The target is 150 ms of server time for
95 of 100 decisions.

PostgreSQL is started by this script from the programs that are installed. It and the clients take a
part of the processors too: what is measured on one machine is an upper bound.
"""

import argparse
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)

from benchmarks.store import CODEBOOK, read_report, suggestion  # noqa: E402
from tests.postgres import postgres_server  # noqa: E402
from whatworks.labels.accounts import Role  # noqa: E402
from whatworks.labels.project import init_project, open_project  # noqa: E402
from whatworks.labels.store.accounts import add_account  # noqa: E402
from whatworks.labels.store.audit import audit  # noqa: E402
from whatworks.labels.store.codebooks import current_codebook  # noqa: E402
from whatworks.labels.store.log import decisions_on  # noqa: E402
from whatworks.labels.store.passages import current_passages  # noqa: E402
from whatworks.labels.store.reports import add_report  # noqa: E402
from whatworks.labels.store.suggestions import add_model_version, add_suggestions  # noqa: E402

TARGET_MS = 150
EVERY_S = 2.0
PASSWORD = "eleven quiet meadows"
REVIEWERS = {"sqlite": 30, "postgresql": 100}


@dataclass
class Log:
    """What the clients did and saw."""

    times: dict[str, list[float]] = field(default_factory=dict)
    """What the clients measured, in ms."""
    server: dict[str, list[float]] = field(default_factory=dict)
    """What the server says it took, in ms."""
    saved: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Key of each decision that the server said it saved: who, and which passage."""
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, what: str, seconds: float, server_ms: float) -> None:
        with self.lock:
            self.times.setdefault(what, []).append(seconds * 1000)
            self.server.setdefault(what, []).append(server_ms)


class Reviewer:
    """A browser without a screen: keeps its connection and cookies, sends what the page sends."""

    def __init__(self, port: int, name: str, log: Log, seed: int) -> None:
        self._port, self.name, self._log = port, name, log
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._dice = random.Random(seed)
        self._csrf = ""

    def log_in(self) -> None:
        self._csrf = _csrf(self.ask("login page", "GET", "/login")[1])
        fields = {"csrf": self._csrf, "name": self.name, "password": PASSWORD, "next": "/queue"}
        status, text = self.ask("log in", "POST", "/login", fields)
        assert status == 303, text[:500]
        self._csrf = _csrf(self.ask("queues", "GET", "/queue")[1])

    def work(self, until: float) -> None:
        """Decides until then, at an even pace that is not that of the others."""
        try:
            # All at the same place: they are told apart by who looks at what.
            page = self.ask("first passage", "GET", "/review")[1]
            next_at = time.perf_counter() + self._dice.uniform(0, EVERY_S)
            while next_at < until:
                time.sleep(max(0.0, next_at - time.perf_counter()))
                page = self.decide(page)
                next_at = max(next_at + EVERY_S, time.perf_counter())
        except Exception as error:  # noqa: BLE001
            self._log.troubles.append(f"{self.name}: {error!r}")

    def decide(self, page: str) -> str:
        """Sends an answer to the passage of a page; the page of the next."""
        found = re.search(r'data-passage="([0-9a-f]+)"', page)
        assert found, f"no passage: {page[:300]}"
        passage, key = found[1], uuid.uuid4().hex
        labels = self._dice.sample(CODEBOOK.finding_type_ids, self._dice.choice((0, 1, 1, 2)))
        fields = [("labels", one) for one in labels]
        fields += [("themes", self._dice.choice(CODEBOOK.theme_ids))] if labels else []
        suggested = re.search(r'name="suggestion_id" value="(\d+)"', page)
        fields += [
            ("verdict", "save" if labels else "reject"), ("key", key), ("seen", _seen(page)),
            ("seconds", "2.0"), ("suggestion_id", suggested[1] if suggested else ""),
        ]  # fmt: skip
        for _ in range(2 if self._dice.random() < 0.02 else 1):
            status, text = self.ask("decision", "POST", f"/passage/{passage}/decide", fields, True)
            if status != 200:
                self._log.troubles.append(f"{self.name}: {status} {text[:200]}")
                continue
            with self._log.lock:
                self._log.saved[key] = (self.name, passage)
        return self.ask("next passage", "GET", f"/passage/{passage}/skip?partial=1")[1]

    def ask(
        self, what: str, method: str, path: str, fields: object = None, as_json: bool = False
    ) -> tuple[int, str]:
        """Status and text; redirects of pages are followed, each a request of its own."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRF-Token"] = self._csrf
        headers["Accept"] = "application/json" if as_json else "text/html"
        if "partial=1" in path:
            headers["HX-Request"] = "true"
        start = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server ended an idle connection; browsers ask again, too.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - start
        said = re.search(r"dur=(\d+)", answer.headers.get("Server-Timing", ""))
        self._log.took(what, seconds, float(said[1]) if said else seconds * 1000)
        for given in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = given.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status >= 500:
            self._log.troubles.append(f"{self.name}: {answer.status} {method} {path}: {text[:200]}")
        if method == "GET" and answer.status == 303:
            return self.ask(what, "GET", answer.headers["Location"])
        return answer.status, text


def _csrf(page: str) -> str:
    found = re.search(r'data-csrf="([^"]+)"', page)
    assert found, page[:300]
    return found[1]


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return found[1] if found else ""


def build(folder: Path, database: str, reviewers: int, passages: int) -> list[str]:
    """A project with suggestions and accounts; the names of the reviewers."""
    init_project(folder, name="Load", database=database, by="owner")
    names = [f"reviewer {number:03}" for number in range(1, reviewers + 1)]
    dice = random.Random(20)
    with open_project(folder) as project:
        store = project.store
        version = add_model_version(store, "benchmark 1", "benchmark", {})
        with store.reading() as connection:
            codebook = current_codebook(connection).id
        for number in range(0, passages, 400):
            report = read_report(number // 400, min(400, passages - number))
            add_report(store, report, report.name, f"{number:064}", "owner")
            suggested = [suggestion(one, dice) for one in report.passages]
            add_suggestions(store, version.id, codebook, suggested)
        add_account(store, "owner", Role.OWNER, PASSWORD)
        for name in names:
            add_account(store, name, Role.REVIEWER, PASSWORD)
    return names


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Port and process of ``whatworks review``."""
    command = [sys.executable, "-m", "whatworks", "review", "--login", "--no-browser"]
    process = subprocess.Popen(
        [*command, "--port", "0", "--project", str(folder)],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert found, "the server did not start"
        yield int(found[1]), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.communicate()


def memory(process: psutil.Process) -> int:
    """Resident memory in MiB."""
    return process.memory_info().rss >> 20


def together(what: list[Callable[[], object]], at_once: int | None = None) -> None:
    """Runs them side by side."""
    gate = threading.Semaphore(at_once or len(what))

    def one(act: Callable[[], object]) -> None:
        with gate:
            act()

    threads = [threading.Thread(target=one, args=(act,)) for act in what]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run(database: str, reviewers: int, seconds: float, passages: int) -> bool:
    """One run, printed; whether all is as it should be."""
    log = Log()
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory())) / "project"
        address = "sqlite:///whatworks.db"
        if database == "postgresql":
            # As a team would run it: what is saved survives a power cut.
            server = closing.enter_context(postgres_server(fsync=True))
            address = server.url(server.new_database()).render_as_string(hide_password=False)
        names = build(folder, address, reviewers, passages)
        port, process = closing.enter_context(served(folder))
        people = [Reviewer(port, name, log, seed) for seed, name in enumerate(names)]
        # One after another: passwords are made to take time, and nobody logs in all at once.
        together([one.log_in for one in people], at_once=2)
        sizes = [("start", memory(process))]
        used = process.cpu_times()
        begun = time.perf_counter()
        marks = threading.Timer(seconds / 2, lambda: sizes.append(("middle", memory(process))))
        marks.start()
        together([lambda one=one: one.work(begun + seconds) for one in people])
        marks.cancel()
        wall = time.perf_counter() - begun
        sizes.append(("end", memory(process)))
        busy = process.cpu_times()
        worked = busy.user + busy.system - used.user - used.system
        lost, doubled = check(folder, log)
        with open_project(folder) as project:
            findings = audit(project.store).found
    print(f"\n{database}, {reviewers} reviewers, {wall:.0f} s, {passages:,} passages")
    print(f"{'ms':>16}{'count':>8}{'p50':>8}{'p95':>8}{'max':>8}   server: p50     p95     max")
    for what, times in log.times.items():
        print(f"{what:>16}{len(times):8,}{_row(times)}{'':7}{_row(log.server[what])}")
    print(f"memory, MiB: {', '.join(f'{when} {size}' for when, size in sizes)}")
    print(f"processors that the server used: {worked / wall:.2f}")
    print(f"decisions saved: {len(log.saved):,}; lost {lost}, doubled {doubled}")
    print(f"audit: {findings} findings; troubles: {len(log.troubles)}")
    for trouble in log.troubles[:5]:
        print(f"  {trouble}")
    decisions = sorted(log.server.get("decision", [0.0]))
    is_quick = decisions[int(0.95 * len(decisions))] < TARGET_MS
    print(f"95 of 100 decisions within {TARGET_MS} ms: {'yes' if is_quick else 'no'}")
    return is_quick and not (lost or doubled or findings or log.troubles)


def _row(times: list[float]) -> str:
    """Median, 95th percentile and longest."""
    p95 = statistics.quantiles(times * 2, n=20, method="inclusive")[-1]
    return f"{statistics.median(times):8.0f}{p95:8.0f}{max(times):8.0f}"


def check(folder: Path, log: Log) -> tuple[int, int]:
    """Decisions that were said to be saved and are not; those that are stored beside them."""
    with open_project(folder) as project, project.store.reading() as connection:
        ids = [one.id for one in current_passages(connection)]
        stored = [one for several in decisions_on(connection, ids).values() for one in several]
    there = {one.key: (one.annotator, one.passage_id) for one in stored}
    right = sum(there.get(key) == said for key, said in log.saved.items())
    return len(log.saved) - right, len(stored) - right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=sorted(REVIEWERS), help="only this one")
    parser.add_argument("--reviewers", type=int, help="by default 30 on SQLite, 100 on PostgreSQL")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--passages", type=int, default=10_000)
    given = parser.parse_args()
    results = [
        run(one, given.reviewers or REVIEWERS[one], given.seconds, given.passages)
        for one in ([given.database] if given.database else ["sqlite", "postgresql"])
    ]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
