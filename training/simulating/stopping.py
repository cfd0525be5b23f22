"""What the stopping rule would have done: when it said stop, and what was then found in truth.

The strategy reads until it brings in little, then passages are drawn by lot from all that are left,
and after each round the rule is asked (``labels/stopping.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...labels.stopping import CONFIDENCE, TARGET, Draw, guarantee
from .replay import Replay
from .running import Run

LITTLE = 0.05
"""Of all finds so far: where a round of the strategy brings fewer, drawing by lot begins."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a team would have stopped, for one label."""

    read: float
    """The share of the pool read by then."""
    recall: float
    """The share of the label's passages found by then, from 0 to 1."""

    @property
    def missed(self) -> bool:
        """Whether fewer were found than was guaranteed."""
        return self.recall < TARGET - 1e-9


def stop(made: Replay, label: int, seed: int) -> Stop | None:
    """Where the rule says stop for a label; None where the label does not occur.

    Args:
        made: A replay until all was read.
        label: Which column.
        seed: Of the lots.

    Raises:
        ValueError: the pool was not read to its end, so that what is left is not known.
    """
    total = int(made.in_pool[label])
    if len(made.found) != made.pool:
        raise ValueError("not all of the pool was read")
    if not total:
        return None
    finds = np.diff(made.found[:, label], prepend=0)
    turn = _turn(made, label)
    lots = np.random.default_rng([seed, label]).permutation(finds[turn:])
    before, left = int(finds[:turn].sum()), len(lots)
    batch = int(made.read[0])
    for read in [*range(batch, left, batch), left]:
        found = int(lots[:read].sum())
        now = guarantee(
            before + found, left - read, [Draw(left, before, read, found)],
            target=TARGET, confidence=CONFIDENCE,
        )  # fmt: skip
        if now.is_reached:
            return Stop((turn + read) / made.pool, (before + found) / total)
    return Stop(1.0, 1.0)


def _turn(made: Replay, label: int) -> int:
    """How many passages the strategy reads before drawing by lot begins."""
    before = 0
    for read in made.read.tolist():
        found = int(made.found[read - 1, label])
        if found and found - before < LITTLE * found:
            return int(read)
        before = found
    return int(made.read[-1])


@dataclass(frozen=True, slots=True)
class Stops:
    """Where a team would have stopped for a label, over all replays of a strategy."""

    strategy: str
    label: str
    read: float
    """The mean share of the pool read by then."""
    recall: float
    """The mean share of the label's passages found by then."""
    missed: int
    """In how many replays fewer were found than was guaranteed."""
    replays: int


def all_stops(runs: Sequence[Run], labels: Sequence[str]) -> list[Stops]:
    """Of every strategy and label, in the order of the runs; none where pools were not read to
    their end.
    """
    if any(len(run.replay.found) != run.replay.pool for run in runs):
        return []
    rows = []
    for name in dict.fromkeys(run.strategy for run in runs):
        own = [run for run in runs if run.strategy == name]
        for column, label in enumerate(labels):
            found = [stop(run.replay, column, run.seed) for run in own]
            there = [one for one in found if one is not None]
            if there:
                rows.append(
                    Stops(
                        strategy=name,
                        label=label,
                        read=float(np.mean([one.read for one in there])),
                        recall=float(np.mean([one.recall for one in there])),
                        missed=sum(one.missed for one in there),
                        replays=len(there),
                    )
                )
    return rows
