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

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.folder import Calibration, Model
from ..models.heads import Array, Heads, ThemeEvidence
from ..models.suggester import type_log_odds
from .examples import Example
from .refit_themes import OPTIONS, fit_ngrams, fit_themes

Floats = NDArray[np.float64]


PLAIN_SHARE = 0.5
"""How much plain vectors count beside an encoder that was tuned to a project's passages."""
_PLAIN_RIDGE = 0.3
"""Penalty on what they say alone."""


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
    ngrams: float = 5.0
    """What character n-grams of such a codebook's themes count as a logit."""
    ngram_ridge: float = 1.0
    """Penalty on what they count."""


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
        theme_weights, theme_biases = fit_themes(base, themes, examples, codebook, config)
        ngram_weights, ngram_rarity = fit_ngrams(base, themes, examples, codebook, config)
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
        ngram_weights=ngram_weights,
        ngram_rarity=ngram_rarity,
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
    prior = _columns_of(codebook, heads.finding_types, known)
    x = vectors if plain is None else plain
    slopes, biases, corrections = _fit_each(x, prior, beside, examples, codebook, config)
    weights = np.zeros(corrections.shape)
    for row, at in _known_rows(codebook, heads.finding_types):
        code, slope = heads.finding_types[at], slopes[row]
        own = slope * calibration.slopes[code]
        weights[row] = own * heads.type_weights[at]
        biases[row] += own * heads.type_biases[at] + slope * calibration.intercepts[code]
        if heads.type_corrections is not None:
            corrections[row] += own * heads.type_corrections[at]
    return weights, biases, corrections


def _known_rows(codebook: Codebook, known: Sequence[str]) -> list[tuple[int, int]]:
    """Where a finding type stands in the codebook, and where among those that are known."""
    ids = codebook.finding_type_ids
    return [(row, known.index(code)) for row, code in enumerate(ids) if code in known]


def _columns_of(codebook: Codebook, known: Sequence[str], log_odds: Array) -> Array:
    """(n, n_types), in the codebook's order: what is known of the finding types, else 0."""
    found = np.zeros((len(log_odds), len(codebook.finding_types)), dtype=log_odds.dtype)
    for row, at in _known_rows(codebook, known):
        found[:, row] = log_odds[:, at]
    return found


def _fit_each(
    x: Array,
    prior: Array,
    beside: Array,
    examples: Sequence[Example],
    codebook: Codebook,
    config: Refit,
) -> tuple[Floats, Floats, Floats]:
    """Of each finding type the slope of its prior and its shift, (n_types,), and the correction,
    (n_types, dim).
    """
    wide = x.astype(np.float64)
    slopes, shifts = np.zeros((2, len(codebook.finding_types)))
    corrections = np.zeros((len(codebook.finding_types), x.shape[1]))
    for row, code in enumerate(codebook.finding_type_ids):
        target = np.array([code in one.labels for one in examples], dtype=np.float64)
        slopes[row], shifts[row], corrections[row] = fit_from_prior(
            wide,
            target,
            prior[:, row].astype(np.float64),
            beside[:, row].astype(np.float64),
            config,
        )
    return slopes, shifts, corrections


def by_plain(
    plain: Array, examples: Sequence[Example], codebook: Codebook, base: Heads
) -> tuple[Floats, Floats]:
    """What plain vectors alone say of finding types.

    Args:
        plain: (n_examples, dim).
        examples: What people confirmed.
        codebook: The project's.
        base: Whose corrections are the prior; where it has none, it begins from nothing.

    Returns:
        Weights (n_types, dim) and biases (n_types,), in the codebook's order.
    """
    before = base.type_corrections
    known = base.finding_types if before is not None else ()
    said = plain @ before.T if before is not None else plain[:, :0]
    prior = _columns_of(codebook, known, said)
    slopes, biases, weights = _fit_each(
        plain, prior, np.zeros_like(prior), examples, codebook, Refit(ridge=_PLAIN_RIDGE)
    )
    if before is not None:
        for row, at in _known_rows(codebook, known):
            weights[row] += slopes[row] * before[at]
    return weights, biases


def with_plain(heads: Heads, said: tuple[Floats, Floats], share: float) -> Heads:
    """The heads of a tuned encoder, and beside them what plain vectors say.

    Tuned to some dozens of passages an encoder errs in other ways than one that was not: what both
    say, added, is better than either.

    Args:
        heads: Without anything learned from plain vectors.
        said: As ``by_plain`` gives it, in the order of the heads' finding types.
        share: How much that counts, in [0, 1].
    """
    weights, biases = said
    return replace(
        heads,
        type_weights=((1 - share) * heads.type_weights).astype(np.float32),
        type_biases=((1 - share) * heads.type_biases + share * biases).astype(np.float32),
        type_corrections=(share * weights).astype(np.float32),
    )


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
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=OPTIONS).x
    return float(found[0]), float(found[1]), found[2:]
