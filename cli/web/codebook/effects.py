"""What a codebook change does to passages that people decided, in words and numbers."""

from dataclasses import dataclass

from ....labels.codebook import Code, Codebook
from ....labels.codebook_changes import ChangeKind, Changes
from ....labels.codebook_editing.checking import codes_of
from ....labels.decisions import State
from ....labels.store.resolutions import Effect
from ....labels.texts import Texts, mark

STATES = {
    State.NEW: mark("new"),
    State.SUGGESTED: mark("suggested"),
    State.IN_REVIEW: mark("in review"),
    State.DISAGREED: mark("disagreed"),
    State.CONFIRMED: mark("confirmed"),
    State.STALE: mark("stale"),
}

KINDS = {
    ChangeKind.ADDED: mark("added"),
    ChangeKind.RENAMED: mark("renamed"),
    ChangeKind.MERGED: mark("merged"),
    ChangeKind.SPLIT: mark("split"),
    ChangeKind.RETIRED: mark("retired"),
    ChangeKind.TAKEN_UP: mark("taken up again"),
    ChangeKind.REMOVED: mark("removed"),
    ChangeKind.REDEFINED: mark("redefined"),
    ChangeKind.REQUEUED: mark("to be looked at again"),
    ChangeKind.RELABELLED: mark("changed"),
    ChangeKind.MOVED: mark("moved"),
    ChangeKind.GOES_WITH: mark("goes with others"),
}
"""A word for what happens to a code."""


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A code whose labels become stale."""

    kind: str
    code: Code
    """As it is in the version that holds."""
    count: int
    """How many confirmed passages that makes stale."""


@dataclass(frozen=True, slots=True)
class EffectWords:
    """What a change does, told."""

    stale: int
    """How many confirmed passages become stale."""
    others: tuple[str, ...]
    """What else happens, a sentence each."""


def effect_words(effect: Effect, texts: Texts) -> EffectWords:
    """The effect in the language of the page."""
    others: list[str] = []
    if effect.relabelled:
        others.append(
            texts.many(
                "%(num)s passage stays confirmed, under the new codes.",
                "%(num)s passages stay confirmed, under the new codes.",
                effect.relabelled,
            )
        )
    for (before, after), count in effect.moves.items():
        if (before, after) != (State.CONFIRMED, State.STALE):
            others.append(
                texts.many(
                    "%(num)s passage goes from '%(before)s' to '%(after)s'.",
                    "%(num)s passages go from '%(before)s' to '%(after)s'.",
                    count,
                    before=texts(STATES[before]),
                    after=texts(STATES[after]),
                )
            )
    return EffectWords(effect.moves.get((State.CONFIRMED, State.STALE), 0), tuple(others))


def stale_rows(changes: Changes, effect: Effect, held: Codebook, language: str) -> list[StaleRow]:
    """The codes whose labels become stale, also those that no confirmed passage has."""
    found = [
        StaleRow(kind, code, effect.stale_codes.get((kind, code.id), 0))
        for kind, fates in changes.translation.items()
        for code in codes_of(held, kind)
        if not code.retired and fates.get(code.id, code.id) is None
    ]
    return sorted(found, key=lambda one: (-one.count, one.code.name(language)))
