"""What heads say of reports that they have not learned from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...labels.codebook import Codebook
from ...models.folder import Model
from ...models.heads import Array
from ..comparing import N_FOLDS, predictions
from ..evaluation import Predictions
from ..examples import Example, report_folds
from ..refit import refit

Rows = NDArray[np.intp]
SEED = 20


@dataclass(frozen=True, slots=True)
class Ground:
    """All that heads are refitted from."""

    base: Model
    """In the codebook's words; it has not learned from the examples."""
    vectors: Array
    """(n_examples, dim), from the base's encoder."""
    examples: Sequence[Example]
    codebook: Codebook
    definitions: Array
    """(n_themes, dim)."""

    def as_it_is(self, rows: Rows | None = None) -> Predictions:
        """What the base says of some examples, or of all."""
        vectors = self.vectors if rows is None else self.vectors[rows]
        return predictions(self.base, vectors, self.codebook, self.definitions)

    def refitted(self, seen: Rows, rows: Rows) -> Predictions:
        """What heads refitted on some examples say of others."""
        some = [self.examples[int(n)] for n in seen]
        model = refit(self.base, self.vectors[seen], some, self.codebook, self.definitions)
        return predictions(model, self.vectors[rows], self.codebook, self.definitions)


def fold_rows(examples: Sequence[Example], seed: int = SEED) -> list[tuple[Rows, Rows]]:
    """What is seen and what is held out, fold by fold; no report on both sides.

    The same folds as ``whatworks train`` compares on. None where there is one report alone.
    """
    n_folds = min(N_FOLDS, len({one.report for one in examples}))
    if n_folds < 2:
        return []
    folds = np.array(report_folds(examples, n_folds=n_folds, seed=seed))
    parts = [(np.flatnonzero(folds != n), np.flatnonzero(folds == n)) for n in range(n_folds)]
    return [(seen, held_out) for seen, held_out in parts if len(held_out)]


def out_of_fold(ground: Ground, parts: Sequence[tuple[Rows, Rows]]) -> Predictions:
    """Each report's passages by heads refitted on the other folds, in the examples' order."""
    found = [ground.refitted(seen, held_out) for seen, held_out in parts]
    order = np.argsort(np.concatenate([held_out for _, held_out in parts]))
    return Predictions(
        probabilities=np.concatenate([one.probabilities for one in found])[order],
        suggested=np.concatenate([one.suggested for one in found])[order],
        themes=np.concatenate([one.themes for one in found])[order],
    )
