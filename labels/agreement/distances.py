"""How far two answers lie apart: 0 is the same, 1 has nothing in common."""

from collections.abc import Sequence, Set
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Distance(Protocol):
    """Distances between values that are numbered from 0."""

    def pairs(self, first: Ints, second: Ints) -> Floats:
        """The distance of each value from the one at the same place in the other array."""

    def block(self, begin: int, end: int, n_values: int) -> Floats:
        """The distances of the values from ``begin`` to ``end`` from all: (end - begin, n)."""


class Nominal:
    """The same or not."""

    def pairs(self, first: Ints, second: Ints) -> Floats:
        """See ``Distance``."""
        return np.where(first != second, 1.0, 0.0)

    def block(self, begin: int, end: int, n_values: int) -> Floats:
        """See ``Distance``."""
        return np.where(np.arange(begin, end)[:, None] != np.arange(n_values), 1.0, 0.0)


class Masi:
    """The MASI distance between the numbered sets: see ``masi_distance``."""

    def __init__(self, sets: Sequence[Set[str]]) -> None:
        members = sorted(frozenset[str]().union(*sets))
        held = np.array([[one in each for one in members] for each in sets], dtype=np.bool_)
        held = held.reshape(len(sets), len(members))
        self._sizes = held.sum(axis=1)
        # 64 members a word: then a handful of operations compares two sets.
        words = -(-max(1, len(members)) // 64)
        held = np.pad(held, ((0, 0), (0, 64 * words - len(members))))
        self._words = np.packbits(held, axis=1).view(np.uint64)
        most = int(self._sizes.max(initial=0)) + 1
        self._known = np.array(
            [
                [[_masi(min(shared, a, b), a, b) for b in range(most)] for a in range(most)]
                for shared in range(most)
            ]
        )

    def pairs(self, first: Ints, second: Ints) -> Floats:
        """See ``Distance``."""
        shared = np.zeros(np.broadcast_shapes(first.shape, second.shape), dtype=np.intp)
        for word in self._words.T:
            shared += np.bitwise_count(word[first] & word[second])
        found: Floats = self._known[shared, self._sizes[first], self._sizes[second]]
        return found

    def block(self, begin: int, end: int, n_values: int) -> Floats:
        """See ``Distance``."""
        return self.pairs(np.arange(begin, end)[:, None], np.arange(n_values)[None, :])


def masi_distance(first: Set[str], second: Set[str]) -> float:
    """How far two sets of codes lie apart (Passonneau 2006, "Measuring Agreement on Set-valued
    Items (MASI)", LREC).

    One minus the Jaccard coefficient (shared codes over all codes) times the monotonicity: 1
    where the sets are the same, 2/3 where one holds the other, 1/3 where they overlap, 0 where
    they share nothing. Two empty sets are the same: both annotators found nothing.

    >>> masi_distance({"lesson"}, {"lesson"}), masi_distance({"lesson"}, set())
    (0.0, 1.0)
    >>> round(masi_distance({"lesson"}, {"lesson", "obstacle"}), 3)
    0.667
    """
    return _masi(len(first & second), len(first), len(second))


def _masi(shared: int, first: int, second: int) -> float:
    """From the sizes alone: how many codes both have, and how many each."""
    if shared == first == second:
        return 0.0
    if shared == 0:
        return 1.0
    monotonicity = 2 / 3 if shared in (first, second) else 1 / 3
    return 1 - shared / (first + second - shared) * monotonicity
