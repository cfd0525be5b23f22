"""Made-up pools: passages in groups, as an encoder would place them."""

import numpy as np

from whatworks.training.strategies.interface import Pool

LABELS = ("lesson", "none", "obstacle")


def pool(
    n: int = 120,
    *,
    known: int = 30,
    dim: int = 12,
    exclusive: bool = True,
    says: bool = True,
    seed: int = 0,
) -> Pool:
    """A third of the passages about each label, in four reports and two languages."""
    random = np.random.default_rng(seed)
    total = n + known
    own = np.arange(total) % len(LABELS)
    vectors = np.eye(dim)[own] + random.normal(scale=0.3, size=(total, dim))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    sure = np.exp(4 * vectors[:, : len(LABELS)])
    probabilities = sure / sure.sum(axis=1, keepdims=True)
    if not says:
        probabilities[:] = 1 / len(LABELS)
    return Pool(
        vectors=vectors[:n],
        probabilities=probabilities[:n].astype(np.float32),
        labels=LABELS,
        reports=np.arange(n) % 4,
        languages=["en" if k % 3 else "fr" for k in range(n)],
        known_vectors=vectors[n:],
        known_labels=np.eye(len(LABELS), dtype=np.bool_)[own[n:]],
        exclusive=exclusive,
    )


def with_probabilities(rows: list[list[float]], *, exclusive: bool = True) -> Pool:
    """Passages of which the model says this, in one place."""
    p = np.array(rows, dtype=np.float32)
    names = tuple("abcdef"[: p.shape[1]])
    return Pool(
        vectors=np.tile(np.eye(4, dtype=np.float32)[0], (len(p), 1)),
        probabilities=p,
        labels=names,
        reports=np.zeros(len(p), dtype=np.intp),
        languages=["en"] * len(p),
        known_vectors=np.zeros((0, 4), dtype=np.float32),
        known_labels=np.zeros((0, len(names)), dtype=np.bool_),
        exclusive=exclusive,
    )
