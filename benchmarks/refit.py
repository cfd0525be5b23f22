"""Refitting heads on confirmed passages: how much it helps, beside other ways of learning.

    python benchmarks/refit.py                                   # reports written for the project
    python benchmarks/refit.py --dref dref_unique_excerpts.jsonl # and IFRC's operation reports

Two sets that the starter's encoder and heads have not learned from: 730 passages of 31 reports with
headings (training/corpus/headed.jsonl; the starter has from them what headings count), and 4,768
excerpts of emergency-operation reports that IFRC's staff labelled as challenge, lesson or success
(github.com/IFRCGo/DREF-NLP). Every report is looked at by heads that learned from others.

Ways at so many confirmed passages, whole reports drawn by lot, on a third of the reports:
    starter as it is     nothing learned
    confirmed alone      logistic regressions on the starter's vectors
    with the corpus      the same, with the starter corpus at a weight that fades
    by tuned vectors     as the next, learned from the vectors of the tuned encoder
    starter as prior     what `whatworks train` does
"""

import argparse
import json
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from whatworks.labels.codebook import load_codebook
from whatworks.models.folder import Model, load_model
from whatworks.models.heads import Array
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache
from whatworks.training.calibration import expected_calibration_error
from whatworks.training.comparing import compare_refitted
from whatworks.training.evaluation import Predictions, given, score
from whatworks.training.examples import HEADED_FILES, Example, load_corpus
from whatworks.training.frozen import fit_heads
from whatworks.training.ground import Ground, Rows, fold_rows, out_of_fold, settled
from whatworks.training.own import ground_of
from whatworks.training.prediction_sets import set_coverage
from whatworks.training.refit import Refit

COUNTS = (30, 100, 200, 400)
DREF = {"challenge": "obstacle", "lesson": "lesson", "success": "success_factor"}
WEIGHT = 200
"""At so many confirmed passages the corpus counts half, where it is mixed in."""

Way = Callable[[Ground, Rows, Rows], Predictions]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dref", type=Path, help="dref_unique_excerpts.jsonl")
    parser.add_argument("--divisions", type=int, default=8)
    arguments = parser.parse_args()
    codebook, starter = load_codebook(), load_model()
    cache = VectorCache(cache_folder() / "vectors.sqlite")
    encoder = CachedEncoder(SentenceEncoder(starter.encoder, layers=starter.layers), cache)
    corpus = load_corpus()
    on_corpus = ground_of(starter, encoder, codebook, corpus)
    print(f"{datetime.now(UTC).date()}, {platform.machine()}, starter {starter.version}")
    sets = {"reports with headings": load_corpus(files=HEADED_FILES)}
    if arguments.dref:
        sets["operation reports"] = dref(arguments.dref)
    for name, examples in sets.items():
        ground = ground_of(starter, encoder, codebook, examples)
        print(f"\n{name}: {len(examples):,} passages of "
              f"{len({e.report for e in examples})} reports")  # fmt: skip
        tell_compared(ground)
        ways = {"starter as it is": as_it_is, "confirmed alone": alone,
                "with the corpus": mixed(on_corpus.vectors, corpus),
                "by tuned vectors": by_tuned_vectors, "starter as prior": prior}  # fmt: skip
        print("micro F1 / macro F1 at so many confirmed passages:")
        print(f"{'':20}" + "".join(f"{count:>16}" for count in COUNTS))
        for words, way in ways.items():
            row = [scores_at(ground, count, arguments.divisions, way) for count in COUNTS]
            print(f"{words:20}" + "".join(f"{a:>9.3f} {b:.3f} " for a, b in row))
        tell_calibration(ground, 200, arguments.divisions)
    tell_speed(on_corpus.of(np.arange(2000)))


def tell_compared(ground: Ground) -> None:
    unseen = out_of_fold(ground, fold_rows(ground.examples))
    found = compare_refitted(ground, unseen)
    for words, card in (("starter", found.before), ("refitted, out of fold", found.after)):
        print(f"{words:24} micro F1 {card.micro_f1:.3f}  macro F1 {card.macro_f1:.3f}  "
              f"theme {card.theme_at_1:.3f}  calibration error "
              f"{card.calibration_error:.3f}")  # fmt: skip
    print(f"{'difference':24} {found.difference:+.3f} ({found.interval[0]:+.3f} to "
          f"{found.interval[1]:+.3f})")  # fmt: skip


def as_it_is(ground: Ground, _: Rows, rows: Rows) -> Predictions:
    return ground.as_it_is(rows)


def prior(ground: Ground, seen: Rows, rows: Rows) -> Predictions:
    """With thresholds from what was said of the confirmed passages out of fold, as in a project."""
    return ground.said_by(own_model(ground, seen), rows)


def by_tuned_vectors(ground: Ground, seen: Rows, rows: Rows) -> Predictions:
    """The same, learned from the vectors of the tuned encoder, with the ridge that suits them."""
    tuned = replace(ground, plain=None, config=Refit(ridge=1.0))
    return tuned.said_by(own_model(tuned, seen), rows)


def own_model(ground: Ground, seen: Rows) -> Model:
    own = ground.of(seen)
    parts = fold_rows(own.examples)
    # Of one report alone nothing can be said out of fold.
    return settled(own.model(), own, out_of_fold(own, parts)) if parts else own.model()


def alone(ground: Ground, seen: Rows, rows: Rows) -> Predictions:
    some = [ground.examples[int(n)] for n in seen]
    return fresh(ground, ground.vectors[seen], some, rows, None)


def mixed(learned: Array, corpus: Sequence[Example]) -> Way:
    def way(ground: Ground, seen: Rows, rows: Rows) -> Predictions:
        some = [ground.examples[int(n)] for n in seen]
        weight = WEIGHT / (WEIGHT + len(some))
        weights = np.r_[np.full(len(corpus), weight), np.ones(len(some))]
        both = np.concatenate([learned, ground.vectors[seen]])
        return fresh(ground, both, [*corpus, *some], rows, weights)

    return way


def fresh(
    ground: Ground, x: Array, said: Sequence[Example], rows: Rows, weights: Array | None
) -> Predictions:
    heads = fit_heads(x, said, ground.codebook, weights=weights)
    new = ground.vectors[rows]
    chances = 1 / (1 + np.exp(-heads.type_logits(new)))
    logits = heads.theme_logits(ground.themes.of(rows), ground.codebook.theme_ids)
    return Predictions(chances, chances >= 0.5, logits, calibrated=False)


def divided(ground: Ground, count: int, divisions: int) -> list[tuple[Rows, Rows]]:
    """So many passages of whole reports to learn from, and a third of the reports."""
    reports = np.array([one.report for one in ground.examples])
    names, found = np.unique(reports), []
    for seed in range(divisions):
        order = np.random.default_rng(seed).permutation(names)
        held_out = np.flatnonzero(np.isin(reports, order[: len(order) // 3]))
        rows = [n for name in order[len(order) // 3 :] for n in np.flatnonzero(reports == name)]
        found.append((np.array(rows[:count]), held_out))
    return found


def scores_at(ground: Ground, count: int, divisions: int, way: Way) -> tuple[float, float]:
    found = []
    for seen, rows in divided(ground, count, divisions):
        some = [ground.examples[int(n)] for n in rows]
        card = score(some, way(ground, seen, rows), ground.codebook)
        found.append((card.micro_f1, card.macro_f1))
    micro, macro = np.mean(found, axis=0)
    return float(micro), float(macro)


def tell_calibration(ground: Ground, count: int, divisions: int) -> None:
    """Of the refitted heads on held-out reports, over all divisions."""
    chances, examples, floors = [], [], []
    for seen, rows in divided(ground, count, divisions):
        model = own_model(ground, seen)
        chances.append(ground.said_by(model, rows).probabilities)
        examples += [ground.examples[int(n)] for n in rows]
        floors += [model.calibration.set_floor] * len(rows)
    said, target = np.concatenate(chances), given(examples, ground.codebook)
    print(f"after {count} confirmed passages, on reports held out: calibration error "
          + ", ".join(
              f"{code} {expected_calibration_error(said[:, n], target[:, n]):.3f}"
              for n, code in enumerate(ground.codebook.finding_type_ids)
          ))  # fmt: skip
    inside, size = set_coverage(examples, said, ground.codebook, np.array(floors), ordered=False)
    print(f"prediction sets, 90% stated: {inside:.1%} hold the first label, {size:.2f} labels each")


def tell_speed(some: Ground) -> None:
    begun = time.perf_counter()
    unseen = out_of_fold(some, fold_rows(some.examples))
    compare_refitted(some, unseen)
    settled(some.model(), some, unseen)
    print(f"\n2,000 passages refitted and compared in {time.perf_counter() - begun:.1f} s")


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
