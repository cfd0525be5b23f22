"""What reviewers filled into a workbook of ``whatworks export``, as labelled passages."""

import re
from collections.abc import Iterator
from pathlib import Path

from ...labels.codebook import Codebook
from ...labels.decisions import Answer
from ...labels.exchange.review_answer import RowProblemsError, RowReader
from ...labels.exchange.review_check import first_of
from ...labels.exchange.review_columns import CodeNames, FoundColumns, find_columns
from ...labels.exchange.review_import import ENDINGS, FilledRow, FilledSheet, read_review
from ...labels.exchange.review_sheet import HIDDEN, NO_FINDING, NOT_LABELLED, matching
from ...models.suggester import passage_text
from ...nlp.errors import WhatworksError
from ...nlp.languages import detect_language
from ...nlp.passages import Passage, PassageId
from ..examples import Example
from .passages import Labelled, count_of

_PERCENT = re.compile(r"\s*<?\d+%$")


def review_sheet(path: Path) -> FilledSheet | None:
    """The sheet of such a workbook, None where a file is another kind of table."""
    if path.suffix.lower() not in ENDINGS:
        return None
    try:
        return read_review(path)
    except WhatworksError:
        # No such table, or damaged: then it is damaged for who reads it as a table, too.
        return None


def review_labels(sheet: FilledSheet, codebook: Codebook) -> Labelled:
    """The rows in which something was decided, but for 'unsure'.

    Raises:
        WhatworksError: a column is missing or a row contradicts itself; all such are named.
    """
    path = sheet.path
    language = sheet.notes.get("language", "en")
    columns = find_columns(sheet, codebook, language)
    types = CodeNames(codebook.finding_types, language)
    themes = CodeNames(codebook.themes, language)
    reader = RowReader(columns, themes)
    examples: list[Example] = []
    passages: list[Passage] = []
    problems: list[str] = []
    open_rows = 0
    for row in sheet.rows:
        if not reader.filled(row):
            open_rows += bool(columns.text(row, "text"))
            continue
        suggested = _suggested(columns, row, types, themes)
        blind = columns.text(row, "suggested") == HIDDEN
        try:
            said = reader.read(row, suggested, blind=blind)
        except RowProblemsError as error:
            problems += [f"{path}, row {row.number}: {text}" for text in error.texts]
            continue
        if said.word == "unsure":
            open_rows += 1
            continue
        answer = (suggested or Answer()) if said.word == "confirm" else said.answer
        passage = _passage(columns, row, len(passages) + 1)
        passages.append(passage)
        examples.append(
            Example(
                id=passage.id,
                report=passage.report,
                language=passage.language,
                register="",
                text=passage_text(passage),
                labels=answer.labels,
                themes=answer.themes,
                heading=passage.heading,
            )
        )
    if problems:
        raise WhatworksError("\n  ".join(first_of(problems)))
    if not examples:
        raise WhatworksError(
            f"{path}: nothing is decided in it yet. Fill in the column 'Decision'."
        )
    notes = [f"{count_of(open_rows, 'row')} undecided or unsure left out."] if open_rows else []
    return Labelled(path.name, tuple(examples), tuple(passages), tuple(notes))


def _suggested(
    columns: FoundColumns, row: FilledRow, types: CodeNames, themes: CodeNames
) -> Answer | None:
    """The suggestion that the row shows: 'Lesson 83%', one a line."""
    shown = columns.text(row, "suggested")
    if matching(shown) in map(matching, ("", HIDDEN, NOT_LABELLED)):
        return None
    labels = [types.find(name) for name in _names(shown) if matching(name) != matching(NO_FINDING)]
    ideas = [themes.find(name) for name in _names(columns.text(row, "suggested_themes"))]
    # As a decision takes them over: themes only go with a finding.
    found = [one for one in labels if one is not None]
    return Answer.of(found, [one for one in ideas if one is not None] if found else [])


def _names(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip():
            yield _PERCENT.sub("", line.strip())


def _passage(columns: FoundColumns, row: FilledRow, order: int) -> Passage:
    text, page = columns.text(row, "text"), columns.text(row, "page")
    heading, _, lead_in = columns.text(row, "heading").partition("\n")
    return Passage(
        id=PassageId(columns.text(row, "passage_id")),
        report=columns.text(row, "report"),
        order=order,
        page=int(page) if page.isdecimal() else None,
        heading=tuple(filter(None, heading.split(" > "))),
        language=detect_language(text),
        text=text,
        end=len(text),
        lead_in=lead_in,
    )
