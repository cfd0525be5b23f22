"""What evaluations there are."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ...texts import mark
from ..material import Listed
from ..naming import KINDS
from ..tables import NONE, by_attribute, values_of
from .blocks import Block, FigureRef, Heading, Note, Paragraph, Table
from .subject import Subject

_WITH_FIGURE = ("type", "timing", "region")
_OTHERS = ("country", "year", "language", "funding")
_TITLES = {
    "type": mark("Evaluations by type"),
    "timing": mark("Evaluations by timing"),
    "region": mark("Evaluations by region"),
    "country": mark("Evaluations by country"),
    "year": mark("Evaluations by year"),
    "language": mark("Evaluations by language"),
    "funding": mark("Evaluations by funding source"),
    "nature": mark("Evaluations by nature"),
}
MOST_ROWS = 20


def evaluations(subject: Subject) -> Iterator[Block]:
    """The chapter."""
    texts, material = subject.texts, subject.material
    yield Heading(texts("The evaluations"), 1, "evaluations")
    yield Paragraph(
        texts(
            "%(included)s of %(listed)s listed evaluations are included. An evaluation that covers "
            "several countries or regions is counted under each.",
            included=texts.number(len(material.included)),
            listed=texts.number(len(material.listed)),
        )
    )
    unknown = []
    for attribute in (*_WITH_FIGURE, *_OTHERS):
        found = described(subject, attribute)
        if found is None:
            unknown.append(texts(KINDS[attribute]).lower())
            continue
        yield Heading(texts(KINDS[attribute]), 2, f"by-{attribute}")
        if attribute in _WITH_FIGURE:
            yield FigureRef(f"evaluations-by-{attribute}")
        yield found
    if unknown:
        yield Note(
            texts(
                "The register does not say anything about: %(attributes)s. It can be added with "
                "whatworks register edit.",
                attributes=subject.listing(unknown),
            )
        )


def described(subject: Subject, attribute: str) -> Table | None:
    """How many evaluations, and findings in them, have each value; None where nobody said one."""
    texts = subject.texts
    counts = by_attribute(subject.material, attribute).row_totals
    rows = _counted(subject, lambda one: values_of(one.evaluation, attribute))
    if not rows:
        return None
    if attribute == "year":
        rows.sort(key=lambda row: (row[0] == NONE, row[0]))
    return shortened(
        subject,
        Table(
            f"evaluations-by-{attribute}",
            texts(_TITLES[attribute]),
            (texts(KINDS[attribute]), texts("Listed"), texts("Included"), texts("Findings")),
            tuple(
                (
                    subject.value(attribute, value),
                    listed,
                    included,
                    counts[value].passages if value in counts else 0,
                )
                for value, listed, included in rows
            ),
            note=subject.basis,
        ),
    )


def coverage(subject: Subject) -> Table | None:
    """How many evaluations have each thematic coverage that the register names."""
    texts = subject.texts
    rows = _counted(subject, lambda one: one.evaluation.facts.coverage)
    if not rows:
        return None
    head = (texts("Thematic coverage"), texts("Listed"), texts("Included"))
    named = tuple((one or texts("not stated"), listed, there) for one, listed, there in rows)
    return shortened(
        subject, Table("coverage", texts("Thematic coverage, by the register"), head, named)
    )


def _counted(
    subject: Subject, values: Callable[[Listed], Sequence[str]]
) -> list[tuple[str, int, int]]:
    """Value, evaluations listed and included, those of most included first, not stated last."""
    listed: Counter[str] = Counter()
    included: Counter[str] = Counter()
    for one in subject.material.listed:
        found = values(one) or (NONE,)
        listed.update(found)
        included.update(found if one.is_included else ())
    if not set(listed) - {NONE}:
        return []
    order = sorted(listed, key=lambda one: (one == NONE, -included[one], -listed[one], one))
    return [(one, listed[one], included[one]) for one in order]


def shortened(subject: Subject, table: Table) -> Table:
    """The table with its first rows, and how many more there are."""
    left = len(table.rows) - MOST_ROWS
    if left <= 1:
        return table
    more = subject.texts.counted(
        "%(num)s more row stands in the workbook.",
        "%(num)s more rows stand in the workbook.",
        left,
    )
    return replace(table, rows=table.rows[:MOST_ROWS], note=f"{more} {table.note}".strip())
