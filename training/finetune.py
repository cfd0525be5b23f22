"""Fine-tunes the upper layers of an encoder on labelled passages, together with its heads.

The lower layers stay as they are: their states are computed once and kept, so that a
training step costs only the upper layers. Finding types are learned as independent labels
(binary cross-entropy). Themes are learned as a choice among all themes (cross-entropy):
from the similarity of a passage to each theme's definition, plus a learned correction.
The correction is left out of every third step, so that the definitions alone must carry the
choice too: a theme without examples, or one that a team adds later, is found from its
definition.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..labels.codebook import Codebook
from ..models.folder import Model
from ..models.heads import Array, Heads
from ..nlp.errors import WhatworksError
from .checkpoint import kept_state, restore
from .examples import Example
from .layers import LowerStates, padded, save_layers, upper_layers
from .net import collate, net_class, targets

_STEPS_KEPT = 25
"""So often the state is kept: some ten seconds are lost at most."""


@dataclass(frozen=True, slots=True)
class FineTuning:
    """How an encoder is fine-tuned; saved beside the weights."""

    layers: int = 4
    """How many of the encoder's upper layers are tuned."""
    epochs: int = 5
    batch_size: int = 16
    learning_rate: float = 3e-4
    head_learning_rate: float = 2e-3
    warmup_share: float = 0.1
    theme_weight: float = 1.0
    """Of the theme loss beside the finding-type loss."""
    max_tokens: int = 256
    seed: int = 20


def epochs_for(passages: int) -> int:
    """The more, the fewer passages there are: 15 for two dozen, 4 for a thousand and more."""
    return max(4, min(15, round(100 / math.sqrt(passages))))


class Checkpoint(Protocol):
    """Where a training that is interrupted goes on."""

    def load(self) -> Mapping[str, Any] | None:
        """What was kept last; None where there is nothing."""
        ...

    def keep(self, state: Mapping[str, Any]) -> None:
        """Keeps it in place of what was kept before."""
        ...


def _ignore(*_: object) -> None:
    """Whoever does not want to be told."""


def _go_on(*_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how a training goes on."""

    on_step: Callable[[int, int, float], None] = _ignore
    """(Steps done, steps in all, loss)."""
    on_epoch: Callable[[int, Callable[[Sequence[str]], Array], Heads], bool] = _go_on
    """(Epochs done, what gives texts their vectors as the encoder is now, the heads); training
    ends where it says no."""
    on_smaller: Callable[[int], None] = _ignore
    """There was too little memory: so many passages at once from now on."""


def fine_tune(
    encoder: str | Path,
    examples: Sequence[Example],
    codebook: Codebook,
    config: FineTuning,
    folder: Path,
    *,
    start: Model | None = None,
    lower: LowerStates | None = None,
    checkpoint: Checkpoint | None = None,
    watch: Watch | None = None,
) -> Heads:
    """Tunes an encoder, saves the tuned layers into a folder and returns the heads.

    Args:
        encoder: a sentence-transformers folder.
        examples: what to learn from; texts without labels teach what is none.
        codebook: gives the finding types, the themes and their definitions.
        config: sizes, rates and the seed.
        folder: where ``layers.safetensors`` is written, in half precision.
        start: begins with the tuned layers and heads of this model; its encoder is the same.
        lower: what the frozen layers make of texts, where several trainings share it.
        checkpoint: where the state is kept every 25 steps and after each epoch. A training that
            goes on from there ends as if it had not been interrupted.
        watch: who is told.

    Raises:
        WhatworksError: there is not enough memory for a single passage, or the encoder is of a
            kind that cannot be tuned in this way.
    """
    import torch
    import transformers

    library: Any = transformers
    library.set_seed(config.seed)
    watch = watch or Watch()
    lower = lower or LowerStates(encoder, config.layers, config.max_tokens)
    states = lower([example.text for example in examples])
    definitions = lower([theme.description for theme in codebook.themes])
    upper = upper_layers(encoder, config.layers, start.layers if start is not None else None)
    net = net_class()(
        upper, padded(definitions), len(codebook.finding_types), config.layers, config.theme_weight
    )
    if start is not None:
        net.begin_with(start.heads, codebook)
    rows = [
        {"states": state, "length": len(state), **targets(example, codebook)}
        for example, state in zip(examples, states, strict=True)
    ]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net.to(device).train()
    optimizer = _optimizer(net, config)
    batches = _batches([row["length"] for row in rows], config)
    warmup = round(len(batches) * config.warmup_share)
    schedule = library.get_linear_schedule_with_warmup(optimizer, warmup, len(batches))
    begin, done = 0, False
    if checkpoint is not None and (kept := checkpoint.load()) is not None:
        begin, done = restore(kept, net, optimizer, schedule)
    at_once, per_epoch = config.batch_size, len(batches) // config.epochs
    for step, batch in enumerate(batches[begin:], start=begin):
        if done:
            break
        net.step = step
        loss, at_once = _step(net, [rows[n] for n in batch], at_once, device, watch)
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        watch.on_step(step + 1, len(batches), loss)
        ended = (step + 1) % per_epoch == 0
        if ended:
            heads = net.to_heads(codebook)
            done = not watch.on_epoch((step + 1) // per_epoch, _encoding(net, lower), heads)
        if checkpoint is not None and (ended or (step + 1) % _STEPS_KEPT == 0):
            checkpoint.keep(kept_state(net, optimizer, schedule, step + 1, done=done))
    save_layers(net.upper, folder)
    heads_: Heads = net.to_heads(codebook)
    return heads_


def _optimizer(net: Any, config: FineTuning) -> Any:
    import torch

    head_names = {n for n, _ in net.named_parameters() if n.startswith("heads.")}
    tuned = [p for n, p in net.named_parameters() if n not in head_names]
    heads = [p for n, p in net.named_parameters() if n in head_names]
    return torch.optim.AdamW(
        [
            {"params": tuned, "lr": config.learning_rate},
            {"params": heads, "lr": config.head_learning_rate},
        ],
        weight_decay=0.01,
    )


def _step(
    net: Any, batch: Sequence[Mapping[str, Any]], at_once: int, device: str, watch: Watch
) -> tuple[float, int]:
    """The loss of a batch, its gradients in the network, and how many fit into memory at once.

    Where memory does not suffice for all of a batch, its parts go through one after the other.
    """
    import torch

    while True:
        try:
            total = 0.0
            for at in range(0, len(batch), at_once):
                part = batch[at : at + at_once]
                inputs = {name: x.to(device) for name, x in collate(part).items()}
                with torch.autocast(device, torch.bfloat16):
                    loss = net(**inputs) * (len(part) / len(batch))
                loss.backward()
                total += float(loss.detach())
            return total, at_once
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            # Of the memory of the processor torch says so in words alone.
            if not isinstance(error, torch.OutOfMemoryError | MemoryError) and (
                "not enough memory" not in str(error) and "can't allocate" not in str(error)
            ):
                raise
            if at_once == 1:
                raise WhatworksError(
                    "There is not enough memory to fine-tune, even on one passage at a time. Close "
                    "other programs, or train the heads alone: whatworks train"
                ) from error
            net.zero_grad()
            at_once = max(1, at_once // 2)
            watch.on_smaller(at_once)


def _encoding(net: Any, lower: LowerStates) -> Callable[[Sequence[str]], Array]:
    """What gives texts their vectors, (n, dim), with the layers as they are now."""

    def encode(texts: Sequence[str]) -> Array:
        return np.asarray(net.encode(lower(texts)), dtype=np.float32)

    return encode


def _batches(lengths: Sequence[int], config: FineTuning) -> list[list[int]]:
    """The rows of each step. Within a stretch of 20 batches, texts of like length go together,
    which saves a third of the padding and leaves the order random enough.
    """
    rng = np.random.default_rng(config.seed)
    size = config.batch_size
    batches: list[list[int]] = []
    for _ in range(config.epochs):
        order = rng.permutation(len(lengths))
        for start in range(0, len(order), 20 * size):
            stretch = sorted(order[start : start + 20 * size], key=lambda n: lengths[n])
            found = [stretch[at : at + size] for at in range(0, len(stretch), size)]
            batches += [found[n] for n in rng.permutation(len(found))]
    return batches
