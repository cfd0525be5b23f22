"""Which confirmed passages a report quotes: few of many, as different from each other as can be.

By rules that anybody can follow, without a model. A quotation is a whole passage, never a part.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from ...nlp.words import plain_word, word_spans
from .material import CodeKey, Finding, Material
from .tables import all_gave, counted_under

GOOD_PRACTICE = "good_practice"
"""The finding type that boxes show."""
READABLE = (15, 80)
"""Words that a quotation best has: fewer say little, more are hard to read at a stretch."""

_Words = frozenset[str]


def quotations(
    material: Material, finding_type: str, theme: str, most: int = 3
) -> tuple[Finding, ...]:
    """Findings of a theme to quote, the first choice first; ``tables.NONE`` is 'without theme'.

    Each report has its turn before any has a second one. Among those whose turn it is, the best
    is taken by points, one after another (maximal marginal relevance: Carbonell & Goldstein 1998):
    one point where two or more people read it independently and all gave both codes, one for a
    readable length; less the greatest share of words it has in common with a passage that was
    chosen, and less a third each for a language, a country and a year that a chosen one has.
    Where points are equal, the first in the order of the evaluations is taken.
    """
    codes = (("finding_type", finding_type), ("theme", theme))
    found = counted_under(material, *codes)
    words = {one.passage.id: _words(one) for one in found}
    quality = {one.passage.id: _quality(one, codes) for one in found}

    def points(one: Finding, chosen: Sequence[Finding]) -> float:
        own = words[one.passage.id]
        alike = max((_alike(own, words[other.passage.id]) for other in chosen), default=0.0)
        return quality[one.passage.id] - alike - _shared(one, chosen) / 3

    return _in_turn(found, points, most)


def boxes(material: Material, most: int = 6) -> tuple[Finding, ...]:
    """Good practices to show in boxes, the first choice first: those with the fullest text.

    Each report has its turn before any has a second one.
    """
    found = counted_under(material, ("finding_type", GOOD_PRACTICE))
    return _in_turn(found, lambda one, _: _length(one), most)


def _in_turn(
    found: Sequence[Finding], points: Callable[[Finding, Sequence[Finding]], float], most: int
) -> tuple[Finding, ...]:
    """Those with most points, one after another, each from a report of which fewest were taken."""
    left, chosen = list(found), list[Finding]()
    taken = Counter[int]()
    while left and len(chosen) < most:
        fewest = min(taken[one.evaluation.id] for one in left)
        turn = [one for one in left if taken[one.evaluation.id] == fewest]
        best = max(turn, key=lambda one: points(one, chosen))
        chosen.append(best)
        left.remove(best)
        taken[best.evaluation.id] += 1
    return tuple(chosen)


def _quality(finding: Finding, codes: Sequence[CodeKey]) -> int:
    least, longest = READABLE
    is_agreed = finding.readers > 1 and all_gave(finding, codes)
    return is_agreed + (least <= _length(finding) <= longest)


def _shared(finding: Finding, chosen: Sequence[Finding]) -> int:
    """How many of its language, country and year stand for a chosen one already."""
    facts = finding.evaluation.facts
    others = [one.evaluation.facts for one in chosen]
    return (
        any(one.passage.language == finding.passage.language for one in chosen)
        + any(set(one.countries) & set(facts.countries) for one in others)
        + any(one.year is not None and one.year == facts.year for one in others)
    )


def _length(finding: Finding) -> int:
    return len(finding.passage.text.split())


def _words(finding: Finding) -> _Words:
    text = finding.passage.text
    return frozenset(plain_word(text[start:end]) for start, end in word_spans(text))


def _alike(one: _Words, other: _Words) -> float:
    """The words that are in both, as a share of those in either (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 0.0
