"""Countries and regions by name: codes for what people write, and back.

Names and codes are those of Unicode's CLDR in English, French, Spanish and Portuguese, with what
reports and lists write beside them (``place_names.py``). Country codes are ISO 3166-1 alpha-2.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ..nlp.errors import WhatworksError
from ..nlp.languages import LANGUAGES
from ..nlp.words import plain_word, word_spans
from .codebook import nearest
from .place_names import (
    COUNTRY_VARIANTS,
    NO_PLACES,
    NOT_ALONE,
    OTHER_REGIONS,
    REGION_VARIANTS,
    SHOWN,
)

_LOCALES = (*LANGUAGES, "pt_PT")
_NO_COUNTRY = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())  # noqa: SIM905
"""Codes of CLDR that ISO 3166 has not given to a country."""
_NO_REGION = frozenset({"001", "003"})
"""The world; and North America, whose name stands in that of many organisations."""
_JOINING = frozenset({"and", "et", "y", "e", "the"})
_LONGEST_ACRONYM = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a text names."""

    code: str
    """Of a country, ISO 3166-1 alpha-2; of a region as ``regions_in`` says."""
    start: int
    end: int
    """In characters."""


def is_country(code: str) -> bool:
    """Whether it is the ISO 3166-1 alpha-2 code of a country or territory, in capitals."""
    return code in _countries()


def country_of(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of the country that somebody wrote.

    That is its name in English, French, Spanish or Portuguese, or its alpha-2 or alpha-3 code.
    Case, accents and signs do not matter, nor whether a part of the name was put behind, as in
    'Tanzania, United Republic of'.

    Raises:
        WhatworksError: it is no country; the nearest name is given.

    >>> country_of("Ivory Coast"), country_of("Congo (Democratic Republic of the)")
    ('CI', 'CD')
    """
    known = _codes_by_name()
    front, _, back = text.replace("(", ",").partition(",")
    for given in (text, f"{back} {front}"):
        code = known.get(_key(given))
        if code is not None:
            return code
    names = {" ".join(_key(name)): name for name in _names_of_countries()}
    near = names.get(nearest(" ".join(_key(text)), names), "")
    raise WhatworksError(f"Unknown country '{text}'." + (f" Nearest: '{near}'." if near else ""))


def country_name(code: str, language: str = "en") -> str:
    """The name of a country in one of ``LANGUAGES``; the code itself where it is none."""
    return _countries(language).get(code, code)


def region_name(code: str, language: str = "en") -> str:
    """The name of a region in one of ``LANGUAGES``, by a code that ``regions_in`` gave."""
    return _regions(language).get(code, code)


def countries_in(text: str) -> list[Mention]:
    """The countries that a text names, in order: whole words with a capital, the longest name.

    A name that is as often something else ('Salvador', 'Reunión') is left out.
    """
    return [one for one in _mentions(text) if one.code in _countries()]


def regions_in(text: str) -> list[Mention]:
    """The same of regions, by their UN M49 code or that of one in ``OTHER_REGIONS``.

    'Africa' in 'South Africa' is none.
    """
    return [one for one in _mentions(text) if one.code in _regions()]


def _mentions(text: str) -> Iterator[Mention]:
    """The places in a text, and what only looks like one, with the code ''."""
    spans = list(word_spans(text))
    words = tuple(plain_word(text[start:end]) for start, end in spans)
    names = _names_in_text()
    at = 0
    while at < len(words):
        length = 1
        for name in names.get(words[at], ()):
            end = at + len(name.words)
            if words[at:end] == name.words and name.is_meant(
                text[spans[at][0] : spans[end - 1][1]]
            ):
                yield Mention(name.code, spans[at][0], spans[end - 1][1])
                length = len(name.words)
                break
        at += length


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a place as it is looked for in texts."""

    words: tuple[str, ...]
    code: str
    acronym: str
    """As it has to be written; '' where only its first letter has to be a capital."""

    def is_meant(self, written: str) -> bool:
        return written == self.acronym if self.acronym else written[0].isupper()


@cache
def _names_in_text() -> Mapping[str, tuple[_Name, ...]]:
    """First word to the names that begin with it, the longest first."""
    found: dict[tuple[str, ...], _Name] = {}
    places = (*_names_of_countries().items(), *_names_of_regions().items())
    for name, code in (*((one, "") for one in NO_PLACES), *places):
        words = _words(name)
        if " ".join(words) not in NOT_ALONE:
            acronym = name if len(name) <= _LONGEST_ACRONYM and name[1:] != name[1:].lower() else ""
            found.setdefault(words, _Name(words, code, acronym))
    by_first: dict[str, list[_Name]] = {}
    for one in sorted(found.values(), key=lambda one: -len(one.words)):
        by_first.setdefault(one.words[0], []).append(one)
    return {first: tuple(names) for first, names in by_first.items()}


@cache
def _codes_by_name() -> Mapping[tuple[str, ...], str]:
    """Key of a name or a code to the code of the country."""
    from babel.core import get_global

    known: dict[tuple[str, ...], str] = {(code.lower(),): code for code in _countries()}
    for code, meant in get_global("territory_aliases").items():
        if code.isalpha() and len(meant) == 1 and meant[0] in known.values():
            known.setdefault((code.lower(),), meant[0])
    for name, code in _names_of_countries().items():
        known.setdefault(_key(name), code)
    return known


@cache
def _names_of_countries() -> Mapping[str, str]:
    """Every name of every country to its code."""
    names: dict[str, str] = {}
    for locale in _LOCALES:
        for code, name in _territories(locale).items():
            if is_country(code):
                names.setdefault(name.replace("&", "and"), code)
    for code, shown in SHOWN.items():
        names |= dict.fromkeys(shown.values(), code)
    for code, variants in COUNTRY_VARIANTS.items():
        names |= dict.fromkeys(variants, code)
    return names


@cache
def _names_of_regions() -> Mapping[str, str]:
    names = {name: code for language in LANGUAGES for code, name in _regions(language).items()}
    for code, variants in REGION_VARIANTS.items():
        names |= dict.fromkeys(variants, code)
    return names


@cache
def _countries(language: str = "en") -> Mapping[str, str]:
    """Code to name."""
    return {
        code: SHOWN[code][language] if code in SHOWN else name
        for code, name in _territories(language).items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }


@cache
def _regions(language: str = "en") -> Mapping[str, str]:
    """Code to name."""
    named = {code: name for code, name in _territories(language).items() if code.isdigit()}
    others = {code: names[language] for code, names in OTHER_REGIONS.items()}
    return {code: name for code, name in (named | others).items() if code not in _NO_REGION}


def _territories(locale: str) -> Mapping[str, str]:
    from babel import Locale

    return dict(Locale.parse(locale).territories)


def _words(name: str) -> tuple[str, ...]:
    return tuple(plain_word(name[start:end]) for start, end in word_spans(name))


def _key(name: str) -> tuple[str, ...]:
    """Equal for two spellings of one name."""
    return tuple("saint" if one == "st" else one for one in _words(name) if one not in _JOINING)
