"""The cache: ``whatworks cache``, and runs whose cache cannot be used."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.command import PROSE, Ran, Run

pytestmark = pytest.mark.slow


def texts(ran: Ran) -> list[str]:
    return [json.loads(line)["text"] for line in ran.out.splitlines()]


LINES = ("--format", "jsonl", "--include-none")


def test_the_size_of_each_part_is_shown(classify: Run, run: Run, report: Path, cache: Path) -> None:
    assert run("cache", "size").out.splitlines()[0] == f"Cache: {cache}"
    assert run("cache", "size").out.count("0.0 MB") == 4
    assert not cache.exists()
    (cache / "encoders" / "e").mkdir(parents=True)
    (cache / "encoders" / "e" / "weights").write_bytes(b"0" * 1_240_000)
    assert "1.2 MB  the unpacked encoder (encoders)" in run("cache", "size").out


def test_clear_deletes_what_is_ours_and_no_more(
    classify: Run, run: Run, report: Path, cache: Path
) -> None:
    classify(report)
    (cache / "mine.txt").write_text("of the user")
    assert {path.name for path in cache.iterdir()} == {"reports", "vectors.sqlite", "mine.txt"}
    ran = run("cache", "clear", "--yes")
    assert ran.code == 0
    assert ran.out.startswith("Deleted ")
    assert [path.name for path in cache.iterdir()] == ["mine.txt"]
    assert run("cache", "clear", "--yes").out == "Deleted 0.0 MB.\n"


@pytest.mark.parametrize("answer", [b"n\n", b""])
def test_clear_asks_first(
    answer: bytes, classify: Run, run: Run, report: Path, cache: Path
) -> None:
    classify(report)
    ran = run("cache", "clear", stdin=answer)
    assert ran.code == 1
    assert f"in {cache}?" in ran.said
    assert "Nothing was deleted" in ran.said
    assert ("add --yes" in ran.said) == (not answer)
    assert "Interrupted" not in ran.said
    assert (cache / "vectors.sqlite").exists()
    assert run("cache", "clear", stdin=b"y\n").code == 0
    assert not (cache / "vectors.sqlite").exists()


def test_a_cache_that_cannot_be_made_costs_a_warning(
    classify: Run, report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("WHATWORKS_CACHE", str(tmp_path / "file" / "cache"))
    ran = classify(report, *LINES)
    assert ran.code == 0
    assert texts(ran) == list(PROSE)
    assert "Warning: The vector cache" in ran.err
    assert "set WHATWORKS_CACHE to a folder you can write" in ran.said


@pytest.mark.slow
def test_a_read_only_cache_is_read_and_costs_a_warning(
    classify: Run,
    classify_apart: Run,
    report: Path,
    cache: Path,
    as_user: tuple[str, ...],
) -> None:
    first = classify(report, *LINES)
    report.write_text(report.read_text("utf-8") + "\n\nOne more paragraph was added here.", "utf-8")
    for path in (cache, *cache.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    ran = classify_apart(report, *LINES, before=as_user)
    for path in (cache, *cache.rglob("*")):
        path.chmod(0o755)
    assert ran.code == 0
    assert ran.out.startswith(first.out)
    assert texts(ran) == [*PROSE, "One more paragraph was added here."]
    assert "Warning: The vector cache" in ran.err
    assert "the next run will encode these passages again" in ran.said


@pytest.mark.parametrize("damage", ["no database", "half", "middle", "empty", "other table"])
def test_damaged_vectors_are_made_again(
    damage: str, classify: Run, report: Path, cache: Path
) -> None:
    first = classify(report, *LINES)
    kept = cache / "vectors.sqlite"
    data = kept.read_bytes()
    if damage == "other table":
        kept.unlink()
        sqlite3.connect(kept).execute("CREATE TABLE other (a)").connection.close()
    else:
        kept.write_bytes(
            {
                "no database": b"no database at all " * 100,
                "half": data[: len(data) // 2],
                "middle": data[:2000] + b"\xa5" * (len(data) - 2000),
                "empty": b"",
            }[damage]
        )
    again = classify(report, *LINES)
    assert again.code == 0
    assert again.out == first.out
    if damage in ("no database", "half", "middle"):
        assert "was damaged and is begun anew" in again.err
    third = classify(report, *LINES)
    assert third.out == first.out
    assert third.err == ""


@pytest.mark.parametrize("content", ["", "{", "[]", "1", '{"passages": [{}]}', '"text"'])
def test_a_damaged_kept_report_is_read_again(
    content: str, classify: Run, report: Path, cache: Path
) -> None:
    first = classify(report, *LINES)
    (kept,) = (cache / "reports").iterdir()
    sound = kept.read_text()
    kept.write_text(content)
    again = classify(report, *LINES)
    assert (again.code, again.out, again.err) == (0, first.out, "")
    assert kept.read_text() == sound
