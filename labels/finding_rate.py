"""How many new finds a further hour of reading brings, and whether a model still learns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .agreement.bootstrap import Interval

Floats = NDArray[np.float64]
_BELIEF = 2.0
"""The probabilities are believed as much as so many finds that came as they said."""
LEAST_TIMES = 10
"""Of fewer decisions with a time, no pace is known."""
SETTLED = 0.99
WINDOW = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast people read."""

    seconds: float
    """For a passage, by one person, on average."""
    n: int
    """Decisions that it rests on."""
    breaks: int
    """Decisions left out: so slow that somebody went away."""

    def passages(self, hours: float = 1.0, readers: int = 1) -> int:
        """How many passages people get through, if each is read by so many of them."""
        return int(3600 * hours / (self.seconds * readers))


@dataclass(frozen=True, slots=True)
class Yield:
    """New finds of one finding type in the passages that are to be read next."""

    expected: float
    interval: Interval
    """So many may well come, at 90%."""
    passages: int
    """How many are read for it."""

    @property
    def shown(self) -> float:
        """What is expected, which is reckoned without an end: no more than are read."""
        return min(self.expected, float(self.passages))


def pace(seconds: Sequence[float]) -> Pace | None:
    """How fast people read, from the seconds of their decisions; None of too few.

    The mean, since an hour is a sum; times beyond Tukey's outer fence (1977, "Exploratory Data
    Analysis": the upper quartile and three times the distance of the quartiles) are breaks.
    """
    times = np.asarray(seconds, dtype=np.float64)
    times = times[times > 0]
    if len(times) < LEAST_TIMES:
        return None
    low, high = np.quantile(times, [0.25, 0.75])
    reading = times[times <= high + 3 * (high - low)]
    return Pace(float(reading.mean()), len(reading), len(times) - len(reading))


def expected_finds(
    probabilities: Sequence[float] | Floats,
    recent_expected: float,
    recent_found: int,
    level: float = 0.9,
) -> Yield:
    """New finds in the passages to be read next.

    As many as their probabilities add up to, times how many came in the last rounds beside what
    theirs added up to: a strategy that looks for the likeliest picks those that are rated too
    high. The counts are Poisson, the ratio has a gamma prior around 1 (Gelman et al. 2013,
    "Bayesian Data Analysis", 2.6), so that what may come is negative binomial.

    Args:
        probabilities: Of the passages that can be read in the time, calibrated, as the strategy
            would choose them.
        recent_expected: What those of the last rounds added up to, as they were when chosen.
        recent_found: How many finds they held.
        level: How often as many as the interval says are to come.
    """
    from scipy.stats import nbinom

    n, expected = len(probabilities), float(np.sum(probabilities))
    shape, rate = _BELIEF + recent_found, _BELIEF + recent_expected
    chance = rate / (rate + expected)
    low, high = nbinom.ppf([(1 - level) / 2, (1 + level) / 2], shape, chance)
    # What may come is reckoned without an end; there are no more than are read.
    interval = Interval(float(min(low, n)), float(min(high, n)))
    return Yield(min(expected * shape / rate, n), interval, n)


def kappa(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> float:
    """How far two models suggest a finding type for the same passages: Cohen's kappa. Both (n,)."""
    same = float((before == after).mean())
    one, other = float(before.mean()), float(after.mean())
    chance = one * other + (1 - one) * (1 - other)
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def is_settled(kappas: Sequence[float]) -> bool | None:
    """Whether a model's suggestions change no more, so that more labels would hardly teach it.

    Stabilizing predictions (Bloodgood & Vijay-Shanker 2009, CoNLL, "A method for stopping active
    learning based on stabilizing predictions and the need for user-adjustable stopping"): the
    last three models agree with the one before each at 0.99, on average. It says nothing of how
    much has been found.

    Args:
        kappas: Of each model with the one before, oldest first.

    Returns:
        None where there are fewer than three.
    """
    if len(kappas) < WINDOW:
        return None
    return float(np.mean(kappas[-WINDOW:])) >= SETTLED
