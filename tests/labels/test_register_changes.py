"""What a list changes, and which report an evaluation is about."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from whatworks.labels.register import Evaluation, Facts
from whatworks.labels.register_changes import RowOutcome, compare, differences, shown
from whatworks.labels.register_file import RegisterFile, Row, WrongCellsError
from whatworks.labels.register_reports import ReportLinks, ReportName
from whatworks.labels.register_words import READ

MALI = Evaluation(1, 1, Facts("Mali: mutuelles", symbol="MLI/12", year=2016, funding=("A",)))
PERU = Evaluation(2, 2, Facts("Perú, inspección"))


def outcomes(
    *rows: dict[str, object],
    listed: Sequence[Evaluation] = (MALI, PERU),
    removed: Sequence[Evaluation] = (),
    reports: Sequence[ReportName] = (),
) -> tuple[RowOutcome, ...]:
    file = RegisterFile(
        Path("list.csv"),
        tuple(
            Row(n, {k: v for k, v in row.items() if k != "mark"}, str(row.get("mark", "")))
            for n, row in enumerate(rows, 2)
        ),
        (),
    )
    return compare(file, listed, removed, ReportLinks.of(reports, listed))


def told(*rows: dict[str, object], listed: Sequence[Evaluation] = (MALI, PERU)) -> str:
    with pytest.raises(WrongCellsError) as error:
        outcomes(*rows, listed=listed)
    return "\n".join(error.value.wrong)


def test_a_row_is_found_by_mark_then_symbol_then_title() -> None:
    by_mark, by_symbol, by_title, new = outcomes(
        {"mark": "E2", "title": "Another title"},
        {"symbol": "mli/12", "title": "Mali: mutuelles de santé"},
        {"title": "Third"},
        {"title": "MALI - MUTUELLES", "symbol": "MLI/13"},
    )
    assert (by_mark.evaluation, by_symbol.evaluation) == (PERU, MALI)
    assert by_title.evaluation is None
    assert new.evaluation is None  # its symbol is another
    (same,) = outcomes({"title": "PERU - INSPECCION", "symbol": "PER/1"})
    assert same.evaluation == PERU
    assert same.differences == (
        "title: PERU - INSPECCION (was Perú, inspección)",
        "symbol: PER/1",
    )


def test_what_a_row_leaves_empty_stays() -> None:
    (one,) = outcomes({"title": "Mali: mutuelles", "symbol": "MLI/12", "year": 2017})
    assert one.facts == dataclasses.replace(MALI.facts, year=2017)
    assert one.differences == ("year: 2017 (was 2016)",)


def test_a_row_that_says_the_same_changes_nothing() -> None:
    (one,) = outcomes({"title": " Mali:  mutuelles", "symbol": "MLI/12", "funding": ("A", "A")})
    assert (one.evaluation, one.differences) == (MALI, ())


def test_one_that_was_taken_off_stays_off() -> None:
    (one,) = outcomes({"title": "Perú, inspección", "year": 2017}, listed=[MALI], removed=[PERU])
    assert (one.is_removed, one.differences) == (True, ())


def test_rows_about_one_evaluation_are_told() -> None:
    assert told(
        {"title": "Mali: mutuelles", "symbol": "MLI/12"},
        {"title": "mali mutuelles"},
        {"title": "New"},
        {"title": "NEW", "symbol": "N/1"},
    ) == (
        "Row 3: it is about the same evaluation as row 2. Leave one of them out, or give each a "
        "symbol.\n"
        "Row 5: it is about the same evaluation as row 4. Leave one of them out, or give each a "
        "symbol."
    )


def test_a_mark_that_nobody_gave_and_a_title_that_several_have_are_told() -> None:
    final = Evaluation(3, 30, dataclasses.replace(MALI.facts, symbol="MLI/12-2"))
    assert told(
        {"mark": "E9", "title": "X"}, {"title": "Mali mutuelles"}, listed=(MALI, final)
    ) == (
        "Row 2: Unknown mark 'E9'. Nearest: 'E1'. Leave it empty for a new evaluation.\n"
        "Row 3: E1, E30 have this title. Give the row a symbol."
    )


REPORTS = (
    ReportName("MLI-12.pdf", ""),
    ReportName("final.pdf", "Perú: Inspección"),
    ReportName("2016/annex.docx", "Annex"),
)


def test_a_report_is_linked_by_its_name_or_title_and_it_is_said_why() -> None:
    mali, peru, new = outcomes(
        {"title": "Mali: mutuelles", "symbol": "MLI/12"},
        {"title": "Perú, inspección"},
        {"title": "Something else"},
        reports=REPORTS,
    )
    assert (mali.facts.report, mali.link) == ("MLI-12.pdf", "its name is the symbol")
    assert (peru.facts.report, peru.link) == ("final.pdf", "its title is the title")
    assert (new.facts.report, new.link) == ("", "")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("final.pdf", "final.pdf"),
        ("annex.docx", "2016/annex.docx"),
        ("C:\\reports\\annex.docx", "2016/annex.docx"),
        ("reports/final.pdf", "final.pdf"),
        ("final", "final.pdf"),
        ("later/not-there-yet.pdf", "not-there-yet.pdf"),
    ],
)
def test_a_file_is_found_by_what_a_list_calls_it(given: str, name: str) -> None:
    (one,) = outcomes({"title": "New", "report": given}, reports=REPORTS)
    assert one.facts.report == name


def test_a_report_is_never_taken_from_another_evaluation() -> None:
    owner = Evaluation(3, 3, Facts("Owner", report="final.pdf"), report_id=7)
    (one,) = outcomes({"title": "Perú: Inspección"}, listed=(owner, PERU), reports=REPORTS)
    assert one.facts.report == ""
    named, by_title = outcomes(
        {"title": "New", "report": "final.pdf"}, {"title": "Perú, inspección"}, reports=REPORTS
    )
    assert (named.facts.report, by_title.facts.report) == ("final.pdf", "")


def test_of_two_reports_that_fit_none_is_taken() -> None:
    reports = (*REPORTS, ReportName("copy.pdf", "Perú, inspección"))
    (one,) = outcomes({"title": "Perú, inspección"}, reports=reports)
    assert one.facts.report == ""


def test_facts_are_read_back_as_they_are_shown() -> None:
    facts = Facts(
        "A",
        type="joint",
        timing="ex-post",
        regions=("Africa", "Arab States"),
        countries=("CI", "CD", "ST"),
        funding=("France", "EU"),
        year=2016,
        language="pt",
    )
    for field in READ:
        text = shown(facts, field)
        assert not text or READ[field](text) == getattr(facts, field)
        assert shown(Facts("A"), field) == ""


def test_differences_are_told_with_what_was_before() -> None:
    after = dataclasses.replace(MALI.facts, funding=(), countries=("ML", "BJ"), report="a.pdf")
    assert differences(MALI.facts, after) == (
        "countries: Mali; Benin",
        "funding: nothing (was A)",
        "file: a.pdf",
    )
