"""Lists of evaluations as offices keep them."""

from pathlib import Path

import openpyxl
import pytest

from whatworks.labels.register_file import RegisterFile, read_register
from whatworks.nlp.errors import WhatworksError


def read(tmp_path: Path, text: str, *, name: str = "list.csv", encoding: str = "utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding)
    return read_register(path)


def told(tmp_path: Path, text: str) -> list[str]:
    """What is said of a list that cannot be taken, without its name."""
    with pytest.raises(WhatworksError) as error:
        read(tmp_path, text)
    return str(error.value).replace(str(tmp_path / "list.csv"), "list.csv").split("\n  ")


def given(file: RegisterFile) -> list[dict[str, object]]:
    return [dict(row.given) for row in file.rows]


FRENCH = """Titre;Référence;Type d'évaluation;Moment;Pays;Année;Bailleurs;Fichier;Remarques
Évaluation du projet;MLI/12;Indépendante;mi-parcours;"Mali; Bénin";juin 2016;A;mali.pdf;ok

Deuxième;;;;;;;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_list_is_read_whatever_its_language_separator_and_encoding(tmp_path, encoding) -> None:
    file = read(tmp_path, FRENCH, encoding=encoding)
    assert given(file) == [
        {
            "title": "Évaluation du projet",
            "symbol": "MLI/12",
            "type": "independent",
            "timing": "mid-term",
            "countries": ("ML", "BJ"),
            "year": 2016,
            "funding": ("A",),
            "report": "mali.pdf",
        },
        {"title": "Deuxième"},
    ]
    assert [row.number for row in file.rows] == [2, 4]
    assert file.left_out == ("Remarques",)


def test_a_workbook_is_read_from_the_sheet_and_row_that_have_a_title(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["This list was made by the office"])
    sheet = book.create_sheet("Evaluations 2012-2018")
    for row in [
        ["Short-listed evaluations"],
        [],
        ["Country", "Year", "Title"],
        ["Peru", 2017.0, "Inspección"],
        [None, None, None],
        ["Mali", 2016, "Mutuelles"],
    ]:
        sheet.append(row)
    path = tmp_path / "list.xlsx"
    book.save(path)
    file = read_register(path)
    assert given(file) == [
        {"countries": ("PE",), "year": 2017, "title": "Inspección"},
        {"countries": ("ML",), "year": 2016, "title": "Mutuelles"},
    ]
    assert [row.number for row in file.rows] == [4, 6]


def test_every_wrong_cell_is_told_with_its_row_and_column(tmp_path) -> None:
    text = (
        "Title,Country,Year,Type,Timing,Language\n"
        "A,Malii,20016,indepndent,mid,Frensh\n"
        "B,Peru,2016,internal,final,fr\n"
        ",Peru,,,,\n"
    )
    assert told(tmp_path, text) == [
        "list.csv: 6 problems; nothing was stored.",
        "Row 2: Country: unknown country 'Malii'. Nearest: 'Mali'.",
        "Row 2: Year: '20016' has no year. Write one from 1945 to 2100.",
        "Row 2: Type: unknown type 'indepndent'. Nearest: 'independent'. There are independent, "
        "internal, joint, high-level.",
        "Row 2: Timing: unknown timing 'mid'. Nearest: 'mid-term'. There are mid-term, final, "
        "ex-post.",
        "Row 2: Language: unknown language 'Frensh'. Nearest: 'french'.",
        "Row 4: Title: it is empty. Each evaluation needs a title.",
    ]


def test_of_many_wrong_cells_twenty_are_told(tmp_path) -> None:
    lines = told(tmp_path, "Title,Country\n" + "A,Atlantis\n" * 25)
    assert lines[0] == "list.csv: 25 problems; nothing was stored."
    assert (len(lines), lines[-1]) == (22, "... and 5 more.")


@pytest.mark.parametrize("column", ["Symbol", "File"])
def test_what_may_stand_once_is_told_where_it_stands_twice(tmp_path, column) -> None:
    assert told(tmp_path, f"Title,{column}\nA,X/1\nB,\nC,x/1\n") == [
        "list.csv: 1 problem; nothing was stored.",
        f"Row 4: {column}: 'x/1' stands in row 2 too. Each evaluation needs its own.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Name,Country\nA,Mali\n", "no column gives the title of the evaluations; the columns are"),
        ("Title,Titre\nA,B\n", "the columns 'Title' and 'Titre' both give the title. Rename or"),
        ("Title,Country\n", "the list has no row below its header."),
        ("Title,Country\n,\n", "the list has no row below its header."),
        ("Title\nA\nB,C\n", "Line 3 has 2 cells, the header only 1."),
        ("", "The table is empty."),
    ],
)
def test_a_list_that_is_none_is_told(tmp_path, text, said) -> None:
    (line,) = told(tmp_path, text)
    assert line.startswith(f"list.csv: {said}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("list.docx", "a register is not read from '.docx' files. Save it as .xlsx or .csv."),
        ("none.xlsx", "There is no such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path, name, said) -> None:
    (tmp_path / "list.docx").write_text("x")
    with pytest.raises(WhatworksError, match=said):
        read_register(tmp_path / name)


def test_a_fact_that_is_far_too_long_is_told(tmp_path) -> None:
    _, line = told(tmp_path, f"Title,Symbol\n{'long ' * 500},A\n")
    assert line.startswith("Row 2: Title: the title 'long long")
    assert line.endswith("has 2,499 characters. Give at most 2,000.")
