"""Who is logged in: sessions, each known by a token that only the browser has."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, or_, select, update

from ..accounts import MAX_PASSWORD, Account
from ..drafts import MAX_NAME
from ..passwords import hash_password, is_outdated, matches
from ..resolution import name_key
from .accounts import select_accounts, to_account
from .database import Store
from .schema import account, login_session

IDLE = timedelta(hours=12)
"""A session ends when nothing was asked in it for so long."""
LONGEST = timedelta(days=14)
"""And after this time in any case."""

_SEEN_EVERY = timedelta(minutes=10)
"""How exactly it is known when something was last asked: not every request has to write."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in."""

    account: Account
    token_hash: str
    seen_at: str


def log_in(store: Store, name: str, password: str) -> str | None:
    """The token of a new session; None where name and password do not belong together.

    A name that nobody has, and an account that is disabled, take as long as a wrong password.
    """
    if len(name) > MAX_NAME or len(password) > MAX_PASSWORD:
        # Nobody's; and composing letters takes the longer, the more there are.
        name = password = ""
    with store.reading() as connection:
        rows = connection.execute(select_accounts().add_columns(account.c.password_hash)).all()
    key = name_key(name)
    row = next((one for one in rows if name_key(one.name) == key), None)
    if not matches(row.password_hash if row else None, password):
        return None
    assert row is not None
    token, now = secrets.token_urlsafe(32), _now()
    values = {}
    if is_outdated(row.password_hash):
        values["password_hash"] = hash_password(password)
    still = (
        (account.c.annotator_id == row.annotator_id)
        & (account.c.password_hash == row.password_hash)
        & account.c.disabled_at.is_(None)
    )
    with store.writing() as connection:
        # While the password was compared, it may have been changed or the account disabled.
        if connection.scalar(select(account.c.annotator_id).where(still)) is None:
            return None
        if values:
            connection.execute(update(account).where(still).values(**values))
        connection.execute(delete(login_session).where(_is_over(now)))
        connection.execute(
            insert(login_session).values(
                token_hash=hash_of(token),
                account_id=row.annotator_id,
                created_at=_text(now),
                seen_at=_text(now),
                expires_at=_text(now + LONGEST),
            )
        )
    return token


def find_session(connection: Connection, token: str) -> Session | None:
    """The session of this token; None where it ended, or its account was disabled."""
    token_hash, now = hash_of(token), _now()
    values = {"token_hash": token_hash, "now": _text(now), "idle": _text(now - IDLE)}
    row = connection.execute(_SESSION, values).one_or_none()
    return None if row is None else Session(to_account(row), token_hash, row.seen_at)


# Made once: every request asks it.
_SESSION = (
    select_accounts()
    .add_columns(login_session.c.seen_at)
    .join(login_session, login_session.c.account_id == account.c.annotator_id)
    .where(
        login_session.c.token_hash == bindparam("token_hash"),
        login_session.c.expires_at > bindparam("now"),
        login_session.c.seen_at > bindparam("idle"),
        account.c.disabled_at.is_(None),
    )
)


def keep_alive(store: Store, session: Session) -> None:
    """Notes that something was asked in it, unless that was noted a short time ago."""
    now = _now()
    if session.seen_at > _text(now - _SEEN_EVERY):
        return
    with store.writing() as connection:
        connection.execute(
            update(login_session)
            .where(login_session.c.token_hash == session.token_hash)
            .values(seen_at=_text(now))
        )


def end_session(store: Store, token: str) -> None:
    """Ends a session, if there is one of this token."""
    with store.writing() as connection:
        connection.execute(
            delete(login_session).where(login_session.c.token_hash == hash_of(token))
        )


def hash_of(token: str) -> str:
    """As it is stored. It is random and long: a slow hash would protect it no better."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _is_over(now: datetime) -> ColumnElement[bool]:
    return or_(
        login_session.c.expires_at <= _text(now), login_session.c.seen_at <= _text(now - IDLE)
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _text(time: datetime) -> str:
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")
