"""Themes of a codebook that is foreign to the model, and of one that is not."""

import string
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from whatworks.labels.codebook import Codebook, FindingType, Theme, load_codebook
from whatworks.models.folder import load_model, save_model
from whatworks.models.heads import Array, ThemeEvidence
from whatworks.models.ngrams import N_COLUMNS
from whatworks.models.plain import VectorReader
from whatworks.models.prelabel import model_info
from whatworks.models.suggester import EncoderSuggester, used_for
from whatworks.models.themes import ThemeReader
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import BUNDLED, Progress, SentenceEncoder
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import Passage, PassageId
from whatworks.nlp.vectors import VectorCache
from whatworks.training.examples import Example
from whatworks.training.own import ground_of

CODEBOOK = load_codebook()
FOREIGN = Codebook(
    id="health",
    version=1,
    title="Health",
    finding_types=(FindingType("obstacle", {"en": "Obstacle"}, "What hindered."),),
    themes=(
        Theme("vaccines", {"en": "Vaccines"}, "Vaccines, cold chain."),
        Theme("nurses", {"en": "Nurses"}, "Nurses, midwives."),
        Theme("clinics", {"en": "Clinics"}, "Clinics, buildings."),
    ),
)
TEXTS = ["Vaccines spoiled in the cold chain.", "A midwife left.", "The clinics have no roof."]


class Letters:
    """Counts letters, from the first or from another on, so that two of them differ."""

    name = "letters"

    def __init__(self, first: int = 0, size: int = 8) -> None:
        self.first, self.size = first, size
        self.fingerprint = f"letters {first}"

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        letters = string.printable[10:][self.first : self.first + self.size]
        rows = [[1 + text.count(one) for one in letters] for text in texts]
        found = np.array(rows, dtype=np.float32).reshape(len(texts), self.size)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def passage(text: str) -> Passage:
    return Passage(PassageId("0" * 16), "r.pdf", 1, 1, (), "en", text)


def foreign_themes() -> Codebook:
    """The shipped codebook with the foreign themes, and as many of its own as are wanted."""
    return replace(CODEBOOK, themes=FOREIGN.themes)


def test_a_codebook_is_foreign_when_fewer_than_half_of_its_themes_were_learned() -> None:
    model = load_model()
    assert used_for(model, CODEBOOK) is model
    half = replace(CODEBOOK, themes=(*FOREIGN.themes, *CODEBOOK.themes[:3]))
    assert used_for(model, half) is model
    found = used_for(model, replace(half, themes=half.themes[:5]))
    assert found.heads.by_definition
    assert found.heads.themes == ()
    assert found.calibration.theme_temperature == 1
    np.testing.assert_array_equal(found.heads.type_weights, model.heads.type_weights)


def test_themes_of_a_foreign_codebook_are_told_by_the_untuned_encoder_and_by_words() -> None:
    heads = used_for(load_model(), foreign_themes()).heads
    tuned, untuned = Letters(8), Letters()
    reader = VectorReader(tuned, untuned, np.full(8, 0.3, dtype=np.float32))

    def read(texts: list[str]) -> ThemeEvidence:
        return ThemeReader(heads, FOREIGN, reader).read(texts, *reader.read(texts, with_plain=True))

    found = read(TEXTS)
    assert found.vectors.shape == (3, 16)
    np.testing.assert_array_equal(found.vectors[:, 8:], tuned.encode(TEXTS))
    apart = untuned.encode(TEXTS) - 0.3
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    np.testing.assert_allclose(found.vectors[:, :8], apart, rtol=1e-5)
    among = untuned.encode([theme.description for theme in FOREIGN.themes]) - 0.3
    among /= np.linalg.norm(among, axis=1, keepdims=True)
    by_words = found.prior - 10 * apart @ (among - among.mean(0)).T
    # Each has words of one definition alone; of the second, no whole one.
    assert by_words.argmax(1).tolist() == [0, 1, 2]
    assert (by_words.max(1) > 0.1).all()
    (alone,) = read(["Zzz."]).prior
    (away,) = untuned.encode(["Zzz."]) - 0.3
    away /= np.linalg.norm(away)
    np.testing.assert_allclose(alone, 10 * (among - among.mean(0)) @ away, atol=1e-4)


def test_an_encoder_that_was_never_tuned_is_asked_once() -> None:
    heads = used_for(load_model(), foreign_themes()).heads
    one = Letters()
    reader = VectorReader(one, one, None)
    found = ThemeReader(heads, FOREIGN, reader).read(TEXTS, *reader.read(TEXTS, with_plain=True))
    np.testing.assert_array_equal(found.vectors, one.encode(TEXTS))


def test_what_was_learned_of_a_foreign_codebook_is_saved_and_suggested_by(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = SentenceEncoder(load_model(tiny_model).encoder)
    # As if it had been tuned, from one that counts letters.
    monkeypatch.setattr("whatworks.models.plain.SentenceEncoder", lambda _: Letters(size=32))
    base = replace(load_model(tiny_model), tuned_from=BUNDLED)
    names = foreign_themes().theme_ids
    examples = [
        Example(str(n), f"r{n % 4}", "en", "", f"{text} {n}", ("obstacle",), (names[n % 3],))
        for n, text in enumerate(TEXTS * 8)
    ]
    # What people say is not what the definitions say.
    examples = [replace(one, themes=(names[(n + 1) % 3],)) for n, one in enumerate(examples)]
    save_model(ground_of(base, encoder, foreign_themes(), examples).model(), tmp_path / "made")
    made = load_model(tmp_path / "made")
    assert made.heads.by_definition
    assert made.heads.theme_weights.shape == (3, 64)
    assert made.heads.ngram_weights is not None
    assert made.heads.ngram_weights.shape == (3, N_COLUMNS)
    found = [
        EncoderSuggester(one, encoder, foreign_themes()).suggest([passage(f"{TEXTS[0]} 30")])
        for one in (base, made)
    ]
    assert [one[0].themes[0].theme for one in found] == ["vaccines", "nurses"]
    save_model(replace(made, tuned_from=""), tmp_path / "other")
    with pytest.raises(WhatworksError, match="the heads do not fit"):
        load_model(tmp_path / "other")
    half = replace(made, heads=replace(made.heads, ngram_rarity=None))
    save_model(half, tmp_path / "half")
    with pytest.raises(WhatworksError, match="character n-grams, half is missing"):
        load_model(tmp_path / "half")
    assert model_info(half, BUNDLED).fingerprint != model_info(made, BUNDLED).fingerprint


def test_a_model_that_names_an_encoder_it_was_tuned_from_must_name_the_bundled_one(
    tiny_model: Path, tmp_path: Path
) -> None:
    save_model(replace(load_model(tiny_model), tuned_from="someone/else"), tmp_path / "m")
    with pytest.raises(WhatworksError, match="tuned from 'someone/else', which does not come with"):
        load_model(tmp_path / "m")


def test_what_is_not_used_for_a_foreign_codebook_is_there_for_the_next_one(
    tiny_model: Path,
) -> None:
    model = load_model(tiny_model)
    encoder = SentenceEncoder(model.encoder)
    foreign = EncoderSuggester(model, encoder, foreign_themes())
    assert foreign.model.heads.themes == ()
    then, ever = (EncoderSuggester(one, encoder, CODEBOOK) for one in (foreign.whole, model))
    assert then.suggest([passage(TEXTS[0])]) == ever.suggest([passage(TEXTS[0])])


def test_words_left_out_leave_nothing_in_the_cache(tiny_model: Path, tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    model = load_model(tiny_model)
    one = EncoderSuggester(
        model, CachedEncoder(SentenceEncoder(model.encoder), cache), foreign_themes()
    )
    one.suggest([passage(TEXTS[0])])
    before = cache.count()
    one.log_odds([passage(text) for text in TEXTS])
    assert cache.count() == before
