"""The screen of a review, drawn line by line into a window of any size that can hold it."""

from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from ..labels.exchange.words import language_name
from .review_help import end_lines, help_lines, passage_keys
from .review_parts import (
    candidates_line,
    clean,
    first_lines,
    keys_line,
    last_lines,
    likely,
    line,
    own_line,
    said_in_words,
    suggestion_line,
    types_grid,
    wrapped,
)
from .review_view import Pane, View

LEAST_WIDTH = 40
_MOST_WIDTH = 100
"""Longer lines of a passage are hard to read."""
_LEAST_PASSAGE = 3
"""Lines of a passage that must be seen, or nothing is decided."""
_LEAST_HEIGHT = 8
_ROOMY = 20
"""From this height on there are blank lines, headings and more than one line of keys."""


def listed_at_a_time(height: int) -> int:
    """How many themes a window of this height lists."""
    return max(2, min(9, height - 15))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole window."""

    lines: list[Text]
    """As many as the window has."""
    most: int = 0
    """So far ``View.scroll`` can go."""


def draw(view: View, width: int, height: int, *, bar: str = "▌") -> Drawn | None:
    """The window, no line wider than it; None where it is too small.

    Args:
        view: What to draw.
        width: In columns.
        height: In lines.
        bar: What marks the passage between its neighbours: colour alone marks nothing.
    """
    if width < LEAST_WIDTH or height < _LEAST_HEIGHT:
        return None
    if view.pane is Pane.HELP:
        return _moved(
            help_lines(view, width), view.scroll, height, "Any other key goes back", width
        )
    if view.card is None:
        return _filled(end_lines(view, width), height)
    roomy = height >= _ROOMY
    head, foot = _head(view, width, roomy), _foot(view, width, height, roomy)
    room = height - len(head) - len(foot)
    if room < _LEAST_PASSAGE:
        return None
    said = _passage(view, min(width - 2, _MOST_WIDTH))
    if len(said) > room:
        shown = _moved(said, view.scroll, room, "", width)
        marked = [_marked(bar, one) for one in shown.lines[:-1]]
        return Drawn([*head, *marked, shown.lines[-1], *foot], shown.most)
    middle = _filled(_in_context(view, said, width, room, roomy, bar), room)
    return Drawn([*head, *middle.lines, *foot])


def too_small(width: int, height: int) -> list[Text]:
    """What stands in a window that holds no passage."""
    text = f"{width} x {height} is too small here: make the window larger, or q to quit."
    return _filled(wrapped(text, max(1, width)), max(1, height)).lines


def _head(view: View, width: int, roomy: bool) -> list[Text]:
    card = view.card
    assert card is not None
    passage = card.passage
    left = f"{card.left:,} left"
    title = line(card.title, width - len(left) - 2, "bold")
    title.pad_right(width - len(left) - title.cell_len)
    place = "" if passage.page is None else f"Page {passage.page}, "
    place += f"passage {passage.order:,} of {card.of:,}, {language_name(passage.language)}"
    if view.adjudicates:
        place = f"To settle. {place}"
    lines = [title.append(left, ""), line(place, width, "dim")]
    if roomy:
        lines += [_heading(passage.heading, width), Text()]
    return lines


def _heading(path: tuple[str, ...], width: int) -> Text:
    """The headings above the passage; of a long path the end."""
    parts = [clean(part) for part in path]
    whole = " > ".join(parts)
    while len(parts) > 1 and cell_len(whole) > width:
        parts = parts[1:]
        whole = " > ".join(["…", *parts])
    return line(whole, width, "dim")


def _passage(view: View, width: int) -> list[Text]:
    assert view.card is not None
    passage = view.card.passage
    lead_in = wrapped(f"({passage.lead_in})", width, "dim") if passage.lead_in else []
    return lead_in + wrapped(passage.text, width)


def _in_context(
    view: View, said: list[Text], width: int, room: int, roomy: bool, bar: str
) -> list[Text]:
    """The passage between what stands before and after it."""
    card, inner = view.card, min(width - 2, _MOST_WIDTH)
    assert card is not None
    before, after = [one.text for one in card.before], [one.text for one in card.after]
    gap = [Text()] if roomy and room - len(said) >= 2 else []
    first, last = _shares(
        room - len(said) - 2 * len(gap),
        len(last_lines(before, inner, room)),
        len(first_lines(after, inner, room)),
    )
    lines = [_marked(" ", one) for one in last_lines(before, inner, first)] + gap
    lines += [_marked(bar, one) for one in said] + gap
    lines += [_marked(" ", one) for one in first_lines(after, inner, last)]
    return lines


def _shares(spare: int, before: int, after: int) -> tuple[int, int]:
    """Lines for what stands before and after: half each, or what the other does not need."""
    spare = max(0, spare)
    first = min(before, max(spare // 2, spare - after))
    return first, min(after, spare - first)


def _filled(lines: list[Text], height: int) -> Drawn:
    return Drawn([*lines, *[Text()] * (height - len(lines))][:height])


def _moved(lines: list[Text], scroll: int, height: int, word: str, width: int) -> Drawn:
    """A part of many lines, and on the last one how to see the others."""
    shown = height - 1
    most = max(0, len(lines) - shown)
    start = min(scroll, most)
    below = most - start
    if below:
        more = f"{below} more {'line' if below == 1 else 'lines'}: Down"
    else:
        more = "Up goes back up" if most else ""
    words = ". ".join(filter(None, (more, word)))
    part = lines[start : start + shown]
    part += [Text()] * (shown - len(part))
    return Drawn([*part, line(f"({words})", width, "bold")], most)


def _marked(bar: str, text: Text) -> Text:
    return Text.assemble(f"{bar} ", text)


def _foot(view: View, width: int, height: int, roomy: bool) -> list[Text]:
    gap = [Text()] if roomy else []
    if view.pane is Pane.THEMES:
        return gap + _theme_list(view, width)
    if view.pane is Pane.COMMENT:
        typed = wrapped(f"Comment: {view.typed}_", width, "bold")
        keys = keys_line((("Enter", "keeps it"), ("Esc", "as it was")), width, 1)
        return gap + typed[-max(2, height // 3) :] + keys
    if view.pane is Pane.ASK:
        keys = keys_line((("y", "takes it back"), ("any other key", "leaves it")), width, 1)
        return gap + wrapped(view.message, width, "bold") + keys
    lines = gap + _what_was_said(view, width, roomy)
    lines += types_grid(view, width, in_words=roomy)
    lines += _chosen_themes(view, width)
    if view.comment:
        lines.append(line(f"Comment: {view.comment}", width))
    message = wrapped(view.message, width, "bold")[: 3 if roomy else 1] if view.message else []
    lines += message or ([Text()] if roomy else [])
    return lines + keys_line(passage_keys(view, roomy), width, 2 if roomy else 1)


def _what_was_said(view: View, width: int, roomy: bool) -> list[Text]:
    """The suggestion, one's own earlier decision and, for who settles, everybody's."""
    card = view.card
    assert card is not None
    most = 2 if roomy else 1
    lines = wrapped(suggestion_line(card), width)[:most]
    if roomy and (candidates := candidates_line(card)):
        lines += wrapped(candidates, width)[:most]
    if own := own_line(card):
        lines += wrapped(own, width)[:most]
    for said in card.others:
        text = f"{said.decision.annotator}: {said_in_words(said, card.codebook)}"
        lines += wrapped(text, width)[:most]
    return lines


def _chosen_themes(view: View, width: int) -> list[Text]:
    card = view.card
    assert card is not None
    names = {theme.id: theme.name() for theme in card.codebook.themes}
    likely_themes = card.suggestion.theme_probabilities if card.suggestion else {}
    chosen = [
        f"[x] {names.get(code, code)}"
        + (f" {likely(likely_themes[code])}" if code in likely_themes else "")
        for code in view.themes
    ]
    return wrapped(f"Themes: {', '.join(chosen) or 'none chosen'}", width)[:3]


def _theme_list(view: View, width: int) -> list[Text]:
    card = view.card
    assert card is not None
    listed = view.page
    count = len(view.matches)
    found = "1 theme" if count == 1 else f"{count} themes"
    lines = [line(f"Theme: {view.typed}_   ({found})", width, "bold")]
    likely_themes = card.suggestion.theme_probabilities if card.suggestion else {}
    for key, theme in enumerate(listed, 1):
        here = key - 1 == view.place % view.listed
        chosen = "[x]" if theme.id in view.themes else "[ ]"
        text = f"{key} {chosen} {theme.name()}"
        if theme.id in likely_themes:
            text += f"  {likely(likely_themes[theme.id])}"
        entry = line(text, width - 2, "bold" if here else "")
        lines.append(Text.assemble("> " if here else "  ", entry))
    lines += [Text()] * (view.listed - len(listed))
    if listed:
        definition = listed[view.place % view.listed].definition
        lines.append(line(definition, width, "dim"))
    else:
        lines.append(line("No theme is called so. Backspace takes letters away.", width))
    names = {theme.id: theme.name() for theme in card.codebook.themes}
    chosen_now = ", ".join(names.get(code, code) for code in view.themes)
    lines.append(line(f"Chosen: {chosen_now or 'none'}", width))
    keys = (("Enter", "or a number picks"), ("Up Down", "move"), ("Esc", "back to the passage"))
    return lines + keys_line(keys, width, 1)
