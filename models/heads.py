"""The heads on an encoder's vectors: what a passage is (finding types), what it is about (themes).

Plain matrices, applied with numpy: suggesting from stored vectors needs no torch.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear heads over unit vectors of shape (n_passages, dim)."""

    finding_types: tuple[str, ...]
    type_weights: Array
    """(n_types, dim)."""
    type_biases: Array
    """(n_types,)."""
    themes: tuple[str, ...]
    theme_weights: Array
    """(n_themes, dim): the learned correction to the similarity with the definition."""
    theme_biases: Array
    """(n_themes,)."""
    similarity_scale: float
    """What a cosine with a definition, less the mean over the definitions, counts as a logit."""

    def type_logits(self, vectors: Array) -> Array:
        """(n_passages, n_types), uncalibrated."""
        return vectors @ self.type_weights.T + self.type_biases

    def theme_logits(self, vectors: Array, themes: tuple[str, ...], definitions: Array) -> Array:
        """(n_passages, len(themes)): similarity to each definition, plus what was learned of it.

        Args:
            vectors: (n_passages, dim) unit vectors.
            themes: theme ids of any codebook; those the heads never saw go by definition alone.
            definitions: (len(themes), dim) unit vectors of the themes' descriptions.
        """
        centred = definitions - definitions.mean(0)
        logits = vectors @ centred.T * np.float32(self.similarity_scale)
        learned = vectors @ self.theme_weights.T + self.theme_biases
        for column, theme in enumerate(themes):
            if theme in self.themes:
                logits[:, column] += learned[:, self.themes.index(theme)]
        return np.asarray(logits, dtype=np.float32)
