"""The lower layers of an encoder, which stay as they are, and the upper ones, which are tuned."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..models.folder import LAYERS_FILE
from ..models.stranger import PARTS
from ..nlp.encoders import load_sentence_transformer, text_prefix
from ..nlp.errors import WhatworksError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_KINDS = ("bert", "camembert", "roberta", "xlm-roberta")
"""``model_type`` of encoders whose layers follow one another as training wants it."""


class LowerStates:
    """What the frozen lower layers of an encoder make of texts; each text goes through once.

    Before each text comes what the encoder wants there, as where it is used.
    """

    def __init__(self, encoder: str | Path, layers: int, max_tokens: int) -> None:
        self.encoder = encoder
        self.layers = layers
        """How many upper layers are left out."""
        self.max_tokens = max_tokens
        self._known: dict[str, Any] = {}

    def __call__(self, texts: Sequence[str]) -> list[Any]:
        """For each text its states, (n_tokens, dim), in half precision on the CPU.

        Raises:
            WhatworksError: the encoder cannot be loaded, or not be tuned in this way.
        """
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._known.update(zip(missing, self._states(missing), strict=True))
        return [self._known[text] for text in texts]

    def _states(self, texts: Sequence[str]) -> list[Any]:
        import torch

        device = "cuda" if torch.cuda.is_available() else "cpu"
        whole = load_sentence_transformer(str(self.encoder))
        _check_tunable(whole, self.encoder)
        prefix = text_prefix(whole, str(self.encoder))
        tokenizer, model = whole.tokenizer, _body(whole)
        model.encoder.layer = model.encoder.layer[: -self.layers]
        longest = min(self.max_tokens, tokenizer.model_max_length)
        ids = tokenizer([prefix + text for text in texts], truncation=True, max_length=longest)
        ids = ids["input_ids"]
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


def _body(model: "SentenceTransformer") -> Any:
    return model[0].auto_model


def _check_tunable(model: "SentenceTransformer", encoder: str | Path) -> None:
    """Whether its vectors are the mean over the tokens of layers like BERT's."""
    kind = _body(model).config.model_type
    parts = [type(part).__name__ for part in model]
    if kind in _KINDS and parts in PARTS and model[1].pooling_mode == "mean":
        return
    raise WhatworksError(
        f"The encoder {encoder} cannot be tuned: it is of the kind '{kind}', made of "
        f"{', '.join(parts)}. That works with encoders like BERT and XLM-RoBERTa whose vectors are "
        "the mean over all tokens. Train the heads alone: whatworks train"
    )


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
    from safetensors.torch import save

    tensors = {
        name: value.detach().to("cpu", torch.float16).contiguous()
        for name, value in upper.state_dict().items()
        if name.startswith("encoder.layer.")
    }
    folder.mkdir(parents=True, exist_ok=True)
    # Not save_file, whose files only their owner may read.
    (folder / LAYERS_FILE).write_bytes(save(tensors, metadata={"format": "pt"}))
