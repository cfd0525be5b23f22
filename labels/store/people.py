"""People who can be asked to read."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, select, union

from ...nlp.errors import WhatworksError
from ..codebook import unknown
from ..resolution import name_key
from .schema import account, annotator, assignment, decision, screening


def people(connection: Connection) -> list[str]:
    """The names of all who decided, screened, were asked to or may log in; not of who left.

    Who only keeps the register, or once added something, is no reader.
    """
    readers = union(
        *(select(table.c.annotator_id) for table in (decision, assignment, account, screening))
    )
    query = select(annotator.c.name).where(
        annotator.c.id.in_(readers), annotator.c.id.not_in(_left())
    )
    return sorted(connection.scalars(query), key=name_key)


def check_people(connection: Connection, names: Iterable[str], *, new: bool = False) -> None:
    """Looks whether these people can be asked to read.

    Where the project knows nobody yet, every name will do.

    Args:
        connection: A reading one.
        names: In any spelling.
        new: Whether names that the project does not know are new annotators.

    Raises:
        WhatworksError: a name that it does not know, or somebody who left.
    """
    there = people(connection)
    left = connection.scalars(select(annotator.c.name).where(annotator.c.id.in_(_left())))
    everybody = {name_key(one): one for one in (*there, *left)}
    here = {name_key(one) for one in there}
    for name in names:
        key = name_key(name)
        if key in everybody and key not in here:
            raise WhatworksError(
                f"'{everybody[key]}' has left: the account is closed. Name others, or let them in "
                f"again: whatworks user enable '{everybody[key]}'"
            )
        if everybody and key not in everybody and not new:
            raise WhatworksError(
                f"{unknown('annotator', name, there)} The project knows {', '.join(there)}. "
                "For somebody who is new add --new-annotators."
            )


def _left() -> Select[tuple[int]]:
    """Ids of those whose account was closed."""
    return select(account.c.annotator_id).where(account.c.disabled_at.is_not(None))
