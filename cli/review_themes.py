"""Themes found by a few letters of their name, in any language of the codebook."""

import unicodedata

from ..labels.cards import Card
from ..labels.codebook import Theme


def matching_themes(card: Card, typed: str) -> tuple[Theme, ...]:
    """The themes that may be meant: those first whose words begin with what is typed.

    Without anything typed all of them: the likeliest by the suggestion (where it may be seen)
    first, then as they stand in the codebook.
    """
    wanted = _folded(typed).split()
    likely = dict(card.suggestion.theme_probabilities) if card.suggestion else {}
    themes = sorted(card.codebook.themes, key=lambda theme: -likely.get(theme.id, 0.0))
    ranked = [(_rank(theme, wanted), theme) for theme in themes]
    return tuple(
        theme for rank, theme in sorted(ranked, key=lambda pair: pair[0]) if rank < _NOT_MEANT
    )


_NOT_MEANT = 2


def _rank(theme: Theme, wanted: list[str]) -> int:
    text = _folded(" ".join((*theme.names.values(), theme.id, theme.section)))
    words = text.replace("-", " ").split()
    if all(any(word.startswith(part) for word in (*words, *text.split())) for part in wanted):
        return 0
    return 1 if all(part in text for part in wanted) else _NOT_MEANT


def _folded(text: str) -> str:
    """Without accents and capitals."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in letters if not unicodedata.combining(sign)).casefold()
