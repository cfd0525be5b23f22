"""The hash chain: every decision's hash covers the decision, its evidence and the hash before."""

import hashlib
from dataclasses import dataclass

from ..decisions import Answer, Decision, Translation
from .schema import canonical_json

FIRST_PREVIOUS = ""
"""What stands before the first decision, and the head of an empty log."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decision was made on, beside what the decision itself says."""

    text_sha256: str
    """Of the passage's text."""
    codebook_sha256: str
    translation: Translation
    """What its codebook version did to the codes of the version before."""
    round_name: str
    probability: float | None
    """With which the passage was selected."""
    reason: str
    """Why it was selected."""
    suggestion_id: int | None = None
    model_fingerprint: str | None = None
    suggested: Answer | None = None
    """What was suggested, in the codes of the suggestion's own codebook version."""


def decision_hash(previous: str, decision: Decision, evidence: Evidence) -> str:
    """SHA-256, in hex, over all that a decision says and rests on; its own hash is left out."""
    suggested = evidence.suggested
    said = {
        "previous": previous,
        "id": decision.id,
        "passage": decision.passage_id,
        "text_sha256": evidence.text_sha256,
        "annotator": decision.annotator,
        "verdict": str(decision.verdict),
        "labels": decision.labels,
        "themes": decision.themes,
        "comment": decision.comment,
        "seconds": _number(decision.seconds),
        "blind": bool(decision.blind),
        "adjudicates": bool(decision.adjudicates),
        "undoes": decision.undoes,
        "codebook": [
            decision.codebook_version,
            evidence.codebook_sha256,
            evidence.translation,
        ],
        "model": evidence.model_fingerprint,
        "suggestion": evidence.suggestion_id,
        "suggested": None if suggested is None else [suggested.labels, suggested.themes],
        "round": evidence.round_name,
        "probability": _number(evidence.probability),
        "reason": evidence.reason,
        "source": decision.source,
        "key": decision.key,
        "made_at": decision.made_at,
    }
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def _number(value: float | None) -> float | None:
    # An engine may give back 5 for 5.0, and SQLite gives 0.0 for -0.0.
    return None if value is None else float(value) + 0.0
