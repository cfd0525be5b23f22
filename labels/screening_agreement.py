"""How far screeners agree who judged an evaluation without knowing what the other said."""

from collections.abc import Iterable, Mapping

import numpy as np

from .agreement.bootstrap import Bootstrap
from .agreement.tables import Agreement, By, Tables
from .agreement.votes import Votes
from .resolution import name_key
from .screening import VERDICTS
from .screening_rules import Said


def independent_words(said: Iterable[Said]) -> dict[str, str]:
    """Screener to verdict: what the first two said before either could know of the other.

    That is the first one's last word before the second spoke, and the second one's first word.
    What was said later may have been talked over, and a settlement always was.
    """
    words: dict[str, tuple[str, str]] = {}
    for one in said:
        if one.settles or len(words) == 2:
            break
        if one.verdict is None:
            words.pop(name_key(one.screener), None)
        else:
            words[name_key(one.screener)] = one.screener, one.verdict
    return dict(words.values())


def agreement(log: Mapping[int, Iterable[Said]], *, intervals: bool = True) -> Agreement | None:
    """How far screeners agree over the evaluations that two screened; None where none was.

    Cohen's kappa where the same two screened them all, Krippendorff's alpha with any number of
    people; see ``labels.agreement``.

    Args:
        log: Everything that was said of each evaluation, in the order of the log.
        intervals: Whether the figures have 95% intervals.
    """
    both = [words for words in map(independent_words, log.values()) if len(words) == 2]
    if not both:
        return None
    names = sorted({name for words in both for name in words}, key=name_key)
    votes = sorted(
        (place, names.index(name), VERDICTS.index(verdict))
        for place, words in enumerate(both)
        for name, verdict in words.items()
    )
    evaluations, people, verdicts = np.array(votes, dtype=np.int64).T
    nothing = np.zeros(len(votes), dtype=np.int64)
    counted = Votes(
        passages=evaluations,
        annotators=people,
        rounds=nothing,
        languages=nothing,
        # A verdict is a set of one: two of them are alike or wholly different.
        finding_types=verdicts,
        themes=nothing,
        annotator_names=tuple(names),
        round_names=("",),
        language_codes=("",),
        finding_type_sets=tuple(frozenset({one}) for one in VERDICTS),
        theme_sets=(frozenset(),),
    )
    return Tables(counted, Bootstrap() if intervals else None).by(By.OVERALL)[0]
