"""The figures of agreement: overall, by finding type, theme, pair, language and round."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .bootstrap import Bootstrap, Figure, figures
from .coefficients import (
    MISSING,
    Coefficient,
    CohensKappa,
    KrippendorffsAlpha,
    PercentAgreement,
    Tally,
    distinct,
    tally,
)
from .distances import Distance, Ints, Masi, Nominal
from .votes import Kind, Votes


class By(StrEnum):
    """What agreement is shown by."""

    OVERALL = "overall"
    FINDING_TYPE = "finding-type"
    THEME = "theme"
    PAIR = "pair"
    LANGUAGE = "language"
    ROUND = "round"


FINDING_TYPES = "finding types"
THEMES = "themes"
"""What the two rows of ``By.OVERALL`` are about."""

_TWO_ONLY = "only for two annotators: see the pairs"
_TOO_FEW = "not defined: fewer than two passages were decided twice"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far annotators agree on one thing."""

    by: By
    what: str
    """A finding type or theme, two annotators ('ana & joão'), a language, a round."""
    n_passages: int
    """Passages with at least two independent votes."""
    n_votes: int
    n_annotators: int
    percent: Figure
    """0 to 100: how often two annotators of a passage gave the same."""
    kappa: Figure
    """Cohen's; 1 is full agreement, 0 what chance gives."""
    alpha: Figure
    """Krippendorff's; 1 is full agreement, 0 what chance gives. Of a finding type or theme
    nominal (chosen or not); of all else by the MASI distance of the sets of finding types."""


class Tables:
    """The tables of agreement on the same votes; what they share is counted once.

    Args:
        votes: Independent votes.
        bootstrap: How intervals are drawn; without it there are none.
    """

    def __init__(self, votes: Votes, bootstrap: Bootstrap | None = None) -> None:
        self._votes = votes
        self._bootstrap = bootstrap
        self._counts: dict[Kind, _Counts] = {}

    def by(self, by: By, codes: Sequence[str] = ()) -> list[Agreement]:
        """The rows of one table, in order.

        Args:
            by: What a row is.
            codes: For a table by finding type or theme: which, in their order.
        """
        votes = self._votes
        match by:
            case By.OVERALL:
                return [
                    self._of_sets(by, FINDING_TYPES, self._counted("finding_type")),
                    self._of_sets(by, THEMES, self._counted("theme")),
                ]
            case By.FINDING_TYPE:
                return self._of_codes(by, self._counted("finding_type"), codes)
            case By.THEME:
                return self._of_codes(by, self._counted("theme"), codes)
            case By.PAIR:
                return self._of_pairs()
            case By.LANGUAGE:
                return self._of_parts(by, votes.languages, votes.language_codes)
            case By.ROUND:
                return self._of_parts(by, votes.rounds, votes.round_names)

    def used_codes(self, kind: Kind) -> set[str]:
        """The codes that somebody chose at least once."""
        counts = self._counted(kind)
        values = counts.tally.values
        given = np.flatnonzero(np.bincount(values[values != MISSING]))
        return set().union(*(counts.sets[place] for place in given))

    def _counted(self, kind: Kind) -> "_Counts":
        if kind not in self._counts:
            self._counts[kind] = _count(self._votes, kind)
        return self._counts[kind]

    def _of_sets(self, by: By, what: str, counts: "_Counts") -> Agreement:
        return _measured(by, what, counts.tally, Masi(counts.sets), self._bootstrap)

    def _of_codes(self, by: By, counts: "_Counts", codes: Sequence[str]) -> list[Agreement]:
        return [
            _measured(by, code, given, Nominal(), self._bootstrap)
            for code, given in zip(codes, _of_each(counts, codes), strict=True)
        ]

    def _of_parts(self, by: By, parts: Ints, names: Sequence[str]) -> list[Agreement]:
        found = []
        for place in np.flatnonzero(np.bincount(parts)).tolist():
            some = self._votes.only(parts == place)
            if some is self._votes:
                counts = self._counted("finding_type")
            else:
                counts = _count(some, "finding_type")
            if some.n_passages:
                found.append(self._of_sets(by, names[place], counts))
        return found

    def _of_pairs(self) -> list[Agreement]:
        votes = self._votes
        which, sets = votes.sets("finding_type")
        distance = Masi(sets)
        found = []
        for first, second, values, passages in _pairs(votes, which, len(sets)):
            what = f"{votes.annotator_names[first]} & {votes.annotator_names[second]}"
            given = Tally(values, passages, len(sets), 2)
            found.append(_measured(By.PAIR, what, given, distance, self._bootstrap))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    tally: Tally
    sets: tuple[frozenset[str], ...]
    """What the values of the tally stand for."""


def _count(votes: Votes, kind: Kind) -> _Counts:
    which, sets = votes.sets(kind)
    return _Counts(tally(votes.table(which), len(sets), votes.n_annotators), sets)


def _of_each(counts: _Counts, codes: Sequence[str]) -> Iterator[Tally]:
    """For each code a tally of its own: 1 where a set holds it, 0 where not."""
    given, sets = counts.tally, [*counts.sets, frozenset[str]()]
    # The last one, which MISSING points to, stands for no vote.
    holds = np.array([[code in each for code in codes] for each in sets], dtype=np.int64)
    columns = np.ascontiguousarray(given.values.T)
    if given.n_annotators == 2:
        keys = holds[columns[0]] * 2 + holds[columns[1]]
        rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    else:
        # The order does not matter: how many votes there are, and how many of them chose it.
        most = len(columns)
        votes = (columns != MISSING).sum(axis=0)[:, None]
        keys = votes * (most + 1) + sum(holds[column] for column in columns)
        n_votes, n_chosen = np.divmod(np.arange((most + 1) ** 2)[:, None], most + 1)
        place = np.arange(most)
        rows = np.where(place < n_votes, np.where(place < n_chosen, 1, 0), MISSING)
    for key in keys.T:
        passages = np.bincount(key, weights=given.passages, minlength=len(rows)).astype(np.int64)
        yield Tally(rows[passages > 0], passages[passages > 0], 2, given.n_annotators)


def _pairs(votes: Votes, which: Ints, n_values: int) -> Iterator[tuple[int, int, Ints, Ints]]:
    """Two annotators, the pairs of values that they gave to a passage, and how often each."""
    n_annotators = len(votes.annotator_names)
    keys = [np.empty(0, dtype=np.int64)]
    most = np.bincount(votes.passages).max(initial=0)
    for step in range(1, most):
        same = votes.passages[step:] == votes.passages[:-step]
        pair = votes.annotators[:-step] * n_annotators + votes.annotators[step:]
        key = (pair * n_values + which[:-step]) * n_values + which[step:]
        keys.append(key[same])
    every = np.concatenate(keys)
    some, count = distinct(every, (n_annotators * n_values) ** 2)
    pair, values = np.divmod(every[some], n_values * n_values)
    for one in np.unique(pair).tolist():
        there = pair == one
        both = np.stack(np.divmod(values[there], n_values), axis=1)
        yield one // n_annotators, one % n_annotators, both, count[there]


def _measured(
    by: By, what: str, given: Tally, distance: Distance, bootstrap: Bootstrap | None
) -> Agreement:
    two = given.n_annotators == 2
    if given.n_passages < 2:
        percent = figures(given, [PercentAgreement(given)])[0] if given.n_passages else None
        nothing = Figure(None, None, _TOO_FEW)
        return Agreement(
            by,
            what,
            given.n_passages,
            given.n_votes,
            given.n_annotators,
            percent or nothing,
            nothing,
            nothing,
        )
    measures: list[Coefficient] = [PercentAgreement(given), KrippendorffsAlpha(given, distance)]
    if two:
        measures.append(CohensKappa(given))
    found = figures(given, measures, bootstrap)
    return Agreement(
        by,
        what,
        given.n_passages,
        given.n_votes,
        given.n_annotators,
        percent=found[0],
        kappa=found[2] if two else Figure(None, None, _TWO_ONLY),
        alpha=found[1],
    )
