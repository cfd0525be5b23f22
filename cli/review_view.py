"""What is on the screen of a review, and what a key does to it; knows no terminal."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from ..labels.cards import Card, Said
from ..labels.codebook import FindingType, Theme
from ..labels.decisions import Answer, Verdict
from .review_keys import Key
from .review_themes import matching_themes

KEYED = 9
"""So many finding types have a key of their own."""


class Pane(Enum):
    """What the keys are for."""

    PASSAGE = auto()
    THEMES = auto()
    COMMENT = auto()
    HELP = auto()
    ASK = auto()
    """Whether a decision of an earlier session is to be taken back."""
    END = auto()
    """The queue is at its end."""


class Act(Enum):
    """What a key asks of the session."""

    SAVE = auto()
    """The finding types, themes and comment on the screen."""
    REJECT = auto()
    UNSURE = auto()
    SKIP = auto()
    BACK = auto()
    FORWARD = auto()
    UNDO = auto()
    UNDO_SURELY = auto()
    AGAIN = auto()
    QUIT = auto()


@dataclass(frozen=True, slots=True)
class View:
    """All that is drawn."""

    card: Card | None
    labels: frozenset[str] = frozenset()
    """Finding types that are chosen."""
    themes: tuple[str, ...] = ()
    """Themes that are chosen, in the order of choosing."""
    comment: str = ""
    pane: Pane = Pane.PASSAGE
    message: str = ""
    """What was just done, or what went wrong."""
    adjudicates: bool = False
    typed: str = ""
    """In the line that is being written: letters of a theme's name, or the comment."""
    place: int = 0
    """Which of the themes in the list is marked."""
    listed: int = 9
    """How many themes are listed at a time."""
    scroll: int = 0
    """Lines of the passage (or of the help) that are above the window."""
    taken: int = -1
    """Which of the answers of others was taken over."""
    left_over: int = 0
    """At the end: how many were skipped."""

    @property
    def answer(self) -> Answer:
        """What is chosen."""
        return Answer.of(self.labels, self.themes)

    @property
    def finding_types(self) -> tuple[FindingType, ...]:
        """Those with a key, in order."""
        return self.card.codebook.finding_types[:KEYED] if self.card else ()

    @property
    def matches(self) -> tuple[Theme, ...]:
        """The themes that what is typed may mean."""
        return matching_themes(self.card, self.typed) if self.card else ()

    @property
    def page(self) -> tuple[Theme, ...]:
        """Those of them that are listed now: each has a number as its key."""
        first = self.place - self.place % self.listed
        return self.matches[first : first + self.listed]


def view_of(card: Card, message: str = "", *, adjudicates: bool = False, listed: int = 9) -> View:
    """The screen on which a passage comes up: one's own answer, or the suggested one, chosen."""
    answer = _proposed(card, adjudicates) or Answer()
    return View(
        card,
        frozenset(answer.labels),
        answer.themes,
        message=message,
        adjudicates=adjudicates,
        listed=listed,
    )


def end_of_queue(left_over: int, message: str = "") -> View:
    """The screen at the end of the queue."""
    return View(None, pane=Pane.END, left_over=left_over, message=message)


def press(view: View, key: Key) -> tuple[View, Act | None]:
    """The screen after a key, and what the key asks of the session."""
    if view.pane is Pane.PASSAGE:
        return _press_on_passage(replace(view, message=""), key)
    if view.pane is Pane.THEMES:
        return _press_in_themes(view, key), None
    if view.pane is Pane.COMMENT:
        return _press_in_comment(view, key), None
    if view.pane is Pane.HELP:
        return _press_in_help(view, key), None
    if view.pane is Pane.ASK:
        kept = replace(view, pane=Pane.PASSAGE if view.card else Pane.END, message="")
        return kept, Act.UNDO_SURELY if key.name == "y" else None
    return view, _AT_END.get(key.name) if key.name != "enter" or view.left_over else Act.QUIT


_AT_END = {
    "enter": Act.AGAIN,
    "b": Act.BACK,
    "left": Act.BACK,
    "z": Act.UNDO,
    "ctrl-z": Act.UNDO,
    "q": Act.QUIT,
}
_ACTS = {
    "r": Act.REJECT,
    "s": Act.SKIP,
    "b": Act.BACK,
    "left": Act.BACK,
    "f": Act.FORWARD,
    "right": Act.FORWARD,
    "z": Act.UNDO,
    "ctrl-z": Act.UNDO,
    "q": Act.QUIT,
}
_SCROLLS = {"up": -1, "down": 1, "pageup": -5, "pagedown": 5}


def _press_on_passage(view: View, key: Key) -> tuple[View, Act | None]:
    if key.name in ("enter", "c"):
        return _save(view)
    if key.name == "u":
        if view.adjudicates:
            return replace(view, message="To settle is to say what it holds. s skips it."), None
        return view, Act.UNSURE
    if key.name in _ACTS:
        return view, _ACTS[key.name]
    if key.name in _SCROLLS:
        return replace(view, scroll=max(0, view.scroll + _SCROLLS[key.name])), None
    if key.name.isdecimal() and 0 < int(key.name) <= len(view.finding_types):
        code = view.finding_types[int(key.name) - 1].id
        return replace(view, labels=view.labels ^ {code}), None
    if key.name == "t":
        return replace(view, pane=Pane.THEMES, typed="", place=0), None
    if key.name == "k":
        return replace(view, pane=Pane.COMMENT, typed=view.comment), None
    if key.name == "a" and view.adjudicates:
        return _take_over(view), None
    if key.name in ("?", "h"):
        return replace(view, pane=Pane.HELP, scroll=0), None
    if key.name == "paste":
        return replace(view, message="Pasted text is not taken for keys. k opens a comment."), None
    if key.name == "redraw":
        return view, None
    return replace(view, message="No such key here. ? shows the keys."), None


def _save(view: View) -> tuple[View, Act | None]:
    card = view.card
    assert card is not None
    if view.themes and not view.labels:
        message = "A theme needs a finding type: choose one, or press r for no finding."
        return replace(view, message=message), None
    # Nothing chosen may also mean: not looked at yet. So it counts only where it was proposed.
    if not view.labels and _proposed(card, view.adjudicates) != Answer():
        message = (
            f"Nothing is chosen. 1 to {len(view.finding_types)} choose finding types; "
            "r says that there is none."
        )
        return replace(view, message=message), None
    if _holds_already(view, card.own):
        return replace(view, message="As it was."), Act.FORWARD
    return view, Act.SAVE


def _holds_already(view: View, own: Said | None) -> bool:
    if own is None or own.is_stale or own.decision.verdict is Verdict.UNSURE or view.comment:
        return False
    return own.answer == view.answer and (own.decision.adjudicates or not view.adjudicates)


def _proposed(card: Card, adjudicates: bool) -> Answer | None:
    """What is chosen when the passage comes up; None where nothing proposes an answer."""
    own = card.own
    if adjudicates:
        # Who settles begins with none of the answers, a model's neither.
        return own.answer if own and own.decision.adjudicates and not own.is_stale else None
    # Of what is stale nothing may be left; that does not say 'no finding'.
    says = own and own.decision.verdict is not Verdict.UNSURE
    if own and says and (own.answer.labels or not own.is_stale):
        return own.answer
    return card.suggestion.answer if card.suggestion else None


def _take_over(view: View) -> View:
    assert view.card is not None
    others = view.card.others
    if not others:
        return view
    taken = (view.taken + 1) % len(others)
    said = others[taken]
    return replace(
        view,
        taken=taken,
        labels=frozenset(said.answer.labels),
        themes=said.answer.themes,
        message=f"As {said.decision.annotator} decided. Enter saves it, a takes the next.",
    )


def _press_in_themes(view: View, key: Key) -> View:
    listed = view.page
    if key.name == "escape" or (key.name == "enter" and not view.typed and not view.place):
        return replace(view, pane=Pane.PASSAGE, typed="", place=0)
    if key.name == "enter":
        return _pick(view, view.place % view.listed)
    if key.name.isdecimal():
        return _pick(view, int(key.name) - 1) if 0 < int(key.name) <= len(listed) else view
    if key.name in ("up", "down"):
        place = view.place + (1 if key.name == "down" else -1)
        return replace(view, place=min(max(0, place), max(0, len(view.matches) - 1)))
    if key.name in ("pageup", "pagedown"):
        return replace(view, scroll=max(0, view.scroll + _SCROLLS[key.name]))
    return replace(view, typed=_written(view.typed, key), place=0)


def _pick(view: View, place: int) -> View:
    """Chooses a theme of the list, or takes it away again."""
    if place >= len(view.page):
        return view
    code = view.page[place].id
    kept = tuple(one for one in view.themes if one != code)
    themes = kept if code in view.themes else (*kept, code)
    # What was typed has served; without it the list stays as it is.
    place = 0 if view.typed else view.place
    return replace(view, themes=themes, typed="", place=place)


def _press_in_comment(view: View, key: Key) -> View:
    if key.name == "enter":
        return replace(view, pane=Pane.PASSAGE, comment=view.typed.strip(), typed="")
    if key.name == "escape":
        return replace(view, pane=Pane.PASSAGE, typed="")
    return replace(view, typed=_written(view.typed, key))


def _press_in_help(view: View, key: Key) -> View:
    if key.name in _SCROLLS:
        return replace(view, scroll=max(0, view.scroll + _SCROLLS[key.name]))
    return view if key.name == "redraw" else replace(view, pane=Pane.PASSAGE, scroll=0)


def _written(typed: str, key: Key) -> str:
    if key.name == "backspace":
        return typed[:-1]
    if key.name == "clear":
        return ""
    # A line: the comment of a passage has no paragraphs.
    return typed + " ".join(key.text.split()) if len(key.text) > 1 else typed + key.text
