"""Rounds and when to stop: what is guaranteed to be found, and how the model learns."""

from ....labels.agreement.bootstrap import Figure
from ....labels.exchange.words import percent_down
from ....labels.finding_rate import Yield
from ....labels.store.audit_scores import AuditScores
from ....labels.store.round_status import RoundStatus, Step, TypeStatus
from ..charts import Bar, bars
from ..marks import Chart
from ..tables import Cell, Column, Kind, Table
from ..trends import Point, line
from .section import LEVEL, Section, Seen, number, percent


def stopping(seen: Seen) -> Section:
    """Of each finding type: found, guaranteed, and to be expected; and what to do next."""
    _, found = seen.texts, seen.snapshot.status
    columns = [
        Column(_("Finding type")),
        Column(_("Found"), Kind.COUNT),
        Column(_("Found at least, of all"), Kind.SHARE),
        Column(_("Left at most"), Kind.COUNT),
        Column(_("Drawn by lot for it"), Kind.COUNT),
        Column(_("More by lot to be sure"), Kind.COUNT),
        Column(_("Finds in an hour, by lot"), Kind.FIGURE),
        Column(_("Finds in an hour, likeliest first"), Kind.FIGURE),
    ]
    names = {code.id: seen.name_of(code) for code in seen.codebook.finding_types}
    rows = [_row(names.get(one.code, one.code), one) for one in found.types]
    words = [_next(seen, found)]
    words += [_words(seen, names.get(one.code, one.code), one, found) for one in found.types]
    title = _("Rounds and when to stop")
    return Section(
        "stopping",
        title,
        tuple(words),
        Table("stopping", title, columns, rows),
        (_bars(seen, names, found),) if found.passages else (),
        note=_(
            "Confidence: %(level)s. It rests on passages drawn by lot from those unread, and "
            "holds however often one looks. What strategies chose guarantees nothing.",
            level=LEVEL,
        ),
    )


def learning(seen: Seen) -> Section:
    """How good each model was that was at work, by the audit sample."""
    _, audit = seen.texts, seen.snapshot.status.audit
    names = {code.id: seen.name_of(code) for code in seen.codebook.finding_types}
    title = _("Learning curve")
    columns = [
        Column(_("Model")),
        Column(_("Learned from"), Kind.COUNT),
        Column(_("Audited passages"), Kind.COUNT),
        Column(_("Macro F1"), Kind.FIGURE),
        Column(_("from"), Kind.FIGURE),
        Column(_("to"), Kind.FIGURE),
        *(Column(f"F1: {name}", Kind.FIGURE) for name in names.values()),
    ]
    models = audit.models if audit is not None else ()
    shown = [one for one in models if one.macro_f1.value is not None]
    if audit is None:
        words = [_("There is no audit sample yet: nothing says how good the model is.")]
    else:
        words = [
            _(
                "%(confirmed)s of %(total)s passages of the audit sample are confirmed.",
                confirmed=number(len(audit.audited.ids)),
                total=number(len(audit.audited.sample.passages)),
            ),
            *_gained(seen, audit.last_gain),
        ]
    return Section(
        "learning",
        title,
        tuple(words),
        Table("learning", title, columns, [_scores(one, list(names)) for one in models]),
        (_curve(seen, shown),) if shown else (),
        note=_(
            "Macro F1 on the audit sample, which nothing is learned from, with %(level)s "
            "intervals; below each point, how many confirmed passages the model learned from.",
            level=LEVEL,
        )
        if shown
        else "",
    )


def _row(name: str, one: TypeStatus) -> list[Cell]:
    found = one.guarantee
    return [
        name,
        found.found,
        found.recall,
        found.left,
        found.rests_on,
        one.more_by_lot,
        _expected(one.by_lot),
        _expected(one.likeliest),
    ]


def _expected(found: Yield | None) -> float | None:
    return None if found is None else found.shown


def _words(seen: Seen, name: str, one: TypeStatus, status: RoundStatus) -> str:
    _, found = seen.texts, one.guarantee
    values = {
        "name": name,
        "found": number(found.found),
        "share": percent_down(found.recall),
        "left": number(found.left),
        "target": percent(status.target),
        "sure": percent(found.confidence),
    }
    if found.is_reached and not found.left:
        return _("%(name)s: %(found)s found, and nothing is left to read: you may stop.", **values)
    if found.is_reached:
        return _(
            "%(name)s: %(found)s found, with %(sure)s confidence at least %(share)s of all: you "
            "may stop.",
            **values,
        )
    if not found.rests_on or found.recall is None:
        return _("%(name)s: %(found)s found. Nothing is guaranteed yet.", **values)
    said = _(
        "%(name)s: %(found)s found, with %(sure)s confidence at least %(share)s of all; at most "
        "%(left)s are left.",
        **values,
    )
    if one.more_by_lot is None:
        return said
    more = _.many(
        "%(num)s passage more by lot without a find would guarantee %(target)s.",
        "%(num)s passages more by lot without a find would guarantee %(target)s.",
        one.more_by_lot,
        num=number(one.more_by_lot),
        target=percent(status.target),
    )
    return f"{said} {more}"


def _next(seen: Seen, found: RoundStatus) -> str:
    _, step = seen.texts, found.next
    match step.step:
        case Step.ADD:
            return _("Next: add reports.")
        case Step.AUDIT:
            return _("Next: draw the audit sample, before the first round.")
        case Step.READ:
            return _.many(
                "Next: read what is open in the round %(name)s (%(num)s reading).",
                "Next: read what is open in the round %(name)s (%(num)s readings).",
                step.passages,
                num=number(step.passages),
                name=step.round_name,
            )
        case Step.CLOSE:
            return _("Next: close the round %(name)s: it is read.", name=step.round_name)
        case Step.HUNT:
            return _("Next: make a round.")
        case Step.LOT:
            return _(
                "Next: draw %(count)s passages by lot: strategies would find less than one in a "
                "further hour.",
                count=number(step.passages),
            )
        case Step.SETTLE:
            return _("Next: settle what is not confirmed; all else is read.")
        case Step.STOP:
            return _("You may stop: the target is reached for every finding type.")


def _bars(seen: Seen, names: dict[str, str], found: RoundStatus) -> Chart:
    title = seen.texts("Share of all that was found at least")
    rows = [
        Bar(
            names.get(one.code, one.code),
            0.0 if one.guarantee.recall is None else one.guarantee.recall,
            percent_down(one.guarantee.recall),
        )
        for one in found.types
    ]
    said = "; ".join(f"{row.label}: {row.shown}" for row in rows)
    return bars(title, said, rows, colour="c-main", most=1)


def _gained(seen: Seen, gain: Figure | None) -> list[str]:
    _ = seen.texts
    if gain is None or gain.value is None or gain.interval is None:
        return []
    low, high = gain.interval.low, gain.interval.high
    values = {"value": f"{gain.value:+.2f}", "low": f"{low:+.2f}", "high": f"{high:+.2f}"}
    if low > 0:
        return [_("The last model is better: %(value)s (%(low)s to %(high)s).", **values)]
    if high < 0:
        return [_("The last model is worse: %(value)s (%(low)s to %(high)s).", **values)]
    return [_("The last model is not clearly better: %(value)s (%(low)s to %(high)s).", **values)]


def _scores(one: AuditScores, codes: list[str]) -> list[Cell]:
    there = one.macro_f1.interval
    return [
        one.model,
        one.learned_from,
        one.passages,
        one.macro_f1.value,
        there.low if there else None,
        there.high if there else None,
        *(
            one.finding_types[code].f1.value if code in one.finding_types else None
            for code in codes
        ),
    ]


def _curve(seen: Seen, models: list[AuditScores]) -> Chart:
    points = []
    for one in models:
        assert one.macro_f1.value is not None
        value, there = one.macro_f1.value, one.macro_f1.interval
        tip = f"{one.model}: {value:.2f}"
        if there is not None:
            tip += f" ({there.low:.2f} – {there.high:.2f})"
        between = (there.low, there.high) if there is not None else None
        points.append(Point(number(one.learned_from), value, tip, between))
    title = seen.texts("Macro F1 on the audit sample, by what was learned from")
    said = "; ".join(one.tip for one in points)
    return line(title, said, points, colour="c-main", most=1)
