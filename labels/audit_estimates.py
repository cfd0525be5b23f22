"""What an audit sample says of all passages: how many have what, and how good a model is.

Every figure is weighted by how likely each passage was to be drawn, and speaks of the passages of
these reports, not of reports to come.
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from .agreement.bootstrap import Figure, Interval
from .shares import score_interval

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
BINS = 10
_RESAMPLES = 1000
_FEW = 10
"""Resamples of fewer passages say nothing."""
_SEED = 2006


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """How good a model is at one finding type; each with its interval."""

    precision: Figure
    """Of what it suggests, how much is right."""
    recall: Figure
    """Of what there is, how much it suggests."""
    f1: Figure
    calibration_error: Figure
    """How far probabilities lie from how often it was so (Naeini et al. 2015)."""


def weights(strata: Sequence[Hashable], sizes: Mapping[Hashable, int]) -> Floats:
    """How many passages each audited one stands for: one over how likely it was to be drawn. (n,).

    Args:
        strata: Of each audited passage on which people agreed.
        sizes: How many passages there are of each stratum. What is drawn and not decided yet is
            taken to be like what is; strata of which nothing is decided are not spoken of.
    """
    counts = Counter(strata)
    return np.array([sizes[one] / counts[one] for one in strata], dtype=np.float64)


def prevalence(given: Bools, weight: Floats, level: float = 0.95) -> Figure:
    """How many of all passages have something, from 0 to 1.

    Args:
        given: (n,): whether people gave it to an audited passage.
        weight: (n,), from ``weights``; their sum is how many passages it speaks of.
        level: How often the interval is to hold the truth.
    """
    return share(given, np.ones(len(given), dtype=np.bool_), weight, level)


def share(has: Bools, among: Bools, weight: Floats, level: float = 0.95) -> Figure:
    """How many of some passages have something: Hájek's estimate, with a score interval.

    The interval is Wilson's with as many cases as tell as much as these (Kish 1965, "Survey
    Sampling", 8.2), and more where much of all there is was drawn. It takes the strata for no more
    alike within than all passages are, so that it is a little too wide, not too narrow.

    Args:
        has: (n,).
        among: (n,): which passages are counted.
        weight: (n,).
        level: How often the interval is to hold the truth.
    """
    own = weight[among]
    if not len(own):
        return Figure(None, None, "nothing to count")
    p = min(1.0, float(own @ has[among] / own.sum()))
    left_out = 1 - len(weight) / float(weight.sum())
    if left_out <= 0:
        return Figure(p, Interval(p, p))
    # Where all that are counted come from small strata that were read whole, the others may hide
    # some.
    return Figure(p, score_interval(p, min(worth(own), len(own) / left_out), level))


def worth(weight: Floats) -> float:
    """How many passages, each drawn from endlessly many, would tell as much as these.

    Args:
        weight: (n,), from ``weights``; where each stands for itself alone, that is infinitely many.
    """
    # A passage that stands for w passages has the variance w (w - 1).
    spread = float(weight @ (weight - 1))
    return float(weight.sum()) ** 2 / spread if spread > 0 else math.inf


def model_figures(
    given: Bools, suggested: Bools, probabilities: Floats, weight: Floats, level: float = 0.95
) -> ModelFigures:
    """How good a model is at one finding type. All (n,), of the audited passages."""
    hit, either = given & suggested, given | suggested
    return ModelFigures(
        precision=share(hit, suggested, weight, level),
        recall=share(hit, given, weight, level),
        f1=_f1(share(hit, either, weight, level)),
        calibration_error=calibration_error(given, probabilities, weight, level),
    )


def calibration_error(
    given: Bools, probabilities: Floats, weight: Floats, level: float = 0.95
) -> Figure:
    """The expected calibration error over ten bins, less most of what chance alone adds to it.

    Chance adds to it, the more the smaller the sample, and to its resamples likewise. So the upper
    end is that of the basic bootstrap (Davison & Hinkley 1997, "Bootstrap Methods and their
    Application", 5.2). The lower end takes off all that chance could have added, bin by bin, and is
    often nothing.
    """
    if not len(given):
        return Figure(None, None, "nothing to count")
    places = np.clip((probabilities * BINS).astype(int), 0, BINS - 1)
    gaps = (weight * (probabilities - given))[:, None] * (places[:, None] == np.arange(BINS))
    drawn = _totals(np.column_stack([gaps, weight]))
    gaps = drawn[:, :-1] / drawn[:, -1:]
    errors, noise = np.abs(gaps).sum(axis=1), np.abs(gaps[1:] - gaps[0]).sum(axis=1)
    value, less = float(errors[0]), _less(weight)
    low = value - less * float(np.quantile(noise, (1 + level) / 2))
    high = value + less * (value - float(np.quantile(errors[1:], (1 - level) / 2)))
    unbiased = max(0.0, value + less * (value - float(errors[1:].mean())))
    if len(given) < _FEW:
        return Figure(unbiased, None, "too few to say")
    return Figure(unbiased, Interval(max(0.0, low), max(0.0, high)))


def macro_f1(given: Bools, suggested: Bools, weight: Floats, level: float = 0.95) -> Figure:
    """The mean F1 of the finding types that occur. Both (n, n_types)."""
    return _normal(_macro_f1(given, suggested, weight), weight, level)


def gain(given: Bools, before: Bools, after: Bools, weight: Floats, level: float = 0.95) -> Figure:
    """How much macro F1 a later model gained, on the same audited passages. All (n, n_types)."""
    found = _macro_f1(given, after, weight) - _macro_f1(given, before, weight)
    return _normal(found, weight, level, lowest=-1.0)


def _f1(either: Figure) -> Figure:
    """Of the share that is right of what was given or suggested (Jaccard's): they rise together."""
    if either.value is None or either.interval is None:
        return either
    low, high = either.interval.low, either.interval.high
    return Figure(_rise(either.value), Interval(_rise(low), _rise(high)))


def _rise(jaccard: float) -> float:
    return 2 * jaccard / (1 + jaccard)


def _macro_f1(given: Bools, suggested: Bools, weight: Floats) -> Floats:
    """Of the sample, then of each resample: (1 + n_resamples,)."""
    n_types = given.shape[1]
    hits = weight[:, None] * (given & suggested)
    both = weight[:, None] * (given.astype(np.int64) + suggested)
    drawn = _totals(np.concatenate([hits, both, weight[:, None] * given], axis=1))
    hit, sum_, there = (drawn[:, n * n_types : (n + 1) * n_types] for n in range(3))
    by_type = np.divide(2 * hit, sum_, out=np.zeros_like(hit), where=sum_ > 0)
    occurring = there > 0
    found: Floats = np.divide(
        (by_type * occurring).sum(axis=1),
        occurring.sum(axis=1),
        out=np.full(len(drawn), np.nan),
        where=occurring.any(axis=1),
    )
    return found


def _totals(counts: Floats) -> Floats:
    """Sums over the audited passages, then over each resample of them: (1 + n_resamples, m)."""
    return np.concatenate([counts.sum(axis=0, keepdims=True), _resamples(len(counts)) @ counts])


@lru_cache(maxsize=1)
def _resamples(n: int) -> Floats:
    """How often each passage is drawn: (n_resamples, n)."""
    random = np.random.default_rng(_SEED)
    return random.multinomial(n, np.full(n, 1 / n), size=_RESAMPLES).astype(np.float64)


def _normal(values: Floats, weight: Floats, level: float, lowest: float = 0.0) -> Figure:
    """The figure of the sample, and as much on both sides as its resamples spread.

    Args:
        values: Of the sample, then of each resample.
        weight: (n,).
        level: How often the interval is to hold the truth.
        lowest: The smallest figure there is.
    """
    value, resampled = float(values[0]), values[1:][~np.isnan(values[1:])]
    if math.isnan(value) or not len(resampled):
        return Figure(None, None, "nothing to count")
    if len(weight) < _FEW:
        return Figure(value, None, "too few to say")
    spread = float(resampled.std())
    if not spread:
        return Figure(value, None, "no interval: resampling shows no spread")
    off = NormalDist().inv_cdf((1 + level) / 2) * _less(weight) * spread
    return Figure(value, Interval(max(lowest, value - off), min(1.0, value + off)))


def _less(weight: Floats) -> float:
    """How much less a sample errs than its resamples, since it takes no passage twice."""
    return math.sqrt(float(weight @ (weight - 1)) / float(weight @ weight))
