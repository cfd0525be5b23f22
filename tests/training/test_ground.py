"""What is chosen out of fold: thresholds of a project's own, and the sets' floor."""

from dataclasses import replace

import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.models.folder import Calibration, Model
from whatworks.models.heads import Array, Heads
from whatworks.training.calibration import LEAST_GIVEN
from whatworks.training.evaluation import Predictions
from whatworks.training.examples import Example
from whatworks.training.ground import (
    Ground,
    fold_rows,
    out_of_fold,
    predictions,
    settled,
)
from whatworks.training.prediction_sets import LEAST_PASSAGES, set_floor
from whatworks.training.refit import Refit

CODEBOOK = load_codebook()
TYPES, THEMES = CODEBOOK.finding_type_ids, CODEBOOK.theme_ids
RARE = TYPES.index("success_factor")
DIM = 16


def knows_nothing(threshold: float = 0.5) -> Model:
    heads = Heads(
        finding_types=TYPES,
        type_weights=np.zeros((len(TYPES), DIM), dtype=np.float32),
        type_biases=np.zeros(len(TYPES), dtype=np.float32),
        themes=THEMES,
        theme_weights=np.zeros((len(THEMES), DIM), dtype=np.float32),
        theme_biases=np.zeros(len(THEMES), dtype=np.float32),
        similarity_scale=10.0,
    )
    calibration = Calibration(
        slopes=dict.fromkeys(TYPES, 1.0),
        intercepts=dict.fromkeys(TYPES, 0.0),
        thresholds=dict.fromkeys(TYPES, threshold),
        set_floor=0.123,
    )
    return Model("base", "1", "none", heads, calibration)


def ground(count: int, share: float, *, seed: int = 20, base: Model | None = None) -> Ground:
    """So many passages, of which a share is a success: those along one direction, blurred.

    What is no success is an obstacle every second time.
    """
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, DIM))
    strength = vectors[:, 0] + 0.8 * random.normal(size=count)
    rare = strength >= np.sort(strength)[-max(1, round(share * count))]
    labels = [("success_factor",) if one else ("obstacle",) * (n % 2) for n, one in enumerate(rare)]
    examples = [
        Example(str(n), f"r{n // 8}", "en", "", f"text {n}", own, ())
        for n, own in enumerate(labels)
    ]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    definitions = np.eye(len(THEMES), DIM, dtype=np.float32)
    base = base or knows_nothing()
    found = vectors.astype(np.float32)
    return Ground(base, found, examples, CODEBOOK, base.heads.own_evidence(found, definitions))


def recall(suggested: Array, made_from: Ground) -> float:
    given = np.array(["success_factor" in one.labels for one in made_from.examples])
    return float(suggested[given, RARE].mean())


def test_a_rare_finding_type_gets_a_lower_threshold_and_is_found_more_often() -> None:
    many = ground(2400, 0.1)
    unseen = out_of_fold(many, fold_rows(many.examples))
    model = settled(many.model(), many, unseen)
    assert model.calibration.thresholds["success_factor"] < 0.45
    at_a_half = unseen.probabilities >= 0.5
    assert recall(unseen.suggested, many) > recall(at_a_half, many) + 0.1
    # On passages that nothing was chosen on, too.
    others = ground(2400, 0.1, seed=21)
    found = predictions(model, others.vectors, CODEBOOK, others.themes)
    old = replace(
        model, calibration=replace(model.calibration, thresholds=dict.fromkeys(TYPES, 0.5))
    )
    before = predictions(old, others.vectors, CODEBOOK, others.themes)
    assert recall(found.suggested, others) > recall(before.suggested, others) + 0.1


@pytest.mark.parametrize("given", [LEAST_GIVEN - 1, LEAST_GIVEN])
def test_the_base_s_threshold_stays_until_a_finding_type_was_given_ten_times(given: int) -> None:
    few = ground(200, given / 200, base=knows_nothing(threshold=0.69))
    assert sum("success_factor" in one.labels for one in few.examples) == given
    model = settled(few.model(), few, out_of_fold(few, fold_rows(few.examples)))
    thresholds = model.calibration.thresholds
    assert (thresholds["success_factor"] == 0.69) == (given < LEAST_GIVEN)
    assert thresholds["obstacle"] != 0.69
    assert thresholds["lesson"] == thresholds["good_practice"] == 0.69


def test_a_settled_model_differs_from_the_refitted_one_in_thresholds_and_floor_alone() -> None:
    some = ground(LEAST_PASSAGES, 0.2)
    refitted, unseen = some.model(), out_of_fold(some, fold_rows(some.examples))
    model = settled(refitted, some, unseen)
    floor = set_floor(some.examples, unseen.probabilities, CODEBOOK)
    assert model.calibration.set_floor == floor != refitted.calibration.set_floor
    chosen = {"thresholds": refitted.calibration.thresholds, "set_floor": 0.123}
    again = replace(model, calibration=replace(model.calibration, **chosen))  # type: ignore[arg-type]
    assert again == refitted


def test_of_few_passages_the_base_s_floor_stays() -> None:
    few = ground(LEAST_PASSAGES - 1, 0.2)
    model = settled(few.model(), few, out_of_fold(few, fold_rows(few.examples)))
    assert model.calibration.set_floor == 0.123


def test_what_is_said_of_a_report_does_not_hang_on_its_own_labels() -> None:
    some = ground(160, 0.3)
    parts = fold_rows(some.examples)
    assert sorted(np.concatenate([held_out for _, held_out in parts])) == list(range(160))
    _, held_out = parts[0]
    turned = [
        replace(one, labels=("lesson",)) if n in held_out else one
        for n, one in enumerate(some.examples)
    ]
    before, after = (
        out_of_fold(one, parts) for one in (some, replace(some, examples=tuple(turned)))
    )
    np.testing.assert_array_equal(before.probabilities[held_out], after.probabilities[held_out])
    assert np.abs(before.probabilities - after.probabilities).max() > 0.05


def test_what_stands_beside_counts_in_fitting_and_in_saying() -> None:
    some = ground(300, 0.3)
    beside = np.zeros((300, len(TYPES)), dtype=np.float32)
    given = np.array(["success_factor" in one.labels for one in some.examples])
    beside[:, RARE] = np.where(given, 3.0, -3.0)
    told = replace(some, beside=beside, config=Refit(ridge=1.0))
    parts = fold_rows(some.examples)
    with_it, without = out_of_fold(told, parts), out_of_fold(some, parts)
    right = np.where(given, with_it.probabilities[:, RARE], 1 - with_it.probabilities[:, RARE])
    assert right.mean() > 0.9
    plain = np.where(given, without.probabilities[:, RARE], 1 - without.probabilities[:, RARE])
    assert plain.mean() < 0.8


def sure_of_themes(right: float, said: float, count: int = 200) -> tuple[Ground, Predictions]:
    """So many passages with one of two themes, said to be likely by so much, and so often right."""
    made = ground(count, 0.3)
    names = THEMES[:2]
    truth = np.arange(count) % 2
    is_right = np.random.default_rng(3).permutation(count) < right * count
    themes = np.full((count, len(THEMES)), 1e-9, dtype=np.float32)
    themes[np.arange(count), np.where(is_right, truth, 1 - truth)] = said
    themes[np.arange(count), np.where(is_right, 1 - truth, truth)] = 1 - said
    examples = [
        replace(one, labels=("obstacle",), themes=(names[truth[n]],))
        for n, one in enumerate(made.examples)
    ]
    made = replace(made, examples=examples)
    return made, replace(out_of_fold(made, fold_rows(made.examples)), themes=themes)


def test_themes_are_said_as_surely_as_they_were_right() -> None:
    found = []
    for right, said in ((0.7, 0.9), (0.8, 0.8), (0.8, 0.7)):
        made, unseen = sure_of_themes(right, said, count=800)
        calibration = settled(made.base, made, unseen).calibration
        found.append(calibration.theme_temperature)
        assert calibration.type_agreement == pytest.approx(1 / found[-1])
        odds = np.log(said / (1 - said)) / found[-1]
        assert 1 / (1 + np.exp(-odds)) == pytest.approx(right, abs=0.04)
    assert found[0] > 2
    assert found[1] == pytest.approx(1, abs=0.06)
    assert found[2] < 0.8


def test_of_few_themes_and_of_none_the_base_s_temperature_stays() -> None:
    made, unseen = sure_of_themes(0.5, 0.7, count=16)
    assert settled(made.base, made, unseen).calibration.theme_temperature < 1.3
    none = ground(60, 0.3)
    unseen = out_of_fold(none, fold_rows(none.examples))
    assert settled(none.base, none, unseen).calibration.theme_temperature == 1
