from collections.abc import Sequence
from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from tests.labels.agreement.ratings import (
    Ratings,
    alpha,
    from_table,
    kappa,
    masi_alpha,
    numbered,
    percent,
    tally_of,
)
from whatworks.labels.agreement.coefficients import KrippendorffsAlpha
from whatworks.labels.agreement.distances import Nominal, masi_distance

CODES = ["success_factor", "obstacle", "lesson", "good_practice"]
Sets = Sequence[Sequence[frozenset[str] | None]]

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", examples A to C.
BINARY: Ratings = ["0100000010", "1110010000"]
NOMINAL: Ratings = ["aabbdcccedda", "babbbccceddd"]
MISSING: Ratings = [
    [None if value == "*" else value for value in row]
    for row in ("123321412***", "1233224125*3", "*3332342251*", "12332441251*")
]
# Artstein & Poesio (2008), "Inter-Coder Agreement for Computational Linguistics", table 1.
DIALOGUE_ACTS = [[20, 20], [10, 50]]
# Cohen (1968), "Weighted Kappa", table 1: two judges, 200 patients, three diagnoses.
DIAGNOSES = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def ratings(values: st.SearchStrategy[object]) -> st.SearchStrategy[Ratings]:
    """Two to five annotators, each of whom may leave units out."""
    return st.integers(1, 12).flatmap(
        lambda n_units: st.lists(
            st.lists(st.none() | values, min_size=n_units, max_size=n_units),
            min_size=2,
            max_size=5,
        )
    )


def naive_alpha(table: Sets) -> float | None:
    """Krippendorff's alpha by the definition: every pair of values, one after another."""
    units = [[one for one in unit if one is not None] for unit in zip(*table, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    values = [one for unit in units for one in unit]
    observed = sum(
        2 * masi_distance(first, second) / (len(unit) - 1)
        for unit in units
        for first, second in combinations(unit, 2)
    )
    expected = sum(2 * masi_distance(*pair) for pair in combinations(values, 2))
    return None if expected == 0 else 1 - observed * (len(values) - 1) / expected


def test_alpha_of_two_observers_and_binary_data_is_krippendorffs() -> None:
    assert alpha(BINARY) == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_two_observers_and_nominal_data_is_krippendorffs() -> None:
    assert alpha(NOMINAL) == pytest.approx(0.692, abs=0.0005)


def test_alpha_of_four_observers_with_missing_data_is_krippendorffs() -> None:
    assert alpha(MISSING) == pytest.approx(0.743, abs=0.0005)


def test_kappa_of_two_coders_is_artstein_and_poesios() -> None:
    assert percent(from_table(DIALOGUE_ACTS)) == pytest.approx(70)
    assert kappa(from_table(DIALOGUE_ACTS)) == pytest.approx(0.348, abs=0.0005)


def test_kappa_of_two_judges_and_three_diagnoses_is_cohens() -> None:
    assert percent(from_table(DIAGNOSES)) == pytest.approx(70)
    assert kappa(from_table(DIAGNOSES)) == pytest.approx(0.492, abs=0.0005)


@given(ratings(st.sampled_from("abcd")))
def test_alpha_equals_the_krippendorff_package(table: Ratings) -> None:
    values, _ = numbered(table)
    found = alpha(table)
    pairable = values[(values >= 0).sum(axis=1) > 1]
    if len(np.unique(pairable[pairable >= 0])) < 2:
        assert found is None
    else:
        reliability = np.where(values.T < 0, np.nan, values.T.astype(float))
        wanted = krippendorff.alpha(reliability, level_of_measurement="nominal")
        assert found == pytest.approx(wanted, abs=1e-12)


@given(ratings(st.frozensets(st.sampled_from(CODES))))
def test_alpha_of_sets_equals_the_definition(table: Sets) -> None:
    assert masi_alpha(table) == pytest.approx(naive_alpha(table), abs=1e-12)


@settings(max_examples=50)
@given(ratings(st.frozensets(st.sampled_from(CODES))))
def test_alpha_of_sets_equals_the_krippendorff_package(table: Sets) -> None:
    found = masi_alpha(table)
    if found is None:
        return
    values, sets = numbered(table)

    def metric(
        v1: object, v2: object, i1: object, i2: object, n_v: object, dtype: object
    ) -> object:
        apart = np.vectorize(lambda a, b: masi_distance(sets[int(a)], sets[int(b)]))  # type: ignore[arg-type]
        return apart(v1, v2)

    counts = np.array([[(row == one).sum() for one in range(len(sets))] for row in values])
    wanted = krippendorff.alpha(value_counts=counts, level_of_measurement=metric)
    assert found == pytest.approx(wanted, abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1))
def test_kappa_equals_scikit_learns(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    found = kappa([first, second])
    if len({*first, *second}) == 1:
        assert found is None
    else:
        assert found == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)


def test_percent_counts_every_passage_once() -> None:
    # One of three pairs agrees on the first passage, the only pair on the second.
    assert percent(["ab", "ab", ["c", None]]) == pytest.approx(100 * (1 / 3 + 1) / 2)


def test_a_unit_that_one_annotator_rated_changes_nothing() -> None:
    more = [[*row, extra] for row, extra in zip(MISSING, [None, "5", None, None], strict=True)]
    assert alpha(more) == alpha(MISSING)
    assert percent(more) == percent(MISSING)


def test_equal_patterns_are_counted_once() -> None:
    table = tally_of(["ab" * 500, "aa" * 500, "ba" * 500])
    assert len(table.values) == 1
    assert table.n_passages == 1000
    assert table.n_votes == 3000


def test_patterns_of_many_annotators_and_values_are_told_apart() -> None:
    # 40 annotators with 30 values: far more patterns than a number can count.
    random = np.random.default_rng(1)
    table = random.integers(0, 30, (40, 200))
    doubled = np.concatenate([table, table], axis=1)
    counted = tally_of(doubled.tolist())
    assert len(counted.values) == 200
    assert set(counted.passages) == {2}
    wanted = krippendorff.alpha(doubled, level_of_measurement="nominal")
    assert alpha(doubled.tolist()) == pytest.approx(wanted, abs=1e-12)


def test_many_values_are_compared_in_parts_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = tally_of(MISSING)
    coefficient = KrippendorffsAlpha(table, Nominal())
    totals = coefficient.totals(table.passages[None, :].astype(float))
    whole = coefficient.figures(totals)
    monkeypatch.setattr("whatworks.labels.agreement.coefficients._CELLS", 7)
    assert coefficient.figures(totals) == pytest.approx(whole)
