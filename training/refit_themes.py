"""Themes refitted on what people confirmed: by vectors, and by character n-grams."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.folder import Model
from ..models.heads import Array, ThemeEvidence
from ..models.ngrams import rarity, weighed
from .examples import Example

if TYPE_CHECKING:
    from .refit import Refit

Floats = NDArray[np.float64]
OPTIONS: Any = {"maxiter": 300, "ftol": 1e-8}
"""Of the optimizer. The loss is convex: it has one lowest point, whatever the start."""


def fit_themes(
    base: Model,
    evidence: ThemeEvidence,
    examples: Sequence[Example],
    codebook: Codebook,
    config: "Refit",
) -> tuple[Floats, Floats]:
    """Weights (n_themes, dim) and biases (n_themes,): the correction to the evidence."""
    from scipy.optimize import minimize
    from scipy.special import softmax

    heads, themes = base.heads, codebook.theme_ids
    dim = evidence.vectors.shape[1]
    weights, biases = np.zeros((len(themes), dim)), np.zeros(len(themes))
    known, at = heads.learned_of(themes)
    if known:
        weights[known], biases[known] = heads.theme_weights[at], heads.theme_biases[at]
    rows, target = _themes_given(examples, themes)
    if not len(rows) or len(themes) < 2:
        return weights, biases
    temperature = base.calibration.theme_temperature
    some = evidence.of(rows)
    x, back = _in_span(some.vectors.astype(np.float64))
    dim = x.shape[1]
    prior = heads.theme_logits(some, themes) / temperature
    weight = _balance(target, config.balance if heads.by_definition else 0.0)

    def loss(given: Floats) -> tuple[float, Floats]:
        shift = given[: len(themes)]
        correction = given[len(themes) :].reshape(len(themes), dim)
        chances = softmax(prior + x @ correction.T + shift, axis=1)
        gap = weight[:, None] * (chances - target)
        value = -weight @ np.log(np.maximum((chances * target).sum(1), 1e-12))
        value += config.theme_ridge / 2 * ((correction**2).sum() + (shift**2).sum())
        down = gap.T @ x + config.theme_ridge * correction
        return float(value), np.concatenate([gap.sum(0) + config.theme_ridge * shift, down.ravel()])

    start = np.zeros(len(themes) * (dim + 1))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=OPTIONS).x
    # The heads' own logits are divided by the temperature when they are used.
    biases += temperature * found[: len(themes)]
    weights += temperature * found[len(themes) :].reshape(len(themes), dim) @ back
    return weights, biases


def fit_ngrams(
    base: Model,
    evidence: ThemeEvidence,
    examples: Sequence[Example],
    codebook: Codebook,
    config: "Refit",
) -> tuple[Array | None, Array | None]:
    """What character n-grams say of themes, (n_themes, N_COLUMNS), and how much each counts.

    By ridge regression, apart from the vectors: two that err differently, added, are better than
    one that was fitted to both. None where the evidence has no n-grams.
    """
    heads, themes = base.heads, codebook.theme_ids
    if evidence.ngrams is None:
        return None, None
    weights = np.zeros((len(themes), evidence.ngrams.shape[1]), dtype=np.float32)
    if heads.ngram_weights is not None:
        known, at = heads.learned_of(themes)
        weights[known] = heads.ngram_weights[at]
    rows, target = _themes_given(examples, themes)
    if not len(rows) or len(themes) < 2:
        return (None, None) if heads.ngram_rarity is None else (weights, heads.ngram_rarity)
    from sklearn.linear_model import Ridge

    counts = evidence.ngrams[rows]
    # What another office taught stands on its own rarities.
    rare = rarity(counts) if heads.ngram_rarity is None else heads.ngram_rarity
    weight = _balance(target, config.balance)
    apart = target - np.average(target, axis=0, weights=weight)
    ridge = Ridge(alpha=config.ngram_ridge, fit_intercept=False, solver="sparse_cg", tol=1e-3)
    ridge.fit(weighed(counts, rare), apart, sample_weight=weight)
    scale = config.ngrams * base.calibration.theme_temperature
    return np.asarray(weights + scale * ridge.coef_, dtype=np.float32), rare


def _themes_given(
    examples: Sequence[Example], themes: Sequence[str]
) -> tuple[NDArray[np.intp], Floats]:
    """The examples that have a theme, and its column, (n, n_themes): a 1 in each row."""
    rows = [n for n, one in enumerate(examples) if one.labels and one.themes]
    columns = [themes.index(examples[n].themes[0]) for n in rows]
    return np.array(rows, dtype=np.intp), np.eye(len(themes))[columns]


def _balance(target: Floats, power: float) -> Floats:
    """(n,): how much each example counts, 1 on average; the more, the rarer its theme.

    Args:
        target: (n, n_themes), a 1 in each row.
        power: 0 counts all alike.
    """
    weight = (target @ np.maximum(target.sum(0), 1)) ** -power
    return np.asarray(weight / weight.mean(), dtype=np.float64)


def _in_span(x: Floats) -> tuple[Floats, Floats]:
    """The vectors (n, k) by a basis of what they span, and that basis (k, dim).

    A correction that is held small never leaves it; of few vectors it has few directions.
    """
    if len(x) >= x.shape[1]:
        return x, np.eye(x.shape[1])
    basis, within = np.linalg.qr(x.T)
    return within.T, basis.T
