"""What a report says of itself: its title, year, language and places, each with where it says so.

Nothing of it is ever taken without somebody's word: these are proposals.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from ..nlp.documents import Block, BlockKind, Document
from ..nlp.languages import LANGUAGES, UNKNOWN
from .places import Mention, countries_in, region_name, regions_in
from .register import FIRST_YEAR, LAST_YEAR

_TITLE_BLOCKS = 12
"""That are read as the title page where a report has no pages."""
_LEAST_PASSAGES = 3
_LEAST_SHARE = 0.3
"""Of the passages that name the country which most passages name."""
_MOST_COUNTRIES = 8
_MOST_WORDS = 40
"""Of a block on a title page; a longer one is prose."""
_WORDS_OF_A_DATE = 6
"""A block with no more of them is little but a date: 'Final version, May 2022'."""
_AROUND = 40
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """A fact as a report says it of itself."""

    field: str
    """Of ``register.Facts``."""
    value: str | int | tuple[str, ...]
    words: str = ""
    """In which it was found; '' where the whole text says so."""
    page: int | None = None
    passages: int = 0
    """How many passages name the first of its countries, where that is why it was found."""


def found_in(document: Document, regions: Mapping[str, str] | None = None) -> tuple[Found, ...]:
    """What a report says of itself, in the order of the facts; what it does not say is missing.

    The year is that of the latest month on the title page, of those that stand alone there if any
    do; else the only year in the title or in the file's name. Countries are those in the title,
    else those on the title page or in many passages. Regions are those in the title or on the
    title page.

    Args:
        document: The report.
        regions: Code of a region (``places.regions_in``) to the office's word for it.
    """
    title = _title(document)
    found = [Found("title", title, title)] if title else []
    front = [Block(BlockKind.HEADING, title), *_title_page(document)]
    found += _regions(front, regions or {})
    found += _countries(front, document.blocks)
    found += _year(front, title, document.name)
    if document.language not in ("", UNKNOWN):
        found.append(Found("language", document.language))
    return tuple(found)


def _title(document: Document) -> str:
    """As the title page has it: that of a web page often has the site's name behind it."""
    headings = (one.text for one in _title_page(document) if one.kind is BlockKind.HEADING)
    begins = (one for one in headings if document.title.startswith(f"{one} | "))
    return next(begins, document.title)


def _title_page(document: Document) -> list[Block]:
    front: list[Block] = []
    for place, block in enumerate(document.blocks):
        is_over = (block.page or 1) > 1 if document.pages else place == _TITLE_BLOCKS
        if is_over or block.kind is BlockKind.CONTENTS:
            break
        if len(block.text.split()) <= _MOST_WORDS:
            front.append(block)
    return front


def _year(front: Sequence[Block], title: str, name: str) -> Iterator[Found]:
    dated = [
        (
            len(block.text.split()) <= _WORDS_OF_A_DATE,
            int(match["year"]),
            _months()[match["month"].lower()],
            block,
            match,
        )
        for block in front
        for match in _date().finditer(block.text)
    ]
    if dated:
        _, year, _, block, match = max(dated, key=lambda one: one[:3])
        yield Found("year", year, _around(block.text, match.start(), match.end()), block.page)
        return
    for text, words in ((title, title), (PurePosixPath(name).stem, f"its name, {name}")):
        years = {int(one) for one in _YEAR.findall(text)}
        if len(years) == 1 and FIRST_YEAR <= min(years) <= LAST_YEAR:
            yield Found("year", years.pop(), words)
            return


def _countries(front: Sequence[Block], blocks: Sequence[Block]) -> Iterator[Found]:
    titled = _first_mentions(front[:1], countries_in)
    if titled:
        yield _of_places("countries", tuple(titled), titled)
        return
    passages: dict[str, int] = {}
    first: dict[str, tuple[Block, Mention]] = _first_mentions(front, countries_in)
    on_front = set(first)
    for block in blocks:
        if block.kind is BlockKind.CONTENTS:
            continue
        mentions = countries_in(block.text)
        for one in mentions:
            first.setdefault(one.code, (block, one))
        for code in {one.code for one in mentions}:
            passages[code] = passages.get(code, 0) + 1
    most = max(passages.values(), default=0)
    often = [
        code
        for code in sorted(passages, key=lambda code: -passages[code])
        if passages[code] >= _LEAST_SHARE * most
        and (passages[code] >= _LEAST_PASSAGES or code in on_front)
    ][:_MOST_COUNTRIES]
    if often:
        yield _of_places("countries", tuple(often), first, passages[often[0]])


def _regions(front: Sequence[Block], known: Mapping[str, str]) -> Iterator[Found]:
    first = _first_mentions(front, regions_in)
    if first:
        words = tuple(known.get(code, region_name(code)) for code in first)
        yield _of_places("regions", words, first)


def _of_places(
    field: str,
    value: tuple[str, ...],
    first: Mapping[str, tuple[Block, Mention]],
    passages: int = 0,
) -> Found:
    block, mention = first.get(value[0]) or next(iter(first.values()))
    words = _around(block.text, mention.start, mention.end)
    return Found(field, value, words, block.page, passages)


def _first_mentions(
    blocks: Sequence[Block], mentions_in: Callable[[str], list[Mention]]
) -> dict[str, tuple[Block, Mention]]:
    """Code to where it is named first."""
    first: dict[str, tuple[Block, Mention]] = {}
    for block in blocks:
        for one in mentions_in(block.text):
            first.setdefault(one.code, (block, one))
    return first


def _around(text: str, start: int, end: int) -> str:
    """The words around a place in a text, '…' where more stands there."""
    before, after = text[:start], text[end:]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + "…"
    return f"{before}{text[start:end]}{after}"


@cache
def _months() -> Mapping[str, int]:
    """Name of a month in one of ``LANGUAGES``, in small letters, to its number."""
    from babel import Locale

    return {
        name.lower(): number
        for language in LANGUAGES
        for number, name in Locale.parse(language).months["format"]["wide"].items()
    }


@cache
def _date() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_months(), key=len, reverse=True)))
    return re.compile(rf"\b(?P<month>{names})\s+(?:de\s+|of\s+)?(?P<year>(?:19|20)\d\d)\b", re.I)
