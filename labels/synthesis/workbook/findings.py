"""The extraction matrix: a row for each finding, and a row for each evaluation."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ....nlp.passages import PassageId
from ...exchange.cells import MAX_CELL
from ...exchange.rows import Value, printable
from ...texts import Texts
from ..material import Finding, Material
from ..naming import basis, group_name, place_of, theme_name, value_name
from ..tables import NONE, counted_under
from .sheet import Column, Sheet

_RESERVED = 200
"""Signs of a cell that are kept free to say how much was left out."""


def findings_sheet(material: Material, texts: Texts) -> Sheet:
    """A row for each finding, in the order of evaluations and of reading."""
    return Sheet(
        texts("Findings"),
        (
            texts("Extraction matrix: every confirmed finding of an included evaluation"),
            f"{basis(material, texts)}. "
            + texts(
                "What a report says again is here too, and counted once: see the column Counted."
            ),
        ),
        (
            Column(texts("Mark"), 8),
            Column(texts("Title"), 30),
            Column(texts("Page"), 8),
            Column(texts("Heading"), 26),
            Column(texts("Quotation"), 80),
            Column(texts("Finding types"), 18),
            Column(texts("Themes"), 26),
            Column(texts("Target groups"), 18),
            Column(texts("Places"), 16),
            Column(texts("Confirmed"), 13),
            Column(texts("By"), 18),
            Column(texts("Readers"), 9),
            Column(texts("Counted"), 16),
            Column(texts("Type of evaluation"), 14),
            Column(texts("Timing"), 11),
            Column(texts("Regions"), 18),
            Column(texts("Countries"), 18),
            Column(texts("Year"), 8, number_format="0"),
            Column(texts("Language of the passage"), 12),
            Column(texts("Passage id"), 19),
        ),
        _finding_rows(material, texts),
        printed=11,
    )


def _finding_rows(material: Material, texts: Texts) -> Iterator[Sequence[Value]]:
    by_id = {one.passage.id: one for one in material.findings}
    for one in material.findings:
        facts, passage = one.evaluation.facts, one.passage
        yield (
            one.evaluation.mark,
            facts.title,
            passage.page,
            " > ".join(passage.heading),
            passage.text,
            "; ".join(
                material.codebook.finding_type(code).name(texts.language) for code in one.labels
            ),
            _themes(material, one.themes, texts),
            _themes(material, one.target_groups, texts),
            _themes(material, one.places, texts),
            texts("adjudicated") if one.how == "adjudicated" else texts("agreed"),
            "; ".join(dict.fromkeys(decision.annotator for decision in one.decisions)),
            one.readers,
            _counted(by_id, one, texts),
            *(
                "; ".join(value_name(material, kind, value, texts) for value in values if value)
                for kind, values in (
                    ("type", (facts.type,)),
                    ("timing", (facts.timing,)),
                    ("region", facts.regions),
                    ("country", facts.countries),
                )
            ),
            facts.year,
            value_name(material, "language", passage.language, texts),
            passage.id,
        )


def _themes(material: Material, codes: Sequence[str], texts: Texts) -> str:
    return "; ".join(material.codebook.theme(code).name(texts.language) for code in codes)


def _counted(by_id: dict[PassageId, Finding], one: Finding, texts: Texts) -> str:
    if one.repeats is None:
        return texts("yes")
    first = by_id.get(one.repeats)
    if first is None:
        return texts("no: repeats %(source)s", source=one.repeats)
    if one.agreed.keys() - first.agreed.keys():
        # Under what it has beyond the first it is counted.
        return texts("in part: repeats %(source)s", source=mark_of(first, texts))
    return texts("no: repeats %(source)s", source=mark_of(first, texts))


def mark_of(finding: Finding, texts: Texts) -> str:
    """Where it stands: 'E12, p. 34'."""
    return f"{finding.evaluation.mark}, {place_of(finding.passage, texts)}"


def matrix_sheet(material: Material, texts: Texts) -> Sheet:
    """Included evaluations in rows, themes in columns, quotations in the cells."""
    themes = [material.codebook.theme(code) for code in material.themes]
    own: defaultdict[tuple[int, str], list[Finding]] = defaultdict(list)
    for theme in (*material.themes, NONE):
        # As in the counts: what a report says again is left out under what it said before.
        for one in counted_under(material, ("theme", theme)):
            own[one.evaluation.id, theme].append(one)
    counted = Counter(one.evaluation.mark for one in material.counted)
    codes = [one.id for one in themes]
    names = [
        Column(one.name(texts.language), 44, group_name(material, one.group, texts))
        for one in themes
    ]
    if any(theme == NONE for _, theme in own):
        codes.append(NONE)
        names.append(Column(theme_name(material, NONE, texts), 44))
    return Sheet(
        texts("Matrix"),
        (
            texts("Extraction matrix: what each included evaluation says on each theme"),
            f"{basis(material, texts)}. "
            + texts(
                "What an evaluation says again is left out; a finding on two themes is in both."
            ),
        ),
        (
            Column(texts("Mark"), 8),
            Column(texts("Title"), 34),
            Column(texts("Findings"), 10),
            *names,
        ),
        (
            (
                listed.mark,
                listed.evaluation.facts.title,
                counted[listed.mark],
                *(_quotations(own.get((listed.evaluation.id, code), ()), texts) for code in codes),
            )
            for listed in material.included
        ),
        fixed=2,
        is_wide=True,
    )


def _quotations(findings: Sequence[Finding], texts: Texts) -> str:
    """What they say, each with its source; as many as a cell holds, and how many more there are."""
    said = [f"{mark_of(one, texts)}: “{printable(one.passage.text)}”" for one in findings]
    room = MAX_CELL - _RESERVED
    kept: list[str] = []
    for one in said:
        room -= len(one.encode("utf-16-le")) // 2 + 1
        if room < 0:
            break
        kept.append(one)
    if len(kept) < len(said):
        kept.append(
            texts.counted(
                "[… %(num)s more: see the sheet of findings]",
                "[… %(num)s more: see the sheet of findings]",
                len(said) - len(kept),
            )
        )
    return "\n".join(kept)
