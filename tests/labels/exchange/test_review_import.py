"""Files that come back; what they say: test_review_check.py."""

import csv

import openpyxl
import pytest

from tests.review import facts_of, fill, row_of, sheet_of, written
from whatworks.labels.exchange.review_check import check_review
from whatworks.labels.exchange.review_facts import codebook_number
from whatworks.labels.exchange.review_import import read_review
from whatworks.nlp.errors import WhatworksError


def as_csv(path, *, encoding="utf-8-sig", delimiter=","):
    """The sheet Review as a spreadsheet program saves it."""
    rows = openpyxl.load_workbook(path)["Review"].iter_rows(values_only=True)
    target = path.with_suffix(".csv")
    with target.open("w", encoding=encoding, errors="replace", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return target


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ","), ("utf-8", "\t"), ("cp1252", ";"), ("utf-16", "\t")],
)
def test_the_sheet_saved_as_csv_says_the_same(tmp_path, encoding, delimiter):
    # The check mark is in no Western code page: Excel writes a question mark.
    sheet = sheet_of(row_of(1, 'L\'équipe « reste »;\n"ici" ✓, là.'), row_of(2), language="fr")
    cells = {3: {"Decision": "correct", "Obstacle": "yes", "Theme 1": "Présence locale"},
             4: {"Decision": "confirm"}}  # fmt: skip
    path = fill(written(tmp_path, sheet), cells)
    from_xlsx = check_review(read_review(path), facts_of(sheet), "Ana")
    returned = read_review(as_csv(path, encoding=encoding, delimiter=delimiter))
    from_csv = check_review(returned, facts_of(sheet), "Ana")
    assert from_csv.drafts == from_xlsx.drafts
    assert from_csv.rows == (3, 4)
    assert from_csv.warnings == ()


def test_an_edited_passage_is_found_in_csv_too(tmp_path):
    sheet = sheet_of()
    path = as_csv(fill(written(tmp_path, sheet), {3: {"Decision": "confirm"}}))
    path.write_text(path.read_text("utf-8").replace("village 1", "village 9"), "utf-8")
    with pytest.raises(WhatworksError, match=r"Row 3: Passage: the locked text was changed"):
        check_review(read_review(path), facts_of(sheet), "Ana")


def test_a_csv_row_with_too_many_cells_is_refused(tmp_path):
    sheet = sheet_of()
    path = as_csv(fill(written(tmp_path, sheet), {3: {"Decision": "confirm"}}))
    text = path.read_text("utf-8").replace("Local staff stayed", "Local,staff stayed")
    path.write_text(text, "utf-8")
    with pytest.raises(WhatworksError, match="Row 3: it has 19 cells, the header only 18"):
        check_review(read_review(path), facts_of(sheet), "Ana")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("r.ods", b"x", "whatworks does not import '.ods' files. Save it as .xlsx or .csv."),
        ("none.xlsx", None, "there is no such file."),
        ("r.xlsx", b"PK no workbook", "The workbook is damaged, or encrypted with a password."),
        ("r.csv", b"text,labels\na,b\n", "there is no table with the columns 'Passage id'"),
        ("r.csv", b"", "there is no table with the columns 'Passage id'"),
    ],
)
def test_a_file_that_is_no_review_is_refused(tmp_path, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WhatworksError) as refused:
        read_review(path)
    assert str(refused.value).startswith(f"{path}: {said}")


def test_another_workbook_is_refused(tmp_path):
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(WhatworksError, match="there is no table with the columns"):
        read_review(path)


def test_a_workbook_of_another_project_is_refused(tmp_path):
    sheet = read_review(written(tmp_path, sheet_of()))
    assert codebook_number(sheet, "project-1", 1) == 1
    with pytest.raises(WhatworksError, match="was made in another project"):
        codebook_number(sheet, "project-2", 1)


def test_a_workbook_newer_than_the_project_is_refused(tmp_path):
    sheet = read_review(written(tmp_path, sheet_of(codebook_number=3)))
    with pytest.raises(WhatworksError, match="made with codebook version 3, but the project has"):
        codebook_number(sheet, "project-1", 2)
