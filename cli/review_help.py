"""What a review says of its keys, and at the end of the queue."""

from rich.text import Text

from .review_parts import Keys, clean, keys_line, line, wrapped
from .review_view import Pane, View


def passage_keys(view: View, roomy: bool) -> Keys:
    """The keys told below a passage; where there is little room, those one cannot do without."""
    count = len(view.finding_types)
    types = f"1-{count}" if count > 1 else "1"
    settle = ("a", "take an answer over")
    if not roomy:
        # What does not fit is left out, so the way to the others comes early.
        first = [("Enter", "save"), ("?", "keys"), (types, "types"), ("r", "none")]
        return [*first, settle if view.adjudicates else ("u", "unsure"), ("t", "themes")]
    return [
        ("Enter", "save"),
        (types, "finding types"),
        ("t", "themes"),
        ("r", "no finding"),
        settle if view.adjudicates else ("u", "unsure"),
        ("s", "skip"),
        ("k", "comment"),
        ("b", "back"),
        ("z", "undo"),
        ("?", "help"),
        ("q", "quit"),
    ]


def end_lines(view: View, width: int) -> list[Text]:
    """What stands at the end of the queue."""
    lines = wrapped(view.message, width) if view.message else []
    if view.pane is Pane.ASK:
        return [*lines, *keys_line((("y", "takes it back"), ("any other key", "no")), width, 1)]
    count = view.left_over
    still = "1 passage is" if count == 1 else f"{count:,} passages are"
    through = f"You are through; {still} still open here." if count else "Nothing left here."
    first = ("Enter", "goes through again") if count else ("Enter", "ends")
    keys = keys_line((first, ("b", "back"), ("z", "undo"), ("q", "quit")), width, 2)
    return [line(through, width, "bold"), *lines, Text(), *keys]


_HELP = (
    ("Enter or c", "saves what is marked [x]: the suggestion as it is, or as you changed it"),
    ("1 to 9", "mark a finding type, or take the mark away"),
    ("t", "picks themes: type a few letters, then a number or Enter"),
    ("r", "says that the passage holds no finding"),
    ("u", "says that you cannot tell; it counts towards nothing"),
    ("k", "writes a comment, kept with the decision you make next"),
    ("s", "skips the passage; it comes again when all others are through"),
    ("b, f", "go back and forward among the passages you have seen (or Left, Right)"),
    ("z", "takes your last decision back and goes to its passage"),
    ("Up, Down", "move a long passage"),
    ("q", "quits; everything you decided is saved already"),
)
_HELP_ADJUDICATING = (("a", "takes over the answers of the others, one after another"),)


def help_lines(view: View, width: int) -> list[Text]:
    """All keys, and what the finding types mean."""
    lines = [line("Keys", width, "bold")]
    for key, what in (*_HELP, *(_HELP_ADJUDICATING if view.adjudicates else ())):
        first, *rest = wrapped(what, width - 14)
        lines.append(Text(f"  {key:<12}") + first)
        lines += [Text(" " * 14) + one for one in rest]
    if view.card:
        lines += [Text(), line("Finding types", width, "bold")]
        for code in view.card.codebook.finding_types:
            text = f"{clean(code.name())}: {clean(code.definition)}"
            lines += [Text("  ") + one for one in wrapped(text, width - 2)]
    return lines
