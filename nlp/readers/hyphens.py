"""Words cut at line ends: which hyphen goes and which stays."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_HYPHENS = ("-", "\u00ad")
_LAST = re.compile(r"([^\W_]+(?:[-'’][^\W_]+)*)[-\u00ad]$")
_FIRST = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_ADDRESS = re.compile(r"(?:www\.|://|@|/\S*\.\S)\S*-$")
_SUSPENDED = re.compile(
    r"(?:and|or|et|y|e)(?:/(?:or|ou|o))?\s|(?:to|ou|o|u)\s+\S+-\S", re.IGNORECASE
)
"""Words after a hyphen that stands for the rest of a word: 'short- and long-term'."""

_PREFIXES = {
    "self", "non", "mid", "cross", "multi", "vice", "quasi", "demi", "avant", "après", "celui",
    "celle", "ceux", "socio", "político", "teórico", "técnico", "físico", "pré", "pós", "recém",
    "além", "médio", "sócio", "ibero", "afro",
}  # fmt: skip
"""First halves after which the hyphen is real unless the report itself writes one word."""
_FIRST_WORDS = {
    "ex", "all", "half", "first", "second", "third", "one", "two", "three", "four", "five", "full",
    "part", "on", "off", "so", "long", "short", "medium", "well", "high", "low", "home", "follow",
    "mi", "peut", "ci", "au", "bem",
}  # fmt: skip
"""The same, where the second half stands as a word of its own elsewhere in the report."""

_SECOND_WORDS = {
    "based", "financed", "funded", "driven", "led", "oriented", "related", "speaking", "specific",
    "sensitive", "responsive", "wide", "term", "making", "sharing", "building", "saving",
}  # fmt: skip
_CLOSED_PREFIXES = {"under", "over", "out", "re", "un", "pre", "co", "micro", "inter", "sub"}
_FRENCH_AFTER = {"il", "ils", "elle", "elles", "on", "ce", "ci", "là", "même", "mêmes", "t", "vous"}


class HyphenJoiner:
    """Joins lines, deciding about a hyphen by how the same report writes the word elsewhere."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        cuts: list[tuple[str, str]] = []
        cut = ""
        for line in lines:
            words = [word.casefold() for word in _WORD.findall(line)]
            if cut and words and line[0].islower():
                cuts.append((cut, words[0]))
            cut = ""
            if words and line.endswith(_HYPHENS) and _LAST.search(line):
                cut = words.pop()
            # The first word of a line may be the second half of a cut one.
            self._words.update(words[1:])
        # A report set without hyphenation breaks lines only at hyphens that are real.
        joined = sum(self._words[left + right] > 0 for left, right in cuts)
        whole = sum(self._words[right] > 0 for _, right in cuts)
        self._cuts_words = joined > 0 or len(cuts) < 5 or whole < 0.3 * len(cuts)
        self._french = self._words["les"] > 0 and self._words["est"] > 0
        self._portuguese = self._words["não"] > 0 or self._words["são"] > 0

    def join(self, lines: Sequence[str]) -> str:
        """The lines as one, with cut words whole again."""
        text = ""
        for line in lines:
            text = self._append(text, line) if text else line
        return text.replace("\u00ad", "")

    def _append(self, text: str, line: str) -> str:
        if not line:
            return text
        if text.endswith("–") and text[-2:-1].isdigit() and line[0].isdigit():
            return text + line
        if text.endswith("/") or (text.endswith("—") and not text.endswith(" —")):
            return text + line
        cut = _LAST.search(text[-60:]) if text.endswith(_HYPHENS) else None
        if not cut:
            return f"{text} {line}"
        if _ADDRESS.search(text[-200:]):
            return text + line
        first = _FIRST.match(line)
        if not first:
            return text + line
        if _SUSPENDED.match(line):
            return f"{text} {line}"
        if text.endswith("\u00ad") or not self._is_real(cut[1], first[0]):
            return text[:-1] + line
        return text + line

    def _is_real(self, left: str, right: str) -> bool:
        """Whether the word is written with a hyphen where it stands within a line."""
        if left[-1].isdigit() or right[0].isdigit():
            return True
        low_left, low_right = left.casefold(), right.casefold()
        joined = self._words[low_left + low_right]
        hyphened = self._words[f"{low_left}-{low_right}"]
        if joined or hyphened:
            return hyphened > joined
        if right[0].isupper():
            return not left.isupper() or not right.isupper()
        if not self._cuts_words:
            return True
        tail, head = low_left.rsplit("-", 1)[-1], low_right.split("-")[0]
        known = self._words[head] > 0
        if tail in _PREFIXES and (known or len(head) > 3):
            return True
        if known and (tail in _FIRST_WORDS or "-" in left):
            return True
        if head in _SECOND_WORDS and tail not in _CLOSED_PREFIXES:
            return True
        if self._is_verb_with_pronoun(tail, head):
            return True
        # Two whole words of the report, neither of them a syllable that only looks like one.
        return known and min(len(tail), len(head)) > 3 and self._words[tail] > 0

    def _is_verb_with_pronoun(self, verb: str, pronoun: str) -> bool:
        """'trata-se', 'fazê-lo', 'peut-il'; not 'clas-se', 'esco-la', 'offici-elle'."""
        known = self._words[verb] > 0
        if self._french and pronoun in _FRENCH_AFTER:
            return known and (pronoun != "ce" or verb.endswith("t"))
        if not self._portuguese:
            return False
        if pronoun in ("lo", "la", "los", "las"):
            return verb[-1] in "áêôí"
        return pronoun in ("se", "lhe", "lhes") and (known or verb[-1] in "rm") and len(verb) > 3
