"""Confusion, reliability, curves, the paired tests."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from tests.training.assessing.made_up import CODEBOOK, TYPES, ground
from whatworks.training.assessing.confusion import confusion
from whatworks.training.assessing.curves import crossings, learning_curve
from whatworks.training.assessing.paired import paired
from whatworks.training.assessing.reliability import reliabilities
from whatworks.training.assessing.resampling import Resampling
from whatworks.training.assessing.scores import Answers, answers
from whatworks.training.evaluation import Predictions
from whatworks.training.ground import fold_rows, out_of_fold

MADE, LABELLED = ground()
FOUND = MADE.as_it_is()
SAID = answers(MADE.examples, FOUND, CODEBOOK)
DRAWING = Resampling([one.report for one in MADE.examples])


def test_the_confusion_adds_up_and_shows_the_surest_mistakes() -> None:
    found = confusion(SAID, LABELLED.passages, CODEBOOK)
    assert found.codes == (*TYPES, "none")
    assert sum(one.count for one in found.cells) == len(MADE.examples)
    for one in found.cells:
        assert len(one.mistakes) == (0 if one.given == one.said else min(3, one.count))
        chances = [mistake.probability for mistake in one.mistakes]
        assert chances == sorted(chances, reverse=True)
    wrong = [one for one in found.cells if one.given != one.said and one.count > 3]
    cell = wrong[0]
    column = found.codes.index(cell.said)
    sure = np.c_[SAID.probabilities, 1 - SAID.probabilities.max(1)][:, column]
    here = [
        sure[n]
        for n in range(len(sure))
        if (SAID.first_given[n], SAID.first_said[n]) == (cell.given, cell.said)
    ]
    assert cell.mistakes[0].probability == pytest.approx(max(here))


def test_the_bins_hold_every_pair_and_the_error_is_their_mean_gap() -> None:
    every = reliabilities(SAID, CODEBOOK)
    assert [one.finding_type for one in every] == ["", *TYPES]
    for one in every:
        n = len(MADE.examples) * (len(TYPES) if not one.finding_type else 1)
        assert sum(bin_.share.n for bin_ in one.bins) == n
        gaps = [
            abs(bin_.mean_probability - bin_.share.count / bin_.share.n) * bin_.share.n
            for bin_ in one.bins
        ]
        assert sum(gaps) / n == pytest.approx(one.error)
        for bin_ in one.bins:
            assert bin_.low <= bin_.mean_probability <= bin_.high + 1e-9
            assert bin_.share.interval is not None


def test_the_curve_begins_with_the_base_and_ends_with_all() -> None:
    parts = fold_rows(MADE.examples)
    points = learning_curve(MADE, parts)
    assert [one.passages for one in points] == [0, 30, 100, 192]
    assert [one.is_all for one in points] == [False, False, False, True]
    assert points[-1].micro_f1 > points[0].micro_f1
    for one in points:
        assert one.micro_range[0] <= one.micro_f1 <= one.micro_range[1]
    # All passages of the other folds, in whatever order: the score out of fold, fold by fold.
    unseen = out_of_fold(MADE, parts)
    by_base = replace(unseen, suggested=unseen.probabilities >= 0.5)
    found = answers(MADE.examples, by_base, CODEBOOK)
    folds = []
    for _, rows in parts:
        own = found.among(np.isin(np.arange(len(MADE.examples)), rows))
        both = own.suggested.sum() + own.given.sum()
        folds.append(2 * (own.suggested & own.given).sum() / both)
    assert points[-1].micro_f1 == pytest.approx(float(np.mean(folds)), abs=0.01)


def test_a_language_is_never_learned_from_where_it_is_left_out() -> None:
    said = answers(MADE.examples, out_of_fold(MADE, fold_rows(MADE.examples)), CODEBOOK)
    rows = crossings(MADE, said, DRAWING)
    assert [one.language for one in rows] == ["en", "fr"]
    assert [one.learned_from for one in rows] == [120, 120]
    # Labels of the language itself change nothing in what is learned without it.
    silent = [
        replace(one, labels=("lesson",)) if one.language == "en" else one for one in MADE.examples
    ]
    others = np.flatnonzero([one.language == "fr" for one in MADE.examples])
    own = np.flatnonzero([one.language == "en" for one in MADE.examples])
    assert np.array_equal(
        replace(MADE, examples=silent).refitted(others, own).probabilities,
        MADE.refitted(others, own).probabilities,
    )


def test_one_language_crosses_nothing() -> None:
    one = replace(MADE, examples=[replace(each, language="en") for each in MADE.examples])
    assert crossings(one, SAID, DRAWING) == []


def test_a_model_beside_itself_shows_no_difference() -> None:
    found = paired(("one", "other"), SAID, SAID, DRAWING)
    assert found.micro_f1.value == 0
    assert found.micro_f1.p_value == 1
    assert not found.micro_f1.is_clear
    assert (found.only_first_right, found.only_second_right) == (0, 0)
    assert found.first_right_p_value == 1


def test_a_better_model_is_better_beyond_chance_and_the_other_way_round() -> None:
    better = answers(MADE.examples, out_of_fold(MADE, fold_rows(MADE.examples)), CODEBOOK)
    worse = answers(MADE.examples, _shuffled(FOUND), CODEBOOK)
    found, turned = (
        paired(("one", "other"), better, worse, DRAWING),
        paired(("other", "one"), worse, better, DRAWING),
    )
    assert found.micro_f1.is_clear
    assert found.micro_f1.value > 0
    assert found.micro_f1.p_value is not None
    assert found.micro_f1.p_value < 0.01
    assert turned.micro_f1.value == pytest.approx(-found.micro_f1.value)
    assert turned.micro_f1.p_value == pytest.approx(found.micro_f1.p_value)
    b, c = found.only_first_right, found.only_second_right
    expected = min(1.0, 2 * binom.cdf(min(b, c), b + c, 0.5))
    assert found.first_right_p_value == pytest.approx(expected)


def test_models_that_differ_by_lot_alone_seldom_look_different() -> None:
    clear = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        one, other = (_noisy(random) for _ in range(2))
        clear += paired(("one", "other"), one, other, DRAWING).micro_f1.is_clear
    # Five in a hundred are expected, so two; of reports as few as twelve somewhat more.
    assert clear <= 7


def _noisy(random: np.random.Generator) -> Answers:
    flipped = FOUND.suggested ^ (random.random(FOUND.suggested.shape) < 0.15)
    return answers(MADE.examples, Predictions(FOUND.probabilities, flipped, FOUND.themes), CODEBOOK)


def _shuffled(found: Predictions) -> Predictions:
    order = np.random.default_rng(4).permutation(len(found.suggested))
    return Predictions(found.probabilities[order], found.suggested[order], found.themes[order])
