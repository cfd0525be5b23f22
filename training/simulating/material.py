"""Labelled passages to replay rounds on, and how they are divided."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...models.heads import Array
from ...nlp.errors import WhatworksError

Rows = NDArray[np.intp]
Bools = NDArray[np.bool_]
LEAST_REPORTS = 6
"""Of fewer, a third held out is hardly a sample."""


@dataclass(frozen=True, slots=True)
class Material:
    """Passages whose labels are all known."""

    name: str
    vectors: Array
    """(n, dim) unit vectors."""
    given: Bools
    """(n, n_labels)."""
    labels: tuple[str, ...]
    reports: tuple[str, ...]
    """(n,)."""
    languages: tuple[str, ...]
    """(n,)."""
    exclusive: bool
    """Whether each passage has exactly one label."""

    def __len__(self) -> int:
        """How many passages."""
        return len(self.vectors)


@dataclass(frozen=True, slots=True)
class Division:
    """What is read round by round, and what is scored on."""

    pool: Rows
    held_out: Rows


def divide(material: Material, seed: int) -> Division:
    """A third of the reports held out, drawn by lot; the passages of the others are the pool."""
    reports = np.array(material.reports)
    names = np.random.default_rng(seed).permutation(np.unique(reports))
    is_held_out = np.isin(reports, names[: len(names) // 3])
    return Division(np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out))


def check(material: Material) -> None:
    """Refuses what nothing can be learned from.

    Raises:
        WhatworksError: one label only, or too few reports.
    """
    given = material.given.sum(axis=0)
    if not ((given > 0) & (given < len(material))).any():
        had = [one for one, times in zip(material.labels, given.tolist(), strict=True) if times]
        which = f"all have '{had[0]}'" if had else "none has any"
        raise WhatworksError(
            f"{material.name}: every passage is labelled alike ({which}), so there is nothing to "
            "tell apart. Give passages with at least two different labels."
        )
    reports = len(set(material.reports))
    if reports < LEAST_REPORTS:
        only = "1 report" if reports == 1 else f"{reports} reports"
        raise WhatworksError(
            f"{material.name}: its passages are of {only}. A "
            f"third of the reports is held out to score on: give passages of {LEAST_REPORTS} "
            "reports or more, with a column 'report'."
        )


def some_labels(names: Sequence[str]) -> str:
    """A few names, for a sentence."""
    return ", ".join(f"'{one}'" for one in names[:8]) + (" ..." if len(names) > 8 else "")
