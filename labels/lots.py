"""Lots: which passages are drawn, and who reads which. The same seed gives the same again.

Lots are drawn by hashing, so that they are the same on every computer, in every order of asking.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..nlp.errors import WhatworksError
from ..nlp.passages import PassageId

MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Readers:
    """How many people read each passage of a round.

    Raises:
        WhatworksError: a number that makes no sense; the sentence says which.
    """

    each: int = 1
    """How many read every passage."""
    several: int = 2
    """How many read those that more people read."""
    share: float = 0.0
    """How many passages of the round, from 0 to 1, ``several`` people read; drawn by lot."""

    def __post_init__(self) -> None:
        if self.each < 1:
            raise WhatworksError(f"A passage cannot be read by {self.each} people. Give 1 or more.")
        if not 0 <= self.share <= 1:
            raise WhatworksError(
                f"{100 * self.share:g}% of the passages cannot be read by several. Give a share "
                "from 0 to 100%."
            )
        if self.share and self.several <= self.each:
            raise WhatworksError(
                f"Every passage is read by {self.each}, so that a part of them has to be read by "
                f"more than that, not by {self.several}."
            )

    @property
    def most(self) -> int:
        """How many people there have to be."""
        return self.several if self.share else self.each


@dataclass(frozen=True, slots=True)
class Dealt:
    """Who is to read what."""

    readings: tuple[tuple[PassageId, str], ...]
    """Passage and person, each once; what was there before is not among them."""
    short: Mapping[PassageId, int]
    """Passages that got fewer readers than wanted: how many are missing."""

    @property
    def given(self) -> Counter[str]:
        """How many passages each person got."""
        return Counter(person for _, person in self.readings)


def drawn(ids: Iterable[PassageId], count: int, seed: int) -> list[PassageId]:
    """So many of the passages, in the order in which they were drawn; all where there are fewer.

    A round that is broken off after its first passages has read passages drawn by lot, too.
    """
    return sorted(dict.fromkeys(ids), key=lambda one: _lot(seed, "draw", one))[:count]


def wanted_readers(ids: Sequence[PassageId], readers: Readers, seed: int) -> dict[PassageId, int]:
    """How many people are to read each passage."""
    several = math.floor(readers.share * len(ids) + 0.5)
    chosen = set(sorted(ids, key=lambda one: _lot(seed, "several", one))[:several])
    return {one: readers.several if one in chosen else readers.each for one in ids}


def deal(
    wanted: Mapping[PassageId, int],
    people: Sequence[str],
    *,
    seed: int,
    having: Mapping[PassageId, Collection[str]] | None = None,
    barred: Mapping[PassageId, Collection[str]] | None = None,
    loads: Mapping[str, int] | None = None,
) -> Dealt:
    """Deals passages out so that all people get as many, and meet each other as often.

    Where nothing stands in the way, the numbers of two people differ by one at most.

    Args:
        wanted: How many are to read each passage.
        people: Who reads; each name once.
        seed: Of the lots that settle what is equal otherwise.
        having: Who reads a passage already: counts towards how many are wanted.
        barred: Who cannot be given a passage.
        loads: How many passages people have to read already.
    """
    having, barred = having or {}, barred or {}
    load = {person: (loads or {}).get(person, 0) for person in people}
    met = Counter(pair for readers in having.values() for pair in combinations(sorted(readers), 2))
    readings: list[tuple[PassageId, str]] = []
    short: dict[PassageId, int] = {}
    # Those that need most readers first: single readings then make the numbers even.
    for one in sorted(wanted, key=lambda one: (-wanted[one], _lot(seed, "deal", one))):
        readers = list(having.get(one, ()))
        free = [who for who in people if who not in readers and who not in barred.get(one, ())]
        turn = int.from_bytes(_lot(seed, "turn", one)[:4], "big")
        free = [free[(turn + place) % len(free)] for place in range(len(free))]
        while len(readers) < wanted[one] and free:
            chosen = min(
                free, key=lambda who: (load[who], sum(met[_pair(who, other)] for other in readers))
            )
            met.update(_pair(chosen, other) for other in readers)
            load[chosen] += 1
            free.remove(chosen)
            readers.append(chosen)
            readings.append((one, chosen))
        if len(readers) < wanted[one]:
            short[one] = wanted[one] - len(readers)
    return Dealt(tuple(readings), short)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _lot(seed: int, what: str, one: str) -> bytes:
    return hashlib.sha256(f"{seed} {what} {one}".encode()).digest()
