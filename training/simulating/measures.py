"""What comes of replays: a mean over the divisions, with its 95% interval.

Intervals are Student's, over divisions. These share passages, so that they are somewhat narrower
than intervals over new reports would be; strategies are compared on the same divisions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...labels.agreement.bootstrap import Figure, Interval
from .replay import Floats
from .running import Run

SHARES = (0.90, 0.95, 0.99)
"""Of the score that learning from the whole pool gives."""
MOST_OF_THEM = 0.9
"""The share of a label's passages that reading must find."""


@dataclass(frozen=True, slots=True)
class Found:
    """How soon a label's passages were found."""

    label: str
    passages: float
    """In the pool, on average."""
    effort: Figure
    """The share of the pool read until 90% of them were found; no value where it was not read so
    far."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A strategy over all divisions."""

    strategy: str
    read: Floats
    """(n_rounds,): passages read; those rounds that all divisions had."""
    macro_f1: Floats
    """(n_rounds,): the mean."""
    half_widths: Floats
    """(n_rounds,): of its interval."""
    area: Figure
    """Under the curve: the mean macro F1 over the rounds, as a share of the full score."""
    ahead: Figure
    """Its area less that of the strategy it is measured against."""
    needed: tuple[Figure, ...]
    """Passages read until the score first reached each of ``SHARES`` of the full one; no value
    where that was not in every division."""
    ratios: tuple[float, ...]
    """What was needed, as a share of what the other strategy needed; nan where unknown."""
    found: tuple[Found, ...]
    """By label, the rarest first."""


def summaries(runs: Sequence[Run], labels: Sequence[str], against: str) -> list[Summary]:
    """Each strategy's, in the order of the runs.

    Args:
        runs: Of all strategies, on the same seeds.
        labels: The columns of what was found.
        against: What they are measured against.
    """
    by_name: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda one: one.seed):
        by_name.setdefault(run.strategy, []).append(run)
    other = by_name[against]
    other_areas, other_needed = areas(other), [needed(other, share) for share in SHARES]
    found = []
    for name in dict.fromkeys(run.strategy for run in runs):
        own = by_name[name]
        rounds = min(len(run.replay.read) for run in own)
        curves = np.array([run.replay.macro_f1[:rounds] for run in own])
        wanted = [needed(own, share) for share in SHARES]
        found.append(
            Summary(
                strategy=name,
                read=np.mean([run.replay.read[:rounds] for run in own], axis=0),
                macro_f1=curves.mean(axis=0),
                half_widths=np.array([half_width(column) for column in curves.T]),
                area=mean(areas(own)),
                ahead=mean(areas(own) - other_areas),
                needed=tuple(map(mean, wanted)),
                ratios=tuple(
                    float(one.mean() / than.mean())
                    for one, than in zip(wanted, other_needed, strict=True)
                ),
                found=_found(own, labels),
            )
        )
    return found


def areas(runs: Sequence[Run]) -> Floats:
    """(n_runs,): the mean macro F1 over all rounds, as a share of the full score; nan where that
    is 0, as nothing could be learned.
    """
    made = [run.replay for run in runs]
    return np.array([one.macro_f1.mean() / one.full if one.full > 0 else np.nan for one in made])


def needed(runs: Sequence[Run], share: float) -> Floats:
    """(n_runs,): passages read until the score first was so much of the full one; nan if never."""
    found = np.full(len(runs), np.nan)
    for n, run in enumerate(runs):
        reached = np.flatnonzero(run.replay.macro_f1 >= share * run.replay.full - 1e-9)
        if len(reached) and run.replay.full > 0:
            found[n] = run.replay.read[reached[0]]
    return found


def efforts(run: Run, share: float = MOST_OF_THEM) -> Floats:
    """(n_labels,): the share of the pool read until so many of a label's passages were found; nan
    where there are none or it never was.
    """
    found, total = run.replay.found, run.replay.in_pool
    wanted = np.ceil(share * total)
    reached = found >= wanted
    effort = (reached.argmax(axis=0) + 1) / run.replay.pool
    return np.where((total > 0) & reached[-1], effort, np.nan)


def mean(values: Floats) -> Figure:
    """The mean with its interval; no value where one of them is not known."""
    if not len(values) or np.isnan(values).any():
        return Figure(None, None, "not known of every division")
    value, width = float(values.mean()), half_width(values)
    if not math.isfinite(width) or width == 0:
        return Figure(value, None, "no interval: too few divisions, or all alike")
    return Figure(value, Interval(value - width, value + width))


def half_width(values: Floats) -> float:
    """Half of the 95% interval of the mean (Student 1908); nan for less than two values."""
    from scipy.stats import t

    if len(values) < 2:
        return math.nan
    return float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values)))


def _found(runs: Sequence[Run], labels: Sequence[str]) -> tuple[Found, ...]:
    each = np.array([efforts(run) for run in runs])
    totals = np.array([run.replay.in_pool for run in runs]).mean(axis=0)
    there = [n for n in np.argsort(totals, kind="stable") if totals[n] > 0]
    rows = []
    for n in there:
        has = np.array([run.replay.in_pool[n] > 0 for run in runs])
        rows.append(Found(labels[n], float(totals[n]), mean(each[has, n])))
    return tuple(rows)
