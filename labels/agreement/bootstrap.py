"""How sure a figure is: the bootstrap over passages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .coefficients import Coefficient, Tally

_CELLS = 4_000_000
"""How many weights are drawn at once."""
_LEAST_PASSAGES = 10
_MOST_UNDEFINED = 0.05


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The percentile bootstrap (Efron & Tibshirani 1993, "An Introduction to the Bootstrap").

    Passages are drawn anew, with repetition, and the figure is worked out again.
    """

    resamples: int = 1000
    level: float = 0.95
    """How much of the resampled figures lies within the interval."""
    seed: int = 2006
    """The same seed gives the same interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a figure may well lie."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of agreement, or why there is none."""

    value: float | None
    interval: Interval | None = None
    why_not: str = ""
    """Why there is no value, or no interval though one was asked for."""


def figures(
    given: Tally, coefficients: Sequence[Coefficient], bootstrap: Bootstrap | None = None
) -> list[Figure]:
    """Each measure on this tally, with its interval where a bootstrap is given.

    Drawing passages is drawing how many there are of each pattern: the counts of a multinomial
    distribution, so that a hundred thousand passages take no longer than their patterns.
    """
    once = given.passages[None, :].astype(np.float64)
    values = [float(one.figures(one.totals(once))[0]) for one in coefficients]
    if bootstrap is None or given.n_passages < _LEAST_PASSAGES:
        why = "" if bootstrap is None else f"no interval: fewer than {_LEAST_PASSAGES} passages"
        return [_figure(value, why) for value in values]
    random = np.random.default_rng(bootstrap.seed)
    shares = given.passages / given.n_passages
    at_once = max(1, _CELLS // max(1, given.values.size))
    totals: list[list[np.ndarray]] = [[] for _ in coefficients]
    for begin in range(0, bootstrap.resamples, at_once):
        size = min(at_once, bootstrap.resamples - begin)
        drawn = random.multinomial(given.n_passages, shares, size=size).astype(np.float64)
        for kept, one in zip(totals, coefficients, strict=True):
            kept.append(one.totals(drawn))
    found = []
    for value, kept, one in zip(values, totals, coefficients, strict=True):
        found.append(_with_interval(value, one.figures(np.concatenate(kept)), bootstrap.level))
    return found


def _figure(value: float, why_not: str = "") -> Figure:
    if np.isnan(value):
        return Figure(None, None, "not defined: everybody gave the same answer to every passage")
    return Figure(value, None, why_not)


def _with_interval(value: float, resampled: np.ndarray, level: float) -> Figure:
    defined = resampled[~np.isnan(resampled)]
    if np.isnan(value) or len(defined) < (1 - _MOST_UNDEFINED) * len(resampled):
        return _figure(value, "no interval: too rare")
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    if low == high:
        return Figure(value, None, "no interval: resampling shows no spread")
    return Figure(value, Interval(float(low), float(high)))
