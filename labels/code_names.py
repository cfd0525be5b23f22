"""Codes as people write them: by id, or by a name in any language."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from ..nlp.errors import WhatworksError
from ..nlp.words import plain_word, word_spans
from .codebook import Code, Codebook, unknown_among
from .synthesis.material import CodeKey

AnyCode = TypeVar("AnyCode", bound=Code)
_NAMED = 5


def find_finding_type(codebook: Codebook, given: str) -> str:
    """The id of the finding type in use that is meant; raises WhatworksError where there is none.

    >>> from whatworks.labels.codebook import load_codebook
    >>> find_finding_type(load_codebook(), "Facteur de succes")
    'success_factor'
    """
    return _find(codebook.finding_types, "finding type", given).id


def find_theme(codebook: Codebook, given: str) -> str:
    """The id of the theme in use that is meant; raises WhatworksError where there is none."""
    return _find(codebook.themes, "theme", given).id


def names_of(codebook: Codebook) -> dict[CodeKey, str]:
    """What the codes in use are called in English, by kind and id."""
    types = {("finding_type", one.id): one.name() for one in codebook.finding_types}
    return types | {("theme", one.id): one.name() for one in codebook.themes}


def shown_codes(codebook: Codebook, labels: Iterable[str], themes: Iterable[str]) -> str:
    """'Obstacle; Capacity building', or 'no finding'."""
    names = names_of(codebook)
    said = ", ".join(names.get(("finding_type", one), one) for one in labels)
    about = ", ".join(names.get(("theme", one), one) for one in themes)
    return "; ".join(filter(None, (said, about))) if said else "no finding"


def _find(codes: Sequence[AnyCode], what: str, given: str) -> AnyCode:
    known: dict[str, AnyCode] = {}
    for one in codes:
        for name in one.names.values():
            known.setdefault(_key(name), one)
    # An id is meant before a name, whatever it looks like.
    known |= {_key(one.id): one for one in codes}
    known |= {one.id: one for one in codes}
    found = known.get(given) or known.get(_key(given))
    if found is None:
        part = [one.id for key, one in known.items() if f" {_key(given)} " in f" {key} "]
        if part:
            named = ", ".join(f"'{one}'" for one in sorted(set(part))[:_NAMED])
            raise WhatworksError(f"Unknown {what} '{given}'. It is part of: {named}.")
        raise WhatworksError(unknown_among(what, given, [one.id for one in codes]))
    return found


def _key(name: str) -> str:
    return " ".join(plain_word(name[start:end]) for start, end in word_spans(name))
