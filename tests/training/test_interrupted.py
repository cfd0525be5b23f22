"""A fine-tuning that runs out of memory, is interrupted, or begins with what a model knew."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.test_finetune import CODEBOOK, examples
from whatworks.models.folder import Calibration, Model
from whatworks.models.heads import Array, Heads
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.errors import WhatworksError
from whatworks.training import finetune
from whatworks.training.checkpoint import FileCheckpoint
from whatworks.training.finetune import FineTuning, Watch, _step, fine_tune
from whatworks.training.net import net_class

pytestmark = pytest.mark.slow

CONFIG = FineTuning(layers=1, epochs=2, max_tokens=64)
FULL = [
    torch.OutOfMemoryError("CUDA out of memory."),
    MemoryError(),
    RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 64 bytes."),
    RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 64 bytes."),
]


def holding(most: int, error: Exception) -> Callable[[], Any]:
    """The real network on a machine that has room for so many passages."""

    class Net(net_class()):  # type: ignore[misc]
        def forward(self, states: Any, *more: Any, **inputs: Any) -> Any:
            if len(states) > most:
                raise error
            return super().forward(states, *more, **inputs)

    return lambda: Net


@pytest.mark.parametrize("error", FULL, ids=["gpu", "python", "cpu", "cpu-2"])
def test_too_little_memory_halves_what_goes_through_at_once_and_says_so(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(finetune, "net_class", holding(5, error))
    sizes: list[int] = []
    steps: list[int] = []
    config = replace(CONFIG, epochs=1)
    watch = Watch(on_step=lambda step, *_: steps.append(step), on_smaller=sizes.append)
    heads = fine_tune(tiny_encoder, examples(), CODEBOOK, config, tmp_path, watch=watch)
    # Said once each time, and not again with every batch.
    assert sizes == [8, 4]
    assert steps == [1, 2, 3, 4, 5, 6]
    assert np.isfinite(heads.type_weights).all()


def test_no_room_for_a_single_passage_says_what_to_do(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetune, "net_class", holding(0, FULL[0]))
    sizes: list[int] = []
    with pytest.raises(WhatworksError, match=r"not enough memory.*Close other programs, or train"):
        fine_tune(
            tiny_encoder, examples(), CODEBOOK, CONFIG, tmp_path / "made",
            watch=Watch(on_smaller=sizes.append),
        )  # fmt: skip
    assert sizes == [8, 4, 2, 1]
    assert not (tmp_path / "made").exists()


def test_another_fault_is_not_taken_for_too_little_memory(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetune, "net_class", holding(0, RuntimeError("shapes do not fit")))
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        fine_tune(tiny_encoder, examples(), CODEBOOK, CONFIG, tmp_path)


def test_a_batch_that_fails_in_the_middle_leaves_no_half_gradients() -> None:
    class Line(torch.nn.Module):
        def __init__(self, fails_at: int) -> None:
            super().__init__()
            self.line = torch.nn.Linear(3, 1)
            torch.nn.init.ones_(self.line.weight)
            torch.nn.init.zeros_(self.line.bias)
            self.calls, self.fails_at = 0, fails_at

        def forward(self, states: Any, **_: Any) -> Any:
            self.calls += 1
            if self.calls == self.fails_at:
                raise torch.OutOfMemoryError
            return self.line(states.float()).square().mean()

    random = np.random.default_rng(0)
    batch = [
        {"states": torch.from_numpy(random.normal(size=(4, 3))), "length": 4,
         "types": [0.0], "themes": [1.0]}
        for _ in range(8)
    ]  # fmt: skip
    gradients = []
    for fails_at in (0, 2):
        net = Line(fails_at)
        loss, at_once = _step(net, batch, 4, "cpu", Watch())
        assert at_once == (4 if fails_at == 0 else 2)
        gradients.append(net.line.weight.grad)
        assert loss > 0
    torch.testing.assert_close(gradients[0], gradients[1], rtol=0.02, atol=0.02)


class StoppedError(Exception):
    """In place of a kill."""


def stop_at(number: int) -> Watch:
    def on_step(step: int, *_: object) -> None:
        if step == number:
            raise StoppedError

    return Watch(on_step=on_step)


def tuned(
    encoder: Path,
    folder: Path,
    key: str = "k",
    data: Sequence[Any] = (),
    watch: Watch | None = None,
) -> tuple[Heads, list[int]]:
    """The heads, and the steps that were made."""
    steps: list[int] = []
    kept = FileCheckpoint(folder / "state.pt", key)
    watch = watch or Watch(on_step=lambda step, *_: steps.append(step))
    heads = fine_tune(
        encoder, data or examples(), CODEBOOK, CONFIG, folder, checkpoint=kept, watch=watch
    )
    return heads, steps


def assert_same(one: Heads, other: Heads) -> None:
    np.testing.assert_array_equal(one.type_weights, other.type_weights)
    np.testing.assert_array_equal(one.theme_weights, other.theme_weights)


def test_an_interrupted_training_goes_on_and_ends_the_same(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    whole, _ = tuned(tiny_encoder, tmp_path / "whole")
    with pytest.raises(StoppedError):
        tuned(tiny_encoder, tmp_path / "cut", watch=stop_at(9))
    again, steps = tuned(tiny_encoder, tmp_path / "cut")
    # The state after the first epoch of six steps was the last that was kept.
    assert steps == list(range(7, 13))
    assert_same(again, whole)
    layers = [(tmp_path / name / "layers.safetensors").read_bytes() for name in ("whole", "cut")]
    assert layers[0] == layers[1]


@pytest.mark.parametrize("damage", ["empty", "cut", "text", "pickle"])
def test_a_damaged_state_begins_anew(tiny_encoder: Path, tmp_path: Path, damage: str) -> None:
    with pytest.raises(StoppedError):
        tuned(tiny_encoder, tmp_path, watch=stop_at(9))
    path = tmp_path / "state.pt"
    whole = path.read_bytes()
    path.write_bytes(
        {
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "text": b"This is no state of a training.\n",
            # A call of os.system, were it read as Python's own pickles are.
            "pickle": b"cos\nsystem\n(S'touch ran'\ntR.",
        }[damage]
    )
    heads, steps = tuned(tiny_encoder, tmp_path)
    assert steps == list(range(1, 13))
    assert_same(heads, tuned(tiny_encoder, tmp_path / "other")[0])
    assert not Path("ran").exists()


def test_the_state_of_other_data_is_left_aside(tiny_encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        tuned(tiny_encoder, tmp_path, key="some", watch=stop_at(9))
    others = examples()[::-1]
    heads, steps = tuned(tiny_encoder, tmp_path, key="others", data=others)
    assert steps == list(range(1, 13))
    assert_same(heads, tuned(tiny_encoder, tmp_path / "fresh", key="others", data=others)[0])


def test_a_start_begins_with_what_the_model_knew(tiny_encoder: Path, tmp_path: Path) -> None:
    """With learning rates of nothing, what comes out is what went in."""
    data = examples()
    known = fine_tune(tiny_encoder, data, CODEBOOK, CONFIG, tmp_path / "base")
    calibration = Calibration(slopes={}, intercepts={}, thresholds={})
    layers = tmp_path / "base" / "layers.safetensors"
    base = Model("base", "1", str(tiny_encoder), known, calibration, layers=layers)
    turned = replace(
        CODEBOOK,
        finding_types=(*CODEBOOK.finding_types[::-1], replace(CODEBOOK.finding_types[0], id="new")),
        themes=CODEBOOK.themes[::-1][:5],
    )
    still = replace(CONFIG, learning_rate=0.0, head_learning_rate=0.0, epochs=1)
    heads = fine_tune(tiny_encoder, data, turned, still, tmp_path / "same", start=base)
    texts = [one.text for one in data[:20]]
    before = SentenceEncoder(str(tiny_encoder), layers=layers).encode(texts)
    made = tmp_path / "same" / "layers.safetensors"
    after = SentenceEncoder(str(tiny_encoder), layers=made).encode(texts)
    np.testing.assert_array_equal(before, after)
    types = heads.type_logits(after)
    np.testing.assert_allclose(types[:, 3::-1], known.type_logits(before), atol=1e-5)
    definitions: Array = SentenceEncoder(str(tiny_encoder), layers=made).encode(
        [theme.description for theme in turned.themes]
    )
    np.testing.assert_allclose(
        heads.theme_logits(heads.own_evidence(after, definitions), turned.theme_ids),
        known.theme_logits(known.own_evidence(before, definitions), turned.theme_ids),
        rtol=1e-4,
        atol=1e-4,
    )
