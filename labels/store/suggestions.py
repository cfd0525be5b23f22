"""What models suggested: stored once for every passage, model version and codebook version."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select

from ...nlp.passages import PassageId
from ..candidates import candidates_of
from ..decisions import Answer
from ..resolution import Translations
from ..suggestions import PassageSuggestions
from .database import Store, utc_now
from .log import in_parts, translations
from .passages import current_versions
from .schema import codebook_version, model_version, placement, suggested_code, suggestion

FINDING_TYPE, THEME = "finding_type", "theme"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A model that suggested, with the encoder it stands on."""

    id: int
    name: str
    """Name and version: 'starter 1.0'."""
    fingerprint: str
    """Of all that makes its suggestions what they are: another one is another version."""
    details: Mapping[str, Any]
    created_at: str

    @property
    def learned_from(self) -> int:
        """How many confirmed passages of the project it learned from; 0 for one it came with."""
        found: int = self.details.get("learned_from", 0)
        return found


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """What a model proposed for a passage, in the words of the present codebook.

    Codes that were renamed since have their new id; those that were made stale are left out.
    """

    id: int
    passage_id: PassageId
    model: str
    codebook_version: int
    """The number of the version it was made under."""
    labels: tuple[str, ...]
    """Suggested finding types, the likeliest first; () is none."""
    themes: tuple[str, ...]
    """The suggested ones: the model's likeliest, and those that are told by words; none where no
    finding type is suggested."""
    probabilities: Mapping[str, float]
    """Of each finding type."""
    theme_probabilities: Mapping[str, float]
    """Of the likeliest themes and those told by words, should the passage be a finding; the
    likeliest first."""
    uncertainty: float
    """0 (certain) to 1 (a coin toss): of its most doubtful finding type, in bits."""
    created_at: str
    candidates: tuple[str, ...] = ()
    """Finding types, or 'none', that cannot well be ruled out as the first label, the likeliest
    first; () where the model does not know how sure it can be."""

    @property
    def answer(self) -> Answer:
        """What it says, to be compared with what a person says."""
        return Answer.of(self.labels, self.themes)


def uncertainty(probabilities: Iterable[float]) -> float:
    """The entropy in bits of the most doubtful of independent yes-or-no questions.

    >>> uncertainty([0.5, 0.9])
    1.0
    >>> uncertainty([0.0, 1.0])
    0.0
    """

    def entropy(p: float) -> float:
        return 0.0 if p <= 0 or p >= 1 else -p * math.log2(p) - (1 - p) * math.log2(1 - p)

    return max(map(entropy, probabilities), default=0.0)


def add_model_version(
    store: Store, name: str, fingerprint: str, details: Mapping[str, Any]
) -> ModelVersion:
    """The model version of this fingerprint, stored now if it is new."""
    known = find_model_version(store, fingerprint)
    if known is not None:
        return known
    with store.writing() as connection:
        query = select(model_version.c.id).where(model_version.c.fingerprint == fingerprint)
        if connection.scalar(query) is None:
            connection.execute(
                insert(model_version).values(
                    name=name, fingerprint=fingerprint, details=dict(details), created_at=utc_now()
                )
            )
    stored = find_model_version(store, fingerprint)
    assert stored is not None
    return stored


def find_model_version(store: Store, fingerprint: str) -> ModelVersion | None:
    """The model version of this fingerprint, None where it never suggested here."""
    with store.reading() as connection:
        row = connection.execute(
            select(model_version).where(model_version.c.fingerprint == fingerprint)
        ).one_or_none()
    return None if row is None else ModelVersion(**row._mapping)


def model_of(connection: Connection, suggestion_id: int) -> ModelVersion:
    """The model version that made a stored suggestion."""
    row = connection.execute(
        select(model_version)
        .join(suggestion, suggestion.c.model_version_id == model_version.c.id)
        .where(suggestion.c.id == suggestion_id)
    ).one()
    return ModelVersion(**row._mapping)


def without_suggestion(
    connection: Connection,
    model_version_id: int,
    codebook_version_id: int,
    report_id: int | None = None,
) -> list[PassageId]:
    """The current passages that this model has not seen under this codebook, in reading order."""
    current = current_versions()
    query = (
        select(placement.c.passage_id)
        .join(current, placement.c.report_version_id == current.c.id)
        .where(
            ~exists().where(
                suggestion.c.passage_id == placement.c.passage_id,
                suggestion.c.model_version_id == model_version_id,
                suggestion.c.codebook_version_id == codebook_version_id,
            )
        )
        .order_by(current.c.report_id, placement.c.position)
    )
    if report_id is not None:
        query = query.where(current.c.report_id == report_id)
    return list(connection.scalars(query))


def add_suggestions(
    store: Store,
    model_version_id: int,
    codebook_version_id: int,
    suggestions: Sequence[PassageSuggestions],
) -> int:
    """Stores the suggestions in one transaction; how many were new.

    Those that the same model version has made under the same codebook version are left as they
    are. The likeliest theme counts as suggested where a finding type is, and so does each that is
    told by words.
    """
    by_passage = {one.passage.id: one for one in suggestions}
    with store.writing() as connection:
        known: set[str] = set()
        for ids in in_parts(by_passage):
            known.update(
                connection.scalars(
                    select(suggestion.c.passage_id).where(
                        suggestion.c.passage_id.in_(ids),
                        suggestion.c.model_version_id == model_version_id,
                        suggestion.c.codebook_version_id == codebook_version_id,
                    )
                )
            )
        now = utc_now()
        rows = [
            {
                "passage_id": passage_id,
                "model_version_id": model_version_id,
                "codebook_version_id": codebook_version_id,
                "uncertainty": uncertainty(one.probabilities.values()),
                "created_at": now,
            }
            for passage_id, one in by_passage.items()
            if passage_id not in known
        ]
        if not rows:
            return 0
        returned = connection.execute(
            insert(suggestion).returning(suggestion.c.id, suggestion.c.passage_id), rows
        )
        codes = [
            {"suggestion_id": row.id, **code}
            for row in returned
            for code in _codes(by_passage[row.passage_id])
        ]
        if codes:
            connection.execute(insert(suggested_code), codes)
    return len(rows)


def latest_suggestions(
    connection: Connection,
    passage_ids: Iterable[PassageId],
    known: Translations | None = None,
) -> dict[PassageId, StoredSuggestion]:
    """The last suggestion for each of these passages; those without one are left out.

    Args:
        connection: A reading one.
        passage_ids: Which passages.
        known: What became of codes, where it was read already.
    """
    now = translations(connection) if known is None else known
    # Not joined to each code: there are few models, and many codes.
    versions = connection.execute(select(model_version.c.id, model_version.c.details))
    details: dict[int, Any] = {one.id: one.details for one in versions}
    found: dict[PassageId, StoredSuggestion] = {}
    for ids in in_parts(passage_ids):
        newest = (
            select(func.max(suggestion.c.id))
            .where(suggestion.c.passage_id.in_(ids))
            .group_by(suggestion.c.passage_id)
        )
        rows: dict[int, Any] = {}
        codes: dict[int, list[tuple[str, str, float, bool]]] = {}
        for row in connection.execute(_WITH_CODES.where(suggestion.c.id.in_(newest))):
            rows[row.id] = row
            given = codes.setdefault(row.id, [])
            if row.kind is not None:
                given.append((row.kind, row.code, row.probability, row.suggested))
        for row in rows.values():
            probabilities: dict[str, dict[str, float]] = {FINDING_TYPE: {}, THEME: {}}
            suggested: dict[str, list[str]] = {FINDING_TYPE: [], THEME: []}
            for kind, code, probability, is_suggested in codes[row.id]:
                present = now.now(row.number, kind, code)
                if present is None:
                    continue
                # Of two codes that were merged the likelier one speaks for both.
                probabilities[kind].setdefault(present, probability)
                if is_suggested and present not in suggested[kind]:
                    suggested[kind].append(present)
            labels = tuple(suggested[FINDING_TYPE])
            judged = {code: p for kind, code, p, _ in codes[row.id] if kind == FINDING_TYPE}
            present_type = partial(now.now, row.number, FINDING_TYPE)
            found[row.passage_id] = StoredSuggestion(
                id=row.id,
                passage_id=row.passage_id,
                model=row.name,
                codebook_version=row.number,
                labels=labels,
                themes=tuple(suggested[THEME]) if labels else (),
                probabilities=probabilities[FINDING_TYPE],
                theme_probabilities=probabilities[THEME],
                uncertainty=row.uncertainty,
                created_at=row.created_at,
                candidates=candidates_of(judged, details[row.model_version_id], present_type),
            )
    return found


_WITH_CODES = (
    select(
        suggestion,
        model_version.c.name,
        codebook_version.c.number,
        suggested_code.c.kind,
        suggested_code.c.code,
        suggested_code.c.probability,
        suggested_code.c.suggested,
    )
    .join(model_version, suggestion.c.model_version_id == model_version.c.id)
    .join(codebook_version, suggestion.c.codebook_version_id == codebook_version.c.id)
    .outerjoin(suggested_code, suggested_code.c.suggestion_id == suggestion.c.id)
    .order_by(suggested_code.c.probability.desc(), suggested_code.c.code)
)


def _codes(one: PassageSuggestions) -> list[dict[str, Any]]:
    likeliest = max(one.themes, key=lambda theme: theme.probability, default=None)
    types = [
        {
            "kind": FINDING_TYPE,
            "code": code,
            "probability": probability,
            "suggested": code in one.labels,
        }
        for code, probability in one.probabilities.items()
    ]
    themes = [
        {
            "kind": THEME,
            "code": theme.theme,
            "probability": theme.probability,
            "suggested": bool(one.labels) and theme is likeliest,
        }
        for theme in one.themes
    ]
    by_words = [
        {
            "kind": THEME,
            "code": theme.theme,
            "probability": theme.probability,
            "suggested": bool(one.labels),
        }
        for theme in one.by_words
    ]
    return types + themes + by_words
