"""Votes of made-up people: who gave which finding types and themes to which passage."""

from collections.abc import Sequence

import numpy as np

from whatworks.labels.agreement.votes import Votes

Vote = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]
"""Annotator, finding types, themes and round: ('ana', 'lesson obstacle', 'staff', 'first')."""


def votes_of(passages: Sequence[Sequence[Vote]], languages: Sequence[str] = ()) -> Votes:
    """The votes on each passage; all in English and in the round 'reading' unless told."""
    full = [
        sorted((*vote, *("", "", "", "reading")[len(vote) :]) for vote in some) for some in passages
    ]
    flat = [(place, *vote) for place, some in enumerate(full) for vote in some]
    languages = languages or ["en"] * len(full)
    names = sorted({one[1] for one in flat})
    rounds = sorted({one[4] for one in flat})
    codes = sorted(set(languages))
    types = sorted({frozenset(one[2].split()) for one in flat}, key=sorted)
    themes = sorted({frozenset(one[3].split()) for one in flat}, key=sorted)
    places = [
        (
            place,
            names.index(name),
            rounds.index(in_round),
            codes.index(languages[place]),
            types.index(frozenset(some_types.split())),
            themes.index(frozenset(some_themes.split())),
        )
        for place, name, some_types, some_themes, in_round in flat
    ]
    columns = np.array(places, dtype=np.int64).reshape(-1, 6).T
    return Votes(*columns, tuple(names), tuple(rounds), tuple(codes), tuple(types), tuple(themes))
