"""Where a synthesis comes from: which database, which codebook."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from ..synthesis.reproduce import Origin
from .codebooks import current_codebook
from .schema import project


def read_origin(connection: Connection, settings: Mapping[str, Any], command: str) -> Origin:
    """The origin of what is read from this database.

    Args:
        connection: Within ``store.reading()``.
        settings: What the products follow of the settings, plain values.
        command: That makes them again.
    """
    return Origin(
        project_key=str(connection.execute(select(project.c.key)).scalar_one()),
        codebook_sha256=current_codebook(connection).sha256,
        settings=settings,
        command=command,
    )
