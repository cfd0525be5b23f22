"""Fine-tunes the upper layers of an encoder on labelled passages, together with its heads.

The lower layers stay as they are: their states are computed once and kept, so that a
training step costs only the upper layers. Finding types are learned as independent labels
(binary cross-entropy). Themes are learned as a choice among all themes (cross-entropy):
from the similarity of a passage to each theme's definition, plus a learned correction.
The correction is left out of every third step, so that the definitions alone must carry the
choice too: a theme without examples, or one that a team adds later, is found from its
definition.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.heads import Heads
from .examples import Example
from .layers import LowerStates, padded, save_layers, upper_layers

if TYPE_CHECKING:
    import torch

PREFIX = "query: "
"""What E5 wants before a text in symmetric tasks."""


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


def fine_tune(
    encoder: str | Path,
    examples: Sequence[Example],
    codebook: Codebook,
    config: FineTuning,
    folder: Path,
    *,
    lower: LowerStates | None = None,
    on_step: Callable[[int, int, float], None] | None = None,
) -> Heads:
    """Tunes an encoder, saves the tuned layers into a folder and returns the heads.

    Args:
        encoder: a sentence-transformers folder.
        examples: what to learn from; texts without labels teach what is none.
        codebook: gives the finding types, the themes and their definitions.
        config: sizes, rates and the seed.
        folder: where ``layers.safetensors`` is written, in half precision.
        lower: what the frozen layers make of texts, where several trainings share it.
        on_step: called with (step, steps, loss) as training goes on.
    """
    import torch
    import transformers

    library: Any = transformers
    library.set_seed(config.seed)
    lower = lower or LowerStates(encoder, config.layers, config.max_tokens)
    states = lower([PREFIX + example.text for example in examples])
    definitions = lower([PREFIX + theme.description for theme in codebook.themes])
    upper = upper_layers(encoder, config.layers)
    net = _net_class()(upper, padded(definitions), len(codebook.finding_types), config)
    rows = [
        {"states": state, "length": len(state), **_targets(example, codebook)}
        for example, state in zip(examples, states, strict=True)
    ]

    head_names = {n for n, _ in net.named_parameters() if n.startswith("heads.")}
    tuned = [p for n, p in net.named_parameters() if n not in head_names]
    heads = [p for n, p in net.named_parameters() if n in head_names]
    optimizer = torch.optim.AdamW(
        [
            {"params": tuned, "lr": config.learning_rate},
            {"params": heads, "lr": config.head_learning_rate},
        ],
        weight_decay=0.01,
    )
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net.to(device).train()
    batches = _batches([row["length"] for row in rows], config)
    warmup = round(len(batches) * config.warmup_share)
    schedule = library.get_linear_schedule_with_warmup(optimizer, warmup, len(batches))
    for step, batch in enumerate(batches):
        net.step = step
        inputs = {name: x.to(device) for name, x in _collate([rows[n] for n in batch]).items()}
        with torch.autocast(device, torch.bfloat16):
            loss = net(**inputs)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if on_step is not None:
            on_step(step + 1, len(batches), float(loss.detach()))
    save_layers(net.upper, folder)
    heads_: Heads = net.to_heads(codebook)
    return heads_


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


def _net_class() -> Any:
    """The network; made inside a function so that importing this module does not import torch."""
    import torch
    from torch import nn
    from torch.nn import functional
    from transformers.masking_utils import create_bidirectional_mask

    class Net(nn.Module):
        def __init__(self, upper: Any, definitions: Any, n_types: int, config: FineTuning) -> None:
            super().__init__()
            self.upper = upper
            self.definitions = definitions
            size = upper.config.hidden_size
            n_themes = definitions["states"].shape[0]
            # Unit vectors of E5 lie close together: the heads see them 16 times as long.
            self.scale = 16.0
            self.theme_weight = config.theme_weight
            self.layers = config.layers
            themes = nn.Linear(size, n_themes)
            nn.init.zeros_(themes.weight)
            nn.init.zeros_(themes.bias)
            self.heads: Any = nn.ModuleDict({"types": nn.Linear(size, n_types), "themes": themes})
            self.heads["similarity"] = nn.ParameterDict(
                {"log_scale": nn.Parameter(torch.tensor(3.0))}
            )
            self.prototypes: torch.Tensor | None = None
            self.step = 0

        def vectors(self, states: Any, attention_mask: Any) -> Any:
            mask = create_bidirectional_mask(
                config=self.upper.config, inputs_embeds=states, attention_mask=attention_mask
            )
            for layer in self.upper.encoder.layer[-self.layers :]:
                states = layer(states, mask)
            weights = attention_mask.unsqueeze(-1).float()
            pooled = (states.float() * weights).sum(1) / weights.sum(1)
            return functional.normalize(pooled, dim=-1)

        def refresh_prototypes(self) -> None:
            training = self.training
            self.eval()
            with torch.no_grad():
                device = next(self.parameters()).device
                inputs = {name: value.to(device) for name, value in self.definitions.items()}
                self.prototypes = self.vectors(**inputs)
            self.train(training)

        def forward(
            self, states: Any, attention_mask: Any, types: Any, themes: Any, **_: Any
        ) -> Any:
            # The definitions move slowly with the encoder: every 10 steps is often enough.
            if self.prototypes is None or self.step % 10 == 0:
                self.refresh_prototypes()
            assert self.prototypes is not None
            vectors = self.vectors(states, attention_mask)
            type_logits = self.heads["types"](vectors * self.scale)
            loss = functional.binary_cross_entropy_with_logits(type_logits, types)
            centred = self.prototypes - self.prototypes.mean(0)
            similar = vectors @ centred.T * self.heads["similarity"]["log_scale"].exp()
            learned = self.heads["themes"](vectors * self.scale)
            theme_logits = similar if self.step % 3 == 0 else similar + learned
            found = themes.sum(1) > 0
            if found.any():
                choice = functional.cross_entropy(theme_logits[found], themes[found])
                loss = loss + self.theme_weight * choice
            return loss

        def to_heads(self, codebook: Codebook) -> Heads:
            def array(value: Any) -> NDArray[np.float32]:
                return value.detach().float().cpu().numpy()  # type: ignore[no-any-return]

            return Heads(
                finding_types=codebook.finding_type_ids,
                type_weights=array(self.heads["types"].weight) * self.scale,
                type_biases=array(self.heads["types"].bias),
                themes=codebook.theme_ids,
                theme_weights=array(self.heads["themes"].weight) * self.scale,
                theme_biases=array(self.heads["themes"].bias),
                similarity_scale=float(self.heads["similarity"]["log_scale"].detach().exp()),
            )

    return Net


def _targets(example: Example, codebook: Codebook) -> dict[str, Any]:
    known = [theme for theme in example.themes if theme in codebook.theme_ids]
    # The best theme weighs two thirds where there are two: its order is part of the label.
    shares = {theme: 1.0 / 2**n for n, theme in enumerate(known)} if example.labels else {}
    total = sum(shares.values()) or 1.0
    return {
        "types": [float(code in example.labels) for code in codebook.finding_type_ids],
        "themes": [shares.get(theme, 0.0) / total for theme in codebook.theme_ids],
    }


def _collate(rows: list[dict[str, Any]]) -> dict[str, "torch.Tensor"]:
    import torch

    return {
        **padded([row["states"] for row in rows]),
        "types": torch.tensor([row["types"] for row in rows]),
        "themes": torch.tensor([row["themes"] for row in rows]),
    }
