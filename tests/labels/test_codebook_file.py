"""Codebook files: everything wrong in one is told at once, with its line and the cure."""

import re
from pathlib import Path

import pytest

from whatworks.labels.codebook import Confusion, Example, load_codebook
from whatworks.labels.codebook_file import (
    codebook_source,
    examine,
    read_codebook,
    template_source,
)
from whatworks.labels.codebook_reader import FILE_KEYS, GROUP_KEYS, THEME_KEYS
from whatworks.nlp.errors import WhatworksError

EVERYTHING = """
id: water
version: 3
title: Water
description: For the unit.
finding_types:
- id: worked
  names: {en: Worked, fr: A marché}
  definition: It worked.
  colour: "#1b7f5c"
- {id: failed, definition: It failed.}
groups:
- id: supply
  name: Supply
  goes_with: [worked]
  themes:
  - id: pumps
    section: 3.10
    name: Pumps
    definition: >-
      Pumps and
      pipes.
    include: [Hand pumps.]
    exclude: One rule alone.
    examples:
    - The pump broke.
    - {text: La pompe., language: fr}
    confused_with: [fees, {code: parts, tell_apart: Parts are parts.}]
    renamed_from: [wells]
    themes:
    - {id: parts, definition: Spare parts., goes_with: [failed]}
    - {id: grease, definition: Grease.}
themes:
- {id: fees, definition: Fees., colour: "#8a5a00", merged_from: tolls, requeue: [pumps]}
- {id: users, definition: Users., words: {en: [user*, "no"], fr: usager*}}
- {id: prices, definition: Prices., parent: fees, split_from: [money]}
- {id: no, definition: no, name: no}
- {id: wells, definition: Wells., retired: true}
"""


def problems(source: str) -> list[str]:
    return [str(problem) for problem in examine(source, "codes.yaml").problems]


def themes(*lines: str) -> str:
    return "\n".join(["themes:", *lines])


def test_every_key_is_read() -> None:
    codebook = read_codebook(EVERYTHING, "codes.yaml")
    assert (codebook.id, codebook.version, codebook.title) == ("water", 3, "Water")
    assert codebook.description == "For the unit."
    assert codebook.finding_type("worked").names == {"en": "Worked", "fr": "A marché"}
    assert codebook.finding_type("failed").colour.startswith("#")
    assert codebook.theme_ids == ("pumps", "parts", "grease", "fees", "users", "prices", "no")
    pumps = codebook.theme("pumps")
    assert pumps.section == "3.10"
    assert pumps.definition == "Pumps and pipes."
    assert pumps.include == ("Hand pumps.",)
    assert pumps.exclude == ("One rule alone.",)
    assert pumps.examples == (Example("The pump broke."), Example("La pompe.", "fr"))
    assert pumps.confused_with == (Confusion("fees"), Confusion("parts", "Parts are parts."))
    assert pumps.renamed_from == ("wells",)
    assert pumps.goes_with == codebook.theme("grease").goes_with == ("worked",)
    parts = codebook.theme("parts")
    assert (parts.parent, parts.group, parts.goes_with) == ("pumps", "supply", ("failed",))
    fees = codebook.theme("fees")
    assert (fees.colour, fees.merged_from, fees.requeue) == ("#8a5a00", ("tolls",), ("pumps",))
    assert (codebook.theme("prices").parent, codebook.theme("prices").split_from) == (
        "fees",
        ("money",),
    )
    # What YAML takes for false is a text where a text belongs.
    assert codebook.theme("no").name() == codebook.theme("no").definition == "no"
    assert codebook.theme("wells").retired
    assert codebook.theme("users").words == {"en": ("user*", "no"), "fr": ("usager*",)}
    assert codebook.theme("fees").words == {}
    assert "users" not in codebook.as_learned.theme_ids
    assert codebook.groups == {"supply": {"en": "Supply"}}


def test_the_template_is_sound_and_explains_every_key() -> None:
    source = template_source()
    assert problems(source) == []
    for key in {*FILE_KEYS, *GROUP_KEYS, *THEME_KEYS, "tell_apart", "code", "text", "language"}:
        assert re.search(rf"^[ #-]*\b{key}:|{{{key}:", source, re.M), key


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    source = themes(
        "- {id: a, definiton: A.}",
        "- {id: b, definition: B., goes_with: [obstacel]}",
        "- {id: b, definition: B.}",
    )
    with pytest.raises(WhatworksError) as caught:
        read_codebook(source, "codes.yaml")
    assert str(caught.value).splitlines() == [
        "codes.yaml: 4 problems.",
        "  line 2: The theme 'a' has no 'definition'. Write one or two sentences; the model reads "
        "them.",
        "  line 2: Unknown key 'definiton' of a theme. Nearest: 'definition'.",
        "  line 3: Unknown finding type in 'goes_with' of 'b': 'obstacel'. Nearest: 'obstacle'.",
        "  line 4: The theme 'b' stands there twice, first on line 3. Give one of them another id, "
        "or make them one.",
    ]


def test_one_problem_is_one_line_with_file_and_line() -> None:
    with pytest.raises(WhatworksError, match=r"^codes\.yaml, line 2: The theme 'a' has no"):
        read_codebook(themes("- {id: a}"), "codes.yaml")


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("", 1, "this one is empty"),
        ("- a", 1, "this one is a list"),
        ("title: none", 1, "The codebook has no themes"),
        ("title: x\nthemes: []", 2, "The codebook has no themes"),
        ("groups:\n- {id: g}", 2, "The group 'g' has no themes"),
        ("groups:\n- {themes: [{id: a, definition: A.}]}", 2, "A group has no 'id'"),
        (themes("- {id: a, definition: A., retired: true}"), 1, "none that is not retired"),
        (themes("- {definition: A.}"), 2, "A theme has no 'id'"),
        (themes("- {id: a, definition: ''}"), 2, "The theme 'a' has no 'definition'"),
        (themes("- {id: a, definition: A.}", "finding_types: []"), 3, "'finding_types' out"),
        (themes("- {id: a, definition: A.}", "version: 1.5"), 3, "must be a whole number from 1"),
        (themes("- {id: a, definition: A.}", "version: 0"), 3, "must be a whole number from 1"),
        (themes("- {id: a, definition: A.}", "colour: x"), 3, "Unknown key 'colour' of a codebook"),
        (themes("- {id: a, definition: A.}", "title: {a: b}"), 3, "must be text, and is keys"),
        ("themes: {water: Wells}", 1, "'themes' must be a list in which each theme begins"),
        (themes("- water"), 2, "has the text 'water' where a theme should stand"),
        (themes("- {id: a, definition: A.}", "- [a]"), 3, "'themes' must be a list"),
        (themes("- {id: a, definition: [A.]}"), 2, "'definition' must be text, and is a list"),
        (themes("- {id: a, definition: A., retired: maybe}"), 2, "must be true or false"),
        (themes("- {id: a, definition: A., names: [b]}"), 2, "'names' must be keys with values"),
        (themes("- {id: a, definition: A., name: A, names: {fr: B}}"), 2, "both 'name' and"),
        (themes("- {id: a b, definition: A.}"), 2, "Write 'a-b'"),
        (themes("- {id: Água, definition: A.}"), 2, "Write 'agua'"),
        (themes("- {id: a, definition: A.}", "- {id: A, definition: B.}"), 3, "twice, first on"),
        (themes("- {id: a, id: b, definition: A.}"), 2, "The key 'id' stands there twice"),
        (themes("- {<<: {id: a}, definition: A., id: b}"), 2, "Write the keys out"),
        (themes("- {id: a, definition: A., goes_with: water}"), 2, "There are: success_factor"),
        (themes("- {id: a, definition: A., confused_with: [a]}"), 2, "names itself"),
        (themes("- {id: ab, definition: A., confused_with: [abc]}"), 2, "Nearest: 'ab'"),
        (themes("- {id: a, definition: A., confused_with: [{tell_apart: x}]}"), 2, "no 'code'"),
        (themes("- {id: a, definition: A., examples: [{language: en}]}"), 2, "has no 'text'"),
        (themes("- {id: a, definition: A., parent: zz}"), 2, "Unknown theme in 'parent' of 'a'"),
        (themes("- {id: a, definition: A., parent: a}"), 2, "'parent' of 'a' names itself"),
        (themes("- {id: a, definition: A., merged_from: a}"), 2, "'merged_from' of 'a' names"),
        (themes("- {id: a, definition: A., colour: red}"), 2, "Write it as '#rrggbb'"),
        (themes("- id: a", "  definition: A.", "  colour: #123456"), 4, "Put it in quotes"),
        (themes("- {id: a, definition: A., colour: '#ffa500'}"), 2, 'shade of it: "#a36900"'),
        (themes("- {id: a, definition: A., names: {english: A}}"), 2, "Nearest: 'en'"),
        (themes("- {id: a, definition: A., names: {spa: A}}"), 2, "Nearest: 'es'"),
        (themes("- {id: a, definition: A., names: {zz: A}}"), 2, "ISO 639-1"),
        (themes("- {id: a, definition: A., examples: [{text: x, language: xx}]}"), 2, "code 'xx'"),
        (themes('- {id: a, definition: "A\\0."}'), 2, "control character"),
        (themes("- {id: a, definition: A: b}"), 2, "Put a text that has ': ' in quotes"),
        (themes("- id: a", "  definition: A: b"), 3, "Put a text that has ': ' in quotes"),
        ("themes: [}", 1, "Not valid YAML"),
        ("themes:\n\t- {id: a}", 2, "Indent with spaces, not with tabs"),
        ("title: \x07", 1, "a control character"),
        ("[" * 5000, 1, "too many brackets"),
        ("themes: &t\n- {id: a, definition: A., themes: *t}", 2, "listed twice by an alias"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told_with_its_line(source: str, line: int, message: str) -> None:
    found = problems(source)
    assert any(one.startswith(f"line {line}: ") and message in one for one in found), found


def test_names_that_nobody_could_tell_apart_are_told() -> None:
    found = problems(
        themes(
            "- {id: a, definition: A., names: {en: Fees, fr: Pénalités}}",
            "- {id: b, definition: B., names: {en: Prices, fr: penalites}}",
            "- {id: c, definition: C., name: fees, retired: true}",
        )
    )
    assert found == [
        "line 3: The themes 'a' (line 2) and 'b' have the same name in 'fr': 'penalites'. "
        "Reviewers could not tell them apart: change one."
    ]


def test_a_circle_of_parents_is_told_once() -> None:
    found = problems(
        themes(
            "- {id: a, definition: A., parent: b}",
            "- {id: b, definition: B., parent: c}",
            "- {id: c, definition: C., parent: a}",
            "- {id: d, definition: D., parent: a}",
        )
    )
    assert found == [
        "line 2: These themes are parents of each other: a, b, c. Take one 'parent' out."
    ]


def test_a_retired_code_may_not_be_named_by_one_in_use() -> None:
    found = problems(
        themes(
            "- {id: old, definition: A., retired: true, confused_with: [gone]}",
            "- {id: a, definition: A., parent: old}",
            "- {id: b, definition: A., confused_with: [old]}",
        )
    )
    assert [one[:60] for one in found] == [
        "line 3: 'parent' of 'a' names 'old', which is retired. Name ",
        "line 4: 'confused_with' of 'b' names 'old', which is retired",
    ]
    nested = themes("- {id: p, definition: P., retired: true, themes: [{id: a, definition: A.}]}")
    assert "is listed under 'p', which is retired" in problems(nested)[0]


@pytest.mark.parametrize("language", ["pt-BR", "zh-Hans", "quc", "no"])
def test_languages_of_the_world_are_known(language: str) -> None:
    assert problems(themes(f"- {{id: a, definition: A., names: {{{language}: A}}}}")) == []


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "codes.yaml"
    path.write_bytes("title: é".encode("latin-1"))
    with pytest.raises(WhatworksError, match="not in UTF-8"):
        load_codebook(path)


def test_a_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "codes.yaml"
    folder.mkdir()
    with pytest.raises(WhatworksError, match=r"codes\.yaml: the codebook cannot be read"):
        codebook_source(folder)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("{}", "'words' of 'a' is empty. List some by language"),
        ("[women]", "'words' must be keys with values, and is a list."),
        ("{en: []}", "The theme 'a' has no words in 'en'. List some, or take 'en' out."),
        ("{english: [women]}", "Unknown language code 'english'. Nearest: 'en'."),
        ("{en: [female*s]}", "The word 'female*s' has a '*' that is not at the end of a word."),
        ("{en: ['*']}", "The word '*' has no letter. Take it out."),
        ("{en: [me*]}", "The word 'me*' has fewer than 3 letters before '*': too much begins so."),
    ],
)
def test_words_that_cannot_be_used_are_told(words: str, problem: str) -> None:
    (said,) = problems(
        themes("- {id: b, definition: B.}", f"- {{id: a, definition: A., words: {words}}}")
    )
    assert said.startswith(f"line 3: {problem}")


def test_a_finding_type_has_no_words() -> None:
    (said,) = problems(
        "finding_types:\n- {id: a, definition: A., words: {en: [x]}}\n"
        + themes("- {id: b, definition: B.}")
    )
    assert said.startswith("line 2: Unknown key 'words' of a finding type.")


def test_one_theme_at_least_is_told_by_a_model() -> None:
    assert problems(themes("- {id: a, definition: A., words: {en: [women]}}")) == [
        "line 1: All themes have 'words', so that a model has none to suggest. Add one without "
        "'words'."
    ]
