"""Rebuilds the starter model from the corpus: ``python -m whatworks.training.starter``.

Five fine-tunings on grouped folds give out-of-fold predictions, from which calibration and
scorecard come; a sixth on everything gives the model. A run that was killed goes on with
the folds it has.
"""

import argparse
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..labels.codebook import Codebook, load_codebook
from ..models.folder import LAYERS_FILE, Calibration, Model, load_model, save_model
from ..models.heads import Array
from ..models.suggester import theme_probabilities, type_probabilities
from ..nlp.bundled import bundled_encoder
from ..nlp.encoders import SentenceEncoder
from .calibration import fit_calibration
from .contexts import with_context
from .evaluation import Predictions, Scorecard, score_groups, scorecard_text
from .examples import Example, load_corpus, report_folds
from .finetune import FineTuning, Watch, fine_tune
from .layers import LowerStates
from .modelcard import model_card
from .prediction_sets import set_floor

VERSION = "1.1"
N_FOLDS = 5
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Logits for every example from a model that had not seen its report."""

    types: Array
    """(n_examples, n_types)."""
    themes: Array
    """(n_examples, n_themes)."""
    folds: tuple[int, ...]


def cross_validate(
    examples: Sequence[Example],
    codebook: Codebook,
    config: FineTuning,
    work: Path,
    say: Say,
    lower: LowerStates | None = None,
) -> OutOfFold:
    """Out-of-fold logits of the fine-tuned encoder; finished folds in ``work`` are taken over."""
    folds = report_folds(examples, n_folds=N_FOLDS, seed=config.seed)
    types = np.zeros((len(examples), len(codebook.finding_types)), dtype=np.float32)
    themes = np.zeros((len(examples), len(codebook.themes)), dtype=np.float32)
    key = data_fingerprint(examples, codebook, config)
    lower = lower or LowerStates(bundled_encoder(), config.layers, config.max_tokens)
    for fold in range(N_FOLDS):
        rows = [n for n, own in enumerate(folds) if own == fold]
        kept = work / f"{key}-fold-{fold}.npz"
        if not kept.is_file():
            seen = [example for example, own in zip(examples, folds, strict=True) if own != fold]
            held_out = [examples[n] for n in rows]
            on_step = _telling(f"fold {fold + 1}", say)
            found = _train_and_apply(seen, held_out, codebook, config, lower, on_step)
            work.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(".partial.npz")
            np.savez(partial, types=found[0], themes=found[1])
            partial.replace(kept)
        with np.load(kept) as stored:
            types[rows], themes[rows] = stored["types"], stored["themes"]
    return OutOfFold(types=types, themes=themes, folds=tuple(folds))


def out_of_fold_predictions(
    examples: Sequence[Example], codebook: Codebook, logits: OutOfFold
) -> tuple[Predictions, Array]:
    """Calibrated predictions, and for each example the floor of its prediction set; both are
    fitted on the other folds.
    """
    n = len(examples)
    chances = np.zeros((n, len(codebook.finding_types)), dtype=np.float32)
    suggested = np.zeros(chances.shape, dtype=bool)
    themes = np.zeros((n, len(codebook.themes)), dtype=np.float32)
    floors = np.zeros(n, dtype=np.float32)
    folds = np.array(logits.folds)
    for fold in sorted(set(logits.folds)):
        seen, held_out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        calibration = fit_all(logits, examples, codebook, seen)
        floors[held_out] = calibration.set_floor
        chances[held_out], suggested[held_out], themes[held_out] = calibrated(
            logits.types[held_out], logits.themes[held_out], codebook, calibration
        )
    return Predictions(chances, suggested, themes), floors


def fit_all(
    logits: OutOfFold, examples: Sequence[Example], codebook: Codebook, rows: NDArray[np.intp]
) -> Calibration:
    """Calibration, with the floor of prediction sets."""
    some = [examples[int(n)] for n in rows]
    types, themes = logits.types[rows], logits.themes[rows]
    calibration = fit_calibration(types, themes, some, codebook)
    chances = type_probabilities(types, codebook.finding_type_ids, calibration)
    return replace(calibration, set_floor=set_floor(some, chances, codebook))


def calibrated(
    types: Array, themes: Array, codebook: Codebook, calibration: Calibration
) -> tuple[Array, Any, Array]:
    """Probabilities, what is suggested, and theme probabilities, from logits."""
    ids = codebook.finding_type_ids
    chances = type_probabilities(types, ids, calibration)
    thresholds = np.array([calibration.thresholds[code] for code in ids])
    return (
        chances,
        chances >= thresholds,
        theme_probabilities(themes, chances, codebook, calibration),
    )


def build_starter(folder: Path, work: Path, config: FineTuning, say: Say) -> dict[str, Scorecard]:
    """Trains, calibrates, scores and saves the starter model; returns its scorecards."""
    codebook, examples = load_codebook(), load_corpus()
    lower = LowerStates(bundled_encoder(), config.layers, config.max_tokens)
    logits = cross_validate(examples, codebook, config, work, say, lower)
    calibration = fit_all(logits, examples, codebook, np.arange(len(examples)))
    folder.mkdir(parents=True, exist_ok=True)
    heads = fine_tune(
        bundled_encoder(), examples, codebook, config, folder, lower=lower,
        watch=Watch(_telling("all", say)),
    )  # fmt: skip
    untuned = SentenceEncoder().encode([example.text for example in examples])
    model = Model(
        name="starter",
        version=VERSION,
        encoder="bundled",
        heads=replace(heads, mean=untuned.mean(0)),
        calibration=calibration,
        layers=folder / LAYERS_FILE,
        made_from={
            "codebook": f"{codebook.id} {codebook.version}",
            "passages": len(examples),
            "reports": len({example.report for example in examples}),
            "data": data_fingerprint(examples, codebook, config),
            "fine_tuning": asdict(config),
        },
    )
    model = with_context(model, SentenceEncoder(layers=model.layers), codebook)
    save_model(model, folder)
    return write_card(model, logits, folder)


def write_card(model: Model, logits: OutOfFold, folder: Path) -> dict[str, Scorecard]:
    """Writes scorecard and model card from out-of-fold logits; returns the scorecards."""
    codebook, examples = load_codebook(), load_corpus()
    found, floors = out_of_fold_predictions(examples, codebook, logits)
    cards = score_groups(examples, found, codebook)
    (folder / "scorecard.json").write_text(scorecard_text(cards), "utf-8")
    card = model_card(model, cards, found, floors, examples, codebook)
    (folder / "README.md").write_text(card, "utf-8")
    return cards


def _train_and_apply(
    seen: Sequence[Example],
    held_out: Sequence[Example],
    codebook: Codebook,
    config: FineTuning,
    lower: LowerStates,
    on_step: Callable[[int, int, float], None],
) -> tuple[Array, Array]:
    folder = Path(tempfile.mkdtemp(prefix="whatworks-fold-"))
    try:
        heads = fine_tune(
            bundled_encoder(), seen, codebook, config, folder, lower=lower, watch=Watch(on_step)
        )
        encoder = SentenceEncoder(layers=folder / LAYERS_FILE)
        vectors = encoder.encode([example.text for example in held_out])
        definitions = encoder.encode([theme.description for theme in codebook.themes])
    finally:
        shutil.rmtree(folder)
    return (
        heads.type_logits(vectors),
        heads.theme_logits(heads.own_evidence(vectors, definitions), codebook.theme_ids),
    )


def _telling(name: str, say: Say) -> Callable[[int, int, float], None]:
    def on_step(step: int, steps: int, loss: float) -> None:
        if step % 50 == 0 or step == steps:
            say(f"{name}: step {step} of {steps}, loss {loss:.3f}")

    return on_step


def data_fingerprint(examples: Sequence[Example], codebook: Codebook, config: FineTuning) -> str:
    """Of everything that decides what comes out."""
    said = [
        (one.id, one.report, one.language, one.text, one.labels, one.themes) for one in examples
    ]
    seen = (said, codebook, asdict(config))
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "models/starter")
    parser.add_argument("--work", type=Path, default=Path("runs/starter"))
    parser.add_argument("--seed", type=int, default=FineTuning().seed)
    parser.add_argument(
        "--card-only",
        action="store_true",
        help="write scorecard and card for the model in --output",
    )
    arguments = parser.parse_args()

    def say(line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    config = FineTuning(seed=arguments.seed)
    if arguments.card_only:
        logits = cross_validate(load_corpus(), load_codebook(), config, arguments.work, say)
        cards = write_card(load_model(arguments.output), logits, arguments.output)
    else:
        cards = build_starter(arguments.output, arguments.work, config, say)
    for name, card in cards.items():
        say(
            f"{name:24} micro F1 {card.micro_f1:.3f}  macro F1 {card.macro_f1:.3f}  "
            f"accuracy {card.dominant_accuracy:.3f}  themes {card.theme_at_1:.3f} "
            f"{card.theme_at_3:.3f}"
        )


if __name__ == "__main__":
    main()
