"""The heads on an encoder's vectors: what a passage is (finding types), what it is about (themes).

Plain matrices, applied with numpy: suggesting from stored vectors needs no torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .ngrams import weighed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ThemeEvidence:
    """What speaks for each theme of a codebook before anything was learned of it, and what can be
    learned from.
    """

    vectors: Array
    """(n_passages, theme_dim): what the learned part is linear in."""
    prior: Array
    """(n_passages, n_themes) logits, in the codebook's order: how near the definitions are."""
    ngrams: "csr_matrix | None" = None
    """(n_passages, ngrams.N_COLUMNS) counts, where the codebook is foreign to the model."""

    def of(self, rows: NDArray[np.intp]) -> "ThemeEvidence":
        """That of some of the passages."""
        ngrams = None if self.ngrams is None else self.ngrams[rows]
        return ThemeEvidence(self.vectors[rows], self.prior[rows], ngrams)


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
    """(n_themes, theme_dim): the learned correction to the similarity with the definition."""
    theme_biases: Array
    """(n_themes,)."""
    similarity_scale: float
    """What a cosine with a definition, less the mean over the definitions, counts as a logit."""
    mean: Array | None = None
    """(dim,): the mean vector of many passages by the encoder as it was before it was tuned; None
    where nobody knows it."""
    type_corrections: Array | None = None
    """(n_types, dim): what a project's people taught of finding types, linear in plain vectors
    (models/plain.py); None where nobody did, or where the encoder was never tuned."""
    by_definition: bool = False
    """Whether themes are told by what ``themes.ThemeReader`` reads for a codebook that the encoder
    was not tuned to, not by the encoder's own vectors."""
    ngram_weights: Array | None = None
    """(n_themes, ngrams.N_COLUMNS): what was learned of a foreign codebook's themes by character
    n-grams; None where nothing was."""
    ngram_rarity: Array | None = None
    """(ngrams.N_COLUMNS,): how much each of those counts."""

    @property
    def needs_plain(self) -> bool:
        """Whether plain vectors are needed beside the encoder's own."""
        return self.by_definition or self.type_corrections is not None

    @property
    def without_themes(self) -> "Heads":
        """The same, for a codebook of whose themes nothing was learned."""
        return replace(
            self,
            themes=(),
            theme_weights=self.theme_weights[:0],
            theme_biases=np.zeros(0, dtype=np.float32),
            by_definition=True,
            ngram_weights=None,
            ngram_rarity=None,
        )

    def learned_of(self, themes: Sequence[str]) -> tuple[list[int], list[int]]:
        """Which of these themes the heads have learned, and the rows where."""
        known = [n for n, theme in enumerate(themes) if theme in self.themes]
        return known, [self.themes.index(themes[n]) for n in known]

    def type_logits(self, vectors: Array, plain: Array | None = None) -> Array:
        """(n_passages, n_types), uncalibrated.

        Args:
            vectors: (n_passages, dim) unit vectors.
            plain: (n_passages, dim), where ``needs_plain``.
        """
        logits = vectors @ self.type_weights.T + self.type_biases
        if self.type_corrections is not None:
            if plain is None:
                raise ValueError("these heads want plain vectors, too")
            logits = logits + plain @ self.type_corrections.T
        return logits

    def own_evidence(self, vectors: Array, definitions: Array) -> ThemeEvidence:
        """The evidence of the encoder's own vectors: their similarity to each definition.

        Args:
            vectors: (n_passages, dim) unit vectors.
            definitions: (n_themes, dim) unit vectors of the themes' descriptions.
        """
        centred = definitions - definitions.mean(0)
        return ThemeEvidence(vectors, vectors @ centred.T * np.float32(self.similarity_scale))

    def theme_logits(self, evidence: ThemeEvidence, themes: tuple[str, ...]) -> Array:
        """(n_passages, len(themes)): nearness to each definition, plus what was learned of it.

        Args:
            evidence: Of these themes.
            themes: Of any codebook; those the heads never saw go by definition alone.
        """
        logits = evidence.prior.copy()
        known, rows = self.learned_of(themes)
        if known:
            learned = evidence.vectors @ self.theme_weights[rows].T + self.theme_biases[rows]
            logits[:, known] += learned
            if self.ngram_weights is not None and self.ngram_rarity is not None:
                if evidence.ngrams is None:
                    raise ValueError("these heads want character n-grams, too")
                runs = weighed(evidence.ngrams, self.ngram_rarity)
                logits[:, known] += runs @ self.ngram_weights[rows].T
        return np.asarray(logits, dtype=np.float32)
