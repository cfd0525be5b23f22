"""What whatworks says, for the comparison with its peers."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import whatworks
from whatworks.labels.codebook import Codebook, FindingType, Theme, load_codebook
from whatworks.models.folder import LAYERS_FILE, Model, load_model
from whatworks.models.heads import Array, Heads, ThemeEvidence
from whatworks.models.plain import VectorReader, vector_reader
from whatworks.models.suggester import used_for
from whatworks.models.themes import ThemeReader
from whatworks.nlp.bundled import bundled_encoder
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import BUNDLED, SentenceEncoder
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache
from whatworks.training.examples import Example
from whatworks.training.finetune import FineTuning, epochs_for, fine_tune
from whatworks.training.frozen import fit_heads
from whatworks.training.layers import LowerStates
from whatworks.training.refit import PLAIN_SHARE, by_plain, refit, with_plain

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
    ways = {"corpus": _by_types_alone, "dref-label": _by_finding_types, "sdg": _by_definitions}
    way = ways.get(task, _by_themes)
    return way(seen_texts, seen_labels, definitions, held_out_texts)


@cache
def vectors_of(texts: tuple[str, ...], *, tuned: bool) -> Array:
    """(n_texts, dim) of the starter's encoder, or of the bundled one as it is; kept on disk too."""
    return _encoder(tuned=tuned).encode(texts)


@cache
def _encoder(*, tuned: bool) -> CachedEncoder:
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
    """The starter fine-tuned: what IFRC calls a challenge is an obstacle."""
    codebook = load_codebook()
    examples = _examples(seen_texts, [DREF_TYPES[label] for label in seen_labels])
    with _tuned(examples, codebook, load_model()) as (heads, encoder):
        said = by_plain(_plain(seen_texts), examples, codebook, load_model().heads)
        heads = with_plain(heads, said, PLAIN_SHARE)
        logits = heads.type_logits(encoder.encode(held_out_texts), _plain(held_out_texts))
    columns = [heads.finding_types.index(DREF_TYPES[label]) for label in definitions]
    return _one_each(logits[:, columns], definitions, seen_labels)


def _by_themes(
    seen_texts: Sequence[str],
    seen_labels: Sequence[str],
    definitions: Mapping[str, str],
    held_out_texts: Sequence[str],
) -> list[str]:
    """`whatworks train`: heads of the starter, with the labels as themes of a foreign codebook."""
    codebook = _of_themes(definitions)
    examples = [
        Example(str(n), "", "", "", text, ("obstacle",), (label,))
        for n, (text, label) in enumerate(zip(seen_texts, seen_labels, strict=True))
    ]
    starter = used_for(load_model(), codebook)
    seen, held_out = (_evidence(starter, codebook, texts) for texts in (seen_texts, held_out_texts))
    made = refit(
        starter, _tuned_vectors(seen_texts), examples, codebook, seen, plain=_plain(seen_texts)
    )
    return _best(made.heads.theme_logits(held_out, codebook.theme_ids), definitions)


def _of_themes(definitions: Mapping[str, str]) -> Codebook:
    return Codebook(
        id="benchmark",
        version=1,
        title="Benchmark",
        finding_types=(FindingType("obstacle", {"en": "Obstacle"}, "What hindered."),),
        themes=tuple(Theme(label, {"en": label}, text) for label, text in definitions.items()),
    )


def _evidence(model: Model, codebook: Codebook, texts: Sequence[str]) -> ThemeEvidence:
    reader = ThemeReader(model.heads, codebook, _reader())
    return reader.read(texts, _tuned_vectors(texts), _plain(texts))


@cache
def _reader() -> VectorReader:
    return vector_reader(load_model(), _encoder(tuned=True))


def _plain(texts: Sequence[str]) -> Array:
    return _reader().plain(tuple(texts))


def _tuned_vectors(texts: Sequence[str]) -> Array:
    return vectors_of(tuple(texts), tuned=True)


def _by_types_alone(
    seen_texts: Sequence[str],
    seen_labels: Sequence[str],
    definitions: Mapping[str, str],
    held_out_texts: Sequence[str],
) -> list[str]:
    """The bundled encoder fine-tuned, without the starter, which has seen this corpus."""
    types = tuple(FindingType(label, {"en": label}, text) for label, text in definitions.items())
    # A theme that nobody has given: nothing is learned of it.
    themes = (Theme("any", {"en": "Any"}, "Anything."),)
    codebook = Codebook(id="benchmark", version=1, title="", finding_types=types, themes=themes)
    examples = _examples(seen_texts, seen_labels)
    with _tuned(examples, codebook, None) as (_, encoder):
        heads = fit_heads(encoder.encode(seen_texts), examples, codebook)
        held_out = encoder.encode(held_out_texts)
    return _one_each(heads.type_logits(held_out), definitions, seen_labels)


@contextmanager
def _tuned(
    examples: Sequence[Example], codebook: Codebook, start: Model | None
) -> Iterator[tuple[Heads, SentenceEncoder]]:
    """Heads and encoder after `whatworks train --fine-tune`'s training, all labels in it."""
    config = FineTuning(epochs=epochs_for(len(examples)))
    with TemporaryDirectory() as folder:
        heads = fine_tune(
            bundled_encoder(), examples, codebook, config, Path(folder), start=start, lower=_lower()
        )
        yield heads, SentenceEncoder(layers=Path(folder) / LAYERS_FILE)


@cache
def _lower() -> LowerStates:
    return LowerStates(bundled_encoder(), FineTuning().layers, FineTuning().max_tokens)


def _by_definitions(
    seen_texts: Sequence[str],
    seen_labels: Sequence[str],
    definitions: Mapping[str, str],
    held_out_texts: Sequence[str],
) -> list[str]:
    """By the similarity with each definition, as themes that nobody has given yet."""
    codebook = _of_themes(definitions)
    starter = used_for(load_model(), codebook)
    held_out = _evidence(starter, codebook, held_out_texts)
    return _best(starter.heads.theme_logits(held_out, codebook.theme_ids), definitions)


def _examples(texts: Sequence[str], labels: Sequence[str]) -> list[Example]:
    return [
        Example(str(n), "", "", "", text, (label,), ())
        for n, (text, label) in enumerate(zip(texts, labels, strict=True))
    ]


def _one_each(logits: Array, labels: Mapping[str, str], seen: Sequence[str]) -> list[str]:
    """The one finding type of each text.

    whatworks asks of each whether a passage holds it, and people may say several; here only one can
    be right, and macro F1 counts a rare one like a common one. Logits are adjusted by half of how
    common each is (Menon et al. 2021), as themes are in ``refit``; peers are balanced likewise.
    """
    shares = np.array([max(1, seen.count(label)) / len(seen) for label in labels])
    return _best(logits - 0.5 * np.log(shares).astype(np.float32), labels)


def _best(scores: Array, labels: Mapping[str, str]) -> list[str]:
    names = list(labels)
    return [names[int(n)] for n in np.argmax(scores, axis=1)]
