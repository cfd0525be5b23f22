"""Adds target groups and places to the text of a codebook file; the rest of it stays as it is."""

import itertools
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from ...nlp.languages import LANGUAGES
from ...nlp.words import plain_word, word_spans
from ..place_names import COUNTRY_VARIANTS, NO_PLACES, NOT_ALONE, REGION_VARIANTS
from ..places import country_name, country_of, is_country, region_name, regions_in
from ..synthesis.material import PLACES, TARGET_GROUPS
from .checking import checked, examined
from .entries import plain
from .text import Text
from .writing import Plain

_PLACES = {"en": "Places", "fr": "Lieux", "es": "Lugares", "pt": "Lugares"}


@dataclass(frozen=True, slots=True)
class Added:
    """A codebook's text with more themes."""

    text: str
    themes: tuple[str, ...]
    """Ids of those that are new; () where all were there."""
    elsewhere: tuple[str, ...]
    """Ids that a theme outside of the group has, or a retired one: they were left alone."""


def with_target_groups(source: str) -> Added:
    """The text with those of the shipped target groups that it lacks.

    Args:
        source: Of a sound codebook.

    Raises:
        EditError: it is written in a way that cannot be changed by whole lines, or another theme
            has the name of one that is missing.
    """
    shipped = resources.files("whatworks.labels") / "vocabulary" / "target-groups.yaml"
    found = plain(Text(shipped.read_text("utf-8")).find("group", TARGET_GROUPS).node)
    assert isinstance(found, Mapping)
    names, themes = found["names"], found["themes"]
    assert not isinstance(themes, bool | str | Mapping)
    return _with(source, TARGET_GROUPS, names, (one for one in themes if isinstance(one, Mapping)))


def with_places(source: str, names: Iterable[str]) -> Added:
    """The text with those of these countries and regions that it lacks, found by their names.

    Args:
        source: Of a sound codebook.
        names: In one of ``LANGUAGES``.

    Raises:
        WhatworksError: a name is none of a place; the nearest country is named.
        EditError: as ``with_target_groups`` says.
    """
    return _with(source, PLACES, _PLACES, list(map(_place, names)))


def _place(given: str) -> Mapping[str, Plain]:
    """The theme of a country or region."""
    region = _region(given)
    code = region or country_of(given)
    names = {one: (region_name if region else country_name)(code, one) for one in LANGUAGES}
    variants = (REGION_VARIANTS if region else COUNTRY_VARIANTS).get(code, ())
    return {
        "id": "-".join(_words(names["en"])),
        "names": names,
        "definition": f"{names['en']}: the finding says what was done, worked or failed there.",
        "words": {
            language: [*_alone([name, *variants]), *_others(code, [name, *variants], language)]
            for language, name in names.items()
        },
    }


def _region(given: str) -> str:
    """The code of the region of that name, '' where it is none."""
    text = given.strip()
    found = regions_in(text[:1].upper() + text[1:])
    return next((one.code for one in found if one.end - one.start == len(text)), "")


def _alone(names: Iterable[str]) -> list[str]:
    """Those that mean the place by themselves, each spelling once."""
    known: dict[str, str] = {}
    for one in names:
        known.setdefault(" ".join(_words(one)), one)
    return [name for plain, name in known.items() if plain not in NOT_ALONE]


def _others(code: str, names: Sequence[str], language: str) -> list[str]:
    """Names of other places in which one of these stands: they are taken out of what is found."""
    countries = ["".join(pair) for pair in itertools.product(string.ascii_uppercase, repeat=2)]
    others = [*NO_PLACES]
    for one in countries:
        if is_country(one) and one != code:
            others += [country_name(one, language), *COUNTRY_VARIANTS.get(one, ())]
    own = [f" {' '.join(_words(name))} " for name in names]
    inner = [one for one in others if any(name in f" {' '.join(_words(one))} " for name in own)]
    return [f"-{one}" for one in _alone(inner)]


def _words(name: str) -> list[str]:
    return [plain_word(name[start:end]) for start, end in word_spans(name)]


def _with(source: str, group: str, names: Plain, themes: Iterable[Mapping[str, Plain]]) -> Added:
    book = examined(source).codebook
    assert book is not None
    known = {one.id.casefold(): one for one in (*book.themes, *book.retired_themes)}
    wanted = {str(one["id"]): one for one in themes}
    missing = [one for code, one in wanted.items() if code not in known]
    text = Text(source)
    if missing and group not in book.groups:
        text = text.added(None, "groups", {"id": group, "names": names, "themes": missing})
    elif missing:
        for one in missing:
            text = text.added(text.find("group", group), "themes", one)
    return Added(
        checked(source, text.source, {}, ()),
        tuple(str(one["id"]) for one in missing),
        tuple(
            code
            for code in wanted
            if code in known and (known[code].retired or known[code].group != group)
        ),
    )
