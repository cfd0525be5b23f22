"""What must hold between the entries of a codebook file."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .codebook import Code, Codebook, nearest
from .codebook_yaml import Entry, Problems, Value
from .colours import MIN_CONTRAST, contrast_with_white, darkened, is_colour

_ID = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_LANGUAGE = re.compile("([a-z]{2,3})(-[A-Za-z0-9]{2,8})*")
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
    "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_OTHER_WORDS = {
    "en": ("eng", "english"),
    "fr": ("fra", "fre", "french", "français"),
    "es": ("spa", "sp", "esp", "spanish", "español", "castellano"),
    "pt": ("por", "po", "portuguese", "português"),
    "ar": ("ara", "arabic"),
    "ru": ("rus", "russian"),
    "zh": ("zho", "chi", "cn", "chinese"),
}
"""What people write for the languages that evaluations are mostly in."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where in the file a codebook's parts stand."""

    finding_types: dict[str, Entry]
    """By id; empty where the file lists none."""
    themes: dict[str, Entry]
    groups: list[Entry]
    languages: list[Value]
    """Every language code that is used."""


def check_codebook(codebook: Codebook, lines: Lines, top: Entry, problems: Problems) -> None:
    """Notes every problem that shows only when the file is read as a whole."""
    _check_emptiness(codebook, lines, top, problems)
    for entry in (*lines.finding_types.values(), *lines.themes.values(), *lines.groups):
        _check_id(entry, problems)
    for language in lines.languages:
        _check_language(language, problems)
    for entry in (*lines.finding_types.values(), *lines.themes.values()):
        _check_colour(entry, problems)
    _check_names(codebook.finding_types, lines.finding_types, problems)
    _check_names(codebook.themes, lines.themes, problems)
    types = _Known("finding type", codebook.finding_types, codebook.retired_finding_types)
    themes = _Known("theme", codebook.themes, codebook.retired_themes)
    for entry in lines.groups:
        types.check(entry, entry.texts("goes_with"), "goes_with", problems)
    for kind, entries in ((types, lines.finding_types), (themes, lines.themes)):
        for code_id, entry in entries.items():
            if code_id in kind.active:
                kind.check(entry, _confused_with(entry), "confused_with", problems)
                types.check(entry, entry.texts("goes_with"), "goes_with", problems)
                themes.check(entry, entry.texts("parent"), "parent", problems)
            _check_history(code_id, entry, problems)
    _check_parents(codebook, lines, problems)


class _Known:
    """The codes of one kind that others may name."""

    def __init__(self, what: str, active: Iterable[Code], retired: Iterable[Code]) -> None:
        self.what = what
        self.active = [code.id for code in active]
        self.retired = [code.id for code in retired]

    def check(self, entry: Entry, given: Iterable[Value], key: str, problems: Problems) -> None:
        own = entry.text("id")
        for value in given:
            if value.text in self.retired:
                problems.add(
                    value.line,
                    f"'{key}' of '{own}' names '{value.text}', which is retired.",
                    "Name another one, or take it out.",
                )
            elif value.text not in self.active:
                problems.add_unknown(
                    value.line,
                    f"{self.what} in '{key}' of '{own}':",
                    value.text,
                    self.active,
                    "" if nearest(value.text, self.active) else _listed(self.active),
                )
            elif value.text == own and key != "goes_with":
                problems.add(value.line, f"'{key}' of '{own}' names itself.", "Take it out.")


def _listed(known: Collection[str]) -> str:
    shown = ", ".join(list(known)[:12])
    return f"There are: {shown}{', ...' if len(known) > 12 else ''}." if known else ""


def _confused_with(entry: Entry) -> list[Value]:
    found = []
    for one in entry.entries_or_texts("confused_with", "code", ("code", "tell_apart")):
        if isinstance(one, Value):
            found.append(one)
        elif one.text("code"):
            found.append(Value(one.text("code"), one.line_of("code")))
    return found


def _check_emptiness(codebook: Codebook, lines: Lines, top: Entry, problems: Problems) -> None:
    if not codebook.themes:
        what = "none that is not retired" if lines.themes else "no themes"
        problems.add(
            top.line_of("themes"), f"The codebook has {what}.", "Add some to the list 'themes'."
        )
    elif not codebook.as_learned.themes:
        problems.add(
            top.line_of("themes"),
            "All themes have 'words', so that a model has none to suggest.",
            "Add one without 'words'.",
        )
    if not codebook.finding_types:
        what = "are all retired" if lines.finding_types else "are an empty list"
        problems.add(
            top.line_of("finding_types"),
            f"The finding types {what}.",
            "List one, or take 'finding_types' out to have the usual four.",
        )


def _check_id(entry: Entry, problems: Problems) -> None:
    code_id = entry.text("id")
    if not code_id or _ID.fullmatch(code_id):
        return
    plain = unicodedata.normalize("NFKD", code_id).encode("ascii", "ignore").decode().lower()
    better = re.sub("[^a-z0-9_.-]+", "-", plain).strip("-_.")[:64]
    problems.add(
        entry.line_of("id"),
        f"The id '{code_id}' of a {entry.what} may have only letters a to z, digits, '-', '_' "
        "and '.', at most 64.",
        (f"Write '{better}'; " if better else "") + "'names' keeps the name as it is.",
    )


def _check_language(given: Value, problems: Problems) -> None:
    code = given.text
    fitting = _LANGUAGE.fullmatch(code)
    if fitting and len(fitting[1]) == 2 and fitting[1] in _ISO_639_1.split():
        return
    meant = next((one for one, words in _OTHER_WORDS.items() if code.casefold() in words), "")
    # Three letters stand for languages without a two-letter code, such as 'tet' or 'quc'.
    if fitting and len(fitting[1]) == 3 and not meant:
        return
    if not meant and code.lower() in _ISO_639_1.split():
        meant = code.lower()
    cure = "" if meant else "Use the two letters of ISO 639-1: en, fr, es, pt, ar, sw, ..."
    problems.add(given.line, f"Unknown language code '{code}'.", cure, meant)


def _check_colour(entry: Entry, problems: Problems) -> None:
    if "colour" not in entry:
        return
    colour, line = entry.text("colour"), entry.line_of("colour")
    if not colour:
        problems.add(
            line,
            f"'colour' of '{entry.text('id')}' is empty.",
            "Put it in quotes, such as \"#1b7f5c\": after a bare '#' YAML reads nothing more.",
        )
    elif not is_colour(colour):
        problems.add(
            line,
            f"'colour' of '{entry.text('id')}' is '{colour}'.",
            "Write it as '#rrggbb', such as \"#1b7f5c\".",
        )
    elif (contrast := contrast_with_white(colour)) < MIN_CONTRAST:
        problems.add(
            line,
            f"'colour' of '{entry.text('id')}' is too light for white text: its contrast is "
            f"{contrast:.1f}, and {MIN_CONTRAST} is needed.",
            f'A darker shade of it: "{darkened(colour)}".',
        )


def _check_names(codes: Iterable[Code], lines: dict[str, Entry], problems: Problems) -> None:
    taken: dict[tuple[str, str], Code] = {}
    for code in codes:
        entry = lines.get(code.id)
        for language, name in code.names.items():
            first = taken.setdefault((language, _bare(name)), code)
            if first is code or entry is None:
                continue
            other = lines[first.id].line_of("id")
            problems.add(
                entry.line_of("names" if "names" in entry else "name"),
                f"The {entry.what}s '{first.id}' (line {other}) and '{code.id}' have the same "
                f"name in '{language}': '{name}'.",
                "Reviewers could not tell them apart: change one.",
            )


def _bare(name: str) -> str:
    """The name without case, accents, spaces and signs."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum()) or name


def _check_history(code_id: str, entry: Entry, problems: Problems) -> None:
    for key in ("renamed_from", "merged_from", "split_from", "requeue"):
        for value in entry.texts(key):
            # A code can be split and go on, narrower; it says so on the parts that left it.
            if value.text == code_id:
                problems.add(value.line, f"'{key}' of '{code_id}' names itself.", "Take it out.")


def _check_parents(codebook: Codebook, lines: Lines, problems: Problems) -> None:
    parents = {theme.id: theme.parent for theme in codebook.themes}
    retired = {theme.id for theme in codebook.retired_themes}
    reported: set[str] = set()
    for theme_id, parent in parents.items():
        entry = lines.themes[theme_id]
        path = [theme_id]
        while (above := parents[path[-1]]) in parents and above not in path:
            path.append(above)
        if above == theme_id and parent != theme_id and theme_id not in reported:
            reported.update(path)
            problems.add(
                entry.line_of("parent"),
                f"These themes are parents of each other: {', '.join(path)}.",
                "Take one 'parent' out.",
            )
        if parent in retired and not entry.text("parent"):
            problems.add(
                entry.line,
                f"The theme '{theme_id}' is listed under '{parent}', which is retired.",
                "List it elsewhere, or retire it too.",
            )
