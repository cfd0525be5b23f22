"""Refitting heads on confirmed passages, beside other ways, and how long it takes.

    python benchmarks/refit.py                    # passages that the starter has not seen
    python benchmarks/refit.py --dref FILE        # also the excerpts of IFRC's operation reports

The confirmed passages are whole reports of `training/corpus/field.jsonl`, drawn by lot, and scored
are those of other reports: a third of all. The settings of the refitting were chosen on this very
table (its first rows); the operation reports were looked at once, when all was chosen.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from whatworks.labels.codebook import Codebook, load_codebook
from whatworks.models.folder import load_model
from whatworks.models.heads import Array
from whatworks.nlp.encoders import CachedEncoder, SentenceEncoder
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache
from whatworks.training.comparing import compare_refitted, predictions
from whatworks.training.evaluation import Predictions, score
from whatworks.training.examples import HEADED_FILES, Example, load_corpus
from whatworks.training.frozen import fit_heads
from whatworks.training.refit import refit

COUNTS = (30, 100, 200, 400)
DREF = {"challenge": "obstacle", "lesson": "lesson", "success": "success_factor"}
WEIGHT = 200
"""At so many confirmed passages the corpus counts half, where it is mixed in."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dref", type=Path, help="dref_unique_excerpts.jsonl")
    parser.add_argument("--divisions", type=int, default=8)
    given = parser.parse_args()
    codebook, starter = load_codebook(), load_model()
    cache = VectorCache(cache_folder() / "vectors.sqlite")
    encoder = CachedEncoder(SentenceEncoder(starter.encoder, layers=starter.layers), cache)
    corpus, field = load_corpus(), load_corpus(files=HEADED_FILES)
    learned = encoder.encode([one.text for one in corpus])
    definitions = encoder.encode([theme.description for theme in codebook.themes])
    print(f"{datetime.now(UTC).date()}, {platform.machine()}")
    sets = {"field notes": field}
    if given.dref:
        sets["operation reports"] = dref(given.dref)
    for name, examples in sets.items():
        vectors = encoder.encode([one.text for one in examples])
        print(
            f"\n{name}: {len(examples):,} passages of {len({e.report for e in examples})} reports"
        )
        found = compare_refitted(starter, vectors, examples, codebook, definitions)
        assert found is not None
        for words, card in (("starter", found.before), ("refitted, out of fold", found.after)):
            print(
                f"{words:24} micro F1 {card.micro_f1:.3f}  macro F1 {card.macro_f1:.3f}  "
                f"theme {card.theme_at_1:.3f}  calibration error {card.calibration_error:.3f}"
            )
        print(f"{'difference':24} {found.difference:+.3f} ({found.interval[0]:+.3f} to "
              f"{found.interval[1]:+.3f})")  # fmt: skip

        def as_it_is(new: Array, *_: object) -> Predictions:
            return predictions(starter, new, codebook, definitions)

        def alone(new: Array, seen: Array, said: Sequence[Example]) -> Predictions:
            return fresh(seen, said, new, None)

        def mixed(new: Array, seen: Array, said: Sequence[Example]) -> Predictions:
            weight = WEIGHT / (WEIGHT + len(said))
            weights = np.r_[np.full(len(corpus), weight), np.ones(len(said))]
            return fresh(np.concatenate([learned, seen]), [*corpus, *said], new, weights)

        def fresh(
            x: Array, said: Sequence[Example], new: Array, weights: Array | None
        ) -> Predictions:
            heads = fit_heads(x, said, codebook, weights=weights)
            chances = 1 / (1 + np.exp(-heads.type_logits(new)))
            logits = heads.theme_logits(new, codebook.theme_ids, definitions)
            return Predictions(chances, chances >= 0.5, logits, calibrated=False)

        def prior(new: Array, seen: Array, said: Sequence[Example]) -> Predictions:
            model = refit(starter, seen, said, codebook, definitions)
            return predictions(model, new, codebook, definitions)

        ways = {"starter as it is": as_it_is, "confirmed alone": alone,
                "with the corpus": mixed, "starter as prior": prior}  # fmt: skip
        print("micro F1 / macro F1 at so many confirmed passages:")
        print(f"{'':20}" + "".join(f"{count:>16}" for count in COUNTS))
        for words, way in ways.items():
            row = [at(examples, vectors, codebook, count, given.divisions, way) for count in COUNTS]
            print(f"{words:20}" + "".join(f"{a:>9.3f} {b:.3f} " for a, b in row))
    both = np.concatenate([encoder.encode([one.text for one in field]), learned])[:2000]
    begun = time.perf_counter()
    compare_refitted(starter, both, [*field, *corpus][:2000], codebook, definitions)
    refit(starter, both, [*field, *corpus][:2000], codebook, definitions)
    print(f"\n2,000 passages refitted and compared in {time.perf_counter() - begun:.1f} s")


def at(
    examples: Sequence[Example],
    vectors: Array,
    codebook: Codebook,
    count: int,
    divisions: int,
    way: Callable[..., Predictions],
) -> tuple[float, float]:
    """Mean micro and macro F1 on a third of the reports, with so many passages of others."""
    reports = np.array([one.report for one in examples])
    names, found = np.unique(reports), []
    for seed in range(divisions):
        order = np.random.default_rng(seed).permutation(names)
        held_out = np.flatnonzero(np.isin(reports, order[: len(order) // 3]))
        rows = [n for name in order[len(order) // 3 :] for n in np.flatnonzero(reports == name)]
        seen = np.array(rows[:count])
        said = [examples[int(n)] for n in seen]
        card = score(
            [examples[int(n)] for n in held_out],
            way(vectors[held_out], vectors[seen], said),
            codebook,
        )
        found.append((card.micro_f1, card.macro_f1))
    micro, macro = np.mean(found, axis=0)
    return float(micro), float(macro)


def dref(path: Path) -> list[Example]:
    """IFRC's excerpts, by the first report that has them; three with two labels are left out."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        if row["label"] in DREF:
            label = (DREF[row["label"]],)
            report = row["reports"][0]
            found.append(Example(str(number), report, "en", "", row["text"], label, ()))
    return found


if __name__ == "__main__":
    main()
