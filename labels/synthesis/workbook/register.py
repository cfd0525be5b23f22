"""The register, and what became of each evaluation."""

from collections.abc import Iterator, Sequence

from ...exchange.rows import Value
from ...screening import Screening
from ...texts import Texts, mark
from ..material import Listed, Material
from ..naming import STATES, basis, value_name
from ..tables import values_of
from .sheet import Column, Sheet

_ANSWERS = {"yes": mark("yes"), "partly": mark("partly"), "no": mark("no")}


def register_sheet(material: Material, texts: Texts) -> Sheet:
    """Every evaluation that is listed, and how far its report was read."""
    return Sheet(
        texts("Register"),
        (texts("The evaluations that were identified"), f"{basis(material, texts)}."),
        (
            Column(texts("Mark"), 8),
            Column(texts("Title"), 50),
            Column(texts("Symbol"), 18),
            Column(texts("Type of evaluation"), 14),
            Column(texts("Timing"), 11),
            Column(texts("Nature"), 16),
            Column(texts("Regions"), 20),
            Column(texts("Countries"), 24),
            Column(texts("Thematic coverage"), 24),
            Column(texts("Funding source"), 20),
            Column(texts("Year"), 8, number_format="0"),
            Column(texts("Language"), 12),
            Column(texts("Project"), 16),
            Column(texts("Report"), 30),
            Column(texts("Passages"), 10),
            Column(texts("Confirmed"), 11),
            Column(texts("Screening"), 20),
        ),
        (_row(material, one, texts) for one in material.listed),
        fixed=2,
    )


def _row(material: Material, one: Listed, texts: Texts) -> Sequence[Value]:
    facts = one.evaluation.facts
    return (
        one.mark,
        facts.title,
        facts.symbol,
        *(
            _values(material, one, kind, texts)
            for kind in ("type", "timing", "nature", "region", "country")
        ),
        "; ".join(facts.coverage),
        _values(material, one, "funding", texts),
        facts.year,
        _values(material, one, "language", texts),
        facts.project,
        facts.report or texts("not there"),
        one.passages,
        one.confirmed,
        texts(STATES[one.screened.state]),
    )


def _values(material: Material, one: Listed, attribute: str, texts: Texts) -> str:
    values = values_of(one.evaluation, attribute)
    return "; ".join(value_name(material, attribute, value, texts) for value in values)


def screening_sheet(material: Material, texts: Texts) -> Sheet:
    """Each decision with its reasons, and the quality of each report."""
    checklist = material.plan.checklist
    return Sheet(
        texts("Screening"),
        (
            texts("How the evaluations were screened, and the quality of their reports"),
            *(_criterion(one.text, one.verdict, texts) for one in material.plan.criteria),
        ),
        (
            Column(texts("Mark"), 8),
            Column(texts("Title"), 50),
            Column(texts("Screening"), 20),
            Column(texts("Reasons"), 40),
            Column(texts("Note"), 30),
            Column(texts("Used in its place"), 12),
            Column(texts("Screened by"), 20),
            *(Column(one, 14, texts("Quality of the report")) for one in checklist),
        ),
        (
            (
                one.mark,
                one.evaluation.facts.title,
                texts(STATES[one.screened.state]),
                "; ".join(reason.text for reason in one.screened.reasons),
                one.screened.note,
                one.screened.superseded_by,
                "; ".join(one.screened.screeners),
                *(_answer(one.quality.get(item, ""), texts) for item in checklist),
            )
            for one in material.listed
        ),
        fixed=2,
    )


def _criterion(text: str, verdict: str, texts: Texts) -> str:
    said = {
        "include": texts("Inclusion: %(criterion)s", criterion=text),
        "exclude": texts("Exclusion: %(criterion)s", criterion=text),
        "possible": texts("Possible inclusion: %(criterion)s", criterion=text),
    }
    return said[verdict]


def _answer(given: str, texts: Texts) -> str:
    """'yes/no' where appraisers differ."""
    return "/".join(texts(_ANSWERS.get(one, one)) for one in given.split("/") if one)


def flow_sheet(material: Material, texts: Texts) -> Sheet:
    """How many evaluations went which way."""
    return Sheet(
        texts("Flow"),
        (texts("Screening flow, after PRISMA 2020"),),
        (
            Column(texts("Step"), 44),
            Column(texts("Reason"), 70),
            Column(texts("Evaluations"), 12),
        ),
        _flow_rows(material, texts),
    )


def _flow_rows(material: Material, texts: Texts) -> Iterator[Sequence[Value]]:
    flow = material.flow
    yield texts("Identified"), "", flow.identified
    yield texts(STATES[Screening.OPEN]), "", flow.open
    yield texts(STATES[Screening.CONFLICT]), "", flow.conflicts
    yield texts(STATES[Screening.POSSIBLE]), "", flow.possible
    yield texts(STATES[Screening.EXCLUDED]), "", flow.excluded
    for reason, count in flow.excluded_by_reason:
        said = texts("no reason given") if reason is None else reason.text
        yield texts(STATES[Screening.EXCLUDED]), said, count
    yield texts(STATES[Screening.SUPERSEDED]), "", flow.superseded
    yield texts(STATES[Screening.INCLUDED]), "", flow.included
    yield texts("Included, but the report's file is missing"), "", flow.without_file
