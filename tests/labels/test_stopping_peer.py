"""Against buscarpy, which Callaghan and Müller-Hansen published with their test."""

import numpy as np
import pytest
from buscarpy import calculate_h0

from whatworks.labels.stopping import Draw, hypergeometric_p


@pytest.mark.parametrize("target", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("seed", range(20))
def test_the_plain_test_gives_what_buscarpy_gives(target, seed):
    random = np.random.default_rng(seed)
    n, before, read = int(random.integers(300, 2000)), 200, 60
    first = random.random(before) < 0.3
    drawn = random.random(read) < 0.02
    found = int(first.sum())

    p = hypergeometric_p(Draw(n - before, found, read, int(drawn.sum())), target)

    # buscarpy takes the smallest p over all urns that could have been begun: ours is one of them.
    # Of an urn alone, those that it read before are as if they had not been there.
    every = [_p_of_urn(first, drawn, n, size, target) for size in range(1, before + read + 1)]
    assert p == pytest.approx(every[read - 1])
    assert calculate_h0(np.r_[first, drawn].astype(int), n, target) == pytest.approx(min(every))


def _p_of_urn(first, drawn, n, size, target):
    labels = np.r_[first, drawn]
    before, own = labels[: len(labels) - size], labels[len(labels) - size :]
    draw = Draw(n - len(before), int(before.sum()), size, int(own.sum()))
    return hypergeometric_p(draw, target)
