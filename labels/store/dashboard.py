"""The dashboard: figures over a whole project, counted together so that they fit each other.

In a large project that takes longer than anybody waits for a page. ``Figures`` counts in the
background and gives what was counted last, with its time.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ..agreement.bootstrap import Bootstrap
from ..agreement.tables import Agreement, By, Tables
from ..bias import Bias
from .bias import measure_bias
from .codebooks import current_codebook
from .confirmed import code_counts_among
from .database import Store, utc_now
from .independent import read_independent_votes
from .journal import Journal
from .progress import ProjectProgress, project_progress
from .round_status import RoundStatus, round_status
from .rounds import StoredRound, rounds
from .schema import (
    annotator,
    assignment,
    codebook_version,
    decision,
    policy_version,
    report_version,
    round_,
    selection,
    suggestion,
)
from .speed import Day, Week, Work, days, weeks, work
from .standings import waits_for

Codes = Mapping[tuple[str, str], int]
"""('finding_type' or 'theme', code): how many passages."""

_QUICK_S = 0.5
"""What is counted within this time is counted whenever something came in."""
_REST = 5
"""After a longer count nothing is counted for so many times as long."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All figures of a project at one moment."""

    made_at: str
    progress: ProjectProgress
    rounds: tuple[StoredRound, ...]
    status: RoundStatus
    names: Mapping[int, str]
    """Of annotators, by id."""
    work: Mapping[int, Work]
    """By annotator; who decided nothing is not in it."""
    days: Mapping[int, Sequence[Day]]
    """By annotator; under ``EVERYBODY`` of all."""
    weeks: Mapping[int, Sequence[Week]]
    agreement: tuple[Agreement, ...]
    """Overall, then by finding type; empty where no passage was decided twice."""
    bias: Bias
    waiting: Mapping[int, Codes]
    """By annotator: the confirmed codes of passages that wait for this person. What others said
    about them is not for these eyes yet."""


def take_snapshot(connection: Connection, journal: Journal) -> Snapshot:
    """Counts everything.

    Args:
        connection: A reading one.
        journal: Is brought in step with it.
    """
    journal.follow(connection)
    codebook = current_codebook(connection).codebook
    people = connection.execute(select(annotator.c.id, annotator.c.name))
    return Snapshot(
        made_at=utc_now(),
        progress=project_progress(connection),
        rounds=tuple(rounds(connection)),
        status=round_status(connection),
        names={row.id: row.name for row in people},
        work=work(journal),
        days=days(journal),
        weeks=weeks(journal),
        agreement=_agreement(connection, codebook.finding_type_ids),
        bias=measure_bias(connection, journal, codebook),
        waiting=_waiting(connection),
    )


class Figures:
    """Gives the newest snapshot; safe to be asked from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._journal = Journal()
        self._snapshot: Snapshot | None = None
        self._marks: object = None
        self._worker: threading.Thread | None = None
        self._error: BaseException | None = None
        self._changes = 0
        self._rest_until = 0.0

    def latest(self, store: Store, wait_s: float = 0.12) -> tuple[Snapshot | None, bool]:
        """The last snapshot, None where none is there yet; and whether nothing came in since.

        Where something did, a new one is begun; a small project's is there at once.

        Args:
            store: The project's.
            wait_s: How long to wait for the new one.
        """
        with store.reading() as connection:
            marks = (_marks(connection), self._changes)
        with self._lock:
            self._tell_error()
            if self._snapshot is not None and self._marks == marks:
                return self._snapshot, True
            worker = self._worker
            if worker is None or not worker.is_alive():
                if time.monotonic() < self._rest_until:
                    return self._snapshot, False
                worker = threading.Thread(
                    target=self._count, args=(store,), name="dashboard", daemon=True
                )
                self._worker = worker
                worker.start()
        worker.join(wait_s)
        with self._lock:
            self._tell_error()
            return self._snapshot, self._marks == marks

    def changed(self) -> None:
        """To be called after assignments changed: nothing in the database grows by that."""
        self._changes += 1

    def _tell_error(self) -> None:
        """Raises what ended the last count, once."""
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _count(self, store: Store) -> None:
        begun = time.monotonic()
        try:
            changes = self._changes
            with store.reading() as connection:
                marks = (_marks(connection), changes)
                snapshot = take_snapshot(connection, self._journal)
        except BaseException as error:  # noqa: BLE001 - told to whoever asks next
            with self._lock:
                self._error = error
            return
        with self._lock:
            self._snapshot, self._marks = snapshot, marks
            # Who watches a large project's dashboard must not slow down those who review.
            ended = time.monotonic()
            took = ended - begun
            self._rest_until = ended + _REST * took if took > _QUICK_S else 0.0


def _marks(connection: Connection) -> tuple[int, ...]:
    """How far everything has come; another one where any figure could be another."""
    newest = [
        select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery()
        for table in (
            decision,
            suggestion,
            selection,
            round_,
            report_version,
            codebook_version,
            policy_version,
        )
    ]
    closed = select(func.count(round_.c.closed_at)).scalar_subquery()
    return tuple(connection.execute(select(*newest, closed)).one())


def _agreement(connection: Connection, finding_types: Sequence[str]) -> tuple[Agreement, ...]:
    votes = read_independent_votes(connection).votes
    if not votes.n_passages:
        return ()
    tables = Tables(votes, Bootstrap())
    return (*tables.by(By.OVERALL), *tables.by(By.FINDING_TYPE, finding_types))


def _waiting(connection: Connection) -> dict[int, Codes]:
    """The confirmed codes of what waits for each person."""
    found: dict[int, Codes] = {}
    for one in connection.scalars(select(assignment.c.annotator_id).distinct()).all():
        if counts := code_counts_among(connection, waits_for(connection, one)):
            found[one] = counts
    return found
