"""By what decisions are checked: where the log ends, the codebook, the policy.

Asked before every decision, so in one query; the codebook, which is long and seldom changes, is
kept with the connection that read it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, select, true

from ...nlp.errors import WhatworksError
from ..resolution import Policy, Translations
from .codebooks import StoredCodebook, current_codebook
from .database import READING_ROUND
from .log import to_policy, translations
from .schema import codebook_version, decision, policy_version, project, round_


@dataclass(frozen=True, slots=True)
class Rules:
    """As they are now."""

    count: int
    """Decisions in the log."""
    head: str
    """Hash of the last one."""
    reading: int
    """Id of the round 'reading'."""
    policy: Policy
    codebook: StoredCodebook
    translations: Translations
    has_blind: bool
    """Whether a blind round is open."""


def current_rules(connection: Connection) -> Rules:
    """The rules as the connection sees them.

    Raises:
        WhatworksError: the log's end is not where the project says, or something is missing
            that every project has.
    """
    row = connection.execute(_STATE).one_or_none()
    if row is None or row.reading is None:
        raise WhatworksError(
            f"The database has no round '{READING_ROUND}', which every project has: somebody "
            "changed it by other means. Put the last backup in its place."
        )
    found = (0, row.head) if row.last_id is None else (row.last_id, row.last_hash)
    if found != (row.decisions, row.head):
        raise WhatworksError(
            f"The log ends with decision {found[0]}, but the project counts {row.decisions}: "
            "somebody changed the database by other means. Nothing was recorded. Run: whatworks "
            "audit"
        )
    codebook, known = _codebook(connection, row)
    return Rules(
        count=row.decisions,
        head=row.head,
        reading=row.reading,
        policy=Policy() if row.policy is None else to_policy(row.policy),
        codebook=codebook,
        translations=known,
        has_blind=row.has_blind,
    )


# A codebook version is never changed. What is kept was read before anything was written in its
# transaction, so that it cannot have been taken back.
def _codebook(connection: Connection, row: Row[Any]) -> tuple[StoredCodebook, Translations]:
    newest = row.number, row.sha256
    kept = connection.info.get("whatworks codebook")
    if kept is None or kept[0] != newest:
        kept = newest, current_codebook(connection), translations(connection)
        connection.info["whatworks codebook"] = kept
    return kept[1], kept[2]


def _newest(table: Any, *columns: Any) -> Any:
    return select(*columns).order_by(table.c.id.desc()).limit(1).subquery()


_last = _newest(decision, decision.c.id.label("last_id"), decision.c.hash.label("last_hash"))
_book = _newest(codebook_version, codebook_version.c.number, codebook_version.c.sha256)
_policy = _newest(policy_version, policy_version.c.policy)
_reading = select(round_.c.id.label("reading")).where(round_.c.name == READING_ROUND).subquery()
_blind = exists().where(round_.c.blind, round_.c.closed_at.is_(None)).label("has_blind")
_STATE = (
    select(project.c.decisions, project.c.head, _last, _book, _policy, _reading, _blind)
    .select_from(project)
    .outerjoin(_last, true())
    .outerjoin(_book, true())
    .outerjoin(_policy, true())
    .outerjoin(_reading, true())
)
