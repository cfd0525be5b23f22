"""A project's own model: heads refitted on its confirmed passages, kept in its folder."""

import hashlib
import json
import shutil
import tempfile
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
from ..models.folder import LAYERS_FILE, STARTER, Model, load_model, save_model
from ..models.known_codes import KnownCodes
from ..models.suggester import EncoderSuggester
from ..nlp.encoders import Progress
from ..nlp.errors import WhatworksError
from .comparing import Comparison, compare_refitted
from .evaluation import scorecard_text
from .examples import Example
from .ground import Ground, fold_rows, out_of_fold, settled
from .refit import Refit

MODELS = "models"
"""The folder in a project's folder that holds its models."""
NAME = "heads"
_BASE = "refitted_from"


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
            text=one.passage.text,
            labels=one.labels,
            themes=one.themes,
            heading=one.passage.heading,
            lead_in=one.passage.lead_in,
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
    path = project.folder / name
    base = load_model(path).made_from.get(_BASE)
    return str(path) if base is None else str(base)


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
    beside = reader_for(suggester, base, book).log_odds(examples)
    ground = Ground(base, vectors, examples, book, definitions, beside, config)
    parts = fold_rows(examples)
    unseen = out_of_fold(ground, parts) if parts else None
    comparison = compare_refitted(ground, unseen) if unseen is not None else None
    reports = len({one.report for one in examples})
    made_from = {
        _BASE: base_name,
        "codebook": codebook.number,
        "codebook_sha256": codebook.sha256,
        "passages": len(examples),
        "reports": reports,
        "data": fingerprint(examples),
        "refit": asdict(config),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    models = project_folder / MODELS
    last = _last(models)
    if last is not None:
        known_model = load_model(last)
        if _learned(known_model.made_from) == _learned(made_from):
            return Trained(last, known_model, len(examples), reports, is_new=False), comparison
    fitted = ground.model()
    model = replace(
        fitted if unseen is None else settled(fitted, ground, unseen),
        name=NAME,
        encoder=suggester.encoder.name,
        made_from=made_from,
    )
    model, folder = _keep(model, models, comparison)
    return Trained(folder, model, len(examples), reports), comparison


def reader_for(suggester: EncoderSuggester, base: Model, codebook: Codebook) -> ContextReader:
    """What reads headings and lead-ins in the words of the project's codebook."""
    return ContextReader(base.context, suggester.encoder, codebook)


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
        context=replace(
            context,
            phrases=types(context.phrases),
            languages={name: types(shifts) for name, shifts in context.languages.items()},
        ),
    )


def _keep(model: Model, models: Path, comparison: Comparison | None) -> tuple[Model, Path]:
    """Writes it into a folder of the next number, which appears when it is whole."""
    try:
        models.mkdir(exist_ok=True)
        last = _last(models)
        number = 1 if last is None else _number(last) + 1
        model = replace(model, version=str(number))
        folder = models / f"{NAME}-{number}"
        draft = Path(tempfile.mkdtemp(prefix=".new-", dir=models))
        try:
            if model.layers is not None:
                shutil.copyfile(model.layers, draft / LAYERS_FILE)
            (draft / "README.md").write_text(_card(model, comparison), "utf-8")
            if comparison is not None:
                text = scorecard_text({"before": comparison.before, "after": comparison.after})
                (draft / "scorecard.json").write_text(text, "utf-8")
            save_model(model, draft)
            draft.chmod(0o755)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise WhatworksError(f"{models}: the model cannot be saved: {error.strerror}.") from error
    layers = folder / LAYERS_FILE if model.layers is not None else None
    return replace(model, layers=layers), folder


def _last(models: Path) -> Path | None:
    """The folder of the newest model that was made here."""
    found = [one for one in models.glob(f"{NAME}-*") if _number(one)]
    return max(found, key=_number, default=None)


def _number(folder: Path) -> int:
    """Of a model's folder; 0 where its name has none."""
    number = folder.name.removeprefix(f"{NAME}-")
    return int(number) if number.isascii() and number.isdecimal() else 0


def _learned(made_from: Mapping[str, Any]) -> dict[str, Any]:
    """What a model was made from, whenever that was."""
    made = {key: value for key, value in made_from.items() if key != "made_at"}
    # As it is read back from JSON.
    said: dict[str, Any] = json.loads(json.dumps(made))
    return said


def _card(model: Model, comparison: Comparison | None) -> str:
    made = model.made_from
    lines = [
        "---",
        "library_name: whatworks",
        "pipeline_tag: text-classification",
        "tags: [evaluation-reports, multi-label]",
        "---",
        "",
        f"# {model.name} {model.version}",
        "",
        f"Heads refitted on {made['passages']:,} confirmed passages of {made['reports']:,} "
        f"reports, beginning with the model '{made[_BASE]}', under codebook version "
        f"{made['codebook']}. The encoder is unchanged.",
        "",
    ]
    if comparison is None:
        lines += ["Not measured: all confirmed passages are of one report."]
    else:
        before, after = comparison.before, comparison.after
        low, high = comparison.interval
        lines += [
            "On the same passages, each report by heads that had not learned from it:",
            "",
            "| | before | after |",
            "|---|---|---|",
            f"| micro F1 | {before.micro_f1:.3f} | {after.micro_f1:.3f} |",
            f"| macro F1 | {before.macro_f1:.3f} | {after.macro_f1:.3f} |",
            f"| first finding type right | {before.dominant_accuracy:.3f} "
            f"| {after.dominant_accuracy:.3f} |",
            f"| calibration error | {before.calibration_error:.3f} "
            f"| {after.calibration_error:.3f} |",
            "",
            f"Difference in micro F1: {comparison.difference:+.3f} (95% interval {low:+.3f} to "
            f"{high:+.3f}, reports resampled).",
            "",
            "The confirmed passages are no random sample, and most were decided in sight of the "
            "suggestions of the model before. These figures say whether refitting helps, not how "
            "good the model is on reports to come.",
        ]
    return "\n".join(lines) + "\n"


def fingerprint(examples: Sequence[Example]) -> str:
    """Of what was learned: the same decisions give the same."""
    said = sorted((one.id, one.labels, one.themes) for one in examples)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
