"""The audit sample: which passages are drawn, by strata, and how likely each was.

Drawn once from all passages and kept apart from learning. Strata are report and language, so that
each report has its part in it.
"""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from ..nlp.errors import WhatworksError
from ..nlp.passages import PassageId
from .lots import drawn

Stratum = TypeVar("Stratum", bound=Hashable)


def draw_audit(
    strata: Mapping[PassageId, Stratum],
    count: int,
    seed: int,
    already: Collection[PassageId] = (),
) -> list[PassageId]:
    """The passages that make an audit sample one of ``count``, in the order to read them.

    Within a stratum all passages have their place in one order, drawn by lot; the first of it are
    in the sample, and enlarging it takes the next. So each passage of a stratum is as likely to be
    in it as the others, whenever it was drawn: ``inclusion`` says how likely.

    Args:
        strata: The stratum of each passage there is, read or not. What came in after the sample
            was first drawn, a new report or a changed one, needs strata of its own: add when.
        count: How large the whole sample is to be.
        seed: Of the lots; the same for drawing and for enlarging.
        already: What is in the sample; not among what is returned.

    Raises:
        WhatworksError: fewer than the strata, than what is in it already, or than there are.
    """
    groups: dict[Stratum, list[PassageId]] = {}
    for one, stratum in strata.items():
        groups.setdefault(stratum, []).append(one)
    before = set(already)
    having = Counter(strata[one] for one in before if one in strata)
    counts = allocate({key: len(ids) for key, ids in groups.items()}, count, having)
    found: list[PassageId] = []
    for stratum, ids in groups.items():
        rest = [one for one in drawn(ids, len(ids), seed) if one not in before]
        found += rest[: counts[stratum] - having[stratum]]
    # A sample that is broken off after its first passages is one of all strata still.
    return drawn(found, len(found), seed)


def allocate(
    sizes: Mapping[Stratum, int], count: int, having: Mapping[Stratum, int] | None = None
) -> dict[Stratum, int]:
    """How many passages of each stratum: in proportion to its size, at least one, none fewer.

    What is left over by rounding goes to the largest remainders (Hare's quota).

    Args:
        sizes: How many passages each stratum holds.
        count: How many are wanted of all.
        having: How many of each are in the sample already.

    Raises:
        WhatworksError: fewer are wanted than there are strata, or than are in it already; or more
            than there are.
    """
    sizes = {key: size for key, size in sizes.items() if size}
    having = having or {}
    lowest = {key: max(1, having.get(key, 0)) for key in sizes}
    total, least = sum(sizes.values()), sum(lowest.values())
    if count > total:
        raise WhatworksError(
            f"An audit sample of {count:,} passages cannot be drawn: there are {total:,}."
        )
    if count < least:
        raise WhatworksError(
            f"An audit sample of {count:,} passages is too small: each report and language needs "
            f"one at least, and what is in it stays in it. Take {least:,} or more."
        )
    found: dict[Stratum, int] = {}
    free, rest = dict(sizes), count
    while True:
        per = rest / sum(free.values()) if free else 0
        below = [key for key, size in free.items() if per * size < lowest[key]]
        if not below:
            break
        for key in below:
            found[key] = lowest[key]
            rest -= lowest[key]
            del free[key]
    quotas = {key: rest * size / sum(free.values()) for key, size in free.items()}
    found |= {key: math.floor(quota) for key, quota in quotas.items()}
    order = sorted(quotas, key=lambda key: (found[key] - quotas[key], -sizes[key], repr(key)))
    for key in order[: count - sum(found.values())]:
        found[key] += 1
    return found


def inclusion(
    strata: Mapping[PassageId, Stratum], sample: Collection[PassageId]
) -> dict[Stratum, float]:
    """How likely a passage of each stratum was to be in the sample as it is now."""
    sizes = Counter(strata.values())
    counts = Counter(strata[one] for one in sample if one in strata)
    return {key: counts[key] / size for key, size in sizes.items()}
