"""Independence: which decisions tell how far annotators agree of their own accord."""

from collections.abc import Sequence
from itertools import takewhile

from ..decisions import Answer, Decision, Verdict
from ..resolution import Translations, latest_of_each


def independent_votes(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions on a passage that count for agreement, of all that were made on it, in order.

    Of each annotator the last one that held just before the passage was first adjudicated (or
    now, where it never was). What came later, a changed mind or an undo, is left out: by then all
    could know how the passage was settled, also where the adjudication was taken back since. An
    adjudication itself, an undo and 'unsure' are no votes; who ended with 'unsure' has none.
    """
    before = takewhile(lambda one: not one.adjudicates, decisions)
    return [one for one in latest_of_each(before) if one.verdict is not Verdict.UNSURE]


def independent_answers(decisions: Sequence[Decision], known: Translations) -> list[Answer]:
    """What these votes say in the present codes, without those that have become stale."""
    answers = [
        known.answer(one.codebook_version, Answer(one.labels, one.themes))
        for one in independent_votes(decisions)
    ]
    return [answer for answer, is_stale in answers if not is_stale]
