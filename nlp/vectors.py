"""Vectors that were computed before, kept by content and encoder."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import WhatworksError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vector (
    encoder TEXT NOT NULL, content BLOB NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (encoder, content)
) WITHOUT ROWID
"""
_CHUNK = 500


class VectorCache:
    """A SQLite file of vectors in half precision: (encoder, hash of the text) to vector.

    Several processes may use it at once. Where the file cannot be written, vectors are
    computed again and ``warning`` says why.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warning = ""

    def find(self, encoder: str, texts: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """The known vectors among those of the texts."""
        found: dict[str, NDArray[np.float16]] = {}
        if not self.path.is_file():
            return found
        with self._connection() as connection:
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
        with self._connection(write=True) as connection:
            if connection is None:
                return
            rows = [
                (encoder, _digest(text), vector.tobytes())
                for text, vector in zip(texts, vectors, strict=True)
            ]
            connection.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?, ?)", rows)
            connection.commit()

    def count(self) -> int:
        """How many vectors are kept."""
        if not self.path.is_file():
            return 0
        with self._connection() as connection:
            if connection is None:
                return 0
            (count,) = connection.execute("SELECT count(*) FROM vector").fetchone()
            return int(count)

    @contextmanager
    def _connection(self, *, write: bool = False) -> Iterator[sqlite3.Connection | None]:
        """A connection, or None where the file cannot be used; then ``warning`` is set."""
        connection: sqlite3.Connection | None = None
        try:
            if write:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(self.path, timeout=30)
                connection.execute(_SCHEMA)
            else:
                connection = sqlite3.connect(f"file:{_quoted(self.path)}?mode=ro", 30, uri=True)
                connection.execute("SELECT 1 FROM vector LIMIT 1")
        except (sqlite3.Error, OSError) as error:
            self._warn(error)
            if connection is not None:
                connection.close()
            yield None
            return
        try:
            yield connection
        except sqlite3.Error as error:
            self._warn(error)
            if not write:
                raise WhatworksError(
                    f"{self.path}: the vector cache is damaged ({error}). "
                    "Clear it with: whatworks cache clear"
                ) from error
        finally:
            connection.close()

    def _warn(self, error: Exception) -> None:
        self.warning = (
            f"The vector cache {self.path} cannot be used ({error}): the next run will encode "
            "these passages again. Free space or set WHATWORKS_CACHE to a folder you can write."
        )


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
