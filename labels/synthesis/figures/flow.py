"""The figure of the flow: how many evaluations were identified, excluded and included, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ...exchange.rows import printable
from ...screening import Flow
from ...texts import Texts
from .drawing import SIZE, figure_of_svg
from .interface import Figure
from .lettering import FONT, INK, QUIET, text_width, wrapped

if TYPE_CHECKING:
    from jinja2 import Template

_MAIN, _SIDE = 240, 330
"""Widths of the boxes on the left, and of those beside them."""
_BETWEEN, _BELOW = 36, 26
_MARGIN, _PAD, _LINE = 8, 10, 16
_MOST_LINES = 3
"""Of a reason: the table holds all of it."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a box says."""

    text: str
    count: int
    parts: tuple[tuple[str, int], ...] = ()
    """What the count is made of, or a remark on it."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A box, and beside it those of the evaluations that go no further."""

    box: _Said
    aside: tuple[_Said, ...] = ()
    """One box of them all; none where nothing is in it."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line in a box."""

    y: float
    text: str
    indent: int = 0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    rows: tuple[_Row, ...]
    is_end: bool = False
    """Whether it is what the flow ends in."""


def screening_flow(flow: Flow, texts: Texts) -> Iterator[Figure]:
    """The figure, after PRISMA 2020 (Page et al. 2021); none where nothing was identified."""
    if not flow.identified:
        return
    steps = _steps(flow, texts)
    yield figure_of_svg(
        _svg(steps, texts),
        "screening-flow",
        texts("Flow of evaluations through screening"),
        texts(
            "Of %(identified)s evaluations that were identified, %(excluded)s were excluded and "
            "%(included)s included.",
            identified=texts.number(flow.identified),
            excluded=texts.number(flow.excluded),
            included=texts.number(flow.included),
        ),
        _table(steps, texts),
    )


def _steps(flow: Flow, texts: Texts) -> tuple[_Step, ...]:
    reasons = tuple(
        (texts("no reason given") if one is None else one.text, count)
        for one, count in flow.excluded_by_reason
    )
    missing = ((texts("of these, the report's file is missing"), flow.without_file),)
    superseded = _Said(texts("Another evaluation of the same project is used"), flow.superseded)
    if not flow.is_screened:
        return (
            _Step(_Said(texts("Identified"), flow.identified), (superseded,)),
            _Step(_Said(texts("Included"), flow.included, missing)),
        )
    eligible = flow.included + flow.superseded
    return (
        _Step(
            _Said(texts("Identified"), flow.identified),
            (_Said(texts("Not screened to the end"), flow.open),),
        ),
        _Step(
            _Said(texts("Screened"), flow.identified - flow.open),
            (
                _Said(texts("Excluded"), flow.excluded, reasons),
                _Said(texts("Put off as possible"), flow.possible),
                _Said(texts("Screeners disagree"), flow.conflicts),
            ),
        ),
        _Step(
            _Said(texts("Meet the criteria"), eligible),
            (superseded,),
        ),
        _Step(_Said(texts("Included"), flow.included, missing)),
    )


def _svg(steps: Sequence[_Step], texts: Texts) -> str:
    boxes: list[_Box] = []
    arrows: list[tuple[float, float, float, float]] = []
    y: float = _MARGIN
    before: _Box | None = None
    for step in steps:
        beside = [one for one in step.aside if one.count]
        own = _rows([step.box], _MAIN, texts)
        side = _rows(beside, _SIDE, texts)
        height = _height(own)
        box = _Box(_MARGIN, y, _MAIN, height, own, is_end=step is steps[-1])
        boxes.append(box)
        if before is not None:
            middle = _MARGIN + _MAIN / 2
            arrows.append((middle, before.y + before.height, middle, y))
        if side:
            x = _MARGIN + _MAIN + _BETWEEN
            boxes.append(_Box(x, y, _SIDE, _height(side), side))
            arrows.append((_MARGIN + _MAIN, y + height / 2, x, y + height / 2))
        before = box
        y += max(height, _height(side) if side else 0) + _BELOW
    return _template().render(
        boxes=boxes,
        arrows=arrows,
        width=2 * _MARGIN + _MAIN + _BETWEEN + _SIDE,
        height=y - _BELOW + _MARGIN,
        size=SIZE,
        pad=_PAD,
        font=FONT,
        ink=INK,
        quiet=QUIET,
    )


def _rows(said: Sequence[_Said], width: int, texts: Texts) -> tuple[_Row, ...]:
    rows: list[_Row] = []
    y = _PAD + SIZE - 1.0

    def add(text: str, count: int, *, bold: bool, indent: int = 0) -> None:
        nonlocal y
        # Bold letters are wider.
        size = SIZE * (1.12 if bold else 1)
        end = f" (n\u00a0=\u00a0{texts.number(count)})"
        for line in _lines(printable(text), end, width - 2 * _PAD - indent, size):
            rows.append(_Row(y, line, indent, bold))
            y += _LINE

    for one in said:
        add(one.text, one.count, bold=True)
        for text, count in one.parts:
            if count:
                add(text, count, bold=False, indent=12)
        y += 6
    return tuple(rows)


def _lines(text: str, end: str, width: float, size: float) -> Sequence[str]:
    """The text with its end; of a long text some is left out, of the end nothing."""
    lines = wrapped(text + end, width, size)
    if len(lines) <= _MOST_LINES:
        return lines
    *most, last = wrapped(text, width - text_width(end, size), size, _MOST_LINES)
    return [*most, last + end]


def _height(rows: Sequence[_Row]) -> float:
    return rows[-1].y + _PAD + 2 if rows else 0


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("flow.svg")


def _table(steps: Iterable[_Step], texts: Texts) -> Iterator[Sequence[str | int]]:
    yield texts("Step"), texts("Reason"), texts("Evaluations")
    for step in steps:
        for one in (step.box, *step.aside):
            yield one.text, "", one.count
            for text, count in one.parts:
                yield one.text, text, count
