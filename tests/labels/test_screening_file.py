"""Screening that was done in a spreadsheet: what is read, and what is said of the rest."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from whatworks.labels.register import Evaluation, Facts
from whatworks.labels.screening import Appraised, Criterion, ScreeningPlan
from whatworks.labels.screening_file import ScreeningFile, read_screening
from whatworks.labels.screening_rules import Said
from whatworks.nlp.errors import WhatworksError

PLAN = ScreeningPlan(
    criteria=(
        Criterion("off-topic", "It is not on the topic", "exclude"),
        Criterion("no-findings", "It has no findings", "exclude"),
        Criterion("on-topic", "It is on the topic", "include"),
    )
)
LISTED = (
    Evaluation(71, 1, Facts("Mali, mid-term", symbol="MLI/12")),
    Evaluation(72, 2, Facts("Mali, final", symbol="MLI/13")),
    Evaluation(73, 3, Facts("Évaluation finale : Pérou")),
)


def read(path: Path, text: str, by: str = "Ana") -> ScreeningFile:
    path.write_text(text, "utf-8")
    return read_screening(path, PLAN, LISTED, by)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_verdicts_come_with_their_reasons_notes_and_screeners(path: Path) -> None:
    found = read(
        path,
        "symbol,title,screener,verdict,reasons,note,settles\n"
        "MLI/12,Mali,Ben,exclude,off-topic; no-findings,Thin,\n"
        "mli/12,Mali,,include,,,\n"
        ",evaluation finale - perou,Chloé,exclude,It has no findings,We talked,yes\n",
    )
    assert found.said == (
        (71, Said("Ben", "exclude", ("off-topic", "no-findings"), "Thin")),
        (71, Said("Ana", "include")),
        (73, Said("Chloé", "exclude", ("no-findings",), "We talked", settles=True)),
    )
    assert found.said_in == (2, 3, 4)
    assert (found.appraised, found.rows, found.left_out) == ((), 3, ())


def test_a_symbol_that_looks_like_a_mark_or_a_number_is_a_symbol(path: Path) -> None:
    listed = (
        Evaluation(71, 1, Facts("Water in Mali", symbol="2")),
        Evaluation(72, 2, Facts("Health in Peru", symbol="1")),
        Evaluation(73, 3, Facts("Roads in Togo", symbol="E1")),
    )
    path.write_text(
        "Symbol,Title,Verdict\n1,Health in Peru,exclude\n2,Water,include\nE1,,include\n", "utf-8"
    )
    said = read_screening(path, PLAN, listed, "Ana").said
    assert [entry for entry, _ in said] == [72, 71, 73]
    path.write_text("Mark,Verdict\n1,exclude\nE1,exclude\n", "utf-8")
    assert [entry for entry, _ in read_screening(path, PLAN, listed, "Ana").said] == [71, 71]
    path.write_text("Symbol,Title,Verdict\n1,Water in Mali,exclude\n", "utf-8")
    with pytest.raises(WhatworksError, match=r"Row 2: it names two evaluations: '1' is E2 and"):
        read_screening(path, PLAN, listed, "Ana")


@pytest.mark.parametrize(
    "text",
    [
        "Símbolo;Decisión;Motivos;Comentario;Evaluador\nMLI/12;Excluir;off-topic;Nada;Ben\n",
        "Cote\tDécision\tMotif\tRemarque\tÉvaluatrice\nMLI/12\texclu\toff topic\tNada\tBen\n",
        "Código|Decisão|Critérios|Observação|Avaliadora\nMLI/12|EXCLUÍDA|off-topic|Nada|Ben\n",
    ],
    ids=["es", "fr", "pt"],
)
def test_headings_and_words_are_known_in_four_languages(path: Path, text: str) -> None:
    assert read(path, text).said == ((71, Said("Ben", "exclude", ("off-topic",), "Nada")),)


def test_answers_to_the_checklist_may_stand_beside_verdicts_or_alone(path: Path) -> None:
    found = read(
        path,
        "Mark,Verdict,Appraiser,Relevant,COMPLETE,Evidence based,Note\n"
        "E1,include,Ben,oui,partly,,Good\n"
        "E2,,Ben,,no,,Thin\n"
        "E3,,,,,,\n",
    )
    assert found.said == ((71, Said("Ben", "include", note="Good")),)
    assert found.appraised == (
        (71, Appraised("Ben", {"Complete": "partly", "Relevant": "yes"})),
        (72, Appraised("Ben", {"Complete": "no"}, "Thin")),
    )
    assert found.rows == 3


def test_a_workbook_is_read_below_whatever_stands_above_its_header(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = Workbook()
    rows: Sequence[Sequence[object]] = (
        ("Screening of 2026",),
        (),
        ("No.", "Mark", "Verdict"),
        (1, "E2", "include"),
        (None, None, None),
        (2, "E3", "possible"),
    )
    for row in rows:
        book.active.append(row)
    book.save(path)
    found = read_screening(path, PLAN, LISTED, "Ana")
    assert found.said == ((72, Said("Ana", "include")), (73, Said("Ana", "possible")))
    assert found.said_in == (4, 6)
    assert found.left_out == ("No.",)


def test_all_wrong_cells_are_told_with_row_and_column(path: Path) -> None:
    with pytest.raises(WhatworksError) as error:
        read(
            path,
            "Mark,Verdict,Reasons,Settles,Relevant\n"
            "E1,include,on-topic,,yes\n"
            "E9,exlude,,,maybe\n"
            ",include,,,\n"
            "E2,exclude,of-topic; on-topic,partly,\n"
            "E3,,off-topic,,\n"
            "E3,,,yes,\n"
            "E3,,,no,\n",
        )
    lines = str(error.value).splitlines()
    assert lines[0] == f"{path}: 9 problems; nothing was stored."
    assert [line.strip().partition(". ")[0] for line in lines[1:]] == [
        "Row 3: Verdict: Unknown verdict 'exlude'",
        "Row 3: Relevant: Unknown answer 'maybe'",
        "Row 3: Mark: Unknown evaluation 'E9'",
        "Row 4: it does not say which evaluation it is about.",
        "Row 5: Reasons: Unknown reason to exclude 'of-topic'",
        "Row 5: Reasons: Unknown reason to exclude 'on-topic'",
        "Row 5: Settles: Nothing is settled partly",
        "Row 6: Reasons: the row gives no verdict",
        "Row 7: Settles: the row gives no verdict",
    ]
    assert "Nearest: 'exclude'" in lines[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Name,Verdict\nAna,include\n", r"no column says which evaluation .* 'Name', 'Verdict'\."),
        ("Mark,Title\nE1,Mali\n", r"neither a column 'Verdict' nor one of the checklist \(Compre"),
        ("Mark,Verdict,Decision\nE1,include,include\n", r"'Verdict' and 'Decision' both give the"),
        ("", r"The table is empty"),
    ],
)
def test_a_file_that_is_no_such_list_is_told(path: Path, text: str, message: str) -> None:
    with pytest.raises(WhatworksError, match=message):
        read(path, text)


def test_another_kind_of_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match=r"not read from '\.docx' files\. Save it as \.xlsx"):
        read_screening(tmp_path / "list.docx", PLAN, LISTED, "Ana")
