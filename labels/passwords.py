"""Passwords, hashed with argon2id (RFC 9106): nobody can read them, and guessing is slow."""

import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from ..nlp.errors import WhatworksError
from .accounts import clean_password

HASHER = PasswordHasher()
"""The second of the two settings that RFC 9106 recommends: 64 MiB, three passes."""


def hash_password(password: str) -> str:
    """What is stored in its place: parameters, salt and hash in one text."""
    return HASHER.hash(_bytes(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether it is the password of that hash; False, after the same time, where there is none.

    Raises:
        WhatworksError: the hash is none.
    """
    try:
        HASHER.verify(nobodys(HASHER) if stored is None else stored, _bytes(password))
    except VerifyMismatchError:
        return False
    except InvalidHashError as error:
        raise WhatworksError(
            "The password of this account is damaged in the database. An owner can set a new one "
            "with: whatworks user password NAME"
        ) from error
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with other parameters than are used now."""
    return HASHER.check_needs_rehash(stored)


@functools.cache
def nobodys(hasher: PasswordHasher) -> str:
    """The hash of a password that nobody knows: an unknown name takes as long as a known one."""
    return hasher.hash(secrets.token_bytes(32))


def _bytes(password: str) -> bytes:
    # What a form sends may hold half a letter, which is no password but must be no error either.
    return clean_password(password).encode("utf-8", "surrogatepass")
