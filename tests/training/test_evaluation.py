import math

import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.training.evaluation import Predictions, score, score_groups
from whatworks.training.examples import Example

CODEBOOK = load_codebook()
IDS = CODEBOOK.finding_type_ids


def example(
    n: int, labels: tuple[str, ...], themes: tuple[str, ...] = (), lang: str = "en"
) -> Example:
    return Example(f"e{n}", f"r{n}", lang, "concrete", "text", labels, themes)


def predictions(rows: list[dict[str, float]], themes: list[str] | None = None) -> Predictions:
    probabilities = np.array([[row.get(code, 0.0) for code in IDS] for row in rows])
    scores = np.zeros((len(rows), len(CODEBOOK.themes)))
    for n, theme in enumerate(themes or []):
        scores[n, CODEBOOK.theme_ids.index(theme)] = 1.0
    return Predictions(probabilities, probabilities >= 0.5, scores)


def test_perfect_suggestions_score_one() -> None:
    examples = [
        example(0, ("obstacle",), ("gender-neglect",)),
        example(1, ("lesson",)),
        example(2, ()),
    ]
    found = predictions(
        [{"obstacle": 1.0}, {"lesson": 1.0}, {}],
        ["gender-neglect", "local-presence", "local-presence"],
    )
    card = score(examples, found, CODEBOOK)
    assert card.micro_f1 == card.macro_f1 == card.dominant_accuracy == card.dominant_macro_f1 == 1
    assert card.theme_at_1 == card.theme_at_3 == 1
    assert card.calibration_error == 0
    assert (card.passages, card.reports) == (3, 3)


def test_scores_are_those_counted_by_hand() -> None:
    examples = [
        example(0, ("obstacle",)),
        example(1, ("obstacle", "lesson")),
        example(2, ()),
        example(3, ("success_factor",)),
    ]
    found = predictions(
        [{"obstacle": 0.9}, {"obstacle": 0.6, "lesson": 0.8}, {"obstacle": 0.7}, {}]
    )
    card = score(examples, found, CODEBOOK)
    obstacle = card.labels["obstacle"]
    assert (obstacle.precision, obstacle.recall, obstacle.f1) == pytest.approx((2 / 3, 1.0, 0.8))
    # hits 3, suggested 4, present 4
    assert card.micro_f1 == pytest.approx(2 * 3 / 8)
    # good_practice occurs nowhere and is left out of the mean
    assert card.macro_f1 == pytest.approx((0.8 + 1.0 + 0.0) / 3)
    # the second passage's strongest suggestion is the lesson, its first label the obstacle
    assert card.dominant_accuracy == pytest.approx(1 / 4)
    assert math.isnan(card.theme_at_1)


def test_the_third_theme_counts_at_three_and_not_at_one() -> None:
    examples = [example(0, ("obstacle",), ("gender-neglect",))]
    found = predictions([{"obstacle": 1.0}])
    for weight, theme in (
        (0.9, "local-presence"),
        (0.8, "social-dialogue"),
        (0.7, "gender-neglect"),
    ):
        found.themes[0, CODEBOOK.theme_ids.index(theme)] = weight
    card = score(examples, found, CODEBOOK)
    assert (card.theme_at_1, card.theme_at_3) == (0.0, 1.0)


def test_groups_are_scored_apart() -> None:
    examples = [example(0, ("obstacle",)), example(1, ("obstacle",), lang="fr")]
    cards = score_groups(examples, predictions([{"obstacle": 1.0}, {}]), CODEBOOK)
    assert list(cards) == ["all", "language en", "language fr", "register concrete"]
    assert cards["language en"].macro_f1 == 1
    assert cards["language fr"].macro_f1 == 0
