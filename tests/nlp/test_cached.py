"""A tuned encoder and what it was before, asked together."""

from pathlib import Path

import numpy as np
import pytest

from whatworks.nlp.cached import CachedEncoder, encode_both
from whatworks.nlp.encoders import Array, Encoder, SentenceEncoder
from whatworks.nlp.vectors import VectorCache

TEXTS = ["The roads were closed.", "Partners met weekly.", "", "Partners met weekly.", "Fin."]


def alone(tiny_encoder: Path, tiny_layers: Path) -> tuple[Array, Array]:
    """What the two say that know nothing of each other."""
    return (
        SentenceEncoder(str(tiny_encoder), layers=tiny_layers).encode(TEXTS),
        SentenceEncoder(str(tiny_encoder)).encode(TEXTS),
    )


def pair(
    tiny_encoder: Path, tiny_layers: Path, cache: VectorCache | None
) -> tuple[Encoder, Encoder]:
    both = (
        SentenceEncoder(str(tiny_encoder), layers=tiny_layers),
        SentenceEncoder(str(tiny_encoder)),
    )
    if cache is None:
        return both
    return CachedEncoder(both[0], cache), CachedEncoder(both[1], cache)


@pytest.mark.parametrize("with_cache", [True, False])
def test_both_at_once_are_what_each_is_alone(
    tiny_encoder: Path, tiny_layers: Path, tmp_path: Path, with_cache: bool
) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite") if with_cache else None
    wanted = alone(tiny_encoder, tiny_layers)
    assert np.abs(wanted[0] - wanted[1]).max() > 0.01
    seen: list[tuple[int, int]] = []
    found = encode_both(
        *pair(tiny_encoder, tiny_layers, cache), TEXTS, on_progress=lambda *now: seen.append(now)
    )
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)
    assert seen[-1] == (5, 5)


def test_what_is_known_is_not_asked_for_again(
    tiny_encoder: Path, tiny_layers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    tuned, untuned = pair(tiny_encoder, tiny_layers, cache)
    tuned.encode(TEXTS[:1])
    encode_both(tuned, untuned, TEXTS)
    assert cache.count() == 8
    refuse = pytest.fail
    for name in ("encode", "encode_both"):
        monkeypatch.setattr(SentenceEncoder, name, lambda *_, **__: refuse("it was known"))
    found = encode_both(tuned, untuned, TEXTS)
    assert [one.shape for one in found] == [(5, 32), (5, 32)]


def test_no_texts_give_no_vectors(tiny_encoder: Path, tiny_layers: Path, tmp_path: Path) -> None:
    for cache in (None, VectorCache(tmp_path / "vectors.sqlite")):
        assert [len(one) for one in encode_both(*pair(tiny_encoder, tiny_layers, cache), [])] == [
            0,
            0,
        ]


def test_an_encoder_that_was_never_tuned_gives_no_other_vectors(tiny_encoder: Path) -> None:
    with pytest.raises(ValueError, match="has no tuned layers"):
        SentenceEncoder(str(tiny_encoder)).encode_both(["text"])


def test_where_nothing_can_be_kept_nothing_is_encoded_twice(
    tiny_encoder: Path, tiny_layers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    cache = VectorCache(tmp_path / "file" / "vectors.sqlite")
    monkeypatch.setattr(SentenceEncoder, "encode", lambda *_, **__: pytest.fail("once more"))
    found = encode_both(*pair(tiny_encoder, tiny_layers, cache), TEXTS)
    assert [one.shape for one in found] == [(5, 32), (5, 32)]
    assert "cannot be used" in cache.warning
