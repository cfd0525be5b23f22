"""How long each strategy takes to choose the next round.

    python benchmarks/choosing.py
    python benchmarks/choosing.py --passages 10000 --markdown

Made-up vectors and probabilities; where time grows with the square of the passages, strategies
consider so many of them by lot as the last column says. Seconds of a processor are what remains on
a machine that has nothing else to do.
"""

import argparse
import time
from collections.abc import Sequence

import numpy as np
from active import print_table

from whatworks.training.strategies import badge, diversity, typical, variance
from whatworks.training.strategies.interface import Pool
from whatworks.training.strategies.named import STRATEGIES, strategy

CONSIDERED = {
    "default": variance.MOST,
    "variance": variance.MOST,
    "coreset": diversity.MOST,
    "kmeans++": diversity.MOST,
    "typiclust": typical.MOST,
    "badge": badge.MOST,
}
"""The others look at all."""


def made_up(passages: int, known: int, dim: int, labels: int) -> Pool:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(passages + known, dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    said = random.dirichlet(np.full(labels, 0.3), size=passages).astype(np.float32)
    given = np.eye(labels, dtype=np.bool_)[random.integers(0, labels, known)]
    return Pool(
        vectors=vectors[:passages],
        probabilities=said,
        labels=tuple(f"label {n}" for n in range(labels)),
        reports=random.integers(0, 40, passages),
        languages=[("en", "es", "fr", "pt")[n % 4] for n in range(passages)],
        known_vectors=vectors[passages:],
        known_labels=given,
        exclusive=True,
    )


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--known", type=int, default=2_000, help="passages that were read")
    parser.add_argument("--count", type=int, default=50, help="passages of a round")
    parser.add_argument("--dim", type=int, default=384)
    parser.add_argument("--labels", type=int, default=5)
    parser.add_argument("--markdown", action="store_true")
    arguments = parser.parse_args(given)
    pools = [
        made_up(arguments.passages, known, arguments.dim, arguments.labels)
        for known in (arguments.known, 0)
    ]
    read = f"{arguments.known:,} read"
    rows: list[tuple[str, ...]] = [
        ("strategy", f"seconds, {read}", "of a processor", "seconds, nothing read",
         "of a processor", "passages considered")
    ]  # fmt: skip
    for name in (*STRATEGIES, "balanced-default"):
        taken = []
        for pool in pools:
            begun, worked = time.perf_counter(), time.process_time()
            strategy(name).choose(pool, arguments.count, 0)
            taken.append(f"{time.perf_counter() - begun:.1f}")
            taken.append(f"{time.process_time() - worked:.1f}")
        most = CONSIDERED.get(name.removeprefix("balanced-"))
        fewer = f"{most:,}" if most is not None and most < arguments.passages else "all"
        rows.append((name, *taken, fewer))
    heading = f"{arguments.count} of {arguments.passages:,} passages, vectors of {arguments.dim}"
    print_table(heading, rows, markdown=arguments.markdown)


if __name__ == "__main__":
    main()
