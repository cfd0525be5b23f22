"""What a form says of a code, and which keys of its entry that changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..codebook import Code, Confusion, Example, FindingType, Theme
from .writing import Plain, clean, one_line


@dataclass(frozen=True, slots=True)
class CodeFields:
    """All of a code that people write, but its id and where it stands."""

    names: Mapping[str, str]
    """By language; English is always there."""
    definition: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    confused_with: tuple[Confusion, ...] = ()
    goes_with: tuple[str, ...] = ()
    """Of a theme: the finding types that it is used with; () means all."""
    colour: str = ""
    section: str = ""
    split_from: tuple[str, ...] = field(default=())
    """Of a code that is added: what it takes over a part of."""

    def cleaned(self) -> "CodeFields":
        """The same without needless spaces, empty lines and signs that cannot be kept."""
        named = {one_line(key): one_line(name) for key, name in self.names.items()}
        return CodeFields(
            names={key: name for key, name in named.items() if key and name},
            definition=clean(self.definition),
            include=tuple(filter(None, map(one_line, self.include))),
            exclude=tuple(filter(None, map(one_line, self.exclude))),
            examples=tuple(
                Example(one_line(one.text), one_line(one.language))
                for one in self.examples
                if one_line(one.text)
            ),
            confused_with=tuple(
                Confusion(one.code, one_line(one.tell_apart))
                for one in self.confused_with
                if one.code
            ),
            goes_with=tuple(dict.fromkeys(self.goes_with)),
            colour=one_line(self.colour),
            section=one_line(self.section),
            split_from=self.split_from,
        )


def fields_of(code: Code) -> CodeFields:
    """What a code says now."""
    return CodeFields(
        names=code.names,
        definition=code.definition,
        include=code.include,
        exclude=code.exclude,
        examples=code.examples,
        confused_with=code.confused_with,
        goes_with=code.goes_with if isinstance(code, Theme) else (),
        colour=code.colour if isinstance(code, FindingType | Theme) else "",
        section=code.section if isinstance(code, Theme) else "",
    ).cleaned()


def changed_keys(
    before: CodeFields,
    after: CodeFields,
    *,
    inherited: tuple[str, ...] = (),
    every_type: tuple[str, ...] = (),
    has_name: bool = False,
) -> dict[str, Plain | None]:
    """The keys that have to be written, with what they are to hold; None takes one away.

    Args:
        before: What the entry says.
        after: What it is to say.
        inherited: The finding types that a theme here goes with where it says none itself.
        every_type: All finding types.
        has_name: Whether the entry has its name under 'name'.
    """
    keys: dict[str, Plain | None] = {}
    if dict(before.names) != dict(after.names):
        keys |= name_keys(after.names, has_name=has_name)
    if before.definition.split() != after.definition.split():
        keys["definition"] = after.definition
    for key in ("include", "exclude"):
        if getattr(before, key) != getattr(after, key):
            keys[key] = list(getattr(after, key)) or None
    if before.examples != after.examples:
        keys["examples"] = [_example(one) for one in after.examples] or None
    if before.confused_with != after.confused_with:
        keys["confused_with"] = [_confusion(one) for one in after.confused_with] or None
    for key in ("section", "colour"):
        if getattr(before, key) != getattr(after, key):
            keys[key] = getattr(after, key) or None
    if set(before.goes_with) != set(after.goes_with):
        # Nothing said means what the group or the theme above says.
        own = after.goes_with or (every_type if inherited else ())
        keys["goes_with"] = None if set(own) == set(inherited) else list(own)
    return keys


def new_entry(
    code_id: str, fields: CodeFields, *, inherited: tuple[str, ...], every_type: tuple[str, ...]
) -> dict[str, Plain]:
    """The entry of a code that is added, its keys in the usual order."""
    empty = CodeFields({}, "", goes_with=inherited)
    keys = changed_keys(empty, fields, inherited=inherited, every_type=every_type)
    if fields.split_from:
        keys["split_from"] = list(fields.split_from)
    order = ("section", "name", "names", "definition")
    ordered = {key: keys[key] for key in (*order, *keys) if key in keys}
    return {"id": code_id} | {key: value for key, value in ordered.items() if value is not None}


def name_keys(names: Mapping[str, str], *, has_name: bool) -> dict[str, Plain | None]:
    """Names as the keys of an entry: under 'name' where it is the English one alone."""
    if set(names) == {"en"}:
        return {"name": names["en"], "names": None}
    return {"names": dict(names)} | ({"name": None} if has_name else {})


def _example(one: Example) -> Plain:
    return {"text": one.text, "language": one.language} if one.language else one.text


def _confusion(one: Confusion) -> Plain:
    return {"code": one.code, "tell_apart": one.tell_apart} if one.tell_apart else one.code
