"""YAML read with its lines, so that everything wrong in a file can be told at once."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import yaml

from .codebook import nearest

_KINDS = {"ScalarNode": "text", "SequenceNode": "a list", "MappingNode": "keys with values"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a codebook file."""

    file: str
    line: int
    """From 1."""
    what: str
    """A sentence: "Unknown key 'definiton'." """
    nearest: str = ""
    """The name that was probably meant, '' where none is near."""
    cure: str = ""
    """A sentence, '' where the nearest name is the cure."""

    def __str__(self) -> str:
        """All but the file's name, on one line."""
        near = f" Nearest: '{self.nearest}'." if self.nearest else ""
        return f"line {self.line}: {self.what}{near}{' ' if self.cure else ''}{self.cure}"


class Problems:
    """What was found wrong in one file so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Problem] = []

    def add(self, line: int, what: str, cure: str = "", near: str = "") -> None:
        """Notes one."""
        self._found.append(Problem(self.file, line, what, near, cure))

    def add_unknown(
        self, line: int, what: str, given: str, known: Collection[str], cure: str = ""
    ) -> None:
        """Notes a name that nobody knows, with the nearest that is known."""
        self.add(line, f"Unknown {what} '{given}'.", cure, nearest(given, known))

    def sorted(self) -> tuple[Problem, ...]:
        """In the order of the file; nothing twice."""
        return tuple(sorted(set(self._found), key=lambda one: (one.line, one.what)))


@dataclass(frozen=True, slots=True)
class Value:
    """A text and the line it stands on."""

    text: str
    line: int


class Entry:
    """A mapping of the file whose keys are known; what is wrong with its values is noted."""

    def __init__(
        self, node: yaml.MappingNode, what: str, keys: Collection[str], problems: Problems
    ) -> None:
        self.what = what
        """What it is, for messages: 'theme'."""
        self.line = node.start_mark.line + 1
        self.node = node
        self._problems = problems
        self._nodes: dict[str, yaml.Node] = {}
        lines: dict[str, int] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "[...]"
            if key in lines:
                problems.add(
                    line,
                    f"The key '{key}' stands there twice, first on line {lines[key]}.",
                    "Take one of them out.",
                )
            elif key == "<<":
                problems.add(line, "'<<' is not read here.", "Write the keys out.")
            elif keys and key not in keys:
                near = nearest(key, keys)
                cure = "" if near else f"A {what} has: {', '.join(keys)}."
                problems.add(line, f"Unknown key '{key}' of a {what}.", cure, near)
            else:
                self._nodes[key] = value
            lines.setdefault(key, line)
        self._lines = lines

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def line_of(self, key: str) -> int:
        """Where the key stands, or the entry where it has none."""
        return self._lines.get(key, self.line)

    def text(self, key: str) -> str:
        """The text of the key, whatever YAML takes it for ('no', 3.10); '' where there is none."""
        node = self._nodes.get(key)
        return "" if node is None else self._text(node, key)

    def texts(self, key: str) -> tuple[Value, ...]:
        """A list of texts, or the one text that stands in its place."""
        node = self._nodes.get(key)
        if node is None or _is_null(node):
            return ()
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        values = (Value(self._text(one, key), one.start_mark.line + 1) for one in nodes)
        return tuple(value for value in values if value.text)

    def flag(self, key: str) -> bool:
        """True or false; false where there is none."""
        node = self._nodes.get(key)
        if node is None or _is_null(node):
            return False
        if not node.tag.endswith(":bool"):
            self._wrong(node, key, "true or false")
            return False
        return str(node.value).lower() in ("true", "yes", "on")

    def whole_number(self, key: str, default: int) -> int:
        """A number from 1; the default where there is none."""
        node = self._nodes.get(key)
        if node is None or _is_null(node):
            return default
        text = str(node.value)
        if not (node.tag.endswith(":int") and text.isascii() and text.isdigit() and int(text)):
            self._wrong(node, key, "a whole number from 1")
            return default
        return int(text)

    def entry(self, key: str, what: str, keys: Collection[str] = ()) -> "Entry | None":
        """The mapping of the key; no keys given stand for any."""
        node = self._nodes.get(key)
        if node is None or _is_null(node):
            return None
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, key, "keys with values")
            return None
        return Entry(node, what, keys, self._problems)

    def entries(self, key: str, what: str, keys: Collection[str]) -> list["Entry"]:
        """The mappings of a list; what else stands in it is noted."""
        found = self.entries_or_texts(key, what, keys)
        for one in found:
            if isinstance(one, Value):
                self._problems.add(
                    one.line,
                    f"'{key}' has the text '{one.text[:40]}' where a {what} should stand.",
                    f"Begin it with '- {next(iter(keys))}: '.",
                )
        return [one for one in found if isinstance(one, Entry)]

    def entries_or_texts(self, key: str, what: str, keys: Collection[str]) -> list["Entry | Value"]:
        """The mappings and texts of a list, or the one text that stands in its place."""
        node = self._nodes.get(key)
        if node is None or _is_null(node):
            return []
        if isinstance(node, yaml.ScalarNode):
            return list(self.texts(key))
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(node, key, f"a list in which each {what} begins with '- '")
            return []
        found: list[Entry | Value] = []
        for one in node.value:
            if isinstance(one, yaml.MappingNode):
                found.append(Entry(one, what, keys, self._problems))
            elif isinstance(one, yaml.ScalarNode):
                found.append(Value(str(one.value).strip(), one.start_mark.line + 1))
            else:
                self._wrong(one, key, f"a list in which each {what} begins with '- '")
        return found

    def all_texts(self) -> dict[str, Value]:
        """Every key with its text, for an entry whose keys are free."""
        return {
            key: Value(self._text(node, key), self._lines[key]) for key, node in self._nodes.items()
        }

    def _text(self, node: yaml.Node, key: str) -> str:
        if isinstance(node, yaml.ScalarNode):
            text = "" if _is_null(node) else str(node.value).strip()
            # By escapes ("\\0") a text can hold what no screen, workbook or database takes.
            if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text if sign != "\n"):
                self._problems.add(
                    node.start_mark.line + 1, f"'{key}' has a control character.", "Take it out."
                )
                return "".join(sign for sign in text if sign.isprintable())
            return text
        self._wrong(node, key, "text", "Put a text with ': ', '[' or '{' in quotes.")
        return ""

    def _wrong(self, node: yaml.Node, key: str, wanted: str, cure: str = "") -> None:
        given = _KINDS.get(type(node).__name__, "something else")
        if isinstance(node, yaml.ScalarNode):
            given = f"'{node.value}'"
        self._problems.add(
            node.start_mark.line + 1, f"'{key}' must be {wanted}, and is {given}.", cure
        )


def compose(source: str, keys: Collection[str], what: str, problems: Problems) -> Entry | None:
    """The mapping that the file is; None, and why among the problems, where it is none."""
    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = f"{error.problem or error.context}".replace("\t", "\\t")
        problems.add(mark.line + 1 if mark else 1, f"Not valid YAML: {said}.", _yaml_cure(said))
        return None
    except yaml.reader.ReaderError as error:
        line = source[: error.position].count("\n") + 1
        problems.add(line, "Not valid YAML: a control character.", "Take it out.")
        return None
    except RecursionError:
        problems.add(1, "Not valid YAML: too many brackets in each other.")
        return None
    if not isinstance(node, yaml.MappingNode):
        given = "is empty" if node is None else f"is {_KINDS[type(node).__name__]}"
        problems.add(
            1,
            f"A {what} is a file of keys such as 'title:' and 'themes:', and this one {given}.",
            "See one that works: whatworks codebook template",
        )
        return None
    return Entry(node, what, keys, problems)


def _yaml_cure(said: str) -> str:
    if "mapping values" in said or "got ':'" in said:
        return "Put a text that has ': ' in quotes, or on lines of its own below '>-'."
    if "\\t" in said:
        return "Indent with spaces, not with tabs."
    if "'%'" in said or "'@'" in said or "'`'" in said:
        return "Put the text in quotes."
    return "Look at the line before it too: indentation, quotes and brackets."


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")
