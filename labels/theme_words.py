"""Themes that are told by words: where a text has the words that the codebook lists for them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..nlp.words import Span, plain_word, word_spans
from .codebook import Theme

_KEY = 3
"""By so many letters it is looked up what may begin at a word; no '*' stands behind fewer."""
_MISPLACED = re.compile(r"(?<!\w)\*|\*(?=[\w*])")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that stand one after another."""

    words: tuple[str, ...]
    """As ``plain_word`` gives them, but acronyms as they are; one that ends in '*' may go on."""
    theme: str
    """'' for a phrase that means something else."""

    def begins(self, words: Sequence[str], plain: Sequence[str]) -> bool:
        """Whether these words, as they stand and plain, begin with it."""
        return len(words) >= len(self.words) and all(
            _is(own, word if _is_acronym(own) else same)
            for own, word, same in zip(self.words, words, plain, strict=False)
        )


class ThemeWords:
    """The words of a codebook's themes, found in texts whatever their case and accents; acronyms
    ('SMEs') only as they are written.

    Words are whole: 'men' is not found in 'government'. Of phrases that begin at one word the
    longest counts, and nothing else is found within it: 'Guinea' is not in 'Guinea-Bissau', should
    that be listed too. One that is listed with a '-' before it means something else ('-European
    Union'): it only keeps others from being found in it.
    """

    def __init__(self, themes: Iterable[Theme]) -> None:
        """Takes those of the themes that have words."""
        self._themes = [theme for theme in themes if theme.words]
        self._phrases: dict[str, dict[str, list[_Phrase]]] = {}

    def find(self, text: str, language: str) -> Mapping[str, tuple[Span, ...]]:
        """Theme to where its words stand in a text, in the order of the themes; {} for none.

        Args:
            text: Of a passage.
            language: Of the text. Words of others are looked for only where a theme has none in
                this one.
        """
        if not self._themes:
            return {}
        known = self._in(language)
        spans = list(word_spans(text))
        words = [text[start:end] for start, end in spans]
        plain = list(map(plain_word, words))
        found: dict[str, list[Span]] = {}
        at = 0
        while at < len(words):
            candidates = known.get(plain[at][:_KEY], ())
            here = [one for one in candidates if one.begins(words[at:], plain[at:])]
            length = max((len(one.words) for one in here), default=1)
            for theme in dict.fromkeys(one.theme for one in here if len(one.words) == length):
                found.setdefault(theme, []).append((spans[at][0], spans[at + length - 1][1]))
            at += length
        return {one.id: tuple(found[one.id]) for one in self._themes if one.id in found}

    def _in(self, language: str) -> Mapping[str, Sequence[_Phrase]]:
        """What is looked for in texts of a language, by its first letters."""
        if language not in self._phrases:
            known: dict[str, list[_Phrase]] = {}
            for theme in self._themes:
                for phrase in _listed(theme, language):
                    if words := _words(phrase):
                        means = "" if phrase.startswith("-") else theme.id
                        known.setdefault(plain_word(words[0])[:_KEY], []).append(
                            _Phrase(words, means)
                        )
            self._phrases[language] = known
        return self._phrases[language]


def trouble_with(phrase: str) -> tuple[str, str] | None:
    """What is wrong with a word of a codebook file, and the cure; None where it is sound."""
    words = _words(phrase)
    if not words:
        return "has no letter", "Take it out."
    if _MISPLACED.search(phrase):
        return "has a '*' that is not at the end of a word", "Write it there, or take it out."
    if any(len(word) <= _KEY for word in words if word.endswith("*")):
        return (
            f"has fewer than {_KEY} letters before '*': too much begins so",
            "Write the words out.",
        )
    return None


def _listed(theme: Theme, language: str) -> list[str]:
    """The words of a theme, and its names, which count as words."""
    if language in theme.words:
        return [*theme.words[language], theme.name(language)]
    return [*(one for words in theme.words.values() for one in words), *theme.names.values()]


def _words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as ``_Phrase`` has them."""
    found = ((phrase[start:end], phrase[end : end + 1]) for start, end in word_spans(phrase))
    return tuple(
        (word if _is_acronym(word) else plain_word(word)) + ("*" if sign == "*" else "")
        for word, sign in found
    )


def _is(own: str, word: str) -> bool:
    return word.startswith(own[:-1]) if own.endswith("*") else word == own


def _is_acronym(word: str) -> bool:
    return word[1:] != word[1:].lower()
