"""The annexes: evaluations included and excluded, the extraction matrix, the codebook."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from ...codebook import Code
from ..material import Finding, Listed, Material
from ..naming import STATES, group_name
from ..tables import values_of
from .blocks import Block, Cell, Given, Heading, List, Marks, Note, Paragraph, Table, Target
from .subject import NOTHING, Subject


def evaluations_annex(subject: Subject) -> Iterator[Block]:
    """The evaluations that are taken in."""
    texts, material = subject.texts, subject.material
    yield Heading(texts("Evaluations included"), 1, "annex-evaluations", True, True)
    rows = tuple(_row(subject, one) for one in material.included)
    head = (
        texts("Mark"),
        texts("Title"),
        texts("Symbol"),
        texts("Type"),
        texts("Timing"),
        texts("Countries"),
        texts("Year"),
        texts("Language"),
        texts("Passages"),
        texts("Confirmed"),
    )
    yield Table("evaluations", texts("Evaluations included"), head, rows, subject.basis)


def _row(subject: Subject, one: Listed) -> tuple[Cell, ...]:
    facts = one.evaluation.facts
    return (
        Target(one.mark),
        subject.title_of(one),
        facts.symbol,
        subject.values("type", one) or NOTHING,
        subject.values("timing", one) or NOTHING,
        subject.values("country", one) or NOTHING,
        NOTHING if facts.year is None else str(facts.year),
        subject.values("language", one) or NOTHING,
        one.passages,
        one.confirmed,
    )


def excluded_annex(subject: Subject) -> Iterator[Block]:
    """The evaluations that are not taken in, and why."""
    texts, material = subject.texts, subject.material
    yield Heading(texts("Evaluations not included"), 1, "annex-excluded", True, True)
    others = [one for one in material.listed if not one.is_included]
    if not others:
        yield Note(texts("Every evaluation that was listed is included."))
        return
    rows = tuple(
        (
            Target(one.mark),
            subject.title_of(one),
            ", ".join(values_of(one.evaluation, "year")) or NOTHING,
            _state(subject, one),
            Given("; ".join(_reasons(one)) or NOTHING),
        )
        for one in others
    )
    head = (
        texts("Mark"),
        texts("Title"),
        texts("Year"),
        texts("Screening"),
        texts("Reasons and note"),
    )
    yield Table("excluded", texts("Evaluations not included"), head, rows)


def _state(subject: Subject, one: Listed) -> str:
    if one.screened.superseded_by:
        used = one.screened.superseded_by
        return subject.texts("%(mark)s, of the same project, is used", mark=used)
    return subject.texts(STATES[one.screened.state])


def _reasons(one: Listed) -> Iterator[str]:
    yield from (reason.text for reason in one.screened.reasons)
    if one.screened.note:
        yield one.screened.note


def matrix_annex(subject: Subject) -> Iterator[Block]:
    """What was extracted from each evaluation."""
    texts, material = subject.texts, subject.material
    yield Heading(texts("Extraction matrix"), 1, "annex-matrix", True, True)
    yield Paragraph(
        texts(
            "For each evaluation: how many of its confirmed passages have each finding type, and "
            "each theme. The workbook holds the whole matrix, with all quotations and pages."
        )
    )
    types = _counts(material, lambda one: one.labels)
    themes = _counts(material, lambda one: one.themes)
    own = Counter(one.evaluation.mark for one in material.counted)
    codes = material.codebook.finding_type_ids
    places = {code: n for n, code in enumerate(subject.material.themes)}

    def order(counted: tuple[str, int]) -> tuple[int, int]:
        return -counted[1], places[counted[0]]

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Marks((one.mark,)),
            own[one.mark],
            *(types[one.mark][code] for code in codes),
            "; ".join(
                f"{subject.theme(code)} ({texts.number(count)})"
                for code, count in sorted(themes[one.mark].items(), key=order)
            )
            or NOTHING,
        )
        for one in material.included
    )
    head = (
        texts("Mark"),
        texts("Findings"),
        *map(subject.finding_type, codes),
        texts("Themes (passages)"),
    )
    yield Table(
        "extraction-matrix", texts("Findings of each evaluation"), head, rows, subject.basis
    )


def _counts(
    material: Material, codes: Callable[[Finding], tuple[str, ...]]
) -> defaultdict[str, Counter[str]]:
    """Mark and code to how many passages; what a report says again is counted once under it."""
    said = {
        (one.evaluation.mark, code, one.repeats or one.passage.id)
        for one in material.findings
        for code in codes(one)
    }
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mark, code, _ in said:
        found[mark][code] += 1
    return found


def codebook_annex(subject: Subject) -> Iterator[Block]:
    """The codebook's definitions."""
    texts, codebook = subject.texts, subject.material.codebook
    yield Heading(texts("Codebook"), 1, "annex-codebook", True)
    yield Heading(texts("Finding types"), 2, "annex-finding-types")
    yield _codes(subject, "codebook-types", texts("Finding types"), codebook.finding_types)
    groups = dict.fromkeys(one.group for one in codebook.themes)
    for group in groups:
        named = group_name(subject.material, group, texts) or texts("Themes")
        yield Heading(named, 2, f"codebook-{group or 'themes'}")
        some = tuple(one for one in codebook.themes if one.group == group)
        yield _codes(subject, f"codebook-{group}", named, some)
    retired = (*codebook.retired_finding_types, *codebook.retired_themes)
    if retired:
        yield Heading(texts("Retired"), 2, "annex-retired")
        yield List(tuple(one.name(texts.language) for one in retired))


def _codes(subject: Subject, name: str, title: str, codes: tuple[Code, ...]) -> Table:
    texts = subject.texts
    rows = tuple((one.name(texts.language), subject.definition(one)) for one in codes)
    return Table(name, title, (texts("Code"), texts("Definition")), rows)
