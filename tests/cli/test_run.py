"""A run that is broken off, repeated, or read ahead by other processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.command import PROSE, Run, text_report
from whatworks.nlp.vectors import VectorCache

Start = Callable[..., "subprocess.Popen[str]"]


def table(path: Path, n_rows: int) -> Path:
    lines = [f"Funds for district number {n} came {n % 12} months late." for n in range(n_rows)]
    path.write_text("text\n" + "\n".join(lines), "utf-8")
    return path


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (signal.SIGINT, 130, "Interrupted. Not written: "),
        (signal.SIGTERM, 143, ""),
        (signal.SIGHUP, 129, ""),
    ],
)
def test_broken_off_it_leaves_the_vectors_and_nothing_else(
    number: signal.Signals,
    code: int,
    message: str,
    start: Start,
    classify: Run,
    tiny_model: Path,
    tmp_path: Path,
    cache: Path,
) -> None:
    given = table(tmp_path / "in.csv", 6000)
    results = tmp_path / "results"
    results.mkdir()
    options = [part for name in ("r.csv", "r.xlsx") for part in ("-o", results / name)]
    process = start("classify", given, "--model", tiny_model, *options)
    vectors = VectorCache(cache / "vectors.sqlite")
    wait_until(lambda: vectors.path.exists() and vectors.count() > 500)
    assert list(results.glob(".whatworks-*"))
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert message in err
    assert "Traceback" not in err
    assert list(results.iterdir()) == []
    kept = vectors.count()
    assert 500 < kept < 6000
    if number == signal.SIGINT:
        assert "the same command goes on from there" in err
        ran = classify(given, *options)
        assert ran.code == 0
        assert vectors.count() == 6000 + 23
        assert sorted(path.name for path in results.iterdir()) == ["r.csv", "r.xlsx"]


INTERRUPTED_AT = """
import os, signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == MODULE:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
from whatworks.__main__ import main
main()
"""


@pytest.mark.parametrize(
    "module",
    ["typer", "numpy", "whatworks.nlp.vectors", "xlsxwriter", "whatworks.nlp.readers.text"],
)
def test_broken_off_while_it_loads_it_is_no_traceback(
    module: str, tiny_model: Path, tmp_path: Path
) -> None:
    report = text_report(tmp_path / "a.txt")
    script = INTERRUPTED_AT.replace("MODULE", repr(module))
    ran = subprocess.run(
        [sys.executable, "-c", script, "classify", report, "--model", tiny_model,
         "-o", tmp_path / "r.xlsx"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 130
    assert "Traceback" not in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.slow
def test_broken_off_its_reading_processes_end_too(
    start: Start, tiny_model: Path, tmp_path: Path, cache: Path
) -> None:
    for n in range(8):
        text_report(tmp_path / "in" / f"{n}.txt", *(f"{text} {n} {m}" for m in range(800)
                                                    for text in PROSE))  # fmt: skip
    process = start(
        "classify", tmp_path / "in", "--model", tiny_model, "--jobs", 2, start_new_session=True
    )
    parent = psutil.Process(process.pid)
    # Once vectors are kept: a process that is only being begun may still print that it was left.
    wait_until((cache / "vectors.sqlite").exists)
    children = parent.children(recursive=True)
    assert len(children) >= 2
    # As a terminal does it: to all processes of the group.
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


@pytest.mark.slow
def test_with_jobs_the_results_are_the_same(
    classify_apart: Run, classify: Run, tmp_path: Path
) -> None:
    for n in range(4):
        text_report(tmp_path / "in" / f"{n}.txt", f"{PROSE[0]} {n}", PROSE[n % 3])
    (tmp_path / "in" / "2b.pdf").write_bytes(b"no PDF")
    given = (tmp_path / "in", "--format", "jsonl", "--include-none")
    apart = classify_apart(*given, "--jobs", 2)
    here = classify(*given)
    assert apart.code == here.code == 1
    assert len(apart.out.splitlines()) == 8
    assert apart.out == here.out
    assert "It is named '.pdf' but is no PDF" in apart.said


WITHOUT_TORCH = """
import sys
from whatworks.__main__ import main
sys.argv[0] = "whatworks"
try:
    main()
finally:
    heavy = {"torch", "transformers", "sentence_transformers", "sklearn", "docx", "pypdfium2"}
    print("heavy:", sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_a_second_run_loads_no_model_and_gives_the_same_bytes(
    classify: Run, tiny_model: Path, tmp_path: Path
) -> None:
    text_report(tmp_path / "in" / "a.txt")
    text_report(tmp_path / "in" / "b.md", PROSE[2])
    options = ["--format", "jsonl", "--include-none"]
    first = classify(tmp_path / "in", *options, "-o", tmp_path / "first.jsonl")
    assert len(first.out.splitlines()) == 4
    second = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, "classify", tmp_path / "in", *options,
         "--model", tiny_model, "-o", tmp_path / "second.jsonl"],
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert second.returncode == 0
    assert second.stderr.splitlines()[-1] == "heavy: []"
    assert second.stdout == first.out
    written = (tmp_path / "first.jsonl").read_bytes()
    assert written == (tmp_path / "second.jsonl").read_bytes()
    assert written.decode("utf-8") == first.out


def test_only_the_changed_paragraph_is_encoded_again(
    classify: Run, tmp_path: Path, cache: Path
) -> None:
    report = text_report(tmp_path / "a.txt")
    before = classify(report, "--format", "jsonl", "--include-none").out.splitlines()
    text_report(report, PROSE[0], "Funds for the second phase came in time.", PROSE[2])
    after = classify(report, "--format", "jsonl", "--include-none").out.splitlines()
    changed = [json.loads(a)["order"] for a, b in zip(before, after, strict=True)
               if json.loads(a)["passage_id"] != json.loads(b)["passage_id"]]  # fmt: skip
    assert changed == [2]
    assert VectorCache(cache / "vectors.sqlite").count() == 3 + 23 + 1
