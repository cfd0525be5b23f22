"""The decisions of the sample project: recorded in the log as they stand in its file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING

from .sample_rows import SampleRow

if TYPE_CHECKING:
    from ..labels.decisions import DecisionDraft
    from ..labels.store.database import Store
    from ..labels.store.suggestions import StoredSuggestion
    from ..nlp.passages import Passage, PassageId

COLUMNS = (
    "round",
    "annotator",
    "settles",
    "report",
    "passage",
    "beginning",
    "finding_types",
    "themes",
    "comment",
    "seconds",
)
AUDIT = "Audit sample"
"""Its round: drawn by lot; the passages of the others were chosen by hand."""
SEED = 2026
"""Of the lots of the audit sample."""


@dataclass(frozen=True, slots=True)
class _Round:
    name: str
    rows: tuple[SampleRow, ...]

    @property
    def passages(self) -> tuple["PassageId", ...]:
        """In the order of the file, each once."""
        from ..nlp.passages import PassageId

        return tuple(dict.fromkeys(PassageId(row["passage"]) for row in self.rows))

    @property
    def readers(self) -> tuple[str, ...]:
        """Who read, without who settled."""
        return tuple(dict.fromkeys(row["annotator"] for row in self.rows if not row["settles"]))

    @property
    def maker(self) -> str:
        """Who made the round: the one who settled what was open in it."""
        return next((row["annotator"] for row in self.rows if row["settles"]), self.readers[0])


def record_sample_decisions(store: "Store", rows: Sequence[SampleRow]) -> int:
    """Makes the rounds, records their decisions and closes them; how many decisions were new.

    What was recorded before is left as it is.

    Raises:
        WhatworksError: a row names a passage that is not there, or cannot be recorded; file and
            row are named.
    """
    from ..labels.store.closing import close_round
    from ..labels.store.passages import current_passages
    from ..labels.store.rounds import rounds
    from ..labels.store.suggestions import latest_suggestions

    with store.reading() as connection:
        passages = {one.id: one for one in current_passages(connection)}
        suggested = latest_suggestions(connection, passages)
        known = {one.name: one for one in rounds(connection)}
    check_passages(rows, passages)
    new = 0
    for name, own in groupby(rows, key=lambda row: row["round"]):
        part = _Round(name, tuple(own))
        there = known.get(name)
        if there is not None and there.is_closed:
            continue
        round_id = _make_round(store, part) if there is None else there.id
        new += _record(store, part, round_id, suggested)
        close_round(store, round_id)
    return new


def check_passages(rows: Iterable[SampleRow], passages: Mapping["PassageId", "Passage"]) -> None:
    """Looks whether every row speaks of a passage that begins as the row says.

    Raises:
        WhatworksError: of the first that does not.
    """
    from ..nlp.passages import PassageId

    for row in rows:
        found = passages.get(PassageId(row["passage"]))
        if found is None or found.report != row["report"]:
            raise row.wrong(f"there is no passage {row['passage']} in {row['report']}.")
        if not " ".join(found.text.split()).startswith(row["beginning"]):
            raise row.wrong(f"passage {found.id} does not begin with '{row['beginning']}'.")


def _make_round(store: "Store", part: _Round) -> int:
    from ..labels.lots import Readers
    from ..labels.store.assignments import make_round
    from ..labels.store.audit_sample import AuditWanted, draw_audit
    from ..labels.store.rounds import RoundDraft

    two = Readers(each=len(part.readers))
    if part.name == AUDIT:
        wanted = AuditWanted(len(part.passages), SEED, name=AUDIT)
        drawn = draw_audit(store, wanted, part.maker, part.readers, two)
        if set(drawn.sample.passages) != set(part.passages):
            raise part.rows[0].wrong(
                f"the audit sample of seed {SEED} now has other passages than the file: the "
                "reports are read in another way than when it was drawn."
            )
        return drawn.round_id
    draft = RoundDraft(
        name=part.name,
        passages=part.passages,
        strategy="chosen by hand",
        reason="chosen by hand from the findings of its report, and a few that are none",
        seed=SEED,
        # Nobody saw a suggestion: what they say must not count as said with its help.
        blind=True,
        unread=True,
    )
    return make_round(store, draft, part.maker, part.readers, two)[0]


def _record(
    store: "Store",
    part: _Round,
    round_id: int,
    suggested: Mapping["PassageId", "StoredSuggestion"],
) -> int:
    from ..labels.store.decisions import problems, record_all

    drafts = [_draft(row, round_id, suggested) for row in part.rows]
    with store.reading() as connection:
        wrong = problems(connection, drafts)
    for place, says in wrong.items():
        raise part.rows[place].wrong(says)
    return sum(one.is_new for one in record_all(store, drafts))


def _draft(
    row: SampleRow, round_id: int, suggested: Mapping["PassageId", "StoredSuggestion"]
) -> "DecisionDraft":
    from ..labels.decisions import Answer, DecisionDraft, verdict_for
    from ..nlp.passages import PassageId

    passage_id = PassageId(row["passage"])
    answer = Answer.of(row.several("finding_types"), row.several("themes"))
    there = suggested.get(passage_id)
    said = "\0".join(row[column] for column in ("round", "annotator", "settles", "passage"))
    return DecisionDraft(
        passage_id=passage_id,
        annotator=row["annotator"],
        verdict=verdict_for(answer.labels, answer.themes, there.answer if there else None),
        labels=answer.labels,
        themes=answer.themes,
        comment=row["comment"],
        seconds=_seconds(row),
        blind=not row["settles"],
        adjudicates=bool(row["settles"]),
        suggestion_id=there.id if there else None,
        round_id=round_id,
        source="import",
        key=blake2b(said.encode(), digest_size=16).hexdigest(),
    )


def _seconds(row: SampleRow) -> float:
    try:
        return float(row["seconds"])
    except ValueError as error:
        raise row.wrong(f"'{row['seconds']}' is no number of seconds.") from error
