"""Resolution: what follows from the decisions on a passage, by the policy of the project."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .decisions import Answer, Decision, State, Translation, Verdict

REQUIRED = {"one-reviewer": 1, "two-agree": 2, "two-adjudicated": 2}
"""The policies, and how many annotators must agree under each."""

AGREED = "agreed"
ADJUDICATED = "adjudicated"
_ENDED = "\0"
"""Between the last name of a stale code and the version that ended it."""


def name_key(name: str) -> str:
    """Equal for two spellings of one annotator's name: they must not make two votes."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


@dataclass(frozen=True, slots=True)
class Policy:
    """When a passage counts as decided.

    Raises:
        WhatworksError: there is no policy of that name, or it wants adjudicators and names none.
    """

    name: str = "one-reviewer"
    """'one-reviewer' (one suffices), 'two-agree' or 'two-adjudicated' (two must agree, or one
    of the adjudicators settles it)."""
    adjudicators: tuple[str, ...] = ()
    """Names of annotators; without effect under 'two-agree'."""

    def __post_init__(self) -> None:
        if self.name not in REQUIRED:
            raise WhatworksError(
                f"{unknown('policy', self.name, REQUIRED)} There are {', '.join(REQUIRED)}."
            )
        if self.name == "two-adjudicated" and not any(map(str.strip, self.adjudicators)):
            raise WhatworksError(
                "The policy 'two-adjudicated' names no adjudicator. Name at least one annotator "
                "under 'adjudicators', or choose 'two-agree'."
            )

    @property
    def required(self) -> int:
        """How many annotators must give the same answer."""
        return REQUIRED[self.name]

    @property
    def adjudicates(self) -> bool:
        """Whether an adjudication counts at all."""
        return self.name != "two-agree"

    def is_adjudicator(self, annotator: str) -> bool:
        """Whether this annotator may settle what others disagree on."""
        return self.adjudicates and name_key(annotator) in map(name_key, self.adjudicators)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a passage that somebody decided stands."""

    state: State
    labels: tuple[str, ...]
    """Finding types in the words of the newest codebook version; () unless confirmed."""
    themes: tuple[str, ...]
    how: str
    """'agreed', 'adjudicated', or '' while not confirmed."""
    votes: int
    """How many annotators' answers count now: neither unsure nor stale."""
    decision_id: int
    """The last decision that had a part in it."""
    decided_by: tuple[int, ...] = field(default=(), compare=False)
    """Ids of the decisions that gave the confirmed answer; () unless confirmed."""


@dataclass(frozen=True, slots=True)
class _Vote:
    id: int
    answer: Answer
    is_stale: bool


class Translations:
    """What the codes of each codebook version are called now.

    ``steps[n - 1]`` leads from version n - 1 to version n; the first one is empty.
    """

    def __init__(self, steps: Sequence[Translation]) -> None:
        self._steps = tuple(steps)
        self._known: dict[tuple[int, str, str], tuple[str, bool]] = {}

    def __len__(self) -> int:
        return len(self._steps)

    def last_name(self, version: int, kind: str, code: str) -> str:
        """What it is called now, or was called when it became stale."""
        name, _ = self._follow(version, kind, code)
        return name.partition(_ENDED)[0]

    def followed_by(self, step: Translation) -> "Translations":
        """With one more version."""
        return Translations((*self._steps, step))

    def now(self, version: int, kind: str, code: str) -> str | None:
        """The present id of a code of an older version; None where it has become stale."""
        name, is_stale = self._follow(version, kind, code)
        return None if is_stale else name

    def until(self, number: int) -> "Translations":
        """As they were when version ``number`` was the newest."""
        return Translations(self._steps[:number])

    def answer(self, version: int, answer: Answer) -> tuple[Answer, bool]:
        """The answer in present words, and whether any of its codes has become stale.

        A stale code stands in it under its last name and the version that ended it, so that
        stale answers can still be told apart, from each other and from new codes of that name.
        """
        labels = [self._follow(version, "finding_type", code) for code in answer.labels]
        themes = [self._follow(version, "theme", code) for code in answer.themes]
        is_stale = any(stale for _, stale in (*labels, *themes))
        return Answer.of((name for name, _ in labels), (name for name, _ in themes)), is_stale

    def suggestion(self, version: int, suggested: Answer) -> Answer:
        """What an older suggestion still says: stale codes fall away, the others are renamed."""
        labels = [self.now(version, "finding_type", code) for code in suggested.labels]
        themes = [self.now(version, "theme", code) for code in suggested.themes]
        kept = [code for code in labels if code is not None]
        return Answer.of(kept, (code for code in themes if code is not None) if kept else ())

    def _follow(self, version: int, kind: str, code: str) -> tuple[str, bool]:
        key = (version, kind, code)
        if key not in self._known:
            self._known[key] = self._walk(*key)
        return self._known[key]

    def _walk(self, version: int, kind: str, code: str) -> tuple[str, bool]:
        for number in range(version, len(self._steps)):
            renamed = self._steps[number].get(kind, {})
            following = renamed.get(code, code)
            if following is None:
                return f"{code}{_ENDED}{number + 1}", True
            code = following
        return code, False


def that_hold(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that were not taken back, in their order; no undo is among them."""
    said = list(decisions)
    undone = {decision.undoes for decision in said}
    return [one for one in said if one.verdict is not Verdict.UNDO and one.id not in undone]


def latest_of_each(decisions: Iterable[Decision]) -> list[Decision]:
    """Each annotator's last independent decision that holds, 'unsure' included."""
    last = {one.annotator: one for one in that_hold(decisions) if not one.adjudicates}
    return sorted(last.values(), key=lambda one: one.id)


def adjudication(decisions: Iterable[Decision]) -> Decision | None:
    """The last adjudication that holds."""
    return next((one for one in reversed(that_hold(decisions)) if one.adjudicates), None)


def resolve(
    decisions: Sequence[Decision], policy: Policy, translations: Translations
) -> Resolution | None:
    """Where a passage stands after these decisions on it, in the order of the log.

    None where no decision holds. An adjudication is no vote. Votes that the codebook has made
    stale do not count; where they would have confirmed the passage, it is stale.
    """
    holding = that_hold(decisions)
    if not holding:
        return None
    votes = [
        _vote(one, translations)
        for one in latest_of_each(holding)
        if one.verdict is not Verdict.UNSURE
    ]
    fresh = [vote for vote in votes if not vote.is_stale]
    settled = adjudication(holding) if policy.adjudicates else None
    ruling = _vote(settled, translations) if settled is not None else None
    if ruling is not None and not ruling.is_stale:
        return Resolution(
            State.CONFIRMED,
            ruling.answer.labels,
            ruling.answer.themes,
            ADJUDICATED,
            len(fresh),
            ruling.id,
            (ruling.id,),
        )
    state, answer = _count(fresh, policy.required)
    last = max(one.id for one in decisions)
    if state is State.CONFIRMED:
        decided_by = tuple(vote.id for vote in fresh if vote.answer == answer)
        return Resolution(
            state, answer.labels, answer.themes, AGREED, len(fresh), max(decided_by), decided_by
        )
    if state is State.IN_REVIEW and (
        ruling is not None or _count(votes, policy.required)[0] is State.CONFIRMED
    ):
        state = State.STALE
    return Resolution(state, (), (), "", len(fresh), last)


def _vote(decision: Decision, translations: Translations) -> _Vote:
    answer = Answer(decision.labels, decision.themes)
    return _Vote(decision.id, *translations.answer(decision.codebook_version, answer))


def _count(votes: Sequence[_Vote], required: int) -> tuple[State, Answer]:
    counted = Counter(vote.answer for vote in votes)
    winners = [answer for answer, count in counted.items() if count >= required]
    if len(winners) == 1:
        return State.CONFIRMED, winners[0]
    return (State.DISAGREED if len(votes) >= required else State.IN_REVIEW), Answer()
