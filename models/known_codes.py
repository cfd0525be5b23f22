"""A project's codebook in the words of a model that learned an older one, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..labels.codebook import Code, Codebook
from ..labels.suggestions import PassageSuggestions
from ..nlp.errors import WhatworksError


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """What a model can suggest of a codebook."""

    codebook: Codebook
    """With the ids that the model knows, without the finding types that it does not."""
    finding_types: Mapping[str, str]
    """The model's id to that of the codebook."""
    themes: Mapping[str, str]
    unknown: tuple[str, ...]
    """Finding types of the codebook that the model never learned: it suggests none of them."""

    def translated(self, one: PassageSuggestions) -> PassageSuggestions:
        """A suggestion of the model in the words of the project's codebook."""
        return replace(
            one,
            probabilities={self.finding_types[code]: p for code, p in one.probabilities.items()},
            labels=tuple(self.finding_types[code] for code in one.labels),
            themes=tuple(
                replace(theme, theme=self.themes.get(theme.theme, theme.theme))
                for theme in one.themes
            ),
            by_words=tuple(
                replace(theme, theme=self.themes.get(theme.theme, theme.theme))
                for theme in one.by_words
            ),
        )


def known_codes(
    codebook: Codebook, types: Iterable[str], themes: Iterable[str], *, to_learn: bool = False
) -> KnownCodes:
    """The part of a codebook that a model of these finding types and themes can suggest.

    A code that was renamed, or that others were merged into, keeps what the model learned of its
    older ids. A theme that is new to the model is suggested by its definition.

    Args:
        codebook: The project's.
        types: Finding types that the model knows.
        themes: Themes that it knows.
        to_learn: Whether another model is to be made from it, which may know none of them.

    Raises:
        WhatworksError: the model knows none of the finding types, and is to suggest them.
    """
    types, themes = tuple(types), set(themes)
    type_ids = _older_ids(codebook.finding_types, set(types))
    theme_ids = _older_ids(codebook.themes, themes)
    unknown = tuple(code for code in codebook.finding_type_ids if code not in type_ids)
    if not type_ids and not to_learn:
        raise WhatworksError(
            f"The model knows none of the codebook's finding types ({', '.join(unknown)}): it "
            f"knows {', '.join(types)}. In a project, confirm passages without suggestions "
            "(whatworks review), then make a model that knows them: whatworks train --use"
        )
    return KnownCodes(
        codebook=replace(
            codebook,
            finding_types=tuple(
                replace(code, id=type_ids[code.id])
                for code in codebook.finding_types
                if code.id in type_ids
            ),
            themes=tuple(
                replace(
                    theme,
                    id=theme_ids.get(theme.id, theme.id),
                    goes_with=tuple(type_ids[code] for code in theme.goes_with if code in type_ids),
                )
                for theme in codebook.themes
            ),
        ),
        finding_types={older: code for code, older in type_ids.items()},
        themes={older: code for code, older in theme_ids.items()},
        unknown=unknown,
    )


def _older_ids(codes: Iterable[Code], known: set[str]) -> dict[str, str]:
    """Code id to the id under which the model knows it; one of the model's goes to one code."""
    codes = tuple(codes)
    found = {code.id: code.id for code in codes if code.id in known}
    taken = {code.id for code in codes}
    for code in codes:
        for older in (*code.renamed_from, *code.merged_from):
            if code.id not in found and older in known and older not in taken:
                found[code.id] = older
                taken.add(older)
    return found
