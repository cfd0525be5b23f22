"""One row in every table, by plain SQLAlchemy Core: for tests of the tables themselves."""

from typing import Any

from sqlalchemy import Connection, insert

from whatworks.labels.store.schema import metadata

NOW = "2026-11-23T15:04:05.123456Z"
PASSAGE = "0123456789abcdef"
ROWS: dict[str, dict[str, Any]] = {
    "annotator": {"id": 1, "name": "ana", "created_at": NOW},
    "report": {"id": 1, "name": "r.pdf", "metadata": {}, "added_at": NOW},
    "report_version": {
        "id": 1, "report_id": 1, "number": 1, "sha256": "aa", "path": "r.pdf", "title": "R",
        "language": "en", "pages": 3, "warnings": [], "added_at": NOW, "added_by": "ana",
    },
    "passage": {
        "id": PASSAGE, "report_id": 1, "language": "en", "text": "It worked.", "text_sha256": "bb",
    },
    "placement": {
        "report_version_id": 1, "position": 0, "passage_id": PASSAGE, "page": 1,
        "heading": ["A"], "start": 0, "end": 10, "kind": "paragraph", "lead_in": "",
    },
    "codebook_version": {
        "id": 1, "number": 1, "source": "name: x", "sha256": "cc", "translation": {},
        "changes": [], "created_at": NOW, "created_by": "ana",
    },
    "model_version": {
        "id": 1, "name": "starter 1", "fingerprint": "dd", "details": {}, "created_at": NOW,
    },
    "suggestion": {
        "id": 1, "passage_id": PASSAGE, "model_version_id": 1, "codebook_version_id": 1,
        "uncertainty": 0.5, "created_at": NOW,
    },
    "suggested_code": {
        "suggestion_id": 1, "kind": "finding_type", "code": "lesson", "probability": 0.75,
        "suggested": True,
    },
    "selection": {
        "id": 1, "round_id": 1, "passage_id": PASSAGE, "probability": None,
        "reason": "reviewer's choice", "created_at": NOW,
    },
    "policy_version": {"id": 1, "policy": {"name": "one-reviewer"}, "created_at": NOW},
    "decision": {
        "id": 1, "passage_id": PASSAGE, "annotator_id": 1, "verdict": "confirm",
        "labels": ["lesson"], "themes": [], "comment": "", "seconds": 2.5, "blind": False,
        "adjudicates": False, "undoes_id": None, "codebook_version_id": 1, "suggestion_id": 1,
        "selection_id": 1, "source": "terminal", "key": "k1", "made_at": NOW,
        "previous_hash": "", "hash": "h1",
    },
    "assignment": {"selection_id": 1, "annotator_id": 1},
    "resolution": {
        "passage_id": PASSAGE, "report_id": 1, "state": "confirmed", "labels": ["lesson"],
        "themes": [], "how": "agreed", "votes": 1, "decision_id": 1, "updated_at": NOW,
    },
    "resolved_code": {"passage_id": PASSAGE, "kind": "finding_type", "code": "lesson"},
    "answer": {"id": 1, "codebook_version_id": 1, "labels": ["lesson"], "themes": []},
    "ballot": {"passage_id": PASSAGE, "language": "en", "votes": "-1 1 1 2 1 1"},
    "account": {
        "annotator_id": 1, "role": "owner", "password_hash": "$argon2id$", "created_at": NOW,
        "disabled_at": None,
    },
    "login_session": {
        "token_hash": "ee", "account_id": 1, "created_at": NOW, "seen_at": NOW, "expires_at": NOW,
    },
    "codebook_draft": {
        "person": "ana", "step": 1, "name": "Ana", "base": 1, "source": "name: y", "did": {},
        "made_at": NOW,
    },
    "register_entry": {"id": 1, "number": 1, "created_at": NOW},
    "register_fact": {
        "id": 1, "register_entry_id": 1, "facts": {"title": "Mali"}, "source": "list.csv",
        "annotator_id": 1, "made_at": NOW,
    },
    "screening": {
        "id": 1, "register_entry_id": 1, "annotator_id": 1, "verdict": "include",
        "reasons": ["on-topic"], "note": "", "settles": False, "made_at": NOW,
    },
    "appraisal": {
        "id": 1, "register_entry_id": 1, "annotator_id": 1, "answers": {"Complete": "yes"},
        "note": "", "made_at": NOW,
    },
}  # fmt: skip
"""In an order in which each refers only to those before; 'project' and 'round' have one already."""


def add_rows(connection: Connection) -> None:
    """Writes them all."""
    for table, row in ROWS.items():
        connection.execute(insert(metadata.tables[table]).values(**row))
