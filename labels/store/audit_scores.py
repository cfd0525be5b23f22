"""What the audit sample says of all passages, and of every model that was at work."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, exists, func, select

from ...nlp.passages import PassageId
from ..agreement.bootstrap import Figure
from ..audit_estimates import ModelFigures, gain, macro_f1, model_figures, prevalence, weights
from ..codebook import Codebook
from .audit_sample import STRATEGY, AuditSample, Stratum, audit_sample
from .confirmed import confirmed_among
from .model_answers import Bools, Floats, ModelAnswers, model_answers
from .schema import decision, round_, selection


@dataclass(frozen=True, slots=True)
class Audited:
    """The passages of the audit sample on which people agreed."""

    sample: AuditSample
    ids: tuple[PassageId, ...]
    given: Bools
    """(n, n_types): the finding types that people gave."""
    given_themes: Bools
    """(n, n_themes)."""

    @property
    def open(self) -> int:
        """Passages of the sample that are not confirmed yet."""
        return len(self.sample.passages) - len(self.ids)

    @property
    def strata(self) -> list[Stratum]:
        """Of each passage."""
        return [self.sample.strata[one] for one in self.ids]

    @property
    def weight(self) -> Floats:
        """(n,): how many passages of the project each stands for."""
        return weights(self.strata, self.sample.sizes)


@dataclass(frozen=True, slots=True)
class AuditScores:
    """How good one model is, by the audit sample."""

    model: str
    made_at: str
    learned_from: int
    """Confirmed passages of the project; 0 for a model that knew nothing of it."""
    passages: int
    """Audited passages that it suggested for."""
    macro_f1: Figure
    finding_types: Mapping[str, ModelFigures]


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """All that is told by the audit sample."""

    audited: Audited
    finding_types: Mapping[str, Figure]
    """How many of all passages have each, from 0 to 1."""
    themes: Mapping[str, Figure]
    models: tuple[AuditScores, ...]
    """The learning curve: every model that was at work, the first one first, without those that
    may have learned from passages before these were drawn."""
    last_gain: Figure | None
    """What the last model gained in macro F1 over the one before; None where there are not two."""


def audited(connection: Connection, codebook: Codebook) -> Audited | None:
    """The audit sample with what people confirmed; None where none was drawn.

    Args:
        connection: A reading one.
        codebook: The newest.
    """
    sample = audit_sample(connection)
    if sample is None:
        return None
    found = confirmed_among(connection, sample.passages)
    ids = tuple(one for one in sample.passages if one in found)
    types = [[code in found[one].labels for code in codebook.finding_type_ids] for one in ids]
    themes = [[code in found[one].themes for code in codebook.theme_ids] for one in ids]
    return Audited(
        sample,
        ids,
        np.array(types, np.bool_).reshape(len(ids), len(codebook.finding_types)),
        np.array(themes, np.bool_).reshape(len(ids), len(codebook.themes)),
    )


def audit_figures(
    connection: Connection, codebook: Codebook, level: float = 0.95
) -> AuditFigures | None:
    """Prevalence, and the scores of every model; None where no sample was drawn.

    Args:
        connection: A reading one.
        codebook: The newest.
        level: Of the intervals.
    """
    found = audited(connection, codebook)
    if found is None:
        return None
    known = _last_known(connection)
    answers = [
        one
        for one in model_answers(connection, found.ids, codebook.finding_type_ids)
        if not one.learned_from or one.model.created_at > known
    ]
    weight = found.weight
    themes = enumerate(codebook.theme_ids)
    types = enumerate(codebook.finding_type_ids)
    return AuditFigures(
        found,
        {code: prevalence(found.given[:, n], weight, level) for n, code in types},
        {code: prevalence(found.given_themes[:, n], weight, level) for n, code in themes},
        tuple(_scores(found, one, codebook, level) for one in answers),
        _gain(found, answers, level),
    )


def _scores(found: Audited, one: ModelAnswers, codebook: Codebook, level: float) -> AuditScores:
    there = one.there
    given, suggested, chances = found.given[there], one.suggested[there], one.probabilities[there]
    weight = _weight_of(found, there)
    return AuditScores(
        model=one.model.name,
        made_at=one.model.created_at,
        learned_from=one.learned_from,
        passages=int(there.sum()),
        macro_f1=macro_f1(given, suggested, weight, level),
        finding_types={
            code: model_figures(given[:, n], suggested[:, n], chances[:, n], weight, level)
            for n, code in enumerate(codebook.finding_type_ids)
        },
    )


def _gain(found: Audited, answers: list[ModelAnswers], level: float) -> Figure | None:
    if len(answers) < 2:
        return None
    before, after = answers[-2:]
    there = before.there & after.there
    if not there.any():
        return None
    return gain(
        found.given[there],
        before.suggested[there],
        after.suggested[there],
        _weight_of(found, there),
        level,
    )


def _weight_of(found: Audited, there: Bools) -> Floats:
    strata = [one for one, is_there in zip(found.strata, there, strict=True) if is_there]
    return weights(strata, found.sample.sizes)


def _last_known(connection: Connection) -> str:
    """When a passage was last drawn for the sample that had been decided before; '' for never.

    Models made until then may have learned from it.
    """
    known = exists().where(
        decision.c.passage_id == selection.c.passage_id,
        decision.c.made_at < selection.c.created_at,
    )
    first = (
        select(selection.c.passage_id, func.min(selection.c.id).label("id"))
        .join(round_, round_.c.id == selection.c.round_id)
        .where(round_.c.strategy == STRATEGY)
        .group_by(selection.c.passage_id)
        .subquery()
    )
    query = (
        select(func.max(selection.c.created_at))
        .join(first, first.c.id == selection.c.id)
        .where(known)
    )
    return connection.scalar(query) or ""
