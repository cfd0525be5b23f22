"""Decisions that many people send at the same moment."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.cli.web.conftest import passages_in
from tests.stored import decide
from whatworks.cli.web import recorder as module
from whatworks.cli.web.recorder import Recorder
from whatworks.labels.decisions import Verdict
from whatworks.labels.project import Project
from whatworks.labels.store.audit import audit
from whatworks.labels.store.faults import StoreError
from whatworks.labels.store.sent import Sent
from whatworks.labels.store.worklists import Worklist
from whatworks.nlp.errors import WhatworksError

PEOPLE = [f"person {number}" for number in range(12)]


def sent(project: Project, name: str, place: int = 0, *labels: str) -> Sent:
    return Sent(passages_in(project)[place].id, name, uuid.uuid4().hex, labels=labels)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each gave or raised, all of them having begun before any of them ended."""
    found: list[Any] = [None] * len(acts)
    begin = threading.Barrier(len(acts))

    def one(place: int) -> None:
        begin.wait()
        try:
            found[place] = acts[place]()
        except Exception as error:  # noqa: BLE001
            found[place] = error

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were written with each transaction."""
    sizes: list[int] = []
    write = module.record_all_sent

    def counted(store: Any, several: Any) -> Any:
        sizes.append(len(several))
        return write(store, several)

    monkeypatch.setattr(module, "record_all_sent", counted)
    return sizes


def test_everybody_is_told_of_their_own_decision(project: Project, batches: list[int]) -> None:
    recorder = Recorder(project.store, Worklist())
    wanted = [sent(project, name, number % 8, "lesson") for number, name in enumerate(PEOPLE)]
    found = at_once([lambda one=one: recorder.record(one) for one in wanted])  # type: ignore[misc]
    assert [one.decision.key for one in found] == [one.key for one in wanted]
    assert [one.decision.annotator for one in found] == PEOPLE
    assert sum(batches) == len(PEOPLE) > len(batches)
    assert audit(project.store).findings == ()


def test_what_is_wrong_is_told_to_its_sender_alone(project: Project) -> None:
    recorder = Recorder(project.store, Worklist())
    wanted = [sent(project, name, 0, "lesson") for name in PEOPLE[:5]]
    wanted.append(sent(project, PEOPLE[5], 0, "no such code"))
    *right, wrong = at_once([lambda one=one: recorder.record(one) for one in wanted])  # type: ignore[misc]
    assert isinstance(wrong, WhatworksError)
    assert "no such code" in str(wrong)
    assert [one.decision.annotator for one in right] == PEOPLE[:5]


def test_a_database_that_fails_is_told_to_all_and_the_next_is_saved(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(project.store, Worklist())

    def full(*_: Any) -> Any:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(module, "record_all_sent", full)
        wanted = [sent(project, name) for name in PEOPLE]
        found = at_once([lambda one=one: recorder.record(one) for one in wanted])  # type: ignore[misc]
    assert {str(one) for one in found} == {"The disk is full."}
    assert recorder.record(wanted[0]).is_new


def test_the_worklist_that_was_told_is_the_one_that_is_read(project: Project) -> None:
    told = Worklist()
    recorder = Recorder(project.store, told)
    people = PEOPLE[:3]

    def stands(worklist: Worklist, name: str) -> list[Any]:
        with project.store.reading() as connection:
            found = worklist.standing(connection, name)
        own, said = found.own, found.own.said
        answers = [None if number < 0 else said[number] for number in own.answers]
        arrays = (found.passages.states, own.decided, own.holding, own.unsure, own.seen)
        return [answers, *(one.tolist() for one in arrays)]

    for name in people:
        recorder.record(sent(project, name, 7, "lesson"))
        stands(told, name)
    wanted = [sent(project, name, place, "obstacle") for name in people for place in range(3)]
    wanted += [replace(sent(project, people[0], 4), verdict=Verdict.UNSURE)]
    at_once([lambda one=one: recorder.record(one) for one in wanted])  # type: ignore[misc]
    first = recorder.record(sent(project, people[1], 5, "lesson")).decision
    undo = replace(sent(project, people[1], 5), verdict=Verdict.UNDO, seen=str(first.id))
    recorder.record(undo)
    decide(project.store, passages_in(project)[6], "somebody else", "lesson")
    recorder.record(sent(project, people[2], 6, "obstacle"))
    for name in people:
        assert stands(told, name) == stands(Worklist(), name)
