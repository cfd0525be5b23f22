"""Estimates of how much there may be in all, apart from all counts."""

from collections.abc import Iterator, Mapping

from ...agreement.bootstrap import Figure
from ..estimates import Estimate, Estimates
from ..naming import what_estimates_rest_on
from .blocks import Block, Cell, Heading, Note, Paragraph, Table
from .subject import NOTHING, Subject


def estimated(subject: Subject) -> Iterator[Block]:
    """The chapter."""
    texts, found = subject.texts, subject.estimates
    yield Heading(texts("Estimates: how much there may be in all"), 1, "estimates")
    if found is None:
        yield Note(
            texts(
                "There are no estimates: they need an audit sample that people have read, and a "
                "model's suggestions for the same passages. To draw one: whatworks round audit"
            )
        )
        return
    yield Note(
        texts(
            "These are estimates, not counts. They say how many of all passages may hold "
            "something, read or unread."
        )
    )
    for paragraph in what_estimates_rest_on(found, texts):
        yield Paragraph(paragraph)
    codes = {code: subject.finding_type(code) for code in found.finding_types}
    title = texts("Estimated share of passages by finding type")
    yield _table(subject, found, "estimated-finding-types", title, found.finding_types, codes)
    codes = {code: subject.material.codebook.theme(code).name(texts.language)
             for code in found.themes}  # fmt: skip
    title = texts("Estimated share of passages by theme")
    yield _table(subject, found, "estimated-themes", title, found.themes, codes)


def _table(
    subject: Subject,
    found: Estimates,
    name: str,
    title: str,
    estimates: Mapping[str, Estimate],
    names: Mapping[str, str],
) -> Table:
    texts = subject.texts
    rows: list[tuple[Cell, ...]] = []
    for code in sorted(estimates, key=lambda one: -(estimates[one].share.value or 0)):
        one = estimates[code]
        about = NOTHING
        if one.share.value is not None:
            about = texts.number(round(one.share.value * found.population))
        rows.append(
            (
                names[code],
                figure(subject, one.share),
                interval(subject, one.share),
                about,
                interval(subject, one.by_sample_alone),
            )
        )
    head = (
        texts("What"),
        texts("Estimated share"),
        texts("Interval"),
        texts("About so many passages"),
        texts("Interval by the sample alone"),
    )
    note = texts("Estimates, not counts.")
    return Table(name, title, head, tuple(rows), note)


def figure(subject: Subject, given: Figure) -> str:
    """'13.4%'; '–' where there is no value."""
    return NOTHING if given.value is None else subject.texts.percent(given.value, 1)


def interval(subject: Subject, given: Figure) -> str:
    """'11.0% to 15.9%'; '–' where there is none."""
    texts = subject.texts
    if given.interval is None:
        return NOTHING
    said = texts(
        "%(low)s to %(high)s",
        low=texts.percent(given.interval.low, 1),
        high=texts.percent(given.interval.high, 1),
    )
    # It stays on one line.
    return said.replace(" ", "\u00a0")
