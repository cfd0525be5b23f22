"""The decisions of the sample project: recorded in the log as they stand in its file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ..nlp.errors import WhatworksError
from ..nlp.passages import PassageId
from ..nlp.table_formats import open_records

if TYPE_CHECKING:
    from ..labels.decisions import DecisionDraft
    from ..labels.store.database import Store
    from ..labels.store.suggestions import StoredSuggestion
    from ..nlp.passages import Passage

AUDIT = "Audit sample"
"""Its round: drawn by lot; the passages of the others were chosen by hand."""
SEED = 2026
"""Of the lots of the audit sample."""


@dataclass(frozen=True, slots=True)
class SampleDecision:
    """A row of the file."""

    place: str
    """'decisions.csv, row 41', as a spreadsheet counts."""
    round: str
    annotator: str
    settles: bool
    """Whether it settles what others differ on."""
    report: str
    passage_id: PassageId
    beginning: str
    """The first words of the passage."""
    finding_types: tuple[str, ...]
    themes: tuple[str, ...]
    comment: str
    seconds: float

    def wrong(self, says: str) -> WhatworksError:
        """What to raise of it: the file and the row are named."""
        return WhatworksError(f"{self.place}: {says}")


def read_sample_decisions(file: Path) -> tuple[SampleDecision, ...]:
    """The rows of the file, in its order.

    Raises:
        WhatworksError: a cell that cannot be taken; file and row are named.
    """
    _, records = open_records(file, lambda name: name == "passage")
    return tuple(
        _row(f"{file.name}, row {number}", {key: str(cell or "") for key, cell in cells.items()})
        for number, cells in records
    )


def _row(place: str, cells: Mapping[str, str]) -> SampleDecision:
    from ..labels.register_words import listed

    try:
        seconds = float(cells["seconds"])
    except ValueError as error:
        raise WhatworksError(f"{place}: '{cells['seconds']}' is no number of seconds.") from error
    return SampleDecision(
        place=place,
        round=cells["round"],
        annotator=cells["annotator"],
        settles=bool(cells["settles"]),
        report=cells["report"],
        passage_id=PassageId(cells["passage"]),
        beginning=cells["beginning"],
        finding_types=listed(cells["finding_types"]),
        themes=listed(cells["themes"]),
        comment=cells["comment"],
        seconds=seconds,
    )


@dataclass(frozen=True, slots=True)
class _Round:
    name: str
    rows: tuple[SampleDecision, ...]

    @property
    def passages(self) -> tuple[PassageId, ...]:
        """In the order of the file, each once."""
        return tuple(dict.fromkeys(row.passage_id for row in self.rows))

    @property
    def readers(self) -> tuple[str, ...]:
        """Who read, without who settled."""
        return tuple(dict.fromkeys(row.annotator for row in self.rows if not row.settles))

    @property
    def maker(self) -> str:
        """Who made the round: the one who settled what was open in it."""
        return next((row.annotator for row in self.rows if row.settles), self.readers[0])


def record_sample_decisions(store: "Store", rows: Sequence[SampleDecision]) -> int:
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
    for name, own in groupby(rows, key=lambda row: row.round):
        part = _Round(name, tuple(own))
        there = known.get(name)
        if there is not None and there.is_closed:
            continue
        round_id = _make_round(store, part) if there is None else there.id
        new += _record(store, part, round_id, suggested)
        close_round(store, round_id)
    return new


def check_passages(rows: Iterable[SampleDecision], passages: Mapping[PassageId, "Passage"]) -> None:
    """Looks whether every row speaks of a passage that begins as the row says.

    Raises:
        WhatworksError: of the first that does not.
    """
    for row in rows:
        found = passages.get(row.passage_id)
        if found is None or found.report != row.report:
            raise row.wrong(f"there is no passage {row.passage_id} in {row.report}.")
        if not " ".join(found.text.split()).startswith(row.beginning):
            raise row.wrong(f"passage {found.id} does not begin with '{row.beginning}'.")


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
    suggested: Mapping[PassageId, "StoredSuggestion"],
) -> int:
    from ..labels.store.decisions import problems, record_all

    drafts = [_draft(row, round_id, suggested) for row in part.rows]
    with store.reading() as connection:
        wrong = problems(connection, drafts)
    for place, says in wrong.items():
        raise part.rows[place].wrong(says)
    return sum(one.is_new for one in record_all(store, drafts))


def _draft(
    row: SampleDecision, round_id: int, suggested: Mapping[PassageId, "StoredSuggestion"]
) -> "DecisionDraft":
    from ..labels.decisions import Answer, DecisionDraft, verdict_for

    answer = Answer.of(row.finding_types, row.themes)
    there = suggested.get(row.passage_id)
    said = f"sample\0{row.round}\0{row.annotator}\0{row.settles}\0{row.passage_id}"
    return DecisionDraft(
        passage_id=row.passage_id,
        annotator=row.annotator,
        verdict=verdict_for(answer.labels, answer.themes, there.answer if there else None),
        labels=answer.labels,
        themes=answer.themes,
        comment=row.comment,
        seconds=row.seconds,
        blind=not row.settles,
        adjudicates=row.settles,
        suggestion_id=there.id if there else None,
        round_id=round_id,
        source="import",
        key=blake2b(said.encode(), digest_size=16).hexdigest(),
    )
