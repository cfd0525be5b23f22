"""Cards: all that the screen shows of one passage, worked out in one reading."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from ...labels.codebook import Code, Codebook, FindingType, Theme
from ...labels.decisions import Answer, Decision, Verdict
from ...labels.resolution import name_key, that_hold
from ...labels.store.blind import blind_round
from ...labels.store.codebooks import StoredCodebook
from ...labels.store.log import current_policy, decisions_on
from ...labels.store.passages import (
    Neighbours,
    find_passage_id,
    neighbours,
    passages_between,
    passages_of,
)
from ...labels.store.schema import round_, selection
from ...labels.store.sources import Source, source_of
from ...labels.store.suggestions import StoredSuggestion, latest_suggestions
from ...labels.store.worklists import Standing
from ...labels.worklist import Queue, View
from ...nlp.passages import Passage, PassageId

AROUND = 5
"""How many passages are shown before and after."""
_THEMES = 3
"""How many of the themes that models tell are offered, and all that words tell."""
_KEYS = "123456789"


@dataclass(frozen=True, slots=True)
class Choice:
    """A code that can be given, as the screen shows it."""

    code: FindingType | Theme
    number: int
    """Its place among the codes of its kind, from 1: for its colour."""
    key: str
    """The key that gives it or takes it away; '' where there are too many."""
    probability: float | None
    """None where no model said, or it is hidden."""
    is_suggested: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one has come in a queue."""

    done: int
    total: int
    place: int
    """Of the passage, from 1; 0 where it is not in the queue."""


@dataclass(frozen=True, slots=True)
class Card:
    """A passage, and what this person may know of it."""

    passage: Passage
    around: Neighbours
    source: Source
    codebook: StoredCodebook
    suggestion: StoredSuggestion | None
    """None where there is none, and where it is hidden."""
    is_hidden: bool
    """A blind round hides the suggestion until the decision is made."""
    round_id: int | None
    """The round that a decision will belong to."""
    round_name: str
    types: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    own: tuple[Decision, ...]
    """All that this person decided here, the last first, undos too."""
    holding: Decision | None
    """What of it holds."""
    is_ruling: bool
    """Whether that settles the passage for all: an independent answer would change nothing."""
    is_stale: bool
    """Whether the codebook made it stale."""
    progress: Progress
    key: str
    """For the decision, should it be sent by the form itself."""

    @property
    def seen(self) -> str:
        """The id of this person's last decision here, '' for none."""
        return str(self.own[0].id) if self.own else ""

    @property
    def suggested(self) -> Answer | None:
        """What the model says, None where it says nothing or is hidden."""
        return self.suggestion.answer if self.suggestion else None

    def filled_in(self, labels: Sequence[str], themes: Sequence[str]) -> "Card":
        """The card with these codes chosen."""
        return replace(
            self,
            types=tuple(replace(one, is_chosen=one.code.id in labels) for one in self.types),
            themes=_themes(self.codebook.codebook, self.suggestion, Answer.of(labels, themes)),
        )


def find_id(standing: Standing, connection: Connection, given: str) -> PassageId:
    """The id of the passage that an address names; raises WhatworksError where there is none."""
    if PassageId(given) in standing.passages.at:
        return PassageId(given)
    return find_passage_id(connection, given)


def make_card(
    connection: Connection, standing: Standing, view: View, queue: Queue, passage_id: PassageId
) -> Card:
    """The card of a passage that is there."""
    is_hidden = standing.hides(connection, passage_id)
    suggestion = None
    if not is_hidden:
        known = standing.translations
        suggestion = latest_suggestions(connection, [passage_id], known).get(passage_id)
    said: list[Decision] = []
    if standing.knows(passage_id):
        me = name_key(standing.annotator)
        on_it = decisions_on(connection, [passage_id])[passage_id]
        said = [one for one in on_it if name_key(one.annotator) == me]
    holding = next(reversed(that_hold(said)), None)
    chosen = suggestion.answer if suggestion else Answer()
    is_stale = False
    if holding is not None and holding.verdict is not Verdict.UNSURE:
        given = Answer(holding.labels, holding.themes)
        chosen, is_stale = standing.translations.answer(holding.codebook_version, given)
    round_id, round_name = _round(connection, standing, view, passage_id, is_hidden)
    passage, around, source = _placed(connection, standing, passage_id)
    return Card(
        passage=passage,
        around=around,
        source=source,
        codebook=standing.codebook,
        suggestion=suggestion,
        is_hidden=is_hidden,
        round_id=round_id,
        round_name=round_name,
        types=_types(standing.codebook.codebook, suggestion, chosen),
        themes=_themes(standing.codebook.codebook, suggestion, chosen),
        own=tuple(reversed(said)),
        holding=holding,
        is_ruling=holding is not None
        and holding.adjudicates
        and current_policy(connection).adjudicates,
        is_stale=is_stale,
        progress=progress_of(queue, passage_id),
        key=uuid.uuid4().hex,
    )


def progress_of(queue: Queue, passage_id: PassageId | None = None) -> Progress:
    """How far one has come in a queue, and where in it a passage is."""
    place = 0 if passage_id is None else queue.place_of(passage_id)
    return Progress(queue.total - queue.left, queue.total, place)


def _placed(
    connection: Connection, standing: Standing, passage_id: PassageId
) -> tuple[Passage, Neighbours, Source]:
    """The passage, what stands around it, and in which file."""
    passages = standing.passages
    at = passages.at.get(passage_id)
    if at is None:
        source = source_of(connection, passage_id)
        assert source is not None
        passage = passages_of(connection, [passage_id])[passage_id]
        around = neighbours(connection, passage_id, before=AROUND, after=AROUND)
        return passage, around, source
    version, position = int(passages.versions[at]), int(passages.positions[at])
    near = passages_between(connection, version, position - AROUND, position + AROUND)
    return (
        next(one for one in near if one.id == passage_id),
        Neighbours(
            tuple(one for one in near if one.order < position),
            tuple(one for one in near if one.order > position),
        ),
        standing.sources[version],
    )


def names_of(codebook: Codebook, codes: Iterable[str], kind: str, language: str) -> list[str]:
    """The names of codes, retired ones too; of one that nobody knows, its id."""
    known: Mapping[str, Code] = {
        one.id: one
        for one in (
            (*codebook.finding_types, *codebook.retired_finding_types)
            if kind == "finding_type"
            else (*codebook.themes, *codebook.retired_themes)
        )
    }
    return [known[code].name(language) if code in known else code for code in codes]


def _types(
    codebook: Codebook, suggestion: StoredSuggestion | None, chosen: Answer
) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            code=code,
            number=number,
            key=_KEYS[number - 1] if number <= len(_KEYS) else "",
            probability=suggestion.probabilities.get(code.id) if suggestion else None,
            is_suggested=suggestion is not None and code.id in suggestion.labels,
            is_chosen=code.id in chosen.labels,
        )
        for number, code in enumerate(codebook.finding_types, 1)
    )


def _themes(
    codebook: Codebook, suggestion: StoredSuggestion | None, chosen: Answer
) -> tuple[Choice, ...]:
    likely = list(suggestion.theme_probabilities) if suggestion else []
    told = {theme.id for theme in codebook.themes if theme.words}
    ranked = [code for code in likely if code not in told][:_THEMES]
    shown = dict.fromkeys((*ranked, *(code for code in likely if code in told), *chosen.themes))
    numbers = {code.id: number for number, code in enumerate(codebook.themes, 1)}
    free = _KEYS[len(codebook.finding_types) :]
    known = [code for code in shown if code in numbers]
    return tuple(
        Choice(
            code=codebook.theme(code),
            number=numbers[code],
            key=free[place] if place < len(free) else "",
            probability=suggestion.theme_probabilities.get(code) if suggestion else None,
            is_suggested=suggestion is not None and code in suggestion.themes,
            is_chosen=code in chosen.themes,
        )
        for place, code in enumerate(known)
    )


def _round(
    connection: Connection, standing: Standing, view: View, passage_id: PassageId, is_hidden: bool
) -> tuple[int | None, str]:
    """The round a decision will belong to: that of the view, or the blind one that hides it."""
    wanted = view.round_id
    if wanted is None and is_hidden:
        wanted = blind_round(connection, standing.annotator, passage_id)
    if wanted is None:
        return None, ""
    row = connection.execute(
        select(round_.c.id, round_.c.name)
        .join(selection, selection.c.round_id == round_.c.id)
        .where(
            round_.c.id == wanted,
            round_.c.closed_at.is_(None),
            selection.c.passage_id == passage_id,
        )
    ).one_or_none()
    return (None, "") if row is None else (row.id, row.name)
