"""Encoders: texts in, unit vectors out. The bundled one, any folder, any hub model."""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .bundled import FOLDER, bundled_encoder
from .errors import WhatworksError
from .twofold import forward_both, upper_layers

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

BUNDLED = "bundled"
Array = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (passages done, passages in all)."""

_TOKENS_PER_BATCH = 1024


class Encoder(Protocol):
    """What turns texts into vectors."""

    name: str
    """As a user named it: 'bundled', a folder or a hub id."""
    fingerprint: str
    """Changes when the vectors would: the key under which they are kept."""

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        """Unit vectors of shape (n_texts, dim)."""
        ...


class SentenceEncoder:
    """A sentence-transformers model, loaded when the first text needs it.

    Texts go through in order of length, in batches of about 1,024 tokens, in bfloat16 where
    the processor has instructions for it (vectors then differ by a cosine of under 0.001).
    """

    def __init__(
        self,
        name: str = BUNDLED,
        *,
        layers: Path | None = None,
    ) -> None:
        """Names an encoder without loading it.

        Args:
            name: 'bundled', a sentence-transformers folder, or a hub id.
            layers: a safetensors file of tuned layers that replace the encoder's own.
        """
        self.name = name
        self.layers = layers
        self.fingerprint = _fingerprint(name, layers)
        self._model: SentenceTransformer | None = None
        self._before: Any = None
        self._half = False

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        """Unit vectors of shape (n_texts, dim), rounded to half precision.

        Raises:
            WhatworksError: the encoder cannot be found or loaded.
        """
        return self._encoded(texts, on_progress)[0]

    def encode_both(
        self, texts: Sequence[str], *, on_progress: Progress | None = None
    ) -> tuple[Array, Array]:
        """The same, and the vectors that the encoder gave before its layers were tuned.

        The layers below are gone through once: with four of twelve tuned, a third more work.

        Raises:
            WhatworksError: the encoder cannot be found or loaded.
        """
        if self.layers is None:
            raise ValueError(f"{self.name} has no tuned layers")
        if self._before is None and texts:
            model = self._loaded()
            untuned = load_sentence_transformer(self.name)
            self._before = upper_layers(untuned, self.layers).to(model.device)
            if self._half:
                _halve(self._before)
        own, before = self._encoded(texts, on_progress, both=True)
        return own, before

    def _encoded(
        self, texts: Sequence[str], on_progress: Progress | None, *, both: bool = False
    ) -> list[Array]:
        """The encoder's own vectors, and where ``both`` is said those from before tuning."""
        import torch

        n_kinds = 2 if both else 1
        if not texts:
            return [np.zeros((0, 0), dtype=np.float32)] * n_kinds
        model = self._loaded()
        prefix = text_prefix(model, self.name)
        tokenizer = model.tokenizer
        limit = min(model.max_seq_length or 512, 512)
        ids = tokenizer([prefix + t for t in texts], truncation=True, max_length=limit)["input_ids"]
        order = sorted(range(len(texts)), key=lambda n: len(ids[n]))
        device = model.device.type
        vectors: list[Array] = []
        done = 0
        with torch.inference_mode(), torch.autocast(device, torch.bfloat16, enabled=self._half):
            for batch in _batches(order, [len(one) for one in ids]):
                # In steps of eight: each new shape costs time and memory that stay taken.
                inputs = tokenizer.pad(
                    {"input_ids": [ids[n] for n in batch]},
                    padding=True,
                    pad_to_multiple_of=8,
                    return_tensors="pt",
                )
                inputs = {name: x.to(model.device) for name, x in inputs.items()}
                outputs = (
                    forward_both(model, self._before, inputs) if both else [model.forward(inputs)]
                )
                for kind, output in enumerate(outputs):
                    found = torch.nn.functional.normalize(
                        output["sentence_embedding"].float(), dim=-1
                    )
                    if kind == len(vectors):
                        vectors.append(np.empty((len(texts), found.shape[1]), dtype=np.float32))
                    vectors[kind][batch] = found.half().float().cpu().numpy()
                done += len(batch)
                if on_progress is not None:
                    on_progress(done, len(texts))
        return vectors

    def _loaded(self) -> "SentenceTransformer":
        if self._model is None:
            self._model = load_sentence_transformer(self.name, self.layers)
            self._half = self._model.device.type == "cuda" or has_bfloat16()
            if self._half:
                _halve(self._model)
        return self._model


def prompt_prefix(name: str) -> str:
    """What the model wants before a text: E5 models want 'query: ' for symmetric tasks."""
    return "query: " if name == BUNDLED or "e5" in Path(name).name.lower().split("-") else ""


def text_prefix(model: "SentenceTransformer", name: str) -> str:
    """The prompt that a model's own settings put before every text; else as its name has it."""
    own: str | None = model.prompts.get(model.default_prompt_name or "")
    return prompt_prefix(name) if own is None else own


def has_bfloat16() -> bool:
    """Whether this processor multiplies in bfloat16 (AVX512-BF16, AMX, or Arm's BF16)."""
    import torch

    known = torch.cpu.get_capabilities()
    return any(known.get(flag) for flag in ("avx512_bf16", "amx_bf16", "bf16"))


def load_sentence_transformer(name: str, layers: Path | None = None) -> "SentenceTransformer":
    """A sentence-transformers model in 32-bit floats, with tuned layers where there are any.

    Raises:
        WhatworksError: it cannot be found or loaded, or the layers belong to another encoder.
    """
    import torch

    quiet_transformers()
    folder = str(bundled_encoder()) if name == BUNDLED else name
    is_hub_id = name != BUNDLED and not Path(name).exists()
    if is_hub_id and (name.count("/") != 1 or name[0] in "./~"):
        near = f" Nearest: '{BUNDLED}'." if get_close_matches(name, [BUNDLED]) else ""
        raise WhatworksError(
            f"There is no encoder folder {name}.{near} Give a sentence-transformers folder, "
            "a hub id such as intfloat/multilingual-e5-base, or leave --encoder out."
        )
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        model = SentenceTransformer(
            folder,
            device=device,
            model_kwargs={"dtype": "float32"},
            local_files_only=is_hub_id and not _hub_has(name),
        )
    except (OSError, ValueError, RuntimeError, ImportError, SafetensorError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        cure = (
            "Clear it with: whatworks cache clear; the next run unpacks it again."
            if name == BUNDLED
            else "It must be a sentence-transformers model; a hub id needs a network connection "
            "the first time."
        )
        raise WhatworksError(
            f"The encoder {name} cannot be loaded: {first.rstrip('.')}. {cure}"
        ) from error
    if layers is not None:
        from safetensors.torch import load_file

        body: Any = model[0].auto_model
        try:
            tuned = load_file(layers)
        except SafetensorError as error:
            raise WhatworksError(
                f"{layers}: the tuned layers are damaged: {error}. Get the model again."
            ) from error
        own = body.state_dict()
        if any(key not in own or own[key].shape != value.shape for key, value in tuned.items()):
            raise WhatworksError(f"{layers}: these tuned layers do not belong to {name}.")
        body.load_state_dict(tuned, strict=False)
    return model.eval()


def _hub_has(name: str) -> bool:
    """Whether the hub answers for this model; False where it was downloaded before.

    Asked first: without a network the loader would try again and again for over a minute.
    """
    from huggingface_hub import HfApi, try_to_load_from_cache

    try:
        HfApi().model_info(name, timeout=10)
    except Exception as error:
        # What the hub's client raises depends on the library that it finds for HTTP.
        if not isinstance(try_to_load_from_cache(name, "config.json"), str):
            reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
            raise WhatworksError(
                f"The encoder {name} cannot be loaded: there is no such folder, and the hub "
                f"gives no such model ({reason}). Check the spelling and "
                "the network connection, or leave --encoder out."
            ) from error
        return False
    return True


def quiet_transformers() -> None:
    """Keeps transformers' progress bars and notices off a user's screen."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    from transformers.utils import logging as transformers_logging

    transformers: Any = transformers_logging
    transformers.set_verbosity_error()
    transformers.disable_progress_bar()


def _halve(model: "torch.nn.Module") -> None:
    """Autocast would do it at each call; the rest stays in 32 bits, as it wants."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            module.bfloat16()
        elif isinstance(module, torch.nn.Embedding) and module.num_embeddings > 1024:
            module.half()  # as the bundled encoder stores it: nothing is lost


def _batches(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Runs of like length whose padded size stays near the token budget."""
    batches: list[list[int]] = []
    batch: list[int] = []
    for n in order:
        # Sorted by length: the newest is the longest.
        if batch and lengths[n] * (len(batch) + 1) > _TOKENS_PER_BATCH:
            batches.append(batch)
            batch = []
        batch.append(n)
    return [*batches, batch] if batch else batches


def _fingerprint(name: str, layers: Path | None) -> str:
    """Of a folder: names, sizes and times of its files; of a hub id: the id."""
    if name == BUNDLED:
        seen: Any = FOLDER
    elif Path(name).is_dir():
        files = sorted(path for path in Path(name).rglob("*") if path.is_file())
        seen = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    else:
        seen = name
    tuned = hashlib.sha256(layers.read_bytes()).hexdigest() if layers else ""
    return hashlib.sha256(json.dumps([seen, tuned]).encode()).hexdigest()[:32]
