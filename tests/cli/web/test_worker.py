"""Work behind the pages: one thing at a time."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from whatworks.cli.web import worker as module
from whatworks.cli.web.worker import BusyError, Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("test", kept=3)
    yield made
    made.close()


class Gate:
    """A job that waits to be let through."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.open.wait(5)
        return "done"


def noting(done: list[str], name: str) -> Callable[[], Any]:
    return lambda: done.append(name)


def test_never_two_things_at_once_and_the_urgent_ones_first(worker: Worker) -> None:
    gate, done = Gate(), []
    first = worker.ask("gate", gate)
    assert gate.begun.wait(5)
    futures = [
        worker.ask(name, noting(done, name), urgency=urgency)
        for name, urgency in (("late", 0), ("soon", 1), ("now", 2), ("too", 2))
    ]
    time.sleep(0.05)
    assert done == [], "they wait for the first"
    gate.open.set()
    assert first.result(5) == "done"
    for one in futures:
        one.result(5)
    assert done == ["now", "too", "soon", "late"]


def test_what_was_asked_for_is_not_done_again(worker: Worker) -> None:
    done: list[str] = []
    one = worker.ask("a", noting(done, "a"))
    one.result(5)
    assert worker.ask("a", noting(done, "again")) is one
    assert done == ["a"]


def test_only_the_last_results_are_remembered(worker: Worker) -> None:
    done: list[str] = []
    for name in ("a", "b", "c", "a", "d", "a", "b"):
        worker.ask(name, noting(done, name)).result(5)
    # 'a' was asked for again, so that 'b' was the one to be forgotten.
    assert done == ["a", "b", "c", "d", "b"]


def test_an_error_is_told_then_it_is_tried_again(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise ValueError("no such thing")

    asked = worker.ask("a", fail)
    for _ in range(2):
        with pytest.raises(ValueError, match="no such thing"):
            asked.result(5)
    with pytest.raises(ValueError, match="no such thing"):
        worker.ask("a", lambda: "well").result(5)
    monkeypatch.setattr(module, "_FAILED_S", 0.0)
    assert worker.ask("a", lambda: "well").result(5) == "well"


def test_too_much_is_refused_and_nothing_is_lost(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 2)
    gate = Gate()
    worker.ask("gate", gate)
    assert gate.begun.wait(5)
    waiting = [worker.ask(n, lambda n=n: n) for n in range(2)]  # type: ignore[misc]
    with pytest.raises(BusyError, match="Try again"):
        worker.ask("more", lambda: None)
    gate.open.set()
    assert [one.result(5) for one in waiting] == [0, 1]


def test_its_thread_ends_when_idle_and_begins_again(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IDLE_S", 0.05)
    first = worker.ask("a", threading.current_thread).result(5)
    first.join(5)
    assert not first.is_alive()
    second = worker.ask("b", threading.current_thread).result(5)
    assert second is not first
    assert second is not threading.current_thread()


def test_what_waits_is_let_go_when_it_is_closed() -> None:
    worker, gate = Worker("test"), Gate()
    running = worker.ask("gate", gate)
    assert gate.begun.wait(5)
    waiting = worker.ask("b", lambda: None)
    closing = threading.Thread(target=worker.close)
    closing.start()
    gate.open.set()
    closing.join(5)
    assert running.result(5) == "done"
    assert waiting.cancelled()
    with pytest.raises(BusyError):
        worker.ask("c", lambda: None)
