"""What whatworks says in other languages: gettext catalogues, numbers and dates."""

import functools
import gettext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NAMES = {"en": "English", "fr": "Français", "es": "Español", "pt": "Português"}
"""The languages that there is to be a catalogue of, by their own names."""


def mark(text: str) -> str:
    """The text itself: marks it for translation where it is not shown yet."""
    return text


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language."""

    language: str
    """'en', or a language that there is a catalogue of."""
    translations: gettext.NullTranslations

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language, with ``%(name)s`` filled in."""
        found = gettext_of(self.translations, text)
        return found % values if values else found

    def many(self, one: str, several: str, count: int, /, **values: object) -> str:
        """The text for this many; ``%(num)s`` is the count."""
        return self.translations.ngettext(one, several, count) % {"num": count, **values}

    def counted(self, one: str, several: str, count: int, /, **values: object) -> str:
        """The same with the count as this language writes it: '3,106 passages'."""
        return self.many(one, several, count, num=self.number(count), **values)

    def number(self, value: float) -> str:
        """A number as this language writes it: '3,106'."""
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.language)

    def decimal(self, value: float, digits: int = 2) -> str:
        """A number with so many decimals as this language writes it: '0.90'."""
        from babel.numbers import format_decimal

        return format_decimal(value, "0." + "0" * digits, locale=self.language)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share from 0 to 1 as this language writes it: '13%', with ``digits`` '13.3%'."""
        from babel.numbers import format_percent

        pattern = "0." + "0" * digits if digits else "0"
        sign = "%" if self.language in ("en", "pt") else "\u00a0%"
        return format_percent(share, pattern + sign, locale=self.language)

    def date(self, moment: str) -> str:
        """The day of an ISO 8601 moment in this language: '29 November 2026'."""
        from babel.dates import format_date

        day = datetime.fromisoformat(moment).date()
        # The order of most offices that write English, which is not that of the United States.
        return format_date(day, "long", locale="en_GB" if self.language == "en" else self.language)


def gettext_of(translations: gettext.NullTranslations, text: str) -> str:
    """The text in another language; of no text, none: catalogues keep their own facts there."""
    return translations.gettext(text) if text else ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one part of whatworks."""

    folder: Path
    """Holds ``<language>/LC_MESSAGES/<domain>.mo``."""
    domain: str

    def known(self) -> tuple[str, ...]:
        """English, and the languages that have a catalogue."""
        return _known(self)

    def texts(self, language: str) -> Texts:
        """The words of a language; English for one that nobody translated into."""
        return _texts(self, language)


@functools.cache
def _known(catalogue: Catalogue) -> tuple[str, ...]:
    found = catalogue.folder.glob(f"*/LC_MESSAGES/{catalogue.domain}.mo")
    return ("en", *sorted({path.parts[-3] for path in found} - {"en"}))


@functools.cache
def _texts(catalogue: Catalogue, language: str) -> Texts:
    if language not in _known(catalogue) or language == "en":
        return Texts("en", gettext.NullTranslations())
    found = gettext.translation(catalogue.domain, catalogue.folder, [language])
    return Texts(language, found)
