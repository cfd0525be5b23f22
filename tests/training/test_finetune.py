"""Fine-tuning on a tiny real encoder: it learns, it repeats itself, what it saves is used."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.errors import WhatworksError
from whatworks.training.examples import Example
from whatworks.training.finetune import FineTuning, Watch, _batches, fine_tune
from whatworks.training.frozen import fit_heads, fitted_heads
from whatworks.training.layers import LowerStates

CODEBOOK = load_codebook()
CONFIG = FineTuning(layers=1, epochs=12, learning_rate=3e-3, head_learning_rate=3e-2, max_tokens=64)


def examples() -> list[Example]:
    """Texts whose letters tell the label, so that a tiny encoder can learn them."""
    rng = np.random.default_rng(3)
    found = []
    for n in range(96):
        obstacle = n % 2 == 0
        letters = "zqx" if obstacle else "aei"
        text = " ".join("".join(rng.choice(list(letters), 4)) for _ in range(rng.integers(3, 9)))
        labels = ("obstacle",) if obstacle else ()
        themes = (("gender-neglect", "missing-synergies")[n % 4 // 2],) if obstacle else ()
        found.append(Example(f"e{n}", f"r{n % 6}", "en", "concrete", text, labels, themes))
    return found


def test_it_learns_and_the_saved_layers_are_what_was_learned(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    data = examples()
    losses: list[float] = []
    heads = fine_tune(
        tiny_encoder,
        data,
        CODEBOOK,
        CONFIG,
        tmp_path,
        watch=Watch(lambda s, n, loss: losses.append(loss)),
    )
    assert len(losses) == 12 * 6
    assert np.mean(losses[-6:]) < 0.6 * np.mean(losses[:6])
    encoder = SentenceEncoder(str(tiny_encoder), layers=tmp_path / "layers.safetensors")
    logits = heads.type_logits(encoder.encode([one.text for one in data]))
    column = CODEBOOK.finding_type_ids.index("obstacle")
    right = (logits[:, column] > 0) == [bool(one.labels) for one in data]
    assert right.mean() > 0.95


def test_the_same_seed_gives_the_same_model(tiny_encoder: Path, tmp_path: Path) -> None:
    config = FineTuning(layers=1, epochs=1)
    one = fine_tune(tiny_encoder, examples(), CODEBOOK, config, tmp_path / "a")
    lower = LowerStates(tiny_encoder, config.layers, config.max_tokens)
    other = fine_tune(tiny_encoder, examples(), CODEBOOK, config, tmp_path / "b", lower=lower)
    np.testing.assert_array_equal(one.type_weights, other.type_weights)
    layers = [(tmp_path / name / "layers.safetensors").read_bytes() for name in "ab"]
    assert layers[0] == layers[1]


def test_every_epoch_sees_every_row_once() -> None:
    lengths = [int(n) for n in np.random.default_rng(0).integers(3, 200, 333)]
    batches = _batches(lengths, FineTuning(epochs=2))
    rows = [row for batch in batches for row in batch]
    assert sorted(rows[:333]) == sorted(rows[333:]) == list(range(333))
    assert max(map(len, batches)) == 16
    padded = sum(len(batch) * max(lengths[n] for n in batch) for batch in batches)
    assert padded < 1.25 * 2 * sum(lengths)


def test_lower_states_of_a_text_are_computed_once(
    tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower = LowerStates(tiny_encoder, 1, 64)
    first = lower(["one text", "two"])
    assert first[0].shape[1] == 32
    monkeypatch.setattr(lower, "_states", lambda texts: pytest.fail(f"computed again: {texts}"))
    assert lower(["two"])[0] is first[1]


def test_a_theme_without_examples_keeps_no_learned_part() -> None:
    data = examples()
    vectors = np.random.default_rng(0).normal(size=(96, 8)).astype(np.float32)
    thin = [
        Example(one.id, one.report, "en", "concrete", one.text, labels, one.themes)
        for one, labels in zip(
            data,
            [
                ("obstacle", "lesson", "good_practice", "success_factor") if n % 2 == 0 else ()
                for n in range(96)
            ],
            strict=True,
        )
    ]
    heads = fit_heads(vectors, thin, CODEBOOK)
    seen = [CODEBOOK.theme_ids.index(t) for t in ("gender-neglect", "missing-synergies")]
    unseen = [n for n in range(23) if n not in seen]
    assert not heads.theme_weights[unseen].any()
    assert not heads.theme_biases[unseen].any()


@pytest.mark.slow
def test_heads_for_another_encoder_are_fitted_once(tiny_encoder: Path, tmp_path: Path) -> None:
    encoder = SentenceEncoder(str(tiny_encoder))
    model = fitted_heads(encoder, tmp_path)
    (folder,) = tmp_path.iterdir()
    written = (folder / "config.json").stat().st_mtime_ns
    again = fitted_heads(encoder, tmp_path)
    assert (folder / "config.json").stat().st_mtime_ns == written
    np.testing.assert_array_equal(model.heads.type_weights, again.heads.type_weights)
    assert model.encoder == str(tiny_encoder)


def test_what_cannot_be_tuned_is_told_before_it_begins(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "first"
    shutil.copytree(tiny_encoder, folder)
    pooling = folder / "1_Pooling" / "config.json"
    said = json.loads(pooling.read_text("utf-8"))
    pooling.write_text(json.dumps({**said, "pooling_mode": "cls"}), "utf-8")
    with pytest.raises(WhatworksError, match=r"first cannot be tuned.*mean over all tokens"):
        fine_tune(folder, examples(), CODEBOOK, CONFIG, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_the_lower_layers_read_what_the_encoder_wants_before_a_text(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "prompted"
    shutil.copytree(tiny_encoder, folder)
    path = folder / "config_sentence_transformers.json"
    said = json.loads(path.read_text("utf-8"))
    prompts = {"prompts": {"query": "find: "}, "default_prompt_name": "query"}
    path.write_text(json.dumps({**said, **prompts}), "utf-8")
    with_prompt, without = LowerStates(folder, 1, 64), LowerStates(tiny_encoder, 1, 64)
    np.testing.assert_array_equal(with_prompt(["abc"])[0], without(["find: abc"])[0])
