"""Where whatworks keeps what it can make again: the user's cache folder."""

import os
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """The cache folder: ``$WHATWORKS_CACHE``, else the system's place for caches.

    Everything in it can be deleted at any time; it is not made here.
    """
    given = os.environ.get("WHATWORKS_CACHE")
    return Path(given) if given else user_cache_path("whatworks", appauthor=False)
