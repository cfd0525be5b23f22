"""The network that is fine-tuned: an encoder's upper layers with the heads of a model on them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook
from ..models.heads import Array, Heads
from .examples import Example
from .layers import padded

if TYPE_CHECKING:
    import torch

SCALE = 16.0
"""Unit vectors of E5 lie close together: the heads see them so many times as long."""


def net_class() -> Any:
    """The network; made inside a function so that importing this module does not import torch."""
    import torch
    from torch import nn
    from torch.nn import functional
    from transformers.masking_utils import create_bidirectional_mask

    class Net(nn.Module):
        def __init__(
            self, upper: Any, definitions: Any, n_types: int, layers: int, theme_weight: float
        ) -> None:
            super().__init__()
            self.upper = upper
            self.definitions = definitions
            size = upper.config.hidden_size
            n_themes = definitions["states"].shape[0]
            self.theme_weight = theme_weight
            self.layers = layers
            themes = nn.Linear(size, n_themes)
            nn.init.zeros_(themes.weight)
            nn.init.zeros_(themes.bias)
            self.heads: Any = nn.ModuleDict({"types": nn.Linear(size, n_types), "themes": themes})
            self.heads["similarity"] = nn.ParameterDict(
                {"log_scale": nn.Parameter(torch.tensor(3.0))}
            )
            self.prototypes: torch.Tensor | None = None
            self.step = 0

        def begin_with(self, heads: Heads, codebook: Codebook) -> None:
            """Takes over what heads know of the codebook's finding types and themes."""
            # What was learned of a foreign codebook's themes stands on more than these vectors.
            known = () if heads.by_definition else heads.themes

            def fill(linear: Any, known: tuple[str, ...], ids: Any, w: Array, b: Array) -> None:
                for row, code in enumerate(ids):
                    if code in known:
                        at = known.index(code)
                        linear.weight[row] = torch.from_numpy(w[at] / SCALE)
                        linear.bias[row] = float(b[at])

            with torch.no_grad():
                fill(
                    self.heads["types"], heads.finding_types, codebook.finding_type_ids,
                    heads.type_weights, heads.type_biases,
                )  # fmt: skip
                fill(
                    self.heads["themes"], known, codebook.theme_ids,
                    heads.theme_weights, heads.theme_biases,
                )  # fmt: skip
                self.heads["similarity"]["log_scale"].fill_(float(np.log(heads.similarity_scale)))

        def vectors(self, states: Any, attention_mask: Any) -> Any:
            mask = create_bidirectional_mask(
                config=self.upper.config, inputs_embeds=states, attention_mask=attention_mask
            )
            for layer in self.upper.encoder.layer[-self.layers :]:
                states = layer(states, mask)
            weights = attention_mask.unsqueeze(-1).float()
            pooled = (states.float() * weights).sum(1) / weights.sum(1)
            return functional.normalize(pooled, dim=-1)

        def encode(self, states: Any) -> Any:
            """Vectors of states as the layers are now, (n, dim) on the CPU."""
            training = self.training
            self.eval()
            device, found = next(self.parameters()).device, []
            with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16):
                for start in range(0, len(states), 32):
                    batch = padded(states[start : start + 32])
                    inputs = {name: value.to(device) for name, value in batch.items()}
                    found.append(self.vectors(**inputs).float().cpu())
            self.train(training)
            return torch.cat(found)

        def refresh_prototypes(self) -> None:
            training = self.training
            self.eval()
            with torch.no_grad():
                device = next(self.parameters()).device
                inputs = {name: value.to(device) for name, value in self.definitions.items()}
                self.prototypes = self.vectors(**inputs)
            self.train(training)

        def forward(self, states: Any, attention_mask: Any, types: Any, themes: Any) -> Any:
            # The definitions move slowly with the encoder: every 10 steps is often enough.
            if self.prototypes is None or self.step % 10 == 0:
                self.refresh_prototypes()
            assert self.prototypes is not None
            vectors = self.vectors(states, attention_mask)
            type_logits = self.heads["types"](vectors * SCALE)
            loss = functional.binary_cross_entropy_with_logits(type_logits, types)
            centred = self.prototypes - self.prototypes.mean(0)
            similar = vectors @ centred.T * self.heads["similarity"]["log_scale"].exp()
            learned = self.heads["themes"](vectors * SCALE)
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
                type_weights=array(self.heads["types"].weight) * SCALE,
                type_biases=array(self.heads["types"].bias),
                themes=codebook.theme_ids,
                theme_weights=array(self.heads["themes"].weight) * SCALE,
                theme_biases=array(self.heads["themes"].bias),
                similarity_scale=float(self.heads["similarity"]["log_scale"].detach().exp()),
            )

    return Net


def targets(example: Example, codebook: Codebook) -> dict[str, Any]:
    """What the network is to say of an example."""
    known = [theme for theme in example.themes if theme in codebook.theme_ids]
    # The best theme weighs two thirds where there are two: its order is part of the label.
    shares = {theme: 1.0 / 2**n for n, theme in enumerate(known)} if example.labels else {}
    total = sum(shares.values()) or 1.0
    return {
        "types": [float(code in example.labels) for code in codebook.finding_type_ids],
        "themes": [shares.get(theme, 0.0) / total for theme in codebook.theme_ids],
    }


def collate(rows: Sequence[Mapping[str, Any]]) -> dict[str, "torch.Tensor"]:
    """A batch of states and targets."""
    import torch

    return {
        **padded([row["states"] for row in rows]),
        "types": torch.tensor([row["types"] for row in rows]),
        "themes": torch.tensor([row["themes"] for row in rows]),
    }
