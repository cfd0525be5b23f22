"""The register on paper: what a list changed, the list, one evaluation, and what is proposed."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..labels.codebook import unknown
from ..labels.exchange.rows import printable
from ..labels.register import Evaluation, Facts
from ..labels.register_changes import FIELDS, differences, shown
from ..labels.register_import import Gaps, Imported
from ..labels.register_proposals import Proposal
from ..labels.register_words import heading_of
from ..labels.store.register import Said
from ..nlp.errors import WhatworksError

if TYPE_CHECKING:
    from rich.table import Table

_MOST_NAMED = 10


def import_lines(done: Imported) -> Iterator[str]:
    """What a list did: how many rows, and each change."""
    new = [one for one in done.outcomes if one.evaluation is None]
    changed = [one for one in done.outcomes if one.differences]
    off = [one for one in done.outcomes if one.is_removed]
    same = len(done.outcomes) - len(new) - len(changed) - len(off)
    parts = [f"{len(new):,} new", f"{len(changed):,} changed", f"{same:,} unchanged"]
    parts += [f"{len(off):,} taken off before"] if off else []
    yield f"{done.file.path}: {_count(len(done.outcomes), 'row')}; {', '.join(parts)}."
    for one, mark in zip(done.outcomes, done.marks, strict=True):
        name = mark or f"Row {one.row.number}"
        if one.evaluation is None:
            yield f"{name}: new: {one.facts.title}"
        for difference in one.differences:
            yield f"{name}: {difference}"
        if one.link and not one.is_removed:
            yield f"{name}: its report is {one.facts.report}: {one.link}"


def import_notes(done: Imported) -> Iterator[str]:
    """What a user should know of a list."""
    if done.file.left_out:
        yield "Columns that were not taken: " + ", ".join(
            f"'{heading}'" for heading in done.file.left_out
        )
    for one, mark in zip(done.outcomes, done.marks, strict=True):
        if one.is_removed:
            yield (
                f"Row {one.row.number}: {mark} was taken off the list and stays off. To put it "
                f"back: whatworks register restore {mark}"
            )
    yield from gap_notes(done.gaps)


def gap_notes(gaps: Gaps) -> Iterator[str]:
    """Rows without a file and reports without a row, each with the cure."""
    if gaps.without_file:
        yield (
            f"{_count(len(gaps.without_file), 'evaluation')} without a report in the project: "
            f"{_some(gaps.without_file)}. Add the file with 'whatworks add FILE'; if it is there "
            "under another name: whatworks register edit MARK --file NAME"
        )
    if gaps.unlisted:
        yield (
            f"{_count(len(gaps.unlisted), 'report')} of the project on no row: "
            f"{_some(gaps.unlisted)}. Once there is a register their passages are not counted. "
            "List them with: whatworks register propose"
        )


def list_table(listed: Sequence[Evaluation]) -> "Table":
    """The evaluations, a row each."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("Mark", no_wrap=True)
    table.add_column("Title", overflow="fold", ratio=3)
    table.add_column("Year", no_wrap=True)
    table.add_column("Type", overflow="fold")
    table.add_column("Timing", no_wrap=True)
    table.add_column("Countries", overflow="fold", ratio=1)
    table.add_column("Report", overflow="fold", ratio=1)
    for one in listed:
        facts = one.facts
        report = facts.report if one.report_id is not None or not facts.report else "not there"
        cells = [shown(facts, field) for field in ("title", "year", "type", "timing", "countries")]
        table.add_row(one.mark, *(Text(printable(cell)) for cell in (*cells, report or "none")))
    return table


def missing_lines(listed: Sequence[Evaluation]) -> Iterator[str]:
    """Of each evaluation what is not known; all is known where there is none."""
    complete = 0
    for one in listed:
        missing = [
            heading_of(field).lower()
            for field in FIELDS
            if field != "report" and not getattr(one.facts, field)
        ]
        if one.report_id is None:
            missing.append("file, which is not in the project")
        complete += not missing
        if missing:
            yield f"{one.mark} {_short(one.facts.title)}: no {', '.join(missing)}"
    yield f"{_count(len(listed), 'evaluation')}, {complete:,} of them complete."


def show_lines(found: Evaluation, said: Sequence[Said]) -> Iterator[str]:
    """What is known of an evaluation, and who said so when."""
    off = said[-1].facts is None
    yield f"{found.mark} {found.facts.title}" + (" (off the list)" if off else "")
    width = max(len(heading_of(field)) for field in FIELDS)
    for field in FIELDS[1:]:
        value = shown(found.facts, field) or "not known"
        if field == "report" and found.facts.report and found.report_id is None:
            value += " (not in the project)"
        yield f"  {heading_of(field):<{width}}  {value}"
    yield ""
    before = Facts("")
    for one in said:
        by = f"{one.at[:16].replace('T', ' ')}  {one.by}, {one.source}"
        if one.facts is None:
            yield f"{by}: taken off the list"
            continue
        changes = differences(before, one.facts) or ("put back on the list",)
        yield f"{by}: {changes[0]}"
        yield from (f"  {change}" for change in changes[1:])
        before = one.facts
    yield "All times are UTC."


def proposal_lines(found: Sequence[Proposal]) -> Iterator[str]:
    """What is proposed for each report, with the words in which it was found."""
    for one in found:
        who = (
            "not on the register" if one.evaluation is None else _short(one.evaluation.facts.title)
        )
        mark = "new" if one.evaluation is None else one.evaluation.mark
        yield f"{mark}  {one.report} ({who})"
        if one.link:
            yield f"  File: {one.report}; {one.link}"
        for each in one.found:
            at = "" if each.page is None else f", page {each.page}"
            often = f", in {_count(each.passages, 'passage')}" if each.passages > 1 else ""
            value = shown(one.facts, each.field)
            words = f'"{_short(each.words)}"' if each.words else "most of its text"
            yield f"  {heading_of(each.field)}: {value}; from {words}{at}{often}"
        if one.evaluation is None and not one.found:
            yield f"  It says nothing of itself: it would be listed as '{one.facts.title}'."
        if one.note:
            yield f"  {one.note}"
    if not found:
        yield "The reports say nothing of themselves that the register does not."


def chosen_proposals(found: Sequence[Proposal], accepted: Sequence[str]) -> list[Proposal]:
    """Those that are accepted by a mark, a report's name or 'all'; raises WhatworksError."""
    if "all" in accepted:
        return list(found)
    named = {one.report: one for one in found}
    for one in found:
        if one.evaluation is not None:
            named[one.evaluation.mark] = one
    chosen: dict[str, Proposal] = {}
    for given in accepted:
        meant = named.get(given) or named.get(given.upper())
        if meant is None:
            raise WhatworksError(
                f"{unknown('proposal', given, named)} See them with: whatworks register propose"
            )
        chosen[meant.report] = meant
    return list(chosen.values())


def _short(text: str, most: int = 100) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
