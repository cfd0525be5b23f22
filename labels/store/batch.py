"""A batch of decisions on its way into the log: checked, hashed, and written together."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, update

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..decisions import Answer, Decision, DecisionDraft, State, Verdict
from ..drafts import check_codes, check_verdict, clean_draft
from ..resolution import Resolution, adjudication, name_key, resolve, that_hold
from . import schema
from .ballots import keep_ballots
from .chain import Evidence, decision_hash
from .database import utc_now
from .known import (
    READERS_CHOICE,
    Asked,
    End,
    Round,
    Selected,
    Suggested,
    known_to,
    unknown_passage,
)
from .resolutions import keep
from .rules import Rules, current_rules


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision in the log, and where its passage stands since."""

    decision: Decision
    resolution: Resolution | None
    """None where no decision on the passage holds any more."""
    is_new: bool = True
    """False where the log already had the decision of this key."""


class Batch:
    """Decisions on their way into the log: each sees those before it."""

    def __init__(
        self, connection: Connection, asked: Iterable[Asked], rules: Rules | None = None
    ) -> None:
        """Reads all that is needed to check them.

        Args:
            connection: Within ``store.writing()``, or a reading one to check only.
            asked: What may be added.
            rules: As they are now, where they were read already.
        """
        self._connection = connection
        rules = rules or current_rules(connection)
        self._codebook = rules.codebook
        self._policy = rules.policy
        self._translations = rules.translations
        self.known = known_to(connection, asked, rules)
        self._new: list[tuple[Decision, Evidence, str]] = []
        self._resolved: dict[PassageId, Resolution | None] = {}

    def add(self, draft: DecisionDraft) -> Recorded:
        """Checks it and appends it. Where it raises WhatworksError, nothing has changed."""
        known, draft = self.known, clean_draft(draft)
        spelled = known.annotators.get(name_key(draft.annotator), draft.annotator)
        draft = dataclasses.replace(draft, annotator=spelled)
        if draft.key in known.by_key:
            return self._again(draft)
        if draft.passage_id not in known.passages:
            raise unknown_passage(self._connection, draft.passage_id)
        in_round = self._round(draft)
        selected = self._selected(draft, in_round)
        suggested = self._suggested(draft)
        check_codes(draft, self._codebook.codebook)
        check_verdict(draft, self._now(suggested))
        if draft.adjudicates:
            self._check_adjudication(draft)
        decision = Decision(
            id=known.end.count + 1,
            passage_id=draft.passage_id,
            annotator=draft.annotator,
            verdict=draft.verdict,
            labels=draft.labels,
            themes=draft.themes,
            comment=draft.comment,
            seconds=draft.seconds,
            blind=bool(draft.blind),
            adjudicates=bool(draft.adjudicates),
            undoes=self._undone(draft) if draft.verdict is Verdict.UNDO else None,
            codebook_version=self._codebook.number,
            model_version=suggested.model if suggested else "",
            round_id=in_round.id,
            source=draft.source,
            key=draft.key,
            made_at=utc_now(),
            hash="",
        )
        evidence = Evidence(
            text_sha256=known.passages[draft.passage_id].text_sha256,
            codebook_sha256=self._codebook.sha256,
            translation=self._codebook.translation,
            round_name=in_round.name,
            probability=selected.probability,
            reason=selected.reason,
            suggestion_id=draft.suggestion_id,
            model_fingerprint=suggested.fingerprint if suggested else None,
            suggested=suggested.answer if suggested else None,
        )
        return self._append(decision, evidence)

    def suggested(self, suggestion_id: int | None) -> Answer | None:
        """What a suggestion says in the codes of the newest codebook; None where there is none."""
        return self._now(self.known.suggestions.get(suggestion_id or 0))

    def resolution(self, passage_id: PassageId) -> Resolution | None:
        """Where a passage stands, after what was added."""
        return resolve(self.known.said[passage_id], self._policy, self._translations)

    def write(self) -> None:
        """Stores what was added, and what follows from it."""
        if not self._new:
            return
        annotators = self._annotator_ids()
        selections = self._selection_ids()
        rows = [
            {
                "id": one.id,
                "passage_id": one.passage_id,
                "annotator_id": annotators[one.annotator],
                "verdict": str(one.verdict),
                "labels": one.labels,
                "themes": one.themes,
                "comment": one.comment,
                "seconds": one.seconds,
                "blind": one.blind,
                "adjudicates": one.adjudicates,
                "undoes_id": one.undoes,
                "codebook_version_id": self._codebook.id,
                "suggestion_id": evidence.suggestion_id,
                "selection_id": selections[one.round_id, one.passage_id],
                "source": one.source,
                "key": one.key,
                "made_at": one.made_at,
                "previous_hash": previous,
                "hash": one.hash,
            }
            for one, evidence, previous in self._new
        ]
        self._connection.execute(insert(schema.decision), rows)
        end = self.known.end
        self._connection.execute(update(schema.project).values(decisions=end.count, head=end.head))
        passages = self.known.passages
        keep(
            self._connection,
            self._resolved,
            {one: passages[one].report_id for one in self._resolved},
            [one for one in self._resolved if passages[one].has_resolution],
        )
        keep_ballots(self._connection, {one: self.known.said[one] for one in self._resolved})

    def _append(self, decision: Decision, evidence: Evidence) -> Recorded:
        known, previous = self.known, self.known.end.head
        decision = dataclasses.replace(decision, hash=decision_hash(previous, decision, evidence))
        known.said[decision.passage_id].append(decision)
        known.by_key[decision.key] = (decision, evidence.suggestion_id)
        known.annotators[name_key(decision.annotator)] = decision.annotator
        known.end = End(decision.id, decision.hash)
        self._new.append((decision, evidence, previous))
        resolved = self._resolved[decision.passage_id] = self.resolution(decision.passage_id)
        return Recorded(decision, resolved)

    def _again(self, draft: DecisionDraft) -> Recorded:
        first, suggestion_id = self.known.by_key[draft.key]
        same = {one.name for one in dataclasses.fields(draft)} - {"round_id", "suggestion_id"}
        is_same = (
            all(getattr(draft, name) == getattr(first, name) for name in same)
            and draft.suggestion_id == suggestion_id
            and (draft.round_id or self.known.reading.id) == first.round_id
        )
        if not is_same:
            raise WhatworksError(
                f"Passage {draft.passage_id}: the key '{draft.key}' is that of decision "
                f"{first.id}, which says something else. Give every decision a key of its own."
            )
        return Recorded(first, self.resolution(first.passage_id), is_new=False)

    def _round(self, draft: DecisionDraft) -> Round:
        if draft.round_id is None:
            return self.known.reading
        found = self.known.rounds.get(draft.round_id)
        if found is None:
            raise WhatworksError(
                f"Passage {draft.passage_id}: there is no round {draft.round_id}. There are "
                f"{', '.join(f'{one.id} ({one.name})' for one in self.known.rounds.values())}."
            )
        if found.is_closed:
            raise WhatworksError(
                f"Passage {draft.passage_id}: the round '{found.name}' is closed. Decide without "
                "a round."
            )
        return found

    def _selected(self, draft: DecisionDraft, in_round: Round) -> Selected:
        found = self.known.selections.get((in_round.id, draft.passage_id))
        if found is not None:
            return found
        if in_round.id != self.known.reading.id:
            raise WhatworksError(
                f"Passage {draft.passage_id} is not in the round '{in_round.name}'. Decide without "
                "a round."
            )
        return Selected(0)

    def _suggested(self, draft: DecisionDraft) -> Suggested | None:
        if draft.suggestion_id is None:
            return None
        found = self.known.suggestions.get(draft.suggestion_id)
        if found is None or found.passage_id != draft.passage_id:
            of = "not there" if found is None else f"of passage {found.passage_id}"
            raise WhatworksError(
                f"Passage {draft.passage_id}: the suggestion {draft.suggestion_id} is {of}. Read "
                "the passage's suggestions again."
            )
        return found

    def _now(self, suggested: Suggested | None) -> Answer | None:
        if suggested is None:
            return None
        return self._translations.suggestion(suggested.number, suggested.answer)

    def _undone(self, draft: DecisionDraft) -> int:
        holding = that_hold(self.known.said[draft.passage_id])
        own = [one.id for one in holding if one.annotator == draft.annotator]
        if not own:
            raise WhatworksError(
                f"Passage {draft.passage_id}: '{draft.annotator}' has no decision there that "
                "could be undone."
            )
        return own[-1]

    def _check_adjudication(self, draft: DecisionDraft) -> None:
        policy = self._policy
        if not policy.adjudicates:
            raise WhatworksError(
                f"Under the policy '{policy.name}' nobody adjudicates. Decide like everybody "
                'else, or set policy = "two-adjudicated" in whatworks.toml.'
            )
        if not policy.is_adjudicator(draft.annotator):
            named = ", ".join(policy.adjudicators) or "nobody"
            raise WhatworksError(
                f"'{draft.annotator}' is no adjudicator of this project; {named} is. Add the name "
                "to 'adjudicators' in whatworks.toml."
            )
        resolved = self.resolution(draft.passage_id)
        state = resolved.state if resolved else "not decided"
        settled = adjudication(self.known.said[draft.passage_id])
        if state is not State.DISAGREED and settled is None:
            raise WhatworksError(
                f"Passage {draft.passage_id} is {state}: there is nothing to adjudicate. Only "
                "where people disagree can one settle it."
            )

    def _annotator_ids(self) -> dict[str, int]:
        found, now = self.known.annotator_ids, utc_now()
        new = sorted({one.annotator for one, _, _ in self._new} - found.keys())
        if new:
            table = schema.annotator
            rows = self._connection.execute(
                insert(table).returning(table.c.name, table.c.id),
                [{"name": name, "created_at": now} for name in new],
            )
            found |= {row.name: row.id for row in rows}
        return found

    def _selection_ids(self) -> dict[tuple[int, PassageId], int]:
        known, table = self.known, schema.selection
        wanted: dict[tuple[int, PassageId], str] = {}
        for one, _, _ in self._new:
            wanted.setdefault((one.round_id, one.passage_id), one.made_at)
        missing = [pair for pair in wanted if pair not in known.selections]
        if missing:
            # Rounds other than 'reading' choose their passages before anybody decides.
            rows = self._connection.execute(
                insert(table).returning(table.c.passage_id, table.c.id),
                [
                    {
                        "round_id": known.reading.id,
                        "passage_id": pair[1],
                        "reason": READERS_CHOICE,
                        "created_at": wanted[pair],
                    }
                    for pair in missing
                ],
            )
            known.selections |= {
                (known.reading.id, PassageId(row.passage_id)): Selected(row.id) for row in rows
            }
        return {pair: known.selections[pair].id for pair in wanted}
