import time

import numpy as np
import pytest

from tests.labels.agreement.ratings import Ratings, numbered, tally_of
from whatworks.labels.agreement import bootstrap
from whatworks.labels.agreement.bootstrap import Bootstrap, Interval, figures
from whatworks.labels.agreement.coefficients import (
    Coefficient,
    CohensKappa,
    KrippendorffsAlpha,
    PercentAgreement,
    Tally,
    tally,
)
from whatworks.labels.agreement.distances import Nominal


def some_ratings(n_units: int, n_annotators: int = 2, seed: int = 3) -> Ratings:
    """Annotators who say the same four times in five, or choose among three."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n_units)
    return [
        np.where(random.random(n_units) < 0.8, truth, random.integers(0, 3, n_units)).tolist()
        for _ in range(n_annotators)
    ]


def measures(given: Tally) -> list[Coefficient]:
    return [PercentAgreement(given), CohensKappa(given), KrippendorffsAlpha(given, Nominal())]


def intervals(given: Tally, how: Bootstrap) -> list[Interval]:
    found = [figure.interval for figure in figures(given, measures(given), how)]
    assert None not in found
    return [one for one in found if one is not None]


def test_intervals_hold_the_figures() -> None:
    given = tally_of(some_ratings(200))
    for figure in figures(given, measures(given), Bootstrap()):
        assert figure.value is not None
        assert figure.interval is not None
        assert figure.interval.low < figure.value < figure.interval.high


def test_the_same_seed_gives_the_same_interval() -> None:
    given = tally_of(some_ratings(50))
    once = intervals(given, Bootstrap(seed=1))
    assert once == intervals(given, Bootstrap(seed=1))
    assert once != intervals(given, Bootstrap(seed=2))


def test_drawing_patterns_is_drawing_passages() -> None:
    # The plain bootstrap: passages drawn one by one, the figure worked out from each sample.
    ratings = some_ratings(60, n_annotators=3)
    values, _ = numbered(ratings)
    random = np.random.default_rng(8)
    drawn = []
    for _ in range(4000):
        given = tally(values[random.integers(0, len(values), len(values))], 3, 3)
        drawn.append(figures(given, [KrippendorffsAlpha(given, Nominal())])[0].value)
    given = tally_of(ratings)
    alpha = KrippendorffsAlpha(given, Nominal())
    found = figures(given, [alpha], Bootstrap(resamples=4000))[0].interval
    assert found is not None
    low, high = np.quantile(np.array(drawn), [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.015)


def test_drawing_in_parts_gives_the_same_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    given = tally_of(some_ratings(50))
    whole = intervals(given, Bootstrap())
    monkeypatch.setattr(bootstrap, "_CELLS", 100)
    assert [(one.low, one.high) for one in intervals(given, Bootstrap())] == [
        pytest.approx((one.low, one.high)) for one in whole
    ]


def test_nine_passages_give_no_interval_and_ten_do() -> None:
    given = tally_of(some_ratings(9))
    figure = figures(given, [PercentAgreement(given)], Bootstrap())[0]
    assert figure.value is not None
    assert figure.interval is None
    assert figure.why_not == "no interval: fewer than 10 passages"
    intervals(tally_of(some_ratings(10)), Bootstrap())


def test_full_agreement_gives_no_interval_of_no_width() -> None:
    given = tally_of(["ab" * 10, "ab" * 10])
    alpha = figures(given, [KrippendorffsAlpha(given, Nominal())], Bootstrap())[0]
    assert alpha.value == 1
    assert alpha.interval is None
    assert "no spread" in alpha.why_not


def test_a_value_given_once_is_too_rare_for_an_interval() -> None:
    # A third of the samples leaves the only 'b' out, and has no alpha.
    given = tally_of(["a" * 49 + "b", "a" * 50])
    percent, _, alpha = figures(given, measures(given), Bootstrap())
    assert percent.interval is not None
    assert alpha.value is not None
    assert alpha.interval is None
    assert alpha.why_not == "no interval: too rare"


def test_nothing_varies_is_told_before_all_else() -> None:
    given = tally_of(["a" * 50, "a" * 50])
    _, kappa, alpha = figures(given, measures(given), Bootstrap())
    assert kappa.value is alpha.value is None
    assert kappa.why_not == "not defined: everybody gave the same answer to every passage"


def test_a_hundred_thousand_passages_are_resampled_in_seconds() -> None:
    given = tally_of(some_ratings(100_000, n_annotators=3))
    began = time.perf_counter()
    figures(given, [PercentAgreement(given), KrippendorffsAlpha(given, Nominal())], Bootstrap())
    assert time.perf_counter() - began < 5
