"""The codebook: the finding types and themes that passages are labelled with."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from ..nlp.errors import WhatworksError

DEFAULT_CODEBOOK = "ilo-social-protection"
_COLOURS = ("#1b7f5c", "#b3402e", "#2f5d9b", "#8a5a00", "#6b4fa0", "#3d6b70")


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a codebook: a finding type or a theme."""

    id: str
    names: Mapping[str, str]
    """Language code to name; English is always there."""
    definition: str

    def name(self, language: str = "en") -> str:
        """The name in a language, in English where it has none."""
        return self.names.get(language, self.names["en"])


@dataclass(frozen=True, slots=True)
class FindingType(Code):
    """What kind of finding a passage holds: success factor, obstacle, ..."""

    colour: str = _COLOURS[0]
    """For screens and charts, '#rrggbb', dark enough for white text."""


@dataclass(frozen=True, slots=True)
class Theme(Code):
    """What a finding is about."""

    group: str = ""
    section: str = ""
    goes_with: tuple[str, ...] = ()
    """Finding types the theme is used with; empty means all."""

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
    themes: tuple[Theme, ...]
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Group id to its names by language."""

    @property
    def finding_type_ids(self) -> tuple[str, ...]:
        """The ids of the finding types, in order."""
        return tuple(code.id for code in self.finding_types)

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """The ids of the themes, in order."""
        return tuple(code.id for code in self.themes)

    def theme(self, theme_id: str) -> Theme:
        """The theme of that id. Raises WhatworksError naming the nearest ids."""
        for theme in self.themes:
            if theme.id == theme_id:
                return theme
        raise WhatworksError(unknown("theme", theme_id, self.theme_ids))


def unknown(what: str, given: str, known: Iterable[str]) -> str:
    """The sentence for a name nobody knows: what it is, and what was probably meant."""
    near = difflib.get_close_matches(given, list(known), n=1, cutoff=0.5)
    return f"Unknown {what} '{given}'." + (f" Nearest: '{near[0]}'." if near else "")


def shipped_codebooks() -> list[str]:
    """The names of the codebooks that come with whatworks."""
    folder = resources.files(__package__) / "codebooks"
    return sorted(p.name.removesuffix(".yaml") for p in folder.iterdir() if p.name[-5:] == ".yaml")


def load_codebook(name: str | Path = DEFAULT_CODEBOOK) -> Codebook:
    """The codebook of a shipped name, or of a YAML file.

    Raises:
        WhatworksError: no such name or file, not YAML, or an entry that is wrong; the
            message names the file, the entry and the cure.
    """
    if str(name) in shipped_codebooks():
        source = (resources.files(__package__) / "codebooks" / f"{name}.yaml").read_text("utf-8")
    else:
        path = Path(name)
        if not path.suffix:
            raise WhatworksError(
                unknown("codebook", str(name), shipped_codebooks())
                + f" Give one of {', '.join(shipped_codebooks())}, or a YAML file."
            )
        try:
            source = path.read_text("utf-8-sig")
        except FileNotFoundError:
            raise WhatworksError(f"{path}: there is no such codebook file.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise WhatworksError(f"{path}: the codebook cannot be read: {error}.") from error
    try:
        raw = yaml.safe_load(source)
    except yaml.YAMLError as error:
        raise WhatworksError(f"{name}: not valid YAML: {error}") from error
    return _parse(raw, str(name))


def _parse(raw: Any, where: str) -> Codebook:
    if not isinstance(raw, dict):
        raise WhatworksError(f"{where}: a codebook is a mapping with 'themes' or 'groups'.")
    # A team that brings only themes keeps the four finding types.
    types = raw.get("finding_types")
    if types is None:
        finding_types = load_codebook(DEFAULT_CODEBOOK).finding_types
    else:
        finding_types = tuple(
            FindingType(**_code(entry, where), colour=_colour(entry, n))
            for n, entry in enumerate(_list(types, where, "finding_types"))
        )
    known_types = {code.id for code in finding_types}
    groups: dict[str, Mapping[str, str]] = {}
    themes: list[Theme] = []
    entries = _list(raw.get("groups") or [], where, "groups")
    if raw.get("themes"):
        entries = [*entries, {"id": "", "names": {"en": ""}, "themes": raw["themes"]}]
    for group in entries:
        head: dict[str, Any] = (
            _code({"definition": "-", **group}, where) if group.get("id") else {"id": ""}
        )
        if head["id"]:
            groups[head["id"]] = head["names"]
        where_listed = f"themes of {head['id']}" if head["id"] else "themes"
        for entry in _list(group.get("themes") or [], where, where_listed):
            goes_with = tuple(entry.get("goes_with") or group.get("goes_with") or ())
            for type_id in goes_with:
                if type_id not in known_types:
                    raise WhatworksError(
                        f"{where}: {unknown('finding type', str(type_id), known_types)}"
                    )
            section = str(entry.get("section", ""))
            code = _code(entry, where)
            themes.append(Theme(**code, group=head["id"], section=section, goes_with=goes_with))
    if not themes:
        raise WhatworksError(f"{where}: the codebook has no themes. Add a list 'themes'.")
    for what, codes in (("finding type", finding_types), ("theme", tuple(themes))):
        seen: set[str] = set()
        for one in codes:
            if one.id in seen:
                raise WhatworksError(f"{where}: the {what} '{one.id}' stands there twice.")
            seen.add(one.id)
    return Codebook(
        id=str(raw.get("id") or Path(where).stem),
        version=int(raw.get("version", 1)),
        title=str(raw.get("title", "")),
        finding_types=finding_types,
        themes=tuple(themes),
        groups=groups,
    )


def _list(value: Any, where: str, what: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise WhatworksError(f"{where}: '{what}' must be a list of entries with 'id' and 'names'.")
    return value


def _code(entry: dict[str, Any], where: str) -> dict[str, Any]:
    code_id = str(entry.get("id") or "").strip()
    if not code_id:
        raise WhatworksError(f"{where}: an entry has no 'id': {str(entry)[:80]}")
    names = entry.get("names") or {"en": str(entry.get("name") or code_id)}
    if not isinstance(names, dict):
        raise WhatworksError(f"{where}: '{code_id}': 'names' maps languages to names.")
    names = {"en": next(iter(names.values())), **{str(k): str(v) for k, v in names.items()}}
    definition = str(entry.get("definition") or "").strip()
    if not definition:
        raise WhatworksError(f"{where}: '{code_id}' has no 'definition'; the model reads it.")
    return {"id": code_id, "names": names, "definition": definition}


def _colour(entry: dict[str, Any], n: int) -> str:
    return str(entry.get("colour") or _COLOURS[n % len(_COLOURS)])
