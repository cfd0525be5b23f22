"""Reports and suggestions with made-up values, for tests of what is stored."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.labels.codebook import load_codebook
from whatworks.labels.codebook_file import codebook_source
from whatworks.labels.decisions import DecisionDraft, Verdict
from whatworks.labels.store.codebooks import add_codebook, current_codebook
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import Recorded, record
from whatworks.labels.store.reports import AddedReport, add_report
from whatworks.labels.store.suggestions import add_model_version, add_suggestions
from whatworks.labels.suggestions import PassageSuggestions, ThemeSuggestion
from whatworks.nlp.passages import Passage, PassageIds
from whatworks.nlp.reading import ReadReport

TYPES = load_codebook().finding_type_ids


def report_of(name: str, *texts: str, **more: Any) -> ReadReport:
    """A report of one-sentence passages, as if it had been read."""
    ids = PassageIds()
    passages = tuple(
        Passage(
            id=ids.next(name, text),
            report=name,
            order=order,
            page=order,
            heading=("Findings",),
            language="en",
            text=text,
            end=len(text),
        )
        for order, text in enumerate(texts, 1)
    )
    settings = {"title": "", "language": "en", "pages": len(texts), "warnings": ()} | more
    return ReadReport(name=name, passages=passages, **settings)


def add(store: Store, report: ReadReport, *, report_id: int | None = None) -> AddedReport:
    """Adds it, with a content hash made from its texts."""
    texts = "\0".join(one.text for one in report.passages)
    digest = hashlib.sha256(f"{report.name}\0{texts}".encode(errors="replace")).hexdigest()
    return add_report(store, report, f"reports/{report.name}", digest, "ana", report_id=report_id)


def suggestion_of(
    passage: Passage,
    probabilities: Mapping[str, float] | None = None,
    themes: Mapping[str, float] | None = None,
) -> PassageSuggestions:
    """A suggestion with the finding types from 0.5 on."""
    given = dict.fromkeys(TYPES, 0.1) | dict(probabilities or {})
    strongest = sorted(given, key=lambda code: -given[code])
    return PassageSuggestions(
        passage=passage,
        probabilities=given,
        labels=tuple(code for code in strongest if given[code] >= 0.5),
        themes=tuple(ThemeSuggestion(code, p) for code, p in (themes or {}).items()),
    )


def with_codebook(store: Store, source: str | None = None) -> int:
    """Gives the project a codebook version, the shipped one by default; its id."""
    add_codebook(store, source or codebook_source("ilo-social-protection"), "ana")
    with store.reading() as connection:
        return current_codebook(connection).id


def suggest(
    store: Store,
    passages: Sequence[Passage],
    model: str = "made up 1",
    details: Mapping[str, Any] | None = None,
    **probabilities: float,
) -> int:
    """Stores the same suggestion for each passage, under the current codebook; how many."""
    with store.reading() as connection:
        codebook = current_codebook(connection).id
    version = add_model_version(store, model, f"fingerprint of {model}", details or {})
    return add_suggestions(
        store, version.id, codebook, [suggestion_of(one, probabilities) for one in passages]
    )


def decide(
    store: Store,
    passage: Passage,
    annotator: str,
    *labels: str,
    themes: Sequence[str] = (),
    verdict: Verdict | None = None,
) -> Recorded:
    """Records that somebody gives these finding types; none is a rejection."""
    if verdict is None:
        verdict = Verdict.CORRECT if labels else Verdict.REJECT
    return record(
        store,
        DecisionDraft(
            passage_id=passage.id,
            annotator=annotator,
            verdict=verdict,
            labels=tuple(sorted(labels)),
            themes=tuple(sorted(themes)),
        ),
    )
