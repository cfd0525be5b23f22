"""The first three questions: what is being done, what works, and for whom."""

from collections.abc import Iterator

from ...texts import mark
from ..material import PLACES, TARGET_GROUPS
from ..naming import KINDS, group_name
from ..quotations import quotations
from ..tables import NONE, by_attribute, themes_by_attribute
from ..tables import Table as Counts
from .blocks import Block, Box, Cell, FigureRef, Heading, Note, Paragraph, Table
from .evaluations import MOST_ROWS, coverage, described, shortened
from .subject import Subject

_WORKS = ("success_factor", "good_practice")
"""Finding types of the shipped codebook that say that something works."""
_HINDERS = "obstacle"
_TITLES = {
    "target_group": mark("Findings by target group: evaluations, and in brackets passages"),
    "place": mark("Findings by place: evaluations, and in brackets passages"),
    "region": mark("Findings by region: evaluations, and in brackets passages"),
    "country": mark("Findings by country: evaluations, and in brackets passages"),
}
_MOST_NAMED = 5
_COLUMNS = 5
"""Target groups that stand beside each other in one table."""


def done(subject: Subject) -> Iterator[Block]:
    """What is being done?"""
    texts = subject.texts
    yield Heading(texts("What is being done?"), 1, "done")
    yield Paragraph(
        texts(
            "This chapter shows what the included evaluations deal with: by the register, and by "
            "the themes of their confirmed findings. What each intervention did is told in its "
            "evaluation."
        )
    )
    found = coverage(subject)
    if found is None:
        yield Note(
            texts(
                "The register says nothing about the thematic coverage of the evaluations. It can "
                "be added with whatworks register edit."
            )
        )
    else:
        yield found
    yield from _nature(subject)
    yield _themes_of_all(subject)
    yield from without_findings(subject, None)
    yield FigureRef("themes-by-year")


def _nature(subject: Subject) -> Iterator[Block]:
    found = described(subject, "nature")
    if found is not None:
        yield found


def _themes_of_all(subject: Subject) -> Table:
    texts, codebook = subject.texts, subject.material.codebook
    totals = subject.by_theme.row_totals
    included = len(subject.material.included)
    rows: list[tuple[Cell, ...]] = []
    for one in sorted(subject.material.themes, key=lambda code: -totals[code].reports):
        cell = totals[one]
        if cell.passages:
            named = group_name(subject.material, codebook.theme(one).group, texts)
            share = texts.percent(cell.reports / included)
            rows.append((subject.theme(one), named, cell.passages, cell.reports, share))
    head = (
        texts("Theme"),
        texts("Part of the codebook"),
        texts("Passages"),
        texts("Evaluations"),
        texts("Of the included"),
    )
    title = texts("Themes of the findings")
    return Table("themes", title, head, tuple(rows), subject.basis)


def without_findings(subject: Subject, finding_type: str | None) -> Iterator[Block]:
    """One sentence on the themes under which nothing was found."""
    texts, by_theme = subject.texts, subject.by_theme
    found = set(by_theme.ranked(finding_type))
    missing = [subject.theme(one) for one in subject.material.themes if one not in found]
    if missing:
        yield Paragraph(
            texts("No confirmed finding stands under: %(themes)s.", themes=subject.listing(missing))
        )


def works(subject: Subject) -> Iterator[Block]:
    """What works?"""
    texts = subject.texts
    yield Heading(texts("What works?"), 1, "works")
    yield from _named(subject)
    yield FigureRef("finding-types-by-theme")
    yield _matrix(subject)
    yield _strength(subject)
    if subject.boxed:
        yield Heading(texts("Good practices in boxes"), 2, "boxes")
        for finding in subject.boxed:
            themes = [subject.theme(one) for one in finding.themes]
            title = "; ".join(themes) or texts("Good practice")
            yield Box(title, (subject.quotation(finding),))


def _named(subject: Subject) -> Iterator[Block]:
    """The themes found most widely, for each finding type that speaks of working or not."""
    texts, by_theme = subject.texts, subject.by_theme
    sentences = {
        "success_factor": texts(
            "Success factors come from the most evaluations under: %(themes)s."
        ),
        "good_practice": texts("Good practices come from the most evaluations under: %(themes)s."),
        _HINDERS: texts("Obstacles come from the most evaluations under: %(themes)s."),
    }
    for code in (*_WORKS, _HINDERS):
        if code not in by_theme.columns:
            continue
        ranked = [one for one in by_theme.ranked(code) if one != NONE][:_MOST_NAMED]
        if ranked:
            named = (
                f"{subject.theme(one)} ({subject.texts.number(by_theme.cell(one, code).reports)})"
                for one in ranked
            )
            yield Paragraph(sentences[code] % {"themes": subject.listing(named)})


def _matrix(subject: Subject) -> Table:
    texts, by_theme = subject.texts, subject.by_theme
    rows = [(subject.theme(row), *_cells(subject, by_theme, row)) for row in by_theme.ranked()]
    rows.append((texts("All themes"), *_totals(subject, by_theme)))
    head = (texts("Theme"), *map(subject.finding_type, by_theme.columns), texts("Together"))
    title = texts("Finding types by theme: evaluations, and in brackets passages")
    return Table("matrix", title, head, tuple(rows), subject.basis, has_total=True)


def _cells(subject: Subject, counts: Counts, row: str) -> Iterator[str]:
    for column in counts.columns:
        yield subject.counts(counts.cell(row, column))
    yield subject.counts(counts.row_totals[row])


def _totals(subject: Subject, counts: Counts) -> Iterator[str]:
    for column in counts.columns:
        yield subject.counts(counts.column_totals[column])
    yield subject.counts(counts.total)


def _strength(subject: Subject) -> Table:
    texts, by_theme = subject.texts, subject.by_theme
    rows: list[tuple[Cell, ...]] = []
    for row in by_theme.ranked():
        cell = by_theme.row_totals[row]
        rows.append(
            (subject.theme(row), cell.reports, cell.passages, cell.double_read, cell.agreed)
        )
    head = (
        texts("Theme"),
        texts("Evaluations"),
        texts("Passages"),
        texts("Read by two or more"),
        texts("All agreed"),
    )
    return Table("strength", texts("Strength of the evidence"), head, tuple(rows), subject.basis)


def for_whom(subject: Subject) -> Iterator[Block]:
    """For whom?"""
    texts = subject.texts
    yield Heading(texts("For whom?"), 1, "for-whom")
    for attribute, group, what in (
        ("target_group", TARGET_GROUPS, texts("Target groups")),
        ("place", PLACES, texts("Places that passages speak of")),
    ):
        yield Heading(what, 2, f"by-{attribute}")
        if any(one.group == group for one in subject.material.codebook.themes):
            yield from _by_codes(subject, attribute)
        else:
            yield Note(
                texts(
                    "The codebook has no group “%(group)s”, so nothing can be said here. It can be "
                    "added with whatworks codebook for-whom.",
                    group=group,
                )
            )
    for attribute in ("region", "country"):
        found = _by_attribute(subject, attribute)
        if found is not None:
            yield Heading(texts(KINDS[attribute]), 2, f"findings-by-{attribute}")
            yield found


def _by_codes(subject: Subject, attribute: str) -> Iterator[Block]:
    texts = subject.texts
    found = _by_attribute(subject, attribute)
    if found is None:
        yield Paragraph(texts("No confirmed finding names one."))
        return
    if attribute == "target_group":
        yield FigureRef("finding-types-by-target-group")
    yield found
    if attribute == "target_group":
        yield from _groups_by_theme(subject)
        yield from _voices(subject)


def _by_attribute(subject: Subject, attribute: str) -> Table | None:
    """Its values in rows, finding types in columns; None where nothing is known."""
    texts = subject.texts
    counts = by_attribute(subject.material, attribute)
    ranked = sorted(counts.ranked(), key=lambda row: row == NONE)
    if not set(ranked) - {NONE}:
        return None
    rows = tuple((subject.value(attribute, row), *_cells(subject, counts, row)) for row in ranked)
    title = texts(_TITLES[attribute])
    head = (texts(KINDS[attribute]), *map(subject.finding_type, counts.columns), texts("Together"))
    name = f"findings-by-{attribute.replace('_', '-')}"
    return shortened(subject, Table(name, title, head, rows, subject.basis))


def _groups_by_theme(subject: Subject) -> Iterator[Table]:
    """Themes by target group, a few groups a table, those of which most is said first."""
    texts = subject.texts
    counts = themes_by_attribute(subject.material, "target_group")
    totals = counts.column_totals
    groups = sorted(
        (one for one in counts.columns if one != NONE and totals[one].passages),
        key=lambda one: (-totals[one].reports, -totals[one].passages),
    )
    for start in range(0, len(groups), _COLUMNS):
        columns = groups[start : start + _COLUMNS]
        rows = [
            (subject.theme(row), *(subject.counts(counts.cell(row, column)) for column in columns))
            for row in counts.ranked()
            if any(counts.cell(row, column).passages for column in columns)
        ]
        head = (texts("Theme"), *(subject.value("target_group", one) for one in columns))
        title = texts("Themes by target group: evaluations, and in brackets passages")
        name = f"themes-by-target-group-{start // _COLUMNS + 1}"
        yield Table(name, title, head, tuple(rows), subject.basis)


def _voices(subject: Subject) -> Iterator[Block]:
    """What is said of each target group: a quotation of each finding type."""
    counts = by_attribute(subject.material, "target_group")
    for group in counts.ranked()[:MOST_ROWS]:
        if group == NONE:
            continue
        yield Heading(subject.value("target_group", group), 3, f"group-{group}")
        yield Paragraph(subject.evidence(counts.row_totals[group]))
        for code in counts.columns:
            chosen = quotations(subject.material, code, group, 1)
            if chosen:
                yield Heading(subject.finding_type(code), 4)
                yield from map(subject.quotation, chosen)
