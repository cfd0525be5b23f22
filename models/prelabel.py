"""Suggestions for the passages of a project, stored as they are made."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..labels.store.database import Store
from ..labels.store.passages import passages_of
from ..labels.store.suggestions import (
    add_model_version,
    add_suggestions,
    find_model_version,
    without_suggestion,
)
from ..nlp.encoders import Progress
from .folder import Model
from .interface import Suggester
from .known_codes import KnownCodes
from .registry import IMPORTED
from .stranger import ENCODER_FOLDER

PASSAGES_AT_ONCE = 512
"""Encoded, then stored together: what an interrupted run keeps."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is kept of a model that suggests."""

    name: str
    """'starter 1.0 (bundled encoder)'."""
    fingerprint: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prelabelled:
    """What a run did."""

    suggested: int
    """Passages that got a suggestion."""
    labelled: int
    """Those of them with at least one suggested finding type."""


def model_info(model: Model, encoder: str) -> ModelInfo:
    """Name and fingerprint of a model with the encoder it stands on.

    Whatever changes its suggestions changes the fingerprint: its heads, calibration and tuned
    layers, and the files of an encoder in a folder. The bundled encoder and one from the hub go
    by their name.
    """
    folder = Path(encoder)
    if folder.is_dir():
        # One that came with a model goes by that model's folder.
        shown = folder.parent.name if folder.name == ENCODER_FOLDER else folder.name
    else:
        shown = encoder
    heads = model.heads
    said: dict[str, Any] = {
        "name": model.name,
        "version": model.version,
        "encoder": _content(Path(encoder)) if Path(encoder).is_dir() else encoder,
        "layers": _content(model.layers) if model.layers is not None else "",
        "finding_types": heads.finding_types,
        "themes": heads.themes,
        "similarity_scale": heads.similarity_scale,
        "calibration": asdict(model.calibration),
        "context": asdict(model.context),
    }
    if heads.needs_plain:
        mean = [] if heads.mean is None else heads.mean.tolist()
        said["by_definition" if heads.by_definition else "plain"] = [model.untuned, mean]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    arrays = [heads.type_weights, heads.type_biases, heads.theme_weights, heads.theme_biases]
    optional = (heads.type_corrections, heads.ngram_weights, heads.ngram_rarity)
    for array in (*arrays, *(one for one in optional if one is not None)):
        digest.update(np.ascontiguousarray(array, dtype=np.float32).tobytes())
    return ModelInfo(
        name=f"{model.name} {model.version} ({shown} encoder)",
        fingerprint=digest.hexdigest(),
        details={
            "name": model.name,
            "version": model.version,
            "encoder": encoder,
            "thresholds": dict(model.calibration.thresholds),
            "finding_types": list(heads.finding_types),
            "set_floor": model.calibration.set_floor,
            "learned_from": _learned_from(model),
            "whatworks": __version__,
        },
    )


def prelabel(
    store: Store,
    suggester: Suggester,
    known: KnownCodes,
    info: ModelInfo,
    codebook_version_id: int,
    *,
    report_id: int | None = None,
    on_progress: Progress | None = None,
) -> Prelabelled:
    """Suggestions for every current passage that this model has not seen under this codebook.

    They are stored 512 at a time; a run that was broken off goes on from there.

    Args:
        store: The project's.
        suggester: For ``known.codebook``.
        known: The project's codebook as the model knows it.
        info: Of the suggester's model.
        codebook_version_id: Of the project's codebook.
        report_id: Only the passages of this report.
        on_progress: Is told of passages done and in all.
    """
    # Stored with the first suggestion: a run that suggests nothing leaves no model version.
    version = find_model_version(store, info.fingerprint)
    with store.reading() as connection:
        waiting = without_suggestion(
            connection, version.id if version is not None else 0, codebook_version_id, report_id
        )
    suggested = labelled = 0
    for start in range(0, len(waiting), PASSAGES_AT_ONCE):
        ids = waiting[start : start + PASSAGES_AT_ONCE]
        with store.reading() as connection:
            passages = passages_of(connection, ids)

        def report(count: int, _: int, before: int = start) -> None:
            if on_progress is not None:
                on_progress(before + count, len(waiting))

        found = suggester.suggest([passages[one] for one in ids], on_progress=report)
        found = [known.translated(one) for one in found]
        version = version or add_model_version(store, info.name, info.fingerprint, info.details)
        suggested += add_suggestions(store, version.id, codebook_version_id, found)
        labelled += sum(bool(one.labels) for one in found)
    return Prelabelled(suggested, labelled)


def _learned_from(model: Model) -> int:
    """How many confirmed passages of the project are in it; those of another office are not."""
    made = model.made_from
    is_own = "refitted_from" in made and IMPORTED not in made
    return int(made.get("passages", 0)) if is_own else 0


def _content(path: Path) -> str:
    """Of a file, or of all files of a folder by their names."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    files = sorted(one for one in path.rglob("*") if one.is_file())
    said = [(one.relative_to(path).as_posix(), _content(one)) for one in files]
    return hashlib.sha256(json.dumps(said).encode(errors="replace")).hexdigest()
