"""A project's models: the starter, and the folders in its ``models/``."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..labels.codebook import unknown
from ..labels.project import Project
from ..labels.store.codebooks import StoredCodebook
from ..nlp.encoders import SentenceEncoder
from ..nlp.errors import WhatworksError
from .folder import STARTER, Model, load_model, starter_folder
from .known_codes import known_codes

MODELS = "models"
"""The folder in a project's folder that holds its models."""
SCORECARD = "scorecard.json"
IMPORTED = "imported_at"
"""In what a model was made from: when it was taken over from another office."""

ENCODER = "encoder"
"""In what a model was made from: the name of an encoder that now lies in a model's folder."""


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model that a project can use, or a folder that looks like one and is none."""

    name: str
    """As it stands in the settings: 'starter', 'models/heads-3'."""
    folder: Path
    model: Model | None
    """None where the folder is no whole model."""
    trouble: str
    """Why it is none, '' where it is one."""
    made_at: str
    """When it was made or taken over, in ISO format, UTC; '' where nobody knows."""
    in_use: bool

    def whole(self) -> Model:
        """The model.

        Raises:
            WhatworksError: it is none.
        """
        if self.model is None:
            raise WhatworksError(self.trouble)
        return self.model


def kept_models(project: Project) -> list[KeptModel]:
    """The starter, then the folders in ``models/``, the newest last.

    A model in use that lies elsewhere comes first but for the starter.
    """
    in_use = project.settings.model
    home = project.folder / MODELS
    names = [
        f"{MODELS}/{one.name}" for one in home.iterdir() if one.is_dir() and one.name[0] != "."
    ] if home.is_dir() else []  # fmt: skip
    own = sorted((_kept(project, name) for name in names), key=lambda one: (one.made_at, one.name))
    elsewhere = [] if in_use in (STARTER, *names) else [_kept(project, in_use)]
    return [_kept(project, STARTER), *elsewhere, *own]


def find_model(project: Project, name: str) -> KeptModel:
    """The model of that name; 'heads-3' finds 'models/heads-3', a path a folder elsewhere.

    Raises:
        WhatworksError: there is none; it names the nearest.
    """
    models = {one.name: one for one in kept_models(project)}
    name = name.rstrip("/")
    found = models.get(name) or models.get(f"{MODELS}/{name}")
    if found is None and (project.folder / name / "config.json").is_file():
        found = _kept(project, name)
    if found is None:
        raise WhatworksError(
            f"{unknown('model', name, [*models, *(one.rpartition('/')[2] for one in models)])} "
            "See which there are: whatworks models list"
        )
    return found


def read_scorecard(folder: Path) -> Mapping[str, Any]:
    """The scores that stand beside a model, by what they are over; {} where there are none.

    Raises:
        WhatworksError: the file cannot be read, or holds something else.
    """
    path = folder / SCORECARD
    try:
        said = json.loads(path.read_text("utf-8"), parse_constant=lambda _: None)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise WhatworksError(f"{path}: the scores cannot be read: {error}.") from error
    if not isinstance(said, dict) or not all(isinstance(one, dict) for one in said.values()):
        raise WhatworksError(f"{path}: these are no scores as whatworks writes them.")
    return said


def score_of(scores: Mapping[str, Any], *keys: str) -> float | None:
    """A figure of a scorecard; None where it is not there or no number."""
    found: Any = scores
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return float(found)


@dataclass(frozen=True, slots=True)
class Unlearned:
    """What a model has not learned of a codebook."""

    older_version: int | None
    """The version under which it was made, where a newer one holds; else None."""
    finding_types: tuple[str, ...]
    """Not suggested."""
    themes: tuple[str, ...]
    """Suggested by their definitions alone."""


def unlearned(model: Model, codebook: StoredCodebook) -> Unlearned:
    """What the project's codebook has that a model does not know.

    Raises:
        WhatworksError: the model knows none of the finding types.
    """
    made = model.made_from
    number = made.get("codebook")
    # Numbers are a project's own: those of another office's model say nothing here.
    older = isinstance(number, int) and number < codebook.number and IMPORTED not in made
    book = codebook.codebook
    known = known_codes(book, model.heads.finding_types, model.heads.themes)
    learned = set(known.themes.values())
    return Unlearned(
        older_version=number if older else None,
        finding_types=known.unknown,
        themes=tuple(code for code in book.as_learned.theme_ids if code not in learned),
    )


def try_model(model: Model) -> None:
    """Puts a sentence through the model's encoder.

    Raises:
        WhatworksError: the encoder cannot be loaded, or its vectors do not fit the heads.
    """
    shown = f"The model {model.name} {model.version} cannot be used"
    try:
        vectors = SentenceEncoder(model.encoder, layers=model.layers).encode(["Funds came late."])
    except WhatworksError:
        raise
    except Exception as error:
        # What the libraries raise on settings that do not fit together has no common type.
        raise WhatworksError(
            f"{shown}: its encoder gives no vectors ({type(error).__name__}: {error})."
        ) from error
    wanted = model.heads.type_weights.shape[1]
    if vectors.shape[1] != wanted:
        raise WhatworksError(
            f"{shown}: its encoder gives vectors of {vectors.shape[1]} numbers, its heads were "
            f"fitted on {wanted}."
        )


def _kept(project: Project, name: str) -> KeptModel:
    folder = starter_folder() if name == STARTER else project.folder / name
    model, trouble = None, ""
    try:
        model = load_model(folder)
    except WhatworksError as error:
        trouble = str(error)
    made = model.made_from if model is not None else {}
    when = made.get(IMPORTED) or made.get("made_at") or ""
    if not when and name != STARTER and folder.is_dir():
        when = datetime.fromtimestamp(folder.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return KeptModel(name, folder, model, trouble, str(when), name == project.settings.model)
