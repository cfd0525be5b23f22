"""What in a codebook names another of its codes, and the same after that one has another id."""

from collections.abc import Iterator

from .entries import Entry, entries, plain, value_of
from .text import Text
from .writing import Plain

Keys = dict[tuple[str, str], dict[str, Plain | None]]
"""(Kind, id) of an entry to the keys of it that change."""


def refer(
    keys: Keys, text: Text, kind: str, old: str, new: str | None, *, history: bool = False
) -> None:
    """Adds to the keys those by which entries name a code, so that they name another one.

    Args:
        keys: What changes.
        text: The codebook's.
        kind: 'finding_type' or 'theme'.
        old: Its id.
        new: The id to name; None takes it out.
        history: Whether what is to be looked at again because of a code names it too.
    """
    among = ("confused_with", "parent", *(("requeue",) if history else ()))
    for entry in entries(text.root):
        for key in among if entry.kind == kind else ():
            _refer_in(keys, entry, key, old, new)
        if kind == "finding_type" and entry.kind != kind:
            _refer_in(keys, entry, "goes_with", old, new)


def own_types(entry: Entry) -> tuple[str, ...]:
    """The finding types that an entry itself says it goes with."""
    return tuple(_named(one) for one in _listed(entry, "goes_with"))


def owner_of(text: Text, entry: Entry) -> Entry | None:
    """The group or theme in whose list an entry stands; None for the file's own lists."""
    return next((one for one in entries(text.root) if one.node is entry.owner), None)


def inherited_types(text: Text, owner: Entry | None) -> tuple[str, ...]:
    """The finding types that themes in an owner's list go with where they say none."""
    while owner is not None:
        if said := own_types(owner):
            return said
        owner = owner_of(text, owner)
    return ()


def _refer_in(keys: Keys, entry: Entry, key: str, old: str, new: str | None) -> None:
    listed = list(_listed(entry, key))
    if old not in map(_named, listed):
        return
    said: list[Plain] = []
    for one in listed:
        renamed = _renamed(one, new) if _named(one) == old else one
        if renamed is not None and _named(renamed) not in (entry.id, *map(_named, said)):
            said.append(renamed)
    value: Plain | None = said or None
    if said and isinstance(plain(value_of(entry.node, key)), str):
        value = said[0]
    keys.setdefault((entry.kind, entry.id), {})[key] = value


def _listed(entry: Entry, key: str) -> Iterator[Plain]:
    given = plain(value_of(entry.node, key))
    if isinstance(given, list):
        yield from given
    elif given:
        yield given


def _named(one: Plain) -> str:
    return str(one.get("code", "")) if isinstance(one, dict) else str(one)


def _renamed(one: Plain, new: str | None) -> Plain | None:
    if new is None:
        return None
    return {**one, "code": new} if isinstance(one, dict) else new
