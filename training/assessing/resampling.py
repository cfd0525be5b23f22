"""How sure a figure is: the bootstrap over reports."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ...labels.agreement.bootstrap import Figure, Interval

Floats = NDArray[np.float64]
FEW = 10
"""Of fewer passages nothing is said for sure."""
_CELLS = 4_000_000
"""How many weights are drawn at once."""
_MOST_UNDEFINED = 0.05


class Resampling:
    """Draws reports anew, with repetition, and adds up what their passages count.

    The percentile bootstrap (Efron & Tibshirani 1993, "An Introduction to the Bootstrap"), by
    cluster: passages of one report resemble each other, so reports say how sure a figure is. The
    same seed draws the same reports for every table and for both models of a comparison.
    """

    def __init__(self, units: Sequence[str], *, resamples: int = 1000, seed: int = 2006) -> None:
        """Takes the unit of each passage: its report, or its own id."""
        self.units = tuple(units)
        names = {name: n for n, name in enumerate(dict.fromkeys(units))}
        self._of = np.array([names[name] for name in units], dtype=np.int64)
        self.n_units = len(names)
        self._resamples, self._seed = resamples, seed
        self._kept: list[Floats] = []

    def among(self, mask: NDArray[np.bool_]) -> "Resampling":
        """The same of some of the passages: only the reports that they stand in are drawn."""
        units = [unit for unit, inside in zip(self.units, mask, strict=True) if inside]
        return Resampling(units, resamples=self._resamples, seed=self._seed)

    def totals(self, counts: NDArray[np.generic]) -> Floats:
        """Sums over all passages, then over those of each resample: (1 + n_resamples, n_counts).

        Args:
            counts: (n_passages, n_counts).
        """
        by_unit = np.zeros((self.n_units, counts.shape[1]))
        np.add.at(by_unit, self._of, counts)
        found = [by_unit.sum(axis=0, keepdims=True)]
        return np.concatenate(found + [weights @ by_unit for weights in self._drawn()])

    def _drawn(self) -> Iterable[Floats]:
        """How often each unit is drawn, (some resamples, n_units); kept where it is small."""
        if self._kept:
            return self._kept
        at_once = max(1, _CELLS // self.n_units)
        if at_once < self._resamples:
            return self._draw(at_once)
        self._kept = list(self._draw(at_once))
        return self._kept

    def _draw(self, at_once: int) -> Iterator[Floats]:
        random = np.random.default_rng(self._seed)
        shares = np.full(self.n_units, 1 / self.n_units)
        for begin in range(0, self._resamples, at_once):
            size = min(at_once, self._resamples - begin)
            yield random.multinomial(self.n_units, shares, size=size).astype(np.float64)


def ratio(above: Floats, below: Floats) -> Floats:
    """Nan where there is nothing below."""
    found = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found


def figure(values: Floats, n: int) -> Figure:
    """The figure with its 95% interval.

    Args:
        values: The figure itself, then that of each resample.
        n: How many passages it rests on; of few there is no interval.
    """
    value, resampled = values[0], values[1:]
    if np.isnan(value):
        return Figure(None, None, "nothing to count")
    if n < FEW:
        return Figure(float(value), None, "too few to say")
    if not len(resampled):
        return Figure(float(value))
    defined = resampled[~np.isnan(resampled)]
    if len(defined) < (1 - _MOST_UNDEFINED) * len(resampled):
        return Figure(float(value), None, "too rare for an interval")
    low, high = np.quantile(defined, [0.025, 0.975])
    if low == high:
        return Figure(float(value), None, "no interval: resampling shows no spread")
    return Figure(float(value), Interval(float(low), float(high)))
