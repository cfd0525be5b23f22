"""Labels: how often each was confirmed, and how often it is merely suggested. Two numbers that
are never added up: the one is what people found, the other what a model thinks of the rest.
"""

from collections.abc import Sequence

import numpy as np

from ....labels.codebook import Code
from ....labels.decisions import State
from ....labels.worklist import STATES
from ..charts import Bar, pairs
from ..tables import Cell, Column, Kind, Table
from .section import Section, Seen, number

_MOST = 12
_CONFIRMED = STATES.index(State.CONFIRMED)


def finding_types(seen: Seen) -> Section:
    """Of finding types."""
    _ = seen.texts
    return _section(seen, "finding_type", seen.codebook.finding_types, "labels", _("Finding types"))


def themes(seen: Seen) -> Section:
    """Of themes."""
    return _section(seen, "theme", seen.codebook.themes, "themes", seen.texts("Themes"))


def _section(seen: Seen, kind: str, codes: Sequence[Code], name: str, title: str) -> Section:
    _ = seen.texts
    counted = [
        (seen.name_of(code), _confirmed(seen, kind, code), _suggested(seen, kind, code))
        for code in codes
    ]
    rows: list[list[Cell]] = [list(row) for row in counted]
    columns = [
        Column(title),
        Column(_("Confirmed"), Kind.COUNT),
        Column(_("Merely suggested"), Kind.COUNT),
    ]
    drawn = sorted(counted, key=lambda row: (-row[1], -row[2]))[:_MOST]
    if len(counted) <= _MOST:
        drawn = counted
    most = max(counted, key=lambda row: row[1], default=None)
    words = [_("Nothing is confirmed yet.")]
    if most is not None and most[1]:
        words = [
            _.many(
                "Confirmed most often: %(name)s, in %(num)s passage.",
                "Confirmed most often: %(name)s, in %(num)s passages.",
                most[1],
                num=number(most[1]),
                name=most[0],
            )
        ]
    heads = _("Confirmed by people"), _("Merely suggested")
    chart = pairs(
        title,
        "; ".join(
            f"{label}: {heads[0]} {number(one)}, {heads[1]} {number(other)}"
            for label, one, other in drawn
        ),
        [
            (Bar(label, one, number(one)), Bar(label, other, number(other)))
            for label, one, other in drawn
        ],
        heads=heads,
        colours=("s-confirmed", "s-suggested"),
    )
    note = _("Suggested are passages that nobody confirmed: do not add the two up.")
    if len(drawn) < len(counted):
        note = " ".join(
            [note, _("Drawn are the %(num)s that were confirmed most often.", num=len(drawn))]
        )
    return Section(
        name,
        title,
        tuple(words),
        Table(name, title, columns, rows),
        (chart,) if any(row[1] or row[2] for row in counted) else (),
        note=note,
    )


def _confirmed(seen: Seen, kind: str, code: Code) -> int:
    """Without passages that wait for this person, of whom others' answers are hidden."""
    key = kind, code.id
    count = seen.snapshot.progress.confirmed_codes.get(key, 0)
    return max(0, count - seen.snapshot.waiting.get(seen.me, {}).get(key, 0))


def _suggested(seen: Seen, kind: str, code: Code) -> int:
    """Without passages of which a blind round hides the suggestion from this person."""
    passages, own = seen.standing.passages, seen.standing.own
    marked = passages.suggested.get((kind, code.id))
    if marked is None:
        return 0
    hidden = passages.blind & ~own.seen
    return int(np.count_nonzero(marked & ~hidden & (passages.states != _CONFIRMED)))
