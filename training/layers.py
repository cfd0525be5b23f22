"""The lower layers of an encoder, which stay as they are, and the upper ones, which are tuned."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


class LowerStates:
    """What the frozen lower layers of an encoder make of texts; each text goes through once."""

    def __init__(self, encoder: str | Path, layers: int, max_tokens: int) -> None:
        self.encoder = encoder
        self.layers = layers
        """How many upper layers are left out."""
        self.max_tokens = max_tokens
        self._known: dict[str, Any] = {}

    def __call__(self, texts: Sequence[str]) -> list[Any]:
        """For each text its states, (n_tokens, dim), in half precision on the CPU."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._known.update(zip(missing, self._states(missing), strict=True))
        return [self._known[text] for text in texts]

    def _states(self, texts: Sequence[str]) -> list[Any]:
        import torch
        from transformers import AutoModel, AutoTokenizer

        device = "cuda" if torch.cuda.is_available() else "cpu"
        tokenizer = AutoTokenizer.from_pretrained(str(self.encoder))
        model = AutoModel.from_pretrained(str(self.encoder), dtype=torch.float32)
        model.encoder.layer = model.encoder.layer[: -self.layers]
        model.to(device).eval()
        longest = min(self.max_tokens, tokenizer.model_max_length)
        ids = tokenizer(texts, truncation=True, max_length=longest)["input_ids"]
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
        states: list[Any] = [None] * len(ids)
        with torch.inference_mode(), torch.autocast(device, torch.bfloat16):
            for start in range(0, len(order), 32):
                batch = order[start : start + 32]
                padded = tokenizer.pad({"input_ids": [ids[n] for n in batch]}, return_tensors="pt")
                found = model(**padded.to(device)).last_hidden_state.half().cpu()
                for row, n in enumerate(batch):
                    states[n] = found[row, : len(ids[n])].clone()
        return states


def upper_layers(encoder: str | Path, layers: int, tuned: Path | None = None) -> Any:
    """The upper layers to tune, under the names that they have in the whole encoder.

    Args:
        encoder: A sentence-transformers folder.
        layers: How many.
        tuned: Layers that were tuned before, to begin with.
    """
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModel

    upper = AutoModel.from_pretrained(str(encoder), dtype=torch.float32)
    if tuned is not None:
        upper.load_state_dict(load_file(tuned), strict=False)
    upper.embeddings = upper.pooler = torch.nn.Identity()
    for index in range(len(upper.encoder.layer) - layers):
        upper.encoder.layer[index] = torch.nn.Identity()
    return upper


def padded(states: Sequence[Any]) -> dict[str, "torch.Tensor"]:
    """States of unequal length as one batch, with the attention mask."""
    import torch

    sequences = torch.nn.utils.rnn.pad_sequence([s.float() for s in states], batch_first=True)
    lengths = torch.tensor([len(state) for state in states])
    mask = torch.arange(sequences.shape[1])[None, :] < lengths[:, None]
    return {"states": sequences, "attention_mask": mask.long()}


def save_layers(upper: Any, folder: Path) -> None:
    """Writes the tuned layers as safetensors in half precision, under transformers' names."""
    import torch
    from safetensors.torch import save_file

    tensors = {
        name: value.detach().to("cpu", torch.float16).contiguous()
        for name, value in upper.state_dict().items()
        if name.startswith("encoder.layer.")
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "layers.safetensors"
    save_file(tensors, path, metadata={"format": "pt"})
    # safetensors writes for the owner alone; a model in a package is for everyone.
    path.chmod(0o644)
