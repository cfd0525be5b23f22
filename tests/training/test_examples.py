from collections import Counter
from pathlib import Path

import pytest

from whatworks.nlp.errors import WhatworksError
from whatworks.training.examples import load_corpus, report_folds


def test_no_report_stands_in_two_folds() -> None:
    examples = load_corpus()
    folds = report_folds(examples, n_folds=5, seed=1)
    fold_of: dict[str, set[int]] = {}
    for example, fold in zip(examples, folds, strict=True):
        fold_of.setdefault(example.report, set()).add(fold)
    assert all(len(found) == 1 for found in fold_of.values())
    assert set(folds) == set(range(5))


def test_every_fold_holds_every_language() -> None:
    examples = load_corpus()
    counts = Counter(
        (fold, example.language)
        for example, fold in zip(examples, report_folds(examples, n_folds=5, seed=1), strict=True)
    )
    assert all(
        counts[fold, language] >= 20 for fold in range(5) for language in ("en", "fr", "es", "pt")
    )


def test_folds_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    examples = load_corpus()
    assert report_folds(examples, n_folds=5, seed=1) == report_folds(examples, n_folds=5, seed=1)
    assert report_folds(examples, n_folds=5, seed=1) != report_folds(examples, n_folds=5, seed=2)


@pytest.mark.parametrize("line", ['{"id": "a"', '{"id": "a", "doc": "b"}', "[]"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "one.jsonl").write_text("\n" + line + "\n")
    with pytest.raises(WhatworksError, match="one.jsonl, line 2"):
        load_corpus(tmp_path)
