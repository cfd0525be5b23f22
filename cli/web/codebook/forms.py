"""What the forms of the codebook send, as fields of a code; and fields as forms show them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from ....labels.codebook import Code, Codebook, Confusion, Example, Theme
from ....labels.codebook_editing.fields import CodeFields, fields_of
from ....labels.texts import NAMES

MORE_ROWS = 2
"""Empty rows that a form offers for another example or another code."""
PARTS = 3
"""Codes that one can be split into at once."""


@dataclass(frozen=True, slots=True)
class CodeForm:
    """A form with all that can be written of a code."""

    id: str
    """Of a code that is added: as it was typed."""
    fields: CodeFields
    place: str = ""
    """'group:...' or 'theme:...': where a theme that is added shall stand."""
    new_group: str = ""
    """The name of a group to be made for it."""

    @property
    def languages(self) -> list[str]:
        """The languages that names are asked for: the interface's, and those that it has."""
        return list(dict.fromkeys([*NAMES, *self.fields.names]))

    @property
    def examples(self) -> list[Example]:
        """Those there are, and empty ones to fill in."""
        return [*self.fields.examples, *[Example("")] * MORE_ROWS]

    @property
    def confusions(self) -> list[Confusion]:
        """Those there are, and empty ones to fill in."""
        return [*self.fields.confused_with, *[Confusion("")] * MORE_ROWS]


@dataclass(frozen=True, slots=True)
class Part:
    """What a form says of one of the codes that another is split into."""

    id: str
    name: str
    definition: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (self.id or self.name or self.definition)


def form_of(code: Code) -> CodeForm:
    """The form of a code that is there."""
    return CodeForm(code.id, fields_of(code))


def read_form(form: FormData, code_id: str = "") -> CodeForm:
    """What was sent of a code; its id where it has one already."""
    names = {
        language: name
        for language, name in zip(texts_in(form, "language"), texts_in(form, "name"), strict=False)
        if language.strip() and name.strip()
    }
    fields = CodeFields(
        names=names,
        definition=text_in(form, "definition"),
        include=tuple(text_in(form, "include").splitlines()),
        exclude=tuple(text_in(form, "exclude").splitlines()),
        examples=tuple(
            Example(text, language)
            for text, language in zip(
                texts_in(form, "example"), texts_in(form, "example_language"), strict=False
            )
        ),
        confused_with=tuple(
            Confusion(code, tell_apart)
            for code, tell_apart in zip(
                texts_in(form, "confused_with"), texts_in(form, "tell_apart"), strict=False
            )
        ),
        goes_with=tuple(texts_in(form, "goes_with")),
        colour=text_in(form, "colour"),
        section=text_in(form, "section"),
    ).cleaned()
    given = text_in(form, "id").strip() or code_id
    english = fields.names.get("en") or next(iter(fields.names.values()), "")
    return CodeForm(
        given or slug(english), fields, text_in(form, "place"), text_in(form, "new_group").strip()
    )


def read_parts(form: FormData) -> list[Part]:
    """What was sent of the codes that another is split into; empty rows fall away."""
    rows = zip(
        texts_in(form, "part_id"),
        texts_in(form, "part_name"),
        texts_in(form, "part_definition"),
        strict=False,
    )
    parts = [Part(code_id.strip(), name.strip(), said.strip()) for code_id, name, said in rows]
    return [
        Part(one.id or slug(one.name), one.name, one.definition)
        for one in parts
        if not one.is_empty
    ]


def place_of(given: str) -> dict[str, str]:
    """'group:obstacles' or 'theme:staff' as what ``Editing`` takes; anything else is the top."""
    kind, _, place_id = given.partition(":")
    return {{"group": "group", "theme": "parent"}[kind]: place_id} if kind in _PLACES else {}


_PLACES = ("group", "theme")


def places_in(codebook: Codebook, language: str) -> list[tuple[str, str, int]]:
    """Where a theme can stand: value, name, depth."""
    from .browsing import group_name

    found = []
    for group_id in (*codebook.groups, ""):
        themes = [one for one in codebook.themes if one.group == group_id]
        if group_id:
            found.append((f"group:{group_id}", group_name(codebook, group_id, language), 0))
        found += [(f"theme:{one.id}", one.name(language), 1) for one in themes]
    return found


def place_now(code: Code) -> str:
    """Where a theme stands, as ``places_in`` says it."""
    if not isinstance(code, Theme):
        return ""
    return f"theme:{code.parent}" if code.parent else f"group:{code.group}" if code.group else ""


def names_in(form: FormData) -> Mapping[str, str]:
    """The names by language that were sent."""
    return read_form(form).fields.names


def slug(name: str) -> str:
    """An id made of a name.

    >>> slug("Coûts et tarifs")
    'couts-et-tarifs'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:64]


def text_in(form: FormData, name: str) -> str:
    """A text that was sent, '' where there is none."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def texts_in(form: FormData, name: str) -> list[str]:
    """All texts that were sent under a name."""
    return [value for value in form.getlist(name) if isinstance(value, str)]
