"""The review workbook in a real LibreOffice: its own save loses nothing."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.office import Office, find_office
from tests.review import facts_of, fill, row_of, sheet_of, written
from whatworks.labels.codebook import load_codebook
from whatworks.labels.exchange.review_check import check_review
from whatworks.labels.exchange.review_import import read_review

pytestmark = pytest.mark.slow

THEME = load_codebook().theme("gender-neglect").name("fr")
COMMENT = 'not "late"\nsecond line, «é» ✓'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return find_office(tmp_path_factory.mktemp("office") / "profile")


@pytest.fixture
def sheet():
    return sheet_of(
        row_of(1, "=1+1 is no formula,\nnor is\tthis: _x000D_ «é» 中文 🙂"),
        row_of(2, "Two  spaces and 'quotes' and \"more\"."),
        row_of(3, "x" * 32_000, lead_in="Before:"),
        row_of(4, labels=(("obstacle", 0.9), ("lesson", 0.6)), page=None),
        row_of(5, labels=(), themes=()),
        row_of(6, suggestion_id=None, labels=(), themes=()),
        language="fr",
    )


def checked(path, sheet):
    return check_review(read_review(path), facts_of(sheet), "Ana")


def rules(sheet):
    """Every cell with a rule for what may be typed, and where its list comes from."""
    return {
        at: (rule.type, str(rule.formula1).lstrip("=").strip('"'))
        for rule in sheet.data_validations.dataValidation
        for block in rule.sqref.ranges
        for at in block.cells
    }


def test_what_is_typed_before_in_and_after_libreoffice_comes_back_whole(tmp_path, sheet, office):
    path = written(tmp_path, sheet)
    direct = Path(shutil.copy(path, tmp_path / "direct.xlsx"))
    before = {3: {"Decision": "confirm", "Seconds": 12.5}}
    within = {"G4": "correct", "I4": "yes", "L4": THEME, "O4": COMMENT, "G7": "confirm"}
    after = {6: {"Decision": "unsure"}}
    saved = fill(office.save(fill(path, before), cells=within), after)
    in_openpyxl = {
        **before,
        **after,
        4: {"Decision": "correct", "Obstacle": "yes", "Theme 1": THEME, "Comment": COMMENT},
        7: {"Decision": "confirm"},
    }
    expected = checked(fill(direct, in_openpyxl), sheet)
    found = checked(saved, sheet)
    assert len(found.drafts) == 4
    assert found.drafts == expected.drafts
    assert found.rows == (3, 4, 6, 7)
    assert found.drafts[1].comment == COMMENT
    assert found.warnings == ()
    assert read_review(saved).originals == read_review(path).originals


def test_lists_locks_panes_and_the_hidden_sheet_survive_a_save(tmp_path, sheet, office):
    path = written(tmp_path, sheet)
    before, after = openpyxl.load_workbook(path), openpyxl.load_workbook(office.save(path))
    assert after.sheetnames == before.sheetnames
    assert rules(after["Review"]) == rules(before["Review"])
    assert {kind for kind, _ in rules(after["Review"]).values()} == {"list", "decimal"}
    name, cells = next(iter(after.defined_names["theme_names"].destinations))
    shown = [row[0].value for row in after[name][cells.replace("$", "")]]
    assert shown == [theme.name("fr") for theme in load_codebook().themes]
    assert after["_whatworks"].sheet_state != "visible"
    for one in after:
        assert one.protection.sheet, one.title
    old, new = before["Review"], after["Review"]
    # As the format has it, False is allowed and True is not.
    assert (new.protection.autoFilter, new.protection.sort) == (False, True)
    for old_row, new_row in zip(old["A1:R8"], new["A1:R8"], strict=True):
        for was, now in zip(old_row, new_row, strict=True):
            assert now.protection.locked == was.protection.locked, now.coordinate
    assert new.auto_filter.ref == old.auto_filter.ref
    assert new.freeze_panes == old.freeze_panes
    assert not new.sheet_view.showGridLines
    formulas = [
        {rule.formula[0] for rules in one.conditional_formatting for rule in rules.rules}
        for one in (old, new)
    ]
    assert formulas[0] == formulas[1]


def test_it_counts_what_is_decided(tmp_path, sheet, office):
    saved = office.save(written(tmp_path, sheet), cells={"G3": "confirm", "G8": "reject"})
    assert openpyxl.load_workbook(saved, data_only=True)["How to"]["B4"].value == "2 of 6"


def test_its_csv_of_the_sheet_says_the_same(tmp_path, sheet, office):
    cells = {
        3: {"Decision": "confirm", "Seconds": 12.5},
        4: {"Decision": "correct", "Obstacle": "yes", "Theme 1": THEME, "Comment": COMMENT},
    }
    path = fill(written(tmp_path, sheet), cells)
    direct = checked(path, sheet)
    found = checked(office.save(path, ".csv"), sheet)
    assert len(found.drafts) == 2
    assert found.drafts == direct.drafts


def test_a_workbook_saved_untouched_holds_no_decision(tmp_path, sheet, office):
    found = checked(office.save(written(tmp_path, sheet)), sheet)
    assert (found.drafts, found.undecided, found.warnings) == ((), 6, ())


def test_what_is_typed_over_a_locked_text_is_found(tmp_path, sheet, office):
    saved = office.save(written(tmp_path, sheet), cells={"D4": "Two spaces.", "G3": "confirm"})
    found = checked(saved, sheet)
    assert len(found.drafts) == 1
    assert found.warnings[0].startswith("Row 4: Passage: the locked text was changed")
