"""How many finds a number of passages may hold, when those drawn by lot from them held so many."""

import math

_STEP = 4.0
"""How much further apart than the one before each mean lies."""


def most_left(left: int, read: int, found: int, risk: float, expected: float = 1.0) -> int:
    """The most finds that ``left`` passages may hold, when ``read`` drawn by lot held ``found``.

    It is too low at any length of the draw with a probability of ``risk`` at most. Each number K
    that they may hold is tested by the ratio of how likely the outcomes are, in their order, by
    beta-binomial mixtures over all numbers and by K alone: where K is true, this is a martingale
    from 1 (Waudby-Smith & Ramdas 2020, section 2), and passes 1 / ``risk`` with that probability
    at most (Ville 1939).

    Args:
        left: Passages that were unread when the draw was made.
        read: How many were drawn and read.
        found: Finds among these.
        risk: How often it may go wrong, above 0 and below 1.
        expected: How many there may well be: where it needs fewest passages, not whether it holds.
    """
    least = _log_mixture(left, read, found, expected) + math.log(risk)
    low, high = found, left - (read - found)
    if not read or _log_likelihood(left, read, found, high) > least:
        return high
    # From the likeliest number on, more are ever less likely.
    low = min(max(low, (left + 1) * found // read), high)
    while high - low > 1:
        middle = (low + high) // 2
        if _log_likelihood(left, read, found, middle) > least:
            low = middle
        else:
            high = middle
    return low


def _log_likelihood(left: int, read: int, found: int, there: int) -> float:
    """Of outcomes in one order, by how many finds are there."""
    finds, others = _log_falling(there, found), _log_falling(left - there, read - found)
    return finds + others - _log_falling(left, read)


def _log_mixture(left: int, read: int, found: int, expected: float) -> float:
    """The same, by mixtures with means from what is expected up: half, a quarter and so on."""
    mean, share, terms = expected, 0.5, []
    while True:
        beta = max(1.0, left / mean - 1)
        odds = _log_beta(1 + found, beta + read - found) - _log_beta(1, beta)
        terms.append(math.log(share) + odds)
        if beta == 1.0:
            break
        mean, share = _STEP * mean, share / 2
    most = max(terms)
    return most + math.log(sum(math.exp(one - most) for one in terms))


def _log_falling(n: int, k: int) -> float:
    """The logarithm of n (n - 1) ... (n - k + 1)."""
    return math.lgamma(n + 1) - math.lgamma(n - k + 1)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
