"""From the drafts of all pages to the blocks of the report: footnotes, joins, text."""

import re
from dataclasses import replace

from ..documents import Block, BlockKind
from .blocks import drop_marks
from .hyphens import HyphenJoiner
from .pdf_blocks import Draft, Style, is_ended, strip_sign

_FLOWING = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
_FLOATING = (BlockKind.FOOTNOTE, BlockKind.CAPTION, BlockKind.TABLE, BlockKind.CONTENTS)
_NOTE_START = re.compile(r"(?:(\d{1,3})|[*†‡]{1,3})[.)]?\s*(?=[^\W\d_]|[«\"“(])")
_BARE_NUMBER = re.compile(r"[\W\d]+|[ivxl]{1,6}")
_OPENING = re.compile(r"[a-zà-öø-ÿ(\d,;:–]")


def finish(drafts: list[Draft], joiner: HyphenJoiner) -> list[Block]:
    """The blocks, with paragraphs whole again and footnotes after the paragraph they follow."""
    drafts = [draft for draft in drafts if draft.rows or not _BARE_NUMBER.fullmatch(draft.text)]
    _set_depths(drafts)
    blocks = []
    for draft in _joined(_split_notes(drafts)):
        if draft.rows:
            cells = ([joiner.join(cell.split("\n")) for cell in row] for row in draft.rows)
            text = "\n".join(" | ".join(row) for row in cells)
        else:
            strip_sign(draft)
            if draft.kind is BlockKind.FOOTNOTE and not draft.first.mark:
                draft.first.text = _NOTE_START.sub("", draft.first.text, count=1)
            text = joiner.join([line.text for line in draft.lines])
            text = " ".join(drop_marks(text).split())
        if text:
            blocks.append(Block(draft.kind, text, draft.page, draft.level))
    return blocks


def mark_footnotes(drafts: list[Draft], body: Style) -> None:
    """Set apart what stands in small type under a mark, with its further paragraphs."""
    by_page: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_page.setdefault(draft.page, []).append(draft)
    for page_drafts in by_page.values():
        last_body = max(
            (d.first.baseline for d in page_drafts if d.lines and d.first.size > 0.93 * body.size),
            default=0.0,
        )
        note: Draft | None = None
        for draft in page_drafts:
            if not draft.lines or draft.kind not in _FLOWING:
                note = None
                continue
            small = draft.first.size < 0.93 * body.size
            low = draft.first.baseline > last_body
            numbered = small and low and _NOTE_START.match(draft.text) is not None
            marked = bool(draft.first.mark) or numbered
            goes_on = note is not None and small and abs(draft.first.size - note.first.size) < 0.4
            if (marked and draft.first.size < 1.02 * body.size) or (
                goes_on and draft.region == _region(note)
            ):
                draft.kind = BlockKind.FOOTNOTE
                draft.sign = ""
                note = draft
            else:
                note = None


def _region(note: Draft | None) -> int:
    return note.region if note else -1


def _split_notes(drafts: list[Draft]) -> list[Draft]:
    """The drafts, with notes apart that stand together without a gap: '1 See …', '2 Ibid. …'."""
    split: list[Draft] = []
    for draft in drafts:
        number = _note_number(draft.first.text) if draft.kind is BlockKind.FOOTNOTE else None
        split.append(draft)
        if number is None or draft.first.mark:
            continue
        for i in range(len(draft.lines) - 1, 0, -1):
            found = _note_number(draft.lines[i].text)
            if found and number < found <= number + i and is_ended(draft.lines[i - 1].text):
                split.insert(
                    split.index(draft) + 1, replace(draft, lines=draft.lines[i:], full=False)
                )
                draft.lines = draft.lines[:i]
    return split


def _note_number(text: str) -> int | None:
    found = _NOTE_START.match(text)
    return int(found[1]) if found and found[1] else None


def _joined(drafts: list[Draft]) -> list[Draft]:
    """The drafts, with those that continue an earlier one added to it."""
    kept: list[Draft] = []
    open_draft: Draft | None = None
    floats_between = False
    last_note: Draft | None = None
    for draft in drafts:
        if draft.kind is BlockKind.FOOTNOTE:
            if last_note and _note_goes_on(last_note, draft):
                last_note.lines += draft.lines
                continue
            last_note = draft
        if draft.kind in _FLOATING:
            floats_between = True
            kept.append(draft)
            continue
        if (
            open_draft is not None
            and draft.kind is BlockKind.PARAGRAPH
            and _goes_on(open_draft, draft, floats_between)
        ):
            open_draft.lines += draft.lines
            open_draft.full, open_draft.region = draft.full, draft.region
            floats_between = False
            continue
        kept.append(draft)
        floats_between = False
        open_draft = draft if draft.kind in _FLOWING else None
    return kept


def _note_goes_on(note: Draft, draft: Draft) -> bool:
    elsewhere = draft.region != note.region
    marked = draft.first.mark or _NOTE_START.match(draft.first.text)
    return elsewhere and not marked and not is_ended(note.text)


def _goes_on(before: Draft, after: Draft, floats_between: bool) -> bool:
    """Whether a paragraph is the rest of an earlier one, beyond a page, column or float."""
    last, first = before.lines[-1], after.first
    elsewhere = before.region != after.region
    if not elsewhere and not floats_between:
        return False
    if abs(last.size - first.size) > 0.06 * first.size:
        return False
    text = before.lines[-1].text
    if not is_ended(text):
        if text.endswith("-"):
            return True
        if text.endswith(":"):
            return False
        return bool(_OPENING.match(first.text)) or (before.full and elsewhere)
    # A finished sentence that fills its line is rarely the end of a paragraph in justified type.
    if not (elsewhere and before.full and before.justified and after.justified):
        return False
    shift_before = before.lines[-1].x0 - before.left if len(before.lines) > 1 else 0.0
    shift_after = first.x0 - after.left
    return abs(shift_before - shift_after) < 0.5 * first.size


def _set_depths(drafts: list[Draft]) -> None:
    """Nesting depth of list items, from how far their signs are indented."""
    indents: list[float] = []
    for draft in drafts:
        if draft.kind is BlockKind.LIST_ITEM:
            x0, size = draft.first.x0 - draft.left, draft.first.size
            while indents and x0 < indents[-1] - 0.6 * size:
                indents.pop()
            if not indents or x0 > indents[-1] + 0.6 * size:
                indents.append(x0)
            draft.level = len(indents)
        elif draft.kind not in _FLOATING:
            indents = []
