"""The review in a terminal: draws what the session deals, does what the keys ask."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ..labels.decisions import Answer, Verdict
from ..labels.exchange.words import date_in_words
from ..nlp.errors import WhatworksError
from .review_keys import Keyboard, pressing
from .review_parts import names_of, suggested_in_words
from .review_screen import draw, listed_at_a_time, too_small
from .review_view import Act, Pane, View, end_of_queue, press, view_of

if TYPE_CHECKING:
    from ..labels.codebook import Codebook
    from ..labels.decisions import Decision
    from ..labels.review import Outcome, ReviewSession

# The screen that programs have for themselves, no cursor, pasted text told from keys.
_BEGIN = "\x1b[?1049h\x1b[?25l\x1b[?2004h"
_END = "\x1b[?2004l\x1b[?25h\x1b[?1049l"
_USUAL = (80, 24)


class Screen:
    """Draws whole screens, without flicker."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._console = Console(
            file=file, force_terminal=True, markup=False, emoji=False, highlight=False
        )
        encoding = (getattr(file, "encoding", None) or "utf-8").lower()
        self.bar = "▌" if encoding.startswith("utf") else "|"

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines of the window, as they are now."""
        with suppress(OSError):
            found = os.get_terminal_size(self._file.fileno())
            if found.columns and found.lines:
                return found.columns, found.lines
        return _USUAL

    def show(self, lines: Sequence[Text]) -> None:
        """Puts the lines in the place of what was there."""
        width, _ = self.size
        with self._console.capture() as captured:
            for one in lines:
                self._console.print(one, width=width, no_wrap=True, crop=True)
        drawn = captured.get().removesuffix("\n").split("\n")
        # Cleared before it is written: afterwards the last column would go with it.
        self._write("\x1b[H" + "\n".join(f"\x1b[2K{one}" for one in drawn))

    def _write(self, text: str) -> None:
        self._file.write(text)
        self._file.flush()

    @contextmanager
    def full(self) -> Iterator[None]:
        """The whole window for the review; afterwards it is as it was."""
        self._write(_BEGIN)
        try:
            yield
        finally:
            # The terminal may be gone.
            with suppress(OSError):
                self._write(_END)


class TerminalReview:
    """One review, from the first card to 'quit'."""

    def __init__(
        self, session: "ReviewSession", screen: Screen, *, adjudicates: bool = False
    ) -> None:
        self._session = session
        self._screen = screen
        self._adjudicates = adjudicates

    def run(self, keyboard: Keyboard) -> None:
        """Goes on until the user quits or the terminal is gone.

        Raises:
            KeyboardInterrupt: Ctrl-C.
        """
        view = self._dealt("")
        while True:
            width, height = self._screen.size
            view = replace(view, listed=listed_at_a_time(height))
            drawn = draw(view, width, height, bar=self._screen.bar)
            if not keyboard.is_ahead:
                self._screen.show(drawn.lines if drawn else too_small(width, height))
            try:
                key = keyboard.read()
            except EOFError:
                return
            if key.name == "redraw":
                continue
            if drawn is None:
                # Nobody decides on what cannot be read.
                if key.name == "q":
                    return
                continue
            view, act = press(replace(view, scroll=min(view.scroll, drawn.most)), key)
            if act is Act.QUIT:
                return
            if act is not None:
                view = self._done(act, view)

    def _done(self, act: Act, view: View) -> View:
        """Does it; the screen after it."""
        try:
            return self._doing(act, view)
        except WhatworksError as error:
            # Not lost: what was chosen stays on the screen, if the passage does.
            message = f"Not done: {error}"
            now = self._dealt(message)
            same = view.card and now.card and view.card.codebook == now.card.codebook
            return replace(view, message=message, card=now.card) if same else now

    def _doing(self, act: Act, view: View) -> View:
        session, card = self._session, view.card
        if card is not None and act is Act.SAVE:
            outcome = session.decide(sorted(view.labels), view.themes, view.comment)
            return self._saved(outcome, card.codebook)
        if card is not None and act is Act.REJECT:
            return self._saved(session.reject(view.comment), card.codebook)
        if card is not None and act is Act.UNSURE:
            return self._saved(session.unsure(view.comment), card.codebook)
        if act is Act.BACK:
            return self._dealt("" if session.back() else "There is nothing before this passage.")
        if act in (Act.SKIP, Act.FORWARD):
            session.forward()
            return self._dealt(view.message or ("Skipped." if act is Act.SKIP else ""))
        if act is Act.AGAIN:
            session.again()
            return self._dealt("")
        return self._undone(view, surely=act is Act.UNDO_SURELY)

    def _saved(self, outcome: "Outcome", codebook: "Codebook") -> View:
        message = f"Saved: {_said(outcome.decision, codebook)}."
        if outcome.decision.blind:
            message += f" Suggested was: {suggested_in_words(outcome.suggestion, codebook)}."
        return self._dealt(message)

    def _undone(self, view: View, *, surely: bool) -> View:
        last = self._session.last()
        if last is None:
            return replace(view, message="There is nothing to take back.")
        if not surely and not self._session.is_of_this_session(last):
            when = date_in_words(last.made_at)
            question = f"Your last decision is of {when}, before this review. Take it back?"
            return replace(view, pane=Pane.ASK, message=question)
        undone = self._session.undo()
        now = self._dealt("")
        assert now.card is not None
        return replace(now, message=f"Taken back: {_said(undone, now.card.codebook)}.")

    def _dealt(self, message: str) -> View:
        card = self._session.current()
        if card is None:
            return end_of_queue(self._session.left_over(), message)
        return view_of(card, message, adjudicates=self._adjudicates)


def _said(decision: "Decision", codebook: "Codebook") -> str:
    if decision.verdict is Verdict.UNSURE:
        return "unsure"
    return names_of(Answer.of(decision.labels, decision.themes), codebook)


def review_in_terminal(session: "ReviewSession", *, adjudicates: bool = False) -> None:
    """The review on the terminal of standard input and output; leaves both as they were.

    Raises:
        KeyboardInterrupt: Ctrl-C; everything decided is saved.
    """
    screen = Screen(sys.stdout)
    with pressing(sys.stdin.fileno()) as keyboard, screen.full():
        TerminalReview(session, screen, adjudicates=adjudicates).run(keyboard)
