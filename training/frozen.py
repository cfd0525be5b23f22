"""Heads fitted on an encoder's vectors as they are: the way of any other encoder, in seconds."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..labels.codebook import Codebook, load_codebook
from ..models.folder import FORMAT, Model, load_model, save_model
from ..models.heads import Array, Heads
from ..nlp.encoders import Encoder
from .calibration import fit_calibration
from .contexts import with_context
from .examples import Example, load_corpus, report_folds
from .logistic import CERTAIN, STRENGTH

SIMILARITY_SCALE = 20.0
"""What a cosine with a definition counts as a logit beside the learned part; chosen in
grouped cross-validation on the starter corpus, where 10 to 30 differ by about a point."""


def fit_heads(
    vectors: Array,
    examples: Sequence[Example],
    codebook: Codebook,
    *,
    weights: Array | None = None,
    seed: int = 20,
) -> Heads:
    """Logistic regressions on unit vectors (n_examples, dim): one a finding type, one for themes.

    A theme without examples keeps a learned part of zero and goes by its definition alone.

    Args:
        vectors: (n_examples, dim).
        examples: What people decided.
        codebook: Finding types and themes.
        weights: (n_examples,): how much each counts; all the same by default.
        seed: Of the optimizer.
    """
    from sklearn.linear_model import LogisticRegression

    def regression() -> "LogisticRegression":
        return LogisticRegression(
            C=STRENGTH, max_iter=3000, class_weight="balanced", random_state=seed
        )

    dim = vectors.shape[1]
    types = codebook.finding_type_ids
    type_weights, type_biases = np.zeros((len(types), dim)), np.zeros(len(types))
    for row, code in enumerate(types):
        target = [code in example.labels for example in examples]
        if len(set(target)) == 1:
            # Nothing to tell apart: what was never given is not suggested.
            type_biases[row] = CERTAIN if target[0] else -CERTAIN
            continue
        fitted = regression().fit(vectors, target, sample_weight=weights)
        type_weights[row], type_biases[row] = fitted.coef_[0], fitted.intercept_[0]
    rows = [n for n, one in enumerate(examples) if one.labels and one.themes]
    first = [examples[n].themes[0] for n in rows]
    themes = codebook.theme_ids
    theme_weights, theme_biases = np.zeros((len(themes), dim)), np.zeros(len(themes))
    if len(set(first)) > 1:
        own = None if weights is None else weights[rows]
        fitted = regression().fit(vectors[rows], first, sample_weight=own)
        learned, biases = fitted.coef_, fitted.intercept_
        if len(fitted.classes_) == 2:
            # Of two classes scikit-learn keeps the difference only.
            learned, biases = (
                np.stack([-learned[0], learned[0]]) / 2,
                [-biases[0] / 2, biases[0] / 2],
            )
        for row, theme in enumerate(fitted.classes_):
            at = themes.index(theme)
            theme_weights[at], theme_biases[at] = learned[row], biases[row]
    return Heads(
        finding_types=types,
        type_weights=type_weights.astype(np.float32),
        type_biases=type_biases.astype(np.float32),
        themes=themes,
        theme_weights=theme_weights.astype(np.float32),
        theme_biases=theme_biases.astype(np.float32),
        similarity_scale=SIMILARITY_SCALE,
    )


def fitted_heads(encoder: Encoder, cache: Path, *, seed: int = 20) -> Model:
    """The starter corpus' heads for an encoder, from the cache or fitted and kept there.

    Probabilities are calibrated on grouped five-fold predictions of the starter corpus.
    """
    codebook = load_codebook()
    examples = load_corpus()
    data = repr([(one.text, one.labels, one.themes) for one in examples])
    key = f"{encoder.fingerprint} {data} {STRENGTH} {seed} {FORMAT}".encode()
    folder = cache / hashlib.sha256(key).hexdigest()[:24]
    if (folder / "config.json").is_file():
        return load_model(folder)
    vectors = encoder.encode([example.text for example in examples])
    definitions = encoder.encode([theme.description for theme in codebook.themes])
    type_logits = np.zeros((len(examples), len(codebook.finding_types)), dtype=np.float32)
    theme_logits = np.zeros((len(examples), len(codebook.themes)), dtype=np.float32)
    folds = np.array(report_folds(examples, n_folds=5, seed=seed))
    for fold in range(5):
        seen, held_out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        heads = fit_heads(vectors[seen], [examples[n] for n in seen], codebook, seed=seed)
        type_logits[held_out] = heads.type_logits(vectors[held_out])
        theme_logits[held_out] = heads.theme_logits(
            heads.own_evidence(vectors[held_out], definitions), codebook.theme_ids
        )
    model = Model(
        name="starter heads",
        version="1.0",
        encoder=encoder.name,
        heads=replace(fit_heads(vectors, examples, codebook, seed=seed), mean=vectors.mean(0)),
        calibration=fit_calibration(type_logits, theme_logits, examples, codebook),
        made_from={"codebook": f"{codebook.id} {codebook.version}", "passages": len(examples)},
    )
    model = with_context(model, encoder, codebook)
    save_model(model, folder)
    return model
