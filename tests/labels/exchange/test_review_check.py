"""What a returned sheet says, row by row; how it is read: test_review_import.py."""

from dataclasses import replace

import openpyxl
import pytest

from tests.review import WORKBOOK, facts_of, fill, row_of, sheet_of, written
from whatworks.labels.codebook import load_codebook
from whatworks.labels.decisions import Answer, Decision, DecisionDraft, Verdict
from whatworks.labels.exchange.review_check import check_review
from whatworks.labels.exchange.review_import import read_review
from whatworks.nlp.errors import WhatworksError

pytestmark = pytest.mark.slow


@pytest.fixture
def check(tmp_path):
    """Writes the sheet, fills in cells, reads the file and checks it."""

    def run(cells, sheet=None, *, by="Ana", change=None, **facts):
        sheet = sheet or sheet_of()
        path = fill(written(tmp_path, sheet), cells)
        if change is not None:
            book = openpyxl.load_workbook(path)
            change(book)
            book.save(path)
        return check_review(read_review(path), facts_of(sheet, **facts), by)

    return run


@pytest.fixture
def problems(check):
    """The same, for what is refused: what is said of it, a line each."""

    def run(cells, *given, **more):
        with pytest.raises(WhatworksError) as refused:
            check(cells, *given, **more)
        return str(refused.value).split("\n  ")

    return run


def said(draft):
    return draft.verdict, draft.labels, draft.themes


def test_each_decision_becomes_what_it_says(check):
    cells = {
        3: {"Decision": "confirm"},
        4: {"Decision": "correct", "Obstacle": "yes", "Lesson": "yes",
            "Theme 1": "Gender neglect", "Comment": "As in annex 3.", "Seconds": 41.5},
        5: {"Decision": "reject"},
        6: {"Decision": "unsure", "Comment": "Cut off"},
        7: {},
    }  # fmt: skip
    checked = check(cells, sheet_of(*(row_of(n) for n in range(1, 6))))
    assert [said(draft) for draft in checked.drafts] == [
        (Verdict.CONFIRM, ("success_factor",), ("local-presence",)),
        (Verdict.CORRECT, ("lesson", "obstacle"), ("gender-neglect",)),
        (Verdict.REJECT, (), ()),
        (Verdict.UNSURE, (), ()),
    ]
    second = checked.drafts[1]
    assert (second.comment, second.seconds, second.source) == (
        "As in annex 3.",
        41.5,
        "spreadsheet",
    )
    assert (second.annotator, second.suggestion_id, second.round_id) == ("Ana", 102, None)
    assert not second.blind
    assert checked.rows == (3, 4, 5, 6)
    assert (checked.passages, checked.undecided, checked.repeated) == (5, 1, 0)
    assert checked.warnings == ()


def test_confirming_that_nothing_is_there_is_a_confirmation(check):
    none = row_of(1, labels=(), themes=())
    checked = check({3: {"Decision": "Confirm "}}, sheet_of(none))
    assert [said(draft) for draft in checked.drafts] == [(Verdict.CONFIRM, (), ())]


def test_correct_just_as_suggested_counts_as_confirm_and_says_so(check):
    answer = {"Decision": "correct", "Success factor": "yes", "Theme 2": "Local presence"}
    checked = check({3: answer})
    assert checked.drafts[0].verdict is Verdict.CONFIRM
    assert checked.warnings == ("Row 3: 'correct', but just as suggested: it counts as 'confirm'.",)


@pytest.mark.parametrize("yes", ["yes", "Yes ", "x", 1, True, "oui", "SÍ", "sim"])
def test_yes_is_understood_however_it_is_written(check, yes):
    assert check({3: {"Decision": "correct", "Lesson": yes}}).drafts[0].labels == ("lesson",)


@pytest.mark.parametrize("no", ["no", 0, False, "non", "-", " "])
def test_no_is_no_label(check, no):
    checked = check({3: {"Decision": "correct", "Obstacle": "yes", "Lesson": no}})
    assert checked.drafts[0].labels == ("obstacle",)


@pytest.mark.parametrize(
    "theme", ["Présence locale", "présence  LOCALE", "local-presence", "Local presence"]
)
def test_a_theme_is_known_by_its_shown_name_its_id_or_another_language(check, theme):
    sheet = sheet_of(language="fr")
    cells = {3: {"Decision": "correct", "Obstacle": "x", "Theme 3": theme}}
    assert check(cells, sheet).drafts[0].themes == ("local-presence",)


def test_all_that_is_wrong_is_said_at_once_with_row_column_and_cure(problems):
    def change(book):
        sheet = book["Review"]
        sheet["Q11"] = "00000000000000ff"
        sheet["Q12"] = sheet["Q3"].value

    rows = [row_of(n) for n in range(1, 11)]
    rows[5] = row_of(6, suggestion_id=None, labels=(), themes=())
    found = problems(
        {
            3: {"Decision": "corect", "Theme 1": "Gender neglekt", "Lesson": "perhaps"},
            4: {"Lesson": "yes", "Comment": "?"},
            5: {"Decision": "confirm", "Obstacle": "yes"},
            6: {"Decision": "reject", "Theme 1": "Gender neglect"},
            7: {"Decision": "correct", "Theme 1": "Gender neglect"},
            8: {"Decision": "confirm"},
            9: {"Decision": "unsure", "Lesson": "yes", "Seconds": "long"},
            10: {"Decision": "correct", "Lesson": "=1+1", "Theme 2": "=A1"},
            11: {"Decision": "reject"},
            12: {"Decision": "reject"},
        },
        sheet_of(*rows),
        change=change,
    )
    assert found[0].endswith("review.xlsx: 13 problems; nothing was imported.")
    assert found[1:] == [
        "Row 3: Decision: unknown decision 'corect'. Nearest: 'correct'.",
        "Row 3: Lesson: 'perhaps' is neither 'yes' nor empty.",
        "Row 3: Theme 1: unknown theme 'Gender neglekt'. Nearest: 'Gender neglect'.",
        "Row 4: Decision: there is none, but there is something under Lesson, Comment. Choose one "
        "of confirm, correct, reject, unsure, or empty the row.",
        "Row 5: Decision: 'confirm' takes the suggestion as it stands, but other labels or themes "
        "are filled in. Choose 'correct', or empty them.",
        "Row 6: Decision: 'reject' goes without labels and themes, but some are filled in. Empty "
        "them, or choose 'correct'.",
        "Row 7: Decision: There is a theme, but no finding type. Mark it with 'yes', or choose "
        "'reject' where the passage holds none.",
        "Row 8: Decision: there is no suggestion to confirm. Choose 'correct' and mark the finding "
        "types, or 'reject'.",
        "Row 9: Seconds: 'long' is no number of seconds. Give one, or leave it empty.",
        "Row 10: Lesson: there is a formula. Write what it comes to.",
        "Row 10: Theme 2: there is a formula. Write what it comes to.",
        "Row 11: Passage id: unknown passage '00000000000000ff'. Copy the id from an untouched "
        "copy of the workbook. Or is it of another project?",
        "Row 12: Passage id: 0000000000000001 stands in row 3 already. Keep one of the two.",
    ]


def test_fifty_problems_are_listed_and_the_others_counted(problems):
    sheet = sheet_of(*(row_of(n) for n in range(1, 56)))
    found = problems({n: {"Decision": "maybe"} for n in range(3, 58)}, sheet)
    assert "55 problems" in found[0]
    assert len(found) == 52
    assert found[-1] == "... and 5 more."


def test_an_edited_passage_is_refused_with_both_texts_where_they_differ(problems):
    text = "In the first year the project trained forty district officers, and most of them stayed."
    sheet = sheet_of(row_of(1, text))

    def change(book):
        book["Review"]["D3"] = text.replace("forty", "fourteen")
        book["Review"]["E3"] = "Obstacle 99%"

    assert problems({3: {"Decision": "confirm"}}, sheet, change=change)[1:] == [
        "Row 3: Passage: the locked text was changed: it is '…e project trained fourteen "
        "district officers, and most of th…', it was '…e project trained forty district "
        "officers, and most of them …'. Put it back.",
        "Row 3: Suggested: the locked text was changed: it is 'Obstacle 99%', it was 'Success "
        "factor 91%'. Put it back.",
    ]


def test_a_question_mark_for_a_letter_is_an_edit_in_a_workbook(problems):
    def change(book):
        book["Review"]["D3"] = "Local staff stayed in ?illage 1."

    found = problems({3: {"Decision": "confirm"}}, change=change)
    assert found[1].startswith("Row 3: Passage: the locked text was changed")


def test_an_edited_passage_that_nobody_decided_is_only_pointed_out(check):
    def change(book):
        book["Review"]["D4"] = "Something else."

    checked = check({3: {"Decision": "confirm"}}, change=change)
    assert len(checked.drafts) == 1
    assert checked.warnings[0].startswith("Row 4: Passage: the locked text was changed")


def test_white_space_that_programs_change_is_no_edit(check):
    sheet = sheet_of(row_of(1, "First line.\nSecond\u00a0line,  é."))

    def change(book):
        book["Review"]["D3"] = " First line.\r\nSecond line, e\u0301. "

    assert len(check({3: {"Decision": "reject"}}, sheet, change=change).drafts) == 1


def test_reordered_filtered_and_extended_sheets_are_fine(check):
    def change(book):
        sheet = book["Review"]
        sheet.protection.sheet = False
        rows = [[cell.value for cell in row] for row in sheet["A3:R6"]]
        for n, row in enumerate(reversed(rows), 5):
            for column, value in enumerate(row, 1):
                sheet.cell(n, column).value = value
        sheet["A3"], sheet["T9"] = None, "a note below the table"
        for cell in sheet[3] + sheet[4]:
            cell.value = None
        sheet.insert_cols(1, 2)
        sheet["A2"], sheet["A6"] = "My own column", "mine"
        sheet.row_dimensions[6].hidden = True
        book.move_sheet("Codebook", -2)

    rows = [row_of(n) for n in range(1, 5)]
    cells = {3: {"Decision": "confirm"}, 4: {"Decision": "reject"}}
    checked = check(cells, sheet_of(*rows), change=change)
    assert [(row, draft.passage_id[-1], draft.verdict) for row, draft in
            zip(checked.rows, checked.drafts, strict=True)] == [
        (7, "2", Verdict.REJECT),
        (8, "1", Verdict.CONFIRM),
    ]  # fmt: skip
    assert (checked.passages, checked.undecided, checked.warnings) == (4, 2, ())


def test_rows_that_were_deleted_are_not_decided(check):
    checked = check(
        {5: {"Decision": "reject"}}, change=lambda book: book["Review"].delete_rows(3, 2)
    )
    assert [draft.passage_id[-1] for draft in checked.drafts] == ["3"]
    assert checked.rows == (3,)


@pytest.mark.parametrize(
    ("cell", "title", "said"),
    [
        (
            "L2",
            "Them 1",
            "The column 'Theme 1' is missing. Is it 'Them 1'? Name it 'Theme 1' again.",
        ),
        ("D2", "Other", "The column 'Passage' is missing. Put it back."),
        ("J2", None, "The column 'Lesson' is missing. Put it back."),
        ("T2", "decision", "The column 'decision' stands there twice. Delete or rename one."),
    ],
)
def test_missing_and_doubled_columns_are_named(problems, cell, title, said):
    def change(book):
        book["Review"][cell] = title

    assert problems({3: {"Decision": "confirm"}}, change=change)[0].endswith(f"review.xlsx: {said}")


def test_codes_renamed_since_are_translated(check):
    steps = ({"theme": {"gender-neglect": "gender-gap"}}, {"theme": {"gender-gap": "gender"}})
    cells = {
        3: {"Decision": "correct", "Obstacle": "yes", "Theme 1": "Gender neglect"},
        4: {"Decision": "confirm"},
    }
    checked = check(cells, steps=steps)
    assert [said(draft) for draft in checked.drafts] == [
        (Verdict.CORRECT, ("obstacle",), ("gender",)),
        (Verdict.CONFIRM, ("success_factor",), ("local-presence",)),
    ]


def test_codes_that_became_stale_are_refused_by_row_also_where_they_were_suggested(problems):
    steps = ({"theme": {"gender-neglect": None, "local-presence": None}},)
    cells = {
        3: {"Decision": "correct", "Obstacle": "yes", "Theme 1": "Gender neglect"},
        4: {"Decision": "confirm"},
        5: {"Decision": "reject"},
    }
    assert problems(cells, steps=steps)[1:] == [
        f"Row {row}: the codebook has changed what '{name}' means since the workbook was made "
        "(version 1, now 2). Decide the passage in a new workbook."
        for row, name in ((3, "Gender neglect"), (4, "Local presence"))
    ]


def decision_of(draft: DecisionDraft, n: int, **changes) -> Decision:
    """The draft as it would stand in the log."""
    decision = Decision(
        n, draft.passage_id, draft.annotator, draft.verdict, draft.labels, draft.themes,
        draft.comment, draft.seconds, draft.blind, False, None, 1, "starter 1", 1, draft.source,
        draft.key, "2026-11-24T09:00:00.000000Z", "",
    )  # fmt: skip
    return replace(decision, **changes)


def test_the_same_row_again_is_nothing_new_and_a_changed_one_is(check):
    log = []
    keys = []
    for word in ("confirm", "confirm", "reject", "reject", "confirm", "confirm"):
        checked = check({3: {"Decision": word}}, decisions={"0000000000000001": log})
        log += [decision_of(draft, len(log) + 1) for draft in checked.drafts]
        keys.append(len(checked.drafts))
        assert checked.repeated == 1 - len(checked.drafts)
    assert keys == [1, 0, 1, 0, 1, 0]
    assert len({one.key for one in log}) == 3


def test_a_row_that_was_imported_is_not_repeated_though_its_decision_was_undone_since(check):
    first = check({3: {"Decision": "reject"}}).drafts[0]
    log = [decision_of(first, 1), decision_of(first, 2, verdict=Verdict.UNDO, undoes=1, key="k")]
    again = check({3: {"Decision": "reject"}}, decisions={first.passage_id: log})
    assert (again.drafts, again.repeated) == ((), 1)


def test_each_part_of_a_row_makes_it_another_decision(check):
    base = {"Decision": "correct", "Lesson": "yes"}
    changes = ({}, {"Obstacle": "yes"}, {"Theme 1": "Local presence"}, {"Comment": "x"},
               {"Seconds": 3})  # fmt: skip
    keys = {check({3: base | change}).drafts[0].key for change in changes}
    keys |= {check({3: base}, by="Ben").drafts[0].key}
    keys |= {check({3: base}, sheet_of(workbook_id="f" * 12)).drafts[0].key}
    assert len(keys) == 7


def test_another_reviewers_name_is_pointed_out_another_spelling_is_not(check):
    assert check({3: {"Decision": "reject"}}, by="ana").warnings == ()
    assert check({3: {"Decision": "reject"}}, by="Ben").warnings == (
        "The workbook was made for Ana; what is in it would count as the decisions of Ben.",
    )


def test_a_decision_made_elsewhere_since_is_pointed_out(check):
    other = DecisionDraft("0000000000000001", "Ana", Verdict.REJECT, source="terminal")
    later = decision_of(other, 1)
    before = decision_of(other, 1, made_at="2026-11-22T09:00:00.000000Z")
    cells = {3: {"Decision": "confirm"}}
    assert check(cells, decisions={other.passage_id: [before]}).warnings == ()
    assert check(cells, decisions={other.passage_id: [later]}).warnings == (
        "Row 3: Ana decided otherwise after the workbook was made; the row would take the place "
        "of that decision.",
    )


def test_a_passage_that_left_its_report_is_taken_and_pointed_out(check):
    checked = check({3: {"Decision": "reject"}}, gone=("0000000000000001",))
    assert len(checked.drafts) == 1
    assert "no longer stands in the newest version of 'mali.pdf'" in checked.warnings[0]


def test_in_a_blind_round_the_words_are_others_and_the_verdict_follows(check, problems):
    sheet = sheet_of(*(row_of(n) for n in range(1, 5)), blind=True, round_id=7)
    cells = {
        3: {"Decision": "finding", "Success factor": "yes", "Theme 1": "Local presence"},
        4: {"Decision": "finding", "Lesson": "yes"},
        5: {"Decision": "no finding"},
        6: {"Decision": "unsure"},
    }
    drafts = check(cells, sheet).drafts
    assert [draft.verdict for draft in drafts] == ["confirm", "correct", "reject", "unsure"]
    assert all(draft.blind and draft.round_id == 7 and draft.suggestion_id for draft in drafts)
    assert "unknown decision 'confirm'" in problems({3: {"Decision": "confirm"}}, sheet)[1]


def test_rows_from_another_workbook_of_the_project_keep_where_they_come_from(check, problems):
    def pasted(book):
        book["Review"]["R4"] = "f" * 12 + "-v1-s102"
        del book["_whatworks"]

    checked = check({4: {"Decision": "confirm"}}, change=pasted)
    assert checked.drafts[0].key.startswith("review-ffffffffffff-")
    assert checked.warnings[0].startswith("The workbook has lost its hidden sheet")

    def older(book):
        book["Review"]["R4"] = "f" * 12 + "-v2-s102"
        del book["_whatworks"]

    found = problems({4: {"Decision": "confirm"}}, change=older)
    assert "Row 4: Reference: the row is of a workbook with codebook version 2" in found[1]


def test_a_suggestion_of_another_passage_is_refused(problems):
    def change(book):
        book["Review"]["R3"] = f"{WORKBOOK}-v1-s102"
        del book["_whatworks"]

    found = problems({3: {"Decision": "confirm"}}, change=change)
    assert found[1].startswith("Row 3: Reference: the suggestion 102 is not one for this passage.")


def test_a_row_without_its_id_is_refused_where_something_is_in_it(problems):
    def change(book):
        book["Review"]["Q3"], book["Review"]["R3"] = None, None

    found = problems({3: {"Decision": "confirm"}}, change=change)
    assert found[1].startswith("Row 3: Passage id: there is none.")


def test_a_comment_that_is_too_long_is_refused_with_its_row(problems):
    found = problems({3: {"Decision": "reject", "Comment": "x" * 20_001}})
    assert found[1:] == ["Row 3: The comment has 20,001 characters. Give at most 20,000."]


def test_a_fresh_workbook_holds_no_decision(check):
    checked = check({})
    assert (checked.drafts, checked.undecided, checked.warnings) == ((), 3, ())


def test_suggested_codes_named_in_another_order_are_still_the_suggestion(check):
    row = row_of(1, labels=(("obstacle", 0.9), ("lesson", 0.8)))
    cells = {3: {"Decision": "confirm", "Lesson": "yes", "Obstacle": "yes"}}
    draft = check(cells, sheet_of(row)).drafts[0]
    assert Answer(draft.labels, draft.themes) == Answer(("lesson", "obstacle"), ("local-presence",))


def test_every_theme_of_the_codebook_comes_back_as_itself(check):
    themes, lesson = load_codebook().themes, load_codebook().finding_type("lesson")
    rows = [row_of(n) for n in range(1, len(themes) + 1)]
    for language in ("en", "fr", "es", "pt"):
        cells = {
            n: {
                "Decision": "correct",
                lesson.name(language): "yes",
                "Theme 1": theme.name(language),
            }
            for n, theme in enumerate(themes, 3)
        }
        checked = check(cells, sheet_of(*rows, language=language))
        assert [draft.themes for draft in checked.drafts] == [(theme.id,) for theme in themes]
