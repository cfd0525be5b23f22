"""What stands beside a passage as evidence of what it is: its headings, its list's lead-in.

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
    def language(self) -> str:
        """ISO 639-1."""
        ...

    @property
    def heading(self) -> tuple[str, ...]:
        """The headings it stands under, outermost first; () for none."""
        ...

    @property
    def lead_in(self) -> str:
        """The sentence that introduces its list, '' for none."""
        ...


@dataclass(frozen=True, slots=True)
class Pull:
    """How far likeness moves the log-odds: ``weight * (likeness - neutral)``."""

    weight: float = 0.0
    neutral: float = 0.0
    """The likeness, a cosine in [-1, 1], that says nothing either way."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a model knows of headings and lead-ins; one of weight 0 takes no notice of them."""

    heading: Pull = Pull()
    lead_in: Pull = Pull()
    phrases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Finding type to what stands over such findings, in any language. The names that the
    codebook has for it are such phrases, too."""
    languages: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Language to finding type to what its log-odds are off by in that language."""

    @property
    def reads(self) -> bool:
        """Whether headings or lead-ins count at all."""
        return bool(self.heading.weight or self.lead_in.weight)


class ContextReader:
    """Reads what stands beside passages, with one encoder and for one codebook."""

    def __init__(self, context: Context, encoder: Encoder, codebook: Codebook) -> None:
        self.context = context
        self.encoder = encoder
        self.codebook = codebook
        self._phrases: tuple[Array, ...] | None = None
        self._known: dict[str, Array] = {}

    def log_odds(self, passages: Sequence[Placed]) -> Array:
        """(n_passages, n_types): what is added to the finding types' log-odds, in the codebook's
        order; 0 for a passage of no known language with neither heading nor lead-in.
        """
        added = np.zeros((len(passages), len(self.codebook.finding_types)), dtype=np.float32)
        for row, one in enumerate(passages):
            if shifts := self.context.languages.get(one.language):
                added[row] = [shifts.get(code, 0.0) for code in self.codebook.finding_type_ids]
        if self.context.reads:
            for pull, alike in zip(
                (self.context.heading, self.context.lead_in), self.likeness(passages), strict=True
            ):
                added += np.nan_to_num(pull.weight * (alike - pull.neutral))
        return added

    def likeness(self, passages: Sequence[Placed]) -> tuple[Array, Array]:
        """Of the headings and of the lead-ins, (n_passages, n_types) each, in [-1, 1].

        Of several headings above a passage the most alike counts. nan where there is none.
        """
        empty = np.full(len(self.codebook.finding_types), np.nan, dtype=np.float32)
        self._read([text for one in passages for text in (*one.heading, one.lead_in) if text])
        above = [[self._known[text] for text in one.heading if text] for one in passages]
        headings = [np.max(alike, axis=0) if alike else empty for alike in above]
        lead_ins = [self._known[one.lead_in] if one.lead_in else empty for one in passages]
        shape = (len(passages), len(empty))
        return np.array(headings).reshape(shape), np.array(lead_ins).reshape(shape)

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
