"""What forms and addresses hold, read without trust."""

import math

from starlette.datastructures import FormData

from ...labels.codebook import Codebook
from ...labels.resolution import name_key

_A_DAY_S = 86_400


def text_in(form: FormData, name: str) -> str:
    """The text of a field, '' where there is none."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def texts_in(form: FormData, name: str) -> list[str]:
    """The texts of all fields of that name that hold something."""
    return [value for value in form.getlist(name) if isinstance(value, str) and value]


def theme_named(codebook: Codebook, typed: str) -> str:
    """The id of the theme that goes by this name in any language, else what was typed."""
    wanted = name_key(typed)
    for theme in codebook.themes:
        if wanted in map(name_key, theme.names.values()):
            return theme.id
    return typed


def number_of(given: str) -> int | None:
    """A whole number from 0 on, None where it is none or too large for any id."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None


def seconds_of(given: str) -> float | None:
    """As a page measured; a number that cannot be right is no number."""
    try:
        seconds = float(given)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds < _A_DAY_S else None
