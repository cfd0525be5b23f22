"""Rounds on paper, and as facts for a program."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..labels.exchange.words import percent
from ..labels.store.assignments import TakenBack
from ..labels.store.audit_sample import AuditDrawn
from ..labels.store.closing import StillOpen
from ..labels.store.rounds import StoredRound
from ..labels.store.selections import SelectedPassage
from ..training.next_round import Made
from .round_learning import Learned, Outcome

_MOST_REASONS = 10
_PERCENT = re.compile(r"\s*\d+%")


def made_page(made: Made) -> str:
    """What a round that was made holds, and who reads it."""
    draft = made.draft
    lines = [
        f"Made the round '{draft.name}': {_count(len(draft.passages), 'passage')}, strategy "
        f"{draft.strategy}, seed {draft.seed}. {made.left:,} more are left.",
        *_given(made.assigned.given),
    ]
    if made.assigned.short:
        lines.append(
            f"{_count(made.assigned.short, 'passage')} with fewer readers than wanted: all others "
            "know it already."
        )
    return "\n".join([*lines, "Next: whatworks review"])


def made_facts(made: Made) -> dict[str, Any]:
    """The same for a program."""
    draft = made.draft
    return {
        "round": draft.name,
        "strategy": draft.strategy,
        "seed": draft.seed,
        "blind": draft.blind,
        "passages": [
            {
                "passage": one,
                "reason": draft.reasons.get(one, draft.reason),
                "probability": draft.probability_of(one),
            }
            for one in draft.passages
        ],
        "given": dict(made.assigned.given),
        "left": made.left,
    }


def drawn_page(done: AuditDrawn) -> str:
    """What was drawn for the audit sample."""
    sample = done.sample
    strata = {sample.strata[one] for one in sample.passages}
    lines = [
        f"Made the round '{done.name}': {_count(done.new, 'passage')} drawn by lot for the audit "
        f"sample, seed {sample.seed}.",
        f"The sample now has {len(sample.passages):,} of {len(sample.strata):,} passages, from "
        f"{_count(len(strata), 'report and language', 'reports and languages')}. Nothing is "
        "learned from them.",
    ]
    if done.asked_again:
        lines.append(f"{_count(done.asked_again, 'passage')} of it asked for again.")
    if done.decided:
        lines.append(
            f"{_count(done.decided, 'passage')} of the new ones had been decided before: the next "
            "model no longer learns from them."
        )
    return "\n".join([*lines, *_given(done.assigned.given), "Next: whatworks review"])


def drawn_facts(done: AuditDrawn) -> dict[str, Any]:
    """The same for a program."""
    return {
        "round": done.name,
        "seed": done.sample.seed,
        "new": done.new,
        "decided_before": done.decided,
        "asked_again": done.asked_again,
        "sample": len(done.sample.passages),
        "passages": len(done.sample.strata),
        "given": dict(done.assigned.given),
    }


def list_page(rounds: Sequence[StoredRound]) -> str:
    """A row a round."""
    if not rounds:
        return "There is no round yet. Make one with: whatworks round new NAME"
    rows = [
        (
            one.name,
            _state(one),
            one.purpose + (", blind" if one.blind else ""),
            one.strategy,
            f"{one.passages:,}",
            f"{one.assigned - one.open:,} of {one.assigned:,}" if one.assigned else "–",
        )
        for one in rounds
    ]
    heads = ("round", "state", "for", "strategy", "passages", "decided")
    return "\n".join(table([heads, *rows], right=(4, 5)))


def round_facts(one: StoredRound) -> dict[str, Any]:
    """A round for a program."""
    facts = asdict(one)
    return {
        **{key: facts[key] for key in facts if key not in ("id", "readers")},
        "closed": one.is_closed,
        "readers": [
            {"name": each.name, "assigned": each.assigned, "open": each.open}
            for each in one.readers
        ],
    }


def show_page(found: StoredRound, chosen: Sequence[SelectedPassage], left: StillOpen) -> str:
    """Who has how much left, and why the passages were chosen."""
    blind, reports = ", blind" if found.blind else "", len({one.report for one in chosen})
    lines = [
        f"{found.name}: {_state(found)}, for {found.purpose}{blind}",
        f"{_count(found.passages, 'passage')} of {_count(reports, 'report')}, strategy "
        f"{found.strategy}, seed {found.seed}, by {found.created_by} on "
        f"{found.created_at[:10]}",
        "",
    ]
    readers = [
        (one.name, f"{one.assigned:,}", f"{one.done:,}", f"{one.open:,}") for one in found.readers
    ]
    if readers:
        lines += table([("reader", "passages", "decided", "open"), *readers], right=(1, 2, 3))
    if left.of_nobody:
        lines.append(f"{_count(left.of_nobody, 'passage')} open that are assigned to nobody.")
    lines += ["", "Why they were chosen:"]
    # Those that differ in a probability alone count as one.
    reasons = Counter(_PERCENT.sub("", one.reason) for one in chosen)
    shown = reasons.most_common(_MOST_REASONS)
    lines += table([(f"{count:,}", reason) for reason, count in shown], right=(0,), indent="  ")
    if len(reasons) > len(shown):
        rest = sum(reasons.values()) - sum(count for _, count in shown)
        lines.append(f"  and {_count(rest, 'passage')} for other reasons (--format json has all)")
    chances = {one.probability for one in chosen if one.probability is not None}
    if chances:
        low, high = min(chances), max(chances)
        said = percent(low) if low == high else f"{percent(low)} to {percent(high)}"
        lines.append(f"Each had a chance of {said} to be chosen.")
    return "\n".join(lines)


def show_facts(
    found: StoredRound, chosen: Sequence[SelectedPassage], left: StillOpen
) -> dict[str, Any]:
    """The same for a program, passage by passage."""
    return {
        **round_facts(found),
        "still_open": {"by_person": dict(left.readings), "of_nobody": left.of_nobody},
        "selected": [
            {
                "passage": one.passage_id,
                "report": one.report,
                "language": one.language,
                "reason": one.reason,
                "probability": one.probability,
                "decided": one.is_decided,
            }
            for one in chosen
        ],
    }


def closed_page(found: StoredRound, taken: StillOpen, learned: Learned | None) -> str:
    """What became of a round that was closed, and what the model learned from it."""
    lines = [f"Closed the round '{found.name}'."]
    if taken:
        lines.append(f"Taken back, by person: {taken}.")
    if learned is not None:
        lines.append(_learned(learned))
    return "\n".join([*lines, "Next: whatworks round status, then whatworks round new NAME"])


def closed_facts(found: StoredRound, taken: StillOpen, learned: Learned | None) -> dict[str, Any]:
    """The same for a program."""
    return {
        "round": found.name,
        "taken_back": {"by_person": dict(taken.readings), "of_nobody": taken.of_nobody},
        "learned": None
        if learned is None
        else {
            "outcome": str(learned.outcome),
            "model": learned.model,
            "model_before": learned.before,
            "passages": learned.passages,
        },
    }


def _learned(done: Learned) -> str:
    return {
        Outcome.LEARNED: f"{done.model} has learned from {_count(done.passages, 'passage')} that "
        "were confirmed, and suggests from now on. To go back: whatworks models use "
        f"{done.before}",
        Outcome.SAME: f"{done.model} has learned just this already, and goes on suggesting.",
        Outcome.NOTHING: "Nothing is confirmed outside of the audit sample: nothing to learn yet.",
        Outcome.TUNED: f"{done.model} was tuned, and stays in use. To let it learn from this "
        "round: whatworks train --fine-tune --use && whatworks prelabel",
    }[done.outcome]


def taken_page(person: str, done: TakenBack) -> str:
    """What became of what waited for somebody."""
    lines = [f"{_count(done.taken, 'passage')} taken back from {person}.", *_given(done.given)]
    if done.left:
        lines.append(
            f"{_count(done.left, 'passage')} that nobody could take over: all others have it "
            "already, or know the suggestion."
        )
    return "\n".join(lines)


def taken_facts(done: TakenBack) -> dict[str, Any]:
    """The same for a program."""
    return {"taken": done.taken, "given": dict(done.given), "left": done.left}


def table(
    rows: Iterable[Sequence[str]], *, right: Sequence[int] = (), indent: str = ""
) -> Iterator[str]:
    """Lines with columns that stand below each other."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield (indent + "  ".join(cells)).rstrip()


def _given(given: Mapping[str, int]) -> Iterator[str]:
    rows = [(name, f"{count:,}") for name, count in sorted(given.items())]
    return table(rows, right=(1,), indent="  ") if rows else iter(())


def _state(one: StoredRound) -> str:
    return "closed" if one.is_closed else "open"


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"
