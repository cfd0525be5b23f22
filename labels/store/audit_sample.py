"""The audit sample: passages drawn by lot from each report and language, kept apart from learning.

Every passage of a stratum (a report in one language) has a lot, which never changes (permanent
random numbers; Ohlsson 1995). The sample of a stratum is the passages with the lowest lots:
enlarging it takes the next ones, so that at any time it is a simple random sample of the stratum
as it is then, and what was drawn stays drawn. A passage is in it with the probability drawn/size.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, count, takewhile
from typing import Any

from sqlalchemy import Connection, Select, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..allocation import enlarged
from ..lots import Readers, drawn
from ..resolution import name_key
from .assignments import Assigned, assign_within
from .database import Store
from .log import in_parts
from .passages import current_versions
from .rounds import RoundDraft, insert_round
from .schema import passage, placement, resolution, round_, selection

STRATEGY = "audit sample, by report and language"
"""By this the rounds of the sample are known among those for auditing."""

Stratum = tuple[int, str]
"""Id of a report, and a language."""


@dataclass(frozen=True, slots=True)
class Part:
    """The sample of one stratum."""

    size: int
    """Passages that the stratum has now."""
    sample: tuple[PassageId, ...]
    """Those that were drawn and count, the lowest lots first."""
    drawn: int
    """All that were drawn and are still there. Where passages with lower lots came since, fewer
    count, until an enlargement has drawn these too."""


@dataclass(frozen=True, slots=True)
class AuditSample:
    """The sample as it is now."""

    seed: int
    """Of the lots."""
    drawn_at: str
    """When its first passages were drawn."""
    parts: dict[Stratum, Part]
    """Every stratum, those without a drawn passage too."""

    @property
    def passages(self) -> tuple[PassageId, ...]:
        """All that counts."""
        return tuple(one for part in self.parts.values() for one in part.sample)

    @property
    def not_counted(self) -> int:
        """Passages that were drawn and do not count, because the report has changed since."""
        return sum(part.drawn - len(part.sample) for part in self.parts.values())

    @property
    def not_covered(self) -> int:
        """Passages of strata from which nothing was drawn."""
        return sum(part.size for part in self.parts.values() if not part.sample)


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """What is to be drawn."""

    add: int
    """How many passages; 0 draws only what changed reports need, and asks again for what is
    undecided and waits in no open round."""
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
    first = connection.execute(
        select(round_.c.seed, round_.c.created_at)
        .where(round_.c.strategy == STRATEGY)
        .order_by(round_.c.id)
        .limit(1)
    ).one_or_none()
    if first is None:
        return None
    was_drawn = set(connection.scalars(_drawn()))
    parts = {}
    for key, ids in _strata(connection).items():
        there = [one for one in ids if one in was_drawn]
        by_lot = drawn(ids, len(there), first.seed)
        counts = takewhile(was_drawn.__contains__, by_lot)
        parts[key] = Part(len(ids), tuple(counts), len(there))
    return AuditSample(first.seed, first.created_at, parts)


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
        strata = _strata(connection)
        sizes = {key: len(ids) for key, ids in strata.items()}
        have = {key: before.parts[key].drawn if before else 0 for key in strata}
        _check(before, wanted, sum(sizes.values()) - sum(have.values()))
        seed = wanted.seed if before is None else before.seed
        target = enlarged(sizes, have, wanted.add)
        known = set(connection.scalars(_drawn()))
        sample = {key: drawn(ids, target[key], seed) for key, ids in strata.items()}
        chosen = {one: len(ids) / len(strata[key]) for key, ids in sample.items() for one in ids}
        new = [one for one in chosen if one not in known]
        again = _unasked(connection, [one for one in chosen if one in known])
        if not new and not again:
            raise WhatworksError(
                "Nothing is to be drawn: every passage of the audit sample is decided or waits in "
                "an open round. Enlarge it with --enlarge NUMBER."
            )
        passages = drawn([*new, *again], len(chosen), seed)
        name = wanted.name or _free_name(connection)
        draft = RoundDraft(
            name=name,
            passages=tuple(passages),
            strategy=STRATEGY,
            reason="drawn by lot for the audit sample, from its report and language",
            probabilities={one: chosen[one] for one in passages},
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


def _strata(connection: Connection) -> dict[Stratum, list[PassageId]]:
    """The current passages of each report in each language."""
    versions = current_versions()
    query = (
        select(placement.c.passage_id, versions.c.report_id, passage.c.language)
        .join(versions, placement.c.report_version_id == versions.c.id)
        .join(passage, placement.c.passage_id == passage.c.id)
        .order_by(versions.c.report_id, passage.c.language, placement.c.position)
    )
    found: defaultdict[Stratum, list[PassageId]] = defaultdict(list)
    for passage_id, report_id, language in connection.execute(query):
        found[report_id, language].append(PassageId(passage_id))
    return dict(found)


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
