"""What the comparison is made on: texts with one label each, and how they are divided.

Excerpts of IFRC's operation reports are divided once by a hash of the report's name: a third is
for choosing settings, the benchmark is made on the rest. Labels are drawn so that the 8 of a label
are among its 16, and those among its 64.
"""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from whatworks.labels.codebook import load_codebook
from whatworks.training.evaluation import NONE
from whatworks.training.examples import load_corpus

TASKS = ("corpus", "dref-label", "dref-dimensions", "dref-subdimensions", "sdg")
SIZES = ("8", "16", "64", "all")
"""How many labels of each are learned from; where there are fewer, all of them."""
FROM_DEFINITIONS = "none"
"""The size where nothing is learned from."""
FIFTHS = "four fifths"
"""All labels of four fifths of the reports, once for each fifth that is held out."""
MOST_COMMON = 20
"""Sub-dimensions with so many excerpts that are of no other one: 32 of 43."""
DREF_LABELS = ("challenge", "lesson", "success")

GOALS = (
    "End poverty in all its forms everywhere",
    "End hunger, achieve food security and improved nutrition and promote sustainable agriculture",
    "Ensure healthy lives and promote well-being for all at all ages",
    "Ensure inclusive and equitable quality education and promote lifelong learning opportunities "
    "for all",
    "Achieve gender equality and empower all women and girls",
    "Ensure availability and sustainable management of water and sanitation for all",
    "Ensure access to affordable, reliable, sustainable and modern energy for all",
    "Promote sustained, inclusive and sustainable economic growth, full and productive employment "
    "and decent work for all",
    "Build resilient infrastructure, promote inclusive and sustainable industrialization and "
    "foster innovation",
    "Reduce inequality within and among countries",
    "Make cities and human settlements inclusive, safe, resilient and sustainable",
    "Ensure sustainable consumption and production patterns",
    "Take urgent action to combat climate change and its impacts",
    "Conserve and sustainably use the oceans, seas and marine resources for sustainable "
    "development",
    "Protect, restore and promote sustainable use of terrestrial ecosystems, sustainably manage "
    "forests, combat desertification, and halt and reverse land degradation and halt biodiversity "
    "loss",
    "Promote peaceful and inclusive societies for sustainable development, provide access to "
    "justice for all and build effective, accountable and inclusive institutions at all levels",
    "Strengthen the means of implementation and revitalize the Global Partnership for Sustainable "
    "Development",
)
"""The goals in the words of the United Nations' General Assembly (resolution 70/1, 2015)."""


@dataclass(frozen=True, slots=True)
class Task:
    """Texts, what people said of them, and what may be known of the labels beforehand."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    reports: tuple[str, ...]
    """What each text stands in; a text of its own where nothing is known."""
    definitions: Mapping[str, str]
    """Label to its definition, its name where it has none; all labels are here."""
    sizes: tuple[str, ...] = SIZES


@dataclass(frozen=True, slots=True)
class Division:
    """Which texts are learned from and which are held out, by their numbers."""

    size: str
    seed: int
    seen: NDArray[np.intp]
    held_out: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Given:
    """What a method is given: labelled texts to learn from, and texts to label."""

    seen: tuple[str, ...]
    labels: tuple[str, ...]
    definitions: Mapping[str, str]
    held_out: tuple[str, ...]


def given(task: Task, division: Division) -> Given:
    """What a method is given of a task; the held-out labels are not in it."""
    return Given(
        seen=tuple(task.texts[n] for n in division.seen),
        labels=tuple(task.labels[n] for n in division.seen),
        definitions=task.definitions,
        held_out=tuple(task.texts[n] for n in division.held_out),
    )


def divide(task: Task, size: str, seed: int) -> Division:
    """A third of the reports held out, and the texts of the others that are learned from."""
    if size == FROM_DEFINITIONS:
        every = np.arange(len(task.texts))
        return Division(size, seed, every[:0], every)
    random = np.random.default_rng(seed)
    reports, labels = np.array(task.reports), np.array(task.labels)
    names = random.permutation(np.unique(reports))
    if size == FIFTHS:
        # Every report is held out once: one order, and the seed says which fifth.
        names = np.random.default_rng(0).permutation(np.unique(reports))[seed::5]
        is_held_out = np.isin(reports, names)
        return Division(size, seed, np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out))
    is_held_out = np.isin(reports, names[: len(names) // 3])
    drawn = []
    for label in task.definitions:
        rows = random.permutation(np.flatnonzero((labels == label) & ~is_held_out))
        drawn.append(rows if size == "all" else rows[: int(size)])
    return Division(size, seed, np.sort(np.concatenate(drawn)), np.flatnonzero(is_held_out))


def corpus() -> Task:
    """The starter corpus by its finding types: the first label of a passage, or none."""
    codebook, examples = load_codebook(), load_corpus()
    definitions = {code.id: code.definition for code in codebook.finding_types}
    return Task(
        name="corpus",
        texts=tuple(one.text for one in examples),
        labels=tuple(one.labels[0] if one.labels else NONE for one in examples),
        reports=tuple(one.report for one in examples),
        definitions={**definitions, NONE: NONE},
    )


def dref(path: Path, name: str, *, development: bool | None) -> Task:
    """Excerpts of IFRC's operation reports with one kind of label, by the first report they are in.

    Args:
        path: ``dref_unique_excerpts.jsonl``.
        name: 'dref-label', 'dref-dimensions' or 'dref-subdimensions'.
        development: Whether those for choosing settings are wanted, or the others; None for all.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if name == "dref-label":
        found = [[row["label"]] for row in rows]
        known = list(DREF_LABELS)
    else:
        found = [row[name.removeprefix("dref-")] for row in rows]
        alone = Counter(labels[0] for labels in found if len(labels) == 1)
        fewest = MOST_COMMON if name == "dref-subdimensions" else 1
        known = sorted(label for label, count in alone.items() if count >= fewest)
    chosen = [
        (row["text"], labels[0], row["reports"][0])
        for row, labels in zip(rows, found, strict=True)
        if labels and labels[0] in known and development in (None, for_choosing(row["reports"][0]))
    ]
    texts, labels, reports = zip(*chosen, strict=True)
    return Task(name, texts, labels, reports, {label: label for label in known})


def for_choosing(report: str) -> bool:
    """Whether a report is in the third on which settings are chosen."""
    return int(hashlib.sha256(report.encode()).hexdigest(), 16) % 3 == 0


def sdg(path: Path) -> Task:
    """Texts on one of the 17 Sustainable Development Goals, to be told by definition.

    Half of the file's lines say only which goal a text is *not* about: they are left out. A text
    that stands there twice counts once, by its first goal.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["label"] == "True"]
    goals: dict[str, str] = {}
    for line in lines:
        goals.setdefault(line["text"], f"goal {line['sdg']}")
    return Task(
        name="sdg",
        texts=tuple(goals),
        labels=tuple(goals.values()),
        reports=tuple(goals),
        definitions={f"goal {number}": text for number, text in enumerate(GOALS, start=1)},
        sizes=(FROM_DEFINITIONS,),
    )
