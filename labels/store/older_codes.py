"""Codes of older codebook versions, as conditions of queries: which are stale, which renamed."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Text, and_, or_, select, type_coerce

from ..decisions import Translation
from ..resolution import Translations
from .schema import canonical_json, codebook_version, decision, suggested_code, suggestion

_COLUMNS = {"finding_type": decision.c.labels, "theme": decision.c.themes}


def stale_now(connection: Connection) -> ColumnElement[bool] | None:
    """Whether a decision holds a code that the codebook has made stale; None: none can."""
    versions = _versions(connection)
    now = Translations([step for _, step in versions])
    found = []
    for number, (version_id, _) in enumerate(versions, 1):
        gone = [
            # Codes stand in lists of JSON, each in its quotes.
            type_coerce(_COLUMNS[kind], Text).contains(canonical_json(code), autoescape=True)
            for kind, code in _named_since(versions, number)
            if now.now(number, kind, code) is None
        ]
        if gone:
            found.append(and_(decision.c.codebook_version_id == version_id, or_(*gone)))
    return or_(*found) if found else None


def said_as_now(connection: Connection, label: str) -> ColumnElement[bool]:
    """Whether a suggested code is a finding type that is called so in the present codebook."""
    versions = _versions(connection)
    now = Translations([step for _, step in versions])
    found = []
    for number, (version_id, _) in enumerate(versions, 1):
        named = {code for kind, code in _named_since(versions, number) if kind == "finding_type"}
        same = [
            code
            for code in sorted({*named, label})
            if now.now(number, "finding_type", code) == label
        ]
        if same:
            found.append(
                and_(
                    suggestion.c.codebook_version_id == version_id,
                    suggested_code.c.code.in_(same),
                )
            )
    return or_(*found)


def _versions(connection: Connection) -> list[tuple[int, Translation]]:
    """Id and translation of each codebook version, in order."""
    query = select(codebook_version.c.id, codebook_version.c.translation)
    rows = connection.execute(query.order_by(codebook_version.c.number))
    return [(row.id, row.translation) for row in rows]


def _named_since(versions: list[tuple[int, Translation]], number: int) -> Iterator[tuple[str, str]]:
    """Kind and code of all that was renamed or made stale after the version of that number."""
    named = {
        (kind, code)
        for _, step in versions[number:]
        for kind, codes in step.items()
        for code in codes
    }
    yield from sorted(named)
