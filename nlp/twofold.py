"""What a tuned encoder says of a text, and what it said before, in one pass.

Only the upper layers differ: the lower ones, most of the work, are gone through once.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer


def upper_layers(model: "SentenceTransformer", tuned: Path) -> "torch.nn.ModuleList":
    """The layers of a model from the lowest one on that a file of tuned layers replaces."""
    import torch
    from safetensors import safe_open

    with safe_open(tuned, framework="pt") as file:
        lowest = min(int(name.split(".")[2]) for name in file.keys())  # noqa: SIM118  (no mapping)
    body: Any = model[0].auto_model
    return torch.nn.ModuleList(body.encoder.layer[lowest:])


def forward_both(
    model: "SentenceTransformer",
    before: "torch.nn.ModuleList",
    inputs: Mapping[str, "torch.Tensor"],
) -> list[dict[str, Any]]:
    """What the model gives for a batch, and what it would with other upper layers.

    Args:
        model: The tuned one.
        before: In place of as many of its layers, as they were.
        inputs: Tokens and mask.
    """
    body: Any = model[0].auto_model
    into: dict[str, Any] = {}

    def keep(_: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
        into.update(positional=positional, named=named)

    lowest = body.encoder.layer[len(body.encoder.layer) - len(before)]
    hook = lowest.register_forward_pre_hook(keep, with_kwargs=True)
    try:
        own = model.forward(dict(inputs))
    finally:
        hook.remove()
    states, *others = into["positional"]
    for layer in before:
        states = layer(states, *others, **into["named"])
    other = {**inputs, "token_embeddings": states}
    for module in list(model)[1:]:
        other = module(other)
    return [own, other]
