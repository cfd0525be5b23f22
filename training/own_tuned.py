"""A project's own encoder: fine-tuned on its confirmed passages, in minutes.

First a trial on four fifths of the reports says after how many epochs to stop, how good it is and
what its probabilities mean, on the fifth that it has not seen. Then the model is made from all.
Both go on where they were after a kill. Some of the starter corpus stays in the mix; its share
fades as confirmed passages grow.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ..labels.store.codebooks import StoredCodebook
from ..models.folder import LAYERS_FILE, Calibration, Model
from ..models.heads import Array, Heads
from ..models.known_codes import KnownCodes
from ..models.placing import claimed
from ..models.plain import vector_reader
from ..models.registry import MODELS
from ..models.suggester import EncoderSuggester
from ..nlp.bundled import bundled_encoder
from ..nlp.encoders import BUNDLED
from ..nlp.errors import WhatworksError
from .checkpoint import FileCheckpoint
from .comparing import Comparison, compare_refitted
from .examples import Example, load_corpus
from .finetune import FineTuning, Watch, fine_tune
from .ground import Rows, fold_rows
from .layers import LowerStates
from .own import Trained, ground_of, in_words_of, origin
from .own_folders import keep_model, last_whole, learned
from .refit import PLAIN_SHARE, Floats, by_plain, with_plain
from .trial import Said, best_epoch, keep_logits, kept_logits

NAME = "tuned"
WORK = ".tuning"
"""In a project's folder: what a training that was broken off goes on from."""
_STATE = "state.pt"
_CORPUS_HALF = 200
"""At so many confirmed passages the starter corpus counts half as much as at none."""
_MOST_CORPUS = 1000

Tell = Callable[[str], None]
OnStep = Callable[[str, int, int], None]
"""(What goes on, steps done, steps in all)."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a fine-tuning on most reports says of the others."""

    epochs: int
    """After how many it was best."""
    calibration: Calibration
    comparison: Comparison


def train_tuned(
    project_folder: Path,
    suggester: EncoderSuggester,
    known: KnownCodes,
    codebook: StoredCodebook,
    base_name: str,
    examples: Sequence[Example],
    *,
    config: FineTuning,
    on_step: OnStep,
    tell: Tell,
) -> tuple[Trained, Comparison | None]:
    """Fine-tunes the base's encoder on the examples, compares it with the base, and keeps it.

    Args:
        project_folder: Holds ``models/``.
        suggester: The base model with its encoder.
        known: What the base knows of the codebook.
        codebook: The project's newest version.
        base_name: As ``base_of`` gives it.
        examples: What people confirmed; at least one.
        config: How it is tuned.
        on_step: Told as training goes on.
        tell: Told what a user should know.

    Raises:
        WhatworksError: the encoder is of a kind that cannot be tuned in this way, there is too
            little memory, another training is running, or something cannot be written; then
            nothing of the model is left.
    """
    work = project_folder / WORK
    base = in_words_of(suggester.model, known)
    encoder = bundled_encoder() if base.encoder == BUNDLED else Path(base.encoder)
    made_from = origin(project_folder, base, codebook, base_name, examples)
    # Whoever gets the model must have the encoder from before, too: the bundled one they have.
    share = PLAIN_SHARE if base.untuned == BUNDLED else 0.0
    made_from |= {"fine_tuning": asdict(config), "plain_share": share}
    models = project_folder / MODELS
    key = hashlib.sha256(repr(sorted(learned(made_from).items())).encode()).hexdigest()[:16]
    lower = LowerStates(encoder, config.layers, config.max_tokens)
    run = _Run(
        encoder, base, suggester, codebook, known, config, share, work, key, lower, on_step, tell
    )
    with _at_work(work):
        last = last_whole(models, NAME)
        if last is not None and _same(last[1].made_from, made_from):
            shutil.rmtree(work, ignore_errors=True)
            return Trained(*last, len(examples), made_from["reports"], is_new=False), None
        parts = fold_rows(examples)
        trial = run.trial(examples, *parts[0]) if parts else None
        epochs = config.epochs if trial is None else trial.epochs
        heads = run.tune("model", examples, lambda epoch, *_: epoch < epochs)
        if share:
            heads = with_plain(heads, run.by_plain(examples), share)
        model = replace(
            base,
            name=NAME,
            heads=replace(heads, mean=base.heads.mean),
            calibration=(base.calibration if trial is None else trial.calibration).of(
                heads.finding_types
            ),
            layers=run.folder("model") / LAYERS_FILE,
            made_from=made_from | {"epochs": epochs, "made_at": _now()},
        )
        comparison = None if trial is None else trial.comparison
        model, folder = keep_model(model, models, comparison)
        shutil.rmtree(work, ignore_errors=True)
        return Trained(folder, model, len(examples), made_from["reports"]), comparison


@contextmanager
def _at_work(work: Path) -> Iterator[None]:
    """Keeps other trainings away, and says what to do where nothing can be written."""
    try:
        with claimed(work):
            yield
    except BlockingIOError as error:
        raise WhatworksError(
            f"{work.parent}: another 'whatworks train --fine-tune' is running in this project. "
            "Wait until it has ended."
        ) from error
    except OSError as error:
        raise WhatworksError(
            f"{work}: what was trained so far cannot be kept: {error.strerror or error}. Free some "
            "space, or make the folder yours to write; the same command goes on where it was."
        ) from error


@dataclass(frozen=True, slots=True)
class _Run:
    encoder: Path
    base: Model
    suggester: EncoderSuggester
    codebook: StoredCodebook
    known: KnownCodes
    config: FineTuning
    share: float
    """How much plain vectors count."""
    work: Path
    key: str
    lower: LowerStates
    on_step: OnStep
    tell: Tell

    def trial(self, examples: Sequence[Example], seen: Rows, held_out: Rows) -> Trial:
        """Tunes on some and looks at the others after every epoch."""
        book = self.codebook.codebook.as_learned
        some, others = [[examples[int(n)] for n in rows] for rows in (seen, held_out)]
        folder = self.folder("trial")
        beside, plain = self.by_plain(some), self.plain(others)

        def on_epoch(epoch: int, encode: Callable[[Sequence[str]], Array], heads: Heads) -> bool:
            vectors = encode([one.text for one in others])
            definitions = encode([theme.description for theme in book.themes])
            themes = heads.theme_logits(heads.own_evidence(vectors, definitions), book.theme_ids)
            both = with_plain(heads, beside, self.share) if self.share else heads
            keep_logits(folder, epoch, self.key, both.type_logits(vectors, plain), themes)
            # Two epochs without gain: more of them would learn the passages by heart.
            return epoch - best_epoch(folder, self.key, others, book) < 2

        self.tune("trial", some, on_epoch)
        kept = kept_logits(folder, 1, self.key)
        if kept is None:
            # It was damaged from outside, and the training went on behind it: all is made again.
            (folder / _STATE).unlink()
            self.tune("trial", some, on_epoch)
        epoch = best_epoch(folder, self.key, others, book)
        kept = kept_logits(folder, epoch, self.key)
        assert kept is not None
        before = ground_of(self.base, self.suggester.encoder, book, others)
        said = Said(*kept, before.beside, others, book, self.base.calibration.thresholds)
        return Trial(epoch, said.calibration(), compare_refitted(before, said.out_of_fold()))

    def tune(self, name: str, examples: Sequence[Example], on_epoch: Any) -> Heads:
        """The heads; the layers are in the folder of that name."""
        mixed = self._corpus(len(examples))
        return fine_tune(
            self.encoder,
            [*examples, *mixed],
            self.codebook.codebook.as_learned,
            self.config,
            self.folder(name),
            start=self.base,
            lower=self.lower,
            checkpoint=FileCheckpoint(self.folder(name) / _STATE, f"{self.key} {name}"),
            watch=Watch(
                on_step=lambda step, steps, _: self.on_step(name, step, steps),
                on_epoch=on_epoch,
                on_smaller=lambda size: self.tell(
                    f"There is little memory: {size} passages at once from now on, which takes "
                    "longer."
                ),
            ),
        )

    def plain(self, examples: Sequence[Example]) -> Array:
        """(n_examples, dim)."""
        reader = vector_reader(self.base, self.suggester.encoder)
        return reader.plain([one.text for one in examples])

    def by_plain(self, examples: Sequence[Example]) -> tuple[Floats, Floats]:
        """What plain vectors say of finding types."""
        book = self.codebook.codebook.as_learned
        return by_plain(self.plain(examples), examples, book, self.base.heads)

    def folder(self, name: str) -> Path:
        """Where one of the two trainings keeps what it has."""
        return self.work / name

    def _corpus(self, count: int) -> list[Example]:
        """Some of the starter corpus in the codebook's words; the fewer, the more is confirmed."""
        book = self.codebook.codebook.as_learned
        corpus = load_corpus()
        share = _CORPUS_HALF / (_CORPUS_HALF + count)
        wanted = min(_MOST_CORPUS, 3 * count, round(len(corpus) * share))
        drawn = np.random.default_rng(self.config.seed).permutation(len(corpus))
        found = []
        for n in drawn[:wanted]:
            one = corpus[int(n)]
            labels = tuple(self.known.finding_types.get(code, code) for code in one.labels)
            themes = tuple(self.known.themes.get(theme, theme) for theme in one.themes)
            # What the codebook has no name for cannot be said wrong of it.
            if all(code in book.finding_type_ids for code in labels):
                themes = tuple(theme for theme in themes if theme in book.theme_ids)
                found.append(replace(one, labels=labels, themes=themes))
        return found


def _same(made: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return {key: value for key, value in learned(made).items() if key != "epochs"} == learned(
        wanted
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
