"""What a reader of the workbook must know, and the codebook."""

from collections.abc import Iterator, Sequence
from itertools import chain

from .... import __version__
from ...codebook import Code, Theme
from ...exchange.rows import Value
from ...texts import Texts
from ..material import Material
from ..naming import basis, group_name
from .sheet import Column, Sheet


def about_sheet(material: Material, title: str, texts: Texts) -> Sheet:
    """Where the workbook comes from, what was left out, and how it is read."""
    return Sheet(
        texts("About"),
        (title, f"{basis(material, texts)}."),
        (Column(texts("What"), 30), Column(texts("Value"), 110)),
        [*_facts(material, texts), *_left_out(material, texts), *_guide(texts)],
        is_filtered=False,
    )


def _facts(material: Material, texts: Texts) -> Iterator[Sequence[Value]]:
    yield (
        texts("What is counted"),
        texts(
            "Only what people confirmed. What a model suggested and nobody confirmed is in no "
            "sheet but that of the estimates, where there is one."
        ),
    )
    yield texts("Project"), material.project
    yield (
        texts("As of"),
        texts("%(date)s: the last thing said that this rests on", date=texts.date(material.as_of)),
    )
    yield (
        texts("Evaluations"),
        texts(
            "%(included)s of the %(listed)s evaluations that were identified are included.",
            included=texts.number(len(material.included)),
            listed=texts.number(len(material.listed)),
        ),
    )
    yield (
        texts("Codebook"),
        texts(
            "%(title)s, version %(version)s of the project",
            title=material.codebook.title,
            version=material.codebook_version,
        ),
    )
    yield (
        texts("Decisions"),
        texts(
            "%(decisions)s in the log; its head is %(head)s",
            decisions=texts.number(material.decisions),
            head=material.head,
        ),
    )
    yield texts("Made with"), f"whatworks {__version__}"


def _left_out(material: Material, texts: Texts) -> Iterator[Sequence[Value]]:
    """What is not counted, and why."""
    left = texts("Left out")
    for mark, count in material.left_out.items():
        yield (
            left,
            texts.counted(
                "%(mark)s: %(num)s confirmed passage, because the evaluation is not included",
                "%(mark)s: %(num)s confirmed passages, because the evaluation is not included",
                count,
                mark=mark,
            ),
        )
    for name in material.unlisted:
        yield left, texts("%(report)s: no evaluation of the register names it", report=name)
    for code, count in material.retired.items():
        yield (
            left,
            texts.counted(
                "%(code)s: the code is no longer in use; %(num)s passage that had it waits to be "
                "read again",
                "%(code)s: the code is no longer in use; %(num)s passages that had it wait to be "
                "read again",
                count,
                code=code,
            ),
        )
    if material.stale:
        yield (
            left,
            texts.counted(
                "%(num)s passage was confirmed until the codebook changed, and waits to be read "
                "again",
                "%(num)s passages were confirmed until the codebook changed, and wait to be read "
                "again",
                material.stale,
            ),
        )


def _guide(texts: Texts) -> Iterator[Sequence[Value]]:
    yield (
        texts("Findings"),
        texts(
            "One row for each confirmed passage that has a finding type, with its page and who "
            "decided. Filter by finding type, theme or evaluation."
        ),
    )
    yield (
        texts("Matrix"),
        texts("The same findings as quotations, evaluations in rows and themes in columns."),
    )
    yield (
        texts("Counts"),
        texts("How many evaluations and passages, and how far the people who read them agreed."),
    )
    yield (
        texts("Mark"),
        texts("“E12, p. 34” is page 34 of evaluation E12; the sheet Register says which that is."),
    )
    yield (
        texts("Page"),
        texts("As a PDF viewer counts, from 1. Empty where a format has no pages."),
    )
    yield (
        texts("Long texts"),
        texts("A cell holds 32,767 signs. What is longer ends in […], or says how much is left."),
    )


def codebook_sheet(material: Material, texts: Texts) -> Sheet:
    """What each code means, retired ones last."""
    codebook = material.codebook
    return Sheet(
        texts("Codebook"),
        (codebook.title,),
        (
            Column(texts("Kind"), 18),
            Column(texts("Group"), 24),
            Column(texts("Code"), 34),
            Column(texts("Definition"), 70),
            Column(texts("When to use it"), 50),
            Column(texts("When not to use it"), 50),
            Column(texts("In use"), 10),
            Column(texts("Id"), 26),
        ),
        (
            _code_row(material, one, texts)
            for one in chain(
                codebook.finding_types,
                codebook.themes,
                codebook.retired_finding_types,
                codebook.retired_themes,
            )
        ),
        fixed=3,
    )


def _code_row(material: Material, code: Code, texts: Texts) -> Sequence[Value]:
    is_theme = isinstance(code, Theme)
    return (
        texts("Theme") if is_theme else texts("Finding type"),
        group_name(material, code.group, texts) if isinstance(code, Theme) else "",
        code.name(texts.language),
        code.definition,
        "\n".join(code.include),
        "\n".join(code.exclude),
        texts("no") if code.retired else texts("yes"),
        code.id,
    )
