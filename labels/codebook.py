"""The codebook: the finding types and themes that passages are labelled with."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..nlp.errors import WhatworksError

DEFAULT_CODEBOOK = "ilo-social-protection"
COLOURS = ("#1b7f5c", "#b3402e", "#2f5d9b", "#8a5a00", "#6b4fa0", "#3d6b70")
"""For finding types without one of their own, in order; white text reads well on each."""


@dataclass(frozen=True, slots=True)
class Example:
    """A passage that shows when to use a code."""

    text: str
    language: str = ""
    """ISO 639-1, '' where nobody said."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A code that is easily taken for this one."""

    code: str
    tell_apart: str = ""
    """A sentence on how to choose between the two."""


# What the fields below without a place in the representation hold is for people. The model reads
# the others; its fingerprint is over the representation, so it changes when it would learn anew.
@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a codebook: a finding type or a theme."""

    id: str
    names: Mapping[str, str]
    """Language code to name; English is always there."""
    definition: str
    include: tuple[str, ...] = field(default=(), repr=False)
    """When to use it, one rule a sentence."""
    exclude: tuple[str, ...] = field(default=(), repr=False)
    """When not to use it, and what to use then."""
    examples: tuple[Example, ...] = field(default=(), repr=False)
    confused_with: tuple[Confusion, ...] = field(default=(), repr=False)
    retired: bool = field(default=False, repr=False)
    """No longer given to passages; kept so that what it meant can be read."""
    renamed_from: tuple[str, ...] = field(default=(), repr=False)
    """Ids that it had before."""
    merged_from: tuple[str, ...] = field(default=(), repr=False)
    """Codes whose labels are this one's now."""
    split_from: tuple[str, ...] = field(default=(), repr=False)
    """Codes of which it takes over a part."""
    requeue: tuple[str, ...] = field(default=(), repr=False)
    """Codes whose confirmed passages should be looked at again: this one may fit better."""

    def name(self, language: str = "en") -> str:
        """The name in a language, in English where it has none."""
        return self.names.get(language, self.names["en"])


@dataclass(frozen=True, slots=True)
class FindingType(Code):
    """What kind of finding a passage holds: success factor, obstacle, ..."""

    colour: str = COLOURS[0]
    """For screens and charts, '#rrggbb', dark enough for white text."""


@dataclass(frozen=True, slots=True)
class Theme(Code):
    """What a finding is about."""

    group: str = ""
    section: str = ""
    goes_with: tuple[str, ...] = ()
    """Finding types the theme is used with; empty means all."""
    parent: str = field(default="", repr=False)
    """The theme that it is a part of, '' at the top."""
    colour: str = field(default="", repr=False)
    """As of a finding type, '' where it has none of its own."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Language to words and phrases: a passage with one of them is suggested the theme, whatever
    a model says; {} for a theme that models tell."""

    @property
    def description(self) -> str:
        """Name and definition in one text, as the encoder reads it."""
        return f"{self.name()}: {self.definition}"


@dataclass(frozen=True, slots=True)
class Codebook:
    """Finding types and themes, in the order in which they are shown."""

    id: str
    version: int
    title: str
    finding_types: tuple[FindingType, ...]
    """Those in use; nobody can give a retired one by mistake."""
    themes: tuple[Theme, ...]
    """Those in use, a parent before the themes that are listed under it."""
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Group id to its names by language."""
    description: str = field(default="", repr=False)
    """What it is for and where it comes from."""
    retired_finding_types: tuple[FindingType, ...] = field(default=(), repr=False)
    retired_themes: tuple[Theme, ...] = field(default=(), repr=False)

    @property
    def finding_type_ids(self) -> tuple[str, ...]:
        """The ids of the finding types in use, in order."""
        return tuple(code.id for code in self.finding_types)

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """The ids of the themes in use, in order."""
        return tuple(code.id for code in self.themes)

    @property
    def as_learned(self) -> "Codebook":
        """The same without the themes that are told by words: what models learn, rank and are
        measured on.
        """
        return replace(self, themes=tuple(one for one in self.themes if not one.words))

    def finding_type(self, type_id: str) -> FindingType:
        """The finding type of that id, retired ones too.

        Raises:
            WhatworksError: there is none; it names the nearest.
        """
        for code in (*self.finding_types, *self.retired_finding_types):
            if code.id == type_id:
                return code
        raise WhatworksError(unknown("finding type", type_id, self.finding_type_ids))

    def theme(self, theme_id: str) -> Theme:
        """The theme of that id, retired ones too.

        Raises:
            WhatworksError: there is none; it names the nearest.
        """
        for theme in (*self.themes, *self.retired_themes):
            if theme.id == theme_id:
                return theme
        raise WhatworksError(unknown("theme", theme_id, self.theme_ids))

    def confusions_of(self, code: Code) -> tuple[Confusion, ...]:
        """What the code is easily confused with, whichever of the two entries says so."""
        own = {one.code: one for one in code.confused_with}
        codes: tuple[Code, ...] = self.themes if isinstance(code, Theme) else self.finding_types
        for other in codes:
            for one in other.confused_with:
                if one.code == code.id:
                    own.setdefault(other.id, Confusion(other.id, one.tell_apart))
        return tuple(own.values())


_LISTED = 12
"""Names that are told where none is near."""


def nearest(given: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, '' where none is near."""
    near = difflib.get_close_matches(given, list(known), n=1, cutoff=0.5)
    return near[0] if near else ""


def unknown(what: str, given: str, known: Iterable[str]) -> str:
    """The sentence for a name nobody knows: what it is, and what was probably meant."""
    near = nearest(given, known)
    return f"Unknown {what} '{given}'." + (f" Nearest: '{near}'." if near else "")


def unknown_among(what: str, given: str, known: Iterable[str]) -> str:
    """The same, and where nothing is near what there is."""
    known = list(known)
    said = unknown(what, given, known)
    if nearest(given, known):
        return said
    if len(known) < 2:
        return f"{said} There is {'none' if not known else f'only {known[0]!r}'}."
    more = ", ..." if len(known) > _LISTED else ""
    return f"{said} There are {', '.join(known[:_LISTED])}{more}."


# The file is read elsewhere: who only holds a codebook needs no YAML.
def shipped_codebooks() -> list[str]:
    """The names of the codebooks that come with whatworks."""
    from . import codebook_file

    return codebook_file.shipped_names()


def load_codebook(name: str | Path = DEFAULT_CODEBOOK) -> Codebook:
    """The codebook of a shipped name, or of a YAML file.

    Raises:
        WhatworksError: no such name or file, not YAML, or entries that are wrong; the message
            names the file and, for every wrong entry, its line and the cure.
    """
    from . import codebook_file

    return codebook_file.read_codebook(codebook_file.codebook_source(name), str(name))
