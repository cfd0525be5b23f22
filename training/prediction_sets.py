"""Prediction sets: the finding types that a passage's first label is one of, nine times in ten.

Split conformal prediction with the least ambiguous sets (Sadinle, Lei & Wasserman, "Least Ambiguous
Set-Valued Classifiers with Bounded Error Levels", JASA 2019), on predictions for reports that were
not learned from. Where passages of one report are alike, coverage varies from report to report; it
holds on average over reports.
"""

from collections.abc import Sequence
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.heads import Array
from .examples import Example

COVERAGE = 0.9
LEAST_PASSAGES = 100
"""Fewer confirmed passages say too little: then the sets of the model before stay."""


def first_label_chances(probabilities: Array) -> Array:
    """The belief that each finding type, or at last none, is the first label; rows sum to 1.

    The same numbers as ``labels.candidates.prediction_set`` goes by, for many passages at once.

    Args:
        probabilities: (n_passages, n_types).

    Returns:
        (n_passages, n_types + 1).
    """
    none = np.prod(1 - probabilities, axis=1, keepdims=True)
    every = np.concatenate([probabilities, none], axis=1)
    return np.asarray(every / every.sum(1, keepdims=True), dtype=np.float32)


def first_label_columns(
    examples: Sequence[Example], codebook: Codebook, probabilities: Array | None = None
) -> NDArray[np.intp]:
    """The column of each example's first label; the last one is none.

    Args:
        examples: What people decided.
        codebook: The columns' meaning.
        probabilities: (n_examples, n_types), where labels have no order, as in a project: the
            likeliest of those given is the first.
    """
    types = codebook.finding_type_ids
    columns = np.full(len(examples), len(types), dtype=np.intp)
    for n, one in enumerate(examples):
        own = [types.index(code) for code in one.labels]
        if own:
            columns[n] = (
                own[0] if probabilities is None else max(own, key=probabilities[n].__getitem__)
            )
    return columns


def set_floor(
    examples: Sequence[Example],
    probabilities: Array,
    codebook: Codebook,
    *,
    coverage: float = COVERAGE,
    ordered: bool = True,
) -> float:
    """The share of belief that a first label must have to be in a set of that coverage.

    Args:
        examples: What people decided; at least one.
        probabilities: (n_examples, n_types), out of fold.
        codebook: The columns' meaning.
        coverage: In (0, 1).
        ordered: Whether the first label given is the dominant one; in a project labels have no
            order.

    Returns:
        In [0, 1]; 0 where there are too few examples for that coverage.
    """
    chances = first_label_chances(probabilities)
    truth = first_label_columns(examples, codebook, None if ordered else probabilities)
    strangeness = np.sort(1 - chances[np.arange(len(truth)), truth])
    rank = ceil((len(truth) + 1) * coverage)
    if rank > len(truth):
        return 0.0
    # Never rounded up: the passage that the floor comes from is itself in its set.
    return floor(float(1 - strangeness[rank - 1]) * 1e5) / 1e5


def set_coverage(
    examples: Sequence[Example],
    probabilities: Array,
    codebook: Codebook,
    floors: Array,
    *,
    ordered: bool = True,
) -> tuple[float, float]:
    """The share of first labels that are in their sets, and the mean size of a set.

    Args:
        examples: What people decided.
        probabilities: (n_examples, n_types).
        codebook: The columns' meaning.
        floors: (n_examples,): for each the floor of its model.
        ordered: As in ``set_floor``.
    """
    inside = first_label_chances(probabilities) >= np.asarray(floors)[:, None]
    truth = first_label_columns(examples, codebook, None if ordered else probabilities)
    return float(inside[np.arange(len(truth)), truth].mean()), float(inside.sum(1).mean())
