"""What a model's folder from somebody else may hold: nothing that runs, nothing unforeseen.

Weights are safetensors and everything else is JSON or text, so that reading a model runs no code of
whoever made it. Files are allowed by their names; the settings of an encoder are read before the
libraries that would follow them.
"""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..nlp.errors import WhatworksError

ENCODER_FOLDER = "encoder"
"""An encoder that comes with the model, in the model's folder."""
MODEL_FILES = (
    "config.json",
    "heads.safetensors",
    "layers.safetensors",
    "scorecard.json",
    "README.md",
)
ENCODER_FILES = (
    "modules.json",
    "config.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "model.safetensors",
    "1_Pooling/config.json",
    "2_Normalize/config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "sentencepiece.bpe.model",
    "spiece.model",
    "tokenizer.model",
    "README.md",
)
ENCODER_KINDS = (
    "bert",
    "xlm-roberta",
    "roberta",
    "camembert",
    "distilbert",
    "mpnet",
    "electra",
    "albert",
    "deberta-v2",
    "modernbert",
)
"""``model_type`` of text encoders that transformers builds from their own settings alone."""

_ALLOWED = {*MODEL_FILES, *(f"{ENCODER_FOLDER}/{name}" for name in ENCODER_FILES)}
_WORDS = (
    "tokenizer.json",
    "vocab.json",
    "added_tokens.json",
)
"""Large lists of words, which no library takes for settings."""
_LARGEST = 5_000_000
_CODE = (".py", ".pyc", ".so", ".dll", ".dylib", ".sh", ".exe", ".bat", ".js", ".jinja")
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy", ".npz")
_RUNNING = ("auto_map", "trust_remote_code", "custom_pipelines", "custom_generate", "code_revision")
_FETCHING = (
    "attn_implementation",
    "experts_implementation",
    "kernel_config",
    "use_kernels",
    "quantization_config",
    "adapter_",
)
"""Parts of keys by which transformers is told to fetch code or weights from elsewhere."""
_DEEPEST = 20
_MODULES = {
    name: tuple(f"sentence_transformers.{where}.{name}" for where in places)
    for name, places in {
        "Transformer": ("base.modules.transformer", "models"),
        "Pooling": ("sentence_transformer.modules.pooling", "models"),
        "Normalize": ("base.modules.normalize", "models"),
    }.items()
}
"""As the installed sentence-transformers writes them, and as older ones did."""
PARTS = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
"""What an encoder may be made of, in this order."""
_MODULE_FOLDERS = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
_TRANSFORMER_KEYS = (
    "transformer_task",
    "modality_config",
    "module_output_name",
    "processing_kwargs",
    "unpad_inputs",
    "max_seq_length",
    "do_lower_case",
)


def check_folder(folder: Path) -> None:
    """Looks at a model's folder before anything in it is used.

    Raises:
        WhatworksError: it holds something that a model does not need, or its settings name code,
            or an encoder elsewhere; everything that is refused is named.
    """
    refused = [f"{name}: {why}" for name, why in _refused(folder, _ALLOWED)]
    if refused:
        more = [f"and {len(refused) - 10} more"] if len(refused) > 10 else []
        raise WhatworksError(
            "\n  ".join([f"{folder}: this model is refused, because of", *refused[:10], *more])
            + "\nA model needs none of these. Ask for one as 'whatworks models export' writes it."
        )
    encoder = _settings(folder / "config.json").get("encoder")
    if encoder == ENCODER_FOLDER or (folder / ENCODER_FOLDER).exists():
        check_encoder(folder / ENCODER_FOLDER)
    if encoder not in (ENCODER_FOLDER, "bundled"):
        raise WhatworksError(
            f"{folder}: the model names an encoder that is not in its folder ({encoder!r}). "
            "Ask for one as 'whatworks models export' writes it: that has its encoder inside."
        )
    if (folder / "scorecard.json").exists():
        _settings(folder / "scorecard.json")


def check_encoder(folder: Path) -> None:
    """Looks at an encoder's folder before a library follows its settings.

    Raises:
        WhatworksError: it holds other files, other parts, or settings that name code.
    """
    from safetensors import SafetensorError, safe_open

    for name, why in _refused(folder, set(ENCODER_FILES)):
        raise WhatworksError(f"{folder / name}: this encoder is refused: {why}.")
    for path in sorted(folder.rglob("*.json")):
        if path.name not in (*_WORDS, "modules.json"):
            _check_keys(path, _settings(path))
    kind = _settings(folder / "config.json").get("model_type")
    if kind not in ENCODER_KINDS:
        raise _refusal(
            folder / "config.json",
            f"it is a model of the kind {kind!r}, no text encoder known here",
        )
    _check_modules(folder / "modules.json")
    _check_sentences(folder)
    weights = folder / "model.safetensors"
    try:
        with safe_open(weights, "numpy") as opened:
            opened.keys()
    except (OSError, SafetensorError) as error:
        raise WhatworksError(
            f"{weights}: the encoder's weights cannot be read: {error}. Get the model again."
        ) from error


def _refused(folder: Path, allowed: set[str]) -> Iterator[tuple[str, str]]:
    """What is in a folder and must not be, with the reason."""
    folders = {str(Path(name).parent) for name in allowed} - {"."}
    # Not rglob: links are to be seen, not followed.
    for where, inner, files in os.walk(folder, followlinks=False, onerror=_raise):
        for entry in sorted((*inner, *files)):
            path = Path(where, entry)
            name = path.relative_to(folder).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                yield name, "a link, which may point anywhere"
            elif stat.S_ISDIR(mode):
                if name not in folders:
                    inner.remove(entry)
                    yield name, "a folder that no model has"
            elif not stat.S_ISREG(mode):
                yield name, "no ordinary file"
            elif name not in allowed:
                yield name, _why(path.suffix.lower())
            elif path.suffix == ".json" and path.name not in _WORDS and _is_large(path):
                yield name, "settings of many megabytes"


def _raise(error: OSError) -> None:
    raise WhatworksError(
        f"{error.filename}: it cannot be looked into: {error.strerror}."
    ) from error


def _why(suffix: str) -> str:
    if suffix in _CODE:
        return "code"
    if suffix in _PICKLES:
        return "a file that may run code when it is read (pickle); weights are safetensors"
    return "a file that no model has"


def _is_large(path: Path) -> bool:
    return path.stat().st_size > _LARGEST


def _settings(path: Path) -> dict[str, Any]:
    found = _json(path)
    if not isinstance(found, dict):
        raise _refusal(path, "it holds no settings (a JSON object)")
    return found


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise WhatworksError(
            f"{path.parent}: this is no model folder: {path.name} is missing. Give a folder that "
            "'whatworks models export' wrote."
        ) from error
    except OSError as error:
        raise WhatworksError(f"{path}: it cannot be read: {error.strerror}.") from error
    # Python's reader gives up on what is nested a thousand times.
    except (ValueError, RecursionError) as error:
        raise _refusal(path, "it is no valid JSON") from error


def _check_keys(path: Path, value: Any, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise _refusal(path, "its settings are nested deeper than any model's")
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _RUNNING:
                raise _refusal(path, f"'{key}' would have code run that came with the model")
            if any(part in key for part in _FETCHING):
                raise _refusal(path, f"'{key}' may fetch code or weights from elsewhere")
            _check_keys(path, inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_keys(path, inner, depth + 1)


def _check_modules(path: Path) -> None:
    found = _json(path)
    parts = []
    for one in found if isinstance(found, list) else ():
        said = one if isinstance(one, dict) else {}
        name = next((name for name, types in _MODULES.items() if said.get("type") in types), None)
        if name is None:
            raise _refusal(path, f"it names a part {said.get('type')!r} beside {_known()}")
        if said.get("path") != _MODULE_FOLDERS[name]:
            raise _refusal(path, f"the part {name} lies in another place: {said.get('path')!r}")
        if set(said) - {"idx", "name", "path", "type"}:
            raise _refusal(path, f"the part {name} has settings of its own")
        parts.append(name)
    if parts not in PARTS:
        raise _refusal(path, f"its parts are not {_known()}, in this order")


def _known() -> str:
    return "Transformer, Pooling and Normalize"


def _check_sentences(folder: Path) -> None:
    """What sentence-transformers reads beside the parts."""
    path = folder / "sentence_bert_config.json"
    for key in _settings(path) if path.exists() else ():
        if key not in _TRANSFORMER_KEYS:
            raise _refusal(path, f"'{key}' is no setting that an encoder needs")
    path = folder / "config_sentence_transformers.json"
    said = _settings(path) if path.exists() else {}
    if said.get("model_type", "SentenceTransformer") != "SentenceTransformer":
        raise _refusal(path, "it is no SentenceTransformer")
    prompts = said.get("prompts", {})
    if not isinstance(prompts, dict) or not all(isinstance(one, str) for one in prompts.values()):
        raise _refusal(path, "its prompts are no texts")


def _refusal(path: Path, why: str) -> WhatworksError:
    return WhatworksError(
        f"{path}: this is refused: {why}. Ask for a model as 'whatworks models export' writes it."
    )
