"""Where a project stands with its rounds, in words and as facts."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ..labels.exchange.words import percent, percent_down
from ..labels.finding_rate import Yield
from ..labels.store.audit_scores import AuditFigures
from ..labels.store.round_status import NextStep, RoundStatus, Step, TypeStatus
from .audit_figures import audit_facts, curve_lines, figure_facts
from .round_pages import table

_WIDTH = 96


def status_page(found: RoundStatus) -> str:
    """All of it, the next step last."""
    names = {code.id: code.name() for code in found.codebook.finding_types}
    lines = [
        f"{found.passages:,} passages: {found.confirmed:,} confirmed, {found.left:,} left to "
        f"choose from, {found.open_readings:,} readings open in "
        f"{len(found.open_rounds):,} {'round' if len(found.open_rounds) == 1 else 'rounds'}.",
        _audit_line(found.audit),
        "",
        f"When to stop: {percent(found.target)} of each finding type is the target",
    ]
    for one in found.types:
        lines += _wrapped(f"{names[one.code]}: {stopping_words(one)}", "  ")
    lines += ["", *_hour(found, names), "", *curve_lines(found.audit), ""]
    return "\n".join([*lines, *_wrapped(f"Next: {next_words(found)}", "")])


def stopping_words(one: TypeStatus) -> str:
    """What is guaranteed of a finding type, and what it takes; never 'stop' without a guarantee."""
    found = one.guarantee
    said, sure = f"{found.found:,} found. ", f"{percent(found.confidence)} confidence"
    if found.is_reached:
        if not found.left:
            return f"{said}Every passage is read: you may stop."
        return (
            f"{said}With {sure} at least {percent_down(found.recall)} of all have been found, and "
            f"at most {found.left:,} are left: you may stop."
        )
    if not found.rests_on:
        said += "Nothing is guaranteed yet: no passages were drawn by lot from those unread."
    elif found.recall is None:
        said += f"With {sure} at most {found.left:,} are there."
    else:
        said += (
            f"With {sure} at least {percent_down(found.recall)} of all have been found, and at "
            f"most {found.left:,} are left (by {found.rests_on:,} passages drawn by lot)."
        )
    if not found.found:
        return said
    if one.more_by_lot is None:
        return f"{said} Only reading all that is left would guarantee the target."
    return (
        f"{said} {one.more_by_lot:,} more drawn by lot without a find would guarantee the target."
    )


def next_words(found: RoundStatus) -> str:
    """What to do next, in a sentence with the command."""
    step: NextStep = found.next
    return {
        Step.ADD: "whatworks add FILES",
        Step.AUDIT: f"draw the audit sample, before the first round: whatworks round audit --size "
        f"{min(200, max(1, found.passages // 4))}",
        Step.READ: f"whatworks review ({step.passages:,} readings are open in '{step.round_name}')",
        Step.CLOSE: f"nothing is open in '{step.round_name}': whatworks round close "
        f"'{step.round_name}'",
        Step.HUNT: "whatworks round new NAME",
        Step.LOT: "a further hour would bring less than one find. To be sure: whatworks round new "
        f"NAME --strategy random --size {step.passages}",
        Step.STOP: "you may stop: the target is reached for every finding type.",
        Step.SETTLE: f"all is read. {step.passages:,} passages are not confirmed: settle them "
        "(whatworks review).",
    }[step.step]


def status_facts(found: RoundStatus) -> dict[str, Any]:
    """The same for a program."""
    return {
        "passages": found.passages,
        "confirmed": found.confirmed,
        "left": found.left,
        "open_rounds": [one.name for one in found.open_rounds],
        "open_readings": found.open_readings,
        "target": found.target,
        "passages_an_hour": found.hour or None,
        "audit": None if found.audit is None else audit_facts(found.audit),
        "finding_types": [
            {
                "id": one.code,
                "words": stopping_words(one),
                "may_stop": one.guarantee.is_reached,
                **{
                    key: value
                    for key, value in asdict(one.guarantee).items()
                    if key in ("found", "most", "recall", "rests_on", "confidence")
                },
                "more_by_lot": one.more_by_lot,
                "next_hour": {"by_lot": _yield(one.by_lot), "likeliest": _yield(one.likeliest)},
                "model_is_settled": one.is_settled,
                "share_of_all_passages": None
                if found.audit is None
                else figure_facts(found.audit.finding_types[one.code]),
            }
            for one in found.types
        ],
        "next": {"step": str(found.next.step), "words": next_words(found)},
    }


def _audit_line(found: AuditFigures | None) -> str:
    if found is None:
        return "There is no audit sample yet: nothing here says how good the model is."
    sample, audited = found.audited.sample, found.audited
    said = f"Audit sample: {len(sample.passages):,} passages, {len(audited.ids):,} confirmed."
    if sample.not_covered:
        said += (
            f" It says nothing of {sample.not_covered:,} passages that came since: whatworks "
            "round audit --enlarge NUMBER"
        )
    return said


def _hour(found: RoundStatus, names: dict[str, str]) -> Iterator[str]:
    if found.pace is None:
        yield "How many finds a further hour brings is not known: too few decisions were timed."
        return
    readers = "" if found.readers == 1 else f", each read by {found.readers}"
    yield f"A further hour of one person: {found.hour:,} passages{readers}. New finds to expect:"
    rows = [("", "by lot", "of the likeliest", "model")]
    for one in found.types:
        settled = {None: "–", True: "settled", False: "still learns"}[one.is_settled]
        rows.append((names[one.code], _few(one.by_lot), _few(one.likeliest), settled))
    yield from table(rows, right=(1, 2), indent="  ")


def _few(found: Yield | None) -> str:
    if found is None:
        return "–"
    low, high = found.interval.low, found.interval.high
    return f"{found.shown:,.1f} ({low:,.0f} to {high:,.0f})"


def _yield(one: Yield | None) -> dict[str, float] | None:
    if one is None:
        return None
    return {"expected": one.expected, "low": one.interval.low, "high": one.interval.high}


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
