"""What the report cannot say, and why."""

from collections.abc import Iterator

from ..material import Listed
from .blocks import Block, Heading, List, Paragraph
from .subject import Subject


def limitations(subject: Subject) -> Iterator[Block]:
    """The chapter."""
    texts = subject.texts
    yield Heading(texts("Limitations"), 1, "limitations")
    yield Paragraph(texts("This follows from the project itself:"))
    yield List(tuple(_of_this_project(subject)))
    yield Paragraph(texts("This holds for every synthesis of this kind:"))
    yield List(tuple(_of_all(subject)))


def _of_this_project(subject: Subject) -> Iterator[str]:
    texts, material, flow = subject.texts, subject.material, subject.material.flow
    left = material.passages - material.confirmed
    yield subject.basis
    if left:
        yield texts.counted(
            "%(num)s passage is not confirmed: what it holds is not in the counts.",
            "%(num)s passages are not confirmed: what they hold is not in the counts.",
            left,
        )
    unread = [one for one in material.included if one.passages and not one.confirmed]
    if unread:
        yield texts("Nothing is confirmed yet of: %(marks)s.", marks=_marks(subject, unread))
    missing = [one for one in material.included if one.evaluation.report_id is None]
    if missing:
        yield texts(
            "These are included, but their report's file is missing: %(marks)s.",
            marks=_marks(subject, missing),
        )
    if material.unlisted:
        yield texts.counted(
            "%(num)s report of the project is in no row of the register and was left out: "
            "%(names)s.",
            "%(num)s reports of the project are in no row of the register and were left out: "
            "%(names)s.",
            len(material.unlisted),
            names=subject.listing(subject.some(material.unlisted)),
        )
    if material.left_out:
        yield texts.counted(
            "%(num)s confirmed passage was left out because its evaluation is not included: "
            "%(marks)s.",
            "%(num)s confirmed passages were left out because their evaluations are not included: "
            "%(marks)s.",
            sum(material.left_out.values()),
            marks=subject.listing(subject.some(tuple(material.left_out))),
        )
    for code, count in material.retired.items():
        yield (
            texts.counted(
                "%(code)s: the code is no longer in use; %(num)s passage that had it waits to be "
                "read again",
                "%(code)s: the code is no longer in use; %(num)s passages that had it wait to be "
                "read again",
                count,
                code=code,
            )
            + "."
        )
    if material.stale:
        yield (
            texts.counted(
                "%(num)s passage was confirmed until the codebook changed, and waits to be read "
                "again",
                "%(num)s passages were confirmed until the codebook changed, and wait to be read "
                "again",
                material.stale,
            )
            + "."
        )
    yield from _of_reading(subject)
    if unsettled := flow.open + flow.conflicts:
        yield texts.counted(
            "Screening is not finished: %(num)s evaluation is not settled.",
            "Screening is not finished: %(num)s evaluations are not settled.",
            unsettled,
        )


def _of_reading(subject: Subject) -> Iterator[str]:
    """How many findings rest on one reader, or on an adjudicator."""
    texts, total = subject.texts, subject.by_theme.total
    single = total.passages - total.double_read
    if single:
        yield texts.counted(
            "%(num)s finding was read by one person only.",
            "%(num)s findings were read by one person only.",
            single,
        )
    settled = sum(one.how == "adjudicated" for one in subject.material.counted)
    if settled:
        yield texts.counted(
            "%(num)s finding was settled by an adjudicator.",
            "%(num)s findings were settled by an adjudicator.",
            settled,
        )


def _of_all(subject: Subject) -> Iterator[str]:
    texts = subject.texts
    yield texts(
        "Evaluations were chosen for a purpose. Counts describe them, and not the interventions "
        "that nobody evaluated."
    )
    yield texts(
        "A finding is what an evaluation says. Whether it is true, and whether it caused a result, "
        "this report does not judge."
    )
    yield texts(
        "Passages that a model ranked low may have been read less often. Only the audit sample, "
        "drawn at random, shows what was missed."
    )
    yield texts(
        "A passage is read without the rest of its report; its page is given so that it can be "
        "looked up."
    )


def _marks(subject: Subject, listed: list[Listed]) -> str:
    return subject.listing(subject.some(tuple(one.mark for one in listed)))
