"""The measures of agreement: percent agreement, Cohen's kappa, Krippendorff's alpha.

Each is a ratio of totals over passages. Passages that were voted on alike are counted once, with
their number as weight; many sets of weights at once make a bootstrap.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

import numpy as np

from .distances import Distance, Floats, Ints

MISSING = -1
_CELLS = 4_000_000
"""How many numbers of a table are held at once."""
_FEW_KEYS = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What was said about passages, patterns that occur often counted once."""

    values: Ints
    """(n_patterns, most votes on a passage): the number of the value each vote gave, ``MISSING``
    where a passage has fewer votes. With two annotators the columns are the annotators."""
    passages: Ints
    """(n_patterns,): how many passages have that pattern."""
    n_values: int
    """Values are numbered from 0 to ``n_values - 1``."""
    n_annotators: int

    @property
    def n_passages(self) -> int:
        """How many passages in all."""
        return int(self.passages.sum())

    @property
    def n_votes(self) -> int:
        """How many votes in all."""
        return int(self.passages @ (self.values != MISSING).sum(axis=1))


def tally(values: Ints, n_values: int, n_annotators: int) -> Tally:
    """Patterns of a table of votes, one row a passage, ``MISSING`` where somebody did not vote.

    Passages with fewer than two votes are left out: they say nothing about agreement. The order
    of the votes is kept only where there are two annotators.
    """
    values = values[(values != MISSING).sum(axis=1) > 1]
    if n_annotators > 2:
        values = np.sort(values, axis=1)
    key, base, span = np.zeros(len(values), dtype=np.int64), n_values + 1, 1
    for column in values.T:
        if span > 2**62 // base:
            key = np.unique(key, return_inverse=True)[1]
            span = int(key.max(initial=0)) + 1
        key = key * base + column + 1
        span *= base
    some, passages = distinct(key, span)
    return Tally(values[some], passages, n_values, n_annotators)


def distinct(keys: Ints, span: int) -> tuple[Ints, Ints]:
    """Where each of the keys, which are below ``span``, stands once; and how often it occurs.

    In the order of the keys.
    """
    if span > _FEW_KEYS:
        _, some, counts = np.unique(keys, return_index=True, return_counts=True)
        return some, counts
    # Counting takes a tenth of the time that sorting takes.
    counts = np.bincount(keys, minlength=span)
    some = np.empty(span, dtype=np.int64)
    some[keys] = np.arange(len(keys))
    return some[counts > 0], counts[counts > 0]


class Coefficient(Protocol):
    """A measure of agreement on one tally."""

    def totals(self, weights: Floats) -> Floats:
        """What the measure needs, added up over passages.

        Weights of the patterns go in, (n_sets, n_patterns); totals come out, (n_sets, n_totals).
        """

    def figures(self, totals: Floats) -> Floats:
        """The measure for each set of totals; nan where it is not defined."""


class PercentAgreement:
    """Of 100 pairs of votes on a passage, how many are the same; the mean over passages.

    Without regard to chance (Artstein & Poesio 2008, "Inter-Coder Agreement for Computational
    Linguistics", section 2.2; for more than two annotators Fleiss 1971).
    """

    def __init__(self, given: Tally) -> None:
        same, pairs = np.zeros(len(given.values)), np.zeros(len(given.values))
        for first, second in _pairs(given):
            there = (first != MISSING) & (second != MISSING)
            pairs += there
            same += there & (first == second)
        self._share = same / pairs

    def totals(self, weights: Floats) -> Floats:
        """See ``Coefficient``."""
        return np.stack([weights @ self._share, weights.sum(axis=1)], axis=1)

    def figures(self, totals: Floats) -> Floats:
        """See ``Coefficient``."""
        return _ratio(100 * totals[:, 0], totals[:, 1])


class CohensKappa:
    """Agreement of two annotators beyond chance, each with habits of their own.

    (observed - expected) / (1 - expected), where expected is how often two who use the values as
    often as these two, and choose without looking, give the same (Cohen 1960, "A Coefficient of
    Agreement for Nominal Scales").
    """

    def __init__(self, given: Tally) -> None:
        first, second = given.values.T
        self._same = (first == second).astype(np.float64)
        self._first = _Margin(first[:, None], given.n_values)
        self._second = _Margin(second[:, None], given.n_values)

    def totals(self, weights: Floats) -> Floats:
        """See ``Coefficient``."""
        same = weights @ self._same
        margins = [self._first.of(weights), self._second.of(weights)]
        return np.concatenate([same[:, None], *margins], axis=1)

    def figures(self, totals: Floats) -> Floats:
        """See ``Coefficient``."""
        same, (first, second) = totals[:, 0], np.split(totals[:, 1:], 2, axis=1)
        n = first.sum(axis=1)
        # In whole numbers, multiplied out: no rounding can hide that chance explains all.
        expected = (first * second).sum(axis=1)
        return _ratio(n * same - expected, n * n - expected)


class KrippendorffsAlpha:
    """Agreement beyond chance of any number of annotators, with votes missing, by any distance.

    1 - observed / expected disagreement, where expected is the mean distance of all votes that
    can be paired (Krippendorff 2004, "Content Analysis", chapter 11; 2011, "Computing
    Krippendorff's Alpha-Reliability").
    """

    def __init__(self, given: Tally, distance: Distance) -> None:
        self._distance = distance
        self._n_values = given.n_values
        self._margin = _Margin(given.values, given.n_values)
        apart = np.zeros(len(given.values))
        for first, second in _pairs(given):
            there = (first != MISSING) & (second != MISSING)
            apart[there] += distance.pairs(first[there], second[there])
        votes = (given.values != MISSING).sum(axis=1)
        self._apart = 2 * apart / (votes - 1)

    def totals(self, weights: Floats) -> Floats:
        """See ``Coefficient``."""
        apart = weights @ self._apart
        return np.concatenate([apart[:, None], self._margin.of(weights)], axis=1)

    def figures(self, totals: Floats) -> Floats:
        """See ``Coefficient``."""
        observed, margins = totals[:, 0], totals[:, 1:]
        expected = np.zeros(len(totals))
        rows = max(1, _CELLS // max(1, self._n_values))
        for begin in range(0, self._n_values, rows):
            end = min(begin + rows, self._n_values)
            apart = self._distance.block(begin, end, self._n_values)
            expected += ((margins @ apart.T) * margins[:, begin:end]).sum(axis=1)
        return 1 - _ratio(observed * (margins.sum(axis=1) - 1), expected)


class _Margin:
    """How often each value was given."""

    def __init__(self, values: Ints, n_values: int) -> None:
        pattern = np.repeat(np.arange(len(values)), values.shape[1])
        flat = values.ravel()
        pattern, flat = pattern[flat != MISSING], flat[flat != MISSING]
        order = np.argsort(flat, kind="stable")
        self._pattern = pattern[order]
        self._given, self._begin = np.unique(flat[order], return_index=True)
        self._n_values = n_values

    def of(self, weights: Floats) -> Floats:
        """(n_sets, n_values): how many votes have each value."""
        found = np.zeros((len(weights), self._n_values))
        if self._given.size:
            found[:, self._given] = np.add.reduceat(weights[:, self._pattern], self._begin, axis=1)
        return found


def _pairs(given: Tally) -> Iterator[tuple[Ints, Ints]]:
    """Every two columns."""
    return combinations(np.ascontiguousarray(given.values.T), 2)


def _ratio(above: Floats, below: Floats) -> Floats:
    found = np.full(len(above), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found
