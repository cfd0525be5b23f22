"""The text of a codebook file, changed by whole lines."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import yaml

from .entries import Entry, TextOnlyError, entries, is_tree, plain, says, value_of
from .writing import HISTORY, Plain, item_lines, key_lines


@dataclass(frozen=True, slots=True)
class _Splice:
    """Lines to put in the place of others."""

    start: int
    end: int
    """The first line that stays again."""
    lines: Sequence[str]


class Text:
    """A codebook's text; every change gives another one."""

    def __init__(self, source: str) -> None:
        """Reads it.

        Raises:
            TextOnlyError: it is no YAML, or its lines cannot be told apart safely.
        """
        self.source = source if source.endswith("\n") else f"{source}\n"
        # Other signs that end lines for YAML, and not for whoever counts them.
        if set(self.source) & set("\r\x85\u2028\u2029\ufeff"):
            raise TextOnlyError
        self._lines = self.source.split("\n")
        try:
            root = yaml.compose(self.source, Loader=yaml.SafeLoader)
            once = isinstance(root, yaml.MappingNode) and is_tree(root, set())
        except (yaml.YAMLError, RecursionError):
            raise TextOnlyError from None
        if not once:
            raise TextOnlyError
        assert isinstance(root, yaml.MappingNode)
        self.root = root

    def find(self, kind: str, entry_id: str) -> Entry:
        """The entry of this id; raises TextOnlyError where it is not to be found."""
        for one in entries(self.root):
            if (one.kind, one.id) == (kind, entry_id):
                return one
        raise TextOnlyError

    def with_keys(self, changes: Sequence[tuple[Entry, Mapping[str, Plain | None]]]) -> "Text":
        """The text in which these keys hold something else; None takes a key away."""
        splices: list[_Splice] = []
        for entry, values in changes:
            if entry.node.flow_style:
                splices.append(self._rewritten(entry, values))
            else:
                splices += self._key_splices(entry.node, values)
        return self._spliced(splices)

    def added(
        self, owner: Entry | None, key: str, value: Plain, after: Entry | None = None
    ) -> "Text":
        """The text in which a list has one entry more, at its end or after another.

        Args:
            owner: The group or theme whose list it is; None for the file's own.
            key: Under which the list stands.
            value: The entry.
            after: An entry of that list.
        """
        node = self.root if owner is None else owner.node
        listed = value_of(node, key)
        if isinstance(listed, yaml.SequenceNode) and listed.value and not listed.flow_style:
            at = self._end(listed if after is None else after.node)
            return self._spliced([_Splice(at, at, item_lines(value, listed.start_mark.column))])
        given = plain(listed) if isinstance(listed, yaml.SequenceNode) else []
        assert isinstance(given, list)
        if owner is not None:
            return self.with_keys([(owner, {key: [*given, value]})])
        return self._spliced([*self._key_splices(self.root, {key: [*given, value]})])

    def with_lines(self, lines: Sequence[str], before: str) -> "Text":
        """The text with these lines of the outermost level before one of its keys."""
        ends = [0, *(self._end(value) for _, value in self.root.value)]
        names = [key.value for key, _ in self.root.value]
        at = ends[names.index(before)] if before in names else ends[-1]
        return self._spliced([_Splice(at, at, lines)])

    def lines_of(self, key: str) -> list[str]:
        """The lines of a key of the outermost level."""
        found = next(one for one in self.root.value if one[0].value == key)
        return self._lines[found[0].start_mark.line : self._end(found[1])]

    def without(self, entry: Entry) -> "Text":
        """The text without an entry, and without what is said of it right above."""
        listed = entry.listed_in
        if listed.flow_style:
            raise TextOnlyError
        if len(listed.value) == 1:
            key = next(k.value for k, value in entry.owner.value if value is listed)
            return self._spliced([*self._key_splices(entry.owner, {key: None})])
        start = self._first_line(entry)
        while self._lines[start - 1].strip().startswith("#") and start - 1 > self._before(entry):
            start -= 1
        return self._spliced([_Splice(start, self._end(entry.node), [])])

    def moved(self, entry: Entry, owner: Entry | None) -> "Text":
        """The text in which an entry stands at the end of another owner's themes."""
        if entry.listed_in.flow_style or (owner is not None and owner.node.flow_style):
            raise TextOnlyError
        lines = self._lines[self._first_line(entry) : self._end(entry.node)]
        rest = self.without(entry)
        found = None if owner is None else rest.find(owner.kind, owner.id)
        node = rest.root if found is None else found.node
        listed = value_of(node, "themes")
        if isinstance(listed, yaml.SequenceNode) and listed.value:
            if listed.flow_style:
                raise TextOnlyError
            at, column, head = rest._end(listed), listed.start_mark.column, []
        else:
            if listed is not None:
                raise TextOnlyError
            key_column = node.value[0][0].start_mark.column
            at, column, head = rest._end(node), key_column + 2, [f"{' ' * key_column}themes:"]
        shift = column - entry.listed_in.start_mark.column
        return rest._spliced([_Splice(at, at, [*head, *(_shifted(one, shift) for one in lines)])])

    def _spliced(self, splices: Sequence[_Splice]) -> "Text":
        lines = list(self._lines)
        end = len(lines) + 1
        # From the end, so that the lines before keep their numbers.
        for one in sorted(splices, key=lambda one: (one.start, one.end))[::-1]:
            if one.end > end:
                raise TextOnlyError
            lines[one.start : one.end] = one.lines
            end = one.start
        return Text("\n".join(lines))

    def _key_splices(
        self, node: yaml.MappingNode, values: Mapping[str, Plain | None]
    ) -> Iterator[_Splice]:
        column = node.value[0][0].start_mark.column
        there = {key.value: (key, value) for key, value in node.value}
        new: list[str] = []
        for key, value in values.items():
            if key not in there:
                if value is not None:
                    new += key_lines(key, value, column, flow=_is_short(key))
                continue
            key_node, old = there[key]
            start, end = key_node.start_mark.line, self._end(old)
            lines = [] if value is None else self._key_lines(key_node, old, value)
            before = self._lines[start][:column]
            if lines:
                lines[0] = before + lines[0][column:]
            elif before.strip():
                # The dash of the entry would go with it.
                raise TextOnlyError
            yield _Splice(start, end, lines)
        if new:
            # Before the themes of a group or theme, so that what it is stands together.
            themes = there.get("themes")
            at = themes[0].start_mark.line if themes else self._end(node)
            if at == node.value[0][0].start_mark.line:
                at = self._end(node)
            yield _Splice(at, at, new)

    def _key_lines(self, key: yaml.ScalarNode, old: yaml.Node, value: Plain) -> list[str]:
        column, line = key.start_mark.column, self._lines[key.start_mark.line]
        header = " " * column + line[column : key.end_mark.column] + ":"
        block = isinstance(old, yaml.CollectionNode) and not old.flow_style and old.value
        if block and isinstance(old, yaml.SequenceNode) and isinstance(value, list) and value:
            lines = [header, *self._item_lines(key, old, value)]
        elif block and isinstance(old, yaml.MappingNode) and isinstance(value, Mapping) and value:
            lines = [header, *self._inner_lines(key, old, value)]
        else:
            flow = isinstance(old, yaml.CollectionNode) and bool(old.flow_style)
            lines = key_lines(key.value, value, column, flow=flow or _is_short(key.value))
        remark = self._remark(key, old)
        if remark:
            lines[0] = f"{lines[0]:<{line.index(remark) - 1}} {remark}"
        return lines

    def _item_lines(
        self, key: yaml.ScalarNode, old: yaml.SequenceNode, value: Sequence[Plain]
    ) -> list[str]:
        """The lines of a list; items that stay keep theirs, with the remarks above them."""
        kept = self._parts(key, old.value)
        before, after = ([says(plain(one)) for one in old.value], [*map(says, value)])
        lines: list[str] = []
        for what, a, b, c, d in SequenceMatcher(None, before, after, False).get_opcodes():
            if what == "equal":
                lines += [line for item in kept[a:b] for line in item]
            else:
                column = old.start_mark.column
                lines += [line for item in value[c:d] for line in item_lines(item, column)]
        return lines

    def _inner_lines(
        self, key: yaml.ScalarNode, old: yaml.MappingNode, value: Mapping[str, Plain]
    ) -> list[str]:
        """The same of names by language."""
        names = [name.value for name, _ in old.value]
        kept = dict(zip(names, self._parts(key, [one for _, one in old.value]), strict=True))
        said = {name.value: says(plain(one)) for name, one in old.value}
        column = old.value[0][0].start_mark.column
        lines: list[str] = []
        for name, one in value.items():
            same = said.get(name) == says(one)
            lines += kept[name] if same else key_lines(name, one, column)
        return lines

    def _parts(self, key: yaml.ScalarNode, nodes: Sequence[yaml.Node]) -> list[list[str]]:
        """The lines of each part of what a key holds, with those above it."""
        ends = [key.start_mark.line + 1, *map(self._end, nodes)]
        return [self._lines[a:b] for a, b in itertools.pairwise(ends)]

    def _remark(self, key: yaml.ScalarNode, value: yaml.Node) -> str:
        """What is remarked at the end of the key's own line, '' for nothing."""
        line = self._lines[key.start_mark.line]
        if isinstance(value, yaml.ScalarNode) and value.style in ("|", ">"):
            begin = value.start_mark.column
        elif value.start_mark.line != key.start_mark.line:
            begin = key.end_mark.column
        elif value.end_mark.line == key.start_mark.line:
            begin = value.end_mark.column
        else:
            return ""
        at = line.find(" #", begin)
        return "" if at < 0 else line[at:].strip()

    def _rewritten(self, entry: Entry, values: Mapping[str, Plain | None]) -> _Splice:
        """An entry that stands in brackets, on lines of its own."""
        if entry.listed_in.flow_style:
            raise TextOnlyError
        given = plain(entry.node)
        assert isinstance(given, dict)
        new = {**given, **values}
        if isinstance(retired := new.get("retired"), str):
            new["retired"] = retired.lower() in ("true", "yes", "on")
        left = {key: value for key, value in new.items() if value is not None}
        lines = item_lines(left, entry.listed_in.start_mark.column)
        return _Splice(self._first_line(entry), self._end(entry.node), lines)

    def _first_line(self, entry: Entry) -> int:
        line = entry.node.start_mark.line
        # '-' can stand on a line of its own.
        while not self._lines[line].lstrip().startswith("-"):
            line -= 1
        return line

    def _before(self, entry: Entry) -> int:
        """The line on which what stands before an entry of a list ends."""
        place = entry.listed_in.value.index(entry.node)
        if place:
            return self._end(entry.listed_in.value[place - 1]) - 1
        return entry.listed_in.start_mark.line - 1

    def _end(self, node: yaml.Node) -> int:
        """The line after the last one of a node, without the blanks and remarks that follow."""
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            line = node.end_mark.line
            while not self._lines[line - 1].strip():
                line -= 1
            return line
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        return int(node.end_mark.line) + 1


def _is_short(key: str) -> bool:
    return key == "goes_with" or key in HISTORY


def _shifted(line: str, columns: int) -> str:
    if not line.strip():
        return ""
    if columns >= 0:
        return " " * columns + line
    spaces = len(line) - len(line.lstrip(" "))
    return line[min(-columns, spaces) :]
