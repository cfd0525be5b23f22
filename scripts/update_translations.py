"""Brings the translations of the interface and of the synthesis up to the texts in the program.

python scripts/update_translations.py           adds new texts to each .po file, takes out those
                                                that are gone, and makes the .mo files
python scripts/update_translations.py --check   says what is missing; exit code 1 if anything is

docs/translating.md says how one translates.
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Translations:
    """One set of .po files, and where the texts in them come from."""

    title: str
    """Stands in the head of each file."""
    domain: str
    """Name of the files."""
    folder: str
    places: tuple[str, ...]

    def po_file(self, language: str) -> Path:
        """Where a language's texts stand."""
        return ROOT / self.folder / language / "LC_MESSAGES" / f"{self.domain}.po"


INTERFACE = Translations(
    "interface", "whatworks", "cli/web/translations", ("cli/web", "labels/codebook_editing")
)
SYNTHESIS = Translations(
    "synthesis", "synthesis", "labels/synthesis/translations", ("labels/synthesis",)
)
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "ngettext": (1, 2),
    # Texts of Python: said at once, for this many, or only marked to be said later.
    "texts": None,
    "many": (1, 2),
    "counted": (1, 2),
    "mark": None,
    # Their first text is said in the language of the page.
    "EditError": None,
    "WrongEditError": None,
}
_VALUE = re.compile(r"%\((\w+)\)[sd]")
_HEADER = "# {name} texts of whatworks.\n#\n"
_DATES = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Report-Msgid-Bugs-To",
          "Last-Translator", "Language-Team")  # fmt: skip
NAMES = {"fr": "French", "es": "Spanish", "pt": "Portuguese"}


def main() -> None:
    """Updates, or checks."""
    check = "--check" in sys.argv
    troubles: list[str] = []
    for own in (INTERFACE, SYNTHESIS):
        template = extracted(own)
        for language in NAMES:
            troubles += brought_up(own, language, template, check)
    if troubles:
        sys.exit(
            "\n".join(troubles)
            + "\nTranslate what is missing there, then run: python scripts/update_translations.py"
        )


def brought_up(own: Translations, language: str, template: Catalog, check: bool) -> list[str]:
    """What is wrong with a language's files, which are written anew unless they are checked."""
    path = own.po_file(language)
    mo = path.with_suffix(".mo")
    there = path.read_text("utf-8") if path.is_file() else ""
    catalog = updated(own, there, language, template)
    text, compiled = po_text(catalog), mo_bytes(catalog)
    wrong = list(wrong_in(catalog))
    if check:
        if there != text:
            wrong.insert(0, "not up to date")
        if not mo.is_file() or texts_in(mo.read_bytes()) != texts_in(compiled):
            wrong.insert(0, f"{mo.name} is older")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        mo.write_bytes(compiled)
        print(f"{own.title}, {language}: {len(catalog)} texts, {len(wrong)} to look at")
    return [f"{path.relative_to(ROOT)}: {one}" for one in wrong]


def extracted(own: Translations) -> Catalog:
    """All texts of a part of the program."""
    template = Catalog(charset="utf-8")
    for place in own.places:
        found = extract_from_dir(
            ROOT / place,
            method_map=METHODS,
            options_map=OPTIONS,
            keywords=KEYWORDS,  # type: ignore[arg-type]
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for name, _line, text, comments, context in found:
            texts = text if isinstance(text, tuple) else (text,)
            if all(texts):
                template.add(text, None, [(f"{place}/{name}", 0)], auto_comments=comments,
                             context=context)  # fmt: skip
    return template


def updated(own: Translations, text: str, language: str, template: Catalog) -> Catalog:
    """The texts of a language: those of the program, translated as far as they were."""
    if text:
        catalog = read_po(io.BytesIO(text.encode()), locale=language, domain=own.domain)
    else:
        catalog = Catalog(locale=language, domain=own.domain)
    # A translation of a text that is only similar is worse than none: nobody looks at it again.
    catalog.update(template, no_fuzzy_matching=True, keep_user_comments=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.project, catalog.version = "whatworks", own.title
    catalog.header_comment = _HEADER.format(name=NAMES[language]).rstrip("\n")
    return catalog


def po_text(catalog: Catalog) -> str:
    """The .po file, the same for the same texts whenever it is written."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, sort_by_file=True, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(one for one in lines if not one.startswith(tuple(f'"{n}' for n in _DATES)))


def mo_bytes(catalog: Catalog) -> bytes:
    """The .mo file, which the program reads."""
    out = io.BytesIO()
    # Always the same date: what was not changed stays.
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    write_mo(out, catalog)
    return out.getvalue()


def texts_in(compiled: bytes) -> dict[str, object]:
    """The texts of a .mo file; what stands in its head depends on who made it."""
    catalog = read_mo(io.BytesIO(compiled))
    return {str(one.id): one.string for one in catalog if one.id}


def wrong_in(catalog: Catalog) -> Iterator[str]:
    """What is missing or cannot be right, a line each."""
    for message in catalog:
        if not message.id:
            continue
        if message.fuzzy:
            yield f"fuzzy: {first(message)!r}"
        for said in strings(message, catalog.num_plurals):
            if not said:
                yield f"missing: {first(message)!r}"
                break
            if (odd := values_in(said) ^ expected(message)) - optional(message):
                yield f"other values than in English ({', '.join(sorted(odd))}): {said!r}"
            if (said[0].isspace(), said[-1].isspace()) != spaces(message):
                yield f"other spaces around it than in English: {said!r}"


def strings(message: Message, plurals: int) -> tuple[str, ...]:
    """The translation, or one for each plural form of the language."""
    if isinstance(message.id, str):
        return (str(message.string or ""),)
    said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return tuple(str(one or "") for one in (*said, *("",) * (plurals - len(said))))


def first(message: Message) -> str:
    """The English text; of a plural the one for one."""
    return message.id if isinstance(message.id, str) else message.id[0]


def expected(message: Message) -> set[str]:
    """Names of the values in the English text."""
    texts = (message.id,) if isinstance(message.id, str) else message.id
    return set().union(*map(values_in, texts))


def optional(message: Message) -> set[str]:
    """Values that need not be said in each plural form: 'one passage' needs no number."""
    return set() if isinstance(message.id, str) else {"num"}


def values_in(text: str) -> set[str]:
    """Names of the values that a text has places for."""
    return set(_VALUE.findall(text))


def spaces(message: Message) -> tuple[bool, bool]:
    """Whether the English text begins and ends with a space."""
    return first(message)[0].isspace(), first(message)[-1].isspace()


if __name__ == "__main__":
    main()
