import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.models.suggester import theme_probabilities, type_probabilities
from whatworks.training.calibration import (
    best_threshold,
    expected_calibration_error,
    fit_calibration,
)
from whatworks.training.examples import Example

CODEBOOK = load_codebook()


def example(n: int, labels: tuple[str, ...], themes: tuple[str, ...] = ()) -> Example:
    return Example(f"e{n}", f"r{n % 7}", "en", "concrete", f"text {n}", labels, themes)


def test_overconfident_logits_are_calibrated_to_the_frequencies() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(4000, 4))
    happens = rng.random((4000, 4)) < 1 / (1 + np.exp(-truth))
    ids = CODEBOOK.finding_type_ids
    examples = [
        example(
            n, tuple(code for code, yes in zip(ids, row, strict=True) if yes), ("local-presence",)
        )
        for n, row in enumerate(happens)
    ]
    logits = (3 * truth + 1).astype(np.float32)
    themes = np.zeros((4000, 23), dtype=np.float32)
    calibration = fit_calibration(logits, themes, examples, CODEBOOK)
    for code in ids:
        assert calibration.slopes[code] == pytest.approx(1 / 3, rel=0.12)
    before = expected_calibration_error(1 / (1 + np.exp(-logits.ravel())), happens.ravel())
    after = expected_calibration_error(
        type_probabilities(logits, ids, calibration).ravel(), happens.ravel()
    )
    assert after < 0.02 < before


def test_the_threshold_is_that_of_the_best_f1_and_stays_near_a_half() -> None:
    probabilities = np.array([0.1, 0.2, 0.42, 0.44, 0.9])
    assert best_threshold(probabilities, np.array([0, 0, 1, 1, 1], dtype=bool)) == 0.42
    assert best_threshold(probabilities, np.array([0, 0, 0, 0, 1], dtype=bool)) == 0.5
    assert best_threshold(np.array([0.01, 0.02]), np.array([1, 1], dtype=bool)) == 0.5


def test_calibration_error_is_the_gap_between_belief_and_frequency() -> None:
    assert expected_calibration_error(np.full(10, 0.75), np.arange(10) < 5) == pytest.approx(0.25)
    assert expected_calibration_error(np.array([0.0, 1.0]), np.array([False, True])) == 0


def test_a_theme_gains_where_its_finding_type_is_likely() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(200, 23)).astype(np.float32)
    obstacles = [t.id for t in CODEBOOK.themes if "obstacle" in t.goes_with]
    others = [t.id for t in CODEBOOK.themes if "obstacle" not in t.goes_with]
    examples = [
        example(n, ("obstacle",), (obstacles[n % 6],))
        if n % 2
        else example(n, ("success_factor",), (others[n % 17],))
        for n in range(200)
    ]
    types = np.where(
        [[code in one.labels for code in CODEBOOK.finding_type_ids] for one in examples], 4.0, -4.0
    ).astype(np.float32) + rng.normal(scale=2, size=(200, 4)).astype(np.float32)
    calibration = fit_calibration(types, logits, examples, CODEBOOK)
    assert calibration.type_agreement > 0
    probabilities = type_probabilities(types, CODEBOOK.finding_type_ids, calibration)
    themes = theme_probabilities(logits, probabilities, CODEBOOK, calibration)
    np.testing.assert_allclose(themes.sum(1), 1.0, atol=1e-5)
    columns = [CODEBOOK.theme_ids.index(theme) for theme in obstacles]
    is_obstacle = np.array([one.labels == ("obstacle",) for one in examples])
    share = themes[:, columns].sum(1)
    assert share[is_obstacle].mean() > share[~is_obstacle].mean() + 0.2
