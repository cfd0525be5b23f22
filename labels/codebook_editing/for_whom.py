"""Adds target groups and places to the text of a codebook file; the rest of it stays as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from ..synthesis.material import PLACES, TARGET_GROUPS
from .checking import checked, examined
from .entries import plain
from .text import Text
from .writing import Plain


@dataclass(frozen=True, slots=True)
class Added:
    """A codebook's text with more themes."""

    text: str
    themes: tuple[str, ...]
    """Ids of those that are new; () where all were there."""
    elsewhere: tuple[str, ...]
    """Ids that a theme outside of the group has, or a retired one: they were left alone."""


def with_target_groups(source: str) -> Added:
    """The text with those of the shipped target groups that it lacks.

    Args:
        source: Of a sound codebook.

    Raises:
        EditError: it is written in a way that cannot be changed by whole lines, or another theme
            has the name of one that is missing.
    """
    shipped = resources.files("whatworks.labels") / "vocabulary" / "target-groups.yaml"
    found = plain(Text(shipped.read_text("utf-8")).find("group", TARGET_GROUPS).node)
    assert isinstance(found, Mapping)
    names, themes = found["names"], found["themes"]
    assert not isinstance(themes, bool | str | Mapping)
    return _with(source, TARGET_GROUPS, names, (one for one in themes if isinstance(one, Mapping)))


def _with(
    source: str, group: str, names: Plain, themes: Iterable[Mapping[str, Plain]]
) -> Added:
    book = examined(source).codebook
    assert book is not None
    known = {one.id.casefold(): one for one in (*book.themes, *book.retired_themes)}
    wanted = {str(one["id"]): one for one in themes}
    missing = [one for code, one in wanted.items() if code not in known]
    text = Text(source)
    if missing and group not in book.groups:
        text = text.added(None, "groups", {"id": group, "names": names, "themes": missing})
    elif missing:
        for one in missing:
            text = text.added(text.find("group", group), "themes", one)
    return Added(
        checked(source, text.source, {}, ()),
        tuple(str(one["id"]) for one in missing),
        tuple(
            code
            for code in wanted
            if code in known and (known[code].retired or known[code].group != group)
        ),
    )
