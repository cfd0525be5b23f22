"""What a review workbook says about itself: how to fill it in, and the codebook as a table."""

from collections.abc import Mapping

from ..codebook import Code, Codebook, Theme
from .review_sheet import BLIND_DECISIONS, DECISIONS, ReviewSheet, one_line
from .words import date_in_words

CODEBOOK_TITLES = (
    "Kind",
    "Name",
    "Definition",
    "Use it when",
    "Not when",
    "Easily confused with",
    "Group",
    "Used with",
    "Id",
)

_OPEN = {
    "confirm": "The suggestion is right as it stands, or nothing is suggested and nothing is "
    "there. Leave finding types and themes empty.",
    "correct": "There is a finding, but not quite as suggested. Mark 'yes' under every finding "
    "type that applies and choose its themes: the whole answer, not only what differs.",
    "reject": "The passage holds no finding. Leave finding types and themes empty.",
    "unsure": "You cannot tell. It counts for nothing; say under Comment what is missing.",
}
_BLIND = {
    "finding": "The passage holds one. Mark 'yes' under every finding type that applies and "
    "choose its themes.",
    "no finding": "The passage holds none. Leave finding types and themes empty.",
    "unsure": _OPEN["unsure"],
}


def about_sheet(sheet: ReviewSheet) -> str:
    """What the workbook holds, in one line."""
    reports = len({row.report for row in sheet.rows})
    parts = [
        _count(len(sheet.rows), "passage"),
        _count(reports, "report"),
        f"codebook {one_line(sheet.codebook.id)}, version {sheet.codebook_number}",
    ]
    if sheet.round_name:
        parts.append(f"round {one_line(sheet.round_name)}")
    made = f"made {date_in_words(sheet.created_at)}"
    return " · ".join([*parts, f"{made}, for {one_line(sheet.created_by)}"])


def decision_words(blind: bool) -> tuple[tuple[str, str], ...]:
    """Each decision one can choose, and when to choose it."""
    if blind:
        return tuple((word, _BLIND[word]) for word in BLIND_DECISIONS)
    return tuple((word, _OPEN[word]) for word in DECISIONS)


def rules(blind: bool) -> tuple[tuple[str, str], ...]:
    """What else a reviewer should know: a catchword and a sentence or two."""
    shown = (
        "In this round the suggestions are hidden, so that they cannot lead you."
        if blind
        else "A model made them; nobody has confirmed them. The per cents are how likely it holds "
        "each one to be: of passages given 80%, about eight in ten should be confirmed."
    )
    return (
        ("Suggestions", shown),
        ("White cells", "are yours. Grey ones are locked, so that a decision stays with its text."),
        ("Red cells", "say that something is missing, or does not go with your decision."),
        (
            "Part by part",
            "Rows without a decision are left out. Hand in the file as often as you like: what "
            "was taken before is not taken twice, and a row that you changed counts anew.",
        ),
        (
            "Filtering",
            "Use the arrows in the header, for instance to see one report, or passages with a "
            "suggestion.",
        ),
        (
            "Sorting",
            "is locked, because sorting some columns only would part decisions from their "
            "passages. To sort, unprotect the sheet (Review > Unprotect Sheet; there is no "
            "password) and sort the whole table: each row is found again by its id.",
        ),
        (
            "Your own columns",
            "can stand to the right of the table, once the sheet is unprotected. They are not "
            "taken.",
        ),
        ("Codes", "What finding types and themes mean stands in the sheet Codebook."),
        (
            "Handing in",
            "Save as .xlsx, then: whatworks import FILE --as NAME. It first shows what it would "
            "do, and names every row that is wrong.",
        ),
    )


def codebook_rows(
    codebook: Codebook, language: str, types: Mapping[str, str], themes: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """The codebook under ``CODEBOOK_TITLES``; the finding types first.

    Args:
        codebook: The codes in use.
        language: Of the groups' names.
        types: The shown names of finding types, by id.
        themes: The shown names of themes, by id.
    """
    names = {**themes, **types}
    rows = [
        ("Finding type", *_words(code, types, names), "", "", code.id)
        for code in codebook.finding_types
    ]
    for theme in codebook.themes:
        used = "\n".join(types.get(type_id, type_id) for type_id in theme.goes_with)
        group = _group(codebook, theme, language, themes)
        rows.append(("Theme", *_words(theme, themes, names), group, used, theme.id))
    return rows


def _words(code: Code, own: Mapping[str, str], all_names: Mapping[str, str]) -> tuple[str, ...]:
    confused = (
        f"{all_names.get(other.code, other.code)}: {other.tell_apart}".removesuffix(": ")
        for other in code.confused_with
    )
    return (
        own[code.id],
        code.definition,
        "\n".join(code.include),
        "\n".join(code.exclude),
        "\n".join(confused),
    )


def _group(codebook: Codebook, theme: Theme, language: str, themes: Mapping[str, str]) -> str:
    names = codebook.groups.get(theme.group, {})
    group = names.get(language, names.get("en", theme.group))
    parent = themes.get(theme.parent, "")
    return " > ".join(part for part in (group, parent) if part)


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
