"""whatworks beside its peers: the same texts, divisions and labels, in one run.

    python benchmarks/compare.py --dref dref_unique_excerpts.jsonl --sdg benchmark.csv
    python benchmarks/compare.py --methods tfidf-svm e5-lr whatworks      # minutes, not a day
    python benchmarks/compare.py ... --print-only --markdown
    pip install 'whatworks[benchmarks]'                                   # for the method 'setfit'

A third of the reports is held out; of the others 8, 16, 64 labels of each kind are learned from, or
all; and again with another third, --seeds times. Each result is kept in --work as soon as it is
made: a run that was stopped goes on, and whatever has been made can be printed. What whatworks said
is made anew when its code or the starter changes; what a peer said when the data, the labels or
--setfit-steps do. After a change of benchmarks/peers.py delete that peer's files in --work.

Learning from labels (corpus, dref-label, dref-dimensions, dref-subdimensions)
    tfidf-svm     word and letter n-grams, a linear support vector machine (scikit-learn)
    tfidf-lr      the same, logistic regression
    e5-lr         the bundled encoder as it is, logistic regression
    setfit        SetFit on the bundled encoder, --setfit-steps steps of 16 contrastive pairs
    transformers  the whole bundled encoder fine-tuned by transformers' Trainer, three epochs
    whatworks     benchmarks/ours.py
By definition alone (sdg)
    tfidf, e5     the most similar definition
    setfit        SetFit on made-up examples of each definition
    whatworks     benchmarks/ours.py

--fifths learns from all labels of four fifths of all operation reports, and is tested on the fifth
that was held out, five times over: so the floors were measured that a method should leave behind.
--development runs on the third of the operation reports that is for choosing settings; the
benchmark is made on the others.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from ours import fingerprint, whatworks_predict
from peers import Method, by_definition, learning
from scores import Answers, difference, joined
from tasks import (
    FIFTHS,
    FROM_DEFINITIONS,
    SIZES,
    TASKS,
    Division,
    Given,
    Task,
    corpus,
    divide,
    dref,
    given,
    sdg,
)

from whatworks.nlp.encoders import has_bfloat16

OURS = "whatworks"
METHODS = tuple(dict.fromkeys([*learning(0), *by_definition(0), OURS]))
LIBRARIES = (
    "whatworks", "scikit-learn", "torch", "transformers", "sentence-transformers", "setfit",
)  # fmt: skip
COLUMNS = (
    "labels of each", "learned from", "method", "divisions", "texts", "macro F1", "accuracy",
    "macro F1 less whatworks' (95%)", "seconds",
)  # fmt: skip


def wanted_tasks(arguments: argparse.Namespace) -> Iterator[Task]:
    """The chosen tasks whose data are at hand; of the others it is said why not."""
    for name in arguments.tasks:
        path = arguments.sdg if name == "sdg" else arguments.dref
        if (arguments.development or arguments.fifths) and not name.startswith("dref"):
            print(f"{name} is left out: this is for the operation reports alone.")
        elif name == "corpus":
            yield corpus()
        elif path is None:
            option = "--sdg" if name == "sdg" else "--dref"
            print(f"{name} is left out: give its file with {option}.")
        elif name == "sdg":
            yield sdg(path)
        else:
            yield dref(path, name, development=None if arguments.fifths else arguments.development)


def methods_of(task: Task, arguments: argparse.Namespace) -> dict[str, Method]:
    """The chosen methods that do a task, by name."""
    steps = arguments.setfit_steps
    peers = by_definition(steps) if task.sizes == (FROM_DEFINITIONS,) else learning(steps)

    def ours(wanted: Given) -> list[str]:
        return whatworks_predict(
            task.name, wanted.seen, wanted.labels, wanted.definitions, wanted.held_out
        )

    every = {**peers, OURS: ours}
    return {name: every[name] for name in arguments.methods if name in every}


def divisions_of(task: Task, arguments: argparse.Namespace) -> Iterator[Division]:
    """Seed by seed, so that a run that was stopped has compared all on the first divisions."""
    if task.sizes == (FROM_DEFINITIONS,):
        yield divide(task, FROM_DEFINITIONS, 0)
        return
    if arguments.fifths:
        yield from (divide(task, FIFTHS, fold) for fold in range(5))
        return
    for seed in range(arguments.seeds):
        for size in arguments.sizes:
            yield divide(task, size, seed)


def kept_path(work: Path, task: Task, division: Division, method: str, steps: int) -> Path:
    """Where a result is kept; the name changes with all that the result hangs on."""
    settings = {OURS: fingerprint(), "setfit": str(steps)}.get(method, "")
    wanted = given(task, division)
    all_of_it = (settings, wanted.seen, wanted.labels, [*wanted.definitions.items()])
    digest = hashlib.sha256(repr((all_of_it, wanted.held_out)).encode()).hexdigest()[:12]
    return work / f"{task.name}-{division.size}-{division.seed}-{method}-{digest}.npz"


def make(method: Method, wanted: Given, path: Path) -> float:
    """Runs a method and keeps what it said; the seconds it took."""
    begun = time.perf_counter()
    # What the libraries say while they train is not among the results.
    with contextlib.redirect_stdout(sys.stderr):
        predicted = method(wanted)
    seconds = time.perf_counter() - begun
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under another name until it is whole: a run may be stopped at any time.
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, predicted=np.array(predicted), seconds=seconds)
    part.replace(path)
    return seconds


def make_missing(tasks: Sequence[Task], arguments: argparse.Namespace) -> None:
    todo = [
        (division.seed, number, division)
        for number, task in enumerate(tasks)
        for division in divisions_of(task, arguments)
    ]
    for seed, number, division in sorted(todo, key=lambda one: one[:2]):
        task = tasks[number]
        wanted = given(task, division)
        for name, method in methods_of(task, arguments).items():
            path = kept_path(arguments.work, task, division, name, arguments.setfit_steps)
            if not path.is_file():
                seconds = make(method, wanted, path)
                print(f"{task.name}, {division.size}, division {seed + 1}, {name}: "
                      f"{seconds:.1f} s", flush=True)  # fmt: skip


def rows_of(task: Task, arguments: argparse.Namespace) -> list[tuple[str, ...]]:
    """The rows of a task's table, from what there is."""
    found: dict[str, dict[str, dict[int, tuple[Answers, float]]]] = {}
    learned: dict[str, list[int]] = {}
    for division in divisions_of(task, arguments):
        learned.setdefault(division.size, []).append(len(division.seen))
        truth = tuple(task.labels[n] for n in division.held_out)
        reports = tuple(task.reports[n] for n in division.held_out)
        for name in methods_of(task, arguments):
            path = kept_path(arguments.work, task, division, name, arguments.setfit_steps)
            if path.is_file():
                with np.load(path) as kept:
                    answers = Answers(truth, tuple(map(str, kept["predicted"])), reports)
                    of_size = found.setdefault(division.size, {})
                    of_size.setdefault(name, {})[division.seed] = answers, float(kept["seconds"])
    rows: list[tuple[str, ...]] = []
    for size, methods in found.items():
        for name, runs in methods.items():
            answers = joined([one for one, _ in runs.values()])
            gap = "–"
            shared = [seed for seed in runs if seed in methods.get(OURS, {})]
            if shared and name != OURS:
                # Only on divisions that both have done.
                sides = (
                    joined([methods[side][seed][0] for seed in shared]) for side in (name, OURS)
                )
                middle, low, high = difference(*sides)
                gap = f"{middle:+.3f} ({low:+.3f} to {high:+.3f})"
            rows.append(
                (
                    size,
                    f"{statistics.mean(learned[size]):,.0f}",
                    name,
                    f"{len(runs)}",
                    f"{len(answers.truth):,}",
                    f"{answers.macro_f1:.3f}",
                    f"{answers.accuracy:.3f}",
                    gap,
                    f"{statistics.median(seconds for _, seconds in runs.values()):.1f}",
                )
            )
    return rows


def print_table(task: Task, rows: Sequence[tuple[str, ...]], *, markdown: bool) -> None:
    reports = len(set(task.reports))
    of = f" of {reports:,} reports" if reports < len(task.texts) else ""
    heading = f"{task.name}: {len(task.texts):,} texts{of}, {len(task.definitions)} labels"
    if markdown:
        print(f"\n**{heading}**\n")
        print("|" + "|".join(f" {name} " for name in COLUMNS) + "|")
        print("|" + "---|" * len(COLUMNS))
        for row in rows:
            print("|" + "|".join(f" {cell} " for cell in row) + "|")
        return
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    print(f"\n{heading}")
    for row in (COLUMNS, *rows):
        print(
            "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def circumstances() -> str:
    def known(library: str) -> str:
        try:
            return f"{library} {version(library)}"
        except PackageNotFoundError:
            return f"no {library}"

    half = "with" if has_bfloat16() else "without"
    libraries = ", ".join(map(known, LIBRARIES))
    return (
        f"{datetime.now(UTC).date()}, {os.cpu_count()}-core {platform.machine()} {half} bfloat16 "
        f"units, Python {platform.python_version()}, {libraries}"
    )


def main(given_arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dref", type=Path, help="dref_unique_excerpts.jsonl")
    parser.add_argument("--sdg", type=Path, help="benchmark.csv of the SDG classification experts")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=TASKS)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=METHODS)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=SIZES)
    parser.add_argument("--seeds", type=int, default=3, help="how many divisions")
    parser.add_argument("--setfit-steps", type=int, default=200)
    parser.add_argument("--development", action="store_true")
    parser.add_argument("--fifths", action="store_true")
    parser.add_argument("--work", type=Path, default=Path("runs/compare"))
    parser.add_argument("--print-only", action="store_true", help="make nothing anew")
    parser.add_argument("--markdown", action="store_true")
    arguments = parser.parse_args(given_arguments)
    needs_setfit = "setfit" in arguments.methods and not arguments.print_only
    if needs_setfit and importlib.util.find_spec("setfit") is None:
        parser.error("the method setfit is missing: pip install 'whatworks[benchmarks]', or name "
                     "others with --methods")  # fmt: skip
    tasks = list(wanted_tasks(arguments))
    if not arguments.print_only:
        make_missing(tasks, arguments)
    print(f"\n{circumstances()}")
    for task in tasks:
        print_table(task, rows_of(task, arguments), markdown=arguments.markdown)
    print("\nMacro F1 and accuracy over the held-out texts of all divisions together; intervals by "
          "resampling\nreports, of sdg texts; seconds are the median, with vectors that were kept "
          "before.")  # fmt: skip


if __name__ == "__main__":
    main()
