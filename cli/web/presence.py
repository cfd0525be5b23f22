"""Who has which passage on the screen: so that two people are not given the same one."""

import threading
import time
from collections.abc import Iterable

from ...nlp.passages import PassageId

HOLDS_S = 180
"""How long somebody who does nothing keeps a passage."""
_MOST = 20_000


class Presence:
    """Forgets by itself; nothing depends on it but who is offered what next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[PassageId, tuple[str, float]] = {}

    def hold(self, name: str, passage_ids: Iterable[PassageId]) -> None:
        """These are on this person's screen now, or will be next."""
        now = time.monotonic()
        with self._lock:
            for one in passage_ids:
                self._held[one] = (name, now)
            if len(self._held) > _MOST:
                self._held = {k: v for k, v in self._held.items() if now - v[1] < HOLDS_S}

    def others(self, name: str) -> set[PassageId]:
        """What other people have on the screen."""
        least = time.monotonic() - HOLDS_S
        with self._lock:
            return {one for one, (who, at) in self._held.items() if who != name and at >= least}
