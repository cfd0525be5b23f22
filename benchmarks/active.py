"""Query strategies side by side: ours, and those of small-text, on the same vectors and classifier.

    python benchmarks/active.py --dref dref_unique_excerpts.jsonl --rounds 20
    python benchmarks/active.py --dref ... --strategies default random --hunts --markdown
    pip install 'whatworks[benchmarks]'                        # for small-text

A third of the reports is held out; the others are read in rounds of --batch until all is read, and
the same class-balanced logistic regression on the bundled encoder's vectors, as nobody tuned it,
learns from what was read; again with another third, --seeds times. Each replay is kept in --work as
soon as it is made. The first label of a passage counts.

The default strategy was chosen on a third of the operation reports and on half of the corpus'
reports (--development); the benchmark is made on the others.
"""

import argparse
import hashlib
import math
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from active_peers import PREFIX, find
from ours import vectors_of
from tasks import Task, corpus, dref

from whatworks.labels.agreement.bootstrap import Figure
from whatworks.training.simulating.material import Material
from whatworks.training.simulating.measures import Summary, areas, efforts, mean, summaries
from whatworks.training.simulating.running import Run, Simulation, simulate
from whatworks.training.strategies.named import STRATEGIES

TASKS = ("dref-label", "dref-dimensions", "dref-subdimensions", "corpus")
OURS = "default"
CHANCE = "random"
PEERS = tuple(
    PREFIX + name
    for name in (
        "RandomSampling", "BreakingTies", "LeastConfidence", "PredictionEntropy",
        "EmbeddingKMeans", "GreedyCoreset", "LightweightCoreset", "ContrastiveActiveLearning",
        "DiscriminativeActiveLearning",
    )
)  # fmt: skip
GOAL = 0.4
"""Of the reading, until 90% of a rare label are found."""
RARE_SHARE = 1 / 3
"""So many of the sub-dimensions, those with the fewest passages, are the rare ones."""


def wanted_tasks(arguments: argparse.Namespace) -> Iterator[Task]:
    """The chosen tasks whose data are at hand."""
    for name in arguments.tasks:
        if name == "corpus":
            yield half(corpus(), development=arguments.development)
        elif arguments.dref is None:
            print(f"{name} is left out: give its file with --dref.")
        else:
            yield dref(arguments.dref, name, development=arguments.development)


def half(task: Task, *, development: bool) -> Task:
    """Half of a task's reports: that on which the strategy was chosen, or the other."""

    def is_even(report: str) -> bool:
        return int(hashlib.sha256(report.encode()).hexdigest(), 16) % 2 == 0

    rows = [n for n, one in enumerate(task.reports) if is_even(one) == development]
    return replace(
        task,
        texts=tuple(task.texts[n] for n in rows),
        labels=tuple(task.labels[n] for n in rows),
        reports=tuple(task.reports[n] for n in rows),
    )


def material(task: Task) -> Material:
    """With the vectors of the bundled encoder as it is."""
    names = tuple(task.definitions)
    column = {name: n for n, name in enumerate(names)}
    given = np.zeros((len(task.texts), len(names)), dtype=np.bool_)
    given[np.arange(len(given)), [column[label] for label in task.labels]] = True
    return Material(
        name=task.name,
        vectors=vectors_of(task.texts, tuned=False),
        given=given,
        labels=names,
        reports=task.reports,
        # No strategy here asks for it.
        languages=("",) * len(given),
        exclusive=True,
    )


def hunted(task: Material) -> tuple[str, ...]:
    """The labels whose recall is asked for: lessons, and the rare sub-dimensions."""
    if task.name == "dref-subdimensions":
        order = np.argsort(task.given.sum(axis=0), kind="stable")
        return tuple(task.labels[n] for n in order[: round(RARE_SHARE * len(order))])
    return ("lesson",) if "lesson" in task.labels and task.name == "corpus" else ()


def curve_rows(found: Sequence[Summary], runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    """A row a strategy, the largest area first."""
    yield (
        "strategy", "area under the curve (95%)", f"less {CHANCE}'s (95%)",
        f"less {OURS}'s (95%)", "labels until 90%", "until 95%", "until 99%",
    )  # fmt: skip
    by_name = {one.strategy: [run for run in runs if run.strategy == one.strategy] for one in found}
    for one in sorted(found, key=lambda each: -(each.area.value or 0)):
        less = "–"
        if one.strategy != OURS and OURS in by_name:
            less = signed(mean(areas(by_name[one.strategy]) - areas(by_name[OURS])))
        needed = [
            "–" if figure.value is None
            else f"{figure.value:,.0f}" + (f" ({ratio:.0%})" if not math.isnan(ratio) else "")
            for figure, ratio in zip(one.needed, one.ratios, strict=True)
        ]  # fmt: skip
        ahead = "–" if one.strategy == CHANCE else signed(one.ahead)
        yield (one.strategy, plain(one.area), ahead, less, *needed)


def recall_row(name: str, runs: Mapping[str, Sequence[Run]], task: Material) -> tuple[str, ...]:
    """The share of the pool read until 90% of each hunted label were found, over labels.

    Args:
        name: What the row is called.
        runs: Of each hunted label, on the same divisions.
        task: Where the labels are columns.
    """
    each = np.array(
        [
            [efforts(run)[task.labels.index(label)] for run in sorted(own, key=lambda r: r.seed)]
            for label, own in runs.items()
        ]
    )
    within = (np.nanmean(each, axis=1) <= GOAL).sum()
    return (name, percent(mean(np.nanmean(each, axis=0))), f"{within} of {len(each)}")


def plain(figure: Figure) -> str:
    interval = figure.interval
    said = "–" if figure.value is None else f"{figure.value:.3f}"
    return said + (f" ({interval.low:.3f} to {interval.high:.3f})" if interval else "")


def percent(figure: Figure) -> str:
    interval = figure.interval
    said = "–" if figure.value is None else f"{figure.value:.0%}"
    return said + (f" ({interval.low:.0%} to {interval.high:.0%})" if interval else "")


def signed(figure: Figure) -> str:
    interval = figure.interval
    said = "–" if figure.value is None else f"{figure.value:+.3f}"
    return said + (f" ({interval.low:+.3f} to {interval.high:+.3f})" if interval else "")


def print_table(heading: str, rows: Sequence[Sequence[str]], *, markdown: bool) -> None:
    if markdown:
        print(f"\n**{heading}**\n")
        for place, row in enumerate(rows):
            print("|" + "|".join(f" {cell} " for cell in row) + "|")
            if not place:
                print("|" + "---|" * len(row))
        return
    print(f"\n{heading}")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def run_task(one: Material, arguments: argparse.Namespace) -> None:
    """Replays what is missing, and prints the tables of a task."""
    labels = hunted(one) if arguments.hunts else ()
    apart = {label: f"rare:{label}" for label in labels}
    together = f"rare:{','.join(labels)}"
    names = tuple(arguments.strategies)
    hunts = tuple(dict.fromkeys([*apart.values(), together])) if labels else ()
    wanted = Simulation(
        (*names, *hunts), CHANCE, arguments.seeds, arguments.batch, arguments.rounds
    )

    def tell(done: int, total: int) -> None:
        if done == total or done % 10 == 0:
            print(f"{one.name}: {done} of {total} replays", flush=True)

    runs = simulate(
        one, wanted, arguments.work / one.name, jobs=arguments.jobs, find=find, on_progress=tell
    )
    curves = [run for run in runs if run.strategy not in hunts]
    found = summaries(curves, one.labels, CHANCE)
    reports = len(set(one.reports))
    heading = f"{one.name}: {len(one):,} passages of {reports} reports, {len(one.labels)} labels"
    print_table(heading, list(curve_rows(found, curves)), markdown=arguments.markdown)
    if not labels:
        return
    by_name = {name: [run for run in runs if run.strategy == name] for name in (*names, *hunts)}
    rows = [("strategy", "read until 90% found (95%)", f"labels within {GOAL:.0%}")]
    rows += [recall_row(name, dict.fromkeys(labels, by_name[name]), one) for name in names]
    if len(labels) > 1:
        all_ = dict.fromkeys(labels, by_name[together])
        rows.append(recall_row("rare: all of these in one hunt", all_, one))
    alone = {label: by_name[name] for label, name in apart.items()}
    rows.append(recall_row("rare: each by a hunt of its own", alone, one))
    print_table(f"{one.name}: {'; '.join(labels)}", rows, markdown=arguments.markdown)


def main(given_arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ours = [name for name in STRATEGIES if name not in ("balanced",)]
    parser.add_argument("--dref", type=Path, help="dref_unique_excerpts.jsonl")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=TASKS)
    parser.add_argument("--strategies", nargs="+", default=[*ours, *PEERS], help="names; all")
    parser.add_argument("--seeds", type=int, default=10, help="how many divisions")
    parser.add_argument("--batch", type=int, default=50, help="passages a round")
    parser.add_argument("--rounds", type=int, help="at most; until all is read by default")
    parser.add_argument("--hunts", action="store_true", help="also hunt for rare labels")
    parser.add_argument("--development", action="store_true")
    parser.add_argument("--jobs", type=int, help="replays at a time")
    parser.add_argument("--work", type=Path, default=Path("runs/active"))
    parser.add_argument("--markdown", action="store_true")
    arguments = parser.parse_args(given_arguments)
    if arguments.hunts and arguments.rounds is not None:
        parser.error("--hunts reads the whole pool: leave out --rounds.")
    if find_spec("small_text") is None:
        asked = [name for name in arguments.strategies if name.startswith(PREFIX)]
        if asked:
            print("small-text is left out: pip install 'whatworks[benchmarks]'")
        arguments.strategies = [name for name in arguments.strategies if name not in asked]
    peer = f", small-text {version('small-text')}" if find_spec("small_text") else ""
    print(f"{datetime.now(UTC).date()}, {os.cpu_count()}-core {platform.machine()}, Python "
          f"{platform.python_version()}, whatworks {version('whatworks')}{peer}")  # fmt: skip
    for task in wanted_tasks(arguments):
        run_task(material(task), arguments)
    print(
        "\nArea: mean macro F1 over all rounds, as a share of what the whole pool gives; in "
        f"brackets after labels:\nas a share of {CHANCE}'s. Intervals: Student's, over divisions."
    )


if __name__ == "__main__":
    main()
