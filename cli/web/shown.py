"""What templates may call: names of codes, probabilities in words, keys of decisions."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from ...labels.candidates import NONE, in_doubt
from ...labels.codebook import Code, Codebook, Theme
from ...labels.exchange.words import in_words, percent
from ...labels.texts import Texts
from .cards import Card, names_of
from .words import SOURCES, VERDICTS


def helpers() -> dict[str, Any]:
    """Name in templates to what it is."""
    return {
        "candidate_names": candidate_names,
        "code_names": code_names,
        "entry_names": entry_names,
        "group_name": group_name,
        "in_words": in_words,
        "new_key": lambda: uuid.uuid4().hex,
        "percent": percent,
        "sources": SOURCES,
        "verdicts": VERDICTS,
    }


def candidate_names(card: Card, texts: Texts) -> str:
    """'Obstacle, Lesson or no finding'; '' where nothing is in doubt, unknown or hidden."""
    suggestion, codebook = card.suggestion, card.codebook.codebook
    if suggestion is None:
        return ""
    codes = in_doubt(suggestion.candidates, suggestion.probabilities, codebook)
    if not codes:
        return ""
    *names, last = (
        texts("no finding")
        if code == NONE
        else names_of(codebook, [code], "finding_type", texts.language)[0]
        for code in codes
    )
    return texts("%(names)s or %(last)s", names=", ".join(names), last=last)


def code_names(
    codebook: Codebook, labels: Iterable[str], themes: Iterable[str], language: str
) -> list[str]:
    """The names of finding types, then of themes."""
    return [
        *names_of(codebook, labels, "finding_type", language),
        *names_of(codebook, themes, "theme", language),
    ]


def entry_names(codebook: Codebook) -> Mapping[str, Code]:
    """Every code that can be given, by id."""
    return {one.id: one for one in (*codebook.themes, *codebook.finding_types)}


def group_name(codebook: Codebook, theme: Theme, language: str) -> str:
    """The name of the theme's group, '' where it is in none."""
    names = codebook.groups.get(theme.group, {})
    return names.get(language) or names.get("en") or theme.group
