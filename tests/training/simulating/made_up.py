"""Passages whose labels follow from their vectors."""

import numpy as np

from whatworks.training.simulating.material import Material


def material(
    n: int = 240, *, labels: int = 3, reports: int = 12, exclusive: bool = True, seed: int = 0
) -> Material:
    """Labels in the ratio 1 : 2 : 4 and so on, noisy enough that learning takes a while."""
    random = np.random.default_rng(seed)
    shares = 2.0 ** np.arange(labels)
    own = random.choice(labels, size=n, p=shares / shares.sum())
    vectors = np.eye(16)[own] + random.normal(scale=0.45, size=(n, 16))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    given = np.eye(labels, dtype=np.bool_)[own]
    if not exclusive:
        given[:, -1] = random.random(n) < 0.5
    return Material(
        name="made up",
        vectors=vectors,
        given=given,
        labels=tuple("abcdefgh"[:labels]),
        reports=tuple(f"r{k % reports}" for k in range(n)),
        languages=("en",) * n,
        exclusive=exclusive,
    )
