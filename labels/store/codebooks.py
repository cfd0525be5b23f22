"""The codebook versions of a project: which there are, what changed, and a new one applied."""

import functools
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from ...nlp.errors import WhatworksError
from ..codebook import Codebook
from ..codebook_changes import Changes, compare
from ..codebook_file import examine, told
from ..decisions import Translation
from .database import Store, utc_now
from .resolutions import Effect, effect_of, resolve_all
from .schema import codebook_version

FILE_NAME = "codebook.yaml"


@dataclass(frozen=True, slots=True)
class StoredCodebook:
    """One version of the project's codebook."""

    id: int
    number: int
    """The project's own count, from 1."""
    codebook: Codebook
    source: str
    """The file as it was applied, letter for letter."""
    sha256: str
    translation: Translation
    """What it does to labels made under the version before."""
    sentences: tuple[str, ...]
    """What changed, for people."""
    created_at: str
    created_by: str


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """A codebook version that was applied, or that would be."""

    number: int
    sentences: tuple[str, ...]
    """What changes, for people; () for the first version."""
    effect: Effect = field(default_factory=Effect)
    """What it does to the passages that people decided."""


def current_codebook(connection: Connection) -> StoredCodebook:
    """The version that holds now.

    Raises:
        WhatworksError: the project has none.
    """
    found = _last(connection)
    if found is None:
        raise WhatworksError(
            "The database holds no codebook, which every project has. Put the last backup in its "
            "place, or make a project with: whatworks init"
        )
    return found


def all_codebooks(connection: Connection) -> tuple[StoredCodebook, ...]:
    """Every version, the first one first."""
    rows = connection.execute(select(codebook_version).order_by(codebook_version.c.number))
    return tuple(_stored(row) for row in rows)


def preview(store: Store, source: str, wording_only: Collection[str] = ()) -> AppliedChange:
    """What ``add_codebook`` would do now; nothing is written.

    To apply just this, give ``on_top_of=number - 1`` then.

    Raises:
        WhatworksError: it could not be applied, or changes nothing; the text says why.
    """
    with store.reading() as connection:
        last = _last(connection)
        changes = _changes(last, source, wording_only)
        effect = effect_of(connection, changes.translation)
    return AppliedChange(last.number + 1 if last else 1, changes.sentences, effect)


def add_codebook(
    store: Store,
    source: str,
    by: str,
    wording_only: Collection[str] = (),
    *,
    on_top_of: int | None = None,
) -> AppliedChange:
    """Makes the text of a codebook file the project's codebook, as a new version.

    What it does to the labels of the version before follows at once: all passages stand, when
    this returns, as the new version wants it.

    Args:
        store: The project's.
        source: Stored letter for letter.
        by: Who applies it.
        wording_only: Ids of codes whose meaning stays though their definition's words change.
        on_top_of: Number of the version that it was compared with: another one applied since
            is not overlooked.

    Raises:
        WhatworksError: the file is wrong, a code is lost without a word, nothing changes, or
            somebody applied another version meanwhile. Then nothing is stored.
    """
    # Once outside: who waits to write should not wait for the reading of YAML.
    _parsed(source)
    with store.writing() as connection:
        last = _last(connection)
        if last is not None and on_top_of is not None and last.number != on_top_of:
            raise WhatworksError(
                f"Version {last.number} of the codebook was applied meanwhile by "
                f"{last.created_by or 'somebody'}. See what it changed with whatworks codebook "
                "history, and apply yours again."
            )
        changes = _changes(last, source, wording_only)
        number = last.number + 1 if last else 1
        connection.execute(
            insert(codebook_version).values(
                number=number,
                source=source,
                sha256=hashlib.sha256(source.encode()).hexdigest(),
                translation=changes.translation,
                changes=changes.sentences,
                created_at=utc_now(),
                created_by=by,
            )
        )
        effect = resolve_all(connection) if last else Effect()
    return AppliedChange(number, changes.sentences, effect)


def _changes(last: StoredCodebook | None, source: str, wording_only: Collection[str]) -> Changes:
    new = _parsed(source)
    if last is None:
        return Changes({}, (), ())
    changes = compare(last.codebook, new, wording_only)
    if changes.problems:
        raise WhatworksError("\n  ".join(["The codebook cannot be applied.", *changes.problems]))
    if not changes.changes:
        raise WhatworksError(
            f"Nothing to apply: the file says what version {last.number} of the codebook says."
        )
    return changes


def _last(connection: Connection) -> StoredCodebook | None:
    newest = select(codebook_version).order_by(codebook_version.c.number.desc()).limit(1)
    found = connection.execute(newest).one_or_none()
    return None if found is None else _stored(found)


def _stored(row: Row[Any]) -> StoredCodebook:
    return StoredCodebook(
        id=row.id,
        number=row.number,
        codebook=_kept(row.source),
        source=row.source,
        sha256=row.sha256,
        translation=row.translation,
        sentences=tuple(row.changes),
        created_at=row.created_at,
        created_by=row.created_by,
    )


@functools.lru_cache(maxsize=8)
def _parsed(source: str) -> Codebook:
    found = examine(source, FILE_NAME)
    if found.problems or found.codebook is None:
        raise WhatworksError(told(found.problems))
    return found.codebook


@functools.lru_cache(maxsize=128)
def _kept(source: str) -> Codebook:
    """As it was applied, were it by an older whatworks that found less wrong with it."""
    found = examine(source, FILE_NAME)
    if found.codebook is None:
        raise WhatworksError(told(found.problems))
    return found.codebook
