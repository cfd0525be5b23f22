"""Whether locked cells of a returned sheet still say what they said."""

from .cells import cell_text
from .review_columns import FoundColumns
from .review_import import FilledRow, FilledSheet
from .review_sheet import NOTED, same_text, text_digest

_BEFORE, _AFTER = 20, 40


def changed_cells(
    sheet: FilledSheet, columns: FoundColumns, row: FilledRow, text: str
) -> list[str]:
    """A sentence for each locked cell of a row that was changed.

    Args:
        sheet: What came back.
        columns: Where its columns stand.
        row: One of its rows.
        text: The passage's, as the project has it.
    """
    noted = sheet.originals.get(columns.text(row, "passage_id").lower(), {})
    pairs = [
        (key, columns.text(row, key), noted[key])
        for key in NOTED
        if key in noted and key in columns.places
    ]
    shown = columns.text(row, "text")
    if text_digest(shown) != noted.get("text_sha256", text_digest(text)):
        pairs.insert(0, ("text", shown, cell_text(text)))
    changed = [pair for pair in pairs if not _says_the_same(*pair[1:], sheet.is_csv)]
    return [
        f"{columns.titles[key]}: the locked text was changed: it is {now}, it was {was}. "
        "Put it back."
        for key, now, was in (
            (key, *_shortened(same_text(now), same_text(was))) for key, now, was in changed
        )
    ]


def _says_the_same(now: str, was: str, is_csv: bool) -> bool:
    now, was = same_text(now), same_text(was)
    if now == was:
        return True
    # Excel's own CSV puts a question mark for every letter that its code page lacks.
    return (
        is_csv
        and len(now) == len(was)
        and all(a == b or a == "?" for a, b in zip(now, was, strict=True))
    )


def _shortened(now: str, was: str) -> tuple[str, str]:
    """Both texts in quotes, cut to where they begin to differ."""
    same = next((n for n, (a, b) in enumerate(zip(now, was, strict=False)) if a != b), None)
    at = min(len(now), len(was)) if same is None else same

    def part(text: str) -> str:
        start, end = max(0, at - _BEFORE), at + _AFTER
        return f"'{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}'"

    return part(now), part(was)
