"""What becomes of the codes of a codebook, and of the labels with them, in the next version."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .codebook import Code, nearest, unknown

AnyCode = TypeVar("AnyCode", bound=Code)


def quoted(ids: Collection[str]) -> str:
    """The ids as words: 'a', 'b' and 'c'."""
    shown = [f"'{one}'" for one in ids]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


@dataclass(slots=True)
class Fates(Generic[AnyCode]):
    """The codes of one kind, old and new, by id; and what became of the old ones.

    What a code says of its history counts where the version before did not say so yet, and where
    it names a code that was in use then.
    """

    noun: str
    """'finding type' or 'theme'."""
    old: Mapping[str, AnyCode]
    """Retired ones too."""
    new: Mapping[str, AnyCode]
    wording_only: Collection[str]
    labels: dict[str, str | None] = field(default_factory=dict)
    """Old id to the id that its labels have now, None where they become stale; those not in it
    stay as they are."""
    before: dict[str, AnyCode] = field(default_factory=dict)
    """New id to the old code that it was."""
    renamed: dict[str, list[str]] = field(default_factory=dict)
    """New id to old ids."""
    merged: dict[str, list[str]] = field(default_factory=dict)
    """New id to the old ids that it took in."""
    reworded: dict[str, list[str]] = field(default_factory=dict)
    """New id to the parts of its definition that are others, by whose words nothing changes."""
    redefined: dict[str, list[str]] = field(default_factory=dict)
    """The same where what they say changes."""
    split: dict[str, list[str]] = field(default_factory=dict)
    """Old id to the new ids of its parts."""
    requeued: dict[str, list[str]] = field(default_factory=dict)
    """Old id to the new ids that may fit its passages better."""
    retired: list[str] = field(default_factory=list)
    """Old ids that were in use and are not any more."""
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.renamed = self._said("renamed_from")
        self._find_predecessors()
        # A renamed code says again what it said under its old name: that is no news, which shows
        # only now.
        self.renamed = self._said("renamed_from")
        self._find_predecessors()
        self.merged = self._said("merged_from")
        for new_id, olds in self._said("split_from").items():
            for old_id in olds:
                self.split.setdefault(old_id, []).append(new_id)
        self._check_claims()
        self._carry_over()
        self._redefine()
        self._retire()
        # Last: a split, or another look at the passages, is about all labels of a code.
        for old_id, news in self.split.items():
            self.labels[old_id] = None
            staying = self.now(old_id)
            if staying in self.new and not self.new[staying].retired and staying not in news:
                news.insert(0, staying)
        self._requeue()

    def now(self, old_id: str) -> str:
        """What a code is called now, whatever became of its labels."""
        carried = self.labels.get(old_id)
        if carried is not None:
            return carried
        return next((new for new, was in self.before.items() if was.id == old_id), old_id)

    def _in_use(self, old_id: str) -> bool:
        return old_id in self.old and not self.old[old_id].retired

    def _earlier(self, code: Code) -> Code | None:
        return self.before.get(code.id) or self.old.get(code.id)

    def _said(self, key: str) -> dict[str, list[str]]:
        """New id to the old ids that it names there."""
        found: dict[str, list[str]] = {}
        for code in self.new.values():
            earlier = self._earlier(code)
            known = getattr(earlier, key) if earlier is not None else ()
            for old_id in dict.fromkeys(getattr(code, key)):
                if old_id not in known and self._in_use(old_id):
                    found.setdefault(code.id, []).append(old_id)
        return found

    def _find_predecessors(self) -> None:
        self.before.clear()
        gone = {old for olds in self.renamed.values() for old in olds}
        for code in self.new.values():
            if code.id in self.renamed:
                self.before[code.id] = self.old[self.renamed[code.id][0]]
            elif code.id in self.old and code.id not in gone:
                self.before[code.id] = self.old[code.id]

    def _check_claims(self) -> None:
        claimed: dict[str, list[str]] = {}
        for claims in (self.renamed, self.merged):
            for new_id, olds in claims.items():
                for old_id in olds:
                    claimed.setdefault(old_id, []).append(new_id)
        for new_id, olds in self.renamed.items():
            if len(olds) > 1:
                self.problems.append(
                    f"The {self.noun} '{new_id}' is renamed from {quoted(olds)} at once. Say "
                    "'merged_from' where several codes become one."
                )
        for old_id, news in claimed.items():
            if len(news) > 1:
                self.problems.append(
                    f"The {self.noun} '{old_id}' is renamed or merged into {quoted(news)}. Say "
                    "'split_from' on each where one code becomes several."
                )
            still = self.new.get(old_id)
            # Under its id there may be another code now: two that change their names.
            if still is not None and not still.retired and old_id not in self.renamed:
                self.problems.append(
                    f"The {self.noun} '{old_id}' is said to be '{news[0]}' now, and still stands "
                    "there. Take it out, or give it 'retired: true'."
                )

    def _carry_over(self) -> None:
        for claims in (self.renamed, self.merged):
            for new_id, olds in claims.items():
                for old_id in olds:
                    self.labels[old_id] = None if self.new[new_id].retired else new_id
                    if self.new[new_id].retired:
                        self.retired.append(old_id)

    def _redefine(self) -> None:
        for code in self.new.values():
            was = self.before.get(code.id)
            parts = [] if was is None else _other_parts(was, code)
            # The definition of a merged code is a new one by nature.
            if was is None or not parts or code.retired or code.id in self.merged:
                continue
            if was.retired or {was.id, code.id} & set(self.wording_only):
                self.reworded[code.id] = parts
            else:
                self.redefined[code.id] = parts
                self.labels[was.id] = None

    def _retire(self) -> None:
        for old_id, was in self.old.items():
            code = self.new.get(old_id)
            if was.retired:
                # Nothing has its label; said all the same, so that no code goes without a word.
                if code is None:
                    self.labels[old_id] = None
            elif old_id in self.labels:
                continue
            elif code is None or self.before.get(old_id) is not was:
                if old_id not in self.split:
                    self._miss(old_id)
            elif code.retired:
                self.labels[old_id] = None
                self.retired.append(old_id)

    def _miss(self, old_id: str) -> None:
        near = nearest(old_id, [one for one in self.new if one not in self.before])
        self.problems.append(
            f"The {self.noun} '{old_id}' is no longer there."
            + (f" Nearest among the added: '{near}'." if near else "")
            + " Say 'renamed_from', 'merged_from' or 'split_from' on the code that it became, or "
            "keep it with 'retired: true'."
        )

    def _requeue(self) -> None:
        for code in self.new.values():
            earlier = self._earlier(code)
            known = earlier.requeue if earlier is not None else ()
            for given in dict.fromkeys(code.requeue):
                if given in known:
                    continue
                # By its old id, or by the one that it has now.
                was = self.old.get(given) or self.before.get(given)
                if was is not None and not was.retired:
                    self.labels[was.id] = None
                    self.requeued.setdefault(was.id, []).append(code.id)
                elif was is None and given not in self.new:
                    self.problems.append(
                        f"{unknown(self.noun, given, [*self.new, *self.old])} The {self.noun} "
                        f"'{code.id}' has it in 'requeue'."
                    )


def _other_parts(was: Code, code: Code) -> list[str]:
    parts = []
    # A text that is only broken into lines elsewhere is the same text, as rules in another order
    # are the same rules.
    if was.definition.split() != code.definition.split():
        parts.append("definition")
    for key in ("include", "exclude"):
        if {*map(_one_line, getattr(was, key))} != {*map(_one_line, getattr(code, key))}:
            parts.append(key)
    return parts


def _one_line(text: str) -> str:
    return " ".join(text.split())
