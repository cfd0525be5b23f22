"""Small projects for tests: reports, a codebook, suggestions, rounds; put in by plain inserts."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from whatworks.labels.decisions import Answer, DecisionDraft, Translation, Verdict, verdict_for
from whatworks.labels.store.database import Store, utc_now
from whatworks.labels.store.resolutions import Effect, resolve_all
from whatworks.labels.store.schema import (
    codebook_version,
    model_version,
    passage,
    placement,
    report,
    report_version,
    round_,
    selection,
    suggested_code,
    suggestion,
)
from whatworks.nlp.passages import PassageId, passage_id

TYPES = ("lesson", "obstacle", "success_factor")
THEMES = ("budget", "gender", "partners", "staff")


def codebook_source(
    types: Iterable[str] = TYPES,
    themes: Iterable[str] = THEMES,
    retired: Iterable[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The text of a codebook file with these codes; groups have themes beside those of none."""

    def entries(codes: Iterable[str]) -> list[dict[str, Any]]:
        return [
            {"id": code, "names": {"en": code}, "definition": f"About {code}."} for code in codes
        ]

    gone = [{**entry, "retired": True} for entry in entries(retired)]
    raw = {
        "id": "small",
        "version": 1,
        "title": "Small",
        "finding_types": entries(types),
        "groups": [
            {"id": group, "names": {"en": group}, "themes": entries(own)}
            for group, own in (groups or {}).items()
            if own
        ],
        "themes": [*entries(themes), *gone],
    }
    return json.dumps(raw)  # which is YAML too


def seed_codebook(
    store: Store, source: str | None = None, translation: Translation | None = None
) -> Effect:
    """A new codebook version, whatever it says, and what it did."""
    source = codebook_source() if source is None else source
    with store.writing() as connection:
        last = connection.scalar(select(func.max(codebook_version.c.number))) or 0
        connection.execute(
            insert(codebook_version).values(
                number=last + 1,
                source=source,
                sha256=hashlib.sha256(source.encode()).hexdigest(),
                translation=translation or {},
                changes=["changed"] if translation else [],
                created_at=utc_now(),
                created_by="ana",
            )
        )
        return resolve_all(connection)


def seed_report(
    store: Store, name: str = "report.pdf", texts: Sequence[str] = ()
) -> list[PassageId]:
    """A report, or a new version of it, with passages of these texts; their ids."""
    ids = [passage_id(name, text, 1) for text in texts]
    with store.writing() as connection:
        report_id = connection.scalar(select(report.c.id).where(report.c.name == name))
        if report_id is None:
            report_id = _insert(connection, report, name=name, metadata={}, added_at=utc_now())
        number = connection.scalar(
            select(func.count()).where(report_version.c.report_id == report_id)
        )
        version = _insert(
            connection,
            report_version,
            report_id=report_id,
            number=(number or 0) + 1,
            sha256=hashlib.sha256(f"{name} {number}".encode()).hexdigest(),
            path=name,
            title=name,
            language="en",
            pages=9,
            warnings=[],
            added_at=utc_now(),
            added_by="ana",
        )
        known = set(connection.scalars(select(passage.c.id).where(passage.c.id.in_(ids))))
        new = [
            {
                "id": one,
                "report_id": report_id,
                "language": "en",
                "text": text,
                "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
            for one, text in zip(ids, texts, strict=True)
            if one not in known
        ]
        if new:
            connection.execute(insert(passage), new)
        if ids:
            connection.execute(
                insert(placement),
                [
                    {
                        "report_version_id": version,
                        "position": place,
                        "passage_id": one,
                        "page": place,
                        "heading": ["Findings"],
                        "start": 0,
                        "end": 10,
                        "kind": "paragraph",
                        "lead_in": "",
                    }
                    for place, one in enumerate(ids, 1)
                ],
            )
    return ids


def seed_project(store: Store, passages: int = 3) -> list[PassageId]:
    """A codebook, and a report of this many passages."""
    seed_codebook(store)
    return seed_report(store, texts=[f"It worked, point {n}." for n in range(1, passages + 1)])


def seed_suggestion(
    store: Store,
    passage_id: PassageId,
    labels: Iterable[str] = (),
    themes: Iterable[str] = (),
    model: str = "starter 1.0",
) -> int:
    """A suggestion under the newest codebook; its id."""
    suggested = {("finding_type", one) for one in labels} | {("theme", one) for one in themes}
    others = {("finding_type", one) for one in TYPES} | {("theme", one) for one in THEMES}
    with store.writing() as connection:
        model_id = connection.scalar(
            select(model_version.c.id).where(model_version.c.name == model)
        )
        if model_id is None:
            model_id = _insert(
                connection,
                model_version,
                name=model,
                fingerprint=f"fingerprint of {model}",
                details={},
                created_at=utc_now(),
            )
        suggestion_id = _insert(
            connection,
            suggestion,
            passage_id=passage_id,
            model_version_id=model_id,
            codebook_version_id=connection.scalar(select(func.max(codebook_version.c.id))),
            uncertainty=0.5,
            created_at=utc_now(),
        )
        connection.execute(
            insert(suggested_code),
            [
                {
                    "suggestion_id": suggestion_id,
                    "kind": kind,
                    "code": code,
                    "probability": 0.9 if (kind, code) in suggested else 0.1,
                    "suggested": (kind, code) in suggested,
                }
                for kind, code in sorted(suggested | others)
            ],
        )
    return suggestion_id


def seed_round(
    store: Store,
    name: str,
    passages: Iterable[PassageId],
    *,
    probability: float | None = None,
    closed: bool = False,
) -> int:
    """A round with these passages; its id."""
    with store.writing() as connection:
        round_id = _insert(
            connection,
            round_,
            name=name,
            purpose="audit",
            strategy="random",
            seed=1,
            blind=False,
            created_at=utc_now(),
            created_by="ana",
            closed_at=utc_now() if closed else None,
        )
        connection.execute(
            insert(selection),
            [
                {
                    "round_id": round_id,
                    "passage_id": one,
                    "probability": probability,
                    "reason": "drawn by lot",
                    "created_at": utc_now(),
                }
                for one in passages
            ],
        )
    return round_id


def draft(
    passage_id: PassageId,
    annotator: str = "ana",
    labels: Sequence[str] = (),
    themes: Sequence[str] = (),
    *,
    suggested: Answer | None = None,
    **more: Any,
) -> DecisionDraft:
    """A decision with the verdict that fits; without a suggestion unless told."""
    verdict = verdict_for(labels, themes, suggested)
    return DecisionDraft(passage_id, annotator, verdict, tuple(labels), tuple(themes), **more)


def undo(passage_id: PassageId, annotator: str = "ana", **more: Any) -> DecisionDraft:
    """Takes back the annotator's last decision."""
    return DecisionDraft(passage_id, annotator, Verdict.UNDO, **more)


def unsure(passage_id: PassageId, annotator: str = "ana", **more: Any) -> DecisionDraft:
    """Says that one cannot tell."""
    return DecisionDraft(passage_id, annotator, Verdict.UNSURE, **more)


def _insert(connection: Connection, table: Any, **values: Any) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])
