"""The register as a file that is read again."""

import csv
from pathlib import Path

import openpyxl
import pytest

from whatworks.labels.exchange.register_sheet import write_register
from whatworks.labels.register import Evaluation, Facts, clean_facts
from whatworks.labels.register_changes import compare
from whatworks.labels.register_file import read_register
from whatworks.labels.register_reports import ReportLinks, ReportName
from whatworks.nlp.errors import WhatworksError

FACTS = (
    Facts(
        "Évaluation finale: Mali",
        symbol="007",
        type="independent",
        timing="ex-post",
        nature="project",
        regions=("Africa", "Arab States"),
        countries=("ML", "CI", "CD", "ST", "BO"),
        coverage=("social protection",),
        funding=("France", "UK, DFID"),
        year=2016,
        language="fr",
        project="MLI/12",
        report="2016/mali.pdf",
    ),
    Facts("=1+1"),
    Facts("- a dash, 'quotes' and \"more\"", report="not-there.pdf"),
    Facts("تقييم مشروع الحماية الاجتماعية في لبنان", countries=("LB",), year=2019),
    Facts("Very long " * 190),
    Facts("2016"),
)
EVALUATIONS = tuple(Evaluation(n, n + 1, clean_facts(one)) for n, one in enumerate(FACTS))
REPORTS = [ReportName("2016/mali.pdf", "Évaluation finale: Mali")]


@pytest.mark.parametrize("name", ["register.xlsx", "register.csv"])
def test_what_is_written_is_read_again_and_changes_nothing(tmp_path: Path, name: str) -> None:
    write_register(tmp_path / name, EVALUATIONS)
    file = read_register(tmp_path / name)
    assert file.left_out == ()
    outcomes = compare(file, EVALUATIONS, (), ReportLinks.of(REPORTS, EVALUATIONS))
    assert [(one.evaluation, one.facts) for one in outcomes] == [
        (one, one.facts) for one in EVALUATIONS
    ]
    new = compare(file, EVALUATIONS, (), ReportLinks.of(REPORTS, EVALUATIONS))
    assert not any(one.differences for one in new)


def test_a_title_that_was_changed_in_the_file_is_still_about_the_same(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    write_register(path, EVALUATIONS)
    book = openpyxl.load_workbook(path)
    book["Register"]["B3"] = "Another title"
    book.save(path)
    outcomes = compare(read_register(path), EVALUATIONS, (), ReportLinks.of(REPORTS, EVALUATIONS))
    assert outcomes[1].differences == ("title: Another title (was =1+1)",)


def test_the_workbook_says_what_people_read(tmp_path: Path) -> None:
    write_register(tmp_path / "register.xlsx", EVALUATIONS)
    sheet = openpyxl.load_workbook(tmp_path / "register.xlsx")["Register"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (
        "Mark",
        "Title",
        "Symbol",
        "Type",
        "Timing",
        "Nature",
        "Regions",
        "Countries",
        "Thematic coverage",
        "Funding",
        "Year",
        "Language",
        "Project",
        "File",
    )
    assert rows[1][:4] == ("E1", "Évaluation finale: Mali", "007", "independent")
    assert rows[1][7] == "Mali; Côte d’Ivoire; DR Congo; São Tomé & Príncipe; Bolivia"
    assert (rows[1][10], rows[2][1], rows[2][2]) == (2016, "=1+1", None)
    assert sheet["B3"].data_type == "s"
    assert sheet.freeze_panes == "C2"


def test_a_csv_runs_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    write_register(tmp_path / "register.csv", EVALUATIONS)
    with (tmp_path / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = [row["Title"] for row in csv.DictReader(file)]
    assert titles[1:3] == ["'=1+1", "'- a dash, 'quotes' and \"more\""]


def test_an_empty_register_is_a_header(tmp_path: Path) -> None:
    write_register(tmp_path / "register.csv", ())
    assert len((tmp_path / "register.csv").read_text("utf-8-sig").splitlines()) == 1


@pytest.mark.parametrize("name", ["register.docx", "missing/register.xlsx"])
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(WhatworksError, match=r"as \.xlsx or \.csv|There is no folder"):
        write_register(tmp_path / name, EVALUATIONS)
