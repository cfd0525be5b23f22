"""The codes of a codebook in their order, each with what one wants to know of it at a glance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ....labels.codebook import Code, Codebook, FindingType, Theme
from ....labels.store.confirmed import (
    ConfirmedPassage,
    code_counts,
    code_counts_among,
    first_with,
)
from ....labels.store.queue import annotator_number
from ....labels.store.standings import waits_for
from ....labels.texts import Texts
from ....nlp.passages import PassageId
from ..context import Person

Counts = Mapping[tuple[str, str], int]
"""Kind and id of a code to how many confirmed passages have it."""

QUOTED = 20
"""Passages that a code's page shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A code in a list."""

    kind: str
    """'finding_type' or 'theme'."""
    code: Code
    depth: int
    """0 at the top, 1 for a part of another theme, ..."""
    number: int
    """Its place among the finding types, which gives the colour; 0 for a theme."""


@dataclass(frozen=True, slots=True)
class Group:
    """The themes under one heading; the id '' for those under none."""

    id: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A code that is easily taken for another one."""

    code: Code
    tell_apart: str


def type_rows(codebook: Codebook) -> list[Row]:
    """The finding types in use."""
    return [
        Row("finding_type", code, 0, number)
        for number, code in enumerate(codebook.finding_types, 1)
    ]


def retired_rows(codebook: Codebook) -> list[Row]:
    """Codes that are no longer given."""
    return [
        *(Row("finding_type", code, 0, 0) for code in codebook.retired_finding_types),
        *(Row("theme", code, 0, 0) for code in codebook.retired_themes),
    ]


def groups_of(codebook: Codebook, texts: Texts) -> list[Group]:
    """The themes in use, each below its parent, under their headings."""
    found = [
        Group(group_id, group_name(codebook, group_id, texts.language), rows)
        for group_id in (*codebook.groups, "")
        if (rows := tuple(_tree(codebook, group_id)))
    ]
    if len(found) == 1 and not found[0].id:
        return [Group("", texts("Themes"), found[0].rows)]
    return [one if one.id else Group("", texts("Other themes"), one.rows) for one in found]


def group_name(codebook: Codebook, group_id: str, language: str) -> str:
    """What a group is called."""
    names = codebook.groups.get(group_id, {})
    return names.get(language) or names.get("en") or group_id


def find_row(codebook: Codebook, kind: str, code_id: str) -> Row | None:
    """A code with its place; None where there is none of that id."""
    rows = [*type_rows(codebook), *retired_rows(codebook)]
    rows += [Row("theme", code, 0, 0) for code in codebook.themes]
    return next((one for one in rows if (one.kind, one.code.id) == (kind, code_id)), None)


def neighbours_of(codebook: Codebook, code: Code) -> list[Neighbour]:
    """What the code is easily taken for, whichever of the two entries says so."""
    codes: Sequence[Code] = codebook.themes if isinstance(code, Theme) else codebook.finding_types
    by_id = {one.id: one for one in codes}
    return [
        Neighbour(by_id[one.code], one.tell_apart)
        for one in codebook.confusions_of(code)
        if one.code in by_id
    ]


def around(codebook: Codebook, row: Row) -> tuple[Row | None, Row | None]:
    """The code before and the code after one, as they are listed."""
    listed = [*type_rows(codebook), *(one for group in _all(codebook) for one in group)]
    places = [n for n, one in enumerate(listed) if one.code is row.code]
    if not places:
        return None, None
    place = places[0]
    return (
        listed[place - 1] if place else None,
        listed[place + 1] if place + 1 < len(listed) else None,
    )


def counts_for(connection: Connection, person: Person) -> Counts:
    """How many confirmed passages have each code.

    Without those that this person is still to decide: what others said of them stays unknown.
    """
    counts = code_counts(connection)
    waiting = _waiting(connection, person)
    hidden = code_counts_among(connection, waiting) if waiting else {}
    return {code: count - hidden.get(code, 0) for code, count in counts.items()}


def quotations_for(connection: Connection, person: Person, row: Row) -> list[ConfirmedPassage]:
    """The first confirmed passages with a code, without those that one is still to decide."""
    waiting = _waiting(connection, person)
    return first_with(connection, (row.kind, row.code.id), QUOTED, leaving_out=waiting)


def types_of(codebook: Codebook, code: Code) -> list[FindingType]:
    """The finding types that a theme is used with; none means all."""
    given = code.goes_with if isinstance(code, Theme) else ()
    return [one for one in codebook.finding_types if one.id in given]


def _waiting(connection: Connection, person: Person) -> set[PassageId]:
    me = annotator_number(connection, person.name)
    return set(waits_for(connection, me)) if me else set()


def _all(codebook: Codebook) -> Iterator[Iterator[Row]]:
    return (_tree(codebook, group_id) for group_id in (*codebook.groups, ""))


def _tree(codebook: Codebook, group_id: str) -> Iterator[Row]:
    """The themes of a group, each below its parent."""
    themes = [theme for theme in codebook.themes if theme.group == group_id]
    here = {theme.id for theme in themes}

    def below(parent: str, depth: int) -> Iterator[Row]:
        for theme in themes:
            # Listed in another group than its parent: then it stands at the top of its own.
            if (theme.parent if theme.parent in here else "") == parent:
                yield Row("theme", theme, depth, 0)
                yield from below(theme.id, depth + 1)

    return below("", 0)
