"""Words of texts: found whatever their case and accents, over a hundred thousand texts at once."""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_TERMS = 16
"""Words and phrases that are searched for; what is beyond them is left out."""

# A letter or digit with the accents that may follow it as signs of their own.
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_TERM = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|(\S+)")
# Letters that people type as others, and that Unicode does not take apart.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_LAST = "\U0010ffff"

Span = tuple[int, int]
"""Start and end, in characters."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after another."""

    words: tuple[str, ...]
    """As ``plain_word`` gives them."""
    is_exact: bool
    """Whether it was quoted; else its last word may go on: 'fund' finds 'funding'."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: every term has to be there."""

    terms: tuple[Term, ...]


def plain_word(word: str) -> str:
    """The word in small letters without accents.

    >>> plain_word("Évaluation")
    'evaluation'
    """
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.casefold()).translate(_LETTERS)
    return "".join(sign for sign in parts if sign.isalnum()) or word


def word_spans(text: str) -> Iterator[Span]:
    """Where the words of a text stand; neither apostrophes nor hyphens belong to them."""
    return (match.span() for match in _WORD.finditer(text))


def read_query(text: str) -> Query:
    """What somebody typed: words, and phrases between quotation marks.

    >>> read_query('water "per diem"').terms
    (Term(words=('water',), is_exact=False), Term(words=('per', 'diem'), is_exact=True))
    """
    terms = []
    for match in _TERM.finditer(text):
        is_exact = match[1] is not None
        given = match[1] if is_exact else match[2]
        words = tuple(map(plain_word, _WORD.findall(given)))
        if words:
            terms.append(Term(words, is_exact))
    return Query(tuple(terms[:MAX_TERMS]))


def found_spans(query: Query, text: str) -> list[Span]:
    """Where a text has what is searched for, in order, without overlaps."""
    spans = list(word_spans(text))
    words = [plain_word(text[start:end]) for start, end in spans]
    marked = [False] * len(words)
    joined = [False] * len(words)
    for term in query.terms:
        count = len(term.words)
        for first in range(len(words) - count + 1):
            if _fits(term, words[first : first + count]):
                marked[first : first + count] = [True] * count
                joined[first + 1 : first + count] = [True] * (count - 1)
    found: list[Span] = []
    for (start, end), is_marked, is_joined in zip(spans, marked, joined, strict=True):
        if is_joined:
            found[-1] = (found[-1][0], end)
        elif is_marked:
            found.append((start, end))
    return found


class WordIndex:
    """Every word of a list of texts by number, in order: four bytes a word."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Reads the texts once; they are not kept.

        Args:
            texts: By their place in this list they are found.
        """
        numbers: dict[str, int] = {}
        seen: dict[str, int] = {}
        words, starts = array("i"), array("q")
        for text in texts:
            starts.append(len(words))
            for word in _WORD.findall(text):
                number = seen.get(word)
                if number is None:
                    number = seen[word] = numbers.setdefault(plain_word(word), len(numbers))
                words.append(number)
            # Between two texts stands no word: a phrase does not go on in the next.
            words.append(-1)
        self._starts = np.array(starts, np.int64)
        self._known = sorted(numbers)
        # Numbered by the alphabet: words that begin alike have numbers that follow each other.
        by_name = np.full(len(numbers) + 1, -1, np.int32)
        by_name[[numbers[word] for word in self._known]] = np.arange(len(numbers))
        self._words = by_name[np.frombuffer(words, np.int32)] if words else np.zeros(0, np.int32)

    def __len__(self) -> int:
        """How many texts it has."""
        return len(self._starts)

    def find(self, query: Query) -> NDArray[np.int32]:
        """The places of the texts that have every term, in order; none for an empty query."""
        if not query.terms or not len(self):
            return np.zeros(0, np.int32)
        found = np.ones(len(self), np.bool_)
        for term in query.terms:
            found &= self._with(term)
            if not found.any():
                break
        return np.flatnonzero(found).astype(np.int32)

    def _with(self, term: Term) -> NDArray[np.bool_]:
        """Along all texts: whether it has the term."""
        found = np.zeros(len(self), np.bool_)
        ranges = [self._range(word, is_exact=True) for word in term.words]
        ranges[-1] = self._range(term.words[-1], is_exact=term.is_exact)
        if any(first == end for first, end in ranges):
            return found
        first, end = ranges[0]
        here = (self._words >= first) & (self._words < end)
        if len(ranges) == 1:
            # Every text ends with a sign that is no word, so none is empty.
            return np.asarray(np.logical_or.reduceat(here, self._starts), np.bool_)
        places = np.flatnonzero(here)
        for step, (first, end) in enumerate(ranges[1:], 1):
            # The last of all words is no word either, and what goes on behind it stops there.
            follows = self._words[np.minimum(places + step, len(self._words) - 1)]
            places = places[(follows >= first) & (follows < end)]
        found[np.searchsorted(self._starts, places, side="right") - 1] = True
        return found

    def _range(self, word: str, *, is_exact: bool) -> tuple[int, int]:
        """The numbers of the words that fit: from the first up to the second."""
        first = bisect_left(self._known, word)
        if is_exact:
            is_known = first < len(self._known) and self._known[first] == word
            return first, first + is_known
        return first, bisect_left(self._known, word + _LAST)


def _fits(term: Term, words: list[str]) -> bool:
    *before, last = words
    if tuple(before) != term.words[:-1]:
        return False
    return last == term.words[-1] if term.is_exact else last.startswith(term.words[-1])
