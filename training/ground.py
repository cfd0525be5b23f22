"""Confirmed passages with their vectors: what heads are refitted from, and looked at on.

Each report is looked at by heads that learned from the others. What these say of all passages is
then what the new model's thresholds and prediction sets are chosen on (cross-fitting).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.folder import Model
from ..models.heads import Array, ThemeEvidence
from ..models.suggester import probabilities, theme_probabilities, type_log_odds
from .calibration import STEADY, moved_thresholds
from .evaluation import Predictions, given
from .examples import Example, report_folds
from .prediction_sets import LEAST_PASSAGES, set_floor
from .refit import Refit, refit

Rows = NDArray[np.intp]
N_FOLDS = 5
SEED = 20
_SOFTNESS = np.round(np.geomspace(0.5, 4, 43), 3)


@dataclass(frozen=True, slots=True)
class Ground:
    """All that heads are refitted from."""

    base: Model
    """In the codebook's words; it has not learned from the examples."""
    vectors: Array
    """(n_examples, dim), from the base's encoder."""
    examples: Sequence[Example]
    codebook: Codebook
    themes: ThemeEvidence
    """What speaks for each of the codebook's themes."""
    beside: Array | None = None
    """(n_examples, n_types): what headings add to log-odds, in the codebook's order;
    None for nothing."""
    plain: Array | None = None
    """(n_examples, dim): plain vectors; None where the base's encoder was never tuned."""
    config: Refit = field(default_factory=Refit)

    def of(self, rows: Rows) -> "Ground":
        """That of some of the examples."""
        return replace(
            self,
            vectors=self.vectors[rows],
            examples=[self.examples[int(n)] for n in rows],
            themes=self.themes.of(rows),
            beside=None if self.beside is None else self.beside[rows],
            plain=None if self.plain is None else self.plain[rows],
        )

    def as_it_is(self, rows: Rows | None = None) -> Predictions:
        """What the base says of some examples, or of all."""
        return self.said_by(self.base, np.arange(len(self.examples)) if rows is None else rows)

    def model(self, seen: Rows | None = None) -> Model:
        """The base refitted on some examples, or on all."""
        some = self if seen is None else self.of(seen)
        return refit(
            some.base,
            some.vectors,
            some.examples,
            some.codebook,
            some.themes,
            some.config,
            some.beside,
            some.plain,
        )

    def refitted(self, seen: Rows, rows: Rows) -> Predictions:
        """What heads refitted on some examples say of others."""
        return self.said_by(self.model(seen), rows)

    def said_by(self, model: Model, rows: Rows) -> Predictions:
        """What a model says of some examples."""
        some = self.of(rows)
        return predictions(model, some.vectors, some.codebook, some.themes, some.beside, some.plain)


def predictions(
    model: Model,
    vectors: Array,
    codebook: Codebook,
    evidence: ThemeEvidence,
    beside: Array | None = None,
    plain: Array | None = None,
) -> Predictions:
    """What a model says, in the order of the codebook; finding types it never learned are 0."""
    heads, calibration = model.heads, model.calibration
    known = type_log_odds(heads.type_logits(vectors, plain), heads.finding_types, calibration)
    types = np.zeros((len(vectors), len(codebook.finding_types)), dtype=np.float32)
    thresholds = np.ones(len(codebook.finding_types))
    for column, code in enumerate(codebook.finding_type_ids):
        if code in heads.finding_types:
            odds = known[:, heads.finding_types.index(code)]
            if beside is not None:
                odds = odds + beside[:, column]
            types[:, column] = probabilities(odds)
            thresholds[column] = calibration.thresholds[code]
    logits = heads.theme_logits(evidence, codebook.theme_ids)
    themes = theme_probabilities(logits, types, codebook, calibration)
    return Predictions(probabilities=types, suggested=types >= thresholds, themes=themes)


def fold_rows(examples: Sequence[Example], seed: int = SEED) -> list[tuple[Rows, Rows]]:
    """What is seen and what is held out, fold by fold; no report on both sides.

    Empty where there is one report alone.
    """
    n_folds = min(N_FOLDS, len({one.report for one in examples}))
    if n_folds < 2:
        return []
    folds = np.array(report_folds(examples, n_folds=n_folds, seed=seed))
    parts = [(np.flatnonzero(folds != n), np.flatnonzero(folds == n)) for n in range(n_folds)]
    return [(seen, held_out) for seen, held_out in parts if len(held_out)]


def out_of_fold(ground: Ground, parts: Sequence[tuple[Rows, Rows]]) -> Predictions:
    """Each report's passages by heads refitted on the other folds, in the examples' order.

    What is suggested goes by thresholds chosen on the other folds alone.
    """
    found = [ground.refitted(seen, held_out) for seen, held_out in parts]
    order = np.argsort(np.concatenate([held_out for _, held_out in parts]))
    chances = np.concatenate([one.probabilities for one in found])[order]
    suggested = np.zeros(chances.shape, dtype=np.bool_)
    for seen, held_out in parts:
        thresholds = thresholds_on(ground, chances, seen)
        suggested[held_out] = chances[held_out] >= [
            thresholds[code] for code in ground.codebook.finding_type_ids
        ]
    return Predictions(
        probabilities=chances,
        suggested=suggested,
        themes=np.concatenate([one.themes for one in found])[order],
    )


def settled(model: Model, ground: Ground, unseen: Predictions) -> Model:
    """A refitted model with what was said out of fold in it: thresholds, prediction sets, and how
    sure it is of themes.
    """
    every = np.arange(len(ground.examples))
    floor = model.calibration.set_floor
    if len(every) >= LEAST_PASSAGES:
        floor = set_floor(ground.examples, unseen.probabilities, ground.codebook, ordered=False)
    softer = _theme_softness(ground, unseen.themes)
    calibration = replace(
        model.calibration,
        thresholds=thresholds_on(ground, unseen.probabilities, every),
        set_floor=floor,
        theme_temperature=model.calibration.theme_temperature * softer,
        # Which theme is likeliest stays as it was.
        type_agreement=model.calibration.type_agreement / softer,
    )
    return replace(model, calibration=calibration)


def _theme_softness(ground: Ground, chances: Array) -> float:
    """By what to divide the logits of themes: 1 where they were as often right as they said.

    Temperature scaling (Guo et al. 2017), held near 1 where few themes were given.
    """
    names = ground.codebook.theme_ids
    themed = [
        (n, names.index(one.themes[0]))
        for n, one in enumerate(ground.examples)
        if one.labels and one.themes
    ]
    if not themed or len(names) < 2:
        return 1.0
    rows, first = np.array(themed).T
    logits = np.log(np.maximum(chances[rows], 1e-9)).astype(np.float64)

    def loss(softness: float) -> float:
        scaled = logits / softness
        top = scaled.max(1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(scaled - top).sum(1))
        missed = float((total - scaled[np.arange(len(rows)), first]).sum())
        return missed + STEADY * float(np.log(softness)) ** 2

    return float(min(_SOFTNESS, key=loss))


def thresholds_on(ground: Ground, chances: Array, rows: Rows) -> dict[str, float]:
    """The base's, moved by what was said out of fold of some of the examples.

    Args:
        ground: What is refitted from.
        chances: (n_examples, n_types), out of fold.
        rows: Which examples.
    """
    target = given([ground.examples[int(n)] for n in rows], ground.codebook)
    ids = ground.codebook.finding_type_ids
    return moved_thresholds(ground.base.calibration.thresholds, ids, chances[rows], target)
