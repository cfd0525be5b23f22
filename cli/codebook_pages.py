"""A codebook on paper: its table, one code in full, and what a change does, in words."""

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ..labels.codebook import Code, Codebook, FindingType, Theme, unknown
from ..labels.decisions import State
from ..labels.exchange.rows import printable
from ..labels.store.resolutions import Effect
from ..nlp.errors import WhatworksError
from .summary import summary_console


def print_table(codebook: Codebook, title: str, language: str) -> None:
    """Prints the finding types, and the themes under their groups and parents."""
    console = summary_console()
    heading = " · ".join(part for part in (title, codebook.title) if part)
    console.print(_text(heading, "bold"))
    if codebook.description:
        console.print(_text(codebook.description, "dim"))
    console.print()
    _print_rows(console, "Finding types", ((0, code) for code in codebook.finding_types), language)
    for group in dict.fromkeys(theme.group for theme in codebook.themes):
        names = codebook.groups.get(group, {})
        heading = names.get(language, names.get("en", "")) or "Themes"
        _print_rows(console, heading, _tree(codebook, group), language)
    retired = (*codebook.retired_finding_types, *codebook.retired_themes)
    if retired:
        _print_rows(console, "Retired", ((0, code) for code in retired), language)


def print_code(codebook: Codebook, code_id: str) -> None:
    """Prints a finding type or theme in full; both, where both have that id."""
    types = (*codebook.finding_types, *codebook.retired_finding_types)
    themes = (*codebook.themes, *codebook.retired_themes)
    found = [code for code in (*types, *themes) if code.id == code_id]
    if not found:
        raise WhatworksError(unknown("code", code_id, [code.id for code in (*types, *themes)]))
    console = summary_console()
    for code in found:
        what = "finding type" if isinstance(code, FindingType) else "theme"
        retired = ", retired" if code.retired else ""
        console.print(_text(f"{code.id} ({what}{retired})", "bold"))
        for key, values in _facts(codebook, code):
            console.print(_text(f"\n{key}", "bold"))
            for value in values:
                console.print(Padding(_text(value), (0, 0, 0, 2), expand=False))
        console.print()


def effect_lines(effect: Effect) -> Iterator[str]:
    """What a codebook change does to the passages that people decided."""
    stale = effect.moves.get((State.CONFIRMED, State.STALE), 0)
    if stale:
        verb = "becomes stale and is" if stale == 1 else "become stale and are"
        yield f"{_passages(stale, 'confirmed ')} {verb} to be looked at again:"
        for (kind, code), count in sorted(effect.stale_codes.items(), key=lambda one: -one[1]):
            yield f"  {kind.replace('_', ' ')} '{code}': {count:,}"
    if effect.relabelled:
        verb = "stays" if effect.relabelled == 1 else "stay"
        yield f"{_passages(effect.relabelled, '')} {verb} confirmed, under the new codes."
    for (before, after), count in effect.moves.items():
        if (before, after) != (State.CONFIRMED, State.STALE):
            verb = "goes" if count == 1 else "go"
            yield f"{_passages(count, '')} {verb} from '{before}' to '{after}'."
    if not stale:
        yield "No confirmed passage becomes stale."


def _passages(count: int, which: str) -> str:
    return f"{count:,} {which}passage{'' if count == 1 else 's'}"


def _tree(codebook: Codebook, group: str) -> Iterator[tuple[int, Theme]]:
    """The themes of a group with their depth, each below its parent."""
    themes = [theme for theme in codebook.themes if theme.group == group]
    here = {theme.id for theme in themes}

    def below(parent: str, depth: int) -> Iterator[tuple[int, Theme]]:
        for theme in themes:
            # Listed in another group than its parent: then it stands at the top of its own.
            if (theme.parent if theme.parent in here else "") == parent:
                yield depth, theme
                yield from below(theme.id, depth + 1)

    return below("", 0)


def _print_rows(
    console: Console, heading: str, rows: Iterator[tuple[int, Code]], language: str
) -> None:
    lines = [("  " * depth + code.id, code.name(language)) for depth, code in rows]
    width = max((len(code_id) for code_id, _ in lines), default=0)
    console.print(_text(heading, "bold"))
    for code_id, name in lines:
        console.print(Padding(_text(f"{code_id:<{width}}  {name}"), (0, 0, 0, 2), expand=False))
    console.print()


def _facts(codebook: Codebook, code: Code) -> Iterator[tuple[str, list[str]]]:
    """What there is to say, with what it is called."""
    names = [f"{language}: {name}" for language, name in code.names.items()]
    yield "Name", names if len(names) > 1 else [code.name()]
    yield "Definition", [code.definition]
    if code.include:
        yield "Include", list(code.include)
    if code.exclude:
        yield "Exclude", list(code.exclude)
    if code.examples:
        yield (
            "Examples",
            [f"{one.text}{f' ({one.language})' if one.language else ''}" for one in code.examples],
        )
    if confused := codebook.confusions_of(code):
        yield (
            "Easily confused with",
            [f"{one.code}{f': {one.tell_apart}' if one.tell_apart else ''}" for one in confused],
        )
    if isinstance(code, Theme):
        if code.group:
            yield "Group", [code.group]
        if code.parent:
            yield "Part of", [code.parent]
        if parts := [theme.id for theme in codebook.themes if theme.parent == code.id]:
            yield "Parts", [", ".join(parts)]
        if code.section:
            yield "Section", [code.section]
        yield "Goes with", [", ".join(code.goes_with) or "every finding type"]
        if code.words:
            yield "Words", [f"{key}: {', '.join(words)}" for key, words in code.words.items()]
    if colour := getattr(code, "colour", ""):
        yield "Colour", [colour]
    for key in ("renamed_from", "merged_from", "split_from"):
        if before := getattr(code, key):
            yield key.replace("_", " ").capitalize(), [", ".join(before)]


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style, overflow="fold")
