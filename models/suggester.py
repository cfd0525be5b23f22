"""The suggester behind ``whatworks classify``: an encoder, two heads, a calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from ..labels.codebook import Codebook
from ..labels.suggestions import PassageSuggestions, ThemeSuggestion, WordSuggestion
from ..labels.theme_words import ThemeWords
from ..nlp.encoders import Encoder, Progress
from ..nlp.errors import WhatworksError
from ..nlp.passages import Passage
from .context import ContextReader, Placed
from .folder import Calibration, Model
from .heads import Array
from .plain import vector_reader
from .themes import ThemeReader, heads_for

THEMES_SHOWN = 5
"""How many themes are given for a passage; beyond them probabilities are a few per cent."""


class EncoderSuggester:
    """Suggests from vectors: finding types by the model's head, themes by definition and head.

    A codebook other than the model's own works at once: its themes are compared with the
    passages by their definitions, and those the model has learned keep what it learned.
    Where these are the fewer, ``model`` is less than ``whole``, the model that was given.
    """

    def __init__(
        self,
        model: Model,
        encoder: Encoder,
        codebook: Codebook,
        *,
        threshold: float | None = None,
        learns: bool = False,
    ) -> None:
        """Joins a model, an encoder and a codebook.

        Args:
            model: heads and calibration.
            encoder: the encoder that the heads were fitted on.
            codebook: the finding types and themes to suggest.
            threshold: one threshold for every finding type in place of the model's own.
            learns: whether vectors for what will be learned of the passages are kept as well.

        Raises:
            WhatworksError: the codebook has a finding type that the model does not know.
        """
        for code in codebook.finding_type_ids:
            if code not in model.heads.finding_types:
                raise WhatworksError(
                    f"The model {model.name} knows no finding type '{code}' of the codebook "
                    f"{codebook.id}: it knows {', '.join(model.heads.finding_types)}."
                )
        self.whole = model
        self.model = used_for(model, codebook)
        self.encoder = encoder
        self.codebook = codebook
        self.learns = learns
        self.ranked = codebook.as_learned
        """With the themes that the model ranks: those that no words tell."""
        self.name = f"{model.name} {model.version}"
        own = model.calibration.thresholds
        self.thresholds: Mapping[str, float] = {
            code: own[code] if threshold is None else threshold
            for code in codebook.finding_type_ids
        }
        self._context = ContextReader(model.context, encoder, codebook)
        self._reader = vector_reader(self.model, encoder)
        self._themes = ThemeReader(self.model.heads, self.ranked, self._reader)
        self._words = ThemeWords(codebook.themes)

    def suggest(
        self, passages: Sequence[Passage], *, on_progress: Progress | None = None
    ) -> list[PassageSuggestions]:
        """Suggestions for each passage, in order. Empty texts get probabilities of 0."""
        if not passages:
            return []
        texts = [passage_text(passage) for passage in passages]
        heads, calibration = self.model.heads, self.model.calibration
        vectors, plain = self._reader.read(
            texts, with_plain=heads.needs_plain or self.learns, on_progress=on_progress
        )
        types = probabilities(self._type_log_odds(vectors, plain) + self.beside(passages))
        types[[not text.strip() for text in texts]] = 0.0
        themes = theme_probabilities(
            heads.theme_logits(self._themes.read(texts, vectors, plain), self.ranked.theme_ids),
            types,
            self.ranked,
            calibration,
        )
        return [
            self._suggestion(passage, types[row], themes[row])
            for row, passage in enumerate(passages)
        ]

    def beside(self, passages: Sequence[Placed]) -> Array:
        """What headings add to the log-odds, (n_passages, n_types)."""
        return self._context.log_odds(passages)

    def log_odds(self, passages: Sequence[Passage]) -> tuple[Array, Array]:
        """What the probabilities are as log-odds, which a word adds to wherever they stand.

        The vectors are not kept: these are passages with words left out, which nobody asks for
        again.

        Returns:
            (n_passages, n_types) of the codebook's finding types, and (n_passages, n_themes) of
            the themes that the model ranks, each against all others, given that there is a finding.
        """
        heads, calibration = self.model.heads, self.model.calibration
        texts = [passage_text(passage) for passage in passages]
        vectors, plain = self._reader.read(texts, with_plain=heads.needs_plain, keep=False)
        types = self._type_log_odds(vectors, plain) + self.beside(passages)
        evidence = self._themes.read(texts, vectors, plain)
        scores = theme_scores(
            heads.theme_logits(evidence, self.ranked.theme_ids),
            probabilities(types),
            self.ranked,
            calibration,
        )
        if scores.shape[1] < 2:
            return types, np.zeros_like(scores)
        is_own = np.eye(scores.shape[1], dtype=np.bool_)
        others = np.where(is_own, -np.inf, scores[:, None, :])
        most = others.max(2)
        log_sum = most + np.log(np.exp(others - most[:, :, None]).sum(2))
        return types, np.asarray(scores - log_sum, dtype=np.float32)

    def _type_log_odds(self, vectors: Array, plain: Array | None) -> Array:
        """(n_texts, n_types) of the texts alone, in the codebook's order."""
        heads = self.model.heads
        known = type_log_odds(
            heads.type_logits(vectors, plain), heads.finding_types, self.model.calibration
        )
        return known[:, [heads.finding_types.index(one) for one in self.codebook.finding_type_ids]]

    def _suggestion(self, passage: Passage, types: Array, themes: Array) -> PassageSuggestions:
        ids = self.codebook.finding_type_ids
        chances = {code: round(float(p), 4) for code, p in zip(ids, types, strict=True)}
        strongest = sorted(ids, key=lambda code: -chances[code])
        return PassageSuggestions(
            passage=passage,
            probabilities=chances,
            labels=tuple(c for c in strongest if chances[c] >= self.thresholds[c]),
            themes=tuple(
                ThemeSuggestion(self.ranked.theme_ids[n], round(float(themes[n]), 4))
                for n in np.argsort(-themes, kind="stable")[:THEMES_SHOWN]
            ),
            by_words=self._by_words(passage),
        )

    def _by_words(self, passage: Passage) -> tuple[WordSuggestion, ...]:
        text = passage_text(passage)
        return tuple(
            WordSuggestion(theme, tuple(dict.fromkeys(text[start:end] for start, end in spans)))
            for theme, spans in self._words.find(text, passage.language).items()
        )


def used_for(model: Model, codebook: Codebook) -> Model:
    """The model as it is used for a codebook, also one that is foreign to it."""
    heads = heads_for(model.heads, codebook.as_learned)
    if heads is model.heads:
        return model
    # Its temperature is that of similarities that are not used here.
    return replace(
        model, heads=heads, calibration=replace(model.calibration, theme_temperature=1.0)
    )


class Worded(Protocol):
    """A passage, or what was read of it."""

    @property
    def text(self) -> str:
        """Its own words."""
        ...

    @property
    def lead_in(self) -> str:
        """The sentence that introduces it, '' for none."""
        ...


def passage_text(passage: Worded) -> str:
    """What the model reads of a passage: a bullet is read with the sentence that introduces it."""
    return f"{passage.lead_in} {passage.text}" if passage.lead_in else passage.text


def probabilities(log_odds: Array) -> Array:
    """What log-odds are as probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float32)


def type_probabilities(logits: Array, types: Sequence[str], calibration: Calibration) -> Array:
    """Calibrated probabilities, (n_passages, n_types), from logits of the same shape."""
    return probabilities(type_log_odds(logits, types, calibration))


def type_log_odds(logits: Array, types: Sequence[str], calibration: Calibration) -> Array:
    """The logits of the calibrated probabilities, (n_passages, n_types)."""
    slopes = np.array([calibration.slopes[code] for code in types], dtype=np.float32)
    intercepts = np.array([calibration.intercepts[code] for code in types], dtype=np.float32)
    return np.asarray(logits * slopes + intercepts, dtype=np.float32)


def theme_probabilities(
    logits: Array, types: Array, codebook: Codebook, calibration: Calibration
) -> Array:
    """(n_passages, n_themes): the share of belief in each theme, given that there is a finding.

    Args:
        logits: (n_passages, n_themes).
        types: (n_passages, n_types) probabilities; an obstacle's theme is likelier where the
            passage is likely an obstacle.
        codebook: says which themes go with which finding types.
        calibration: temperature and weight.
    """
    scores = theme_scores(logits, types, codebook, calibration)
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(scores / scores.sum(1, keepdims=True), dtype=np.float32)


def theme_scores(
    logits: Array, types: Array, codebook: Codebook, calibration: Calibration
) -> Array:
    """What ``theme_probabilities`` are the softmax of, from the same arguments."""
    goes_with = np.array(
        [
            [not theme.goes_with or code in theme.goes_with for code in codebook.finding_type_ids]
            for theme in codebook.themes
        ],
        dtype=np.float32,
    )
    share = (types @ goes_with.T + 0.05) / (types.sum(1, keepdims=True) + 0.05)
    return np.asarray(
        logits / calibration.theme_temperature + calibration.type_agreement * np.log(share),
        dtype=np.float32,
    )
