"""Somebody's draft of the next codebook version, as the pages show and change it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ....labels.codebook import Code, Codebook
from ....labels.codebook_changes import ChangeKind, Changes, compare
from ....labels.codebook_editing.checking import KINDS, codes_of, examined
from ....labels.codebook_editing.edits import Editing
from ....labels.codebook_editing.merging import merged
from ....labels.codebook_fates import Fates
from ....labels.codebook_yaml import Problem
from ....labels.store.codebook_drafts import (
    Draft,
    DraftChangedError,
    draft_steps,
    drafting,
    save_draft,
)
from ....labels.store.codebooks import StoredCodebook, all_codebooks
from ....labels.store.database import Store
from ..context import Person

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Working:
    """What somebody works on: their draft, or the codebook that holds where they have none."""

    person: Person
    held: StoredCodebook
    """The version that holds now."""
    base: StoredCodebook
    """The one that the draft changes; another one than ``held`` where one came since."""
    steps: tuple[Draft, ...]
    """The last one first; () without a draft."""
    since: tuple[StoredCodebook, ...]
    """Versions that were applied since the draft was begun."""
    others: tuple[Draft, ...]
    """Drafts of other people."""

    @property
    def draft(self) -> Draft | None:
        """As the last step left it."""
        return self.steps[0] if self.steps else None

    @property
    def source(self) -> str:
        """The text that is worked on."""
        return self.steps[0].source if self.steps else self.held.source

    @property
    def mark(self) -> str:
        """By which a page knows whether this is still what it shows; '' without a draft."""
        return self.steps[0].mark if self.steps else ""

    @property
    def codebook(self) -> Codebook | None:
        """What the draft says; None where its text cannot be read."""
        return examined(self.source).codebook

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with it, with lines."""
        return examined(self.source).problems if self.steps else ()

    def changes(self, wording_only: Sequence[str] = ()) -> Changes:
        """What the draft does to the version that it changes."""
        book = self.codebook
        if book is None:
            return Changes({}, (), ())
        return compare(self.base.codebook, book, wording_only)

    @property
    def editing(self) -> Editing:
        """For a next step; raises WhatworksError where the text cannot be read."""
        return Editing(self.source, self.base.codebook)


def working(connection: Connection, person: Person) -> Working:
    """What this person works on."""
    versions = all_codebooks(connection)
    steps = tuple(draft_steps(connection, person.name))
    base = versions[-1]
    if steps:
        base = next((one for one in versions if one.number == steps[0].base), base)
    return Working(
        person=person,
        held=versions[-1],
        base=base,
        steps=steps,
        since=tuple(one for one in versions if one.number > base.number),
        others=tuple(one for one in drafting(connection) if not steps or one.name != steps[0].name),
    )


def take_step(
    store: Store,
    person: Person,
    did: Mapping[str, Any],
    edit: Callable[[Working], str],
) -> Working:
    """Does something to somebody's draft, and begins one where there is none.

    Args:
        store: The project's.
        person: Whose.
        did: What it is, for people.
        edit: Gives the new text; asked again where another window came between.

    Raises:
        WhatworksError: it cannot be done; the draft is as it was.
    """
    for again in reversed(range(_TRIES)):
        with store.reading() as connection:
            now = working(connection, person)
        source = edit(now)
        if source == now.source:
            return now
        try:
            save_draft(
                store,
                person.name,
                source,
                base=now.base.number,
                did=did,
                on=now.mark or None,
            )
        except DraftChangedError:
            if not again:
                raise
            continue
        break
    with store.reading() as connection:
        return working(connection, person)


def catch_up(store: Store, person: Person) -> Working:
    """Brings the versions that were applied meanwhile into somebody's draft.

    Where both changed the same lines, the draft's stay, and the step says which those are.
    """
    with store.reading() as connection:
        now = working(connection, person)
    if now.draft is None or not now.since:
        return now
    found = merged(now.base.source, now.source, now.held.source)
    save_draft(
        store,
        person.name,
        found.text,
        base=now.held.number,
        did={"act": "catch-up", "number": now.held.number, "clashes": found.clashes},
        on=now.mark,
    )
    with store.reading() as connection:
        return working(connection, person)


def mark_of_code(code: Code) -> str:
    """Another one for another entry: by it a form knows whether the code is as it was shown."""
    said = tuple(getattr(code, name) for name in _fields(code))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def find_code(book: Codebook, kind: str, code_id: str) -> Code | None:
    """A code of a draft, retired ones too."""
    return next((one for one in codes_of(book, kind) if one.id == code_id), None)


ASIDE = frozenset((ChangeKind.RELABELLED, ChangeKind.MOVED, ChangeKind.GOES_WITH))
"""Changes that touch no label and no list of codes."""


def done_to(now: Working, changes: Changes) -> dict[tuple[str, str], list[ChangeKind]]:
    """Kind and id of a code of the draft to what is done to it, in few words."""
    found: dict[tuple[str, str], list[ChangeKind]] = {}

    def add(kind: str, code_id: str, what: ChangeKind) -> None:
        said = found.setdefault((kind, code_id), [])
        if what not in said:
            said.append(what)

    for one in changes.changes:
        add(one.of, one.id, ChangeKind.RELABELLED if one.kind in ASIDE else one.kind)
    for kind, noun in KINDS.items():
        old = {one.id: one for one in codes_of(now.base.codebook, kind)}
        new = {one.id: one for one in codes_of(now.codebook or now.base.codebook, kind)}
        fates = Fates[Code](noun, old, new, ())
        for code_id in new.keys() - fates.before.keys():
            add(kind, code_id, ChangeKind.ADDED)
        for olds in fates.merged.values():
            for code_id in new.keys() & set(olds):
                add(kind, code_id, ChangeKind.MERGED)
    return found


def _fields(code: Code) -> tuple[str, ...]:
    return tuple(code.__dataclass_fields__)
