"""How far people agree who decided on their own."""

from ....labels.agreement.bootstrap import Figure
from ....labels.agreement.tables import FINDING_TYPES, THEMES, Agreement
from ..charts import Dot, Dots, dots
from ..marks import Chart
from ..tables import Cell, Column, Kind, Table
from .section import LEVEL, Section, Seen, number

_RELY, _TENTATIVE = 0.8, 0.667
"""Krippendorff's custom: what alpha allows which conclusions."""


def agreement(seen: Seen) -> Section:
    """Overall, and by finding type."""
    _, found = seen.texts, seen.snapshot.agreement
    titles = [
        Column(_("What")),
        Column(_("Passages"), Kind.COUNT),
        Column(_("People"), Kind.COUNT),
        Column(_("Same answer"), Kind.SHARE),
        Column(_("Alpha"), Kind.FIGURE),
        Column(_("from"), Kind.FIGURE),
        Column(_("to"), Kind.FIGURE),
    ]
    rows = [_row(seen, one) for one in found]
    drawn = [row for row in (_dots(seen, one) for one in found) if row is not None]
    return Section(
        "agreement",
        _("Agreement"),
        _words(seen),
        Table("agreement", _("Agreement"), titles, rows),
        (_chart(seen, drawn),) if drawn else (),
        note=_(
            "Krippendorff's alpha with its %(level)s interval: 1 is full agreement, 0 what chance "
            "gives. From 0.8 a label can be relied on; from 0.667 it allows tentative conclusions.",
            level=LEVEL,
        )
        if drawn
        else "",
    )


def _words(seen: Seen) -> tuple[str, ...]:
    _, found = seen.texts, seen.snapshot.agreement
    if not found:
        return (_("No passage was decided by two people yet."),)
    first = _.many(
        "%(num)s passage was decided by two or more people on their own.",
        "%(num)s passages were decided by two or more people on their own.",
        found[0].n_passages,
        num=number(found[0].n_passages),
    )
    weak = [
        _name(seen, one)
        for one in found[2:]
        if one.alpha.value is not None and one.alpha.value < _TENTATIVE
    ]
    if not weak:
        return (first,)
    return first, _("Too little agreement to conclude anything: %(names)s.", names=", ".join(weak))


def _row(seen: Seen, one: Agreement) -> list[Cell]:
    same, alpha = one.percent.value, one.alpha
    return [
        _name(seen, one),
        one.n_passages,
        one.n_annotators,
        None if same is None else same / 100,
        alpha.value,
        alpha.interval.low if alpha.interval else None,
        alpha.interval.high if alpha.interval else None,
    ]


def _dots(seen: Seen, one: Agreement) -> Dots | None:
    alpha = one.alpha
    if alpha.value is None:
        return None
    low, high = _between(alpha)
    dot = Dot("c-main", alpha.value, low, high, f"{alpha.value:.2f} ({low:.2f} – {high:.2f})")
    return Dots(_name(seen, one), [dot], f"{alpha.value:.2f}")


def _between(alpha: Figure) -> tuple[float, float]:
    assert alpha.value is not None
    if alpha.interval is None:
        return alpha.value, alpha.value
    return alpha.interval.low, alpha.interval.high


def _chart(seen: Seen, rows: list[Dots]) -> Chart:
    _ = seen.texts
    return dots(
        _("Agreement beyond chance"),
        "; ".join(f"{row.label}: {row.dots[0].tip}" for row in rows),
        rows,
        low=0,
        high=1,
        ticks=[(0, "0"), (_TENTATIVE, "0.667"), (_RELY, "0.8"), (1, "1")],
    )


def _name(seen: Seen, one: Agreement) -> str:
    _ = seen.texts
    if one.what in (FINDING_TYPES, THEMES):
        return _("All finding types") if one.what == FINDING_TYPES else _("All themes")
    names = {code.id: seen.name_of(code) for code in seen.codebook.finding_types}
    return names.get(one.what, one.what)
