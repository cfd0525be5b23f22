"""Tables of scores and how sure they are, against plain ways to work them out."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from tests.training.assessing.made_up import CODEBOOK, TYPES, ground, labelled_of
from whatworks.training.assessing.resampling import Resampling, figure
from whatworks.training.assessing.scores import (
    answers,
    by_finding_type,
    by_group,
    by_theme,
    f1_values,
    group_row,
)
from whatworks.training.evaluation import score
from whatworks.training.examples import Example

MADE, LABELLED = ground()
FOUND = MADE.as_it_is()
SAID = answers(MADE.examples, FOUND, CODEBOOK)
REPORTS = [one.report for one in MADE.examples]
DRAWING = Resampling(REPORTS, resamples=200)


def test_the_scores_are_those_of_the_scorecard() -> None:
    card = score(MADE.examples, FOUND, CODEBOOK)
    row = group_row("", SAID, DRAWING, REPORTS)
    values = {name: one.value for name, one in row.figures.items()}
    assert values["micro_f1"] == pytest.approx(card.micro_f1)
    assert values["macro_f1"] == pytest.approx(card.macro_f1)
    assert values["theme_at_1"] == pytest.approx(card.theme_at_1)
    assert values["theme_at_3"] == pytest.approx(card.theme_at_3)
    assert values["calibration_error"] == pytest.approx(card.calibration_error)
    # Each passage has one label here, so that there is no order to differ in.
    assert values["first_right"] == pytest.approx(card.dominant_accuracy)
    for one in by_finding_type(SAID, DRAWING, REPORTS, CODEBOOK):
        assert one.figures["precision"].value == pytest.approx(card.labels[one.what].precision)
        assert one.figures["recall"].value == pytest.approx(card.labels[one.what].recall)
        assert one.figures["f1"].value == pytest.approx(card.labels[one.what].f1)


def test_each_resample_is_what_scikit_learn_says_of_its_reports() -> None:
    names = list(dict.fromkeys(REPORTS))
    is_in = np.array([[one == name for name in names] for one in REPORTS])
    times = DRAWING.totals(is_in)[1:] / is_in.sum(axis=0)
    micro, macro = f1_values(SAID, DRAWING)
    assert times.sum(axis=1) == pytest.approx(len(names))
    for n in range(20):
        weights = is_in @ times[n]
        for found, average in ((micro, "micro"), (macro, "macro")):
            expected = f1_score(
                SAID.given, SAID.suggested, sample_weight=weights, average=average, zero_division=0
            )
            assert found[n + 1] == pytest.approx(expected)


def test_the_interval_holds_the_figure_and_is_wider_with_fewer_reports() -> None:
    wide = by_group(SAID, DRAWING, [one.language for one in MADE.examples], REPORTS)
    assert [one.passages for one in wide] == [120, 120]
    whole = group_row("", SAID, DRAWING, REPORTS).figures["micro_f1"]
    assert whole.interval is not None
    assert whole.value is not None
    assert whole.interval.low < whole.value < whole.interval.high
    for one in wide:
        own = one.figures["micro_f1"].interval
        assert own is not None
        assert own.high - own.low > 0.8 * (whole.interval.high - whole.interval.low)


def test_a_language_row_is_what_scikit_learn_says_of_its_passages() -> None:
    [row, _] = by_group(SAID, DRAWING, [one.language for one in MADE.examples], REPORTS)
    own = [one.language == row.what for one in MADE.examples]
    expected = f1_score(SAID.given[own], SAID.suggested[own], average="micro")
    assert row.figures["micro_f1"].value == pytest.approx(expected)


def test_precision_and_recall_are_those_of_scikit_learn() -> None:
    for k, row in enumerate(by_finding_type(SAID, DRAWING, REPORTS, CODEBOOK)):
        pair = SAID.given[:, k], SAID.suggested[:, k]
        assert row.figures["precision"].value == pytest.approx(precision_score(*pair))
        assert row.figures["recall"].value == pytest.approx(recall_score(*pair))
        assert row.passages == int(SAID.given[:, k].sum())


def test_a_theme_with_a_single_example_is_marked_and_has_no_interval() -> None:
    themes = {one.what: one for one in by_theme(MADE.examples, SAID, DRAWING, REPORTS, CODEBOOK)}
    assert not themes[CODEBOOK.theme_ids[1]].too_few
    examples = [*MADE.examples[:-1], _example(MADE.examples[-1], theme=CODEBOOK.theme_ids[20])]
    said = answers(examples, FOUND, CODEBOOK)
    [row] = [
        one
        for one in by_theme(examples, said, DRAWING, REPORTS, CODEBOOK)
        if one.what == CODEBOOK.theme_ids[20]
    ]
    assert (row.passages, row.too_few) == (1, True)
    assert row.figures["theme_at_3"].interval is None
    assert row.figures["theme_at_3"].why_not == "too few to say"


def test_with_one_class_only_there_are_scores_and_no_division_by_zero() -> None:
    examples = [_example(one, labels=("lesson",)) for one in MADE.examples]
    rows = by_finding_type(answers(examples, FOUND, CODEBOOK), DRAWING, REPORTS, CODEBOOK)
    assert [one.passages for one in rows] == [0, 0, len(examples), 0]
    assert rows[0].figures["recall"].value is None
    assert rows[2].figures["precision"].value == 1


def test_of_several_labels_the_one_said_first_counts() -> None:
    both = [_example(one, labels=TYPES) for one in MADE.examples]
    said = answers(both, FOUND, CODEBOOK)
    pairs = zip(said.first_given, said.first_said, strict=True)
    assert {given == first for given, first in pairs if first != "none"} == {True}


def test_a_figure_that_most_resamples_cannot_have_gets_no_interval() -> None:
    values = np.array([0.5, *[np.nan] * 10, *[0.4] * 90])
    assert figure(values, 50).interval is None
    assert figure(values, 50).why_not == "too rare for an interval"


def test_large_sets_are_drawn_in_parts_and_come_out_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = DRAWING.totals(SAID.given)
    monkeypatch.setattr("whatworks.training.assessing.resampling._CELLS", 5 * DRAWING.n_units)
    assert np.array_equal(Resampling(REPORTS, resamples=200).totals(SAID.given), whole)


def _example(one: Example, labels: tuple[str, ...] | None = None, theme: str = "") -> Example:
    given = (one.labels if labels is None else labels) or ("lesson",)
    themes = (theme,) if theme else ()
    return replace(one, labels=given, themes=themes)


def test_labelled_passages_know_their_reports() -> None:
    assert (LABELLED.reports, LABELLED.by_report) == (12, True)
    assert labelled_of(MADE.examples[:5]).by_report is False
