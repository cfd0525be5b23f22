"""How often somebody may try to log in: so that passwords cannot be guessed at full speed.

Kept in memory: the app is one process, what is counted is forgotten after minutes anyway, and a
guesser must not be able to make the database write. A restart forgets it all.
"""

import hashlib
import ipaddress
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from ...labels.drafts import MAX_NAME
from ...labels.resolution import name_key

WINDOW_S = 300.0
"""What is longer ago does not count: nobody is kept out for longer."""
PER_PAIR = 5
"""Failures for one name from one address."""
PER_ADDRESS = 30
"""Failures from one address, for whatever names: a whole office may share it."""
PER_NAME = 50
"""Failures for one name from wherever its owner never logged in. Where they did, only the first
limit counts for them."""

_KNOWN_FOR_S = 30 * 24 * 3600.0
_MOST = 20_000

_Key = tuple[str, str, str]
_Pair = tuple[str, str]
_Attempt = tuple[float, _Pair]
"""When, and with which name from where."""


@dataclass(frozen=True, slots=True)
class _Limit:
    key: _Key
    most: int


class Attempts:
    """Counts log-ins that did not succeed, over the last minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Counts nothing yet.

        Args:
            clock: Gives the time in seconds.
        """
        self._clock = clock
        self._lock = threading.Lock()
        # The ones that were tried last stand at the end.
        self._failed: OrderedDict[_Key, deque[_Attempt]] = OrderedDict()
        self._known: OrderedDict[_Pair, float] = OrderedDict()

    def begin(self, name: str, address: str) -> int:
        """0, and it counts as failed until ``succeeded`` says otherwise; else seconds to wait.

        What is refused is not counted: trying on while waiting makes the wait no longer.
        """
        now, pair = self._clock(), _pair(name, address)
        with self._lock:
            limits = self._limits(pair, now)
            waits = [self._wait_s(limit, now) for limit in limits]
            if any(waits):
                return max(1, math.ceil(max(waits)))
            for limit in limits:
                self._failed.setdefault(limit.key, deque()).append((now, pair))
                self._failed.move_to_end(limit.key)
            while len(self._failed) > _MOST:
                self._failed.popitem(last=False)
            return 0

    def succeeded(self, name: str, address: str) -> None:
        """Takes the attempt back, and what was mistyped before it."""
        now, pair = self._clock(), _pair(name, address)
        with self._lock:
            for key in (("pair", *pair), ("address", "", pair[1]), ("name", pair[0], "")):
                others = deque(one for one in self._failed.pop(key, ()) if one[1] != pair)
                if others:
                    self._failed[key] = others
            self._known[pair] = now
            self._known.move_to_end(pair)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)

    def _limits(self, pair: _Pair, now: float) -> list[_Limit]:
        limits = [_Limit(("pair", *pair), PER_PAIR)]
        # Else anybody could keep a person out, by wrong guesses from everywhere or next to them.
        if now - self._known.get(pair, -math.inf) > _KNOWN_FOR_S:
            limits.append(_Limit(("address", "", pair[1]), PER_ADDRESS))
            limits.append(_Limit(("name", pair[0], ""), PER_NAME))
        return limits

    def _wait_s(self, limit: _Limit, now: float) -> float:
        failed = self._failed.get(limit.key, deque())
        while failed and now - failed[0][0] >= WINDOW_S:
            failed.popleft()
        if len(failed) < limit.most:
            return 0.0
        return failed[-limit.most][0] + WINDOW_S - now


def _pair(name: str, address: str) -> _Pair:
    """A name, of any length and perhaps nobody's, as few bytes; and the network."""
    key = name_key(name[: MAX_NAME + 1]).encode("utf-8", "surrogatepass")
    return hashlib.sha256(key).hexdigest()[:32], network(address)


def network(address: str) -> str:
    """The address itself; of IPv6 the first half, as one customer has the second to themselves."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
