import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.nlp.vectors import VectorCache


def vectors(*values: float) -> np.ndarray:
    return np.array([[value, -value, 0.5] for value in values], dtype=np.float16)


def test_what_was_stored_is_found_to_the_bit(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "deep" / "vectors.sqlite")
    assert cache.find("e", ["a"]) == {}
    assert not cache.path.parent.exists()
    stored = np.random.default_rng(1).normal(size=(1200, 8)).astype(np.float16)
    texts = [f"text {n}" for n in range(1200)]
    cache.store("e", texts, stored)
    found = VectorCache(cache.path).find("e", [*reversed(texts), "unknown"])
    assert list(map(found.get, texts)) != []
    np.testing.assert_array_equal(np.stack([found[text] for text in texts]), stored)
    assert "unknown" not in found
    assert cache.count() == 1200
    assert cache.warning == ""


def test_encoders_do_not_mix(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v")
    cache.store("one", ["a"], vectors(1))
    cache.store("two", ["a"], vectors(2))
    assert cache.find("one", ["a"])["a"][0] == 1
    assert cache.find("two", ["a"])["a"][0] == 2
    assert cache.find("three", ["a"]) == {}


def test_the_first_vector_of_a_text_stays(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v")
    cache.store("e", ["a", "a"], vectors(1, 2))
    cache.store("e", ["a"], vectors(3))
    assert cache.find("e", ["a"])["a"][0] == 1
    assert cache.count() == 1


@given(text=st.text())
def test_any_text_is_a_key(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = VectorCache(tmp_path_factory.getbasetemp() / "any text" / "v.sqlite")
    cache.store("e", [text], vectors(1))
    assert list(cache.find("e", [text])) == [text]
    assert cache.warning == ""


def test_half_a_letter_is_a_key_too(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v")
    cache.store("e", ["\udce9"], vectors(1))
    assert list(cache.find("e", ["\udce9"])) == ["\udce9"]


@pytest.mark.parametrize("name", ["a b", "50%", "what?", "#1", "évaluation", "a&b=c"])
def test_any_folder_name_will_do(name: str, tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / name / "v.sqlite")
    cache.store("e", ["a"], vectors(1))
    assert cache.count() == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_several_may_write_at_once(tmp_path: Path) -> None:
    def write(n: int) -> str:
        cache = VectorCache(tmp_path / "v")
        for m in range(20):
            cache.store("e", [f"{n} {m}", f"shared {m}"], vectors(n, m))
        return cache.warning

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(write, range(4))) == {""}
    assert VectorCache(tmp_path / "v").count() == 4 * 20 + 20


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + b"\xa5" * 5000])
def test_a_damaged_file_is_begun_anew(damage: bytes, tmp_path: Path) -> None:
    path = tmp_path / "v"
    path.write_bytes(damage)
    reading = VectorCache(path)
    assert reading.find("e", ["a"]) == {}
    assert "was damaged and is begun anew" in reading.warning
    path.write_bytes(damage)
    counting = VectorCache(path)
    assert counting.count() == 0
    assert "was damaged" in counting.warning
    path.write_bytes(damage)
    writing = VectorCache(path)
    writing.store("e", ["a"], vectors(1))
    assert "was damaged" in writing.warning
    writing.store("e", ["a"], vectors(1))
    assert VectorCache(path).count() == 1


def test_a_damaged_page_loses_only_the_cache(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v")
    texts = [f"text {n}" for n in range(2000)]
    cache.store("e", texts, np.ones((2000, 64), dtype=np.float16))
    data = bytearray(cache.path.read_bytes())
    data[40_000:200_000] = b"\xa5" * 160_000
    cache.path.write_bytes(data)
    assert len(cache.find("e", texts)) < 2000
    assert "damaged" in cache.warning
    cache.store("e", texts, np.ones((2000, 64), dtype=np.float16))
    assert len(VectorCache(cache.path).find("e", texts)) == 2000


def test_what_a_killed_process_left_half_written_is_rolled_back(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v")
    cache.store("e", ["a"], vectors(1))
    open_one = sqlite3.connect(cache.path)
    open_one.execute("PRAGMA cache_size = 1")
    open_one.execute("PRAGMA cache_spill = ON")
    open_one.executemany(
        "INSERT INTO vector VALUES ('e', ?, ?)", [(f"{n}".encode(), b"0" * 900) for n in range(50)]
    )
    journal = tmp_path / "v-journal"
    assert journal.stat().st_size > 0
    for path in (journal, cache.path):
        (tmp_path / f"killed{path.name[1:]}").write_bytes(path.read_bytes())
    open_one.close()
    killed = VectorCache(tmp_path / "killed")
    assert list(killed.find("e", ["a"])) == ["a"]
    assert killed.count() == 1
    assert killed.warning == ""


def test_a_place_that_is_no_folder_costs_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = VectorCache(tmp_path / "file" / "v")
    assert cache.find("e", ["a"]) == {}
    assert cache.warning == ""
    cache.store("e", ["a"], vectors(1))
    assert str(cache.path) in cache.warning
    assert "set WHATWORKS_CACHE to a folder you can write" in cache.warning
