"""What a changed codebook does to labels: nothing is lost without a word."""

import pytest

from whatworks.labels.codebook import Codebook
from whatworks.labels.codebook_changes import ChangeKind, Changes, compare
from whatworks.labels.codebook_file import read_codebook

OLD = """
- {id: water, definition: Water.}
- {id: fees, definition: Fees., goes_with: [obstacle]}
- {id: pumps, definition: Pumps.}
"""


def book(themes: str, types: str = "") -> Codebook:
    listed = f"finding_types:{types}\n" if types else ""
    return read_codebook(f"{listed}themes:{themes}", "codebook.yaml")


def changed(*replacements: tuple[str, str], wording_only: tuple[str, ...] = ()) -> Changes:
    """What comes of OLD when texts in it are replaced."""
    new = OLD
    for was, now in replacements:
        assert was in new
        new = new.replace(was, now)
    return compare(book(OLD), book(new), wording_only)


def kinds(changes: Changes) -> list[ChangeKind]:
    return [change.kind for change in changes.changes]


def test_an_added_theme_touches_no_label() -> None:
    changes = changed(("- {id: pumps", "- {id: wells, definition: Wells.}\n- {id: pumps"))
    assert changes.translation == {}
    assert changes.sentences == ("Theme 'wells' is added.",)


def test_a_renamed_theme_takes_its_labels_along() -> None:
    changes = changed(("id: fees,", "id: tariffs, renamed_from: fees,"))
    assert changes.translation == {"theme": {"fees": "tariffs"}}
    assert changes.sentences == ("Theme 'fees' is now 'tariffs'; its labels go with it.",)
    assert changes.problems == ()


def test_two_themes_can_change_their_names() -> None:
    swapped = """
- {id: fees, definition: Water., renamed_from: water}
- {id: water, definition: Fees., goes_with: [obstacle], renamed_from: fees}
- {id: pumps, definition: Pumps.}
"""
    changes = compare(book(OLD), book(swapped))
    assert changes.translation == {"theme": {"fees": "water", "water": "fees"}}
    assert kinds(changes) == [ChangeKind.RENAMED] * 2
    assert changes.problems == ()


def test_merged_themes_are_one_with_all_labels_whatever_its_definition() -> None:
    into_new = """
- {id: supply, definition: Water and pumps., merged_from: [water, pumps]}
- {id: fees, definition: Fees., goes_with: [obstacle]}
"""
    changes = compare(book(OLD), book(into_new))
    assert changes.translation == {"theme": {"water": "supply", "pumps": "supply"}}
    assert changes.sentences == ("Themes 'water' and 'pumps' are merged into 'supply' with their "
                                 "labels.",)  # fmt: skip
    into_old = """
- {id: water, definition: Water and pumps., merged_from: pumps}
- {id: fees, definition: Fees., goes_with: [obstacle]}
"""
    changes = compare(book(OLD), book(into_old))
    assert changes.translation == {"theme": {"pumps": "water"}}
    assert kinds(changes) == [ChangeKind.MERGED]


def test_of_a_theme_merged_into_a_retired_one_it_is_said_that_its_labels_become_stale() -> None:
    into_retired = """
- {id: water, definition: Water.}
- {id: supply, definition: Pumps., merged_from: pumps, retired: true}
- {id: fees, definition: Fees., goes_with: [obstacle]}
"""
    changes = compare(book(OLD), book(into_retired))
    assert changes.translation == {"theme": {"pumps": None}}
    assert changes.sentences == (
        "Theme 'pumps' is merged into 'supply'.",
        "Theme 'pumps' is retired; its labels become stale.",
    )


def test_a_split_theme_leaves_its_labels_stale_whether_it_stays_or_goes() -> None:
    gone = """
- {id: water, definition: Water.}
- {id: tariffs, definition: Tariffs., split_from: fees}
- {id: fines, definition: Fines., split_from: fees}
- {id: pumps, definition: Pumps.}
"""
    changes = compare(book(OLD), book(gone))
    assert changes.translation == {"theme": {"fees": None}}
    assert changes.sentences == (
        "Theme 'fees' is split into 'tariffs' and 'fines'; its labels become stale.",
    )
    stays = changed(
        ("- {id: pumps", "- {id: fines, definition: F., split_from: fees}\n- {id: pumps")
    )
    assert stays.translation == {"theme": {"fees": None}}
    assert stays.sentences == (
        "Theme 'fees' is split into 'fees' and 'fines'; its labels become stale.",
    )


def test_a_retired_theme_leaves_its_labels_stale_once() -> None:
    changes = changed(("definition: Fees.", "definition: Fees., retired: true"))
    assert changes.translation == {"theme": {"fees": None}}
    assert changes.sentences == ("Theme 'fees' is retired; its labels become stale.",)
    retired = book(OLD.replace("definition: Fees.", "definition: Fees., retired: true"))
    assert compare(retired, retired) == Changes({}, (), ())
    again = compare(retired, book(OLD))
    assert again.translation == {}
    assert kinds(again) == [ChangeKind.TAKEN_UP]
    dropped = compare(retired, book("\n- {id: water, definition: Water.}\n- {id: pumps, "
                                    "definition: Pumps.}"))  # fmt: skip
    assert dropped.problems == ()
    assert kinds(dropped) == [ChangeKind.REMOVED]


def test_a_retired_theme_can_give_its_labels_to_another() -> None:
    changes = changed(
        ("definition: Fees.", "definition: Fees., retired: true"),
        ("definition: Water.", "definition: Water., merged_from: fees"),
    )
    assert changes.translation == {"theme": {"fees": "water"}}
    assert kinds(changes) == [ChangeKind.MERGED]


@pytest.mark.parametrize(
    ("now", "part"),
    [
        ("definition: What users pay.", "definition"),
        ("definition: Fees., include: [Fines.]", "include"),
        ("definition: Fees., exclude: [Fines.]", "exclude"),
    ],
)
def test_a_redefined_theme_leaves_its_labels_stale(now: str, part: str) -> None:
    changes = changed(("definition: Fees.", now))
    assert changes.translation == {"theme": {"fees": None}}
    assert changes.sentences == (f"Theme 'fees' is redefined ({part}); its labels become stale.",)
    reworded = changed(("definition: Fees.", now), wording_only=("fees",))
    assert reworded.translation == {}
    assert reworded.sentences == (f"Theme 'fees' is worded anew ({part}); its labels stay.",)


def test_a_text_in_other_lines_is_no_other_definition() -> None:
    assert changed(("definition: Fees.", 'definition: "Fees.\n\n  "')) == Changes({}, (), ())


def test_a_theme_renamed_and_redefined_leaves_its_labels_stale() -> None:
    change = ("id: fees, definition: Fees.", "id: tariffs, renamed_from: fees, definition: Prices.")
    changes = changed(change)
    assert changes.translation == {"theme": {"fees": None}}
    assert changes.sentences == (
        "Theme 'fees' is now 'tariffs'.",
        "Theme 'tariffs' is redefined (definition); its labels become stale.",
    )
    for known_as in ("fees", "tariffs"):
        reworded = changed(change, wording_only=(known_as,))
        assert reworded.translation == {"theme": {"fees": "tariffs"}}


def test_an_added_theme_can_ask_for_another_look_at_others() -> None:
    added = ("- {id: pumps", "- {id: fines, definition: F., requeue: [fees]}\n- {id: pumps")
    changes = changed(added)
    assert changes.translation == {"theme": {"fees": None}}
    assert changes.sentences == (
        "Theme 'fines' is added.",
        "Theme 'fees' is to be looked at again because of 'fines'; its labels become stale.",
    )
    renamed = changed(added, ("id: fees,", "id: tariffs, renamed_from: fees,"))
    assert renamed.translation == {"theme": {"fees": None}}
    misspelt = changed(("- {id: pumps", "- {id: x, definition: F., requeue: [fes]}\n- {id: pumps"))
    assert misspelt.problems == ("Unknown theme 'fes'. Nearest: 'fees'. The theme 'x' has it in "
                                 "'requeue'.",)  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "kind", "sentence"),
    [
        ("id: fees,", "id: fees, name: Costs,", "relabelled", "has other names."),
        ("id: fees,", "id: fees, colour: '#000000',", "relabelled", "has other colour."),
        ("id: fees,", "id: fees, examples: [A.], section: 1,", "relabelled",
         "has other examples, section."),
        ("id: fees,", "id: fees, confused_with: [water],", "relabelled",
         "has other codes it is confused with."),
        ("id: fees,", "id: fees, parent: water,", "moved", "is moved to under 'water'."),
        ("[obstacle]", "[lesson]", "goes with", "now goes with 'lesson'."),
        (", goes_with: [obstacle]", "", "goes with", "now goes with every finding type."),
    ],
)  # fmt: skip
def test_what_a_label_says_stays_the_same(was: str, now: str, kind: str, sentence: str) -> None:
    changes = changed((was, now))
    assert changes.translation == {}
    assert [(one.kind, one.id, one.sentence) for one in changes.changes] == [
        (kind, "fees", f"Theme 'fees' {sentence}")
    ]


def test_what_follows_from_a_rename_is_not_told_again() -> None:
    nested = "\n- {id: a, definition: A.}\n- {id: b, definition: B., parent: a, confused_with: [a]}"
    renamed = nested.replace("id: a,", "id: z, renamed_from: a,").replace("parent: a", "parent: z")
    changes = compare(book(nested), book(renamed.replace("[a]", "[z]")))
    assert kinds(changes) == [ChangeKind.RENAMED]


def test_order_groups_and_title_are_told_and_touch_no_label() -> None:
    old = read_codebook("groups:\n- {id: g, themes: [{id: a, definition: A.}]}\n"
                        "- {id: h, themes: [{id: b, definition: B.}, {id: c, definition: C.}]}",
                        "codebook.yaml")  # fmt: skip
    new = read_codebook("title: T\ngroups:\n- {id: h, name: H, themes: [{id: c, definition: C.}, "
                        "{id: b, definition: B.}]}\n- {id: k, themes: [{id: a, definition: A.}]}",
                        "codebook.yaml")  # fmt: skip
    changes = compare(old, new)
    assert changes.translation == {}
    assert changes.sentences == (
        "Its title is now 'T'.",
        "Group 'h' has other names.",
        "Group 'k' is added.",
        "Group 'g' is removed.",
        "Theme 'a' is moved to the group 'k'.",
        "The themes stand in another order.",
    )


def test_finding_types_change_as_themes_do() -> None:
    old = book(OLD, "\n- {id: obstacle, definition: O.}\n- {id: lesson, definition: L.}")
    new = book(
        OLD.replace("[obstacle]", "[barrier]"),
        "\n- {id: barrier, definition: O., renamed_from: obstacle}\n- {id: lesson, definition: L., "
        "retired: true}\n- {id: risk, definition: R.}",
    )
    changes = compare(old, new)
    assert changes.translation == {"finding_type": {"obstacle": "barrier", "lesson": None}}
    assert changes.sentences == (
        "Finding type 'obstacle' is now 'barrier'; its labels go with it.",
        "Finding type 'risk' is added.",
        "Finding type 'lesson' is retired; its labels become stale.",
    )


def test_a_code_that_vanished_is_a_problem_with_the_nearest_and_the_cure() -> None:
    changes = changed(("id: fees,", "id: fee,"))
    assert changes.problems == (
        "The theme 'fees' is no longer there. Nearest among the added: 'fee'. Say 'renamed_from', "
        "'merged_from' or 'split_from' on the code that it became, or keep it with 'retired: "
        "true'.",
    )
    taken = changed(("- {id: fees, definition: Fees., goes_with: [obstacle]}\n", ""),
                    ("id: water,", "id: fees, renamed_from: water,"))  # fmt: skip
    assert "'fees' is no longer there" in taken.problems[0], "another theme has its id now"


@pytest.mark.parametrize(
    ("replacements", "message"),
    [
        ([("id: pumps,", "id: pumps, renamed_from: fees,")],
         "'pumps' is no longer there"),
        ([("id: pumps,", "id: pumps, merged_from: fees,")],
         "'fees' is said to be 'pumps' now, and still stands there"),
        ([("- {id: fees, definition: Fees., goes_with: [obstacle]}\n", ""),
          ("id: pumps,", "id: pumps, merged_from: fees,"),
          ("id: water,", "id: water, merged_from: fees,")],
         "'fees' is renamed or merged into 'water' and 'pumps'. Say 'split_from' on each"),
        ([("- {id: fees, definition: Fees., goes_with: [obstacle]}\n", ""),
          ("id: pumps,", "id: x, renamed_from: [pumps, fees],")],
         "'x' is renamed from 'pumps' and 'fees' at once. Say 'merged_from'"),
    ],
)  # fmt: skip
def test_contradictions_are_problems(replacements: list[tuple[str, str]], message: str) -> None:
    assert any(message in problem for problem in changed(*replacements).problems)


def test_an_unknown_code_of_wording_only_names_the_nearest() -> None:
    assert changed(wording_only=("fes",)).problems == (
        "Unknown code 'fes'. Nearest: 'fees'. It was said to change in wording only.",
    )


def test_what_was_said_in_an_earlier_version_is_not_said_again() -> None:
    said = book(
        "\n- {id: tariffs, definition: Fees., renamed_from: fees}"
        "\n- {id: supply, definition: S., merged_from: [water, wells]}"
        "\n- {id: a, definition: A., split_from: pumps, requeue: tariffs}"
    )
    # Ids that came free are used again, for something else.
    again = book(
        "\n- {id: tariffs, definition: Fees., renamed_from: fees}"
        "\n- {id: supply, definition: S., merged_from: [water, wells]}"
        "\n- {id: a, definition: A., split_from: pumps, requeue: tariffs}"
        "\n- {id: fees, definition: F.}\n- {id: water, definition: W.}"
        "\n- {id: pumps, definition: P.}"
    )
    changes = compare(said, again)
    assert changes.problems == ()
    assert changes.translation == {}
    assert set(kinds(changes)) == {ChangeKind.ADDED}
    assert compare(again, again) == Changes({}, (), ())
    kept = compare(again, book(
        "\n- {id: prices, definition: Fees., renamed_from: [tariffs, fees]}"
        "\n- {id: supply, definition: S.}\n- {id: a, definition: A.}"
        "\n- {id: fees, definition: F.}\n- {id: water, definition: W.}"
        "\n- {id: pumps, definition: P.}"
    ))  # fmt: skip
    assert kept.problems == ()
    assert kept.translation == {"theme": {"tariffs": "prices"}}
