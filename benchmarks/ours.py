"""What whatworks says, for the comparison with its peers."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

import whatworks
from whatworks.labels.codebook import Codebook, FindingType, Theme, load_codebook
from whatworks.models.folder import load_model
from whatworks.models.heads import Array
from whatworks.models.suggester import type_probabilities
from whatworks.nlp.encoders import BUNDLED, CachedEncoder, SentenceEncoder
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache
from whatworks.training.examples import Example
from whatworks.training.frozen import fit_heads
from whatworks.training.refit import refit

DREF_TYPES = {"challenge": "obstacle", "lesson": "lesson", "success": "success_factor"}


def whatworks_predict(
    task: str,
    seen_texts: Sequence[str],
    seen_labels: Sequence[str],
    definitions: Mapping[str, str],
    held_out_texts: Sequence[str],
) -> list[str]:
    """The label of each held-out text.

    Args:
        task: Its name; see benchmarks/tasks.py.
        seen_texts: What is learned from; nothing in the task 'sdg'.
        seen_labels: One of each text.
        definitions: Label to its definition; all labels are here.
        held_out_texts: What is to be labelled.
    """
    ways = {"corpus": _by_frozen_heads, "dref-label": _by_finding_types, "sdg": _by_definitions}
    way = ways.get(task, _by_themes)
    return way(seen_texts, seen_labels, definitions, held_out_texts)


@cache
def vectors_of(texts: tuple[str, ...], *, tuned: bool) -> Array:
    """(n_texts, dim) of the starter's encoder, or of the bundled one as it is; kept on disk too."""
    return _encoder(tuned).encode(texts)


@cache
def _encoder(tuned: bool) -> CachedEncoder:
    starter = load_model()
    one = SentenceEncoder(starter.encoder, layers=starter.layers) if tuned else SentenceEncoder()
    assert tuned or one.name == BUNDLED
    return CachedEncoder(one, VectorCache(cache_folder() / "vectors.sqlite"))


@cache
def fingerprint() -> str:
    """Changes with this file, the starter and the code that it is refitted and applied with."""
    root = Path(whatworks.__file__).parent
    files = [Path(__file__), *(root / "models" / "starter").iterdir()]
    files += [*(root / "models").glob("*.py"), *(root / "training").glob("*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _by_finding_types(
    seen_texts: Sequence[str],
    seen_labels: Sequence[str],
    definitions: Mapping[str, str],
    held_out_texts: Sequence[str],
) -> list[str]:
    """The starter refitted: what IFRC calls a challenge is an obstacle."""
    codebook = load_codebook()
    themes = vectors_of(tuple(theme.description for theme in codebook.themes), tuned=True)
    examples = _examples(seen_texts, [DREF_TYPES[label] for label in seen_labels])
    seen = vectors_of(tuple(seen_texts), tuned=True)
    model = refit(load_model(), seen, examples, codebook, themes)
    logits = model.heads.type_logits(vectors_of(tuple(held_out_texts), tuned=True))
    chances = type_probabilities(logits, model.heads.finding_types, model.calibration)
    columns = [model.heads.finding_types.index(DREF_TYPES[label]) for label in definitions]
    return _best(chances[:, columns], definitions)


def _by_themes(
    seen_texts: Sequence[str],
    seen_labels: Sequence[str],
    definitions: Mapping[str, str],
    held_out_texts: Sequence[str],
) -> list[str]:
    """The starter refitted with the labels as themes of an office's own codebook."""
    # Without finding types: all these texts are findings.
    codebook = Codebook(
        id="benchmark",
        version=1,
        title="Benchmark",
        finding_types=(),
        themes=tuple(Theme(label, {"en": label}, text) for label, text in definitions.items()),
    )
    described = vectors_of(tuple(definitions.values()), tuned=True)
    examples = [
        Example(str(n), "", "", "", text, ("finding",), (label,))
        for n, (text, label) in enumerate(zip(seen_texts, seen_labels, strict=True))
    ]
    seen = vectors_of(tuple(seen_texts), tuned=True)
    heads = refit(load_model(), seen, examples, codebook, described).heads
    held_out = vectors_of(tuple(held_out_texts), tuned=True)
    return _best(heads.theme_logits(held_out, codebook.theme_ids, described), definitions)


def _by_frozen_heads(
    seen_texts: Sequence[str],
    seen_labels: Sequence[str],
    definitions: Mapping[str, str],
    held_out_texts: Sequence[str],
) -> list[str]:
    """Heads on the bundled encoder as it is: the starter has seen this corpus."""
    types = tuple(FindingType(label, {"en": label}, text) for label, text in definitions.items())
    codebook = Codebook(id="benchmark", version=1, title="", finding_types=types, themes=())
    seen = vectors_of(tuple(seen_texts), tuned=False)
    heads = fit_heads(seen, _examples(seen_texts, seen_labels), codebook)
    held_out = vectors_of(tuple(held_out_texts), tuned=False)
    return _best(heads.type_logits(held_out), definitions)


def _by_definitions(
    seen_texts: Sequence[str],
    seen_labels: Sequence[str],
    definitions: Mapping[str, str],
    held_out_texts: Sequence[str],
) -> list[str]:
    """By the similarity with each definition, as themes that nobody has given yet."""
    described = vectors_of(tuple(definitions.values()), tuned=True)
    held_out = vectors_of(tuple(held_out_texts), tuned=True)
    return _best(
        load_model().heads.theme_logits(held_out, tuple(definitions), described), definitions
    )


def _examples(texts: Sequence[str], labels: Sequence[str]) -> list[Example]:
    return [
        Example(str(n), "", "", "", text, (label,), ())
        for n, (text, label) in enumerate(zip(texts, labels, strict=True))
    ]


def _best(scores: Array, labels: Mapping[str, str]) -> list[str]:
    names = list(labels)
    return [names[int(n)] for n in np.argmax(scores, axis=1)]
