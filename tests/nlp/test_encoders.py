"""Encoders, on a tiny real model; the slow tests use the bundled one."""

import json
import shutil
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from whatworks.nlp import encoders
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import Array, Progress, SentenceEncoder, prompt_prefix
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.vectors import VectorCache

TEXTS = ["Short.", "A passage of middling length about roads.", "x " * 300, "Short.", ""]


class Counting:
    """An encoder that remembers what it was asked."""

    name = "counting"
    fingerprint = "c0"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        self.asked += texts
        if on_progress is not None:
            on_progress(len(texts), len(texts))
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_vectors_are_unit_vectors_in_the_order_of_the_texts(tiny_encoder: Path) -> None:
    encoder = SentenceEncoder(str(tiny_encoder))
    together = encoder.encode(TEXTS)
    assert together.shape == (5, 32)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=2e-3)
    for row, text in enumerate(TEXTS):
        alone = encoder.encode([text])[0]
        assert together[row] @ alone > 0.999, text
    np.testing.assert_array_equal(together[0], together[3])


def test_vectors_agree_with_plain_sentence_transformers(tiny_encoder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(tiny_encoder), device="cpu").encode(TEXTS)
    ours = SentenceEncoder(str(tiny_encoder)).encode(TEXTS)
    assert (plain * ours).sum(1).min() > 0.999


def test_no_texts_give_no_vectors(tiny_encoder: Path) -> None:
    assert SentenceEncoder(str(tiny_encoder)).encode([]).shape == (0, 0)


def test_progress_reaches_the_number_of_texts(tiny_encoder: Path) -> None:
    seen: list[tuple[int, int]] = []
    SentenceEncoder(str(tiny_encoder)).encode(TEXTS, on_progress=lambda *now: seen.append(now))
    assert seen[-1] == (5, 5)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_batches_stay_within_the_token_budget() -> None:
    lengths = [*range(1, 400), 512, 512]
    order = sorted(range(len(lengths)), key=lambda n: lengths[n])
    batches = encoders._batches(order, lengths)
    assert [n for batch in batches for n in batch] == order
    for batch in batches:
        assert len(batch) * max(lengths[n] for n in batch) <= encoders._TOKENS_PER_BATCH


def test_a_text_longer_than_the_model_is_cut_not_refused(tiny_encoder: Path) -> None:
    assert SentenceEncoder(str(tiny_encoder)).encode(["word " * 5000]).shape == (1, 32)


def test_tuned_layers_change_vectors_and_fingerprint(tiny_encoder: Path, tiny_layers: Path) -> None:
    plain = SentenceEncoder(str(tiny_encoder))
    other = SentenceEncoder(str(tiny_encoder), layers=tiny_layers)
    assert plain.fingerprint != other.fingerprint
    assert not np.allclose(plain.encode(TEXTS), other.encode(TEXTS))


def test_layers_of_another_encoder_are_refused(tiny_encoder: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    save_file(
        {"encoder.layer.9.output.dense.weight": torch.zeros(2, 2)}, tmp_path / "l.safetensors"
    )
    encoder = SentenceEncoder(str(tiny_encoder), layers=tmp_path / "l.safetensors")
    with pytest.raises(WhatworksError, match="do not belong to"):
        encoder.encode(["text"])


@pytest.mark.parametrize("name", ["./none", "none", "/no/such/folder"])
def test_a_missing_folder_is_an_error_with_a_cure(name: str) -> None:
    with pytest.raises(WhatworksError, match="There is no encoder folder"):
        SentenceEncoder(name).encode(["text"])


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model")
    with pytest.raises(WhatworksError, match="cannot be loaded"):
        SentenceEncoder(str(tmp_path)).encode(["text"])


def test_only_e5_models_get_the_query_prefix() -> None:
    assert prompt_prefix("bundled") == "query: "
    assert prompt_prefix("intfloat/multilingual-e5-base") == "query: "
    assert prompt_prefix("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2") == ""
    assert prompt_prefix("/models/free5ive") == ""


def test_a_folder_s_own_prompt_goes_before_what_its_name_says(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    plain = SentenceEncoder(str(tiny_encoder)).encode(["query: text", "text", "said: text"])
    named = Path(shutil.copytree(tiny_encoder, tmp_path / "tiny-e5"))
    # Batches of other lengths round otherwise, by less than another prompt makes.
    assert all(abs(one - other).max() > 0.01 for one, other in combinations(plain, 2))
    np.testing.assert_allclose(SentenceEncoder(str(named)).encode(["text"])[0], plain[0], atol=1e-3)
    settings = named / "config_sentence_transformers.json"
    for prompt, same in (("", 1), ("said: ", 2)):
        said = json.loads(settings.read_text("utf-8"))
        said |= {"prompts": {"mine": prompt}, "default_prompt_name": "mine"}
        settings.write_text(json.dumps(said), "utf-8")
        found = SentenceEncoder(str(named)).encode(["text"])
        np.testing.assert_allclose(found[0], plain[same], atol=1e-3)


@pytest.mark.parametrize("damage", ["cut", "shape"])
def test_damaged_layers_are_an_error_with_a_cure(
    tiny_encoder: Path, tmp_path: Path, damage: str
) -> None:
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "layers.safetensors"
    save_file({"encoder.layer.1.output.dense.bias": torch.zeros(3)}, path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(WhatworksError, match="are damaged|do not belong to"):
        SentenceEncoder(str(tiny_encoder), layers=path).encode(["text"])


def test_no_text_is_encoded_twice_within_or_across_runs(tmp_path: Path) -> None:
    inner = Counting()
    cache = VectorCache(tmp_path / "vectors.sqlite")
    first = CachedEncoder(inner, cache).encode(["a", "bb", "a"])
    assert inner.asked == ["a", "bb"]
    again = CachedEncoder(inner, VectorCache(tmp_path / "vectors.sqlite")).encode(
        ["bb", "ccc", "a"]
    )
    assert inner.asked == ["a", "bb", "ccc"]
    np.testing.assert_array_equal(first[:, 0], [1, 2, 1])
    np.testing.assert_array_equal(again[:, 0], [2, 3, 1])


def test_another_encoder_shares_no_vectors(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    one, other = Counting(), Counting()
    other.fingerprint = "c1"
    CachedEncoder(one, cache).encode(["a"])
    CachedEncoder(other, cache).encode(["a"])
    assert other.asked == ["a"]


def test_what_an_interrupted_run_encoded_is_kept(tmp_path: Path) -> None:
    class Failing(Counting):
        def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
            if len(self.asked) >= 512:
                raise KeyboardInterrupt
            return super().encode(texts, on_progress=on_progress)

    cache = VectorCache(tmp_path / "vectors.sqlite")
    texts = [f"text {n}" for n in range(700)]
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Failing(), cache).encode(texts)
    rest = Counting()
    CachedEncoder(rest, cache).encode(texts)
    assert rest.asked == texts[512:]


def test_cached_progress_counts_all_texts(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    CachedEncoder(Counting(), cache).encode(["a", "b"])
    seen: list[tuple[int, int]] = []
    CachedEncoder(Counting(), cache).encode(
        ["a", "b", "c"], on_progress=lambda *now: seen.append(now)
    )
    assert seen == [(3, 3), (3, 3)]
