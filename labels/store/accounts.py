"""Accounts of the review app, as they are stored."""

from typing import Any

from sqlalchemy import Connection, Row, Select, Update, delete, func, insert, select, update

from ...nlp.errors import WhatworksError
from ..accounts import MAX_PASSWORD, Account, Role, check_password
from ..codebook import unknown
from ..drafts import clean_name
from ..passwords import hash_password, matches
from ..resolution import name_key
from .database import Store, utc_now
from .queue import annotator_number
from .schema import account, annotator, login_session


def add_account(store: Store, name: str, role: Role, password: str) -> Account:
    """Lets somebody log in; what was decided under the name before counts as theirs.

    Raises:
        WhatworksError: the name has an account, or name or password will not do.
    """
    if not name.strip():
        raise WhatworksError("An account needs a name: that of the person who decides.")
    name = clean_name(name, "account")
    check_password(password, name)
    # Outside of the transaction: it takes a third of a second, in which nobody else could write.
    hashed = hash_password(password)
    with store.writing() as connection:
        there = _find(connection, name)
        if there is not None:
            raise WhatworksError(
                f"'{there.name}' has an account already. Change it with: whatworks user role, "
                "whatworks user password or whatworks user enable"
            )
        number = annotator_number(connection, name)
        if not number:
            made = connection.execute(
                insert(annotator).values(name=name, created_at=utc_now())
            ).inserted_primary_key
            assert made is not None
            number = int(made[0])
        connection.execute(
            insert(account).values(
                annotator_id=number, role=role, password_hash=hashed, created_at=utc_now()
            )
        )
        return find_account(connection, name)


def all_accounts(connection: Connection) -> list[Account]:
    """All of them by name, the disabled ones too."""
    found = [to_account(row) for row in connection.execute(select_accounts())]
    return sorted(found, key=lambda one: name_key(one.name))


def find_account(connection: Connection, name: str) -> Account:
    """The account of this name, however it is spelled; raises WhatworksError without one."""
    found = _find(connection, name)
    if found is None:
        names = [one.name for one in all_accounts(connection)]
        if not names:
            raise WhatworksError("There is no account yet. Make one with: whatworks user add NAME")
        raise WhatworksError(unknown("account", name, names))
    return found


def has_owner(connection: Connection) -> bool:
    """Whether an owner can log in."""
    return _owners(connection) > 0


def set_role(store: Store, name: str, role: Role) -> Account:
    """Gives an account another role, at once.

    Raises:
        WhatworksError: no such account, or nobody would be left as owner.
    """
    with store.writing() as connection:
        found = find_account(connection, name)
        connection.execute(_update(found).values(role=role))
        _keep_an_owner(connection, found)
        return find_account(connection, name)


def set_password(store: Store, name: str, password: str, *, keep: str = "") -> None:
    """Gives an account another password and ends its sessions.

    Args:
        store: The project's.
        name: Of the account.
        password: The new one.
        keep: The hash of a session's token that goes on: of who changes their own password.

    Raises:
        WhatworksError: no such account, or the password will not do.
    """
    with store.reading() as connection:
        found = find_account(connection, name)
    check_password(password, found.name)
    hashed = hash_password(password)
    with store.writing() as connection:
        connection.execute(_update(found).values(password_hash=hashed))
        _end_sessions(connection, found, keep)


def is_password(connection: Connection, account_id: int, password: str) -> bool:
    """Whether it is this account's."""
    stored = connection.scalar(
        select(account.c.password_hash).where(account.c.annotator_id == account_id)
    )
    return len(password) <= MAX_PASSWORD and matches(stored, password)


def set_disabled(store: Store, name: str, disabled: bool) -> Account:
    """Ends an account's sessions and lets nobody log in with it; or lets them again.

    Raises:
        WhatworksError: no such account, or nobody would be left as owner.
    """
    with store.writing() as connection:
        found = find_account(connection, name)
        if disabled and found.disabled_at is None:
            connection.execute(_update(found).values(disabled_at=utc_now()))
            _keep_an_owner(connection, found)
        elif not disabled:
            connection.execute(_update(found).values(disabled_at=None))
        if disabled:
            _end_sessions(connection, found)
        return find_account(connection, name)


def select_accounts() -> Select[Any]:
    """The query for accounts; ``to_account`` makes one of a row."""
    return select(
        account.c.annotator_id,
        annotator.c.name,
        account.c.role,
        account.c.created_at,
        account.c.disabled_at,
    ).join(annotator, annotator.c.id == account.c.annotator_id)


def to_account(row: Row[Any]) -> Account:
    """An account as the query gives it."""
    return Account(
        id=row.annotator_id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def _find(connection: Connection, name: str) -> Account | None:
    key = name_key(name)
    return next((one for one in all_accounts(connection) if name_key(one.name) == key), None)


def _owners(connection: Connection) -> int:
    may = (account.c.role == Role.OWNER) & account.c.disabled_at.is_(None)
    return connection.scalar(select(func.count()).select_from(account).where(may)) or 0


def _keep_an_owner(connection: Connection, changed: Account) -> None:
    """Raises, and so takes the change back, where it took the last owner away."""
    was_owner = changed.role is Role.OWNER and changed.disabled_at is None
    if was_owner and not _owners(connection):
        raise WhatworksError(
            f"'{changed.name}' is the only owner, and without one the app does not start. Make "
            "somebody else an owner first: whatworks user role NAME owner"
        )


def _update(one: Account) -> Update:
    return update(account).where(account.c.annotator_id == one.id)


def _end_sessions(connection: Connection, of: Account, keep: str = "") -> None:
    connection.execute(
        delete(login_session).where(
            login_session.c.account_id == of.id, login_session.c.token_hash != keep
        )
    )
