"""A project's own model: heads refitted on its confirmed passages, kept in its folder."""

import hashlib
import json
import logging
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..labels.project import Project
from ..labels.store.codebooks import StoredCodebook
from ..labels.store.confirmed import ConfirmedPassage
from ..models.folder import LAYERS_FILE, STARTER, Model, load_model, save_model
from ..models.known_codes import KnownCodes
from ..models.placing import alone_in, draft_in, put_in_place
from ..models.registry import ENCODER, IMPORTED, MODELS, SCORECARD
from ..models.suggester import EncoderSuggester, passage_text
from ..nlp.encoders import Progress
from ..nlp.errors import WhatworksError
from .comparing import Comparison, compare_refitted
from .evaluation import scorecard_text
from .examples import Example
from .own_card import own_card
from .refit import Refit, refit

NAME = "heads"
_BASE = "refitted_from"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was made."""

    folder: Path
    model: Model
    passages: int
    reports: int
    is_new: bool = True
    """False where the last model of the project has learned just the same."""


def confirmed_examples(confirmed: Iterable[ConfirmedPassage]) -> list[Example]:
    """What people confirmed, to learn from."""
    return [
        Example(
            id=one.passage.id,
            report=str(one.report_id),
            language=one.passage.language,
            register="",
            text=passage_text(one.passage),
            labels=one.labels,
            themes=one.themes,
        )
        for one in confirmed
    ]


def base_of(project: Project) -> str:
    """The model that knows nothing of the project: what its own models are all made from.

    Made from one of them, a model would count the same decisions twice, and could not be
    compared on them.
    """
    name = project.settings.model
    if name == STARTER:
        return name
    made_from = load_model(project.folder / name).made_from
    # Another office's model knows nothing of this project, whatever it was made from.
    base = str(made_from.get(_BASE, name)) if IMPORTED not in made_from else name
    return base if base == STARTER else str(project.folder / base)


def train_heads(
    project_folder: Path,
    suggester: EncoderSuggester,
    known: KnownCodes,
    codebook: StoredCodebook,
    base_name: str,
    examples: Sequence[Example],
    *,
    config: Refit | None = None,
    on_progress: Progress | None = None,
) -> tuple[Trained, Comparison | None]:
    """Refits heads on the examples, compares them with the base, and keeps them.

    Args:
        project_folder: Holds ``models/``.
        suggester: The base model with its encoder.
        known: What the base knows of the codebook.
        codebook: The project's newest version.
        base_name: As ``base_of`` gives it.
        examples: What people confirmed; at least one.
        config: How the heads are refitted.
        on_progress: Told as passages get their vectors.

    Raises:
        WhatworksError: the model cannot be written; then nothing of it is left.
    """
    config, book = config or Refit(), codebook.codebook
    base = in_words_of(suggester.model, known)
    vectors = suggester.encoder.encode([one.text for one in examples], on_progress=on_progress)
    definitions = suggester.encoder.encode([theme.description for theme in book.themes])
    comparison = compare_refitted(base, vectors, examples, book, definitions, config)
    reports = len({one.report for one in examples})
    made_from = {
        _BASE: _seen_from(project_folder, base_name),
        "codebook": codebook.number,
        "codebook_sha256": codebook.sha256,
        "passages": len(examples),
        "reports": reports,
        "data": _fingerprint(examples),
        "refit": asdict(config),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if ENCODER in base.made_from:
        made_from[ENCODER] = base.made_from[ENCODER]
    models = project_folder / MODELS
    last = _last_whole(models)
    if last is not None and _learned(last[1].made_from) == _learned(made_from):
        return Trained(*last, len(examples), reports, is_new=False), comparison
    model = replace(
        refit(base, vectors, examples, book, definitions, config),
        name=NAME,
        encoder=suggester.encoder.name,
        made_from=made_from,
    )
    model, folder = _keep(model, models, comparison)
    return Trained(folder, model, len(examples), reports), comparison


def in_words_of(model: Model, known: KnownCodes) -> Model:
    """The model with the ids that the project's codebook has for what it learned."""

    def types(values: Mapping[str, float]) -> dict[str, float]:
        return {known.finding_types.get(code, code): value for code, value in values.items()}

    heads, calibration = model.heads, model.calibration
    return replace(
        model,
        heads=replace(
            heads,
            finding_types=tuple(known.finding_types.get(one, one) for one in heads.finding_types),
            themes=tuple(known.themes.get(one, one) for one in heads.themes),
        ),
        calibration=replace(
            calibration,
            slopes=types(calibration.slopes),
            intercepts=types(calibration.intercepts),
            thresholds=types(calibration.thresholds),
        ),
    )


def _keep(model: Model, models: Path, comparison: Comparison | None) -> tuple[Model, Path]:
    """Writes it into a folder of the next number, which appears when it is whole."""
    try:
        with alone_in(models), draft_in(models) as draft:
            number = max(map(_number, models.glob(f"{NAME}-*")), default=0) + 1
            model = replace(model, version=str(number))
            folder = models / f"{NAME}-{number}"
            if model.layers is not None:
                shutil.copyfile(model.layers, draft / LAYERS_FILE)
            (draft / "README.md").write_text(own_card(model, comparison), "utf-8")
            if comparison is not None:
                text = scorecard_text({"before": comparison.before, "after": comparison.after})
                (draft / SCORECARD).write_text(text, "utf-8")
            save_model(model, draft)
            put_in_place(draft, folder)
    except OSError as error:
        raise WhatworksError(f"{models}: the model cannot be saved: {error.strerror}.") from error
    layers = folder / LAYERS_FILE if model.layers is not None else None
    return replace(model, layers=layers), folder


def _last_whole(models: Path) -> tuple[Path, Model] | None:
    """The newest model that was made here, without those that were damaged since."""
    for folder in sorted(models.glob(f"{NAME}-*"), key=_number, reverse=True):
        if _number(folder):
            try:
                return folder, load_model(folder)
            except WhatworksError as error:
                _log.warning("%s", error)
    return None


def _number(folder: Path) -> int:
    """Of a model's folder; 0 where its name has none."""
    number = folder.name.removeprefix(f"{NAME}-")
    return int(number) if number.isascii() and number.isdecimal() else 0


def _seen_from(project_folder: Path, base_name: str) -> str:
    """A base in the project's folder as it is seen from there: projects are moved, and shared."""
    path = Path(base_name)
    home = project_folder.absolute()
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else base_name


def _learned(made_from: Mapping[str, Any]) -> dict[str, Any]:
    """What a model was made from, whenever that was."""
    made = {key: value for key, value in made_from.items() if key != "made_at"}
    # As it is read back from JSON.
    said: dict[str, Any] = json.loads(json.dumps(made))
    return said


def _fingerprint(examples: Sequence[Example]) -> str:
    """Of what was learned: the same decisions give the same."""
    said = sorted((one.id, one.labels, one.themes) for one in examples)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
