"""What headings count, fitted on whole reports that a model has not learned from."""

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.context import Context, ContextReader, Pull
from ..models.folder import Model
from ..models.heads import Array
from ..models.suggester import type_log_odds
from ..nlp.encoders import Encoder
from .evaluation import given
from .examples import HEADED_FILES, Example, load_corpus


def heading_phrases() -> dict[str, tuple[str, ...]]:
    """What stands over findings of each type in reports, in the four languages."""
    text = (resources.files(__package__) / "headings.json").read_text("utf-8")
    return {code: tuple(phrases) for code, phrases in json.loads(text).items()}


def with_context(
    model: Model, encoder: Encoder, codebook: Codebook, examples: Sequence[Example] | None = None
) -> Model:
    """The model with what headings count for it.

    Args:
        model: It has not learned from the examples.
        encoder: Its own.
        codebook: Its own.
        examples: Passages of whole reports; those of the corpus by default.
    """
    examples = load_corpus(files=HEADED_FILES) if examples is None else examples
    context = Context(phrases=heading_phrases())
    likeness = ContextReader(context, encoder, codebook).likeness(examples)
    heads = model.heads
    logits = heads.type_logits(encoder.encode([one.text for one in examples]))
    known = type_log_odds(logits, heads.finding_types, model.calibration)
    columns = [heads.finding_types.index(code) for code in codebook.finding_type_ids]
    pull = fit_pull(known[:, columns], likeness, given(examples, codebook))
    return replace(model, context=replace(context, heading=pull))


def fit_pull(log_odds: Array, likeness: Array, target: NDArray[np.bool_]) -> Pull:
    """What likeness counts: one logistic regression over all finding types.

    Args:
        log_odds: (n, n_types) of the texts alone.
        likeness: (n, n_types), nan where there is no heading.
        target: (n, n_types).

    The model's own log-odds are stretched and shifted by type beside it, so that what these
    passages are like as a whole is not taken for an effect of their headings.
    """
    from sklearn.linear_model import LogisticRegression

    n_types = log_odds.shape[1]
    alike = likeness.T.ravel()
    columns = [log_odds.T.ravel(), np.nan_to_num(alike), ~np.isnan(alike)]
    columns += [np.repeat(np.arange(n_types) == n, len(log_odds)) for n in range(n_types)]
    features = np.stack(columns, axis=1).astype(np.float64)
    fitted = LogisticRegression(C=10.0, max_iter=1000, fit_intercept=False)
    weight, shift = fitted.fit(features, target.T.ravel()).coef_[0][1:3]
    neutral = -shift / weight if abs(weight) > 1e-6 else 0.0
    return Pull(round(float(weight), 4), round(float(neutral), 4))
