"""What ``whatworks simulate`` writes: a page, and all figures as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..labels.agreement.bootstrap import Figure
from ..training.simulating.measures import SHARES, Summary
from ..training.simulating.running import Run
from ..training.simulating.stopping import Stops
from .evaluate_files import TextFile
from .simulate_page import simulation_page
from .simulate_text import Basis

PAGE = "simulation.html"
_Cell = str | int | float


def write_results(
    folder: Path,
    runs: Sequence[Run],
    found: Sequence[Summary],
    stops: Sequence[Stops],
    basis: Basis,
) -> Iterator[Path]:
    """Writes page and tables, and yields what was written.

    Raises:
        WhatworksError: a file cannot be written; an earlier one stays.
    """
    texts = {
        PAGE: simulation_page(found, stops, basis),
        "strategies.csv": _csv(_strategies(found)),
        "curves.csv": _csv(_curves(runs)),
        "recall.csv": _csv(_recall(found)),
        "stopping.csv": _csv(_stopping(stops)),
    }
    for name, text in texts.items():
        with TextFile(folder / name) as file:
            file.write(text)
        yield folder / name


def _strategies(found: Sequence[Summary]) -> Iterator[Sequence[_Cell]]:
    """A row a strategy."""
    needed = [f"read until {share:.0%}" for share in SHARES]
    yield (
        "strategy", "area", "area low", "area high", "ahead", "ahead low", "ahead high",
        *needed, *(f"{name} of the other's" for name in needed),
    )  # fmt: skip
    for one in found:
        read = [_round(figure.value, 1) for figure in one.needed]
        ratios = ["" if ratio != ratio else round(ratio, 4) for ratio in one.ratios]
        yield (one.strategy, *_figure(one.area), *_figure(one.ahead), *read, *ratios)


def _curves(runs: Sequence[Run]) -> Iterator[Sequence[_Cell]]:
    """A row a round of each replay."""
    yield ("strategy", "seed", "read", "macro_f1", "full_macro_f1")
    for run in runs:
        made = run.replay
        for read, score in zip(made.read.tolist(), made.macro_f1.tolist(), strict=True):
            yield (run.strategy, run.seed, read, round(score, 4), round(made.full, 4))


def _recall(found: Sequence[Summary]) -> Iterator[Sequence[_Cell]]:
    """A row a label of each strategy."""
    yield ("strategy", "label", "in the pool", "read until 90% found", "low", "high")
    for one in found:
        for label in one.found:
            yield (one.strategy, label.label, round(label.passages, 1), *_figure(label.effort))


def _stopping(stops: Sequence[Stops]) -> Iterator[Sequence[_Cell]]:
    """A row a label of each strategy."""
    yield ("strategy", "label", "read until stop", "found by then", "missed", "replays")
    for one in stops:
        read, recall = round(one.read, 4), round(one.recall, 4)
        yield (one.strategy, one.label, read, recall, one.missed, one.replays)


def _figure(figure: Figure) -> tuple[_Cell, _Cell, _Cell]:
    interval = figure.interval
    low, high = (interval.low, interval.high) if interval else (None, None)
    return _round(figure.value), _round(low), _round(high)


def _round(value: float | None, places: int = 4) -> _Cell:
    return "" if value is None else round(value, places)


def _csv(rows: Iterator[Sequence[_Cell]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
