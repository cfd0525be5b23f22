"""A refitted model beside the one it began with, on the same passages, by report."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.folder import Model
from ..models.heads import Array
from ..models.suggester import theme_probabilities, type_probabilities
from .evaluation import Predictions, Scorecard, score
from .examples import Example, report_folds
from .refit import Refit, refit

N_FOLDS = 5
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


def compare_refitted(
    base: Model,
    vectors: Array,
    examples: Sequence[Example],
    codebook: Codebook,
    definitions: Array,
    config: Refit | None = None,
    *,
    seed: int = 20,
) -> Comparison | None:
    """How refitting does on reports that it has not seen; None where there is only one report.

    Args:
        base: What suggested until now; it knows all the codebook's finding types, and has not
            learned from these examples.
        vectors: (n_examples, dim), from the base's encoder.
        examples: What people confirmed.
        codebook: The project's.
        definitions: (n_themes, dim) vectors of the themes' descriptions.
        config: How it is refitted.
        seed: Of the folds and of the resampling.
    """
    n_folds = min(N_FOLDS, len({example.report for example in examples}))
    if n_folds < 2:
        return None
    folds = np.array(report_folds(examples, n_folds=n_folds, seed=seed))
    parts: list[tuple[NDArray[np.intp], Predictions]] = []
    for fold in range(n_folds):
        held_out, seen = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if len(held_out):
            some = [examples[int(n)] for n in seen]
            model = refit(base, vectors[seen], some, codebook, definitions, config)
            parts.append((held_out, predictions(model, vectors[held_out], codebook, definitions)))
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    after = Predictions(
        probabilities=np.concatenate([one.probabilities for _, one in parts])[order],
        suggested=np.concatenate([one.suggested for _, one in parts])[order],
        themes=np.concatenate([one.themes for _, one in parts])[order],
    )
    before = predictions(base, vectors, codebook, definitions)
    first, second = score(examples, before, codebook), score(examples, after, codebook)
    return Comparison(
        before=first,
        after=second,
        difference=second.micro_f1 - first.micro_f1,
        interval=_interval(examples, before, after, codebook, seed),
    )


def predictions(
    model: Model, vectors: Array, codebook: Codebook, definitions: Array
) -> Predictions:
    """What a model says, in the order of the codebook; finding types it never learned are 0."""
    heads, calibration = model.heads, model.calibration
    known = type_probabilities(heads.type_logits(vectors), heads.finding_types, calibration)
    types = np.zeros((len(vectors), len(codebook.finding_types)), dtype=np.float32)
    thresholds = np.ones(len(codebook.finding_types))
    for column, code in enumerate(codebook.finding_type_ids):
        if code in heads.finding_types:
            types[:, column] = known[:, heads.finding_types.index(code)]
            thresholds[column] = calibration.thresholds[code]
    logits = heads.theme_logits(vectors, codebook.theme_ids, definitions)
    themes = theme_probabilities(logits, types, codebook, calibration)
    return Predictions(probabilities=types, suggested=types >= thresholds, themes=themes)


def _interval(
    examples: Sequence[Example],
    before: Predictions,
    after: Predictions,
    codebook: Codebook,
    seed: int,
) -> tuple[float, float]:
    target = np.array([[c in one.labels for c in codebook.finding_type_ids] for one in examples])
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
