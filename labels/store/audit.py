"""The audit: whether the log is what was recorded, and whether what follows from it still does."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, select

from ...nlp.errors import WhatworksError
from .audit_log import Finding, Walk, check_log
from .audit_states import check_states
from .database import Store
from .guards import missing_guards
from .log import AT_ONCE
from .schema import codebook_version, passage

__all__ = ["AuditReport", "Finding", "audit"]

MOST_FINDINGS = 1000
"""How many are kept: one altered codebook spoils every decision made under it."""
_SHORTEST_HEAD = 12


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found."""

    decisions: int
    """How many the log holds."""
    head: str
    """The hash of the last one, '' of an empty log. Who notes it elsewhere can prove later that
    nothing before it was changed."""
    findings: tuple[Finding, ...]
    """The first ones; at most ``MOST_FINDINGS``."""
    found: int
    """How many there are in all."""
    noted: int | None = None
    """The decision whose hash is the head that was noted earlier."""


def audit(store: Store, expected_head: str | None = None) -> AuditReport:
    """Checks everything that was recorded; reads only, and little at a time.

    Args:
        store: The project's database.
        expected_head: A head that an earlier audit printed (at least its first 12 digits): it
            must still be in the log; None where none was noted.

    Raises:
        WhatworksError: the head is none.
    """
    noted_head = "" if expected_head is None else _head(expected_head)
    walk = Walk()
    with store.reading() as connection:
        findings = _findings(connection, walk, noted_head)
        first = tuple(islice(findings, MOST_FINDINGS))
        found = len(first) + sum(1 for _ in findings)
    return AuditReport(walk.count, walk.head, first, found, walk.noted)


def _findings(connection: Connection, walk: Walk, noted_head: str) -> Iterator[Finding]:
    yield from check_log(connection, walk, noted_head)
    if noted_head and walk.noted is None:
        yield Finding(
            "decision",
            "",
            f"The head {noted_head} is not in the log: what was recorded up to it was altered.",
        )
    yield from _check_texts(connection)
    yield from _check_codebooks(connection)
    yield from check_states(connection)
    for trigger in missing_guards(connection):
        table = trigger.rpartition("_no_")[0]
        yield Finding(
            table,
            trigger,
            f"The trigger {trigger} is missing or switched off: the database lets rows of "
            f"'{table}' be changed.",
        )


def _check_texts(connection: Connection) -> Iterator[Finding]:
    columns = passage.c.id, passage.c.text, passage.c.text_sha256
    query = part = select(*columns).order_by(passage.c.id).limit(AT_ONCE)
    while rows := connection.execute(part).all():
        for row in rows:
            if _sha256(row.text) != row.text_sha256:
                yield Finding(
                    "passage", row.id, f"The text of passage {row.id} is not the one that was read."
                )
        part = query.where(passage.c.id > rows[-1].id)


def _check_codebooks(connection: Connection) -> Iterator[Finding]:
    columns = codebook_version.c.number, codebook_version.c.source, codebook_version.c.sha256
    numbers: list[int] = []
    for row in connection.execute(select(*columns).order_by(codebook_version.c.number)):
        numbers.append(row.number)
        if _sha256(row.source) != row.sha256:
            yield Finding(
                "codebook_version",
                str(row.number),
                f"The text of codebook version {row.number} is not the one that was applied.",
            )
    if numbers != list(range(1, len(numbers) + 1)):
        yield Finding(
            "codebook_version",
            str(numbers[-1]),
            f"The codebook versions are {', '.join(map(str, numbers))}: some were removed.",
        )


def _sha256(text: object) -> str:
    # SQLite takes bytes for a text.
    return (
        ""
        if not isinstance(text, str)
        else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    )


def _head(given: str) -> str:
    head = given.strip().lower()
    if len(head) < _SHORTEST_HEAD or set(head) - set("0123456789abcdef"):
        raise WhatworksError(
            f"'{given}' is no head of a log. Give the 64 hex digits that `whatworks audit` "
            f"printed, or at least the first {_SHORTEST_HEAD} of them."
        )
    return head
