"""How evaluations were found, screened and appraised, and how their passages were coded."""

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from ...texts import mark
from .blocks import Block, Cell, FigureRef, Given, Heading, List, Note, Paragraph, Table
from .subject import Subject

_POLICIES = {
    "one-reviewer": mark("A passage is confirmed when one person has decided on it."),
    "two-agree": mark("A passage is confirmed when two people gave the same answer."),
    "two-adjudicated": mark(
        "A passage is confirmed when two people gave the same answer, or when an adjudicator "
        "settled their disagreement."
    ),
}
_RULES = {
    "final": mark(
        "Where several evaluations of one project would be included, the last in the project's "
        "life is used: a final evaluation rather than a mid-term one."
    ),
    "all": mark("Where several evaluations of one project are included, each is used."),
}


def method(subject: Subject) -> Iterator[Block]:
    """The chapter."""
    texts = subject.texts
    yield Heading(texts("Method"), 1, "method")
    yield Heading(texts("Questions"), 2, "questions")
    yield List(
        (
            texts("What is being done?"),
            texts("What works?"),
            texts("For whom?"),
            texts("Why? Which success factors, obstacles, lessons and good practices were found?"),
        )
    )
    yield Heading(texts("Identification and screening"), 2, "screening")
    yield from _screening(subject)
    yield Heading(texts("Quality appraisal"), 2, "quality")
    yield from _quality(subject)
    yield Heading(texts("Coding"), 2, "coding")
    yield from _coding(subject)
    yield Heading(texts("Agreement between readers"), 2, "agreement")
    yield from _agreement(subject)


def _screening(subject: Subject) -> Iterator[Block]:
    texts, material, plan = subject.texts, subject.material, subject.material.plan
    if not material.is_register:
        yield Note(
            texts(
                "No register of evaluations was made: every report of the project was taken in, "
                "without screening. To list and screen evaluations: whatworks register import "
                "list.xlsx"
            )
        )
        return
    yield Paragraph(
        texts.counted(
            "%(num)s evaluation was listed in the register of this synthesis.",
            "%(num)s evaluations were listed in the register of this synthesis.",
            len(material.listed),
        )
        + " "
        + (
            texts.counted(
                "Each is screened by %(num)s person.",
                "Each is screened by %(num)s people independently.",
                plan.screeners,
            )
            if material.flow.is_screened
            else texts("Nobody screened them: every one is taken in.")
        )
        + " "
        + texts(_RULES[plan.prefer])
    )
    if plan.criteria:
        yield _criteria(subject)
    else:
        yield Note(
            texts(
                "No criteria for inclusion and exclusion are written down. They belong in the "
                "section [screening] of whatworks.toml."
            )
        )
    yield FigureRef("screening-flow")
    yield _flow(subject)


def _criteria(subject: Subject) -> Table:
    texts = subject.texts
    by_verdict = [
        [Given(one.text) for one in subject.material.plan.criteria if one.verdict == verdict]
        for verdict in ("include", "possible", "exclude")
    ]
    rows = tuple(tuple(cell or "" for cell in row) for row in zip_longest(*by_verdict))
    head = (texts("Inclusion"), texts("Possible inclusion"), texts("Exclusion"))
    return Table("criteria", texts("Criteria for inclusion and exclusion"), head, rows)


def _flow(subject: Subject) -> Table:
    texts, flow = subject.texts, subject.material.flow
    rows: list[tuple[Cell, ...]] = [
        (texts("Identified"), flow.identified),
        (texts("Not screened to the end"), flow.open),
        (texts("Screeners disagree"), flow.conflicts),
        (texts("Put off as possible"), flow.possible),
        (texts("Excluded"), flow.excluded),
    ]
    for reason, count in flow.excluded_by_reason:
        said = texts("no reason given") if reason is None else reason.text
        rows.append((texts("Excluded: %(reason)s", reason=said), count))
    rows += [
        (texts("Another evaluation of the same project is used"), flow.superseded),
        (texts("Included"), flow.included),
        (texts("Included, but the report's file is missing"), flow.without_file),
    ]
    return Table("flow", texts("Screening flow, after PRISMA 2020"),
                 (texts("Step"), texts("Evaluations")), tuple(rows))  # fmt: skip


def _quality(subject: Subject) -> Iterator[Block]:
    texts, material = subject.texts, subject.material
    appraised = [one for one in material.included if one.quality]
    if not appraised:
        yield Note(texts("The quality of the included reports was not appraised in whatworks."))
        return
    rows: list[tuple[Cell, ...]] = []
    for item in material.plan.checklist:
        answers = Counter(one.quality.get(item, "") for one in material.included)
        plain = (answers.pop("yes", 0), answers.pop("partly", 0), answers.pop("no", 0))
        none = answers.pop("", 0)
        rows.append((Given(item), *plain, answers.total(), none))
    yield Paragraph(
        texts(
            "%(appraised)s of %(included)s included reports were appraised by this checklist.",
            appraised=texts.number(len(appraised)),
            included=texts.number(len(material.included)),
        )
    )
    head = (
        texts("Item"),
        texts("Yes"),
        texts("Partly"),
        texts("No"),
        texts("Appraisers differ"),
        texts("Not appraised"),
    )
    yield Table("quality", texts("Quality of the included reports"), head, tuple(rows))


def _coding(subject: Subject) -> Iterator[Block]:
    texts, material = subject.texts, subject.material
    people = {one.annotator for finding in material.findings for one in finding.decisions}
    yield Paragraph(
        texts(
            "Each report was split into passages. People gave them finding types and themes; "
            "where a model had suggested some, they confirmed, corrected or rejected these."
        )
        + " "
        + texts(_POLICIES[material.policy])
    )
    yield Paragraph(
        texts.counted(
            "The findings of this report rest on the decisions of %(num)s person.",
            "The findings of this report rest on the decisions of %(num)s people.",
            len(people),
        )
        + " "
        + texts(
            "The codebook is “%(title)s”, version %(version)s of the project; it is printed in the "
            "last annex. The log of the project holds %(decisions)s decisions up to %(date)s.",
            title=material.codebook.title,
            version=material.codebook_version,
            decisions=texts.number(material.decisions),
            date=texts.date(material.as_of),
        )
    )


def _agreement(subject: Subject) -> Iterator[Block]:
    texts, agreement = subject.texts, subject.material.agreement
    if not agreement:
        yield Note(
            texts(
                "No passage was read by two people independently: how far readers agree is not "
                "known."
            )
        )
        return
    yield Paragraph(
        texts(
            "Of the passages that two or more people read without seeing each other's answers, "
            "with a finding or without, and before anybody settled what they differed on: how "
            "often two readers said the same of a finding type, and Krippendorff's alpha, which "
            "takes chance out: 1 is full agreement, 0 what chance gives."
        )
    )
    rows = tuple(
        (
            subject.finding_type(one.what),
            one.n_passages,
            "–" if one.percent.value is None else texts.percent(one.percent.value / 100),
            "–" if one.alpha.value is None else texts.decimal(one.alpha.value),
        )
        for one in agreement
    )
    head = (
        texts("Finding type"),
        texts("Read by two or more"),
        texts("Same answer"),
        texts("Krippendorff's alpha"),
    )
    yield Table("agreement", texts("Agreement by finding type"), head, rows)
