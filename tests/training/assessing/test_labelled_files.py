"""Labelled passages from files of every kind, and what is wrong with them."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.stored import add, report_of, suggest, with_codebook
from whatworks.labels.codebook import load_codebook
from whatworks.labels.exchange.review_workbook import write_review_workbook
from whatworks.labels.store.database import create_store
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.review_sheets import Wanted, make_review_sheet
from whatworks.nlp.errors import WhatworksError
from whatworks.training.assessing.labelled_files import read_labelled
from whatworks.training.assessing.memory import without_learned
from whatworks.training.examples import load_corpus

CODEBOOK = load_codebook()


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_csv_has_ids_names_in_any_language_and_both_separators(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        "Passage,Labels,Themes,Report,Language,Page\n"
        "One,obstacle; lesson,local-presence,a.pdf,en,4\n"
        "Two,Lesson|Obstáculo,,a.pdf,es,\n"
        "Three,none,,b.pdf,pt,\n"
        "Four,,,b.pdf,pt,\n",
    )
    found = read_labelled(path, CODEBOOK)
    assert [one.labels for one in found.examples] == [
        ("obstacle", "lesson"),
        ("lesson", "obstacle"),
        (),
        (),
    ]
    assert found.examples[0].themes == ("local-presence",)
    assert [one.language for one in found.examples] == ["en", "es", "pt", "pt"]
    assert (found.reports, found.passages[0].page, found.file) == (2, 4, "a.csv")
    assert "2 of 4 passages without a label: they count as holding no finding." in found.notes


def test_a_jsonl_has_lists(tmp_path: Path) -> None:
    rows = [
        {"text": "One", "labels": ["obstacle"], "themes": ["local-presence"], "doc": "a"},
        {"text": "Two", "labels": [], "themes": [], "doc": "b"},
    ]
    path = written(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))
    found = read_labelled(path, CODEBOOK)
    assert [one.labels for one in found.examples] == [("obstacle",), ()]
    assert [one.report for one in found.examples] == ["a", "b"]


def test_an_xlsx_and_a_tsv_are_read_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("finding_type", "text"), ("Good practice", "One"), (None, "Two")):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "a.xlsx")
    tsv = written(tmp_path / "a.tsv", "text\tlabel\nOne\tgood_practice\nTwo\t\n")
    for path in (tmp_path / "a.xlsx", tsv):
        found = read_labelled(path, CODEBOOK)
        assert [one.labels for one in found.examples] == [("good_practice",), ()]
        assert any("No column 'report'" in note for note in found.notes)
        assert not found.by_report


def test_an_unknown_label_is_named_with_its_row_and_the_nearest(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv", "text,labels,themes\nOne,lesson,\nTwo,sucess_factor,lokal-presence\n"
    )
    with pytest.raises(WhatworksError) as error:
        read_labelled(path, CODEBOOK)
    said = str(error.value)
    assert "Unknown label 'sucess_factor'" in said
    assert f"{path}, row 2" in said
    assert "Nearest: 'success_factor'" in said
    assert "Unknown theme 'lokal-presence'" in said
    assert "Nearest: 'local-presence'" in said


def test_labels_that_are_parted_by_commas_are_several(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'text,labels\nOne,"Success factor, lesson"\n')
    assert read_labelled(path, CODEBOOK).examples[0].labels == ("success_factor", "lesson")
    path = written(tmp_path / "a.csv", 'text,labels\nOne,"Success factor, lessson"\n')
    with pytest.raises(WhatworksError, match=r"'Success factor, lessson'.*Put ; between several"):
        read_labelled(path, CODEBOOK)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "text,lables\nOne,lesson\n", "Is it 'lables'? Name it 'labels'."),
        ("a.csv", "text,labels\n", "It holds no passage."),
        ("a.csv", "", "The table is empty."),
        ("a.csv", "labels,words\nlesson,One\n", "no 'text' column"),
        ("a.jsonl", "{", "is no JSON"),
        ("a.docx", "", "are read from .csv, .jsonl, .tsv, .xlsx files"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(WhatworksError) as error:
        read_labelled(written(tmp_path / name, text), CODEBOOK)
    assert said in str(error.value)
    assert name in str(error.value)


def test_suggestions_of_a_model_are_no_labels(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv", 'text,labels,status\nOne,lesson,"suggested, not confirmed"\n'
    )
    with pytest.raises(WhatworksError, match="suggestions of a model that no one has confirmed"):
        read_labelled(path, CODEBOOK)


def test_one_text_with_two_answers_and_another_language_are_pointed_out(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        "text,labels,language\nThe same,lesson,en\nThe  same,obstacle,en\nMoja,lesson,sw\n",
    )
    notes = " ".join(read_labelled(path, CODEBOOK).notes)
    assert "1 text with different labels in different places" in notes
    assert "1 passage of a language that the starter never learned (sw)" in notes


def test_a_filled_in_workbook_of_export_is_read(tmp_path: Path) -> None:
    store = create_store(tmp_path / "project.db")
    with_codebook(store)
    add(store, report_of("a.pdf", *(f"Passage number {n} of the report." for n in range(6))))
    with store.reading() as connection:
        passages = current_passages(connection)
    suggest(store, passages, lesson=0.8)
    with store.reading() as connection:
        sheet = make_review_sheet(
            connection, Wanted((), "", ()), by="ana", title="T", language="es", version="1"
        )
    path = tmp_path / "ana.xlsx"
    write_review_workbook(path, sheet)
    with pytest.raises(WhatworksError, match="nothing is decided in it yet"):
        read_labelled(path, CODEBOOK)
    fill(path, ["confirm", "correct", "reject", "unsure"])
    found = read_labelled(path, CODEBOOK)
    assert [one.labels for one in found.examples] == [("lesson",), ("obstacle",), ()]
    assert [one.id for one in found.examples] == [one.id for one in passages[:3]]
    assert {one.report for one in found.examples} == {"a.pdf"}
    assert "3 rows undecided or unsure left out." in found.notes
    fill(path, ["perhaps"])
    with pytest.raises(WhatworksError, match="row 3: Decision: unknown decision 'perhaps'"):
        read_labelled(path, CODEBOOK)


def fill(path: Path, decisions: list[str]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Review"]
    titles = [cell.value for cell in sheet[2]]
    for row, decision in enumerate(decisions, 3):
        sheet.cell(row, titles.index("Decision") + 1).value = decision
        if decision == "correct":
            sheet.cell(row, titles.index("Obstáculo") + 1).value = "yes"
    book.save(path)


def test_what_a_model_has_learned_from_is_left_out(tmp_path: Path) -> None:
    learned = load_corpus()[0]
    rows = [{"text": text, "labels": []} for text in (learned.text.upper(), "Something new.")]
    path = written(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))
    found = without_learned(read_labelled(path, CODEBOOK), (), "in the starter corpus")
    assert [one.text for one in found.examples] == ["Something new."]
    assert "1 passage is in the starter corpus" in found.notes[-1]
    written(path, json.dumps(rows[0]))
    with pytest.raises(WhatworksError, match="memory, not skill"):
        without_learned(read_labelled(path, CODEBOOK), (), "in the starter corpus")
