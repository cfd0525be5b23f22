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
from .vectors import VectorCache

if TYPE_CHECKING:
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
        self._half = False

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        """Unit vectors of shape (n_texts, dim), rounded to half precision.

        Raises:
            WhatworksError: the encoder cannot be found or loaded.
        """
        import torch

        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        model = self._loaded()
        prefix = text_prefix(model, self.name)
        tokenizer = model.tokenizer
        limit = min(model.max_seq_length or 512, 512)
        ids = tokenizer([prefix + t for t in texts], truncation=True, max_length=limit)["input_ids"]
        order = sorted(range(len(texts)), key=lambda n: len(ids[n]))
        device = model.device.type
        vectors = np.zeros((0, 0), dtype=np.float32)
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
                output = model.forward({name: x.to(model.device) for name, x in inputs.items()})
                found = torch.nn.functional.normalize(output["sentence_embedding"].float(), dim=-1)
                if not vectors.size:
                    vectors = np.empty((len(texts), found.shape[1]), dtype=np.float32)
                vectors[batch] = found.half().float().cpu().numpy()
                done += len(batch)
                if on_progress is not None:
                    on_progress(done, len(texts))
        return vectors

    def _loaded(self) -> "SentenceTransformer":
        if self._model is None:
            import torch

            self._model = load_sentence_transformer(self.name, self.layers)
            self._half = self._model.device.type == "cuda" or has_bfloat16()
            if self._half:
                # Autocast would do it at each call; the rest stays in 32 bits, as it wants.
                for module in self._model.modules():
                    if isinstance(module, torch.nn.Linear):
                        module.bfloat16()
                    elif isinstance(module, torch.nn.Embedding) and module.num_embeddings > 1024:
                        module.half()  # as the bundled encoder stores it: nothing is lost
        return self._model


class CachedEncoder:
    """An encoder that asks for no text twice: what was encoded before comes from the cache."""

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.encoder = encoder
        self.cache = cache
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        """Unit vectors of shape (n_texts, dim). New ones are kept every 512 passages."""
        distinct = list(dict.fromkeys(texts))
        known = self.cache.find(self.fingerprint, distinct)
        missing = [text for text in distinct if text not in known]
        # Stretches keep what an interrupted run has done; within one, like lengths go together.
        for start in range(0, len(missing), 512):
            stretch = missing[start : start + 512]
            done = len(texts) - len(missing) + start

            def report(count: int, _: int, done: int = done) -> None:
                if on_progress is not None:
                    on_progress(done + count, len(texts))

            vectors = self.encoder.encode(stretch, on_progress=report).astype(np.float16)
            self.cache.store(self.fingerprint, stretch, vectors)
            known.update(zip(stretch, vectors, strict=True))
        if on_progress is not None:
            on_progress(len(texts), len(texts))
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        return np.stack([known[text] for text in texts]).astype(np.float32)


def uncached(encoder: Encoder) -> Encoder:
    """The encoder itself, for texts that nobody will ask for again."""
    return encoder.encoder if isinstance(encoder, CachedEncoder) else encoder


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
