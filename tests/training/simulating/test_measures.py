from dataclasses import replace

import numpy as np
import pytest

from whatworks.training.simulating.measures import areas, efforts, mean, needed, summaries
from whatworks.training.simulating.replay import Replay
from whatworks.training.simulating.running import Run


def run(
    name: str, scores: list[float], *, seed: int = 0, found: list[list[int]] | None = None
) -> Run:
    """Ten passages a round, of 40."""
    read = 10 * np.arange(1, len(scores) + 1)
    steps = np.zeros((int(read[-1]), 2), dtype=np.int64)
    for at in found or []:
        steps[at[0], at[1]] = 1
    made = Replay(read, np.array(scores), steps.cumsum(axis=0), steps.sum(axis=0), 40, 0.8)
    return Run(name, seed, made)


def test_labels_needed_are_where_the_score_first_is_so_much_of_the_full_one() -> None:
    runs = [run("a", [0.4, 0.76, 0.7, 0.8]), run("a", [0.76, 0.1, 0.1, 0.8]), run("a", [0.1, 0.2])]
    assert needed(runs, 0.95).tolist()[:2] == [20, 10]
    assert np.isnan(needed(runs, 0.95)[2])
    assert mean(needed(runs, 0.95)).value is None


def test_the_area_is_the_mean_share_of_the_full_score() -> None:
    assert areas([run("a", [0.4, 0.8])]) == pytest.approx([0.75])


def test_effort_counts_passages_until_nine_in_ten_were_found() -> None:
    # Ten passages of the first label: the ninth is passage 19.
    found = [[n, 0] for n in range(2, 22, 2)]
    effort = efforts(run("a", [0.1] * 4, found=found))
    assert effort[0] == pytest.approx(19 / 40)
    assert np.isnan(effort[1])


def test_the_interval_is_students() -> None:
    figure = mean(np.array([1.0, 2.0, 3.0, 4.0]))
    assert figure.interval is not None
    assert figure.interval.low == pytest.approx(2.5 - 3.1824 * 1.29099 / 2, abs=1e-3)
    assert mean(np.array([1.0])).interval is None
    assert mean(np.array([2.0, 2.0])).interval is None


def test_strategies_are_compared_on_the_same_divisions() -> None:
    base = [run("random", [0.1 + 0.2 * n, 0.8], seed=n) for n in range(3)]
    better = [run("margin", [0.2 + 0.2 * n, 0.8], seed=n) for n in (2, 0, 1)]
    found = summaries([*base, *better], ("a", "b"), "random")
    assert [one.strategy for one in found] == ["random", "margin"]
    # Far apart from division to division, yet always by the same.
    assert found[1].ahead.value == pytest.approx(0.05 / 0.8)
    assert found[1].ratios[1] == pytest.approx(1.0)
    assert found[1].needed[1].value == pytest.approx(20.0)
    assert found[0].half_widths[0] > 0.3


def test_where_nothing_could_be_learned_there_is_no_figure() -> None:
    nothing = replace(run("a", [0.0, 0.0]).replay, full=0.0)
    runs = [Run("a", 0, nothing), run("a", [0.4, 0.8], seed=1)]
    assert mean(areas(runs)).value is None
    assert np.isnan(needed(runs, 0.9)[0])
