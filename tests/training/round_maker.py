"""Processes that make rounds at the same time, by an encoder that needs no model."""

import hashlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from whatworks.labels.store import assignments
from whatworks.labels.store.database import Store, open_store
from whatworks.nlp.encoders import Array
from whatworks.training.next_round import ModelAtWork, Wanted, make_next_round


class HashEncoder:
    """Vectors that are always the same for a text, and say nothing of it."""

    name = fingerprint = "hash"

    def encode(self, texts: Sequence[str], *, on_progress: Any = None) -> Array:
        """Unit vectors of eight numbers."""
        rows = [np.frombuffer(hashlib.sha256(one.encode()).digest()[:8], np.uint8) for one in texts]
        found = np.array(rows, dtype=np.float32).reshape(len(texts), 8) + 1
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def ground(model_version_id: int = 1) -> ModelAtWork:
    """The model that the tests' suggestions are by."""
    return ModelAtWork(HashEncoder(), "made up 1", model_version_id)


def make_rounds(store: Store, who: str, count: int, size: int) -> None:
    """So many rounds, one after another."""
    for number in range(count):
        wanted = Wanted(f"{who} {number}", size, "margin", seed=7)
        make_next_round(store, ground(), wanted, who, [who])


def main() -> None:
    """``make ADDRESS WHO COUNT SIZE BEGIN``, or ``die ADDRESS``: killed between round and deal."""
    job, address, *more = sys.argv[1:]
    store = open_store(address)
    if job == "die":
        assignments.assign_within = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        make_rounds(store, "ana", 1, 5)
    who, count, size, begin = more
    time.sleep(max(0.0, float(begin) - time.time()))
    make_rounds(store, who, int(count), int(size))
    store.close()


if __name__ == "__main__":
    main()
