"""Accounts: who may log in to the review app, in which role, with what kind of password."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from ..nlp.errors import WhatworksError

MIN_PASSWORD = 12
MAX_PASSWORD = 1000
"""Characters."""

_MIN_DIFFERENT = 5
"""Different characters that must be left once everything is gone that anybody would try first."""
_FIRST_TRIED = (
    "password",
    "passwort",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "motdepasse",
    "contraseña",
    "contrasena",
    "senha",
    "qwertyuiop",
    "azertyuiop",
    "qwerty",
    "azerty",
    "asdfgh",
    "zxcvbn",
    "1q2w3e4r5t",
    "1q2w3e",
    "1qaz2wsx",
    "letmein",
    "welcome",
    "bienvenue",
    "bienvenido",
    "bemvindo",
    "iloveyou",
    "sunshine",
    "football",
    "changeme",
    "secret",
    "admin",
    "administrator",
    "reviewer",
    "evaluation",
    "whatworks",
)
_YEAR = re.compile(r"(?:19|20)\d\d")


class Role(StrEnum):
    """What a person may do; each may do what those before it may."""

    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    OWNER = "owner"

    def covers(self, needed: "Role") -> bool:
        """Whether whoever has this role may do what the other one may."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in, or could once."""

    id: int
    """The annotator's: what they decide stands under this name."""
    name: str
    role: Role
    created_at: str
    disabled_at: str | None = None
    """None while they may log in."""


def clean_password(password: str) -> str:
    """The password in the one form in which it is kept.

    Keyboards compose letters differently; to the person who types it is one password.
    """
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str = "") -> None:
    """Looks at length, and at what is tried first; asks for no special signs.

    Args:
        password: As it was typed.
        name: Of the person, which is no password either.

    Raises:
        WhatworksError: it is too short or too long, or among the first that anybody tries.
    """
    # Before its letters are composed, which takes the longer the more there are.
    if len(password) > MAX_PASSWORD:
        raise WhatworksError(
            f"The password has {len(password):,} characters. Take at most {MAX_PASSWORD:,}."
        )
    clean = clean_password(password)
    if len(clean) < MIN_PASSWORD:
        raise WhatworksError(
            f"The password has {len(clean)} characters. Take at least {MIN_PASSWORD}: four or "
            "five words that do not belong together are good and easy to keep in mind."
        )
    if not clean.isprintable():
        raise WhatworksError("The password holds a sign that cannot be typed. Type it anew.")
    if len(set(_beyond_the_obvious(clean.casefold(), name.casefold()))) < _MIN_DIFFERENT:
        raise WhatworksError(
            "This password is among the first that anybody would try. Take four or five words "
            "that do not belong together."
        )


def _beyond_the_obvious(password: str, name: str) -> str:
    """What is left of it without common words, the name, years, and rows such as 'abc' or '111'."""
    words = sorted((*_FIRST_TRIED, name, *name.split()), key=len, reverse=True)
    for word in words:
        if len(word) > 2:
            password = password.replace(word, "")
    password = _YEAR.sub("", password)
    left = []
    for place, sign in enumerate(password):
        around = [password[at : at + 3] for at in range(max(0, place - 2), place + 1)]
        if not any(_is_row(part) for part in around):
            left.append(sign)
    return "".join(left)


def _is_row(part: str) -> bool:
    """Whether three signs stand in a row: '123', 'cba', 'xxx'."""
    if len(part) < 3:
        return False
    first, second = ord(part[1]) - ord(part[0]), ord(part[2]) - ord(part[1])
    return first == second and abs(first) <= 1
