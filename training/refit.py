"""Heads refitted on what people confirmed, from vectors that are stored: seconds, not minutes.

The model that suggested until now is the prior. Each finding type keeps its log-odds, stretched and
shifted as the confirmed labels want it, plus a correction that is linear in the vector; both are
held to the prior by a ridge penalty, so that thirty labels move little and thirty thousand decide
(a logistic regression with an offset; in Bayesian words the mode under a normal prior, MacKay
1992). The starter corpus is in it through the model that was made from it, with a weight that fades
as confirmed labels grow. Themes are the same with a choice among all (multinomial).

Why not the corpus itself beside the confirmed labels: docs/decisions/0013-refitting.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.folder import Calibration, Model
from ..models.heads import Array, Heads, ThemeEvidence
from ..models.suggester import type_log_odds
from .examples import Example

Floats = NDArray[np.float64]


_OPTIONS: Any = {"maxiter": 300, "ftol": 1e-8}
"""Of the optimizer. The loss is convex: it has one lowest point, whatever the start."""


@dataclass(frozen=True, slots=True)
class Refit:
    """How heads are refitted; saved beside the weights.

    Chosen on reports written for the project that the starter had not seen, and on a third of
    IFRC's operation reports, by report, with 30 to 400 passages as the confirmed ones.
    """

    ridge: float = 0.5
    """Penalty on the correction of a unit vector; less fits more closely."""
    slope_ridge: float = 3.0
    """Penalty on stretching the prior's log-odds."""
    shift_ridge: float = 1.0
    """Penalty on shifting them."""
    theme_ridge: float = 0.3
    """Penalty on the correction of themes."""
    balance: float = 0.5
    """How far rare themes of a foreign codebook count more: 0 not at all, 1 as much as common
    ones in all."""


def refit(
    base: Model,
    vectors: Array,
    examples: Sequence[Example],
    codebook: Codebook,
    themes: ThemeEvidence,
    config: Refit | None = None,
    beside: Array | None = None,
    plain: Array | None = None,
) -> Model:
    """The model with heads that also know these examples.

    Its finding types and themes are those of the codebook: a finding type that the base never
    learned begins from nothing, a theme from its definition. Its log-odds are probabilities' own:
    slopes are 1, intercepts 0; thresholds and what goes for themes stay the base's.

    Args:
        base: What suggested until now; in the codebook's words.
        vectors: (n_examples, dim) unit vectors of the base's own encoder.
        examples: What people confirmed.
        codebook: The project's.
        themes: What speaks for each theme in the examples.
        config: How.
        beside: (n_examples, n_types), in the codebook's order: what headings add to the
            log-odds, now as before; None for nothing.
        plain: (n_examples, dim), what finding types are learned from; None where the encoder was
            never tuned: then from the vectors themselves.
    """
    from threadpoolctl import threadpool_limits

    config = config or Refit()
    if beside is None:
        beside = np.zeros((len(examples), len(codebook.finding_types)), dtype=np.float32)
    # Products of this size are done sooner by one thread than handed to several.
    with threadpool_limits(1):
        weights, biases, learned = _fit_types(
            base, vectors, plain, beside, examples, codebook, config
        )
        theme_weights, theme_biases = _fit_themes(base, themes, examples, codebook, config)
    types = codebook.finding_type_ids
    heads = Heads(
        finding_types=types,
        type_weights=(weights if plain is not None else weights + learned).astype(np.float32),
        type_biases=biases.astype(np.float32),
        themes=codebook.theme_ids,
        theme_weights=theme_weights.astype(np.float32),
        theme_biases=theme_biases.astype(np.float32),
        similarity_scale=base.heads.similarity_scale,
        mean=base.heads.mean,
        type_corrections=learned.astype(np.float32) if plain is not None else None,
        by_definition=base.heads.by_definition,
    )
    calibration = Calibration(
        slopes=dict.fromkeys(types, 1.0),
        intercepts=dict.fromkeys(types, 0.0),
        thresholds={code: base.calibration.thresholds.get(code, 0.5) for code in types},
        theme_temperature=base.calibration.theme_temperature,
        type_agreement=base.calibration.type_agreement,
        set_floor=base.calibration.set_floor,
    )
    return replace(base, heads=heads, calibration=calibration)


def _fit_types(
    base: Model,
    vectors: Array,
    plain: Array | None,
    beside: Array,
    examples: Sequence[Example],
    codebook: Codebook,
    config: Refit,
) -> tuple[Floats, Floats, Floats]:
    """The finding types' log-odds: weights on the vectors (n_types, dim), biases (n_types,), and
    what is learned on plain vectors (n_types, dim).
    """
    heads, calibration = base.heads, base.calibration
    known = type_log_odds(heads.type_logits(vectors, plain), heads.finding_types, calibration)
    x = (vectors if plain is None else plain).astype(np.float64)
    weights, corrections = np.zeros((2, len(codebook.finding_types), x.shape[1]))
    biases = np.zeros(len(codebook.finding_types))
    for row, code in enumerate(codebook.finding_type_ids):
        target = np.array([code in example.labels for example in examples], dtype=np.float64)
        prior = np.zeros(len(x))
        at = heads.finding_types.index(code) if code in heads.finding_types else None
        if at is not None:
            prior = known[:, at].astype(np.float64)
        slope, shift, correction = fit_from_prior(
            x, target, prior, beside[:, row].astype(np.float64), config
        )
        corrections[row], biases[row] = correction, shift
        if at is not None:
            own = slope * calibration.slopes[code]
            weights[row] = own * heads.type_weights[at]
            biases[row] += own * heads.type_biases[at] + slope * calibration.intercepts[code]
            if heads.type_corrections is not None:
                corrections[row] += own * heads.type_corrections[at]
    return weights, biases, corrections


def fit_from_prior(
    x: Floats, target: Floats, prior: Floats, beside: Floats, config: Refit
) -> tuple[float, float, Floats]:
    """Slope, shift, correction (dim,): log-odds = slope * prior + shift + x @ correction + beside.

    Args:
        x: (n, dim).
        target: (n,), 0 or 1.
        prior: (n,) log-odds.
        beside: (n,) log-odds that stay as they are.
        config: The penalties.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(given: Floats) -> tuple[float, Floats]:
        slope, shift, correction = given[0], given[1], given[2:]
        odds = slope * prior + shift + x @ correction + beside
        gap = expit(odds) - target
        value = (np.logaddexp(0, odds) - target * odds).sum()
        value += config.ridge / 2 * correction @ correction
        value += config.slope_ridge / 2 * (slope - 1) ** 2 + config.shift_ridge / 2 * shift**2
        down = [
            gap @ prior + config.slope_ridge * (slope - 1),
            gap.sum() + config.shift_ridge * shift,
        ]
        return float(value), np.concatenate([down, x.T @ gap + config.ridge * correction])

    start = np.zeros(2 + x.shape[1])
    start[0] = 1.0
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=_OPTIONS).x
    return float(found[0]), float(found[1]), found[2:]


def _fit_themes(
    base: Model,
    evidence: ThemeEvidence,
    examples: Sequence[Example],
    codebook: Codebook,
    config: Refit,
) -> tuple[Floats, Floats]:
    """Weights (n_themes, dim) and biases (n_themes,): the correction to the evidence."""
    from scipy.optimize import minimize
    from scipy.special import softmax

    heads, themes = base.heads, codebook.theme_ids
    dim = evidence.vectors.shape[1]
    weights, biases = np.zeros((len(themes), dim)), np.zeros(len(themes))
    for row, theme in enumerate(themes):
        if theme in heads.themes:
            at = heads.themes.index(theme)
            weights[row], biases[row] = heads.theme_weights[at], heads.theme_biases[at]
    rows = [n for n, one in enumerate(examples) if one.labels and one.themes]
    if not rows or len(themes) < 2:
        return weights, biases
    temperature = base.calibration.theme_temperature
    some = evidence.of(np.array(rows))
    x, back = _in_span(some.vectors.astype(np.float64))
    dim = x.shape[1]
    prior = heads.theme_logits(some, themes) / temperature
    target = np.zeros((len(rows), len(themes)))
    target[np.arange(len(rows)), [themes.index(examples[n].themes[0]) for n in rows]] = 1.0
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
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=_OPTIONS).x
    # The heads' own logits are divided by the temperature when they are used.
    biases += temperature * found[: len(themes)]
    weights += temperature * found[len(themes) :].reshape(len(themes), dim) @ back
    return weights, biases


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
