"""What a fine-tuning says of reports it has not seen, epoch by epoch, kept on disk as it goes."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ..labels.codebook import Codebook
from ..models.folder import Calibration
from ..models.heads import Array
from ..models.suggester import probabilities, theme_probabilities, type_log_odds
from .calibration import STEADY, fit_calibration, moved_thresholds
from .checkpoint import write_whole
from .evaluation import Predictions, given
from .examples import Example
from .ground import fold_rows
from .prediction_sets import LEAST_PASSAGES, set_floor
from .refit import Refit, fit_from_prior


def keep_logits(folder: Path, epoch: int, key: str, types: Array, themes: Array) -> None:
    """Keeps what was said after an epoch; it is there whole or not at all."""
    data = io.BytesIO()
    np.savez(data, types=types, themes=themes, key=np.array(key))
    write_whole(_path(folder, epoch), data.getbuffer())


def kept_logits(folder: Path, epoch: int, key: str) -> tuple[Array, Array] | None:
    """(n, n_types) and (n, n_themes); None where nothing of that key was kept, or it is damaged."""
    try:
        with _path(folder, epoch).open("rb") as file, np.load(file) as found:
            return (found["types"], found["themes"]) if str(found["key"]) == key else None
    except (FileNotFoundError, EOFError, ValueError, KeyError, BadZipFile):
        return None


def best_epoch(folder: Path, key: str, examples: Sequence[Example], codebook: Codebook) -> int:
    """The first epoch after which findings were ranked best."""
    best, best_score, epoch = 1, -1.0, 1
    while (found := kept_logits(folder, epoch, key)) is not None:
        value = rank_score(*found, examples, codebook)
        if value > best_score:
            best, best_score = epoch, value
        epoch += 1
    return best


def rank_score(
    types: Array, themes: Array, examples: Sequence[Example], codebook: Codebook
) -> float:
    """How well findings are ranked, in [0, 1]: mean average precision, and first themes right.

    It needs no threshold and no calibration, which come afterwards.
    """
    from sklearn.metrics import average_precision_score

    target = given(examples, codebook)
    values = [
        float(average_precision_score(target[:, n], types[:, n]))
        for n in range(target.shape[1])
        if 0 < target[:, n].sum() < len(target)
    ]
    parts = [float(np.mean(values))] if values else []
    rows = [n for n, one in enumerate(examples) if one.labels and one.themes]
    if rows:
        first = [codebook.theme_ids.index(examples[n].themes[0]) for n in rows]
        parts.append(float((themes[rows].argmax(1) == first).mean()))
    return float(np.mean(parts)) if parts else 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """Logits of passages that were not learned from, and what people say of them."""

    types: Array
    """(n, n_types)."""
    themes: Array
    """(n, n_themes)."""
    beside: Array | None
    """(n, n_types), added to calibrated log-odds."""
    examples: Sequence[Example]
    codebook: Codebook
    thresholds: Mapping[str, float]
    """Of the base."""

    def calibration(self, rows: Sequence[int] | None = None) -> Calibration:
        """Fitted on all, or on some."""
        chosen = list(range(len(self.examples))) if rows is None else list(rows)
        some = [self.examples[n] for n in chosen]
        ids = self.codebook.finding_type_ids
        # Temperature and weight of themes; the rest is fitted with what stands beside.
        found = fit_calibration(
            self.types[chosen], self.themes[chosen], some, self.codebook, steady=STEADY
        )
        target, beside = given(some, self.codebook), self._beside(chosen)
        slopes, intercepts = {}, {}
        for n, code in enumerate(ids):
            logits = self.types[chosen, n].astype(np.float64)
            slopes[code], intercepts[code], _ = fit_from_prior(
                np.zeros((len(chosen), 0)), target[:, n].astype(np.float64), logits,
                beside[:, n].astype(np.float64), Refit(),
            )  # fmt: skip
        found = replace(found, slopes=slopes, intercepts=intercepts)
        chances = self._chances(found, chosen)
        thresholds = moved_thresholds(self.thresholds, ids, chances, target)
        floor = 0.0
        if len(some) >= LEAST_PASSAGES:
            floor = set_floor(some, chances, self.codebook, ordered=False)
        return replace(found, thresholds=thresholds, set_floor=floor)

    def out_of_fold(self) -> Predictions:
        """Each report by a calibration that was fitted on the others."""
        every = range(len(self.examples))
        parts = fold_rows(self.examples) or [(np.array(every), np.array(every))]
        ids = self.codebook.finding_type_ids
        chances = np.zeros(self.types.shape, dtype=np.float32)
        suggested = np.zeros(self.types.shape, dtype=np.bool_)
        themes = np.zeros(self.themes.shape, dtype=np.float32)
        for seen, held_out in parts:
            found, rows = self.calibration(seen.tolist()), held_out.tolist()
            chances[rows] = self._chances(found, rows)
            suggested[rows] = chances[rows] >= [found.thresholds[code] for code in ids]
            themes[rows] = theme_probabilities(
                self.themes[rows], chances[rows], self.codebook, found
            )
        return Predictions(chances, suggested, themes)

    def _chances(self, calibration: Calibration, rows: Sequence[int]) -> Array:
        odds = type_log_odds(self.types[rows], self.codebook.finding_type_ids, calibration)
        return probabilities(odds + self._beside(rows))

    def _beside(self, rows: Sequence[int]) -> Array:
        if self.beside is None:
            return np.zeros((len(rows), self.types.shape[1]), dtype=np.float32)
        return self.beside[rows]


def _path(folder: Path, epoch: int) -> Path:
    return folder / f"epoch-{epoch}.npz"
