"""What a search found, for people, for a spreadsheet and for a program."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from textwrap import fill, indent
from typing import Any

from ..labels.code_names import names_of, shown_codes
from ..labels.codebook import Codebook
from ..labels.exchange.rows import Column, Value
from ..labels.store.search import CONFIRMED, NOTHING, Hit
from ..labels.synthesis.material import CodeKey
from ..labels.views import By

COLUMNS = (
    Column("source", "Source", width=22),
    Column("title", "Title", width=30),
    Column("text", "Text", width=80),
    Column("state", "State", width=12),
    Column("basis", "Labels are", width=15),
    Column("labels", "Finding types", width=22),
    Column("themes", "Themes", width=28),
    Column("model", "Suggested by", width=22),
    Column("report", "Report", width=24),
    Column("page", "Page", "number", 7),
    Column("heading", "Heading", width=30),
    Column("language", "Language", width=10),
    Column("passage_id", "Passage id", width=19),
)
_WIDTH = 100


def search_page(hits: Sequence[Hit], total: int, text: str, by: By, codebook: Codebook) -> str:
    """The passages, each with what is known of it."""
    how = "with these words" if by is By.WORDS else "nearest in meaning"
    if not hits:
        return f"No passage was found for '{text}'."
    lines = []
    for hit in hits:
        lines += [f"{hit.source}  {_known(hit, codebook)}"]
        lines += [indent(fill(f'"{hit.passage.text}"', _WIDTH, break_on_hyphens=False), "  ")]
        lines += [f"  {hit.title} ({hit.passage.language}, passage {hit.passage.id})", ""]
    first = f"the first {len(hits):,} of " if len(hits) < total else ""
    passages = "1 passage" if total == 1 else f"{total:,} passages"
    return "\n".join([*lines, f"Shown: {first}{passages} {how}."])


def hit_row(hit: Hit, codebook: Codebook) -> list[Value]:
    """The values of ``COLUMNS``."""
    passage = hit.passage
    names = names_of(codebook)
    return [
        hit.source,
        hit.title,
        passage.text,
        str(hit.state),
        hit.basis,
        _named(hit, names),
        "; ".join(names.get(("theme", one), one) for one in hit.themes),
        hit.model,
        passage.report,
        passage.page,
        " > ".join(passage.heading),
        passage.language,
        passage.id,
    ]


def _named(hit: Hit, names: Mapping[CodeKey, str]) -> str:
    if hit.labels or hit.basis == NOTHING:
        return "; ".join(names.get(("finding_type", one), one) for one in hit.labels)
    return "no finding"


def facts_of(hit: Hit) -> dict[str, Any]:
    """The same for a program."""
    passage = hit.passage
    said = {key: value for key, value in asdict(hit).items() if key != "passage"}
    return {
        "passage": passage.id,
        "text": passage.text,
        "report": passage.report,
        "page": passage.page,
        "heading": list(passage.heading),
        "language": passage.language,
        **said,
    }


def _known(hit: Hit, codebook: Codebook) -> str:
    said = shown_codes(codebook, hit.labels, hit.themes)
    if hit.basis == NOTHING:
        return f"{hit.state}: no label to show"
    if hit.basis == CONFIRMED:
        return f"CONFIRMED: {said}"
    # A suggestion is never to be taken for a label.
    also = "" if str(hit.state) == "suggested" else f", {hit.state}"
    return f"only suggested: {said} (not confirmed{also})"
