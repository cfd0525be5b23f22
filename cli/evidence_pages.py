"""Evidence for people, for a spreadsheet and for a program."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from textwrap import fill, indent
from typing import Any

from ..labels.code_names import names_of, shown_codes
from ..labels.codebook import Codebook
from ..labels.exchange.rows import Column, Value
from ..labels.store.evidence import Evidence
from ..labels.store.history import decided
from ..labels.synthesis.material import CodeKey, Finding

COLUMNS = (
    Column("source", "Source", width=14),
    Column("text", "Quotation", width=80),
    Column("labels", "Finding types", width=20),
    Column("themes", "Themes", width=26),
    Column("annotator", "Decided by", width=16),
    Column("made_at", "When (UTC)", width=20),
    Column("verdict", "Verdict", width=10),
    Column("evaluation", "Evaluation", width=30),
    Column("counted", "Counted", width=16),
    Column("how", "Confirmed by", width=14),
    Column("readers", "Independent readers", "number", 12),
    Column("gave", "Who gave this", "number", 10),
    Column("said_labels", "Said: finding types", width=20),
    Column("said_themes", "Said: themes", width=26),
    Column("comment", "Comment", width=30),
    Column("round", "Round", width=18),
    Column("codebook_version", "Codebook version", "number", 10),
    Column("model", "Model", width=22),
    Column("suggestion", "Its suggestion was", width=12),
    Column("decision", "Decision", "number", 9),
    Column("hash", "Hash of the decision", width=20),
    Column("page", "Page", "number", 7),
    Column("heading", "Heading", width=30),
    Column("passage_id", "Passage id", width=19),
    Column("file", "File", width=30),
    Column("sha256", "SHA-256 of the file", width=20),
)
_WIDTH = 100


def evidence_page(found: Sequence[Evidence], codes: Sequence[CodeKey], codebook: Codebook) -> str:
    """Each quotation with the chain of what it rests on, and how many there are."""
    asked = " × ".join(names_of(codebook)[code] for code in codes)
    counted = [one for one in found if one.is_counted]
    if not counted:
        return f"{asked}: no confirmed passage of an included evaluation."
    lines = [line for one in found for line in _lines(one, codebook)]
    reports = len({one.finding.evaluation.id for one in counted})
    total = f"{asked}: {_count(len(counted), 'passage')} of {_count(reports, 'evaluation')}."
    repeats = len(found) - len(counted)
    if repeats:
        total += f" {_count(repeats, 'passage')} more say the same again and are not counted."
    return "\n".join([*lines, total + " All times are UTC."])


def decision_rows(one: Evidence, codebook: Codebook) -> Iterator[list[Value]]:
    """The values of ``COLUMNS``, a row for each decision that gave the answer."""
    finding, passage = one.finding, one.finding.passage
    names = names_of(codebook)
    for decision, round_name in zip(finding.decisions, one.rounds, strict=True):
        yield [
            finding.source,
            passage.text,
            "; ".join(names["finding_type", code] for code in finding.labels),
            "; ".join(names["theme", code] for code in _all_themes(finding)),
            decision.annotator,
            decision.made_at[:19].replace("T", " "),
            str(decision.verdict),
            finding.evaluation.facts.title,
            _counted(one),
            finding.how,
            finding.readers,
            one.gave,
            "; ".join(decision.labels),
            "; ".join(decision.themes),
            decision.comment,
            round_name,
            decision.codebook_version,
            decision.model_version,
            ("hidden" if decision.blind else "shown") if decision.model_version else "",
            decision.id,
            decision.hash,
            passage.page,
            " > ".join(passage.heading),
            passage.id,
            one.source.path,
            one.source.sha256,
        ]


def facts_of(one: Evidence) -> dict[str, Any]:
    """The same for a program."""
    finding, passage = one.finding, one.finding.passage
    return {
        "source": finding.source,
        "evaluation": finding.evaluation.mark,
        "title": finding.evaluation.facts.title,
        "text": passage.text,
        "labels": list(finding.labels),
        "themes": list(_all_themes(finding)),
        "counted": one.is_counted,
        "repeats": finding.repeats,
        "how": finding.how,
        "readers": finding.readers,
        "gave": one.gave,
        "passage": passage.id,
        "page": passage.page,
        "heading": list(passage.heading),
        "file": one.source.path,
        "sha256": one.source.sha256,
        "decisions": [
            {**asdict(decision), "round": round_name}
            for decision, round_name in zip(finding.decisions, one.rounds, strict=True)
        ],
    }


def _lines(one: Evidence, codebook: Codebook) -> Iterator[str]:
    finding, passage = one.finding, one.finding.passage
    yield f"{finding.source}  {shown_codes(codebook, finding.labels, _all_themes(finding))}"
    yield _indented(f'"{passage.text}"')
    under = f", under {' > '.join(passage.heading)}" if passage.heading else ""
    yield _indented(f"{finding.evaluation.facts.title}{under}")
    yield f"  File {one.source.path}, SHA-256 {one.source.sha256[:12]}; passage {passage.id}"
    readers = "1 person" if finding.readers == 1 else f"{finding.readers} people"
    yield f"  {finding.how.capitalize()}; read by {readers} on their own, {one.gave} gave this."
    for decision, round_name in zip(finding.decisions, one.rounds, strict=True):
        event = decided(decision)
        when = event.at[:19].replace("T", " ")
        within = f" in the round '{round_name}'" if round_name else ""
        yield _indented(f"{when}  {event.by}{within}: {event.says}")
    if not one.is_counted:
        yield f"  Not counted: {_counted(one)}."
    yield ""


def _counted(one: Evidence) -> str:
    return "yes" if one.is_counted else f"repeats passage {one.finding.repeats}"


def _all_themes(finding: Finding) -> tuple[str, ...]:
    return (*finding.themes, *finding.target_groups, *finding.places)


def _indented(text: str) -> str:
    return indent(fill(text, _WIDTH, break_on_hyphens=False), "  ")


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
