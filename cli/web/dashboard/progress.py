"""How far the work has come: by report, and by round."""

from ....labels.accounts import Role
from ....labels.decisions import State
from ....labels.resolution import name_key
from ....labels.store.progress import Counts
from ....labels.store.rounds import Reader, StoredRound
from ....labels.texts import mark
from ..charts import Bar, Stack, bars, stacks
from ..tables import Cell, Column, Kind, Table
from .section import Section, Seen, Tile, number, percent

_MOST = 15
"""How many rows a drawing has: the table has them all."""
STATES = (
    (State.CONFIRMED, "s-confirmed", mark("confirmed")),
    (State.DISAGREED, "s-disagreed", mark("disagreed")),
    (State.IN_REVIEW, "s-review", mark("in review")),
    (State.STALE, "s-stale", mark("stale")),
    (State.SUGGESTED, "s-suggested", mark("suggested")),
    (State.NEW, "s-new", mark("new")),
)
"""State, class and word, in the order in which they are drawn."""


def tiles(seen: Seen) -> list[Tile]:
    """The figures that one looks for first."""
    _, total = seen.texts, seen.snapshot.progress.total
    confirmed = total.of(State.CONFIRMED)
    share = percent(confirmed / total.passages if total.passages else None)
    found = [
        Tile(share, _("of %(total)s passages confirmed", total=number(total.passages))),
        Tile(number(total.open + total.of(State.NEW)), _("wait for a decision"), "/review"),
    ]
    mine = sum(
        reader.open
        for one in seen.snapshot.rounds
        for reader in one.readers
        if name_key(reader.name) == name_key(seen.person.name)
    )
    if mine:
        found.append(Tile(number(mine), _("of them assigned to you"), "/queue"))
    if total.of(State.DISAGREED):
        may = seen.person.role.covers(Role.ADJUDICATOR)
        address = "/disagreements" if may else ""
        found.append(Tile(number(total.of(State.DISAGREED)), _("disagreed on"), address))
    if total.of(State.STALE):
        address = "/review?state=stale"
        found.append(
            Tile(number(total.of(State.STALE)), _("stale since the codebook changed"), address)
        )
    return found


def by_report(seen: Seen) -> Section:
    """Where the passages of every report stand."""
    _, progress = seen.texts, seen.snapshot.progress
    total, reports = progress.total, progress.reports
    key = [(css, _(word)) for state, css, word in STATES if total.of(state)]

    def stack(name: str, counts: Counts) -> Stack:
        parts = [
            (css, float(counts.of(state)), f"{number(counts.of(state))} {_(word)}")
            for state, css, word in STATES
        ]
        share = counts.of(State.CONFIRMED) / counts.passages if counts.passages else None
        return Stack(name, parts, percent(share))

    named = [(one.report.title or one.report.name, one.counts) for one in reports]
    open_first = sorted(named, key=lambda one: -one[1].open)[:_MOST]
    drawn = [one for one in named if one in open_first] if len(named) > _MOST else named
    whole = [(_("All reports"), total)] if len(named) != 1 else []
    words = [
        _(
            "%(confirmed)s of %(total)s passages are confirmed; %(open)s wait for a decision.",
            confirmed=number(total.of(State.CONFIRMED)),
            total=number(total.passages),
            open=number(total.open + total.of(State.NEW)),
        )
    ]
    if total.of(State.DISAGREED):
        words.append(
            _.many(
                "On %(num)s passage people disagree.",
                "On %(num)s passages people disagree.",
                total.of(State.DISAGREED),
                num=number(total.of(State.DISAGREED)),
            )
        )
    note = ""
    if len(drawn) < len(named):
        note = _("Drawn are the %(num)s reports with most to decide.", num=len(drawn))
    rows: list[list[Cell]] = [
        [name, counts.passages, *(counts.of(state) for state, _css, _word in STATES)]
        for name, counts in named
    ]
    columns = [
        Column(_("Report")),
        Column(_("Passages"), Kind.COUNT),
        *(Column(_(word).capitalize(), Kind.COUNT) for _state, _css, word in STATES),
    ]
    chart = stacks(
        _("Where the passages stand"),
        " ".join(words),
        [stack(name, counts) for name, counts in [*whole, *drawn]],
        key=key,
    )
    return Section(
        "reports",
        _("Progress by report"),
        tuple(words),
        Table("reports", _("Progress by report"), columns, rows),
        (chart,) if total.passages else (),
        note=note,
    )


def by_round(seen: Seen) -> Section:
    """How far the rounds have come; for who is not an owner the own part of them."""
    _ = seen.texts
    found = [(one, _readers(seen, one)) for one in seen.snapshot.rounds]
    if not seen.sees_all:
        found = [(one, readers) for one, readers in found if readers]
    rows: list[list[Cell]] = []
    drawn: list[Bar] = []
    for one, readers in found:
        assigned = sum(reader.assigned for reader in readers)
        done = sum(reader.done for reader in readers)
        share = done / assigned if assigned else None
        state = _("closed") if one.is_closed else _("open")
        kind = _("blind") if one.blind else ""
        rows.append([one.name, state, kind, one.passages, one.unassigned, assigned, done, share])
        if assigned and not one.is_closed and len(drawn) < _MOST:
            told = _("%(done)s of %(total)s", done=number(done), total=number(assigned))
            drawn.append(Bar(one.name, share or 0, told))
    open_ = [one for one, _readers_ in found if not one.is_closed]
    words = [
        _.many("%(num)s round is open.", "%(num)s rounds are open.", len(open_))
        if found
        else _("No round was made yet.")
        if seen.sees_all
        else _("No round is assigned to you."),
    ]
    columns = [
        Column(_("Round")),
        Column(_("State")),
        Column(_("Suggestions")),
        Column(_("Passages"), Kind.COUNT),
        Column(_("Assigned to nobody"), Kind.COUNT),
        Column(_("Decisions asked for"), Kind.COUNT),
        Column(_("Made"), Kind.COUNT),
        Column(_("Share made"), Kind.SHARE),
    ]
    chart = bars(_("Decisions made of those asked for"), words[0], drawn, colour="c-main", most=1)
    return Section(
        "rounds",
        _("Rounds") if seen.sees_all else _("My rounds"),
        tuple(words),
        Table("rounds", _("Rounds"), columns, rows),
        (chart,) if drawn else (),
    )


def _readers(seen: Seen, one: StoredRound) -> tuple[Reader, ...]:
    """Those of its readers whose figures are for these eyes."""
    if seen.sees_all:
        return one.readers
    me = name_key(seen.person.name)
    return tuple(reader for reader in one.readers if name_key(reader.name) == me)
