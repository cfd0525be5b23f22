"""How the report is to be read, and what is in it at a glance."""

from collections.abc import Iterator

from ..tables import NONE, values_of
from .blocks import Block, Cell, Heading, List, Paragraph, Table
from .subject import Subject

_MOST_THEMES = 3


def opening(subject: Subject) -> Iterator[Block]:
    """The first two chapters."""
    texts = subject.texts
    yield Heading(texts("At a glance"), 1, "at-a-glance")
    yield _size(subject)
    yield _main_themes(subject)
    yield Heading(texts("How to read this report"), 1, "how-to-read")
    yield Paragraph(
        texts(
            "This report was put together by whatworks from what people confirmed. It holds "
            "counts, the codebook's definitions and quotations from the evaluations. No sentence "
            "was written, shortened or rephrased by a model."
        )
    )
    yield List(tuple(_rules(subject)))


def _rules(subject: Subject) -> Iterator[str]:
    texts = subject.texts
    yield texts(
        "A passage is one to four sentences of an evaluation report. Only passages that people "
        "confirmed are counted. What a model suggested is not."
    )
    yield texts(
        "A source mark such as “E12, p. 34” names an evaluation and a page of its file. The "
        "evaluations are listed in the first annex."
    )
    yield texts(
        "What an evaluation says several times is counted once. A passage with two finding types "
        "or themes stands in the row of each and once in the total, so rows may add up to more "
        "than the total."
    )
    yield texts(
        "The number of evaluations says how widely something was found. It does not say how large "
        "an effect is."
    )
    yield texts("Quotations are whole passages, in the language of the report.")


def _size(subject: Subject) -> Table:
    texts, material = subject.texts, subject.material
    countries = {code for one in material.included for code in values_of(one.evaluation, "country")}
    languages = {
        code for one in material.included for code in values_of(one.evaluation, "language")
    }
    rows: tuple[tuple[Cell, ...], ...] = (
        (texts("Evaluations listed"), len(material.listed)),
        (texts("Evaluations included"), len(material.included)),
        (texts("Countries that these cover"), len(countries)),
        (texts("Languages that these are written in"), len(languages)),
        (texts("Passages of the included evaluations"), material.passages),
        (texts("Passages that people confirmed"), material.confirmed),
        (texts("Confirmed findings, each counted once per evaluation"), len(material.counted)),
    )
    return Table("size", texts("The synthesis in figures"), (texts("What"), texts("Number")), rows,
                 note=subject.basis)  # fmt: skip


def _main_themes(subject: Subject) -> Table:
    texts, by_theme = subject.texts, subject.by_theme
    rows: list[tuple[Cell, ...]] = []
    for code in by_theme.columns:
        total = by_theme.column_totals[code]
        ranked = [one for one in by_theme.ranked(code) if one != NONE][:_MOST_THEMES]
        themes = "; ".join(
            f"{subject.theme(one)} ({texts.number(by_theme.cell(one, code).reports)})"
            for one in ranked
        )
        rows.append((subject.finding_type(code), total.passages, total.reports, themes))
    return Table(
        "main-themes",
        texts("What was found, and the themes found in most evaluations"),
        (
            texts("Finding type"),
            texts("Passages"),
            texts("Evaluations"),
            texts("Themes (evaluations)"),
        ),
        tuple(rows),
        note=subject.basis,
    )
