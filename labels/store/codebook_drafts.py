"""Drafts of the next codebook version: what somebody changed and has not applied yet.

Every step is kept until the draft is applied or thrown away, so that each can be taken back. They
are nobody's labels and change none.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from ...nlp.errors import WhatworksError
from ..resolution import name_key
from .database import Store, utc_now
from .schema import codebook_draft

MAX_SOURCE = 400_000
"""Characters: twenty times the default codebook. Reading more would keep others waiting."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Where somebody's draft stands after its last step."""

    name: str
    """Whose it is."""
    step: int
    """How many steps there are; 0 for a draft that is not begun."""
    base: int
    """The number of the codebook version that it changes."""
    source: str
    did: Mapping[str, Any]
    """What the step did, for people: {'act': 'rename', 'id': 'fees', 'to': 'tariffs'}."""
    made_at: str

    @property
    def mark(self) -> str:
        """Another one for another text: by it a page knows whether the draft is still its own."""
        return mark_of(self.source)


class DraftChangedError(WhatworksError):
    """The draft was changed since it was shown, in another window."""

    def __init__(self) -> None:
        super().__init__("Your draft was changed meanwhile, in another window.")


def mark_of(source: str) -> str:
    """A short text that is another one for another codebook."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def find_draft(connection: Connection, name: str) -> Draft | None:
    """Somebody's draft; None where they have none."""
    found = _steps(connection, name, limit=1)
    return found[0] if found else None


def draft_steps(connection: Connection, name: str) -> list[Draft]:
    """All steps of somebody's draft, the last one first."""
    return _steps(connection, name)


def drafting(connection: Connection) -> list[Draft]:
    """Everybody's draft."""
    last = (
        select(codebook_draft.c.person, func.max(codebook_draft.c.step).label("step"))
        .group_by(codebook_draft.c.person)
        .subquery()
    )
    query = (
        select(codebook_draft)
        .join(
            last,
            (last.c.person == codebook_draft.c.person) & (last.c.step == codebook_draft.c.step),
        )
        .order_by(codebook_draft.c.name)
    )
    return [_draft(row) for row in connection.execute(query)]


def save_draft(
    store: Store,
    name: str,
    source: str,
    *,
    base: int,
    did: Mapping[str, Any],
    on: str | None,
) -> Draft:
    """Adds a step to somebody's draft, the first one included.

    Args:
        store: The project's.
        name: Whose draft it is.
        source: The codebook as the step leaves it.
        base: The number of the version that it changes.
        did: What the step did, for people.
        on: The mark of the draft that was changed; None where there was none.

    Raises:
        DraftChangedError: the draft is another one by now; nothing is stored.
        WhatworksError: the text is too long.
    """
    if len(source) > MAX_SOURCE:
        raise WhatworksError(
            f"A codebook may have {MAX_SOURCE:,} characters, and this one has {len(source):,}. "
            "Shorten it."
        )
    with store.writing() as connection:
        last = find_draft(connection, name)
        if (last.mark if last else None) != on:
            raise DraftChangedError
        made = Draft(name, (last.step if last else 0) + 1, base, source, did, utc_now())
        connection.execute(
            insert(codebook_draft).values(
                person=name_key(name),
                step=made.step,
                name=name,
                base=base,
                source=source,
                did=dict(did),
                made_at=made.made_at,
            )
        )
    return made


def undo_draft(store: Store, name: str, *, on: str) -> None:
    """Takes the last step of somebody's draft back; raises DraftChangedError as saving does."""
    with store.writing() as connection:
        last = find_draft(connection, name)
        if last is None or last.mark != on:
            raise DraftChangedError
        connection.execute(
            delete(codebook_draft).where(
                codebook_draft.c.person == name_key(name), codebook_draft.c.step == last.step
            )
        )


def discard_draft(store: Store, name: str, *, on: str) -> None:
    """Throws somebody's draft away; raises DraftChangedError as saving does."""
    with store.writing() as connection:
        last = find_draft(connection, name)
        if last is None:
            return
        if last.mark != on:
            raise DraftChangedError
        connection.execute(delete(codebook_draft).where(codebook_draft.c.person == name_key(name)))


def _steps(connection: Connection, name: str, limit: int | None = None) -> list[Draft]:
    query = (
        select(codebook_draft)
        .where(codebook_draft.c.person == name_key(name))
        .order_by(codebook_draft.c.step.desc())
        .limit(limit)
    )
    return [_draft(row) for row in connection.execute(query)]


def _draft(row: Any) -> Draft:
    return Draft(row.name, row.step, row.base, row.source, row.did, row.made_at)
