"""A project's own model: heads refitted on its confirmed passages, kept in its folder."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..labels.codebook import Codebook
from ..labels.project import Project
from ..labels.store.codebooks import StoredCodebook
from ..labels.store.confirmed import ConfirmedPassage
from ..models.context import ContextReader
from ..models.folder import STARTER, Model, load_model
from ..models.known_codes import KnownCodes
from ..models.plain import vector_reader
from ..models.prelabel import model_info
from ..models.registry import ENCODER, IMPORTED, MODELS
from ..models.suggester import EncoderSuggester, passage_text, used_for
from ..models.themes import ThemeReader
from ..nlp.encoders import Encoder, Progress
from .comparing import Comparison, compare_refitted
from .examples import Example, as_learned
from .ground import Ground, fold_rows, out_of_fold, settled
from .own_folders import BASE, keep_model, last_whole, learned, seen_from
from .refit import Refit

NAME = "heads"


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was made."""

    folder: Path
    model: Model
    passages: int
    reports: int
    is_new: bool = True
    """False where the last model of the project has learned just the same."""


def confirmed_examples(confirmed: Iterable[ConfirmedPassage], codebook: Codebook) -> list[Example]:
    """What people confirmed, to learn from, without the themes that are told by words."""
    found = [
        Example(
            id=one.passage.id,
            report=str(one.report_id),
            language=one.passage.language,
            register="",
            text=passage_text(one.passage),
            labels=one.labels,
            themes=one.themes,
            heading=one.passage.heading,
        )
        for one in confirmed
    ]
    return as_learned(found, codebook)


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
    base = str(made_from.get(BASE, name)) if IMPORTED not in made_from else name
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
    config, book = config or Refit(), codebook.codebook.as_learned
    base = in_words_of(suggester.model, known)
    ground = replace(
        ground_of(base, suggester.encoder, book, examples, on_progress=on_progress), config=config
    )
    parts = fold_rows(examples)
    unseen = out_of_fold(ground, parts) if parts else None
    comparison = compare_refitted(ground, unseen) if unseen is not None else None
    made_from = origin(project_folder, base, codebook, base_name, examples)
    made_from |= {
        "refit": asdict(config),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    reports = made_from["reports"]
    models = project_folder / MODELS
    last = last_whole(models, NAME)
    if last is not None and learned(last[1].made_from) == learned(made_from):
        return Trained(*last, len(examples), reports, is_new=False), comparison
    fitted = ground.model()
    model = replace(
        fitted if unseen is None else settled(fitted, ground, unseen),
        name=NAME,
        encoder=suggester.encoder.name,
        made_from=made_from,
    )
    model, folder = keep_model(model, models, comparison)
    return Trained(folder, model, len(examples), reports), comparison


def ground_of(
    base: Model,
    encoder: Encoder,
    codebook: Codebook,
    examples: Sequence[Example],
    *,
    on_progress: Progress | None = None,
) -> Ground:
    """The examples with their vectors, and what their headings say.

    Args:
        base: In the codebook's words.
        encoder: The base's own.
        codebook: What the examples are labelled by.
        examples: With the labels that people gave them.
        on_progress: Told as passages get their vectors.
    """
    base = used_for(base, codebook)
    reader = vector_reader(base, encoder)
    texts = [one.text for one in examples]
    vectors, plain = reader.read(texts, with_plain=True, on_progress=on_progress)
    return Ground(
        base,
        vectors,
        examples,
        codebook,
        ThemeReader(base.heads, codebook, reader).read(texts, vectors, plain),
        ContextReader(base.context, encoder, codebook).log_odds(examples),
        plain if reader.is_tuned else None,
    )


def origin(
    project_folder: Path,
    base: Model,
    codebook: StoredCodebook,
    base_name: str,
    examples: Sequence[Example],
) -> dict[str, Any]:
    """What a project's own model says of where it comes from, in whatever way it was trained."""
    found: dict[str, Any] = {
        BASE: seen_from(project_folder, base_name),
        "codebook": codebook.number,
        "codebook_sha256": codebook.sha256,
        "passages": len(examples),
        "reports": len({one.report for one in examples}),
        "data": fingerprint(examples),
    }
    # Another model may come to have that name: a later starter, another office's newer one.
    found["base_sha256"] = model_info(base, base.encoder).fingerprint
    if ENCODER in base.made_from:
        found[ENCODER] = base.made_from[ENCODER]
    return found


def in_words_of(model: Model, known: KnownCodes) -> Model:
    """The model with the ids that the project's codebook has for what it learned."""

    def types(values: Mapping[str, Any]) -> dict[str, Any]:
        return {known.finding_types.get(code, code): value for code, value in values.items()}

    heads, calibration, context = model.heads, model.calibration, model.context
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
        context=replace(context, phrases=types(context.phrases)),
    )


def fingerprint(examples: Sequence[Example]) -> str:
    """Of what was learned: the same decisions give the same."""
    said = sorted((one.id, one.labels, one.themes) for one in examples)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
