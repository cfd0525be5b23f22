"""Labelled passages to learn from: the starter corpus, one JSON object a line."""

import json
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from ..labels.codebook import Codebook
from ..nlp.errors import WhatworksError

CORPUS_FILES = (
    "en.jsonl",
    "es.jsonl",
    "fr.jsonl",
    "pt.jsonl",
    "extension.jsonl",
    "field.jsonl",
)
"""What the starter was made from."""
HEADED_FILES = ("headed.jsonl",)
"""Whole reports with their headings, from which it learns what those count, and nothing else."""


@dataclass(frozen=True, slots=True)
class Example:
    """A passage with the labels and themes that people gave it."""

    id: str
    report: str
    """The report it stands in; folds never split a report."""
    language: str
    register: str
    """'concrete', 'institutional', 'terse' or 'emergency', see training/corpus/README.md."""
    text: str
    labels: tuple[str, ...]
    """Finding types, the dominant one first; () is none."""
    themes: tuple[str, ...]
    """Themes, the best one first."""
    heading: tuple[str, ...] = ()
    """The headings it stands under, outermost first."""


def load_corpus(folder: Path | None = None, files: Sequence[str] = CORPUS_FILES) -> list[Example]:
    """The starter corpus in file order, or the ``*.jsonl`` files of another folder.

    Args:
        folder: In place of the corpus that comes with whatworks.
        files: Which files of that corpus.

    Raises:
        WhatworksError: a line is not JSON or lacks a key; file and line are named.
    """
    if folder is None:
        root = resources.files(__package__) / "corpus"
        texts = [(name, (root / name).read_text("utf-8")) for name in files]
    else:
        texts = [(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("*.jsonl"))]
    return [
        _example(line, f"{name}, line {number}")
        for name, text in texts
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]


def as_learned(examples: Sequence[Example], codebook: Codebook) -> list[Example]:
    """The examples without the themes that are told by words: those are neither learned nor
    measured.
    """
    known = {*codebook.as_learned.theme_ids}
    return [
        replace(one, themes=tuple(theme for theme in one.themes if theme in known))
        for one in examples
    ]


def _example(line: str, where: str) -> Example:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise TypeError("not an object")
        lead_in = row.get("lead_in", "")
        return Example(
            id=row["id"],
            report=row["doc"],
            language=row["lang"],
            register=row["register"],
            text=f"{lead_in} {row['text']}" if lead_in else row["text"],
            labels=tuple(row["labels"]),
            themes=tuple(row["themes"]),
            heading=tuple(row.get("heading", ())),
        )
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise WhatworksError(f"{where}: not a labelled passage: {error}.") from error


def report_folds(examples: Sequence[Example], *, n_folds: int, seed: int) -> list[int]:
    """The fold of each example, in [0, n_folds): no report in two folds, languages and dominant
    labels spread evenly (scikit-learn's StratifiedGroupKFold).
    """
    from sklearn.model_selection import StratifiedGroupKFold

    strata = [
        f"{example.language} {example.labels[0] if example.labels else 'none'}"
        for example in examples
    ]
    if max(Counter(strata).values()) < n_folds:
        # So few passages that nothing can be spread evenly.
        strata = ["any"] * len(examples)
    splitter = StratifiedGroupKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    folds = [0] * len(examples)
    groups = [example.report for example in examples]
    with warnings.catch_warnings():
        # What is rarer than there are folds is missing in some of them: that is known.
        warnings.filterwarnings("ignore", message="The least populated class")
        parts = list(splitter.split(strata, strata, groups))
    for fold, (_, held_out) in enumerate(parts):
        for index in held_out:
            folds[index] = fold
    return folds
