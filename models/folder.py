"""A model on disk: a folder of JSON and safetensors, from which no code is ever run.

config.json          names, calibration, thresholds, and what it was made from
encoder/             the encoder, where the model was exported with it
heads.safetensors    the heads on the encoder's vectors
layers.safetensors   tuned layers of the encoder, where it was fine-tuned
scorecard.json       how good it is, on reports it had not seen
README.md            the model card
"""

import errno
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from ..labels.codebook import unknown
from ..nlp.encoders import BUNDLED
from ..nlp.errors import WhatworksError
from .context import Context, Pull
from .heads import Heads
from .ngrams import N_COLUMNS
from .stranger import ENCODER_FOLDER, check_encoder

FORMAT = 4
"""2 has 'context', what headings count; in 1 they count nothing. 3 has what themes of a codebook
that is foreign to the model are told by, 4 what a project's people taught of finding types by plain
vectors, and of such themes by character n-grams."""
STARTER = "starter"
LAYERS_FILE = "layers.safetensors"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns logits into probabilities; fitted out of fold, on reports not trained on."""

    slopes: Mapping[str, float]
    intercepts: Mapping[str, float]
    """Platt scaling by finding type: p = sigmoid(slope * logit + intercept)."""
    thresholds: Mapping[str, float]
    """The probability from which a finding type is suggested."""
    theme_temperature: float = 1.0
    """Theme logits are divided by it before the softmax."""
    type_agreement: float = 1.0
    """How much a theme gains, as a logit, when the finding type it goes with is likely."""
    set_floor: float = 0.0
    """The share of belief from which a first label is in the prediction set of 90%; at 0 every
    label is in it."""

    def of(self, finding_types: Sequence[str]) -> "Calibration":
        """For these; of those that are not known yet, a logit is taken as it is."""
        return replace(
            self,
            slopes={code: self.slopes.get(code, 1.0) for code in finding_types},
            intercepts={code: self.intercepts.get(code, 0.0) for code in finding_types},
            thresholds={code: self.thresholds.get(code, 0.5) for code in finding_types},
        )


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model: an encoder by name, heads, calibration."""

    name: str
    version: str
    encoder: str
    """'bundled', a hub id, or the whole path of a folder."""
    heads: Heads
    calibration: Calibration
    context: Context = field(default_factory=Context)
    layers: Path | None = None
    """The tuned layers, where the encoder was fine-tuned."""
    tuned_from: str = ""
    """'bundled' where the encoder's own files hold what was tuned from the bundled one."""
    made_from: Mapping[str, Any] = field(default_factory=dict)
    """Codebook, data fingerprint, settings and seed."""

    @property
    def is_tuned(self) -> bool:
        """Whether the encoder was tuned, and is there as it was before, too."""
        return self.layers is not None or bool(self.tuned_from)

    @property
    def untuned(self) -> str:
        """Name of the encoder as it was before it was tuned."""
        return self.tuned_from or self.encoder


def save_model(model: Model, folder: Path) -> None:
    """Writes config and heads. The tuned layers are written by who tuned them.

    Raises:
        WhatworksError: the folder cannot be written.
    """
    from safetensors.numpy import save

    heads = model.heads
    config = {
        "format": FORMAT,
        "name": model.name,
        "version": model.version,
        "encoder": _seen_from(folder, model.encoder),
        "tuned_from": model.tuned_from,
        "finding_types": heads.finding_types,
        "themes": heads.themes,
        "similarity_scale": round(heads.similarity_scale, 6),
        "by_definition": heads.by_definition,
        "calibration": asdict(model.calibration),
        "context": asdict(model.context),
        "made_from": model.made_from,
    }
    tensors = {
        "type_weights": heads.type_weights,
        "type_biases": heads.type_biases,
        "theme_weights": heads.theme_weights,
        "theme_biases": heads.theme_biases,
    }
    optional = {
        "mean": heads.mean,
        "type_corrections": heads.type_corrections,
        "ngram_weights": heads.ngram_weights,
        "ngram_rarity": heads.ngram_rarity,
    }
    tensors |= {name: array for name, array in optional.items() if array is not None}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {name: np.ascontiguousarray(x, dtype=np.float32) for name, x in tensors.items()}
        # Not save_file, whose files only their owner may read.
        (folder / "heads.safetensors").write_bytes(save(tensors))
        # The config is written last: a folder with one is whole.
        text = json.dumps(config, indent=1, ensure_ascii=False) + "\n"
        (folder / "config.json").write_text(text, "utf-8")
    except OSError as error:
        raise WhatworksError(
            f"{folder}: the model cannot be saved: {error.strerror}. Free some space, or choose a "
            "folder that you can write in."
        ) from error


def starter_folder() -> Path:
    """Where the starter model lies."""
    return Path(str(resources.files(__package__) / "starter"))


def load_model(name: str | Path = STARTER) -> Model:
    """The starter model, or the model in a folder.

    Raises:
        WhatworksError: no such folder, or files that are missing, damaged or of a later format.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    folder = starter_folder() if name == STARTER else Path(name)
    if not folder.exists():
        raise WhatworksError(
            f"{unknown('model', str(name), [STARTER])} Give '{STARTER}', or a folder that "
            "whatworks saved."
        )
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        if config["format"] > FORMAT:
            raise WhatworksError(
                f"{folder}: this model was saved by a later whatworks (format "
                f"{config['format']}, known here: {FORMAT}). Update with: pip install -U whatworks"
            )
        tensors = load((folder / "heads.safetensors").read_bytes())
        heads = Heads(
            finding_types=tuple(config["finding_types"]),
            themes=tuple(config["themes"]),
            similarity_scale=float(config["similarity_scale"]),
            by_definition=bool(config.get("by_definition", False)),
            **tensors,
        )
        model = Model(
            name=str(config["name"]),
            version=str(config["version"]),
            encoder=_encoder(folder, config["encoder"]),
            heads=heads,
            calibration=Calibration(**config["calibration"]),
            context=_context(config["context"]) if config["format"] > 1 else Context(),
            layers=folder / LAYERS_FILE if (folder / LAYERS_FILE).is_file() else None,
            tuned_from=str(config.get("tuned_from", "")),
            made_from=config["made_from"],
        )
        _check(model)
    except FileNotFoundError as error:
        raise WhatworksError(
            f"{folder}: this is no model folder: {Path(error.filename or '').name} is missing. "
            f"Give a folder that whatworks saved, or '{STARTER}'."
        ) from error
    except KeyError as error:
        raise WhatworksError(
            f"{folder}: the model cannot be loaded: {error} is missing, or not known here."
        ) from error
    # Python's JSON reader gives up on what is nested a thousand times.
    except (OSError, ValueError, TypeError, SafetensorError, RecursionError) as error:
        raise WhatworksError(
            f"{folder}: the model cannot be loaded: {error}. Use another one, or get it again "
            "from where it came."
        ) from error
    return model


def _context(said: Mapping[str, Any]) -> Context:
    if not all(isinstance(said[name], dict) for name in ("heading", "phrases")):
        raise TypeError("'context' in config.json is not as whatworks writes it")
    return Context(
        heading=Pull(**said["heading"]),
        phrases={code: tuple(phrases) for code, phrases in said["phrases"].items()},
    )


def _seen_from(folder: Path, encoder: str) -> str:
    """An encoder within this folder or beside it, as seen from it: a project may be moved."""
    home = folder.absolute().parent
    if not (Path(encoder).is_absolute() and Path(encoder).is_relative_to(home)):
        return encoder
    return Path(os.path.relpath(encoder, folder.absolute())).as_posix()


def _encoder(folder: Path, named: str) -> str:
    """The encoder that a model in this folder names; one that comes with it is looked at."""
    path = Path(os.path.normpath(folder.absolute() / named))
    if named == BUNDLED or Path(named).is_absolute():
        return named
    if path.is_dir():
        check_encoder(path)
        return str(path)
    if named == ENCODER_FOLDER or named.startswith("../"):
        raise FileNotFoundError(errno.ENOENT, "missing", named)
    return named


def _check(model: Model) -> None:
    heads, calibration = model.heads, model.calibration
    for names in (heads.finding_types, heads.themes):
        if not all(isinstance(one, str) for one in names) or len(set(names)) < len(names):
            raise ValueError("the names in config.json are no texts, or stand there twice")
    for shown in (model.name, model.version, *heads.finding_types, *heads.themes):
        # They go to terminals.
        if not shown.isprintable():
            raise ValueError(f"the name {shown!r} in config.json cannot be shown")
    types, themes = len(heads.finding_types), len(heads.themes)
    dim = heads.type_weights.shape[-1] if heads.type_weights.ndim else 0
    # Of a foreign codebook's themes a tuned encoder's heads have learned by two vectors.
    about = 2 * dim if heads.by_definition and model.is_tuned else dim
    expected = [(types, dim), (types,), (themes, about), (themes,)]
    found = [heads.type_weights, heads.type_biases, heads.theme_weights, heads.theme_biases]
    if (heads.ngram_weights is None) != (heads.ngram_rarity is None):
        raise ValueError("of what it learned by character n-grams, half is missing")
    for array, shape in (
        (heads.mean, (dim,)),
        (heads.type_corrections, (types, dim)),
        (heads.ngram_weights, (themes, N_COLUMNS)),
        (heads.ngram_rarity, (N_COLUMNS,)),
    ):
        if array is not None:
            expected.append(shape)
            found.append(array)
    if [array.shape for array in found] != expected:
        raise ValueError("the heads do not fit the names in config.json")
    if not all(array.dtype == np.float32 and np.isfinite(array).all() for array in found):
        raise ValueError("the heads are no finite 32-bit numbers")
    if heads.type_corrections is not None and not model.is_tuned:
        raise ValueError("it wants vectors from before its encoder was tuned, which it never was")
    numbers = [heads.similarity_scale, calibration.theme_temperature, calibration.type_agreement]
    numbers.append(calibration.set_floor)
    for by_type in (calibration.slopes, calibration.intercepts, calibration.thresholds):
        numbers += [by_type[code] for code in heads.finding_types]
    context = model.context
    numbers += [context.heading.weight, context.heading.neutral]
    if not np.isfinite(np.array(numbers, dtype=np.float64)).all():
        raise ValueError("its calibration or context is not made of finite numbers")
    if model.tuned_from not in ("", BUNDLED):
        raise ValueError(f"it was tuned from {model.tuned_from!r}, which does not come with it")
    if not 0 <= calibration.set_floor <= 1:
        raise ValueError(f"the set_floor {calibration.set_floor} in config.json is no share")
    if not all(isinstance(one, str) for own in context.phrases.values() for one in own):
        raise TypeError("the phrases in config.json are no texts")
    if not isinstance(model.made_from, dict):
        raise TypeError("'made_from' in config.json is no object")
