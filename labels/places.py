"""Countries by name: ISO 3166 codes for what people write, and back. The names are CLDR's."""

from functools import cache

_NO_COUNTRY = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
"""Codes of CLDR that ISO 3166 has not given to a country."""


def is_country(code: str) -> bool:
    """Whether it is an ISO 3166-1 alpha-2 code of a country or territory, in capitals."""
    return code in _codes()


@cache
def _codes() -> frozenset[str]:
    from babel import Locale

    return (
        frozenset(
            code for code in Locale.parse("en").territories if len(code) == 2 and code.isalpha()
        )
        - _NO_COUNTRY
    )
