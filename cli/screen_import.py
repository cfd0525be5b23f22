"""A list of verdicts and appraisals on its way into the store."""

from collections import Counter
from pathlib import Path

from sqlalchemy import Connection

from ..labels.project import Project
from ..labels.register_file import WrongCellsError
from ..labels.screening_file import ScreeningFile, read_screening
from ..labels.store.appraisals import appraise
from ..labels.store.screening import problems, screen
from .screen_parts import Screens, say, tell_following


def check(connection: Connection, path: Path, screens: Screens, screener: str) -> ScreeningFile:
    """What the file says, when all of it could be stored now.

    Raises:
        WrongCellsError: something in it could not; each is told with its row.
    """
    found = read_screening(path, screens.plan, screens.evaluations, screener)
    wrong = problems(connection, screens.plan, found.said)
    if wrong:
        raise WrongCellsError(
            path, [f"Row {found.said_in[place]}: {problem}" for place, problem in wrong.items()]
        )
    return found


def summary(found: ScreeningFile) -> str:
    """What a file holds, in a line."""
    verdicts = Counter(str(one.verdict) for _, one in found.said)
    each = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(verdicts.items()))
    parts = [
        _count(found.rows, "row"),
        _count(len(found.said), "verdict") + (f" ({each})" if each else ""),
        _count(len(found.appraised), "appraisal"),
    ]
    return f"{found.path}: {'; '.join(parts)}."


def take(project: Project, before: Screens, found: ScreeningFile) -> None:
    """Stores what a file says, and tells what was new and what follows."""
    new = sum(screen(project.store, before.plan, found.said))
    answers = sum(appraise(project.store, before.plan, found.appraised))
    say(f"Stored: {_count(new, 'new verdict')}, {_count(answers, 'new appraisal')}.")
    tell_following(project, before)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what if number == 1 else what + 's'}"
