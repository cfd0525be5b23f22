import json
import tracemalloc
from pathlib import Path

import openpyxl
import pytest

from whatworks.nlp.errors import UnreadableReportError
from whatworks.nlp.passages import PassageIds, passage_id
from whatworks.nlp.tables import Row, is_table, iter_rows, read_table, table_passages


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, rows: list[list[object]], title: str = "Sheet") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def rows_of(path: Path) -> list[Row]:
    return [row for chunk in iter_rows(read_table(path)) for row in chunk]


def test_tables_are_known_by_their_endings() -> None:
    assert is_table("a/B.CSV")
    assert is_table(Path("x.jsonl"))
    assert not is_table("report.pdf")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_is_read_whatever_its_separator_and_encoding(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    lines = [
        ["id", "Text", "país"],
        ["7", '"Uno, dos; ""tres""\nmás\ttexto"', "Perú"],
        ["8", "", ""],
    ]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    path = written(tmp_path / "a.csv", text, encoding)
    table = read_table(path)
    assert (table.columns, table.text_column, table.note) == (("id", "país"), "Text", "")
    assert rows_of(path) == [
        Row('Uno, dos; "tres"\nmás\ttexto', {"id": "7", "país": "Perú"}, 1),
        Row("", {"id": "8", "país": ""}, 2),
    ]


def test_excels_separator_line_is_no_header(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "sep=;\ntext;n\nIt works, well;1\n")
    assert rows_of(path) == [Row("It works, well", {"n": "1"}, 1)]


def test_blank_lines_are_no_rows_and_short_rows_are_filled(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\ntext,a,b\n\none,1\n,,\n\n")
    assert rows_of(path) == [
        Row("one", {"a": "1", "b": None}, 1),
        Row("", {"a": "", "b": ""}, 2),
    ]


def test_a_row_with_too_many_cells_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text,a\nfine,1\nIt works, well,2\n")
    with pytest.raises(UnreadableReportError, match="Line 3 has 3 cells, the header only 2"):
        rows_of(path)


def test_texts_of_any_length_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text\n" + "x" * 500_000 + "\n")
    assert len(rows_of(path)[0].text) == 500_000


def test_names_twice_or_missing_are_made_distinct(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text,a,,a,,\n1,2,3,4,,\n")
    assert read_table(path).columns == ("a", "column 3", "a (2)")


def test_another_text_column_is_taken_with_a_note(tmp_path: Path) -> None:
    table = read_table(written(tmp_path / "a.csv", "Excerpt,x\na,b\n"))
    assert table.text_column == "Excerpt"
    assert "'Excerpt'" in table.note


@pytest.mark.parametrize("header", ["a,b", "passage,excerpt"])
def test_a_table_without_one_text_column_names_those_it_has(tmp_path: Path, header: str) -> None:
    with pytest.raises(UnreadableReportError) as caught:
        read_table(written(tmp_path / "a b.csv", f"{header}\n1,2\n"))
    assert all(f"'{name}'" in caught.value.cause for name in header.split(","))
    assert "'text'" in caught.value.cure
    assert "a b.csv" in str(caught.value)


def test_xlsx_keeps_numbers_dates_and_empty_texts_in_order(tmp_path: Path) -> None:
    import datetime

    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["Title of the export", None],
            ["text", "n", "when", "yes"],
            ["It works.", 3, datetime.datetime(2020, 1, 2), True],
            [None, 2.5, None, None],
            [None, None, None, None],
            ["=1+1 as text?", "x", None, None],
            [None, None, None, None],
        ],
    )
    assert rows_of(path) == [
        Row("It works.", {"n": 3, "when": "2020-01-02", "yes": "true"}, 1),
        Row("", {"n": 2.5, "when": None, "yes": None}, 2),
        Row("", {"n": None, "when": None, "yes": None}, 3),
        Row("", {"n": "x", "when": None, "yes": None}, 4),
    ]


def test_xlsx_takes_the_first_sheet_with_a_text_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["About", "this file"])
    book.create_sheet("Passages").append(["n", "text"])
    book["Passages"].append([1, "It works."])
    book.save(tmp_path / "a.xlsx")
    assert rows_of(tmp_path / "a.xlsx") == [Row("It works.", {"n": 1}, 1)]


def test_jsonl_keeps_values_and_names_the_broken_line(tmp_path: Path) -> None:
    good = {"text": "Ça marche.", "n": 1.5, "tags": ["a", "b"], "none": None}
    path = written(tmp_path / "a.jsonl", json.dumps(good) + "\n\n" + '{"n": 2}\n')
    assert read_table(path).columns == ("n", "tags", "none")
    assert rows_of(path) == [
        Row("Ça marche.", {"n": 1.5, "tags": '["a", "b"]', "none": None}, 1),
        Row("", {"n": 2}, 2),
    ]
    broken = written(tmp_path / "b.jsonl", '{"text": "a"}\n{"text": \n')
    with pytest.raises(UnreadableReportError, match="Line 2 is no JSON"):
        read_table(broken)
    with pytest.raises(UnreadableReportError, match="Line 1 is no JSON object"):
        read_table(written(tmp_path / "c.jsonl", '["text"]\n'))


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n\n", "empty"),
        ("a.jsonl", b"", "empty"),
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged"),
        ("a.xlsx", b"text,a\n1,2\n", "damaged"),
        ("a.csv", bytes(range(30)) * 50, "not a text file"),
    ],
)
def test_bad_tables_are_refused_in_plain_words(
    tmp_path: Path, name: str, data: bytes, cause: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableReportError, match=cause):
        read_table(tmp_path / name)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx", "jsonl"):
        with pytest.raises(UnreadableReportError, match="no such file"):
            read_table(tmp_path / f"none.{suffix}")


def test_rows_come_in_chunks(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text\n" + "".join(f"row {i}\n" for i in range(25)))
    chunks = list(iter_rows(read_table(path), chunk_rows=10))
    assert [len(chunk) for chunk in chunks] == [10, 10, 5]
    assert chunks[2][4] == Row("row 24", {}, 25)


@pytest.mark.slow
def test_a_long_table_does_not_fill_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text,n\n" + "It works well here.,1\n" * 100_000)
    tracemalloc.start()
    count = sum(len(chunk) for chunk in iter_rows(read_table(path)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 4_000_000


def test_rows_become_passages_with_what_their_columns_say(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        "text,Report,heading,page,lang\n"
        "It works.,kenya.pdf,Findings > Results,p. 12,EN-GB\n"
        "It works.,kenya.pdf,,,\n"
        "Les mutuelles ont renforcé la protection sociale des artisans.,,Constats,3.0,\n"
        ",,,x,\n",
    )
    table = read_table(path)
    ids = PassageIds()
    passages = [
        p for rows in iter_rows(table, chunk_rows=1) for p in table_passages(table, rows, ids)
    ]
    assert [p.report for p in passages] == ["kenya.pdf", "kenya.pdf", "a.csv", "a.csv"]
    assert [p.heading for p in passages] == [("Findings", "Results"), (), ("Constats",), ()]
    assert [p.page for p in passages] == [12, None, 3, None]
    assert [p.order for p in passages] == [1, 2, 3, 4]
    assert [p.language for p in passages][::2] == ["en", "fr"]
    assert passages[3].text == ""
    assert [p.id for p in passages[:2]] == [passage_id("kenya.pdf", "It works.", n) for n in (1, 2)]


def test_a_short_text_takes_the_language_of_its_neighbours(tmp_path: Path) -> None:
    long = "La apropiación por parte del ministerio explica por qué se aprobó la reforma."
    path = written(tmp_path / "a.csv", f"text\nGobierno\n{long}\n{long}\n")
    table = read_table(path)
    rows = next(iter_rows(table))
    assert [p.language for p in table_passages(table, rows, PassageIds())] == ["es", "es", "es"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('text,a\nfine,1\n"unclosed,u1\n' + "late,u1\n" * 300, 3),
        ('text,a\n"unclosed,u1', 2),
        ('sep=,\ntext,a\n"two\nlines ""so""",1\n"unclosed\n\n', 5),
    ],
    ids=["rows swallowed", "last line", "after lines within quotes"],
)
def test_a_quote_that_is_never_closed_swallows_no_rows(
    tmp_path: Path, text: str, line: int
) -> None:
    path = written(tmp_path / "a.csv", text)
    with pytest.raises(UnreadableReportError, match=f"Line {line} opens a quote that is never"):
        rows_of(path)


def test_quotes_within_a_text_are_part_of_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'text,a\na 5" pipe,1\n"one ""two""\nthree",2\n"x"y,3\n')
    assert [row.text for row in rows_of(path)] == ['a 5" pipe', 'one "two"\nthree', "xy"]


@pytest.mark.parametrize("name", ["Rapport", "informe", "Relatório", "document"])
def test_the_report_is_known_in_other_languages_too(tmp_path: Path, name: str) -> None:
    table = read_table(written(tmp_path / "a.csv", f"texte,{name}\nun,kenya.pdf\ndeux,\n"))
    passages = table_passages(table, next(iter_rows(table)), PassageIds())
    assert [one.report for one in passages] == ["kenya.pdf", "a.csv"]
