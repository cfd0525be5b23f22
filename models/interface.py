"""What every suggester is: passages in, suggestions out."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from ..labels.codebook import Codebook
from ..labels.suggestions import PassageSuggestions
from ..nlp.encoders import Progress
from ..nlp.passages import Passage


class Suggester(Protocol):
    """Proposes finding types and themes. It never decides."""

    name: str
    """Name and version, as result files show it."""
    codebook: Codebook
    thresholds: Mapping[str, float]
    """Finding type to the probability from which it is suggested."""

    def suggest(
        self, passages: Sequence[Passage], *, on_progress: Progress | None = None
    ) -> list[PassageSuggestions]:
        """Suggestions for each passage, in order."""
        ...
