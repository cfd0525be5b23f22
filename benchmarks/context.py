"""What headings, lead-ins and neighbours add to what a text says, read with its lead-in.

    python benchmarks/context.py

On the whole reports of `training/corpus/headed.jsonl`, which the starter has not learned from: one
logistic regression over all finding types, fitted on seven eighths of the reports and looked at on
the others, eight times. Every row has the slope and the shift of each finding type in it, and
thresholds of the best F1 on the reports that it was fitted on, so that rows differ in their
evidence alone. Then the starter on the sample reports (`tests/samples/gold.jsonl`), which nothing
was fitted on: as it is, and with its eyes shut to headings. Intervals come from
drawing the reports anew; 'under' is what stands under a heading that names a finding type.
"""

import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from samples import joined
from sklearn.linear_model import LogisticRegression

from whatworks.labels.codebook import Codebook, load_codebook
from whatworks.models.context import Context, ContextReader, Placed
from whatworks.models.folder import Model, load_model
from whatworks.models.heads import Array
from whatworks.models.suggester import EncoderSuggester, type_log_odds
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import Encoder, SentenceEncoder
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache
from whatworks.training.assessing.resampling import Floats, Resampling, figure, ratio
from whatworks.training.assessing.scores import answers, f1_values
from whatworks.training.calibration import best_threshold
from whatworks.training.evaluation import Predictions, given
from whatworks.training.examples import HEADED_FILES, Example, load_corpus, report_folds

N_FOLDS = 8
SEED = 20
NAMES_A_TYPE = 0.6
"""From this likeness on, what stands over passages names a finding type. Of what is above the
neutral likeness, most names none: it lies near the middle of all headings."""
TEXT = "text alone"
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a row of the table goes by."""

    log_odds: Array
    """(n, n_types) of the text."""
    beside: tuple[Array, ...] = ()
    """(n, n_types) each, with one weight for all finding types."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a row of the table says."""

    chances: Array
    """(n, n_types)."""
    suggested: Bools
    """(n, n_types)."""


def rows(
    examples: Sequence[Example], model: Model, encoder: Encoder, codebook: Codebook
) -> Iterator[tuple[str, Evidence]]:
    """The evidence of each row, by name; the text alone comes first."""
    log_odds = of_texts([one.text for one in examples], model, encoder, codebook)
    yield TEXT, Evidence(log_odds)
    reader = ContextReader(model.context, encoder, codebook)
    lines = corpus_lines()
    bare = of_texts([one["text"] for one in lines], model, encoder, codebook)
    yield "without its lead-in", Evidence(bare)
    heading = with_presence(reader.likeness(examples))
    yield "with heading", Evidence(log_odds, heading)
    under = [
        replace(one, heading=(line["lead_in"],)) for one, line in zip(examples, lines, strict=True)
    ]
    lead_in = with_presence(reader.likeness(under))
    yield "and likeness of lead-in", Evidence(log_odds, (*heading, *lead_in))
    yield "both, text without it", Evidence(bare, (*heading, *lead_in))
    around = neighbours(log_odds, examples)
    yield "with heading, neighbours", Evidence(log_odds, (*heading, around))


def with_presence(likeness: Array) -> tuple[Array, Array]:
    """Likeness, and whether there is any."""
    return np.nan_to_num(likeness), (~np.isnan(likeness)).astype(np.float32)


def corpus_lines() -> list[Any]:
    """The passages with headings as they stand in the file, lead-ins apart."""
    path = resources.files("whatworks.training") / "corpus" / HEADED_FILES[0]
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def of_texts(texts: Sequence[str], model: Model, encoder: Encoder, codebook: Codebook) -> Array:
    """(n, n_types): the log-odds of texts alone, in the codebook's order."""
    heads = model.heads
    known = type_log_odds(
        heads.type_logits(encoder.encode(texts)), heads.finding_types, model.calibration
    )
    return known[:, [heads.finding_types.index(code) for code in codebook.finding_type_ids]]


def neighbours(log_odds: Array, examples: Sequence[Example]) -> Array:
    """(n, n_types) in [-1, 1]: what the passages before and after say, under the same heading.

    0 where a passage stands alone under its heading.
    """
    found = np.zeros_like(log_odds)
    places = [(one.report, one.heading) for one in examples]
    for n, place in enumerate(places):
        around = [m for m in (n - 1, n + 1) if 0 <= m < len(places) and places[m] == place]
        if around:
            found[n] = np.tanh(log_odds[around].mean(0) / 2)
    return found


def out_of_fold(evidence: Evidence, target: Bools, folds: NDArray[np.intp]) -> Outcome:
    """Each report by weights and thresholds that were fitted on the reports of other folds."""
    n, n_types = target.shape
    features, has = design(evidence), target.T.ravel()
    chances = np.zeros((n, n_types), dtype=np.float32)
    suggested = np.zeros((n, n_types), dtype=np.bool_)
    for fold in np.unique(folds):
        seen, held_out = folds != fold, folds == fold
        fitted = LogisticRegression(C=10.0, max_iter=1000, fit_intercept=False)
        fitted.fit(features[np.tile(seen, n_types)], has[np.tile(seen, n_types)])
        said = fitted.predict_proba(features)[:, 1].reshape(n_types, n).T
        chances[held_out] = said[held_out]
        for column in range(n_types):
            least = best_threshold(said[seen, column], target[seen, column], lowest=0.1)
            suggested[held_out, column] = said[held_out, column] >= least
    return Outcome(chances, suggested)


def design(evidence: Evidence) -> Floats:
    """(n_types * n, n_features), type by type: slope and shift of each type, and what is beside."""
    n, n_types = evidence.log_odds.shape
    of_type = np.repeat(np.eye(n_types), n, axis=0)
    columns = [of_type * evidence.log_odds.T.ravel()[:, None], of_type]
    return np.concatenate([*columns, *(one.T.reshape(-1, 1) for one in evidence.beside)], axis=1)


def under_a_type(
    passages: Sequence[Placed], model: Model, encoder: Encoder, codebook: Codebook
) -> Bools:
    """(n,): whether a heading above names a finding type."""
    headings = ContextReader(model.context, encoder, codebook).likeness(passages)
    return np.asarray(np.nan_to_num(headings, nan=-1.0).max(1) >= NAMES_A_TYPE, dtype=np.bool_)


def print_table(
    found: dict[str, Outcome], examples: Sequence[Example], under: Bools, codebook: Codebook
) -> None:
    """A line for each row; differences are to the first one."""
    target = given(examples, codebook)
    drawing = Resampling([one.report for one in examples])
    languages = sorted({one.language for one in examples})
    none = np.array([not one.labels for one in examples])
    print(f"{len(examples)} passages of {drawing.n_units} reports; without a finding {none.sum()}, "
          f"of which under a heading of a type {(none & under).sum()}")  # fmt: skip
    print(f"{'':25}{'F1':>13}{'log':>14}{'micro F1':>{5 + 3 * len(languages)}}"
          f"{'none, suggested':>{16 + 3 * len(languages)}}   less text alone (95%)")  # fmt: skip
    print(f"{'':25}{'micro':>7}{'macro':>7}{'loss':>13}  "
          f"{''.join(f'{name:>6}' for name in languages)}{'all':>10}{'under':>7}"
          f"   {'micro F1':26}log loss")  # fmt: skip
    first: tuple[Floats, Floats] | None = None
    for name, one in found.items():
        said = Predictions(one.chances, one.suggested, np.zeros((len(examples), 0), np.float32))
        both = answers([replace(e, themes=()) for e in examples], said, codebook)
        micro, macro = f1_values(both, drawing)
        loss = losses(one.chances, target)
        log_loss = ratio(*drawing.totals(np.stack([loss, np.ones(len(loss))], axis=1)).T)
        by_language = []
        for language in languages:
            mask = np.array([e.language == language for e in examples])
            by_language.append(f1_values(both.among(mask), drawing.among(mask))[0][0])
        any_: Bools = one.suggested.max(1)
        line = (
            f"{name:25}{micro[0]:7.3f}{macro[0]:7.3f}{log_loss[0]:13.3f}  "
            f"{''.join(f'{value:6.3f}' for value in by_language)}"
            f"{any_[none].mean():10.1%}{any_[none & under].mean():7.1%}"
        )
        if first is None:
            first = micro, log_loss
        else:
            line += f"   {shown(micro - first[0]):26}{shown(log_loss - first[1])}"
        print(line)


def losses(chances: Array, target: Bools) -> Floats:
    """(n,): the log loss of each passage, mean over the finding types."""
    right = np.where(target, chances, 1 - chances).astype(np.float64)
    return np.asarray(-np.log(np.maximum(right, 1e-6)).mean(1))


def shown(difference: Floats) -> str:
    found = figure(difference, 10)
    interval = found.interval
    between = f" ({interval.low:+.3f} to {interval.high:+.3f})" if interval else ""
    return f"{difference[0]:+.3f}{between}"


def on_samples(
    model: Model, encoder: Encoder, codebook: Codebook
) -> tuple[dict[str, Outcome], list[Example], Bools]:
    """The whole model on the sample reports, with and without headings."""
    passages, examples, _ = joined()
    blind = replace(model, context=Context())
    found = {}
    for name, one in ((TEXT, blind), ("with heading, as it is", model)):
        said = EncoderSuggester(one, encoder, codebook).suggest(passages)
        ids = codebook.finding_type_ids
        found[name] = Outcome(
            np.array([[own.probabilities[code] for code in ids] for own in said], np.float32),
            np.array([[code in own.labels for code in ids] for own in said]),
        )
    return found, examples, under_a_type(passages, model, encoder, codebook)


def main() -> None:
    codebook, model = load_codebook(), load_model()
    encoder = CachedEncoder(
        SentenceEncoder(model.encoder, layers=model.layers),
        VectorCache(cache_folder() / "vectors.sqlite"),
    )
    examples = load_corpus(files=HEADED_FILES)
    heading = model.context.heading
    print(f"{datetime.now(UTC).date()}, {platform.machine()}; {model.name} {model.version}: "
          f"heading {heading.weight:.2f} * (likeness - {heading.neutral:.2f})")  # fmt: skip
    folds = np.array(report_folds(examples, n_folds=N_FOLDS, seed=SEED))
    target = given(examples, codebook)
    found = {
        name: out_of_fold(evidence, target, folds)
        for name, evidence in rows(examples, model, encoder, codebook)
    }
    print(f"\nReports with headings, {N_FOLDS} folds by report:", end=" ")
    print_table(found, examples, under_a_type(examples, model, encoder, codebook), codebook)
    print("\nSample reports, the whole model:", end=" ")
    print_table(*on_samples(model, encoder, codebook), codebook)


if __name__ == "__main__":
    main()
