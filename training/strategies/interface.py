"""What a query strategy is given, and what it gives back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...models.heads import Array


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages that nobody has read, as the model sees them, and what was learned from so far."""

    vectors: Array
    """(n, dim) unit vectors."""
    probabilities: Array
    """(n, n_labels), calibrated, each label on its own; where one excludes the others, rows sum
    to 1."""
    labels: tuple[str, ...]
    """The labels of the columns."""
    reports: NDArray[np.intp]
    """(n,): which report each passage is of, as a number."""
    languages: Sequence[str]
    """(n,)."""
    known_vectors: Array
    """(m, dim) of the passages that were read; (0, dim) at a cold start."""
    known_labels: NDArray[np.bool_]
    """(m, n_labels): what was found in them."""
    exclusive: bool = False
    """Whether a passage has exactly one of the labels."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Passages to read next."""

    rows: NDArray[np.intp]
    """Of the pool, each once, in the order in which they are to be read."""
    reasons: tuple[str, ...]
    """Why each: a few words for the history of a passage ('margin between obstacle and none')."""
    probability: float | None = None
    """How likely each was to be chosen, where all were chosen by chance alone."""


class QueryStrategy(Protocol):
    """Chooses what to read next (active learning; Settles 2009)."""

    name: str
    """As the command line names it."""

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """So many passages; all where there are fewer. The same seed gives the same.

        Raises:
            WhatworksError: the pool is empty.
        """
        ...
