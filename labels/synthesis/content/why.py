"""The fourth question: why? Each finding type with its themes, evidence and quotations."""

from collections.abc import Iterator

from ..quotations import GOOD_PRACTICE, quotations
from ..tables import NONE, counted_under
from .blocks import Block, Definition, Heading, Paragraph
from .questions import without_findings
from .subject import Subject, marks_of

_MOST_MARKS = 12


def why(subject: Subject) -> Iterator[Block]:
    """The chapter."""
    texts = subject.texts
    yield Heading(texts("Why?"), 1, "why")
    yield Paragraph(
        texts(
            "For each finding type the themes follow, those found in most evaluations first. Each "
            "has its definition from the codebook, what the evidence is, and quotations chosen so "
            "that they come from different evaluations, countries and years."
        )
    )
    for code in subject.by_theme.columns:
        yield from _finding_type(subject, code)


def _finding_type(subject: Subject, code: str) -> Iterator[Block]:
    texts, by_theme = subject.texts, subject.by_theme
    yield Heading(subject.finding_type(code), 2, f"type-{code}")
    yield Definition(subject.definition(subject.material.codebook.finding_type(code)))
    total = by_theme.column_totals[code]
    if not total.passages:
        yield Paragraph(texts("Nothing of this type is confirmed."))
        return
    yield Paragraph(subject.evidence(total) + " " + subject.basis)
    for theme in sorted(by_theme.ranked(code), key=lambda one: one == NONE):
        yield from _theme(subject, code, theme)
    yield from without_findings(subject, code)


def _theme(subject: Subject, code: str, theme: str) -> Iterator[Block]:
    cell = subject.by_theme.cell(theme, code)
    yield Heading(subject.theme(theme), 3, f"why.{code}.{theme}")
    if theme != NONE:
        yield Definition(subject.definition(subject.material.codebook.theme(theme)))
    found = counted_under(subject.material, ("finding_type", code), ("theme", theme))
    yield _evidence(subject, subject.evidence(cell), marks_of(found))
    yield from _quotations(subject, code, theme)


def _evidence(subject: Subject, said: str, marks: tuple[str, ...]) -> Paragraph:
    left = len(marks) - _MOST_MARKS
    if left > 1:
        more = subject.texts(
            "Among the evaluations (%(count)s more are in the workbook):",
            count=subject.texts.number(left),
        )
        return Paragraph(f"{said} {more}", marks[:_MOST_MARKS])
    return Paragraph(said, marks)


def _quotations(subject: Subject, code: str, theme: str) -> Iterator[Block]:
    """Those that stand in no box, so that no good practice is read twice."""
    most = subject.options.quotations
    boxed = {one.passage.id for one in subject.boxed} if code == GOOD_PRACTICE else set()
    chosen = quotations(subject.material, code, theme, most + len(boxed))
    left = [one for one in chosen if one.passage.id not in boxed]
    yield from map(subject.quotation, left[:most])
    in_boxes = len(chosen) - len(left)
    if in_boxes:
        yield Paragraph(
            subject.texts.counted(
                "%(num)s quotation stands in a box of the chapter “What works?”.",
                "%(num)s quotations stand in boxes of the chapter “What works?”.",
                in_boxes,
            )
        )
