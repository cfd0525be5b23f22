"""What seeing a suggestion does: answers with it and without, side by side."""

from ....labels.bias import About, Row
from ....labels.shares import Share
from ....labels.texts import mark
from ..charts import Dot, Dots, dots
from ..marks import Chart
from ..tables import Cell, Column, Kind, Table
from .section import LEVEL, Section, Seen, number, percent

_ABOUT = {
    About.ANSWER: mark("Whole answer"),
    About.TYPES: mark("All finding types"),
    About.NOTHING: mark("No finding"),
}


def bias(seen: Seen) -> Section:
    """How often people say what is suggested when they see it, and when they do not."""
    _, found = seen.texts, seen.snapshot.bias
    titles = [
        Column(_("What")),
        Column(_("Answers that saw it"), Kind.COUNT),
        Column(_("that agree"), Kind.COUNT),
        Column(_("Share"), Kind.SHARE),
        Column(_("from"), Kind.SHARE),
        Column(_("to"), Kind.SHARE),
        Column(_("Blind answers"), Kind.COUNT),
        Column(_("that agree"), Kind.COUNT),
        Column(_("Share"), Kind.SHARE),
        Column(_("from"), Kind.SHARE),
        Column(_("to"), Kind.SHARE),
        Column(_("Difference"), Kind.SHARE),
        Column(_("from"), Kind.SHARE),
        Column(_("to"), Kind.SHARE),
    ]
    note = ""
    if found.rows:
        note = _.many(
            "Compared is %(num)s passage that some people decided with the suggestion and others "
            "blind. Counted is what each said first; the lines are %(level)s intervals.",
            "Compared are %(num)s passages that some people decided with the suggestion and "
            "others blind. Counted is what each said first; the lines are %(level)s intervals.",
            found.passages,
            num=number(found.passages),
            level=LEVEL,
        )
    return Section(
        "bias",
        _("With and without the suggestion"),
        _words(seen),
        Table(
            "bias",
            _("With and without the suggestion"),
            titles,
            [_row(seen, row) for row in found.rows],
        ),
        (_chart(seen),) if found.rows else (),
        note=note,
    )


def _words(seen: Seen) -> tuple[str, ...]:
    _, found = seen.texts, seen.snapshot.bias
    words: list[str] = []
    if found.rows:
        whole = found.rows[0]
        words.append(
            _(
                "People accept %(seen)s of the suggestions they see; deciding blind they would "
                "have given the same answer in %(blind)s.",
                seen=percent(whole.seen.value),
                blind=percent(whole.blind.value),
            )
        )
        apart = whole.difference
        if apart is not None:
            points = f"{100 * apart.value:+.0f} ({_signed(seen, whole)})"
            words.append(
                _("The difference is %(points)s percentage points.", points=points)
                if apart.is_clear
                else _(
                    "The difference of %(points)s percentage points may be chance.", points=points
                )
            )
    elif found.seen.n or found.blind.n:
        words.append(
            _("No passage was decided both with the suggestion and blind: nothing to compare.")
        )
    else:
        words.append(_("Nobody has answered a suggestion yet."))
    if found.seen.n:
        words.append(
            _(
                "In all, %(share)s of %(n)s first answers with the suggestion accept it.",
                share=percent(found.seen.value),
                n=number(found.seen.n),
            )
        )
    if found.blind.n:
        words.append(
            _(
                "In all, %(share)s of %(n)s blind answers are what was suggested.",
                share=percent(found.blind.value),
                n=number(found.blind.n),
            )
        )
    if found.changed.n and not found.changed.count:
        words.append(
            _.many(
                "The %(num)s blind answer that differed from the suggestion was not changed "
                "afterwards.",
                "None of the %(num)s blind answers that differed from the suggestion was changed "
                "afterwards.",
                found.changed.n,
                num=number(found.changed.n),
            )
        )
    elif found.changed.n:
        words.append(
            _(
                "Once they saw the suggestion, people changed %(changed)s of the %(n)s blind "
                "answers that differed from it, %(adopted)s to what it says.",
                changed=number(found.changed.count),
                n=number(found.changed.n),
                adopted=number(found.adopted),
            )
        )
    return tuple(words)


def _signed(seen: Seen, row: Row) -> str:
    apart = row.difference
    assert apart is not None
    low, high = 100 * apart.interval.low, 100 * apart.interval.high
    return seen.texts(
        "%(level)s interval %(low)s to %(high)s",
        level=LEVEL,
        low=f"{low:+.0f}",
        high=f"{high:+.0f}",
    )


def _row(seen: Seen, row: Row) -> list[Cell]:
    apart = row.difference
    return [
        _name(seen, row),
        *_cells(row.seen),
        *_cells(row.blind),
        apart.value if apart else None,
        apart.interval.low if apart else None,
        apart.interval.high if apart else None,
    ]


def _cells(share: Share) -> list[Cell]:
    interval = share.interval
    return [
        share.n,
        share.count,
        share.value,
        interval.low if interval else None,
        interval.high if interval else None,
    ]


def _chart(seen: Seen) -> Chart:
    _ = seen.texts
    rows = []
    for row in seen.snapshot.bias.rows:
        both = []
        for share, colour, words in (
            (row.seen, "c-seen", _("with the suggestion")),
            (row.blind, "c-blind", _("blind")),
        ):
            if share.interval is not None and share.value is not None:
                between = f"{percent(share.interval.low)} – {percent(share.interval.high)}"
                tip = f"{words}: {percent(share.value)} ({between})"
                low, high = share.interval.low, share.interval.high
                both.append(Dot(colour, share.value, low, high, tip))
        apart = row.difference
        rows.append(Dots(_name(seen, row), both, f"{100 * apart.value:+.0f}" if apart else ""))
    return dots(
        _("How often people say what is suggested"),
        "; ".join(f"{row.label}: {', '.join(dot.tip for dot in row.dots)}" for row in rows),
        rows,
        low=0,
        high=1,
        ticks=[(share, f"{100 * share:g}%") for share in (0, 0.25, 0.5, 0.75, 1)],
        key=[("c-seen", _("with the suggestion")), ("c-blind", _("blind"))],
    )


def _name(seen: Seen, row: Row) -> str:
    if row.about in _ABOUT:
        return seen.texts(_ABOUT[row.about])
    names = {code.id: seen.name_of(code) for code in seen.codebook.finding_types}
    return names.get(row.code, row.code)
