"""Where codes and groups stand in the text of a codebook file."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from ...nlp.errors import WhatworksError
from .writing import Plain, one_line


class EditError(WhatworksError):
    """A change that cannot be made."""

    def __init__(self, form: str, **values: str) -> None:
        """Keeps what is said and of what apart, so that it can be said in other languages.

        Args:
            form: A sentence with ``%(name)s`` where values stand.
            values: By name.
        """
        super().__init__(form % values)
        self.form = form
        self.values = values


class TextOnlyError(EditError):
    """The file is written in a way that only a person can change."""

    def __init__(self) -> None:
        super().__init__(CHANGE_THE_TEXT)


CHANGE_THE_TEXT = (
    "The codebook's text is written in a way that this form cannot change. Change it in the text "
    "itself."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a code or a group stands in the file."""

    kind: str
    """'finding_type', 'theme' or 'group'."""
    id: str
    node: yaml.MappingNode
    listed_in: yaml.SequenceNode
    owner: yaml.MappingNode
    """The group, the theme or the file whose list it is."""


def entries(root: yaml.MappingNode) -> Iterator[Entry]:
    """Every code and group, in the order of the file."""
    yield from _listed(root, "finding_types", "finding_type")
    for group in _listed(root, "groups", "group"):
        yield group
        yield from _listed(group.node, "themes", "theme")
    yield from _listed(root, "themes", "theme")


def _listed(owner: yaml.MappingNode, key: str, kind: str) -> Iterator[Entry]:
    """The entries of a list; below each theme the themes that are a part of it."""
    listed = value_of(owner, key)
    if not isinstance(listed, yaml.SequenceNode):
        return
    for node in listed.value:
        if isinstance(node, yaml.MappingNode):
            yield Entry(kind, str(plain(value_of(node, "id")) or ""), node, listed, owner)
            if kind == "theme":
                yield from _listed(node, "themes", "theme")


def value_of(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    """What a key holds, None where it is not there."""
    return next((value for name, value in node.value if name.value == key), None)


def is_tree(node: yaml.Node, seen: set[int]) -> bool:
    """Whether no part stands in two places, by an alias: its lines would be those of both."""
    if id(node) in seen:
        return False
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return all(isinstance(key, yaml.ScalarNode) for key, _ in node.value) and all(
            is_tree(one, seen) for pair in node.value for one in pair
        )
    return not isinstance(node, yaml.SequenceNode) or all(is_tree(n, seen) for n in node.value)


def plain(node: yaml.Node | None) -> Plain:
    """What a node holds, every scalar as the text that it is."""
    if isinstance(node, yaml.SequenceNode):
        return [plain(one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if not isinstance(node, yaml.ScalarNode):
        return ""
    return "" if node.tag.endswith(":null") else str(node.value).strip()


def says(value: Plain) -> str:
    """The same for values that say the same, however they are broken into lines."""
    if isinstance(value, str):
        return json.dumps(one_line(value))
    if isinstance(value, Mapping):
        # A code or an example without more can stand there as its text alone.
        if len(value) == 1 and (alone := value.get("code") or value.get("text")):
            return says(alone)
        return json.dumps({key: says(one) for key, one in value.items()}, sort_keys=True)
    return json.dumps(value if isinstance(value, bool) else [says(one) for one in value])
