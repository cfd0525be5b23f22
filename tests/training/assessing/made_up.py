"""Examples with made-up vectors, and a model that knows a little of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from whatworks.labels.codebook import load_codebook
from whatworks.models.folder import Calibration, Model
from whatworks.models.heads import Array, Heads
from whatworks.nlp.passages import Passage, PassageId
from whatworks.training.assessing.passages import Labelled
from whatworks.training.examples import Example
from whatworks.training.ground import Ground

DIM = 24
CODEBOOK = load_codebook()
TYPES, THEMES = CODEBOOK.finding_type_ids, CODEBOOK.theme_ids
ANSWERS: tuple[tuple[str, ...], ...] = ((), *((code,) for code in TYPES))


def labelled_of(examples: Sequence[Example]) -> Labelled:
    """The examples with passages to show."""
    passages = tuple(
        Passage(
            id=PassageId(hashlib.sha256(one.id.encode()).hexdigest()[:16]),
            report=one.report,
            order=n,
            page=n // 4 + 1,
            heading=(),
            language=one.language,
            text=one.text,
            end=len(one.text),
        )
        for n, one in enumerate(examples, 1)
    )
    return Labelled("made up", tuple(examples), passages)


def ground(
    count: int = 240, *, reports: int = 12, noise: float = 0.55, seed: int = 5
) -> tuple[Ground, Labelled]:
    """Passages of which the vectors lie around a centre for each finding type and for none."""
    random = np.random.default_rng(seed)
    centres = _unit(random.normal(size=(len(ANSWERS), DIM)))
    kinds = random.integers(0, len(ANSWERS), count)
    vectors = _unit(centres[kinds] + random.normal(0, noise, (count, DIM)) / 2)
    examples = [
        Example(
            id=str(n),
            report=f"report {n * reports // count}",
            language="en" if n * reports // count % 2 else "fr",
            register="",
            text=f"passage {n}",
            labels=ANSWERS[kind],
            themes=(THEMES[int(kind)],) if kind else (),
        )
        for n, kind in enumerate(kinds)
    ]
    definitions = _unit(random.normal(size=(len(THEMES), DIM)))
    base = _base(centres)
    made = Ground(base, vectors, examples, CODEBOOK, base.heads.own_evidence(vectors, definitions))
    return made, labelled_of(examples)


def relabelled(made: Ground, labels: dict[int, tuple[str, ...]]) -> Ground:
    """The same with other labels for some."""
    examples = [
        replace(one, labels=labels.get(n, one.labels)) for n, one in enumerate(made.examples)
    ]
    return replace(made, examples=examples)


def _base(centres: Array) -> Model:
    heads = Heads(
        finding_types=TYPES,
        type_weights=(3 * centres[1:]).astype(np.float32),
        type_biases=np.full(len(TYPES), -2, dtype=np.float32),
        themes=THEMES,
        theme_weights=np.zeros((len(THEMES), DIM), dtype=np.float32),
        theme_biases=np.zeros(len(THEMES), dtype=np.float32),
        similarity_scale=5.0,
    )
    calibration = Calibration(
        slopes=dict.fromkeys(TYPES, 1.0),
        intercepts=dict.fromkeys(TYPES, 0.0),
        thresholds=dict.fromkeys(TYPES, 0.5),
    )
    return Model("base", "1", "none", heads, calibration)


def _unit(vectors: np.ndarray) -> Array:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
