"""The next round: what a query strategy chooses from what nobody has read."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from sqlalchemy import Connection

from ..labels.duplicates import near_duplicates
from ..labels.lots import MAX_SEED, Readers
from ..labels.store.assignments import Assigned, RoundDraft, make_round
from ..labels.store.codebooks import StoredCodebook, current_codebook
from ..labels.store.confirmed import finding_types_to_learn_from
from ..labels.store.database import Store
from ..labels.store.passages import current_passages, current_texts
from ..labels.store.probabilities import probabilities_of
from ..labels.store.rounds import LIMITED, TakenError
from ..labels.store.unread import Unread, unread
from ..models.suggester import passage_text
from ..nlp.encoders import Encoder, Progress
from ..nlp.errors import WhatworksError
from ..nlp.passages import PassageId
from .strategies.interface import Chosen, Pool
from .strategies.named import strategy

TRIES = 20
"""So often a round is chosen again because somebody else was quicker."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The round that somebody asks for."""

    name: str
    size: int
    strategy: str = "default"
    seed: int = field(default_factory=lambda: secrets.randbelow(MAX_SEED) + 1)
    blind: bool = False
    report_id: int | None = None
    language: str = ""
    skip_repeats: bool = False
    """Whether passages are left out that nearly repeat one that was decided or chosen."""

    @property
    def is_limited(self) -> bool:
        """Whether it is chosen from a part of what is left."""
        return self.report_id is not None or bool(self.language) or self.skip_repeats

    def __post_init__(self) -> None:
        if self.size < 1:
            raise WhatworksError(f"A round of {self.size} passages is none. Give 1 or more.")


@dataclass(frozen=True, slots=True)
class Made:
    """A round that was made."""

    id: int
    draft: RoundDraft
    assigned: Assigned
    left: int
    """Passages that it could have been chosen from besides."""


@dataclass(frozen=True, slots=True)
class ModelAtWork:
    """By what rounds are chosen."""

    encoder: Encoder
    name: str
    version_id: int
    """Of its suggestions in the store; 0 for a model that never suggested here."""


def make_next_round(
    store: Store,
    model: ModelAtWork,
    wanted: Wanted,
    by: str,
    names: Iterable[str] = (),
    readers: Readers | None = None,
    *,
    on_progress: Progress | None = None,
) -> Made:
    """Chooses a round, makes it and deals it out.

    Several may do so at once: who comes second chooses again from what is left.

    Args:
        store: The project's.
        model: The project's.
        wanted: Which round.
        by: Who makes it.
        names: Who is to read.
        readers: How many read each passage.
        on_progress: Told as passages get their vectors.

    Raises:
        WhatworksError: there are fewer passages left than wanted, some have no suggestion by
            this model under this codebook, or as ``make_round`` does.
    """
    choose, names = strategy(wanted.strategy), list(names)
    attempts = count(1)
    while True:
        ids, pool = _pool(store, model, wanted, on_progress)
        draft = _draft(wanted, ids, choose.choose(pool, wanted.size, wanted.seed))
        try:
            made, assigned = make_round(store, draft, by, names, readers)
        except TakenError:
            if next(attempts) == TRIES:
                raise
        else:
            return Made(made, draft, assigned, len(ids) - len(draft.passages))


def _pool(
    store: Store, model: ModelAtWork, wanted: Wanted, on_progress: Progress | None
) -> tuple[Sequence[PassageId], Pool]:
    with store.reading() as connection:
        codebook = current_codebook(connection)
        types = codebook.codebook.finding_type_ids
        left = unread(connection, report_id=wanted.report_id, language=wanted.language)
        if wanted.skip_repeats:
            left = left.without(_repeats(connection, left))
        _check_size(left, wanted)
        learned = finding_types_to_learn_from(connection)
        chances = probabilities_of(
            connection,
            left.ids,
            types,
            model_version_id=model.version_id,
            codebook_version_id=codebook.id,
        )
        _check_suggested(int(np.isnan(chances).any(1).sum()), model, codebook)
        texts = {one.id: passage_text(one) for one in current_texts(connection)}
    known = [one for one in learned if one in texts]
    asked = [*left.ids, *known]
    vectors = model.encoder.encode([texts[one] for one in asked], on_progress=on_progress)
    _, reports = np.unique(left.reports, return_inverse=True)
    return left.ids, Pool(
        vectors=vectors[: len(left)],
        probabilities=chances,
        labels=types,
        reports=reports.astype(np.intp),
        languages=left.languages,
        known_vectors=vectors[len(left) :],
        known_labels=np.array(
            [[code in learned[one] for code in types] for one in known], dtype=np.bool_
        ).reshape(len(known), len(types)),
    )


def _repeats(connection: Connection, left: Unread) -> set[PassageId]:
    """Passages that repeat one that was decided, chosen before, or stands before them here."""
    there = set(left.ids)
    found: set[PassageId] = set()
    for one in near_duplicates(current_passages(connection)):
        group = {one.lead, *one.others}
        found |= set(one.others) if group <= there else group
    return found


def _check_size(left: Unread, wanted: Wanted) -> None:
    where = " in this selection" if wanted.is_limited else ""
    if not left.ids:
        raise WhatworksError(
            f"There is no passage left{where}: all are decided, wait in an open round, or belong "
            "to the audit sample."
        )
    if wanted.size > len(left):
        raise WhatworksError(
            f"A round of {wanted.size:,} passages is larger than what is left{where}: "
            f"{len(left):,}. Give --size {len(left)} or less."
        )


def _check_suggested(missing: int, model: ModelAtWork, codebook: StoredCodebook) -> None:
    if missing:
        raise WhatworksError(
            f"{missing:,} of the passages that are left have no suggestion by {model.name} "
            f"under version {codebook.number} of the codebook, which holds now. A strategy goes by "
            "what the model says. Run: whatworks prelabel"
        )


def _draft(wanted: Wanted, ids: Sequence[PassageId], chosen: Chosen) -> RoundDraft:
    passages = tuple(ids[int(row)] for row in chosen.rows)
    return RoundDraft(
        name=wanted.name,
        passages=passages,
        strategy=f"{wanted.strategy}{LIMITED if wanted.is_limited else ''}",
        reasons=dict(zip(passages, chosen.reasons, strict=True)),
        probability=chosen.probability,
        seed=wanted.seed,
        blind=wanted.blind,
        unread=True,
    )
