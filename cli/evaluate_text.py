"""The tables of ``whatworks evaluate`` as text, for a terminal or a pipe."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from ..labels.exchange.rows import printable
from ..labels.exchange.words import language_name, percent
from ..models.suggester import passage_text
from ..training.assessing.assessment import Assessment
from ..training.assessing.curves import Crossing
from ..training.assessing.doubtful import Doubt
from ..training.assessing.scores import Row
from .evaluate_words import (
    SCORES,
    error,
    first_right,
    labels,
    limits,
    remark,
    rests_on,
    shown,
    signed,
    verdict,
    why,
)

_WIDTH = 96
_WIDEST_NAME = 40
_LONGEST_TEXT = 300
_GROUP = (
    ("micro_f1", "micro F1"),
    ("macro_f1", "macro F1"),
    ("first_right", "first right"),
    ("theme_at_1", "theme right"),
)


def evaluation_text(found: Assessment, names: Mapping[str, str], by: Sequence[str]) -> str:
    """The short tables, and the longer ones that are asked for.

    Args:
        found: What was measured.
        names: What finding types and themes are called, by id.
        by: 'report', 'theme', 'language'.
    """
    lines = [*_wrapped(rests_on(found.basis)), ""]
    lines += _overall(found.overall)
    lines += _finding_types(found.finding_types, names)
    lines += _groups("By language", [(language_name(one.what), one) for one in found.languages])
    if "language" in by:
        lines += _crossings(found.crossings)
    if "report" in by:
        lines += _groups("By report", [(one.what, one) for one in found.reports])
    if "theme" in by:
        lines += _themes(found.themes, names)
    lines += _calibration(found)
    if found.paired is not None:
        for said in (verdict(found.paired), first_right(found.paired)):
            lines += _wrapped(said)
        lines.append("")
    lines += [line for one in limits(found.basis) for line in _wrapped(one)]
    return "\n".join(lines) + "\n"


def doubtful_text(found: Sequence[Doubt], names: Mapping[str, str]) -> str:
    """The list of labels to look at again."""
    if not found:
        return ""
    lines = [f"The {len(found):,} most doubtful labels, the most doubtful first:", ""]
    for place, one in enumerate(found, 1):
        page = "" if one.passage.page is None else f", page {one.passage.page}"
        text = " ".join(passage_text(one.passage).split())
        if len(text) > _LONGEST_TEXT:
            text = f"{text[:_LONGEST_TEXT].rsplit(' ', 1)[0]} …"
        lines += [
            f"{place}. {one.passage.report}{page}",
            f"   {text}",
            f"   given: {labels(one.given, names)}   model: {labels(one.said, names)}",
            f"   why: {why(one, names)}",
            "",
        ]
    lines.append(
        "Nothing was changed. To correct one, decide it again in: whatworks review. What is right "
        "as it stands needs nothing."
    )
    return printable("\n".join(lines)) + "\n"


def _overall(row: Row) -> list[str]:
    lines = [f"{'Overall':32}score (95% interval)"]
    for key, words in SCORES:
        if row.figures[key].value is not None:
            said = error(row) if key == "calibration_error" else shown(row.figures[key])
            lines.append(f"  {words:30}{said}")
    return [*lines, *([f"  {remark(row)}"] if remark(row) else []), ""]


def _finding_types(rows: Sequence[Row], names: Mapping[str, str]) -> list[str]:
    keys = ("precision", "recall", "f1")
    cells = [
        (names[row.what], str(row.passages), *(shown(row.figures[key]) for key in keys),
         error(row) + _remark(row))
        for row in rows
    ]  # fmt: skip
    return _table("By finding type", ("passages", "precision", "recall", "F1", "error"), cells)


def _groups(title: str, rows: Sequence[tuple[str, Row]]) -> list[str]:
    cells = [
        (name, f"{row.passages:,}", *(shown(row.figures[key]) for key, _ in _GROUP), remark(row))
        for name, row in rows
    ]
    return _table(title, ("passages", *(words for _, words in _GROUP), ""), cells)


def _themes(rows: Sequence[Row], names: Mapping[str, str]) -> list[str]:
    cells = [
        (names[row.what], f"{row.passages:,}", shown(row.figures["theme_at_1"]),
         shown(row.figures["theme_at_3"]), remark(row))
        for row in rows
    ]  # fmt: skip
    return _table("By theme (the first given)", ("findings", "right", "in first three", ""), cells)


def _crossings(found: Sequence[Crossing]) -> list[str]:
    cells = [
        (language_name(one.language), f"{one.passages:,}", shown(one.without), shown(one.with_all),
         "–" if one.difference.value is None else signed(one.difference.value))
        for one in found
    ]  # fmt: skip
    columns = ("passages", "without it", "with it", "difference")
    return _table("Micro F1 after learning", columns, cells)


def _calibration(found: Assessment) -> list[str]:
    cells = []
    for one in found.reliability[0].bins:
        interval, value = one.share.interval, one.share.value
        if interval is None or value is None:
            continue
        few = "   too few to say" if one.share.n < 10 else ""
        cells.append(
            (
                f"{one.low:.0%} to {one.high:.0%}",
                f"{one.share.n:,}",
                percent(one.mean_probability),
                f"{percent(value)} ({percent(interval.low)} to {percent(interval.high)}){few}",
            )
        )
    return _table("Probability said", ("pairs", "on average", "were so"), cells)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [*_lines(title, columns, rows), ""] if rows else []


def _lines(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    cells = [[_short(row[0]), *row[1:]] for row in rows]
    widths = [
        max(len(column), *(len(row[n]) for row in cells)) for n, column in enumerate(columns, 1)
    ]
    first = max(len(title), *(len(row[0]) + 2 for row in cells))
    for name, *values in ([title, *columns], *([f"  {row[0]}", *row[1:]] for row in cells)):
        numbers = f"{values[0]:>{widths[0]}}"
        texts = [f"{value:<{width}}" for value, width in zip(values[1:], widths[1:], strict=True)]
        yield "  ".join([f"{name:<{first}}", numbers, *texts]).rstrip()


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(printable(text), _WIDTH, break_on_hyphens=False)


def _short(name: str) -> str:
    name = " ".join(printable(name).split())
    return name if len(name) <= _WIDEST_NAME else f"{name[: _WIDEST_NAME - 1]}…"


def _remark(row: Row) -> str:
    return f"   {remark(row)}" if remark(row) else ""
