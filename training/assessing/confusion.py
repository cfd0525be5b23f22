"""What is taken for what: the first finding type given beside the first that was said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...labels.codebook import Codebook
from ...nlp.passages import Passage
from ..evaluation import NONE
from .scores import Answers

SHOWN = 3
"""Passages to read of each mistake."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A passage on which the model is wrong."""

    passage: Passage
    probability: float
    """Of what it says; where it says none, that nothing applies of what it knows."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Passages that were given one thing, and of which the model says another."""

    given: str
    said: str
    count: int
    mistakes: tuple[Mistake, ...] = ()
    """The most confident; none where it is right."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """The table of first finding types."""

    codes: tuple[str, ...]
    """Finding types in the codebook's order, then 'none'."""
    cells: tuple[Cell, ...]
    """Row by row: all that were given the first code, then the second."""

    def cell(self, given: str, said: str) -> Cell:
        """The cell of a row and a column."""
        return self.cells[self.codes.index(given) * len(self.codes) + self.codes.index(said)]


def confusion(said: Answers, passages: Sequence[Passage], codebook: Codebook) -> Confusion:
    """How often each is taken for each other, with passages to read."""
    types = codebook.finding_type_ids
    codes = (*types, NONE)
    rows: dict[tuple[str, str], list[int]] = {(a, b): [] for a in codes for b in codes}
    for n, pair in enumerate(zip(said.first_given, said.first_said, strict=True)):
        rows[pair].append(n)
    sure = np.concatenate(
        [said.probabilities, 1 - said.probabilities.max(axis=1, keepdims=True)], axis=1
    )
    cells = []
    for (given, taken), some in rows.items():
        shown: list[Mistake] = []
        if given != taken:
            chances = {n: float(sure[n, codes.index(taken)]) for n in some}
            best = sorted(some, key=lambda n, chances=chances: (-chances[n], n))[:SHOWN]  # type: ignore[misc]
            shown = [Mistake(passages[n], chances[n]) for n in best]
        cells.append(Cell(given, taken, len(some), tuple(shown)))
    return Confusion(codes, tuple(cells))
