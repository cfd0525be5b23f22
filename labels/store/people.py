"""People who can be asked to read."""

from sqlalchemy import Connection, select

from ..resolution import name_key
from .schema import account, annotator


def people(connection: Connection) -> list[str]:
    """The names of all annotators, without those whose account was closed."""
    gone = select(account.c.annotator_id).where(account.c.disabled_at.is_not(None))
    query = select(annotator.c.name).where(annotator.c.id.not_in(gone))
    return sorted(connection.scalars(query), key=name_key)
