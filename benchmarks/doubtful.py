"""How many planted label errors `whatworks evaluate --doubtful` puts into the first places.

    python benchmarks/doubtful.py

One in twenty of the labels of `training/corpus/headed.jsonl`, which the starter has not learned
from, is replaced by lot: another finding type, or none. Each report is looked at by heads refitted
on the others, errors and all. Beside the order that is used, that of confident learning's margin,
from which the mean self-confidence of each finding type, given and not given, is taken off.
"""

import platform
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from whatworks.labels.codebook import load_codebook
from whatworks.models.folder import load_model
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache
from whatworks.training.assessing.doubtful import self_confidence
from whatworks.training.assessing.scores import Answers, answers
from whatworks.training.examples import HEADED_FILES, Example, load_corpus
from whatworks.training.ground import fold_rows, out_of_fold
from whatworks.training.own import ground_of

SHARE = 0.05
DRAWS = 10


def main() -> None:
    codebook, model = load_codebook(), load_model()
    examples = load_corpus(files=HEADED_FILES)
    encoder = CachedEncoder(
        SentenceEncoder(model.encoder, layers=model.layers),
        VectorCache(cache_folder() / "vectors.sqlite"),
    )
    count = round(SHARE * len(examples))
    print(f"{datetime.now(UTC).date()}, {platform.machine()}; {len(examples)} passages, of which "
          f"{count} relabelled; mean of {DRAWS} draws")  # fmt: skip
    found: dict[str, list[tuple[float, float]]] = {}
    for seed in range(DRAWS):
        said_wrong, rows = planted(examples, codebook.finding_type_ids, count, seed)
        ground = ground_of(model, encoder, codebook, said_wrong)
        said = answers(said_wrong, out_of_fold(ground, fold_rows(said_wrong)), codebook)
        for name, doubt in orders(said).items():
            order = np.argsort(doubt, kind="stable")
            first = float(np.mean(np.isin(order[:count], rows)))
            tenth = float(np.isin(order[: len(examples) // 10], rows).sum() / count)
            found.setdefault(name, []).append((first, tenth))
    for name, values in found.items():
        first, tenth = np.mean(values, axis=0)
        print(f"{name:20} wrong among the first {count}: {first:.0%}, {first / SHARE:.1f} times "
              f"chance; of all errors in the first tenth: {tenth:.0%}")  # fmt: skip


def planted(
    examples: list[Example], types: tuple[str, ...], count: int, seed: int
) -> tuple[list[Example], list[int]]:
    random = np.random.default_rng(seed)
    rows = [int(n) for n in random.choice(len(examples), count, replace=False)]
    changed = list(examples)
    for n in rows:
        own = examples[n].labels
        others = [(code,) for code in types if code not in own] + ([()] if own else [])
        changed[n] = replace(examples[n], labels=others[int(random.integers(len(others)))])
    return changed, rows


def orders(said: Answers) -> dict[str, np.ndarray]:
    own = self_confidence(said)
    given = np.array([one[has].mean() for one, has in zip(own.T, said.given.T, strict=True)])
    absent = np.array([one[~has].mean() for one, has in zip(own.T, said.given.T, strict=True)])
    usual = np.where(said.given, given, absent)
    other = np.where(said.given, absent, given)
    margin = ((own - usual) - ((1 - own) - other) + 1) / 2
    return {"self-confidence": own.min(axis=1), "adjusted margin": margin.min(axis=1)}


if __name__ == "__main__":
    main()
