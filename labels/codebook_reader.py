"""A codebook out of the entries of its file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .codebook import COLOURS, Codebook, Confusion, Example, FindingType, Theme
from .codebook_checks import Lines, check_codebook
from .codebook_yaml import Entry, Problems, Value
from .theme_words import trouble_with

FILE_KEYS = ("id", "version", "title", "description", "finding_types", "groups", "themes")
CODE_KEYS = (
    "id",
    "name",
    "names",
    "definition",
    "include",
    "exclude",
    "examples",
    "confused_with",
    "colour",
    "retired",
    "renamed_from",
    "merged_from",
    "split_from",
    "requeue",
)
THEME_KEYS = (*CODE_KEYS, "section", "goes_with", "words", "parent", "themes")
GROUP_KEYS = ("id", "name", "names", "goes_with", "themes")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a theme is listed, and what it takes over from there."""

    group: str = ""
    parent: str = ""
    goes_with: tuple[str, ...] = ()


class CodebookReader:
    """Makes a codebook of a file's entries; what is wrong with them is noted on the way."""

    def __init__(self, top: Entry, problems: Problems) -> None:
        self._top = top
        self._problems = problems
        self._lines = Lines({}, {}, [], [])
        self._seen: set[int] = set()

    def codebook(
        self, default_id: str, default_types: Callable[[], tuple[FindingType, ...]]
    ) -> Codebook:
        """What the file holds.

        Args:
            default_id: its id where it says none.
            default_types: gives the finding types of a file that lists none.
        """
        top = self._top
        # A team that brings only themes keeps the four finding types.
        types = tuple(self._finding_types()) if "finding_types" in top else default_types()
        groups: dict[str, Mapping[str, str]] = {}
        themes: list[Theme] = []
        for group in top.entries("groups", "group", GROUP_KEYS):
            self._add_group(group, groups, themes)
        themes += self._themes(top, _Place())
        codebook = Codebook(
            id=top.text("id") or default_id,
            version=top.whole_number("version", 1),
            title=top.text("title"),
            finding_types=tuple(code for code in types if not code.retired),
            themes=tuple(theme for theme in themes if not theme.retired),
            groups=groups,
            description=top.text("description"),
            retired_finding_types=tuple(code for code in types if code.retired),
            retired_themes=tuple(theme for theme in themes if theme.retired),
        )
        check_codebook(codebook, self._lines, top, self._problems)
        return codebook

    def _add_group(
        self, entry: Entry, groups: dict[str, Mapping[str, str]], themes: list[Theme]
    ) -> None:
        group_id = self._id(entry)
        if group_id in groups:
            self._problems.add(
                entry.line_of("id"),
                f"The group '{group_id}' stands there twice.",
                "Put its themes under the first one, or give it another id.",
            )
        groups.setdefault(group_id, self._names(entry, group_id))
        self._lines.groups.append(entry)
        goes_with = _plain(entry.texts("goes_with"))
        found = list(self._themes(entry, _Place(group_id, goes_with=goes_with)))
        if not found:
            self._problems.add(
                entry.line, f"The group '{group_id}' has no themes.", "List some, or take it out."
            )
        themes += found

    def _finding_types(self) -> Iterator[FindingType]:
        for n, entry in enumerate(self._top.entries("finding_types", "finding type", CODE_KEYS)):
            code = self._code(entry)
            if code["id"] and self._first(entry, code["id"], self._lines.finding_types):
                yield FindingType(**code, colour=entry.text("colour") or COLOURS[n % len(COLOURS)])

    def _themes(self, listed_in: Entry, place: _Place) -> Iterator[Theme]:
        for entry in listed_in.entries("themes", "theme", THEME_KEYS):
            # By aliases a file could list one entry over and over, or within itself.
            if id(entry.node) in self._seen:
                self._problems.add(
                    entry.line, "A theme is listed twice by an alias ('*').", "Write it out."
                )
                continue
            self._seen.add(id(entry.node))
            code = self._code(entry)
            parent = entry.text("parent")
            if place.parent and parent not in ("", place.parent):
                self._problems.add(
                    entry.line_of("parent"),
                    f"The theme '{code['id']}' is listed under '{place.parent}', and its "
                    f"'parent' is '{parent}'.",
                    "Take 'parent' out, or list the theme elsewhere.",
                )
            theme = Theme(
                **code,
                colour=entry.text("colour"),
                group=place.group,
                section=entry.text("section"),
                goes_with=_plain(entry.texts("goes_with")) or place.goes_with,
                parent=place.parent or parent,
                words=self._words(entry),
            )
            if theme.id and self._first(entry, theme.id, self._lines.themes):
                yield theme
            yield from self._themes(entry, _Place(place.group, theme.id, theme.goes_with))

    def _first(self, entry: Entry, code_id: str, lines: dict[str, Entry]) -> bool:
        """Whether the id is new; a second one is noted and left out."""
        for known, first in lines.items():
            if known.casefold() == code_id.casefold():
                self._problems.add(
                    entry.line_of("id"),
                    f"The {entry.what} '{code_id}' stands there twice, first on line "
                    f"{first.line_of('id')}.",
                    "Give one of them another id, or make them one.",
                )
                return False
        lines[code_id] = entry
        return True

    def _id(self, entry: Entry) -> str:
        code_id = entry.text("id")
        if not code_id:
            self._problems.add(
                entry.line, f"A {entry.what} has no 'id'.", "Give it one: a short word for files."
            )
        return code_id

    def _code(self, entry: Entry) -> dict[str, Any]:
        """The fields that finding types and themes share."""
        code_id = self._id(entry)
        definition = entry.text("definition")
        if not definition:
            self._problems.add(
                entry.line,
                f"The {entry.what} '{code_id}' has no 'definition'.",
                "Write one or two sentences; the model reads them.",
            )
        return {
            "id": code_id,
            "names": self._names(entry, code_id),
            "definition": definition,
            "include": _plain(entry.texts("include")),
            "exclude": _plain(entry.texts("exclude")),
            "examples": tuple(self._examples(entry)),
            "confused_with": tuple(self._confusions(entry)),
            "retired": entry.flag("retired"),
            **{
                key: _plain(entry.texts(key))
                for key in ("renamed_from", "merged_from", "split_from", "requeue")
            },
        }

    def _names(self, entry: Entry, code_id: str) -> Mapping[str, str]:
        names = {}
        if (listed := entry.entry("names", "names")) is not None:
            for language, value in listed.all_texts().items():
                self._lines.languages.append(Value(language, value.line))
                if value.text:
                    names[language] = " ".join(value.text.split())
        if entry.text("name"):
            if names:
                self._problems.add(
                    entry.line_of("name"),
                    f"The {entry.what} '{code_id}' has both 'name' and 'names'.",
                    "Put the name among the 'names', as 'en: ...'.",
                )
            names.setdefault("en", " ".join(entry.text("name").split()))
        return {"en": next(iter(names.values()), code_id), **names}

    def _words(self, entry: Entry) -> Mapping[str, tuple[str, ...]]:
        listed = entry.entry("words", "words")
        if listed is None:
            return {}
        words: dict[str, tuple[str, ...]] = {}
        for language in listed:
            line = listed.line_of(language)
            self._lines.languages.append(Value(language, line))
            given = listed.texts(language)
            words[language] = tuple(" ".join(one.text.split()) for one in given)
            for one in given:
                if wrong := trouble_with(one.text):
                    self._problems.add(one.line, f"The word '{one.text}' {wrong[0]}.", wrong[1])
            if not given:
                self._problems.add(
                    line,
                    f"The theme '{entry.text('id')}' has no words in '{language}'.",
                    f"List some, or take '{language}' out.",
                )
        if not words:
            self._problems.add(
                entry.line_of("words"),
                f"'words' of '{entry.text('id')}' is empty.",
                "List some by language, such as {en: [women, girl*]}, or take it out.",
            )
        return words

    def _examples(self, entry: Entry) -> Iterator[Example]:
        for one in entry.entries_or_texts("examples", "example", ("text", "language")):
            if isinstance(one, Value):
                yield Example(one.text)
                continue
            language = one.text("language")
            if language:
                self._lines.languages.append(Value(language, one.line_of("language")))
            if not one.text("text"):
                self._problems.add(one.line, "An example has no 'text'.", "Give it one.")
            yield Example(one.text("text"), language)

    def _confusions(self, entry: Entry) -> Iterator[Confusion]:
        for one in entry.entries_or_texts("confused_with", "code", ("code", "tell_apart")):
            if isinstance(one, Value):
                yield Confusion(one.text)
            elif one.text("code"):
                yield Confusion(one.text("code"), one.text("tell_apart"))
            else:
                self._problems.add(
                    one.line,
                    "An entry of 'confused_with' has no 'code'.",
                    "Say which: {code: its-id, tell_apart: How to choose.}",
                )


def _plain(values: tuple[Value, ...]) -> tuple[str, ...]:
    return tuple(value.text for value in values)
