"""What a changed codebook does to the labels that people gave under the one before."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .codebook import Code, Codebook, Confusion, FindingType, Theme, unknown
from .codebook_fates import AnyCode, Fates, quoted
from .decisions import Translation


class ChangeKind(StrEnum):
    """What can happen to a code, or to the codebook around it."""

    ADDED = "added"
    RENAMED = "renamed"
    """Another id; the labels go with it."""
    MERGED = "merged"
    """The labels of several codes are one code's."""
    SPLIT = "split"
    """Its labels become stale: a person must say which part each belongs to."""
    RETIRED = "retired"
    """Its labels become stale."""
    TAKEN_UP = "taken up again"
    REMOVED = "removed"
    """A retired code, or a group, is no longer listed."""
    REDEFINED = "redefined"
    """Another definition or rules: its labels become stale."""
    REQUEUED = "requeued"
    """Its labels become stale, since another code may fit better now."""
    RELABELLED = "relabelled"
    """Names, examples, colour, order, wording: what a label says stays the same."""
    MOVED = "moved"
    """To another group or parent."""
    GOES_WITH = "goes with"
    """With other finding types."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a new version does."""

    kind: ChangeKind
    of: str
    """'finding_type', 'theme', 'group' or 'codebook'."""
    id: str
    """In the new version; in the old one where it is no longer there."""
    sentence: str
    """For people: "Theme 'tariffs' is now 'user-fees'; its labels go with it." """


@dataclass(frozen=True, slots=True)
class Changes:
    """All that a new version does."""

    translation: Translation
    """What becomes of the labels with each old code that does not stay as it is."""
    changes: tuple[Change, ...]
    problems: tuple[str, ...]
    """Why it cannot be applied, each with the cure; () where it can."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The changes in words."""
        return tuple(change.sentence for change in self.changes)


def compare(old: Codebook, new: Codebook, wording_only: Collection[str] = ()) -> Changes:
    """What the new codebook does to labels made under the old one.

    ``renamed_from``, ``merged_from``, ``split_from`` and ``requeue`` count in the version in
    which they are first said; left standing in later ones they say nothing more.

    Args:
        old: The version that holds.
        new: The one that is to hold.
        wording_only: Ids, old or new, of codes whose meaning stays though the words of their
            definition or rules are others.
    """
    types = Fates(
        "finding type",
        _by_id((*old.finding_types, *old.retired_finding_types)),
        _by_id((*new.finding_types, *new.retired_finding_types)),
        wording_only,
    )
    themes = Fates(
        "theme",
        _by_id((*old.themes, *old.retired_themes)),
        _by_id((*new.themes, *new.retired_themes)),
        wording_only,
    )
    known = [*types.new, *themes.new, *types.old, *themes.old]
    lost = [
        f"{unknown('code', given, known)} It was said to change in wording only."
        for given in wording_only
        if given not in known
    ]
    changes = [
        *_around(old, new),
        *_on_labels("finding_type", types),
        *_on_looks("finding_type", types, types),
        *_on_labels("theme", themes),
        *_on_looks("theme", themes, types),
    ]
    fates = {"finding_type": types.labels, "theme": themes.labels}
    return Changes(
        translation={kind: labels for kind, labels in fates.items() if labels},
        changes=tuple(changes),
        problems=(*types.problems, *themes.problems, *lost),
    )


def _around(old: Codebook, new: Codebook) -> Iterator[Change]:
    """What changes beside the codes."""
    for key in ("id", "version", "title", "description"):
        now = getattr(new, key)
        if getattr(old, key) != now:
            rest = "new" if key == "description" else f"now '{now}'"
            yield Change(ChangeKind.RELABELLED, "codebook", new.id, f"Its {key} is {rest}.")
    for group, names in new.groups.items():
        if group not in old.groups:
            yield Change(ChangeKind.ADDED, "group", group, f"Group '{group}' is added.")
        elif names != old.groups[group]:
            sentence = f"Group '{group}' has other names."
            yield Change(ChangeKind.RELABELLED, "group", group, sentence)
    for group in old.groups:
        if group not in new.groups:
            yield Change(ChangeKind.REMOVED, "group", group, f"Group '{group}' is removed.")
    if _reordered(old.groups, new.groups):
        sentence = "The groups stand in another order."
        yield Change(ChangeKind.RELABELLED, "codebook", new.id, sentence)


def _on_labels(kind: str, fates: Fates[AnyCode]) -> Iterator[Change]:
    """What touches labels, and which codes come and go."""

    def change(what: ChangeKind, code_id: str, rest: str, ids: Collection[str] = ()) -> Change:
        noun = fates.noun.capitalize() + ("s" if len(ids) > 1 else "")
        return Change(what, kind, code_id, f"{noun} {quoted(ids or [code_id])} {rest}")

    parts = {part for news in fates.split.values() for part in news}
    for code in fates.new.values():
        was = fates.before.get(code.id)
        if code.id in fates.renamed:
            olds = fates.renamed[code.id]
            kept = all(fates.labels[one] == code.id for one in olds)
            rest = f"is now '{code.id}'{'; its labels go with it' if kept else ''}."
            yield change(ChangeKind.RENAMED, code.id, rest, olds)
        if code.id in fates.merged:
            olds = fates.merged[code.id]
            verb, whose = ("is", "its") if len(olds) == 1 else ("are", "their")
            kept = all(fates.labels[one] == code.id for one in olds)
            rest = f"{verb} merged into '{code.id}'" + (f" with {whose} labels." if kept else ".")
            yield change(ChangeKind.MERGED, code.id, rest, olds)
        elif was is None and code.id not in parts:
            rest = "is added, retired from the start." if code.retired else "is added."
            yield change(ChangeKind.ADDED, code.id, rest)
        if code.id in fates.redefined:
            what = ", ".join(fates.redefined[code.id])
            rest = f"is redefined ({what}); its labels become stale."
            yield change(ChangeKind.REDEFINED, code.id, rest)
        if was is not None and was.retired and not code.retired:
            rest = "is taken up again; its older labels stay stale."
            yield change(ChangeKind.TAKEN_UP, code.id, rest)
    for old_id, news in fates.split.items():
        rest = f"is split into {quoted(news)}; its labels become stale."
        yield change(ChangeKind.SPLIT, old_id, rest, [old_id])
    for old_id in fates.retired:
        yield change(ChangeKind.RETIRED, old_id, "is retired; its labels become stale.")
    for old_id, was_there in fates.old.items():
        if was_there.retired and old_id not in fates.new:
            yield change(ChangeKind.REMOVED, old_id, "was retired and is no longer listed.")
    for old_id, news in fates.requeued.items():
        rest = f"is to be looked at again because of {quoted(news)}; its labels become stale."
        yield change(ChangeKind.REQUEUED, old_id, rest)


def _on_looks(kind: str, fates: Fates[AnyCode], types: Fates[FindingType]) -> Iterator[Change]:
    """What touches no label."""

    def change(what: ChangeKind, code: Code, rest: str) -> Change:
        return Change(what, kind, code.id, f"{fates.noun.capitalize()} '{code.id}' {rest}")

    for code in fates.new.values():
        was = fates.before.get(code.id)
        if was is None:
            continue
        if code.id in fates.reworded:
            what = ", ".join(fates.reworded[code.id])
            rest = f"is worded anew ({what}){'' if was.retired else '; its labels stay'}."
            yield change(ChangeKind.RELABELLED, code, rest)
        if others := _other_looks(was, code, fates):
            yield change(ChangeKind.RELABELLED, code, f"has other {', '.join(others)}.")
        if not isinstance(code, Theme) or not isinstance(was, Theme):
            continue
        if (was.group, fates.now(was.parent)) != (code.group, code.parent):
            yield change(ChangeKind.MOVED, code, f"is moved {_place(code)}.")
        if {*map(types.now, was.goes_with)} != set(code.goes_with):
            with_what = quoted(code.goes_with) or "every finding type"
            yield change(ChangeKind.GOES_WITH, code, f"now goes with {with_what}.")
    staying = [
        was.id
        for new_id, was in fates.before.items()
        if not was.retired and not fates.new[new_id].retired
    ]
    if _reordered(fates.old, staying):
        yield Change(ChangeKind.RELABELLED, kind, "", f"The {fates.noun}s stand in another order.")


def _other_looks(was: Code, code: Code, fates: Fates[AnyCode]) -> list[str]:
    found = ["names"] if _given_names(was) != _given_names(code) else []
    if was.examples != code.examples:
        found.append("examples")
    confused = [Confusion(fates.now(one.code), one.tell_apart) for one in was.confused_with]
    if tuple(confused) != code.confused_with:
        found.append("codes it is confused with")
    for key in ("colour", "section", "words"):
        if getattr(was, key, "") != getattr(code, key, ""):
            found.append(key)
    return found


def _given_names(code: Code) -> dict[str, str]:
    """Without the name that is only the id."""
    return {key: name for key, name in code.names.items() if (key, name) != ("en", code.id)}


def _place(theme: Theme) -> str:
    if theme.parent:
        return f"to under '{theme.parent}'"
    return f"to the group '{theme.group}'" if theme.group else "to the top"


def _reordered(old: Iterable[str], new: Iterable[str]) -> bool:
    olds, news = list(old), list(new)
    return [one for one in olds if one in news] != [one for one in news if one in olds]


def _by_id(codes: Iterable[AnyCode]) -> dict[str, AnyCode]:
    return {code.id: code for code in codes}
