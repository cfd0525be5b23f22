"""Cards of passages with made-up values, for tests of the review's screens."""

from collections.abc import Mapping
from typing import Any

from whatworks.labels.cards import Card, Said
from whatworks.labels.codebook import load_codebook
from whatworks.labels.decisions import Answer, Decision, Verdict
from whatworks.labels.store.suggestions import StoredSuggestion
from whatworks.nlp.passages import Passage, PassageId

TEXT = "Funds for the second phase came nine months late because nobody had signed the agreement."
ID = PassageId("0123456789abcdef")


def passage_of(text: str, order: int = 2, **more: Any) -> Passage:
    settings = {"page": 12, "heading": ("Findings", "Effectiveness"), "language": "en"} | more
    return Passage(id=ID, report="final.pdf", order=order, text=text, **settings)


def suggestion_of(
    labels: tuple[str, ...] = ("obstacle",),
    themes: tuple[str, ...] = ("inefficient-management",),
    probabilities: Mapping[str, float] | None = None,
    candidates: tuple[str, ...] = (),
) -> StoredSuggestion:
    """An obstacle, likely 0.82, and a theme, possible 0.41."""
    given = {"success_factor": 0.03, "obstacle": 0.82, "lesson": 0.2, "good_practice": 0.1}
    return StoredSuggestion(
        id=7,
        passage_id=ID,
        model="starter 1.0",
        codebook_version=1,
        labels=labels,
        themes=themes,
        probabilities=given | dict(probabilities or {}),
        theme_probabilities={"inefficient-management": 0.41, "local-presence": 0.12},
        uncertainty=0.5,
        created_at="2026-11-23T12:31:00.000000Z",
        candidates=candidates,
    )


NOTHING = suggestion_of((), (), {"obstacle": 0.2})


def said_by(
    annotator: str, labels: tuple[str, ...] = (), themes: tuple[str, ...] = (), **more: Any
) -> Said:
    """What somebody decided."""
    is_stale = more.pop("is_stale", False)
    settings: dict[str, Any] = {
        "id": 3,
        "passage_id": ID,
        "annotator": annotator,
        "verdict": Verdict.CORRECT if labels else Verdict.REJECT,
        "labels": labels,
        "themes": themes,
        "comment": "",
        "seconds": 3.0,
        "blind": False,
        "adjudicates": False,
        "undoes": None,
        "codebook_version": 1,
        "model_version": "starter 1.0",
        "round_id": 1,
        "source": "terminal",
        "key": "k",
        "made_at": "2026-11-23T12:31:00.000000Z",
        "hash": "h",
    }
    return Said(Decision(**(settings | more)), Answer.of(labels, themes), is_stale)


def card_of(text: str = TEXT, **more: Any) -> Card:
    """A passage between two others, with a suggestion."""
    settings: dict[str, Any] = {
        "passage": passage_of(text),
        "title": "Final evaluation of the rural employment project",
        "of": 212,
        "before": (passage_of("The project trained forty officers.", 1),),
        "after": (passage_of("Maintenance held where money was set aside.", 3),),
        "codebook": load_codebook(),
        "left": 41,
        "suggestion": suggestion_of(),
        "is_hidden": False,
        "own": None,
    }
    return Card(**(settings | more))
