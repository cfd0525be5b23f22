"""Which words of a passage a suggestion rests on: what the model says without each of them.

Occlusion, or erasure: Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks"
(ECCV 2014); Li, Monroe & Jurafsky, "Understanding Neural Networks through Representation Erasure"
(2016). It asks the model itself, of any kind, and needs no gradients.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import islice
from math import log

from ..nlp.passages import Passage
from .heads import Array
from .known_codes import KnownCodes
from .suggester import EncoderSuggester

MOST_SPANS = 48
"""How many times a passage is read with something left out; in long ones, words go together."""
_MOST_WORDS = 510
"""What is behind them no encoder reads: each word is at least one of its 512 pieces."""

_WORD = re.compile(r"\S*\w\S*")
_ENDS = re.compile(r"[.!?…:;]\W*$")
_EDGE = re.compile(r"^\W+|[^\w\u0300-\u036f]+$")


class Strength(IntEnum):
    """How much less likely, as odds, the suggestion is without a word."""

    NONE = 0
    SOME = 1
    """By a fifth or more."""
    CLEAR = 2
    """By a third or more."""
    STRONG = 3
    """By half or more."""


_LEAST = {Strength.STRONG: log(2), Strength.CLEAR: log(3 / 2), Strength.SOME: log(5 / 4)}


def strength(log_odds: float) -> Strength:
    """How much so many log-odds are."""
    return next((one for one, least in _LEAST.items() if log_odds >= least), Strength.NONE)


@dataclass(frozen=True, slots=True)
class Weight:
    """A word, or two or three in a long passage, and what leaving it out takes away."""

    start: int
    end: int
    """In characters of the passage's text."""
    weight: float
    """By how much the log-odds of the suggestion fall; below 0 they rise."""

    @property
    def strength(self) -> Strength:
        """In three steps; the finer differences mean nothing."""
        return strength(self.weight)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weights of a passage's words for every code."""

    spans: tuple[tuple[int, int], ...]
    """Start and end of each word, in characters of the passage's text."""
    finding_types: Mapping[str, Array]
    """Along the words: by how much the log-odds fall."""
    themes: Mapping[str, Array]
    """The same for each theme against the others, given that there is a finding."""
    headings: Mapping[str, float]
    """Finding type to what the headings above the passage add to its log-odds."""

    def of(self, kind: str, code: str) -> tuple[Weight, ...]:
        """For one code, of kind 'finding_type' or 'theme'; () where the model tells no such."""
        known = self.finding_types if kind == "finding_type" else self.themes
        if code not in known:
            return ()
        return tuple(
            Weight(start, end, float(weight))
            for (start, end), weight in zip(self.spans, known[code], strict=True)
        )

    def translated(self, known: KnownCodes) -> "Weighed":
        """The same in the words of the project's codebook."""
        return replace(
            self,
            finding_types={known.finding_types[c]: w for c, w in self.finding_types.items()},
            themes={known.themes.get(code, code): w for code, w in self.themes.items()},
            headings={known.finding_types[c]: w for c, w in self.headings.items()},
        )


def weigh_words(suggester: EncoderSuggester, passage: Passage) -> Weighed:
    """What each word adds to what the suggester says of a passage.

    The passage is encoded once whole and once without each word (long ones without each two or
    three), at most about 48 times, in one go; the vectors are not kept.

    Args:
        suggester: The one whose suggestions are explained.
        passage: It is read with its lead-in, as the suggester does; only its own words count.
    """
    spans = word_groups(passage.text)
    variants = [passage, *(replace(passage, text=without(passage.text, [one])) for one in spans)]
    types, themes = suggester.log_odds(variants)
    codebook = suggester.ranked
    types, themes = types[0] - types[1:], themes[0] - themes[1:]
    (above,) = suggester.beside([passage]).tolist()
    return Weighed(
        spans=tuple(spans),
        finding_types={code: types[:, n] for n, code in enumerate(codebook.finding_type_ids)},
        themes={code: themes[:, n] for n, code in enumerate(codebook.theme_ids)},
        headings=dict(zip(codebook.finding_type_ids, above, strict=True)),
    )


def word_groups(text: str, most: int = MOST_SPANS) -> list[tuple[int, int]]:
    """Start and end of each word; where there are more than ``most``, of each few together.

    Signs around a word are not part of it. Words of two sentences are not put together where
    that gives only a few groups more.
    """
    words = [_word(match) for match in islice(_WORD.finditer(text), _MOST_WORDS)]
    together = -(-len(words) // most)
    groups = _grouped(words, together, by_sentence=True)
    return groups if len(groups) <= most * 3 // 2 else _grouped(words, together, by_sentence=False)


def _word(match: re.Match[str]) -> tuple[int, int, bool]:
    """Start and end of a word without the signs around it, and whether a sentence ends there."""
    inner = _EDGE.sub(lambda edge: " " * len(edge[0]), match[0])
    start = match.start() + len(inner) - len(inner.lstrip(" "))
    end = match.start() + len(inner.rstrip(" "))
    return start, end, _ENDS.search(match[0]) is not None


def _grouped(
    words: Sequence[tuple[int, int, bool]], together: int, *, by_sentence: bool
) -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    count = together
    for start, end, ends in words:
        if count == together:
            groups.append((start, end))
            count = 0
        else:
            groups[-1] = (groups[-1][0], end)
        count = together if by_sentence and ends else count + 1
    return groups


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without some of its words.

    >>> without("Funds came late.", [(6, 10)])
    'Funds late.'
    """
    for start, end in sorted(spans, reverse=True):
        before, after = text[:start], text[end:]
        # Of the spaces on both sides one stays.
        text = before + (after.lstrip(" ") if before.endswith(" ") or not before else after)
    return text
