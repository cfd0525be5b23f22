import csv

import openpyxl
import pytest

from whatworks.labels.exchange.listing import check_listing, write_listing
from whatworks.labels.exchange.rows import Column
from whatworks.nlp.errors import WhatworksError

COLUMNS = [Column("text", "Text", width=40), Column("page", "Page", "number", 7)]
ROWS = [["It worked.", 3], ["=1+1", None], ["l’évaluation\x00 عمل", 4], ["", 0]]


def test_a_list_as_csv_opens_in_a_spreadsheet_and_runs_nothing(tmp_path):
    path = tmp_path / "list.csv"

    write_listing(path, COLUMNS, ROWS, "What was found")

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["text", "page"]
    assert rows[1:] == [["It worked.", "3"], ["'=1+1", ""], ["l’évaluation عمل", "4"], ["", "0"]]


def test_a_list_as_a_workbook_says_what_it_is(tmp_path):
    path = tmp_path / "list.XLSX"

    write_listing(path, COLUMNS, ROWS, "What was found")

    (sheet,) = openpyxl.load_workbook(path).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["What was found", None]
    assert rows[1] == ["Text", "Page"]
    assert rows[2:] == [["It worked.", 3], ["=1+1", None], ["l’évaluation عمل", 4], [None, 0]]
    assert sheet["A4"].data_type == "s"
    assert sheet["A4"].quotePrefix
    assert sheet.freeze_panes == "B3"


def test_a_list_of_nothing_has_its_head(tmp_path):
    for name in ("list.csv", "list.xlsx"):
        write_listing(tmp_path / name, COLUMNS, [], "Nothing")

    assert (tmp_path / "list.csv").read_text("utf-8-sig").splitlines() == ["text,page"]
    (sheet,) = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets
    assert sheet.max_row == 2


def test_another_ending_is_refused_and_an_earlier_file_stays(tmp_path):
    with pytest.raises(WhatworksError, match=r"list\.pdf: a list is written as \.csv or \.xlsx"):
        check_listing(tmp_path / "list.pdf")
    path = tmp_path / "list.csv"
    path.write_text("earlier")

    def broken():
        yield ROWS[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_listing(path, COLUMNS, broken(), "")
    assert path.read_text() == "earlier"
    assert [one.name for one in tmp_path.iterdir()] == ["list.csv"]
