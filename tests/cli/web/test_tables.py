"""Tables as files: whole, and harmless in a spreadsheet."""

import csv
import io

from whatworks.cli.web.tables import Column, Kind, Table, as_csv, shown


def test_a_file_has_all_rows_with_plain_numbers() -> None:
    columns = [Column("Name"), Column("n", Kind.COUNT), Column("Share", Kind.SHARE)]
    rows = [["Célia", 12345, 0.25], ["Dai, Ben", 0, None]]

    content = as_csv(Table("t", "T", columns, rows, more=1))

    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert read == [["Name", "n", "Share"], ["Célia", "12345", "0.25"], ["Dai, Ben", "0", ""]]


def test_names_that_look_like_formulas_are_text_in_a_spreadsheet() -> None:
    content = as_csv(Table("t", "T", [Column("=1+1")], [["=cmd|' /C calc'!A0"], ["@SUM(A1)"]]))

    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert read == [["'=1+1"], ["'=cmd|' /C calc'!A0"], ["'@SUM(A1)"]]


def test_values_are_shown_as_they_are_read() -> None:
    assert shown(1234567, Kind.COUNT) == "1,234,567"
    assert shown(0.666, Kind.SHARE) == "67%"
    assert shown(-0.001, Kind.FIGURE) == "0.00"
    assert shown(7.26, Kind.SECONDS) == "7.3 s"
    assert shown(72.6, Kind.SECONDS) == "73 s"
    assert shown("as it is", Kind.COUNT) == "as it is"
    assert shown(None, Kind.SECONDS) == "–"
