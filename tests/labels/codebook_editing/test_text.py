"""Only the lines that say something else are other lines afterwards."""

import pytest

from whatworks.labels.codebook_editing.entries import TextOnlyError, entries
from whatworks.labels.codebook_editing.text import Text

FILE = """\
# Ours, agreed in May.
id: water
themes:
  # Who pays.
  - id: fees          # not 'tariffs'
    name: Fees
    definition: >-    # the donor's words
      What users pay
      for water.

    include:
      # First of all:
      - Prices.
      - >-
        Who decides
        on prices.
    names_are: 1

  - {id: pumps, definition: Pumps., retired: true}
# The end.
"""


def changed(**keys: object) -> str:
    text = Text(FILE)
    return text.with_keys([(text.find("theme", "fees"), keys)]).source  # type: ignore[list-item]


def test_a_new_value_keeps_the_remarks_and_all_other_lines() -> None:
    assert changed(definition="What they pay.") == FILE.replace(
        "    definition: >-    # the donor's words\n      What users pay\n      for water.\n",
        "    definition: What they pay. # the donor's words\n",
    )
    assert changed(id="tariffs") == FILE.replace("- id: fees          #", "- id: tariffs       #")


def test_items_that_stay_keep_their_lines_and_remarks() -> None:
    kept = changed(include=["Prices.", "Subsidies: all.", "Who decides on prices."])
    assert kept == FILE.replace("      - Prices.\n", '      - Prices.\n      - "Subsidies: all."\n')
    assert changed(include=["Who decides on prices."]) == FILE.replace(
        "      # First of all:\n      - Prices.\n", ""
    )


def test_a_key_is_added_at_the_end_of_its_entry_and_taken_away_whole() -> None:
    assert changed(goes_with=["lesson"]) == FILE.replace(
        "    names_are: 1\n", "    names_are: 1\n    goes_with: [lesson]\n"
    )
    assert changed(include=None) == FILE.replace(
        FILE[FILE.index("    include:") : FILE.index("    names_are")], ""
    )


def test_an_entry_in_brackets_is_written_out_when_it_changes() -> None:
    text = Text(FILE)
    changed = text.with_keys([(text.find("theme", "pumps"), {"definition": "Pumps: all."})])
    assert changed.source == FILE.replace(
        "  - {id: pumps, definition: Pumps., retired: true}\n",
        '  - id: pumps\n    definition: "Pumps: all."\n    retired: true\n',
    )


def test_an_entry_goes_with_what_is_said_right_above_it() -> None:
    text = Text(FILE.replace("  - {id: pumps", "  # Hand pumps.\n  - {id: pumps"))
    left = text.without(text.find("theme", "pumps")).source
    assert left == FILE.replace("  - {id: pumps, definition: Pumps., retired: true}\n", "")


def test_an_entry_moves_with_its_lines_and_is_indented_anew() -> None:
    text = Text(FILE)
    moved = text.moved(text.find("theme", "fees"), None)
    assert [one.id for one in entries(moved.root)] == ["pumps", "fees"]
    below = Text(FILE.replace("- {id: pumps, definition: Pumps., retired: true}", "- id: pumps"))
    moved = below.moved(below.find("theme", "fees"), below.find("theme", "pumps"))
    assert (
        "    themes:\n      - id: fees          # not 'tariffs'\n        name: Fees" in moved.source
    )
    assert moved.source.endswith("        names_are: 1\n# The end.\n")


@pytest.mark.parametrize(
    "source",
    [
        "themes: [",
        "- a\n- b",
        "",
        "a: &x {id: b}\nb: *x",
        "a: 1\x85b: 2",
        "? [a]\n: b",
        "a: " + "[" * 3000,
    ],
    ids=["no YAML", "a list", "empty", "alias", "odd line end", "odd key", "deep"],
)
def test_what_cannot_be_told_apart_is_left_to_people(source: str) -> None:
    with pytest.raises(TextOnlyError):
        Text(source)
