"""The vectors that an encoder gave before it was tuned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.models.folder import load_model, save_model
from whatworks.models.plain import vector_reader
from whatworks.models.prelabel import model_info
from whatworks.models.suggester import EncoderSuggester
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import BUNDLED, SentenceEncoder
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import Passage, PassageId
from whatworks.nlp.vectors import VectorCache
from whatworks.training.examples import Example
from whatworks.training.own import ground_of

CODEBOOK = load_codebook()
TEXTS = ["Trucks came late.", "We learned to ask first.", "Radio spots worked.", "Rain."]


@pytest.fixture
def tuned_model(tiny_model: Path, tiny_layers: Path, tmp_path: Path) -> Path:
    """The tiny model with a tuned upper layer, as the starter has four."""
    folder = tmp_path / "tuned"
    mean = np.full(32, 0.01, dtype=np.float32)
    model = load_model(tiny_model)
    save_model(replace(model, heads=replace(model.heads, mean=mean)), folder)
    tiny_layers.rename(folder / "layers.safetensors")
    return folder


def test_plain_vectors_are_those_of_the_untuned_encoder_less_their_mean(tuned_model: Path) -> None:
    model = load_model(tuned_model)
    reader = vector_reader(model, SentenceEncoder(model.encoder, layers=model.layers))
    vectors, plain = reader.read(TEXTS, with_plain=True)
    assert plain is not None
    np.testing.assert_array_equal(
        vectors, SentenceEncoder(model.encoder, layers=model.layers).encode(TEXTS)
    )
    apart = SentenceEncoder(model.encoder).encode(TEXTS) - 0.01
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    np.testing.assert_allclose(plain, apart, rtol=1e-5)
    np.testing.assert_array_equal(plain, reader.plain(TEXTS))
    assert reader.read(TEXTS, with_plain=False)[1] is None
    assert [len(one) for one in reader.read([], with_plain=True) if one is not None] == [0, 0]


def test_the_untuned_encoder_shares_the_cache_and_is_the_model_s_own_where_none_was_tuned(
    tmp_path: Path,
) -> None:
    starter = load_model()
    cached = CachedEncoder(SentenceEncoder(layers=starter.layers), VectorCache(tmp_path / "v"))
    found = vector_reader(starter, cached).untuned
    assert isinstance(found, CachedEncoder)
    assert found.cache is cached.cache
    assert found.fingerprint == SentenceEncoder(BUNDLED).fingerprint != cached.fingerprint
    assert vector_reader(replace(starter, layers=None), cached).untuned is cached
    exported = replace(starter, layers=None, encoder="/a/folder", tuned_from=BUNDLED)
    assert vector_reader(exported, cached).untuned.name == BUNDLED


def suggester(folder: Path, cache: VectorCache, *, learns: bool = False) -> EncoderSuggester:
    model = load_model(folder)
    encoder = CachedEncoder(SentenceEncoder(model.encoder, layers=model.layers), cache)
    return EncoderSuggester(model, encoder, CODEBOOK, learns=learns)


def passages() -> list[Passage]:
    return [
        Passage(PassageId(f"{n:016}"), "r.pdf", n, 1, (), "en", text)
        for n, text in enumerate(TEXTS)
    ]


def test_where_something_will_be_learned_plain_vectors_are_kept_as_well(
    tuned_model: Path, tmp_path: Path
) -> None:
    counts, said = [], []
    for learns in (False, True):
        cache = VectorCache(tmp_path / f"{learns}.sqlite")
        said.append(suggester(tuned_model, cache, learns=learns).suggest(passages()))
        counts.append(cache.count())
    assert counts[1] == counts[0] + len(TEXTS)
    assert said[0] == said[1]


def test_a_model_that_learned_from_plain_vectors_is_saved_and_suggests_by_them(
    tuned_model: Path, tmp_path: Path
) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    base = suggester(tuned_model, cache)
    said = [
        Example(str(n), f"r{n}", "en", "", text, ("lesson",) if n == 1 else (), ())
        for n, text in enumerate(TEXTS)
    ]
    ground = ground_of(base.model, base.encoder, CODEBOOK, said * 5)
    made = ground.model()
    assert made.heads.type_corrections is not None
    save_model(made, tmp_path / "made")
    (tmp_path / "made/layers.safetensors").write_bytes(
        (tuned_model / "layers.safetensors").read_bytes()
    )
    one = suggester(tmp_path / "made", cache)
    rows = np.arange(len(TEXTS))
    wanted = ground.said_by(made, rows).probabilities
    found = one.suggest(passages())
    for row, suggestion in enumerate(found):
        np.testing.assert_allclose(list(suggestion.probabilities.values()), wanted[row], atol=2e-4)
    # Word by word it says the same of the whole passage, and keeps nothing.
    count = cache.count()
    types, _ = one.log_odds(passages())
    np.testing.assert_allclose(1 / (1 + np.exp(-types)), wanted, atol=1e-2)
    assert cache.count() == count
    moved = replace(made, heads=replace(made.heads, type_corrections=2 * made.heads.type_weights))
    assert model_info(moved, "bundled").fingerprint != model_info(made, "bundled").fingerprint


def test_corrections_that_do_not_fit_are_refused(tuned_model: Path, tmp_path: Path) -> None:
    model = load_model(tuned_model)
    for shape, layers, why in (
        ((4, 31), True, "do not fit the names"),
        ((4, 32), False, "before its encoder was tuned"),
    ):
        heads = replace(model.heads, type_corrections=np.ones(shape, dtype=np.float32))
        folder = tmp_path / why
        save_model(replace(model, heads=heads), folder)
        if layers:
            (folder / "layers.safetensors").write_bytes(
                (tuned_model / "layers.safetensors").read_bytes()
            )
        with pytest.raises(WhatworksError, match=why):
            load_model(folder)
