import csv

import pytest

from whatworks.labels.exchange.csv import is_formula_like, safe_cell


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+SUM(A1)",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "\n=1",
        " =1+1",
        "'=1+1",
        '"=1+1"',
        "\u00a0=1",
        "＝1+1",
        "- a bullet",
        '=HYPERLINK("http://x","y")',
        "\ufeff=1",
    ],
)
def test_a_text_that_a_spreadsheet_might_run_gets_an_apostrophe(text):
    assert is_formula_like(text)
    assert str(safe_cell(text)).startswith("'")


@pytest.mark.parametrize("value", ["a = b", "", "-5", "+3.2%", "1e9", "– dash", -5, -0.5, None, 0])
def test_other_texts_and_numbers_stay_as_they_are(value):
    assert safe_cell(value) == value


def test_control_characters_do_not_hide_a_formula():
    assert safe_cell("\x00=1+1") == "'=1+1"


def test_the_file_begins_with_the_mark_that_excel_needs(write_result, make_report, make_item):
    content = write_result("r.csv", make_report(make_item(text="Leçon"))).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfreport,page,heading,text,labels,success_factor,")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert "Leçon".encode() in content


def test_a_row_reads_as_documented(write_result, make_report, make_item):
    item = make_item(labels={"lesson": 0.6, "obstacle": 0.9})
    (row,) = read(write_result("r.csv", make_report(item)))
    assert row == {
        "report": "report.pdf",
        "page": "3",
        "heading": "Findings > Effectiveness",
        "text": "Local staff stayed in the villages.",
        "labels": "obstacle; lesson",
        "success_factor": "0.05",
        "obstacle": "0.9",
        "lesson": "0.6",
        "good_practice": "0.05",
        "theme_1": "local-presence",
        "theme_1_probability": "0.75",
        "theme_2": "",
        "theme_2_probability": "",
        "theme_3": "",
        "theme_3_probability": "",
        "language": "en",
        "passage_id": "0000000000000001",
        "order": "1",
        "model": "starter 1.0 (bundled encoder)",
        "status": "suggested, not confirmed",
    }


def test_quotes_commas_and_line_ends_stay_in_their_cell(write_result, make_report, make_item):
    text = 'He said "no", then\nleft; =1+1'
    (row,) = read(write_result("r.csv", make_report(make_item(text=text))))
    assert row["text"] == text


def test_formulas_are_stopped_wherever_a_text_comes_from(write_result, make_report, make_item):
    item = make_item(text="=1", heading=("@x",), report="=r.pdf", columns={"=head": "+cmd"})
    (row,) = read(write_result("r.csv", make_report(item, name="=r.pdf", is_table=True)))
    assert (row["text"], row["heading"], row["report"]) == ("'=1", "'@x", "'=r.pdf")
    assert row["'=head"] == "'+cmd"


def test_the_columns_of_all_tables_come_first_and_clashes_get_a_suffix(
    write_result, make_report, make_item
):
    one = make_item(columns={"Country": "Togo", "text": "its own", "n": -5, "empty": None})
    two = make_item(columns={"Year": 2019, "Country": "Benin"}, labels={}, order=2)
    path = write_result(
        "r.csv",
        make_report(one, name="a.csv", is_table=True),
        make_report(make_item(order=3)),
        make_report(two, name="b.csv", is_table=True),
    )
    rows = read(path)
    assert list(rows[0])[:6] == ["Country", "text (table)", "n", "empty", "Year", "report"]
    assert [row["Country"] for row in rows] == ["Togo", "", "Benin"]
    assert rows[0]["n"] == "-5"
    assert rows[0]["text"] == "Local staff stayed in the villages."
    assert rows[2]["labels"] == ""


def test_a_column_called_like_a_suffixed_one_still_gets_its_own_place(
    write_result, make_report, make_item
):
    item = make_item(columns={"text (table)": "b", "TEXT": "a", "Text": "c"})
    (row,) = read(write_result("r.csv", make_report(item, is_table=True)))
    own = ["text (table)", "TEXT (table 2)", "Text (table 3)"]
    assert list(row)[:3] == own
    assert [row[name] for name in own] == ["b", "a", "c"]
