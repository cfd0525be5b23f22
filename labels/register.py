"""The register: which evaluations there are, and what is known of each before anybody reads it."""

import re
import unicodedata
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from ..nlp.errors import WhatworksError
from ..nlp.passages import Passage
from ..nlp.words import plain_word, word_spans
from .codebook import unknown
from .exchange.rows import printable
from .places import is_country

TYPES = ("independent", "internal", "joint", "high-level")
"""Who evaluated."""
TIMINGS = ("mid-term", "final", "ex-post")
"""When in the life of what was evaluated."""
FOUND = "found in the report"
"""Source of facts that somebody accepted as they were found in the report itself."""
FIRST_YEAR, LAST_YEAR = 1945, 2100
MAX_TEXT = 2000
"""Characters of a fact."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an evaluation; '' or () where nobody has said."""

    title: str
    symbol: str = ""
    """By what the office calls it, such as 'RAF/12/04/FRA': a later list finds it by this."""
    type: str = ""
    """One of ``TYPES``."""
    timing: str = ""
    """One of ``TIMINGS``."""
    nature: str = ""
    """What was evaluated, in the office's words: 'project', 'country programme', ..."""
    regions: tuple[str, ...] = ()
    """In the office's words."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes."""
    coverage: tuple[str, ...] = ()
    """Thematic coverage, in the office's words."""
    funding: tuple[str, ...] = ()
    """Who paid, in the office's words."""
    year: int | None = None
    """Of the report."""
    language: str = ""
    """ISO 639-1, of the report."""
    project: str = ""
    """What the evaluations of one project have in common: its code, or its name."""
    report: str = ""
    """Name of the report in this whatworks project, or of the file by which it will be known once
    it is added; '' where nobody has said."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A row of the register as it is now."""

    id: int
    number: int
    """Given once: 'E12' in every source mark."""
    facts: Facts
    report_id: int | None = None
    """The report that ``facts.report`` names; None while it was not added."""
    letter: str = "E"
    """'R' where nobody made a register, and the project's reports stand for it."""

    @property
    def mark(self) -> str:
        """How sources are marked: 'E12'."""
        return f"{self.letter}{self.number}"


def source_mark(mark: str, passage: Passage) -> str:
    """Where a quotation stands: 'E12, p. 34'; without a page, 'E12, passage 7'."""
    where = f"passage {passage.order}" if passage.page is None else f"p. {passage.page}"
    return f"{mark}, {where}"


@lru_cache(maxsize=10_000)
def title_key(title: str) -> str:
    """Equal for two spellings of one title: neither case, accents nor signs matter.

    >>> title_key("Évaluation finale: Mali (2016)") == title_key("EVALUATION FINALE, Mali - 2016")
    True
    """
    words = [plain_word(title[start:end]) for start, end in word_spans(title)]
    return " ".join(words) or title


def clean_facts(facts: Facts) -> Facts:
    """The facts as they are stored: composed letters, single spaces, nothing twice in a list.

    Raises:
        WhatworksError: no title, or a type, timing, country, year or language that is none.
    """
    given: dict[str, Any] = asdict(facts)
    for name, value in given.items():
        if isinstance(value, str):
            given[name] = clean_text(value)
        elif isinstance(value, tuple):
            given[name] = tuple(dict.fromkeys(filter(None, map(clean_text, value))))
    clean = Facts(**given)
    for name, value in given.items():
        for text in value if isinstance(value, tuple) else (str(value),):
            if len(text) > MAX_TEXT:
                raise WhatworksError(
                    f"The {name} '{text[:40]}…' has {len(text):,} characters. Give at most "
                    f"{MAX_TEXT:,}."
                )
    if not clean.title:
        raise WhatworksError("An evaluation needs a title.")
    for what, word, known in (("type", clean.type, TYPES), ("timing", clean.timing, TIMINGS)):
        if word and word not in known:
            raise WhatworksError(f"{unknown(what, word, known)} There are {', '.join(known)}.")
    for code in clean.countries:
        if not is_country(code):
            raise WhatworksError(f"'{code}' is no country code of ISO 3166, such as ML for Mali.")
    if clean.year is not None and not FIRST_YEAR <= clean.year <= LAST_YEAR:
        raise WhatworksError(f"{clean.year} is no year of a report.")
    if clean.language and not re.fullmatch("[a-z]{2,3}", clean.language):
        raise WhatworksError(f"'{clean.language}' is no language code of ISO 639, such as 'fr'.")
    return clean


def clean_text(text: str) -> str:
    """Composed letters, single spaces, nothing that cannot be shown."""
    return unicodedata.normalize("NFC", " ".join(printable(text).split()))
