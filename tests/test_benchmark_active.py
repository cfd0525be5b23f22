"""The comparison of query strategies, on a handful of excerpts."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.strategies.pools import pool

ROOT = Path(__file__).parents[1]


@pytest.fixture
def active(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import active

    return active


@pytest.fixture
def excerpts(tmp_path: Path) -> Path:
    """Excerpts of 30 reports; the third label is rare."""
    draw = random.Random(20)
    labels = ["challenge"] * 6 + ["lesson"] * 6 + ["success"]
    rows = []
    for number in range(260):
        label = draw.choice(labels)
        text = f"{label} {draw.choice(labels)} {number}"
        rows.append({"text": text, "label": label, "reports": [f"MDR{number % 30}"]})
    path = tmp_path / "excerpts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def vectors_of(texts: tuple[str, ...], *, tuned: bool) -> np.ndarray:
    """What an encoder would give, without one: by the words, and a little of chance."""
    assert not tuned
    names = ["challenge", "lesson", "success"]
    words = np.array([[text.split().count(name) for name in names] for text in texts])
    noise = np.random.default_rng(0).normal(scale=0.3, size=(len(texts), 8))
    found = np.hstack([words + noise[:, :3], noise]).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def test_strategies_are_put_side_by_side(
    active: Any,
    excerpts: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(active, "vectors_of", vectors_of)
    common = ["--dref", excerpts, "--tasks", "dref-label", "--seeds", 2, "--jobs", 1]
    common += ["--strategies", "default", "random", "--work", tmp_path / "work", "--batch", 20]
    active.main([*map(str, common), "--markdown"])
    printed = capsys.readouterr().out
    assert "| strategy | area under the curve (95%) | less random's (95%) |" in printed
    assert "| random | " in printed
    assert "4 of 4 replays" in printed
    kept = sorted((tmp_path / "work" / "dref-label").iterdir())
    assert len(kept) == 4
    active.main([*map(str, common), "--markdown"])
    again = capsys.readouterr().out
    assert printed.partition("**")[2] == again.partition("**")[2]


def test_the_strategy_is_chosen_on_other_reports_than_it_is_measured_on(active: Any) -> None:
    task = active.corpus()
    chosen_on = active.half(task, development=True)
    measured_on = active.half(task, development=False)
    assert not set(chosen_on.reports) & set(measured_on.reports)
    assert len(chosen_on.texts) + len(measured_on.texts) == len(task.texts)


@pytest.mark.parametrize("name", ["GreedyCoreset", "PredictionEntropy"])
def test_what_we_made_faster_of_small_text_chooses_the_same(
    active: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("small_text")
    import active_peers
    from small_text.query_strategies import coresets, strategies

    given = pool(90, known=20)
    ours = active_peers.Peer(active_peers.PREFIX + name).choose(given, 15, 1)
    own = getattr(coresets, name, None) or getattr(strategies, name)
    monkeypatch.setattr(active_peers, "peers", lambda: {active_peers.PREFIX + name: own})
    theirs = active_peers.Peer(active_peers.PREFIX + name).choose(given, 15, 1)
    assert sorted(ours.rows) == sorted(theirs.rows)


def test_every_strategy_of_small_text_chooses(active: Any) -> None:
    pytest.importorskip("small_text")
    import active_peers

    for name in active.PEERS:
        chosen = active_peers.find(name).choose(pool(90, known=20), 15, 1)
        assert len(set(chosen.rows.tolist())) == 15
        assert chosen.rows.max() < 90
