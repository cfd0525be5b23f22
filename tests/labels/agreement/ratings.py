"""Ratings as the literature prints them, one row an annotator, and what is made of them."""

from collections.abc import Hashable, Sequence

import numpy as np

from whatworks.labels.agreement.bootstrap import figures
from whatworks.labels.agreement.coefficients import (
    Coefficient,
    CohensKappa,
    KrippendorffsAlpha,
    PercentAgreement,
    Tally,
    tally,
)
from whatworks.labels.agreement.distances import Distance, Ints, Masi, Nominal

Ratings = Sequence[Sequence[Hashable]]
"""None where an annotator did not rate a unit."""


def numbered(ratings: Ratings) -> tuple[Ints, list[Hashable]]:
    """(n_units, n_annotators) numbers of values, -1 for None, and the values."""
    values: dict[Hashable, int] = {}
    rows = [
        [-1 if one is None else values.setdefault(one, len(values)) for one in row]
        for row in ratings
    ]
    return np.array(rows, dtype=np.int64).T, list(values)


def tally_of(ratings: Ratings) -> Tally:
    """The ratings counted."""
    table, values = numbered(ratings)
    return tally(table, len(values), len(ratings))


def figure(given: Tally, coefficient: Coefficient) -> float | None:
    """The measure on these."""
    return figures(given, [coefficient])[0].value


def alpha(ratings: Ratings, distance: Distance | None = None) -> float | None:
    """Krippendorff's alpha, nominal unless a distance is given."""
    given = tally_of(ratings)
    return figure(given, KrippendorffsAlpha(given, distance or Nominal()))


def masi_alpha(ratings: Sequence[Sequence[frozenset[str] | None]]) -> float | None:
    """Krippendorff's alpha of sets, by the MASI distance."""
    _, sets = numbered(ratings)
    return alpha(ratings, Masi([one for one in sets if isinstance(one, frozenset)]))


def kappa(ratings: Ratings) -> float | None:
    """Cohen's kappa of two annotators."""
    given = tally_of(ratings)
    return figure(given, CohensKappa(given))


def percent(ratings: Ratings) -> float | None:
    """Percent agreement."""
    given = tally_of(ratings)
    return figure(given, PercentAgreement(given))


def from_table(table: Sequence[Sequence[int]]) -> Ratings:
    """Two annotators' ratings that make this table of counts, the first one's values in rows."""
    pairs = [
        (first, second)
        for first, row in enumerate(table)
        for second, count in enumerate(row)
        for _ in range(count)
    ]
    return [[one for one, _ in pairs], [one for _, one in pairs]]
