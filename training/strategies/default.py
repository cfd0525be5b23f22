"""What whatworks takes where nobody says otherwise."""

from .interface import Chosen, Pool
from .uncertainty import Uncertain, entropies


class Default:
    """Entropy, until the measurements are made."""

    name = "default"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """The least sure first."""
        return Uncertain(self.name, entropies).choose(pool, count, seed)
