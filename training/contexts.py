"""What headings and lead-ins count, fitted on whole reports not learned from."""

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
from .examples import HEADED_FILES, Example, load_corpus


def heading_phrases() -> dict[str, tuple[str, ...]]:
    """What stands over findings of each type in reports, in the four languages."""
    text = (resources.files(__package__) / "headings.json").read_text("utf-8")
    return {code: tuple(phrases) for code, phrases in json.loads(text).items()}


def with_context(
    model: Model, encoder: Encoder, codebook: Codebook, examples: Sequence[Example] | None = None
) -> Model:
    """The model with what headings and lead-ins count for it.

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
    heading, lead_in = fit_pulls(known[:, columns], *likeness, given(examples, codebook))
    return replace(model, context=replace(context, heading=heading, lead_in=lead_in))


def given(examples: Sequence[Example], codebook: Codebook) -> NDArray[np.bool_]:
    """(n_examples, n_types): who has what."""
    return np.array(
        [[code in one.labels for code in codebook.finding_type_ids] for one in examples]
    )


def fit_pulls(
    log_odds: Array, headings: Array, lead_ins: Array, target: NDArray[np.bool_]
) -> tuple[Pull, Pull]:
    """What likeness of headings and of lead-ins counts: one logistic regression over all types.

    Args:
        log_odds: (n, n_types) of the texts alone.
        headings: (n, n_types) likeness, nan where there is no heading.
        lead_ins: (n, n_types) likewise.
        target: (n, n_types).

    The model's own log-odds are stretched and shifted by type beside it, so that what these
    passages are like as a whole is not taken for an effect of their headings.
    """
    from sklearn.linear_model import LogisticRegression

    n_types = log_odds.shape[1]
    columns = [log_odds.T.ravel()]
    for likeness in (headings, lead_ins):
        columns += [np.nan_to_num(likeness.T.ravel()), ~np.isnan(likeness.T.ravel())]
    columns += [np.repeat(np.arange(n_types) == n, len(log_odds)) for n in range(n_types)]
    features = np.stack(columns, axis=1).astype(np.float64)
    fitted = LogisticRegression(C=10.0, max_iter=1000, fit_intercept=False)
    weights = fitted.fit(features, target.T.ravel()).coef_[0]
    pulls = []
    for weight, shift in (weights[1:3], weights[3:5]):
        neutral = -shift / weight if abs(weight) > 1e-6 else 0.0
        pulls.append(Pull(round(float(weight), 4), round(float(neutral), 4)))
    return pulls[0], pulls[1]
