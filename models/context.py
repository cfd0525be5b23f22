"""What stands above a passage as evidence of what it is: its headings.

A heading such as 'Challenges' or 'Enseignements' is compared with phrases that head findings of a
type; the likeness moves the log-odds of that type, up or down. It is bounded: the most alike
heading moves them by a few units, so that a text that says nothing of the kind stays what it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from ..labels.codebook import Codebook
from ..nlp.encoders import Encoder
from .heads import Array


class Placed(Protocol):
    """A passage, as far as it stands somewhere."""

    @property
    def heading(self) -> tuple[str, ...]:
        """The headings it stands under, outermost first; () for none."""
        ...


@dataclass(frozen=True, slots=True)
class Pull:
    """How far likeness moves the log-odds: ``weight * (likeness - neutral)``."""

    weight: float = 0.0
    neutral: float = 0.0
    """The likeness, a cosine in [-1, 1], that says nothing either way."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a model knows of headings; one of weight 0 takes no notice of them."""

    heading: Pull = Pull()
    phrases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Finding type to what stands over such findings, in any language. The names that the
    codebook has for it are such phrases, too."""


class ContextReader:
    """Reads what stands above passages, with one encoder and for one codebook."""

    def __init__(self, context: Context, encoder: Encoder, codebook: Codebook) -> None:
        self.context = context
        self.encoder = encoder
        self.codebook = codebook
        self._phrases: tuple[Array, ...] | None = None
        self._known: dict[str, Array] = {}

    def log_odds(self, passages: Sequence[Placed]) -> Array:
        """(n_passages, n_types): what is added to the finding types' log-odds, in the codebook's
        order; 0 for a passage without a heading.
        """
        pull = self.context.heading
        if not pull.weight:
            return np.zeros((len(passages), len(self.codebook.finding_types)), dtype=np.float32)
        added = pull.weight * (self.likeness(passages) - pull.neutral)
        return np.nan_to_num(np.asarray(added, dtype=np.float32))

    def likeness(self, passages: Sequence[Placed]) -> Array:
        """Of the headings, (n_passages, n_types), in [-1, 1]; nan where there is none.

        Of several headings above a passage the most alike counts.
        """
        empty = np.full(len(self.codebook.finding_types), np.nan, dtype=np.float32)
        self._read([text for one in passages for text in one.heading if text])
        above = [[self._known[text] for text in one.heading if text] for one in passages]
        found = [np.max(alike, axis=0) if alike else empty for alike in above]
        return np.array(found, dtype=np.float32).reshape(len(passages), len(empty))

    def _read(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if not new:
            return
        phrases = self._phrase_vectors()
        middle = np.concatenate(phrases).mean(0)
        # An encoder's vectors lie close together; what tells them apart is the rest.
        vectors = _directions(self.encoder.encode(new) - middle)
        alike = [(vectors @ _directions(own - middle).T).max(1) for own in phrases]
        self._known.update(zip(new, np.stack(alike, axis=1), strict=True))

    def _phrase_vectors(self) -> tuple[Array, ...]:
        if self._phrases is None:
            texts = [
                list(dict.fromkeys([*code.names.values(), *self.context.phrases.get(code.id, ())]))
                for code in self.codebook.finding_types
            ]
            vectors = self.encoder.encode([text for own in texts for text in own])
            ends = np.cumsum([len(own) for own in texts])
            self._phrases = tuple(np.split(vectors, ends[:-1]))
        return self._phrases


def _directions(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)
