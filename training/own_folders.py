"""The folders of a project's own models: numbered, whole when they appear, never written again."""

import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..models.folder import LAYERS_FILE, Model, load_model, save_model
from ..models.placing import alone_in, draft_in, put_in_place
from ..models.registry import SCORECARD
from ..nlp.errors import WhatworksError
from .comparing import Comparison
from .evaluation import scorecard_text
from .own_card import own_card

BASE = "refitted_from"
"""In what a model was made from: the model that it began with."""
_log = logging.getLogger(__name__)


def keep_model(model: Model, models: Path, comparison: Comparison | None) -> tuple[Model, Path]:
    """Writes it into a folder of the next number, which appears when it is whole.

    Raises:
        WhatworksError: it cannot be written; then nothing of it is left.
    """
    try:
        with alone_in(models), draft_in(models) as draft:
            name = model.name
            number = max((number for number, _ in _numbered(models, name)), default=0) + 1
            model = replace(model, version=str(number))
            folder = models / f"{name}-{number}"
            if model.layers is not None:
                shutil.copyfile(model.layers, draft / LAYERS_FILE)
            (draft / "README.md").write_text(own_card(model, comparison), "utf-8")
            if comparison is not None:
                text = scorecard_text({"before": comparison.before, "after": comparison.after})
                (draft / SCORECARD).write_text(text, "utf-8")
            save_model(model, draft)
            # Whoever comes next will: a model that cannot be loaded is worse than none.
            load_model(draft)
            put_in_place(draft, folder)
    except OSError as error:
        raise WhatworksError(
            f"{models}: the model cannot be saved: {error.strerror}. Nothing of it is left; free "
            "some space, or make the folder yours to write, and run the command again."
        ) from error
    layers = folder / LAYERS_FILE if model.layers is not None else None
    return replace(model, layers=layers), folder


def last_whole(models: Path, name: str) -> tuple[Path, Model] | None:
    """The newest model that was made here, without those that were damaged since."""
    for _, folder in sorted(_numbered(models, name), reverse=True):
        try:
            return folder, load_model(folder)
        except WhatworksError as error:
            _log.warning("%s", error)
    return None


def _numbered(models: Path, name: str) -> list[tuple[int, Path]]:
    """The folders that were made here, with their numbers."""
    found = []
    for folder in models.glob(f"{name}-*"):
        number = folder.name.removeprefix(f"{name}-")
        if number.isascii() and number.isdecimal():
            found.append((int(number), folder))
    return found


def seen_from(project_folder: Path, base_name: str) -> str:
    """A base in the project's folder as it is seen from there: projects are moved, and shared."""
    path = Path(base_name)
    home = project_folder.absolute()
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else base_name


def learned(made_from: Mapping[str, Any]) -> dict[str, Any]:
    """What a model was made from, whenever that was."""
    made = {key: value for key, value in made_from.items() if key != "made_at"}
    # As it is read back from JSON.
    said: dict[str, Any] = json.loads(json.dumps(made))
    return said
