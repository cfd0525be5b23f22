"""The audit sample of a project: drawn, enlarged, and read. By what rule: ``../audit_sample.py``.

Its strata are report, language, and how often the sample had been drawn when the passage came: what
came later could not be drawn before. Any of its passages counts as drawn from its stratum as it is
now; those that left their report since count no more.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, Select, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..audit_sample import draw_audit as draw
from ..audit_sample import inclusion
from ..lots import Readers
from ..resolution import name_key
from .assignments import Assigned, assign_within
from .database import Store
from .log import in_parts
from .passages import current_versions, first_added
from .rounds import RoundDraft, insert_round
from .schema import passage, placement, resolution, round_, selection

STRATEGY = "audit sample, by report and language"
"""By this the rounds of the sample are known among those for auditing."""

Stratum = tuple[int, str, int]
"""Id of a report, a language, and how often the sample had been drawn before the passage came."""


@dataclass(frozen=True, slots=True)
class AuditSample:
    """The sample as it is now."""

    seed: int
    """Of the lots."""
    drawn_at: str
    """When its first passages were drawn."""
    passages: tuple[PassageId, ...]
    """In the order in which they were drawn."""
    strata: Mapping[PassageId, Stratum]
    """Of every current passage, drawn or not."""

    @property
    def sizes(self) -> Mapping[Hashable, int]:
        """How many passages each stratum has."""
        return Counter(self.strata.values())

    @property
    def not_covered(self) -> int:
        """Passages of strata from which nothing was drawn: the sample says nothing of them."""
        covered = {self.strata[one] for one in self.passages}
        return sum(size for stratum, size in self.sizes.items() if stratum not in covered)


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """What is to be drawn."""

    add: int
    """How many passages; 0 only asks again for what is undecided and waits in no open round."""
    seed: int
    """Of the lots of a first draw; a later one keeps it."""
    name: str = ""
    """Of the round; '' takes 'Audit sample', or the next number of it."""
    blind: bool = True
    first: bool = True
    """Whether it is the first draw, or an enlargement."""


@dataclass(frozen=True, slots=True)
class AuditDrawn:
    """What was drawn."""

    round_id: int
    name: str
    new: int
    """Passages that were not in the sample before."""
    decided: int
    """Those of them that somebody had decided: nothing is learned from them any more."""
    asked_again: int
    """Passages of the sample that waited in no open round."""
    sample: AuditSample
    assigned: Assigned = field(default_factory=Assigned)


def audit_sample(connection: Connection) -> AuditSample | None:
    """The sample as it is now; None where none was drawn.

    Args:
        connection: A reading or writing one.
    """
    made = connection.execute(
        select(round_.c.seed, round_.c.created_at)
        .where(round_.c.strategy == STRATEGY)
        .order_by(round_.c.id)
    ).all()
    if not made:
        return None
    strata = _strata(connection, [row.created_at for row in made])
    ids = dict.fromkeys(connection.scalars(_drawn().order_by(selection.c.id)))
    there = tuple(PassageId(one) for one in ids if one in strata)
    return AuditSample(made[0].seed, made[0].created_at, there, strata)


def draw_audit(
    store: Store,
    wanted: AuditWanted,
    by: str,
    names: Iterable[str] = (),
    readers: Readers | None = None,
) -> AuditDrawn:
    """Draws the sample, or more of it, as a round of its own that is dealt out.

    Args:
        store: The project's.
        wanted: What.
        by: Who draws.
        names: Who is to read; nobody leaves it to whoever comes.
        readers: How many read each passage; by default one.

    Raises:
        WhatworksError: it was drawn before, or not yet; there are fewer passages; as
            ``make_round`` does.
    """
    with store.writing() as connection:
        before = audit_sample(connection)
        strata = _strata(connection, []) if before is None else before.strata
        had = before.passages if before else ()
        _check(before, wanted, len(strata) - len(had))
        seed = before.seed if before else wanted.seed
        new = draw(strata, len(had) + wanted.add, seed, had) if wanted.add else []
        again = _unasked(connection, had)
        chance = inclusion(strata, [*had, *new])
        if not new and not again:
            raise WhatworksError(
                "Nothing is to be drawn: every passage of the audit sample is decided or waits in "
                "an open round. Enlarge it with --enlarge NUMBER."
            )
        passages = [*again, *new]
        name = wanted.name or _free_name(connection)
        draft = RoundDraft(
            name=name,
            passages=tuple(passages),
            strategy=STRATEGY,
            reason="drawn by lot for the audit sample, from its report and language",
            probabilities={one: chance[strata[one]] for one in passages},
            seed=seed,
            blind=wanted.blind,
            purpose="audit",
        )
        decided = len(_decided(connection, new))
        made = insert_round(connection, draft, by)
        assigned = assign_within(connection, made, names, readers)
        now = audit_sample(connection)
        assert now is not None
    return AuditDrawn(made, name, len(new), decided, len(again), now, assigned)


def _check(before: AuditSample | None, wanted: AuditWanted, left: int) -> None:
    if wanted.first and before is not None:
        raise WhatworksError(
            f"The audit sample was drawn on {before.drawn_at[:10]}: {len(before.passages):,} "
            "passages. It is drawn once; to make it larger: whatworks round audit --enlarge NUMBER"
        )
    if not wanted.first and before is None:
        raise WhatworksError(
            "There is no audit sample yet. Draw it with: whatworks round audit --size NUMBER"
        )
    if wanted.add < (1 if wanted.first else 0):
        raise WhatworksError(f"No sample has {wanted.add} passages. Give 1 or more.")
    if wanted.add > left:
        raise WhatworksError(
            f"{wanted.add:,} passages cannot be drawn: there are {left:,}"
            + (" that were not drawn yet." if before else ".")
        )


def _drawn() -> Select[Any]:
    """The ids of all passages that were ever drawn for the sample."""
    return (
        select(selection.c.passage_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(round_.c.strategy == STRATEGY)
    )


def _strata(connection: Connection, draws: list[str]) -> dict[PassageId, Stratum]:
    """The stratum of each current passage.

    Args:
        connection: A reading or writing one.
        draws: When the sample was drawn and enlarged, the first time first.
    """
    versions, came = current_versions(), first_added()
    query = (
        select(placement.c.passage_id, versions.c.report_id, passage.c.language, came.c.at)
        .join(versions, placement.c.report_version_id == versions.c.id)
        .join(passage, placement.c.passage_id == passage.c.id)
        .join(came, came.c.passage_id == placement.c.passage_id)
        .order_by(versions.c.report_id, placement.c.position)
    )
    return {
        PassageId(row.passage_id): (row.report_id, row.language, bisect_left(draws, row.at))
        for row in connection.execute(query)
    }


def _decided(connection: Connection, ids: Iterable[PassageId]) -> set[PassageId]:
    """Those of the passages on which somebody's decision holds."""
    query = select(resolution.c.passage_id)
    return {
        PassageId(one)
        for some in in_parts(ids)
        for one in connection.scalars(query.where(resolution.c.passage_id.in_(some)))
    }


def _unasked(connection: Connection, ids: Iterable[PassageId]) -> list[PassageId]:
    """Those of the passages that are undecided and in no open round of the sample."""
    asked = set(connection.scalars(_drawn().where(round_.c.closed_at.is_(None))))
    left = [one for one in ids if one not in asked]
    decided = _decided(connection, left)
    return [one for one in left if one not in decided]


def _free_name(connection: Connection) -> str:
    taken = {name_key(one) for one in connection.scalars(select(round_.c.name))}
    names = (f"Audit sample {number}" for number in count(2))
    return next(one for one in chain(["Audit sample"], names) if name_key(one) not in taken)
