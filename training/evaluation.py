"""How good suggestions are: a scorecard of predictions against what people decided."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.heads import Array
from .calibration import expected_calibration_error
from .examples import Example

NONE = "none"


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Precision, recall and F1 of one finding type, with the number of passages that have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Scores over one set of passages; all in [0, 1], higher is better but for the error."""

    passages: int
    reports: int
    micro_f1: float
    """Over all (passage, finding type) pairs."""
    macro_f1: float
    """Mean F1 of the finding types that occur."""
    dominant_accuracy: float
    """Share of passages whose first label (or 'none') is the suggested first label."""
    dominant_macro_f1: float
    """Macro F1 of the first label, 'none' counted as a class."""
    theme_at_1: float
    """Share of findings whose first theme is the first suggested one; nan where there are none."""
    theme_at_3: float
    calibration_error: float
    """Expected calibration error over all (passage, finding type) pairs; nan without
    probabilities."""
    labels: Mapping[str, LabelScore]


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a model says of some examples, in their order."""

    probabilities: Array
    """(n_examples, n_types)."""
    suggested: NDArray[np.bool_]
    """(n_examples, n_types): at or above the threshold."""
    themes: Array
    """(n_examples, n_themes), higher is likelier."""
    calibrated: bool = True
    """Whether the probabilities are probabilities, not mere scores."""


def score(
    examples: Sequence[Example],
    predictions: Predictions,
    codebook: Codebook,
    rows: Sequence[int] | None = None,
    *,
    ordered: bool = True,
) -> Scorecard:
    """The scorecard of predictions, over all examples or over some rows.

    Args:
        examples: With the labels that people gave them.
        predictions: Of the same, in the same order.
        codebook: The columns' meaning.
        rows: Which; None for all.
        ordered: Whether the first label given is the dominant one; see ``first_labels``.
    """
    from sklearn.metrics import f1_score

    chosen = list(range(len(examples))) if rows is None else list(rows)
    types = codebook.finding_type_ids
    probabilities = predictions.probabilities[chosen]
    suggested = predictions.suggested[chosen]
    target = given([examples[n] for n in chosen], codebook)
    labels = {code: _label_score(suggested[:, k], target[:, k]) for k, code in enumerate(types)}
    occurring = [one.f1 for one in labels.values() if one.support]
    hits = int((suggested & target).sum())
    pairs = first_labels(examples, predictions, codebook, chosen, ordered=ordered)
    first, guess = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ranks = theme_ranks(examples, predictions.themes, codebook, chosen)
    error = float("nan")
    if predictions.calibrated:
        error = expected_calibration_error(probabilities.ravel(), target.ravel())
    return Scorecard(
        passages=len(chosen),
        reports=len({examples[n].report for n in chosen}),
        micro_f1=2 * hits / max(1, int(suggested.sum() + target.sum())),
        macro_f1=float(np.mean(occurring)) if occurring else float("nan"),
        dominant_accuracy=float(np.mean([a == b for a, b in zip(first, guess, strict=True)])),
        dominant_macro_f1=float(f1_score(first, guess, average="macro", labels=sorted(set(first)))),
        theme_at_1=float(np.mean([rank < 1 for rank in ranks])) if ranks else float("nan"),
        theme_at_3=float(np.mean([rank < 3 for rank in ranks])) if ranks else float("nan"),
        calibration_error=error,
        labels=labels,
    )


def given(examples: Sequence[Example], codebook: Codebook) -> NDArray[np.bool_]:
    """(n_examples, n_types): who has what."""
    types = codebook.finding_type_ids
    return np.array([[code in one.labels for code in types] for one in examples])


def first_labels(
    examples: Sequence[Example],
    predictions: Predictions,
    codebook: Codebook,
    rows: Sequence[int] | None = None,
    *,
    ordered: bool = True,
) -> list[tuple[str, str]]:
    """For each example its first label and the first one suggested, 'none' where there is none.

    In a project labels have no order (``ordered=False``): there the first one suggested is also the
    one that is looked for, if it was given.
    """
    chosen = range(len(examples)) if rows is None else rows
    pairs = []
    for n in chosen:
        strengths = np.where(predictions.suggested[n], predictions.probabilities[n], -np.inf)
        strongest = codebook.finding_type_ids[int(strengths.argmax())]
        guess = strongest if predictions.suggested[n].any() else NONE
        own = [code for code in examples[n].labels if code in codebook.finding_type_ids]
        first = own[0] if own else NONE
        pairs.append((guess if not ordered and guess in own else first, guess))
    return pairs


def theme_ranks(
    examples: Sequence[Example], themes: Array, codebook: Codebook, rows: Sequence[int]
) -> list[int]:
    """For each finding among the rows, how many themes are ranked before its first theme."""
    found = []
    for n in rows:
        if examples[n].labels and examples[n].themes:
            own = themes[n, codebook.theme_ids.index(examples[n].themes[0])]
            found.append(int((themes[n] > own).sum()))
    return found


def score_groups(
    examples: Sequence[Example], predictions: Predictions, codebook: Codebook
) -> dict[str, Scorecard]:
    """Scorecards of all passages, of each language and of each register, by name."""
    groups: dict[str, list[int]] = {"all": list(range(len(examples)))}
    for n, example in enumerate(examples):
        groups.setdefault(f"language {example.language}", []).append(n)
    for n, example in enumerate(examples):
        if example.register:
            groups.setdefault(f"register {example.register}", []).append(n)
    return {name: score(examples, predictions, codebook, rows) for name, rows in groups.items()}


def scorecard_text(cards: Mapping[str, Scorecard]) -> str:
    """What stands in ``scorecard.json``: four decimals, null where a score is not a number."""
    return json.dumps({name: _plain(asdict(card)) for name, card in cards.items()}, indent=1) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


def _label_score(suggested: NDArray[np.bool_], target: NDArray[np.bool_]) -> LabelScore:
    hits = int((suggested & target).sum())
    n_suggested, support = int(suggested.sum()), int(target.sum())
    return LabelScore(
        precision=hits / n_suggested if n_suggested else 0.0,
        recall=hits / support if support else 0.0,
        f1=2 * hits / (n_suggested + support) if n_suggested + support else 0.0,
        support=support,
    )
