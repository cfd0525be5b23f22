"""Votes as arrays: what independent annotators said about passages that several read."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .distances import Ints

Kind = Literal["finding_type", "theme"]


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Votes on passages that at least two annotators voted on, one place in each array a vote.

    The votes on a passage stand together, in the order of the annotators' numbers.
    """

    passages: Ints
    """(n_votes,): which passage, from 0, ascending."""
    annotators: Ints
    """(n_votes,): place in ``annotator_names``."""
    rounds: Ints
    """(n_votes,): place in ``round_names``."""
    languages: Ints
    """(n_votes,): place in ``language_codes``."""
    finding_types: Ints
    """(n_votes,): place in ``finding_type_sets``."""
    themes: Ints
    """(n_votes,): place in ``theme_sets``."""
    annotator_names: tuple[str, ...]
    round_names: tuple[str, ...]
    language_codes: tuple[str, ...]
    finding_type_sets: tuple[frozenset[str], ...]
    theme_sets: tuple[frozenset[str], ...]

    def __post_init__(self) -> None:
        place = self.passages * (len(self.annotator_names) + 1) + self.annotators
        if (np.diff(place) <= 0).any():
            raise ValueError("votes must be in order, and one annotator has one vote a passage")

    @property
    def n_passages(self) -> int:
        """How many passages were voted on."""
        return int(self.passages[-1]) + 1 if len(self.passages) else 0

    @property
    def n_annotators(self) -> int:
        """How many people voted on them."""
        return int(np.count_nonzero(np.bincount(self.annotators)))

    def only(self, wanted: NDArray[np.bool_]) -> "Votes":
        """Those votes, where at least two are left of a passage."""
        counts = np.bincount(self.passages[wanted], minlength=self.n_passages)
        kept = wanted & (counts > 1)[self.passages]
        if kept.all():
            return self
        number = np.cumsum(counts > 1) - 1
        return replace(
            self,
            passages=number[self.passages[kept]],
            annotators=self.annotators[kept],
            rounds=self.rounds[kept],
            languages=self.languages[kept],
            finding_types=self.finding_types[kept],
            themes=self.themes[kept],
        )

    def sets(self, kind: Kind) -> tuple[Ints, tuple[frozenset[str], ...]]:
        """Which set of codes each vote is, (n_votes,), and the sets."""
        if kind == "finding_type":
            return self.finding_types, self.finding_type_sets
        return self.themes, self.theme_sets

    def table(self, values: Ints) -> Ints:
        """Values of the votes, one row a passage, -1 where there are fewer votes."""
        if not len(values):
            return np.empty((0, 2), dtype=np.int64)
        counts = np.bincount(self.passages)
        column = np.arange(len(values)) - np.repeat(np.cumsum(counts) - counts, counts)
        found = np.full((len(counts), counts.max()), -1, dtype=np.int64)
        found[self.passages, column] = values
        return found
