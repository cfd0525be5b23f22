"""Agreement on paper: tables of figures, and how to read them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ..labels.agreement.bootstrap import Figure
from ..labels.agreement.tables import FINDING_TYPES, THEMES, Agreement, By
from ..labels.exchange.rows import printable
from ..labels.exchange.words import language_name, percent
from ..labels.store.independent import IndependentVotes

_HEADINGS = {
    By.OVERALL: "Overall",
    By.FINDING_TYPE: "By finding type",
    By.THEME: "By theme",
    By.PAIR: "By pair of annotators",
    By.LANGUAGE: "By language",
    By.ROUND: "By round",
}
_COLUMNS = ("passages", "people", "same", "kappa", "alpha")
_HOW_TO_READ = (
    "How to read it: 1 is full agreement, 0 is what chance gives. By Krippendorff's custom, "
    "labels\nwith an alpha of 0.8 or more can be relied on, from 0.667 they allow tentative "
    "conclusions,\nbelow that none. 'same' is the percentage of equal answers, chance included."
)
_WIDEST_NAME = 40


def agreement_page(
    found: IndependentVotes, rows: Sequence[Agreement], names: Mapping[str, str]
) -> str:
    """The tables as text, for a terminal or a pipe.

    Args:
        found: The votes that they are about.
        rows: The figures, those of one table together.
        names: What finding types and themes are called, by id.
    """
    notes: dict[str, int] = {}
    lines = [_about(found), ""]
    shown = [(one, _name(one, names), _cells(one, notes)) for one in rows]
    widest = max(
        *(len(name) + 2 for _, name, _ in shown), *(len(_HEADINGS[one.by]) for one in rows)
    )
    widths = [
        max(len(column), *(len(cells[place]) for _, _, cells in shown))
        for place, column in enumerate(_COLUMNS)
    ]
    for by, some in groupby(shown, key=lambda each: each[0].by):
        lines.append(_line(_HEADINGS[by], widest, _COLUMNS, widths))
        lines += [_line(f"  {name}", widest, cells, widths) for _, name, cells in some]
        lines.append("")
    lines.append(_HOW_TO_READ)
    if any(figure.interval for one in rows for figure in (one.kappa, one.alpha)):
        lines.append("In brackets: the 95% interval, by resampling passages.")
    lines += [f"[{number}] {note}" for note, number in notes.items()]
    return "\n".join(lines) + "\n"


def stale_sentence(n_stale: int) -> str:
    """Why some votes are missing."""
    what = "1 decision is" if n_stale == 1 else f"{n_stale:,} decisions are"
    return f"{what} left out: the codebook has changed what they say."


def _about(found: IndependentVotes) -> str:
    votes = found.votes
    people = f"{votes.n_annotators:,} people"
    passages = "1 passage" if votes.n_passages == 1 else f"{votes.n_passages:,} passages"
    text = (
        f"{len(votes.passages):,} independent decisions of {people} on {passages} that two or "
        "more decided."
    )
    return f"{text}\n{stale_sentence(found.n_stale)}" if found.n_stale else text


def _name(one: Agreement, names: Mapping[str, str]) -> str:
    if one.by is By.LANGUAGE:
        name = language_name(one.what)
    elif one.by is By.OVERALL:
        name = {FINDING_TYPES: "Finding types", THEMES: "Themes"}[one.what]
    elif one.by in (By.FINDING_TYPE, By.THEME):
        name = names.get(one.what, one.what)
    else:
        name = one.what
    name = " ".join(printable(name).split())
    return name if len(name) <= _WIDEST_NAME else f"{name[: _WIDEST_NAME - 1]}…"


def _cells(one: Agreement, notes: dict[str, int]) -> list[str]:
    same = "–" if one.percent.value is None else percent(one.percent.value / 100)
    return [
        f"{one.n_passages:,}",
        f"{one.n_annotators:,}",
        same,
        _figure(one.kappa, notes),
        _figure(one.alpha, notes),
    ]


def _figure(figure: Figure, notes: dict[str, int]) -> str:
    """'0.71 (0.64 to 0.77)', or '– [1]' where note 1 says why there is none."""
    return " ".join(_parts(figure, notes))


def _parts(figure: Figure, notes: dict[str, int]) -> Iterator[str]:
    yield "–" if figure.value is None else _number(figure.value)
    if figure.interval is not None:
        yield f"({_number(figure.interval.low)} to {_number(figure.interval.high)})"
    elif figure.why_not:
        yield f"[{notes.setdefault(figure.why_not, len(notes) + 1)}]"


def _number(value: float) -> str:
    """Two places, never rounded up to full agreement, and no '-0.00'."""
    if 0.995 <= value < 1:
        return "0.99"
    return f"{value:.2f}".replace("-0.00", "0.00")


def _line(name: str, width: int, cells: Sequence[str], widths: Sequence[int]) -> str:
    numbers = [f"{cell:>{size}}" for cell, size in zip(cells[:3], widths, strict=False)]
    texts = [f"{cell:<{size}}" for cell, size in zip(cells[3:], widths[3:], strict=True)]
    return "  ".join([f"{name:<{width}}", *numbers, *texts]).rstrip()
