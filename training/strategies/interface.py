"""What a query strategy is given, and what it gives back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...models.heads import Array
from ...nlp.errors import WhatworksError

Rows = NDArray[np.intp]


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

    def __len__(self) -> int:
        """How many there are."""
        return len(self.vectors)

    def among(self, rows: Rows) -> "Pool":
        """Some of the passages, with the same known ones."""
        return replace(
            self,
            vectors=self.vectors[rows],
            probabilities=self.probabilities[rows],
            reports=self.reports[rows],
            languages=[self.languages[int(n)] for n in rows],
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """Passages to read next."""

    rows: Rows
    """Of the pool, each once, in the order in which they are to be read."""
    reasons: tuple[str, ...]
    """Why each: a few words for the history of a passage ('margin between obstacle and none')."""
    probability: float | None = None
    """How likely each was to be chosen, where all were chosen by chance alone."""


class QueryStrategy(Protocol):
    """Chooses what to read next (active learning; Settles 2009)."""

    @property
    def name(self) -> str:
        """As the command line names it."""
        ...

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """So many passages; all where there are fewer. The same seed gives the same.

        Raises:
            WhatworksError: the pool is empty, or less than one is wanted.
        """
        ...


def checked(pool: Pool, count: int) -> int:
    """How many can be chosen of the wanted ones.

    Raises:
        WhatworksError: the pool is empty, or less than one is wanted.
    """
    if not len(pool):
        raise WhatworksError("There is no passage left to choose from: all have been read.")
    if count < 1:
        raise WhatworksError(f"A round of {count} passages cannot be chosen. Give 1 or more.")
    return min(count, len(pool))


def considered(pool: Pool, most: int, seed: int) -> Rows:
    """The rows of all, or of so many by lot where there are more: for what takes long."""
    if len(pool) <= most:
        return np.arange(len(pool))
    return np.sort(np.random.default_rng([seed, most]).permutation(len(pool))[:most])
