"""Review sheets with made-up passages, and hands that fill them in."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl

from whatworks.labels.codebook import Codebook, load_codebook
from whatworks.labels.decisions import Answer, Decision
from whatworks.labels.exchange.review_facts import Facts, KnownPassage
from whatworks.labels.exchange.review_sheet import ReviewRow, ReviewSheet
from whatworks.labels.exchange.review_workbook import write_review_workbook
from whatworks.labels.resolution import Translations
from whatworks.nlp.passages import PassageId

WORKBOOK = "0a1b2c3d4e5f"
TITLES = 2
"""The row of the titles in the sheet Review; passages begin below."""


def row_of(n: int, text: str = "", **more: Any) -> ReviewRow:
    """The n-th passage, from 1: suggested are 'success factor' and 'local presence'."""
    settings: dict[str, Any] = {
        "report": "mali.pdf",
        "page": n,
        "heading": ("Findings", "Effectiveness"),
        "suggestion_id": 100 + n,
        "labels": (("success_factor", 0.912),),
        "themes": (("local-presence", 0.71),),
    }
    text = text or f"Local staff stayed in village {n}."
    return ReviewRow(PassageId(f"{n:016x}"), text=text, **(settings | more))


def sheet_of(*rows: ReviewRow, **changes: Any) -> ReviewSheet:
    """A sheet of these rows, or of three."""
    sheet = ReviewSheet(
        project="project-1",
        title="What works in Mali",
        workbook_id=WORKBOOK,
        codebook=load_codebook(),
        codebook_number=1,
        language="en",
        rows=rows or (row_of(1), row_of(2), row_of(3)),
        created_at="2026-11-23T12:31:00.000000Z",
        created_by="Ana",
        version="0.1.0",
    )
    return replace(sheet, **changes)


def written(folder: Path, sheet: ReviewSheet, name: str = "review.xlsx") -> Path:
    """The sheet as a workbook."""
    path = folder / name
    write_review_workbook(path, sheet)
    return path


def fill(path: Path, cells: Mapping[int, Mapping[str, Any]]) -> Path:
    """Writes into a workbook as a reviewer does: row of the sheet to title to value."""
    book = openpyxl.load_workbook(path, rich_text=True)
    sheet = book["Review"]
    places = {cell.value: cell.column for cell in sheet[TITLES]}
    for row, values in cells.items():
        for title, value in values.items():
            sheet.cell(row, places[title]).value = value
    book.save(path)
    return path


def facts_of(
    sheet: ReviewSheet,
    *,
    decisions: Mapping[str, list[Decision]] | None = None,
    codebook: Codebook | None = None,
    steps: tuple[Mapping[str, Mapping[str, str | None]], ...] = (),
    gone: tuple[str, ...] = (),
) -> Facts:
    """What a project would say that made this sheet, and changed its codebook since by steps."""
    shown = {
        row.suggestion_id: (
            row.passage_id,
            Answer.of((code for code, _ in row.labels), (code for code, _ in row.themes)),
        )
        for row in sheet.rows
        if row.suggestion_id is not None
    }
    translations = Translations(({}, *steps))
    return Facts(
        project=sheet.project,
        current=1 + len(steps),
        number=1,
        codebook=codebook or sheet.codebook,
        translations=translations,
        passages={
            row.passage_id: KnownPassage(row.report, row.text, row.passage_id not in gone)
            for row in sheet.rows
        },
        shown=shown,
        now={id_: translations.suggestion(1, answer) for id_, (_, answer) in shown.items()},
        decisions={PassageId(one): said for one, said in (decisions or {}).items()},
        hidden={row.passage_id for row in sheet.rows} if sheet.blind else (),
    )
