"""Nearness of passages by their vectors."""

import time
from pathlib import Path

import numpy as np
import pytest

from whatworks.models.nearest import Nearness, PassageVectors, Usual, take_stored
from whatworks.nlp.passages import PassageId
from whatworks.nlp.vectors import VectorCache

IDS = [PassageId(f"{n:016x}") for n in range(5)]


def unit(*angles: float) -> np.ndarray:
    """Vectors of two numbers at these angles, in degrees."""
    turned = np.radians(angles)
    return np.stack([np.cos(turned), np.sin(turned)], 1).astype(np.float32)


def places(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


@pytest.fixture
def vectors() -> PassageVectors:
    """At 0, 10, 40, 90 degrees; the last is missing."""
    made = PassageVectors(IDS)
    made.put(range(4), unit(0, 10, 40, 90))
    return made


def test_the_nearest_come_first_with_their_cosine(vectors: PassageVectors) -> None:
    found = vectors.nearest(unit(30)[0], 3, places(0, 1, 2, 3, 4))
    assert [one.place for one in found] == [2, 1, 0]
    cosines = np.cos(np.radians([10, 20, 30]))
    assert [one.similarity for one in found] == pytest.approx(cosines, abs=1e-3)


def test_all_passages_can_be_sorted_by_nearness(vectors: PassageVectors) -> None:
    assert vectors.by_nearness(unit(30)[0]).tolist() == [2, 1, 0, 3, 4]


def test_only_the_places_asked_for_are_compared(vectors: PassageVectors) -> None:
    assert [one.place for one in vectors.nearest(unit(30)[0], 3, places(3, 0))] == [0, 3]
    assert vectors.nearest(unit(30)[0], 3, places()) == []


def test_a_missing_vector_is_near_to_nothing(vectors: PassageVectors) -> None:
    assert list(vectors.missing) == [4]
    assert vectors.vector(4) is None
    assert vectors.nearest(unit(0)[0], 5, places(4)) == []
    assert vectors.similarities(unit(180)[0])[4] == -1


def test_without_any_vector_nothing_is_near() -> None:
    empty = PassageVectors(IDS)
    assert empty.nearest(unit(0)[0], 3, places(0, 1)) == []
    assert list(empty.similarities(unit(0)[0])) == [-1] * 5
    assert empty.usual() == Usual(0.2, 0.2)


def test_equal_vectors_keep_the_order_of_the_passages() -> None:
    made = PassageVectors(IDS)
    made.put(range(5), unit(5, 5, 5, 5, 5))
    assert [one.place for one in made.nearest(unit(5)[0], 5, places(0, 1, 2, 3, 4))] == [
        0, 1, 2, 3, 4,
    ]  # fmt: skip


def test_a_report_that_is_added_keeps_what_is_known(vectors: PassageVectors) -> None:
    more = PassageVectors([PassageId("f" * 16), *reversed(IDS)])
    more.take_over(vectors)
    assert list(more.missing) == [0, 1]
    here, there = more.vector(more.at[IDS[2]]), vectors.vector(2)
    assert here is not None
    assert there is not None
    assert np.array_equal(here, there)


def test_stored_vectors_are_taken_by_what_is_read_of_a_passage(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    cache.store("e", ["One.", "Two."], unit(0, 90).astype(np.float16))
    cache.store("other", ["Three."], unit(45).astype(np.float16))
    made = PassageVectors(IDS)
    texts = list(zip(IDS, ["One.", "Three.", "Two."], strict=False))
    take_stored(made, [*texts, (PassageId("a" * 16), "One.")], cache, "e")
    assert list(np.flatnonzero(made.is_known)) == [0, 2]
    second = made.vector(2)
    assert second is not None
    assert second == pytest.approx(unit(90)[0], abs=1e-3)


def test_what_is_close_is_told_beside_what_is_usual() -> None:
    usual = Usual(0.8, 0.05)
    told = {0.6: 0, 0.8: 0, 0.84: 0, 0.86: 1, 0.89: 2, 0.92: 2, 0.93: 3, 1.0: 3}
    assert {similarity: usual.nearness(similarity) for similarity in told} == told
    assert usual.nearness(1.0) is Nearness.VERY


def test_what_is_usual_is_that_of_all_pairs_and_stays_the_same() -> None:
    random = np.random.default_rng(20)
    rows = random.normal(size=(1000, 8)) + 0.5
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    made = PassageVectors([PassageId(f"{n:016x}") for n in range(1000)])
    made.put(range(1000), rows.astype(np.float32))
    pairs = (rows @ rows.T)[np.triu_indices(1000, 1)]
    usual = made.usual()
    assert usual.mean == pytest.approx(pairs.mean(), abs=0.03)
    assert usual.deviation == pytest.approx(pairs.std(), abs=0.03)
    assert made.usual() == usual


@pytest.mark.slow
def test_a_hundred_thousand_passages_are_compared_in_a_moment() -> None:
    random = np.random.default_rng(20)
    count = 100_000
    made = PassageVectors([PassageId(f"{n:016x}") for n in range(count)])
    for start in range(0, count, 10_000):
        rows = random.normal(size=(10_000, 384)).astype(np.float32)
        made.put(range(start, start + 10_000), rows / np.linalg.norm(rows, axis=1, keepdims=True))
    vector = made.vector(77_777)
    assert vector is not None
    every, best = np.arange(count, dtype=np.int32), 9.0
    for _ in range(5):
        begun = time.perf_counter()
        found = made.nearest(vector, 20, every)
        best = min(best, time.perf_counter() - begun)
    assert found[0].place == 77_777
    # Mostly 0.1 s on two cores; this machine may be busy.
    assert best < 0.6
