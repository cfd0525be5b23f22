"""A model in the place of the project's: it knows two topics, and needs no torch."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from whatworks.labels.codebook import Codebook
from whatworks.labels.project import Project
from whatworks.labels.store.codebooks import current_codebook
from whatworks.models.folder import STARTER, Calibration, Model, load_model
from whatworks.models.heads import Array, Heads
from whatworks.models.known_codes import KnownCodes, known_codes
from whatworks.models.prelabel import model_info, prelabel
from whatworks.models.suggester import EncoderSuggester
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import Progress
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache

TOPICS = (("well", "pump", "water"), ("fund", "fonds", "money"))


class TopicEncoder:
    """Texts are about water, about money, or about neither."""

    name = "topics"
    fingerprint = "topics"

    def __init__(self) -> None:
        self.wait_s = 0.0
        self.seen: list[str] = []
        self.broken = ""
        """What is wrong with it, if anything."""

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        if self.broken:
            raise WhatworksError(self.broken)
        time.sleep(self.wait_s)
        self.seen += texts
        rows = [[*(_has(text, topic) for topic in TOPICS), 0.1] for text in texts]
        vectors = np.array(rows, np.float32)
        found: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return found

    def suggester(
        self, project: Project, codebook: Codebook, *, model: str | None = None, **_: Any
    ) -> tuple[EncoderSuggester, KnownCodes]:
        """That of the project's own model, or of the one named; else of what it begins with."""
        cached = CachedEncoder(self, VectorCache(cache_folder() / "vectors.sqlite"))
        name = model or project.settings.model
        if name == STARTER:
            made = self._beginning(codebook)
        else:
            made = load_model(name if model else project.folder / name)
        known = known_codes(codebook, made.heads.finding_types, made.heads.themes)
        return EncoderSuggester(made, cached, known.codebook), known

    def _beginning(self, codebook: Codebook) -> Model:
        """What is about water is an obstacle, what is about money a lesson."""
        types, themes = codebook.finding_type_ids, codebook.theme_ids
        weights = np.zeros((len(types), 3), np.float32)
        weights[types.index("obstacle"), 0] = weights[types.index("lesson"), 1] = 4
        about = np.zeros((len(themes), 3), np.float32)
        about[themes.index("local-presence"), 0] = 5
        heads = Heads(
            finding_types=types,
            type_weights=weights,
            type_biases=np.full(len(types), -2, np.float32),
            themes=themes,
            theme_weights=about,
            theme_biases=np.zeros(len(themes), np.float32),
            similarity_scale=0.0,
        )
        even, half = dict.fromkeys(types, 1.0), dict.fromkeys(types, 0.5)
        calibration = Calibration(even, dict.fromkeys(types, 0.0), half, type_agreement=0.0)
        return Model("topics", "1", "topics", heads, calibration)

    def prelabel(self, project: Project) -> None:
        """As ``whatworks prelabel`` does."""
        with project.store.reading() as connection:
            codebook = current_codebook(connection)
        suggester, known = self.suggester(project, codebook.codebook)
        info = model_info(suggester.model, self.name)
        prelabel(project.store, suggester, known, info, codebook.id)


def _has(text: str, topic: Sequence[str]) -> bool:
    return any(word in text.lower() for word in topic)
