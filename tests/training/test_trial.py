"""What a fine-tuning says of reports it has not seen: the best epoch, and what it means."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.models.heads import Array
from whatworks.training.examples import Example
from whatworks.training.ground import fold_rows
from whatworks.training.prediction_sets import LEAST_PASSAGES
from whatworks.training.trial import Said, best_epoch, keep_logits, kept_logits, rank_score

CODEBOOK = load_codebook()
TYPES, THEMES = CODEBOOK.finding_type_ids, CODEBOOK.theme_ids


def logits_and_labels(count: int, seed: int = 20) -> tuple[Array, list[Example]]:
    """Log-odds as they should be, and labels drawn by them; eight passages to a report."""
    random = np.random.default_rng(seed)
    truth = random.normal(-0.5, 2, (count, len(TYPES)))
    has = random.random(truth.shape) < 1 / (1 + np.exp(-truth))
    examples = [
        Example(
            str(n),
            f"r{n // 8}",
            "en",
            "",
            f"text {n}",
            tuple(code for code, yes in zip(TYPES, has[n], strict=True) if yes),
            (THEMES[n % len(THEMES)],),
        )
        for n in range(count)
    ]
    return truth.astype(np.float32), examples


def theme_logits(examples: list[Example]) -> Array:
    return np.array(
        [[3.0 * (one.themes[0] == theme) for theme in THEMES] for one in examples], np.float32
    )


def said(
    types: Array, examples: list[Example], *, stretch: float = 1.0, beside: Array | None = None
) -> Said:
    return Said(types * stretch, theme_logits(examples), beside, examples, CODEBOOK, {})


def test_the_first_of_the_best_epochs_is_chosen(tmp_path: Path) -> None:
    types, examples = logits_and_labels(120)
    random, themes = np.random.default_rng(1), theme_logits(examples)
    noise = random.normal(size=types.shape).astype(np.float32)
    for epoch, blur in enumerate([8.0, 0.0, 0.0, 4.0], start=1):
        keep_logits(tmp_path, epoch, "key", types + blur * noise, themes)
    assert best_epoch(tmp_path, "key", examples, CODEBOOK) == 2
    scores = [
        rank_score(types + blur * noise, themes, examples, CODEBOOK) for blur in (8.0, 4.0, 0.0)
    ]
    assert scores == sorted(scores)
    assert 0 < scores[0] < scores[2] <= 1


def test_ranks_do_not_hang_on_a_threshold_or_a_stretch() -> None:
    types, examples = logits_and_labels(120)
    themes = theme_logits(examples)
    plain = rank_score(types, themes, examples, CODEBOOK)
    assert rank_score(0.1 * types - 5, themes, examples, CODEBOOK) == pytest.approx(plain)


def test_what_nobody_labelled_has_no_rank() -> None:
    types, examples = logits_and_labels(8)
    bare = [replace(one, labels=()) for one in examples]
    assert rank_score(types, theme_logits(examples), bare, CODEBOOK) == 0


def test_what_belongs_to_another_training_is_not_taken_over(tmp_path: Path) -> None:
    types, examples = logits_and_labels(40)
    themes = theme_logits(examples)
    keep_logits(tmp_path, 1, "key", -types, themes)
    keep_logits(tmp_path, 2, "another key", types, themes)
    assert kept_logits(tmp_path, 2, "key") is None
    assert kept_logits(tmp_path, 3, "key") is None
    assert best_epoch(tmp_path, "key", examples, CODEBOOK) == 1
    found = kept_logits(tmp_path, 2, "another key")
    assert found is not None
    np.testing.assert_array_equal(found[0], types)
    np.testing.assert_array_equal(found[1], themes)


@pytest.mark.parametrize("kept", [0, 100, -100])
def test_a_damaged_epoch_is_none(kept: int, tmp_path: Path) -> None:
    types, examples = logits_and_labels(40)
    keep_logits(tmp_path, 1, "key", types, theme_logits(examples))
    whole = tmp_path / "epoch-1.npz"
    whole.write_bytes(whole.read_bytes()[:kept])
    assert kept_logits(tmp_path, 1, "key") is None
    keep_logits(tmp_path, 1, "key", types, theme_logits(examples))
    assert kept_logits(tmp_path, 1, "key") is not None
    assert [path.name for path in tmp_path.iterdir()] == ["epoch-1.npz"]


@pytest.mark.parametrize("planted", [0.4, 2.5])
def test_a_planted_stretch_is_taken_back(planted: float) -> None:
    types, examples = logits_and_labels(2400)
    found = said(types, examples, stretch=planted).calibration()
    for code in TYPES:
        assert found.slopes[code] == pytest.approx(1 / planted, rel=0.15)
        assert found.intercepts[code] == pytest.approx(0, abs=0.2)
        assert 0.3 < found.thresholds[code] < 0.6
    assert 0 < found.set_floor < 1


def test_what_stands_beside_is_not_taken_for_a_stretch_of_the_text() -> None:
    types, examples = logits_and_labels(2400)
    # The labels follow the whole; the text's share of it is what is left.
    beside = np.random.default_rng(2).normal(0, 1, types.shape).astype(np.float32)
    told = said(types - beside, examples, beside=beside).calibration()
    alone = said(types - beside, examples).calibration()
    for code in TYPES:
        assert told.slopes[code] == pytest.approx(1, abs=0.1)
        assert alone.slopes[code] < 0.95


def test_a_report_is_looked_at_by_a_calibration_of_other_reports_alone() -> None:
    types, examples = logits_and_labels(240)
    before = said(types, examples).out_of_fold()
    parts = fold_rows(examples)
    _, held_out = parts[0]
    # The first label stays: it decides how reports are divided.
    turned = [
        replace(one, labels=(*one.labels[:1], "good_practice", "lesson"))
        if n in held_out and one.labels
        else one
        for n, one in enumerate(examples)
    ]
    assert [rows.tolist() for _, rows in fold_rows(turned)] == [rows.tolist() for _, rows in parts]
    after = said(types, turned).out_of_fold()
    np.testing.assert_array_equal(before.probabilities[held_out], after.probabilities[held_out])
    np.testing.assert_array_equal(before.suggested[held_out], after.suggested[held_out])
    others = np.concatenate([rows for _, rows in parts[1:]])
    assert (before.probabilities[others] != after.probabilities[others]).any(1).all()


def test_of_one_report_and_of_few_passages_something_is_said() -> None:
    types, examples = logits_and_labels(8)
    found = said(types, examples)
    assert found.calibration().set_floor == 0
    assert len(examples) < LEAST_PASSAGES
    assert found.out_of_fold().probabilities.shape == (8, len(TYPES))


def test_of_few_passages_thresholds_and_themes_stay_near_what_they_were() -> None:
    types, examples = logits_and_labels(8)
    base = dict.fromkeys(TYPES, 0.37)
    wrong = np.roll(theme_logits(examples), 1, axis=0)
    found = Said(types, wrong, None, examples, CODEBOOK, base).calibration()
    assert found.thresholds == base
    assert 0.5 < found.theme_temperature < 2
    many_types, many = logits_and_labels(800)
    wrong = np.roll(theme_logits(many), 1, axis=0)
    found = Said(many_types, wrong, None, many, CODEBOOK, base).calibration()
    assert all(value != 0.37 for value in found.thresholds.values())
    assert found.theme_temperature == 3
