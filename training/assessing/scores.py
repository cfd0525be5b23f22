"""The tables of scores: overall, by finding type, theme, language and report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...labels.agreement.bootstrap import Figure
from ...labels.codebook import Codebook
from ..calibration import expected_calibration_error
from ..evaluation import Predictions, first_labels
from ..examples import Example
from .resampling import FEW, Floats, Resampling, figure, ratio

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    what: str
    """A finding type, a theme, a language or a report; '' is everything."""
    passages: int
    """How many the figures rest on: of a finding type or a theme, those that have it."""
    reports: int
    figures: Mapping[str, Figure]
    """By name: 'f1', 'theme_at_1'."""

    @property
    def too_few(self) -> bool:
        """Whether the figures say nothing for sure."""
        return self.passages < FEW


@dataclass(frozen=True, slots=True)
class Answers:
    """What people gave and what a model said, side by side."""

    given: Bools
    """(n, n_types)."""
    suggested: Bools
    """(n, n_types)."""
    probabilities: Floats
    """(n, n_types)."""
    first_given: tuple[str, ...]
    """The finding type that is looked for first: the one said first where it was given, else the
    first given, or 'none'. People's labels have no order."""
    first_said: tuple[str, ...]
    """The likeliest suggested one, or 'none'."""
    theme_ranks: Floats
    """(n,): how many themes are ranked before the first given; nan where none is given."""

    def among(self, mask: Bools) -> "Answers":
        """Those of some of the passages."""
        rows = np.flatnonzero(mask)
        return Answers(
            given=self.given[rows],
            suggested=self.suggested[rows],
            probabilities=self.probabilities[rows],
            first_given=tuple(self.first_given[n] for n in rows),
            first_said=tuple(self.first_said[n] for n in rows),
            theme_ranks=self.theme_ranks[rows],
        )

    @property
    def first_right(self) -> Bools:
        """(n,): whether what is said first was given."""
        pairs = zip(self.first_given, self.first_said, strict=True)
        return np.array([given == said for given, said in pairs], dtype=np.bool_)


def answers(examples: Sequence[Example], found: Predictions, codebook: Codebook) -> Answers:
    """Labels and predictions of the same passages, in the order of the codebook."""
    types = codebook.finding_type_ids
    given = np.array([[code in one.labels for code in types] for one in examples], dtype=np.bool_)
    first = first_labels(examples, found, codebook, ordered=False)
    ranks = np.full(len(examples), np.nan)
    for n, one in enumerate(examples):
        if one.labels and one.themes:
            own_score = found.themes[n, codebook.theme_ids.index(one.themes[0])]
            ranks[n] = (found.themes[n] > own_score).sum()
    return Answers(
        given=given,
        suggested=found.suggested,
        probabilities=np.asarray(found.probabilities, dtype=np.float64),
        first_given=tuple(given for given, _ in first),
        first_said=tuple(said for _, said in first),
        theme_ranks=ranks,
    )


def f1_values(said: Answers, drawing: Resampling) -> tuple[Floats, Floats]:
    """Micro and macro F1, each of all passages and then of each resample: (1 + n_resamples,).

    Macro F1 is the mean over the finding types that occur.
    """
    hits, both, given = _type_totals(said, drawing)
    micro = ratio(2 * hits.sum(axis=1), both.sum(axis=1))
    by_type = np.where(given > 0, ratio(2 * hits, both), 0.0)
    macro = ratio(by_type.sum(axis=1), (given > 0).sum(axis=1).astype(np.float64))
    return micro, macro


def group_row(what: str, said: Answers, drawing: Resampling, reports: Sequence[str]) -> Row:
    """The figures over some passages, each with its interval."""
    n, themed = len(reports), ~np.isnan(said.theme_ranks)
    micro, macro = f1_values(said, drawing)
    columns = (
        np.ones(n),
        said.first_right,
        themed,
        said.theme_ranks < 1,
        said.theme_ranks < 3,
    )
    all_, right, with_theme, first, third = drawing.totals(np.stack(columns, axis=1)).T
    error = expected_calibration_error(said.probabilities.ravel(), said.given.ravel())
    return Row(
        what,
        n,
        len(set(reports)),
        {
            "micro_f1": figure(micro, n),
            "macro_f1": figure(macro, n),
            "first_right": figure(ratio(right, all_), n),
            "theme_at_1": figure(ratio(first, with_theme), int(themed.sum())),
            "theme_at_3": figure(ratio(third, with_theme), int(themed.sum())),
            "calibration_error": Figure(error),
        },
    )


def by_group(
    said: Answers, drawing: Resampling, groups: Sequence[str], reports: Sequence[str]
) -> list[Row]:
    """A row for each language, or for each report, the largest first."""
    names = sorted(set(groups), key=lambda name: (-groups.count(name), name))
    rows = []
    for name in names:
        mask = np.array([one == name for one in groups], dtype=np.bool_)
        own = [report for report, inside in zip(reports, mask, strict=True) if inside]
        rows.append(group_row(name, said.among(mask), drawing.among(mask), own))
    return rows


def by_finding_type(
    said: Answers, drawing: Resampling, reports: Sequence[str], codebook: Codebook
) -> list[Row]:
    """Precision, recall, F1 and calibration error of each finding type, in the codebook's order."""
    hits, both, given = _type_totals(said, drawing)
    rows = []
    for k, code in enumerate(codebook.finding_type_ids):
        n = int(given[0, k])
        suggested = both[:, k] - given[:, k]
        error = expected_calibration_error(said.probabilities[:, k], said.given[:, k])
        figures = {
            "precision": figure(ratio(hits[:, k], suggested), int(suggested[0])),
            "recall": figure(ratio(hits[:, k], given[:, k]), n),
            "f1": figure(ratio(2 * hits[:, k], both[:, k]), n),
            "calibration_error": Figure(error),
        }
        own = {one for one, has in zip(reports, said.given[:, k], strict=True) if has}
        rows.append(Row(code, n, len(own), figures))
    return rows


def by_theme(
    examples: Sequence[Example],
    said: Answers,
    drawing: Resampling,
    reports: Sequence[str],
    codebook: Codebook,
) -> list[Row]:
    """How often each confirmed first theme is the first suggested, and among the first three."""
    first = np.array([one.themes[0] if one.labels and one.themes else "" for one in examples])
    used = [code for code in codebook.theme_ids if (first == code).any()]
    if not used:
        return []
    masks = [first == code for code in used]
    columns = [
        column
        for mask in masks
        for column in (mask, mask & (said.theme_ranks < 1), mask & (said.theme_ranks < 3))
    ]
    totals = drawing.totals(np.stack(columns, axis=1))
    rows = []
    for k, (code, mask) in enumerate(zip(used, masks, strict=True)):
        all_, once, thrice = totals[:, 3 * k : 3 * k + 3].T
        n = int(mask.sum())
        figures = {
            "theme_at_1": figure(ratio(once, all_), n),
            "theme_at_3": figure(ratio(thrice, all_), n),
        }
        own = {one for one, inside in zip(reports, mask, strict=True) if inside}
        rows.append(Row(code, n, len(own), figures))
    return rows


def _type_totals(said: Answers, drawing: Resampling) -> tuple[Floats, Floats, Floats]:
    """Hits, suggested plus given, and given, each (1 + n_resamples, n_types)."""
    hits = said.suggested & said.given
    both = said.suggested.astype(np.int64) + said.given
    found = drawing.totals(np.concatenate([hits, both, said.given], axis=1))
    first, second, third = np.split(found, 3, axis=1)
    return first, second, third
