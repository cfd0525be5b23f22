"""An encoder whose vectors can be worked out by hand."""

from collections.abc import Sequence

import numpy as np

from whatworks.models.heads import Array
from whatworks.nlp.encoders import Progress


class Letters:
    """Unit vectors that count how often each letter of the alphabet stands in a text."""

    name = "letters"
    fingerprint = "letters"

    def __init__(self) -> None:
        self.read: list[str] = []
        """All texts that it was given."""

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        self.read += texts
        counts = np.array(
            [[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts],
            dtype=np.float32,
        ).reshape(len(texts), 26)
        return counts / np.maximum(1e-6, np.linalg.norm(counts, axis=1, keepdims=True))
