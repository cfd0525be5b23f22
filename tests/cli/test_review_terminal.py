"""``whatworks review --terminal`` on a real pseudo-terminal, with keys pressed one by one."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stored import add, report_of, suggest
from tests.terminal import Terminal, terminal
from whatworks.labels.codebook_file import codebook_source
from whatworks.labels.decisions import Decision
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.codebooks import add_codebook
from whatworks.labels.store.decisions import decisions_on
from whatworks.labels.store.passages import current_passages

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux" or shutil.which("setsid") is None, reason="needs setsid"
    ),
]

TEXTS = (
    "Local officers stayed because the district paid them.",
    "Funds came nine months late.",
    "Maintenance holds where money is set aside beforehand.",
    "The ministry owned the reform from the first day.",
    "Two of five offices had no vehicle.",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a report of five passages; of each an obstacle is suggested, likely 0.82."""
    folder = tmp_path / "project"
    init_project(folder)
    with open_project(folder) as project:
        read = report_of("final.pdf", *TEXTS, title="Final evaluation")
        add(project.store, read)
        suggest(project.store, read.passages, obstacle=0.82)
    return folder


Start = Callable[..., Terminal]


@pytest.fixture
def start(folder: Path):
    """Starts the review; what is left of it is ended."""
    opened = []

    def begin(*arguments: str, annotator: str = "ana", **more) -> Terminal:
        opened.append(
            terminal(
                "review", "--terminal", "--project", folder, "--as", annotator, *arguments, **more
            )
        )
        return opened[-1].__enter__()

    yield begin
    for one in opened:
        one.__exit__(None, None, None)


def said(folder: Path, place: int) -> list[Decision]:
    """Everything decided on the passage, counted from 1."""
    with open_project(folder) as project, project.store.reading() as connection:
        one = current_passages(connection)[place - 1].id
        return decisions_on(connection, [one])[one]


def shown(place: int) -> str:
    """What tells that a passage is on the screen."""
    return f"passage {place} of 5"


def test_a_session_from_the_first_key_to_the_last_and_on_from_there(
    start: Start, folder: Path
) -> None:
    first = start()
    first.wait_for("Final evaluation", shown(1), "5 left", "Obstacle, likely 0.82", TEXTS[0])
    first.press("\r")
    first.wait_for("Saved: Obstacle.", shown(2), "4 left")
    assert [(one.verdict, one.labels) for one in said(folder, 1)] == [("confirm", ("obstacle",))]
    # A correction with a theme and a comment.
    first.press("23tloc pres")
    first.wait_for("Theme: loc pres_", "> 1 [ ] Local presence")
    first.press("\r")
    first.wait_for("Chosen: Local presence")
    first.press("\rkOnly in the north.\r")
    first.wait_for("[x] Local presence", "Comment: Only in the north.")
    first.press("\r")
    first.wait_for("Saved: Lesson; Local presence.", shown(3))
    (corrected,) = said(folder, 2)
    assert (corrected.verdict, corrected.labels) == ("correct", ("lesson",))
    assert (corrected.themes, corrected.comment) == (("local-presence",), "Only in the north.")
    assert corrected.annotator == "ana"
    assert corrected.seconds is not None
    assert 0 < corrected.seconds < 60
    first.press("r")
    first.wait_for("Saved: no finding.", shown(4))
    first.press("z")
    first.wait_for("Taken back: no finding.", shown(3))
    assert [one.verdict for one in said(folder, 3)] == ["reject", "undo"]
    first.press("u")
    first.wait_for("Saved: unsure.", shown(4))
    first.press("b")
    first.wait_for("You decided on", "UTC: unsure", shown(3))
    first.press("q")
    code, told = first.end()
    assert code == 0
    assert "ana: 3 decided, 2 left here." in told
    assert "the same command goes on from here" in told
    assert first.is_as_before()
    assert first.orders() == set()

    second = start()
    second.wait_for(shown(4), "2 left")
    second.press("r")
    second.wait_for(shown(5), "1 left")
    second.press("1\r")
    second.wait_for("Nothing left here.", "Saved: Success factor, Obstacle.")
    second.press("\r")
    code, told = second.end()
    assert code == 0
    assert "ana: 2 decided, 0 left here." in told
    # Nobody looks at 'unsure' as an answer.
    assert "Next: whatworks review" in told

    third = start()
    assert third.end()[0] == 0
    assert "\x1b[?1049h" not in third.received, "there was nothing to show"


def test_what_was_decided_before_the_session_is_taken_back_only_when_sure(
    start: Start, folder: Path
) -> None:
    first = start()
    first.wait_for(shown(1))
    first.press("\rq")
    first.end()
    second = start()
    second.wait_for(shown(2))
    second.press("z")
    second.wait_for("Take it back?")
    second.press("n")
    second.wait_for(shown(2), without="Take it back?")
    assert len(said(folder, 1)) == 1
    second.press("zy")
    second.wait_for("Taken back: Obstacle.", shown(1))
    second.press("q")
    assert second.end()[0] == 0
    assert [one.verdict for one in said(folder, 1)] == ["confirm", "undo"]


def test_killed_in_the_middle_nothing_that_was_saved_is_lost(start: Start, folder: Path) -> None:
    first = start()
    first.wait_for(shown(1))
    first.press("\r")
    first.wait_for("Saved: Obstacle.", shown(2))
    first.press("3")
    first.wait_for("3 [x] Lesson")
    os.kill(_review(first), signal.SIGKILL)
    first.end()
    assert [one.verdict for one in said(folder, 1)] == ["confirm"]
    assert said(folder, 2) == [], "nobody had said yet that this is the answer"
    second = start()
    second.wait_for(shown(2), "4 left", "3 [ ] Lesson")


def test_ctrl_c_leaves_the_terminal_as_it_was(start: Start, folder: Path) -> None:
    review = start()
    review.wait_for(shown(1))
    review.press("\r")
    review.wait_for("Saved", shown(2))
    review.press("\x03")
    code, told = review.end()
    assert code == 130
    assert "ana: 1 decided, 4 left here." in told
    assert "Traceback" not in told
    assert review.is_as_before()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_ended_from_outside_the_terminal_is_left_as_it_was(start: Start, number) -> None:
    review = start()
    review.wait_for(shown(1))
    os.kill(_review(review), number)
    code, told = review.end()
    assert code == 128 + number
    assert "Traceback" not in told
    assert review.is_as_before()


BROKEN = """
import sys
from whatworks.labels.review import ReviewSession
def broken(*given): raise ZeroDivisionError("for the test")
ReviewSession.decide = broken
sys.argv[0] = "whatworks"
from whatworks.__main__ import main
main()
"""


def test_an_error_in_the_middle_leaves_the_terminal_as_it_was(start: Start) -> None:
    review = start(program=("-c", BROKEN))
    review.wait_for(shown(1))
    review.press("\r")
    code, told = review.end()
    assert code == 1
    assert "ZeroDivisionError: for the test" in told
    assert "Traceback" not in told
    assert review.is_as_before()


def test_a_codebook_changed_in_between_is_told_and_gone_on_with(start: Start, folder: Path) -> None:
    review = start()
    review.wait_for(shown(1))
    review.press("tlocal pres\r\x1b")
    review.wait_for("[x] Local presence")
    source = codebook_source("ilo-social-protection").replace(
        "- id: local-presence", "- id: people-there\n        renamed_from: [local-presence]"
    )
    with open_project(folder) as project:
        add_codebook(project.store, source, "eva")
    review.press("\r")
    review.wait_for("Not done:", "local-presence", shown(1), "Themes: none chosen")
    assert said(folder, 1) == []
    review.press("tlocal pres\r\x1b\r")
    review.wait_for("Saved: Obstacle; Local presence.", shown(2))
    review.press("q")
    review.end()
    assert said(folder, 1)[0].themes == ("people-there",)


def test_a_small_window_says_so_and_a_larger_one_goes_on(start: Start, folder: Path) -> None:
    review = start(size=(30, 8))
    review.wait_for("too small")
    review.press("\r")
    review.resize(60, 14)
    review.wait_for("Funds" if said(folder, 1) else "Local officers", shown(1))
    assert said(folder, 1) == [], "nobody decides on what cannot be read"
    assert len(review.lines) == 14
    assert max(map(len, review.lines)) <= 60
    review.resize(200, 60)
    review.wait_until(lambda: len(review.lines) == 60)
    review.press("\r")
    review.wait_for("Saved: Obstacle.", shown(2))
    review.resize(20, 5)
    review.wait_for("too small")
    review.press("q")
    assert review.end()[0] == 0


def test_blind_the_suggestion_is_shown_only_when_decided(start: Start, folder: Path) -> None:
    review = start("--blind")
    review.wait_for(shown(1), "hidden until you have decided")
    for trace in ("0.82", "likely", "[x]"):
        assert trace not in review.received
    review.press("\r")
    review.wait_for("Nothing is chosen.", shown(1))
    assert "0.82" not in review.received
    review.press("3\r")
    review.wait_for("Saved: Lesson. Suggested was: Obstacle, likely 0.82.", shown(2), "hidden")
    assert said(folder, 1)[0].blind
    review.press("b")
    review.wait_for(shown(1), "Suggested: Obstacle, likely 0.82")
    review.press("q")
    review.end()


def test_keys_pressed_ahead_are_not_lost(start: Start, folder: Path) -> None:
    review = start()
    review.wait_for(shown(1))
    review.press("rr3\rru")
    review.wait_for("Nothing left here.")
    review.press("q")
    review.end()
    assert [[one.verdict for one in said(folder, place)] for place in range(1, 6)] == [
        ["reject"], ["reject"], ["correct"], ["reject"], ["unsure"],
    ]  # fmt: skip


def test_what_was_skipped_is_gone_through_at_the_end(start: Start, folder: Path) -> None:
    review = start()
    review.wait_for(shown(1))
    review.press("srrrr")
    review.wait_for("You are through; 1 passage is still open here.")
    review.press("\r")
    review.wait_for(shown(1), "1 left")
    review.press("rq")
    assert "ana: 5 decided, 0 left" in review.end()[1]


def test_an_adjudicator_settles_what_others_disagree_on(start: Start, folder: Path) -> None:
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8").replace(
        'policy = "one-reviewer"', 'policy = "two-adjudicated"'
    )
    settings.write_text(text.replace("adjudicators = []", 'adjudicators = ["dan"]'), "utf-8")
    for annotator, keys in (("ana", "\rq"), ("ben", "kNo: it helped.\r21\rq")):
        review = start(annotator=annotator)
        review.wait_for(shown(1))
        assert "ana:" not in review.screen
        review.press(keys)
        review.end()
    review = start("--adjudicate", annotator="dan")
    review.wait_for("To settle.", "ana: Obstacle", 'ben: Success factor. "No: it helped."')
    review.press("aa")
    review.wait_for("As ben decided.", "1 [x] Success factor")
    review.press("\r")
    review.wait_for("Nothing left here.", "Saved: Success factor.")
    review.press("q")
    assert review.end()[0] == 0
    assert said(folder, 1)[-1].adjudicates


def test_orders_to_the_terminal_inside_a_report_are_not_sent(start: Start, folder: Path) -> None:
    with open_project(folder) as project:
        evil = "Officers \x1b]0;stayed\x07 \x9b2J because \x1b[31mthe district\x1b[0m paid."
        add(project.store, report_of("evil.pdf", evil, title="\x1b[2JTitle"))
    review = start("--report", "evil.pdf")
    review.wait_for("Title", "the district")
    review.press("k\x1b[200~x\x1b]0;y\x07z\x1b[201~\r")
    review.wait_for("Comment: x]0;yz")
    review.press("1\rq")
    review.end()
    assert review.orders() == set()


def test_without_colour_there_is_none(start: Start) -> None:
    review = start(NO_COLOR="1")
    review.wait_for(shown(1), "2 [x] Obstacle")
    for colour in ("\x1b[3", "\x1b[4", ";3", ";4"):
        assert colour not in review.styled
    review.press("q")
    review.end()


def test_a_terminal_without_unicode_gets_plain_signs(start: Start) -> None:
    review = start(PYTHONIOENCODING="ascii")
    review.wait_for(shown(1), "| Local officers")
    review.press("q")
    assert review.end()[0] == 0


def _review(opened: Terminal) -> int:
    """The process of the review itself: `setsid` may have made it a child of its own."""
    children = Path(f"/proc/{opened.process.pid}/task/{opened.process.pid}/children").read_text()
    name = Path(f"/proc/{opened.process.pid}/comm").read_text().strip()
    return int(children.split()[0]) if name == "setsid" and children else opened.process.pid
