"""The comparison with other methods, on a handful of texts."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
WORDS = {
    "Coordination": "coordinating meetings with authorities and partners of the district",
    "Operations Support": "procurement transport and warehouse of relief items for families",
}


@pytest.fixture
def excerpts(tmp_path: Path) -> Path:
    """Excerpts of 30 reports with two dimensions that are easily told apart."""
    draw = random.Random(20)
    rows = [
        {
            "text": " ".join(draw.sample(words.split(), 5)) + f" {number}",
            "label": "lesson" if number % 2 else "challenge",
            "reports": [f"MDR{number % 30}"],
            "dimensions": [name],
            "subdimensions": [name.lower()],
        }
        for number in range(90)
        for name, words in WORDS.items()
    ]
    path = tmp_path / "excerpts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import compare

    return compare


def test_a_comparison_that_was_stopped_goes_on_and_prints_what_there_is(
    compare: Any, excerpts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--dref", excerpts, "--tasks", "dref-dimensions", "sdg", "--work", tmp_path / "work"]
    common += ["--sizes", "8", "--seeds", "2", "--methods", "tfidf-svm"]
    compare.main([*map(str, common)])
    first = capsys.readouterr().out
    assert "sdg is left out: give its file with --sdg." in first
    assert "dref-dimensions, 8, division 2, tfidf-svm: " in first
    kept = sorted((tmp_path / "work").iterdir())
    assert [path.suffix for path in kept] == [".npz", ".npz"]

    kept[1].unlink()
    compare.main([*map(str, common), "--print-only", "--markdown"])
    printed = capsys.readouterr().out
    assert "| 8 | 16 | tfidf-svm | 1 |" in printed
    assert "| 1.000 | 1.000 |" in printed

    compare.main([*map(str, common)])
    again = capsys.readouterr().out
    assert "division 1, tfidf-svm" not in again
    assert "division 2, tfidf-svm" in again


def test_no_report_is_both_learned_from_and_held_out(compare: Any, excerpts: Path) -> None:
    task = compare.dref(excerpts, "dref-dimensions", development=False)
    few, more = compare.divide(task, "8", 1), compare.divide(task, "16", 1)
    held_out = {task.reports[n] for n in more.held_out}
    assert held_out
    assert not held_out & {task.reports[n] for n in more.seen}
    assert set(few.seen) < set(more.seen)
    assert (few.held_out == more.held_out).all()
    chosen_on = compare.dref(excerpts, "dref-dimensions", development=True)
    assert not set(chosen_on.reports) & set(task.reports)


def test_the_difference_of_a_method_with_itself_is_nothing(compare: Any) -> None:
    truth, reports = ("a", "a", "b", "b"), ("1", "2", "1", "2")
    right = compare.Answers(truth, truth, reports)
    wrong = compare.Answers(truth, ("a", "a", "a", "a"), reports)
    assert compare.difference(right, right) == (0, 0, 0)
    assert wrong.macro_f1 == pytest.approx(1 / 3)
    middle, low, high = compare.difference(right, wrong)
    assert middle == pytest.approx(2 / 3)
    assert low <= middle <= high


@pytest.mark.slow
@pytest.mark.parametrize("name", ["setfit", "transformers", "setfit by definition"])
@pytest.mark.filterwarnings("ignore")  # of the libraries' own making
def test_every_method_that_trains_labels_texts(
    compare: Any, excerpts: Path, tiny_encoder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("setfit")
    monkeypatch.setattr("peers.bundled_encoder", lambda: tiny_encoder)
    task = compare.dref(excerpts, "dref-dimensions", development=False)
    given = compare.given(task, compare.divide(task, "8", 0))
    methods = {**compare.learning(2), "setfit by definition": compare.by_definition(2)["setfit"]}
    found = methods[name](given)
    assert len(found) == len(given.held_out)
    assert set(found) <= set(given.definitions)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["corpus", "dref-label", "dref-dimensions", "sdg"])
def test_whatworks_and_its_encoder_label_texts(
    compare: Any, excerpts: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The unpacked encoder may be used again.
    monkeypatch.delenv("WHATWORKS_CACHE", raising=False)
    data = name if name.startswith("dref") else "dref-dimensions"
    task = compare.dref(excerpts, data, development=False)
    given = compare.given(task, compare.divide(task, "8", 0))
    few = given.held_out[:4]
    found = compare.whatworks_predict(name, given.seen, given.labels, given.definitions, few)
    assert len(found) == 4
    assert set(found) <= set(given.definitions)
