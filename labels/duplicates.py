"""Near-duplicates: passages that say again what another passage of the report says.

An executive summary repeats the body. Such passages are decided once, on request, and counted once.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from ..nlp.passages import Passage, PassageId
from ..nlp.words import plain_word, word_spans

LEAST_ALIKE = 0.6
"""How much of the word pairs of two passages is in both; chosen by reading, see
docs/active-learning.md."""
LEAST_PAIRS = 5
"""Word pairs: shorter passages are headings and names, which repeat without saying the same."""
_ROWS = 500
"""Passages that are compared with all others at once."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Repeats:
    """A passage and those of the same report that repeat it."""

    lead: PassageId
    """The first in reading order: the one to decide."""
    others: tuple[PassageId, ...]
    """In reading order."""


def near_duplicates(passages: Iterable[Passage], least_alike: float = LEAST_ALIKE) -> list[Repeats]:
    """Passages that repeat another of their report, report by report, in reading order.

    Alike is the Jaccard index of the pairs of neighbouring words (Broder 1997, "On the resemblance
    and containment of documents"), worked out for all pairs, without sketches. Two passages in
    which different numbers stand do not repeat each other: 45 trained in one district, 52 in
    another. Each passage stands in one group at most, with the first lead that it repeats; what
    repeats a repeat alone, and not its lead, is none.

    Args:
        passages: Of one report or many, in any order.
        least_alike: From 0 to 1, where 1 asks for the same pairs of words.
    """
    by_report: dict[str, list[Passage]] = {}
    for one in passages:
        by_report.setdefault(one.report, []).append(one)
    found: list[Repeats] = []
    for own in by_report.values():
        own.sort(key=lambda one: one.order)
        found += _in_report(own, least_alike)
    return found


def _in_report(passages: Sequence[Passage], least_alike: float) -> list[Repeats]:
    lead_of: dict[int, int] = {}
    repeating: dict[int, list[int]] = {}
    numbers = [frozenset(_NUMBER.findall(one.text)) for one in passages]
    for lead, other in _alike(passages, least_alike):
        if lead in lead_of or other in lead_of or numbers[lead] != numbers[other]:
            continue
        lead_of[other] = lead
        repeating.setdefault(lead, []).append(other)
    return [
        Repeats(passages[lead].id, tuple(passages[n].id for n in others))
        for lead, others in sorted(repeating.items())
    ]


def _alike(passages: Sequence[Passage], least_alike: float) -> list[tuple[int, int]]:
    """Pairs of places, the earlier first, sorted by the earlier: leads come before what repeats."""
    columns: dict[tuple[str, str], int] = {}
    places: list[int] = []
    ends = [0]
    for one in passages:
        words = [plain_word(one.text[begin:end]) for begin, end in word_spans(one.text)]
        pairs = set(pairwise(words))
        if len(pairs) >= LEAST_PAIRS:
            places += [columns.setdefault(pair, len(columns)) for pair in pairs]
        ends.append(len(places))
    has = csr_matrix(
        (np.ones(len(places), dtype=np.int32), places, ends), shape=(len(passages), len(columns))
    )
    sizes = np.diff(ends)
    found: list[tuple[int, int]] = []
    for begin in range(0, len(passages), _ROWS):
        common = (has[begin : begin + _ROWS] @ has.T).tocoo()
        rows = common.row + begin
        union = sizes[rows] + sizes[common.col] - common.data
        alike = (rows < common.col) & (common.data >= least_alike * union)
        found += zip(rows[alike].tolist(), common.col[alike].tolist(), strict=True)
    return sorted(found)
