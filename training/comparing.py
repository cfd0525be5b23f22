"""A refitted model beside the one it began with, on the same passages, by report."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from .evaluation import Predictions, Scorecard, given, score
from .examples import Example
from .ground import SEED, Ground

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same passages, none of which either had learned from."""

    before: Scorecard
    after: Scorecard
    """Out of fold: each report by heads that were refitted on the others."""
    difference: float
    """In micro F1, after less before."""
    interval: tuple[float, float]
    """95%, by resampling reports (percentile bootstrap, Efron & Tibshirani 1993)."""

    @property
    def is_better(self) -> bool:
        """Whether the refitted one is better beyond chance."""
        return self.interval[0] > 0


def compare_refitted(ground: Ground, unseen: Predictions, *, seed: int = SEED) -> Comparison:
    """How refitting does on reports that it has not seen, beside the base as it is.

    Args:
        ground: What is refitted from.
        unseen: What was said out of fold.
        seed: Of the resampling.
    """
    examples, codebook = ground.examples, ground.codebook
    before = ground.as_it_is()
    first, second = (
        # People's labels have no order.
        score(examples, said, codebook, ordered=False)
        for said in (before, unseen)
    )
    return Comparison(
        before=first,
        after=second,
        difference=second.micro_f1 - first.micro_f1,
        interval=_interval(examples, before, unseen, codebook, seed),
    )


def _interval(
    examples: Sequence[Example],
    before: Predictions,
    after: Predictions,
    codebook: Codebook,
    seed: int,
) -> tuple[float, float]:
    target = given(examples, codebook)
    reports = {name: n for n, name in enumerate(dict.fromkeys(one.report for one in examples))}
    of = np.array([reports[one.report] for one in examples])

    def counts(found: Predictions) -> NDArray[np.float64]:
        """(n_reports, 2): hits, and suggested plus given."""
        hits = (found.suggested & target).sum(1)
        both = found.suggested.sum(1) + target.sum(1)
        return np.stack([np.bincount(of, hits), np.bincount(of, both)], axis=1)

    first, second = counts(before), counts(after)
    drawn = np.random.default_rng(seed).integers(0, len(reports), (_RESAMPLES, len(reports)))
    one, other = first[drawn].sum(1), second[drawn].sum(1)
    differences = 2 * other[:, 0] / np.maximum(1, other[:, 1]) - 2 * one[:, 0] / np.maximum(
        1, one[:, 1]
    )
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)
