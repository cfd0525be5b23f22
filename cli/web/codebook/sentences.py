"""What a codebook change does, in the language of the page.

The sentences are made, and kept with each version, in English. Each is known here by its form, so
that those of earlier versions are told in other languages too.
"""

import re

from ....labels.codebook_editing.entries import EditError
from ....labels.texts import Texts, mark
from ....nlp.errors import WhatworksError

_CODES = {
    "Finding type": mark("Finding type %(ids)s"),
    "Finding types": mark("Finding types %(ids)s"),
    "Theme": mark("Theme %(ids)s"),
    "Themes": mark("Themes %(ids)s"),
}
"""How a sentence begins, with the article that a language wants there."""
_WORDS = {
    "id": mark("id"),
    "version": mark("version"),
    "title": mark("title"),
    "definition": mark("definition"),
    "include": mark("when to give it"),
    "exclude": mark("when not to give it"),
    "names": mark("names"),
    "examples": mark("examples"),
    "codes it is confused with": mark("codes it is confused with"),
    "colour": mark("colour"),
    "section": mark("section"),
    "words": mark("words"),
}
_AND = mark("%(some)s and %(last)s")
_QUOTED = mark("'%(id)s'")

_CODE = r"(?P<noun>Finding types?|Themes?) (?P<ids>'.*?')"
_FORMS = [
    (re.compile(f"{form}\\.", re.DOTALL), text)
    for form, text in (
        (
            rf"{_CODE} is now (?P<to>'.*'); its labels go with it",
            mark("%(codes)s is now %(to)s; its labels go with it."),
        ),
        (rf"{_CODE} is now (?P<to>'.*')", mark("%(codes)s is now %(to)s.")),
        (
            rf"{_CODE} is merged into (?P<to>'.*') with its labels",
            mark("%(codes)s is merged into %(to)s with its labels."),
        ),
        (rf"{_CODE} is merged into (?P<to>'.*')", mark("%(codes)s is merged into %(to)s.")),
        (
            rf"{_CODE} are merged into (?P<to>'.*') with their labels",
            mark("%(codes)s are merged into %(to)s with their labels."),
        ),
        (
            rf"{_CODE} are merged into (?P<to>'.*')",
            mark("%(codes)s are merged into %(to)s."),
        ),
        (
            rf"{_CODE} is added, retired from the start",
            mark("%(codes)s is added, retired from the start."),
        ),
        (rf"{_CODE} is added", mark("%(codes)s is added.")),
        (
            rf"{_CODE} is redefined \((?P<parts>.*)\); its labels become stale",
            mark("%(codes)s is redefined (%(parts)s); its labels become stale."),
        ),
        (
            rf"{_CODE} is taken up again; its older labels stay stale",
            mark("%(codes)s is taken up again; its older labels stay stale."),
        ),
        (
            rf"{_CODE} is split into (?P<to>'.*'); its labels become stale",
            mark("%(codes)s is split into %(to)s; its labels become stale."),
        ),
        (
            rf"{_CODE} is retired; its labels become stale",
            mark("%(codes)s is retired; its labels become stale."),
        ),
        (
            rf"{_CODE} was retired and is no longer listed",
            mark("%(codes)s was retired and is no longer listed."),
        ),
        (
            rf"{_CODE} is to be looked at again because of (?P<to>'.*'); its labels become stale",
            mark("%(codes)s is to be looked at again because of %(to)s; its labels become stale."),
        ),
        (
            rf"{_CODE} is worded anew \((?P<parts>.*)\); its labels stay",
            mark("%(codes)s is worded anew (%(parts)s); its labels stay."),
        ),
        (
            rf"{_CODE} is worded anew \((?P<parts>.*)\)",
            mark("%(codes)s is worded anew (%(parts)s)."),
        ),
        (rf"{_CODE} has other (?P<parts>.*)", mark("%(codes)s: other %(parts)s.")),
        (
            rf"{_CODE} is moved to under (?P<to>'.*')",
            mark("%(codes)s is moved below %(to)s."),
        ),
        (
            rf"{_CODE} is moved to the group (?P<to>'.*')",
            mark("%(codes)s is moved to the group %(to)s."),
        ),
        (rf"{_CODE} is moved to the top", mark("%(codes)s is moved to the top.")),
        (
            rf"{_CODE} now goes with every finding type",
            mark("%(codes)s now goes with every finding type."),
        ),
        (rf"{_CODE} now goes with (?P<to>'.*')", mark("%(codes)s now goes with %(to)s.")),
        (r"Group (?P<ids>'.*') is added", mark("Group %(ids)s is added.")),
        (r"Group (?P<ids>'.*') has other names", mark("Group %(ids)s has other names.")),
        (r"Group (?P<ids>'.*') is removed", mark("Group %(ids)s is removed.")),
        (r"The groups stand in another order", mark("The groups stand in another order.")),
        (
            r"The finding types stand in another order",
            mark("The finding types stand in another order."),
        ),
        (r"The themes stand in another order", mark("The themes stand in another order.")),
        (r"Its description is new", mark("The codebook's description is new.")),
        (
            r"Its (?P<what>id|version|title) is now (?P<ids>'.*')",
            mark("The codebook's %(what)s is now %(ids)s."),
        ),
    )
]


def told(sentence: str, texts: Texts) -> str:
    """A sentence of a codebook change; as it is where its form is not known."""
    for form, text in _FORMS:
        found = form.fullmatch(sentence)
        if found:
            values = {name: _value(name, given, texts) for name, given in found.groupdict().items()}
            if noun := found.groupdict().get("noun"):
                values["codes"] = texts(_CODES[noun], ids=values["ids"])
            return texts(text, **values)
    return sentence


def plainly(error: WhatworksError, texts: Texts) -> str:
    """What is wrong, in the language of the page where it is known there."""
    if isinstance(error, EditError):
        return texts(error.form, **error.values)
    return str(error)


def listed(words: list[str], texts: Texts) -> str:
    """Words in a row: 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return texts(_AND, some=", ".join(words[:-1]), last=words[-1])


def _value(name: str, given: str, texts: Texts) -> str:
    if name == "noun":
        return given
    if name == "what":
        return texts(_WORDS[given])
    if name == "parts":
        return listed([texts(_WORDS.get(one, one)) for one in given.split(", ")], texts)
    # Ids have no quotation marks; a title may.
    ids = re.findall("'([^']*)'", given) if given.count("'") % 2 == 0 else [given[1:-1]]
    return listed([texts(_QUOTED, id=one) for one in ids], texts)
