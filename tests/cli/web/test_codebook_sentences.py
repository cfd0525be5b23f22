"""What a codebook change does is told in the language of the page, whatever the change."""

import gettext

import pytest

from whatworks.cli.web.codebook.sentences import plainly, told
from whatworks.cli.web.languages import texts_in
from whatworks.labels.codebook_changes import ChangeKind, compare
from whatworks.labels.codebook_editing.checking import WrongEditError
from whatworks.labels.codebook_file import read_codebook
from whatworks.labels.texts import Texts
from whatworks.nlp.errors import WhatworksError

OLD = """
title: Wells
groups:
- {id: dry, themes: [{id: sand, definition: Sand.}]}
- {id: wet, themes: [{id: rain, definition: Rain., include: [Rain.]}]}
finding_types:
- {id: a, definition: A.}
- {id: b, definition: B.}
themes:
- {id: fees, definition: Fees.}
- {id: pumps, definition: Pumps., goes_with: [a]}
- {id: taps, definition: Taps.}
- {id: old, definition: Old., retired: true}
- {id: older, definition: Older., retired: true}
- {id: trade, definition: Trade.}
- {id: staff, definition: Staff.}
- {id: boats, definition: Boats.}
"""
NEW = """
id: ours
version: 2
title: What's in "Wells"
description: For all.
groups:
- {id: wet, names: {en: Wet, fr: Eau}, themes: [
    {id: rain, definition: Rain., include: [Rain and snow.]}, {id: boats, definition: Boats.}]}
- {id: new, themes: [{id: sand, definition: 'Sand, gravel.'}]}
finding_types:
- {id: b, definition: B., colour: "#123456"}
- {id: c, definition: A., renamed_from: a}
- {id: d, definition: D., retired: true}
themes:
- {id: prices, definition: Fees., merged_from: [fees, taps]}
- {id: pumps, definition: Pumps., parent: old, examples: [One.], confused_with: [old]}
- {id: trade, definition: Trade., retired: true}
- {id: old, definition: Old., goes_with: [b, c]}
- {id: people, definition: People., split_from: staff, requeue: pumps}
- {id: crews, definition: Crews., split_from: staff}
- {id: staff, definition: Staff., retired: true}
"""


class Shouting(gettext.NullTranslations):
    """A language in which every text stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"


def book(source: str):
    return read_codebook(source, "codebook.yaml")


def sentences() -> list[str]:
    found = []
    kinds = set()
    for wording in ([], ["sand"]):
        for old, new in ((OLD, NEW), (OLD, OLD.replace("id: fees", "id: x, merged_from: [fees]"))):
            changes = compare(book(old), book(new), wording)
            kinds |= {one.kind for one in changes.changes}
            found += changes.sentences
    moved = OLD.replace("- {id: boats", "- {id: taps, definition: x}\n- {id: boats", 0)
    found += compare(book(moved), book(OLD.replace("boats,", "boats, parent: fees,"))).sentences
    found += compare(book(NEW), book(NEW.replace("[b, c]", "[]"))).sentences
    order = OLD.replace("- {id: a, definition: A.}\n- {id: b", "- {id: b").replace(
        "B.}\n", "B.}\n- {id: a, definition: A.}\n"
    )
    found += compare(book(OLD), book(order)).sentences
    swapped = (
        OLD.replace("- {id: fees, definition: Fees.}\n", "") + "- {id: fees, definition: Fees.}"
    )
    found += compare(book(OLD), book(swapped)).sentences
    top = NEW.replace(", {id: boats, definition: Boats.}", "") + "- {id: boats, definition: Boats.}"
    found += compare(book(NEW), book(top)).sentences
    assert kinds == set(ChangeKind)
    return list(dict.fromkeys(found))


def test_every_sentence_is_known_by_its_form() -> None:
    shouting = Texts("xx", Shouting())
    for sentence in sentences():
        assert told(sentence, shouting).startswith("["), sentence
        assert told(sentence, shouting).endswith("]"), sentence


def test_in_english_a_sentence_says_what_it_said() -> None:
    english = texts_in("en")
    for sentence in sentences():
        same = (
            sentence.replace("Its ", "The codebook's ")
            .replace("to under", "below")
            .replace("include", "when to give it")
        )
        if " has other " not in sentence and "(" not in sentence:
            assert told(sentence, english) == same


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Theme 'a' has other names, section.", "Theme 'a': other names and section."),
        ("Theme 'a' is redefined (definition, exclude); its labels become stale.",
         "Theme 'a' is redefined (definition and when not to give it); its labels become stale."),
        ("Its title is now 'What's new'.", "The codebook's title is now 'What's new'."),
        ("Something else happened.", "Something else happened."),
    ],
)  # fmt: skip
def test_parts_are_told_in_words(sentence: str, said: str) -> None:
    assert told(sentence, texts_in("en")) == said


def test_what_is_wrong_is_told_in_the_language_of_the_page() -> None:
    shouting = Texts("xx", Shouting())
    wrong = WrongEditError("'%(id)s' is no longer in the draft.", id="fees")
    assert plainly(wrong, shouting) == "['fees' is no longer in the draft.]"
    assert plainly(WhatworksError("As it is."), shouting) == "As it is."
