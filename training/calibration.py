"""Probabilities that mean what they say, fitted on reports the model had not seen."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.folder import Calibration
from ..models.heads import Array
from ..models.suggester import theme_probabilities, type_probabilities
from .examples import Example

LEAST_GIVEN = 10
"""So often a finding type must have been given, before a project's threshold is chosen anew."""
_HALF = 100
"""Given so often, its own best threshold counts as much as the base's: alone it follows chance."""
_LOWEST = 0.1
"""Of a project's own thresholds: what is rare seldom gets a high probability."""
STEADY = 10.0
"""How firmly a project's temperature of themes is held: doubled, it must gain five of
log-likelihood."""
_TEMPERATURES = np.linspace(0.5, 3.0, 26)
_AGREEMENTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)


def fit_calibration(
    type_logits: Array,
    theme_logits: Array,
    examples: Sequence[Example],
    codebook: Codebook,
    *,
    steady: float = 0.0,
) -> Calibration:
    """Platt scaling and a threshold for each finding type; temperature and weight for themes.

    Args:
        type_logits: (n_examples, n_types), each from a model that had not seen the example's
            report (out of fold).
        theme_logits: (n_examples, n_themes), likewise.
        examples: what people decided.
        codebook: the columns' meaning.
        steady: how firmly temperature and weight are held near 1.

    Platt scaling (Platt 1999) is a logistic regression on the logit; the threshold is the
    probability that gives the best F1.
    """
    from sklearn.linear_model import LogisticRegression

    slopes: dict[str, float] = {}
    intercepts: dict[str, float] = {}
    thresholds: dict[str, float] = {}
    for column, code in enumerate(codebook.finding_type_ids):
        target = np.array([code in example.labels for example in examples])
        logits = type_logits[:, column]
        slopes[code], intercepts[code] = 1.0, 0.0
        # A finding type that nobody gave (or everybody) says nothing of its probabilities.
        if 0 < target.sum() < len(target):
            fitted = LogisticRegression(C=1e6).fit(logits[:, None], target)
            slopes[code] = round(float(fitted.coef_[0, 0]), 5)
            intercepts[code] = round(float(fitted.intercept_[0]), 5)
        probabilities = 1 / (1 + np.exp(-(logits * slopes[code] + intercepts[code])))
        thresholds[code] = best_threshold(probabilities, target)
    partial = Calibration(slopes=slopes, intercepts=intercepts, thresholds=thresholds)
    temperature, agreement = _fit_themes(
        type_logits, theme_logits, examples, codebook, partial, steady
    )
    return Calibration(
        slopes=slopes,
        intercepts=intercepts,
        thresholds=thresholds,
        theme_temperature=temperature,
        type_agreement=agreement,
    )


def best_threshold(
    probabilities: NDArray[Any], target: NDArray[np.bool_], *, lowest: float = 0.3
) -> float:
    """The threshold of the highest F1, in steps of 0.01 from the lowest to 0.7.

    Kept near a half, where F1 is nearly flat: an extreme threshold would follow chance.
    """
    best, best_f1 = 0.5, -1.0
    for threshold in (n / 100 for n in range(round(lowest * 100), 71)):
        suggested = probabilities >= threshold
        hits = int((suggested & target).sum())
        f1 = 2 * hits / max(1, int(suggested.sum()) + int(target.sum()))
        # Of equals, the one nearest a half.
        if (round(f1, 6), -abs(threshold - 0.5)) > (round(best_f1, 6), -abs(best - 0.5)):
            best, best_f1 = threshold, f1
    return best


def moved_thresholds(
    base: Mapping[str, float], codes: Sequence[str], chances: Array, target: NDArray[np.bool_]
) -> dict[str, float]:
    """A base's thresholds, each moved towards that of the best F1, the more often a type was given.

    Args:
        base: By finding type; where one is missing it is a half.
        codes: The columns' meaning.
        chances: (n, n_types), said of reports that were not learned from.
        target: (n, n_types): what people gave.
    """
    found = {}
    for column, code in enumerate(codes):
        count = int(target[:, column].sum())
        found[code] = base.get(code, 0.5)
        if LEAST_GIVEN <= count < len(target):
            own = best_threshold(chances[:, column], target[:, column], lowest=_LOWEST)
            found[code] = float((_HALF * found[code] + count * own) / (_HALF + count))
    return found


def expected_calibration_error(
    probabilities: NDArray[Any], target: NDArray[np.bool_], *, bins: int = 10
) -> float:
    """The mean gap between probability and frequency, in equally wide bins (Naeini et al. 2015)."""
    edges = np.clip((probabilities * bins).astype(int), 0, bins - 1)
    gap = 0.0
    for one in range(bins):
        inside = edges == one
        if inside.any():
            gap += abs(probabilities[inside].mean() - target[inside].mean()) * inside.mean()
    return float(gap)


def _fit_themes(
    type_logits: Array,
    theme_logits: Array,
    examples: Sequence[Example],
    codebook: Codebook,
    calibration: Calibration,
    steady: float,
) -> tuple[float, float]:
    """The temperature and the weight of finding types that make the first themes likeliest."""
    rows = [n for n, example in enumerate(examples) if example.labels and example.themes]
    if not rows:
        return 1.0, 1.0
    first = np.array([codebook.theme_ids.index(examples[n].themes[0]) for n in rows])
    types = type_probabilities(type_logits[rows], codebook.finding_type_ids, calibration)
    best, best_loss = (1.0, 1.0), float("inf")
    for temperature in _TEMPERATURES:
        for agreement in _AGREEMENTS:
            tried = Calibration(
                slopes={},
                intercepts={},
                thresholds={},
                theme_temperature=float(temperature),
                type_agreement=agreement,
            )
            found = theme_probabilities(theme_logits[rows], types, codebook, tried)
            loss = float(-np.log(found[np.arange(len(rows)), first] + 1e-9).mean())
            held = np.log(temperature) ** 2 + (agreement - 1) ** 2
            loss += steady * float(held) / len(rows)
            if loss < best_loss:
                best, best_loss = (round(float(temperature), 2), agreement), loss
    return best
