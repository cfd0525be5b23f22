"""Vectors that were computed before, kept by content and encoder."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vector (
    encoder TEXT NOT NULL, content BLOB NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (encoder, content)
) WITHOUT ROWID
"""
_IS_THERE = "SELECT count(*) FROM sqlite_master WHERE name = 'vector'"
_CHUNK = 500
_TIMEOUT_S = 30
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class VectorCache:
    """A SQLite file of vectors in half precision: (encoder, hash of the text) to vector.

    Several processes may use it at once. It never stops a run: where the file cannot be used,
    vectors are computed again and ``warning`` says why; a damaged one is begun anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warning = ""

    def find(self, encoder: str, texts: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """The known vectors among those of the texts."""
        found: dict[str, NDArray[np.float16]] = {}
        with self._told(), self._reading() as connection:
            if connection is None:
                return found
            for start in range(0, len(texts), _CHUNK):
                hashes = {_digest(text): text for text in texts[start : start + _CHUNK]}
                marks = ",".join("?" * len(hashes))
                rows = connection.execute(
                    f"SELECT content, value FROM vector WHERE encoder=? AND content IN ({marks})",
                    (encoder, *hashes),
                )
                for content, value in rows:
                    found[hashes[content]] = np.frombuffer(value, dtype=np.float16)
        return found

    def store(self, encoder: str, texts: Sequence[str], vectors: NDArray[np.float16]) -> None:
        """Keeps the vectors, (n_texts, dim), in one transaction."""
        rows = [
            (encoder, _digest(text), vector.tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._told():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect("rwc")) as connection:
                connection.execute(_SCHEMA)
                connection.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?, ?)", rows)
                connection.commit()

    def count(self) -> int:
        """How many vectors are kept; 0 with a ``warning`` where the file cannot be read."""
        with self._told(), self._reading() as connection:
            if connection is not None:
                (count,) = connection.execute("SELECT count(*) FROM vector").fetchone()
                return int(count)
        return 0

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection, or None where nothing is kept yet."""
        if not os.path.isfile(self.path):  # noqa: PTH113  (Path.is_file raises where it is forbidden)
            yield None
            return
        # 'rw' falls back to reading alone where the file is write-protected; where it is not, what
        # a killed process left half-written is rolled back.
        with closing(self._connect("rw")) as connection:
            (is_there,) = connection.execute(_IS_THERE).fetchone()
            yield connection if is_there else None

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, timeout=_TIMEOUT_S, uri=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what is wrong with the file into ``warning``."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED and self._removed():
                self.warning = (
                    f"The vector cache {self.path} was damaged and is begun anew; "
                    "passages known before are encoded again."
                )
                return
            reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
            self.warning = (
                f"The vector cache {self.path} cannot be used ({reason}): the next run will encode "
                "these passages again. Free space or set WHATWORKS_CACHE to a folder you can write."
            )

    def _removed(self) -> bool:
        """Whether the damaged file could be taken away, with what SQLite keeps beside it."""
        try:
            for ending in ("", "-journal", "-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        except OSError:
            # Then it is told as a file that cannot be used.
            return False
        return True


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
