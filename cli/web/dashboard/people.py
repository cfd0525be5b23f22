"""What people did, and how long they took: all of it for owners, for others their own."""

from collections.abc import Sequence
from datetime import date

from ....labels.store.speed import EVERYBODY, Seconds, Work
from ..charts import Dot, Dots, dots
from ..marks import Chart
from ..tables import Cell, Column, Kind, Table, shown
from ..trends import Point, ceiling, columns, line
from .section import Section, Seen, number

_MOST = 15
_DAYS = 56
_WEEKS = 26
"""How many a drawing has at most, the last ones: the file has them all."""


def by_annotator(seen: Seen) -> Section:
    """What every annotator has to do and has done."""
    _, snapshot = seen.texts, seen.snapshot
    assigned = _assigned(seen)
    people = sorted(
        (
            (name, snapshot.work.get(one))
            for one, name in snapshot.names.items()
            if (one in snapshot.work or name in assigned) and (seen.sees_all or one == seen.me)
        ),
        key=lambda person: person[0].casefold(),
    )
    rows = [_row(name, did, assigned.get(name, (0, 0))) for name, did in people]
    timed = [(name, did.seconds) for name, did in people if did and did.seconds]
    titles = [
        Column(_("Annotator")),
        Column(_("Passages decided"), Kind.COUNT),
        Column(_("Assigned"), Kind.COUNT),
        Column(_("Still open"), Kind.COUNT),
        Column(_("Disagreements settled"), Kind.COUNT),
        Column(_("Median seconds"), Kind.SECONDS),
        Column(_("A quarter took less"), Kind.SECONDS),
        Column(_("A quarter took more"), Kind.SECONDS),
        Column(_("Decisions timed"), Kind.COUNT),
        Column(_("Last decision")),
    ]
    return Section(
        "annotators",
        _("Annotators") if seen.sees_all else _("My work"),
        _words(seen, people, timed),
        Table("annotators", _("Annotators"), titles, rows),
        (_times(seen, timed[:_MOST]),) if timed else (),
        note=_("The dot is the median; half of the decisions lie on the line.") if timed else "",
    )


def _assigned(seen: Seen) -> dict[str, tuple[int, int]]:
    """How much was assigned to each person, and how much of it is open."""
    found: dict[str, tuple[int, int]] = {}
    for one in seen.snapshot.rounds:
        for reader in one.readers:
            before = found.get(reader.name, (0, 0))
            found[reader.name] = before[0] + reader.assigned, before[1] + reader.open
    return found


def _row(name: str, did: Work | None, assigned: tuple[int, int]) -> list[Cell]:
    times = did.seconds if did else None
    return [
        name,
        did.passages if did else 0,
        *assigned,
        did.adjudicated if did else 0,
        times.median if times else None,
        times.low if times else None,
        times.high if times else None,
        times.n if times else 0,
        did.last_day.isoformat() if did else None,
    ]


def _words(
    seen: Seen, people: Sequence[tuple[str, Work | None]], timed: Sequence[tuple[str, Seconds]]
) -> tuple[str, ...]:
    _ = seen.texts
    if not people:
        return (
            _("Nobody has decided anything yet.")
            if seen.sees_all
            else _("You have decided nothing yet."),
        )
    if seen.sees_all:
        first = _.many("%(num)s person takes part.", "%(num)s people take part.", len(people))
    else:
        did = people[0][1]
        count = did.passages if did else 0
        first = _.many(
            "You decided %(num)s passage.",
            "You decided %(num)s passages.",
            count,
            num=number(count),
        )
    if not timed:
        return (first,)
    quick = min(timed, key=lambda one: one[1].median)
    slow = max(timed, key=lambda one: one[1].median)
    if quick[0] == slow[0]:
        return first, _(
            "Half of the decisions took less than %(num)s.",
            num=shown(quick[1].median, Kind.SECONDS),
        )
    return first, _(
        "The median time on a passage goes from %(low)s (%(quick)s) to %(high)s (%(slow)s).",
        low=shown(quick[1].median, Kind.SECONDS),
        quick=quick[0],
        high=shown(slow[1].median, Kind.SECONDS),
        slow=slow[0],
    )


def _times(seen: Seen, timed: Sequence[tuple[str, Seconds]]) -> Chart:
    _ = seen.texts
    most = ceiling(max(one.high for _name, one in timed))
    rows = [
        Dots(
            name,
            [
                Dot(
                    "c-main",
                    one.median,
                    one.low,
                    one.high,
                    _(
                        "median %(median)s, half of them from %(low)s to %(high)s",
                        median=shown(one.median, Kind.SECONDS),
                        low=shown(one.low, Kind.SECONDS),
                        high=shown(one.high, Kind.SECONDS),
                    ),
                )
            ],
            shown(one.median, Kind.SECONDS),
        )
        for name, one in timed
    ]
    return dots(
        _("Seconds on a passage"),
        "; ".join(f"{row.label}: {row.dots[0].tip}" for row in rows),
        rows,
        low=0,
        high=most,
        ticks=[(most * share, f"{most * share:g} s") for share in (0, 0.5, 1)],
    )


def by_day(seen: Seen) -> Section:
    """Decisions a day."""
    _ = seen.texts
    found = list(seen.snapshot.days.get(EVERYBODY if seen.sees_all else seen.me, ()))
    some = found[-_DAYS:]
    total = sum(one.decisions for one in found)
    words = [
        _.many(
            "%(num)s decision was made, counted by days in UTC.",
            "%(num)s decisions were made, counted by days in UTC.",
            total,
            num=number(total),
        )
        if found
        else _("Nothing was decided yet.")
    ]
    chart = columns(
        _("Decisions a day"),
        words[0],
        [
            Point(_short(one.day), one.decisions, f"{one.day}: {number(one.decisions)}")
            for one in some
        ],
        colour="c-main",
    )
    rows: list[list[Cell]] = [[one.day.isoformat(), one.decisions] for one in reversed(found)]
    titles = [Column(_("Day")), Column(_("Decisions"), Kind.COUNT)]
    return Section(
        "days",
        _("Decisions a day") if seen.sees_all else _("My decisions a day"),
        tuple(words),
        Table("days", _("Decisions a day"), titles, rows, max(0, len(found) - _DAYS)),
        (chart,) if found else (),
    )


def by_week(seen: Seen) -> Section:
    """Median seconds on a passage, week by week."""
    _ = seen.texts
    found = list(seen.snapshot.weeks.get(EVERYBODY if seen.sees_all else seen.me, ()))
    some = found[-_WEEKS:]
    words = [_("No time was measured yet.")]
    if found:
        last = found[-1]
        words = [
            _(
                "In the week of %(monday)s half of the decisions took less than %(seconds)s.",
                monday=last.monday.isoformat(),
                seconds=shown(last.seconds.median, Kind.SECONDS),
            )
        ]
    chart = line(
        _("Median seconds on a passage, by week"),
        words[0],
        [
            Point(
                _short(one.monday),
                one.seconds.median,
                f"{one.monday}: {shown(one.seconds.median, Kind.SECONDS)}",
            )
            for one in some
        ],
        colour="c-main",
    )
    rows: list[list[Cell]] = [
        [one.monday.isoformat(), one.seconds.median, one.seconds.n] for one in reversed(found)
    ]
    titles = [
        Column(_("Week of")),
        Column(_("Median seconds"), Kind.SECONDS),
        Column(_("Decisions timed"), Kind.COUNT),
    ]
    return Section(
        "weeks",
        _("Speed by week") if seen.sees_all else _("My speed by week"),
        tuple(words),
        Table("weeks", _("Speed by week"), titles, rows, max(0, len(found) - _WEEKS)),
        (chart,) if found else (),
    )


def _short(day: date) -> str:
    return f"{day:%m-%d}"
