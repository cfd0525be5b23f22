"""Passages: the units that are suggested, decided and counted."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import NewType

from .documents import Block, BlockKind, Document
from .languages import passage_language
from .sentences import split_sentences

PassageId = NewType("PassageId", str)


@dataclass(frozen=True, slots=True)
class Passage:
    """One to about four sentences of a report: a bullet, a short paragraph or part of one."""

    id: PassageId
    """16 hex digits, from the report's name, the text and its repetition: stable when other
    paragraphs change."""
    report: str
    order: int
    """Counted from 1 in reading order."""
    page: int | None
    heading: tuple[str, ...]
    """The headings it stands under, outermost first."""
    language: str
    text: str
    """Equals ``document.text[start:end]``."""
    start: int = 0
    end: int = 0
    kind: BlockKind = BlockKind.PARAGRAPH
    lead_in: str = ""
    """The sentence that introduces the list a bullet belongs to, '' otherwise."""


# 'The indicators were:' before bullets is no passage of its own: nothing in it can be labelled,
# and no word is lost, since every bullet of the run carries it as its lead-in. Longer ones may
# themselves state a finding and stay.
_MAX_WORDS_OF_MERE_LEAD_IN = 9
# One to three words without a stop are a label, a cell or a name that lost its place in the
# layout. A bullet that short is kept: 'Low turnover' under 'Obstacles:' says something.
_MAX_WORDS_OF_DEBRIS = 3
_MAX_SENTENCES = 4
_STOPS = ".!?…:;"


def passage_id(report: str, text: str, occurrence: int) -> PassageId:
    """16 hex digits for the ``occurrence``-th (from 1) passage with this text in a report.

    White space and the way accents are encoded do not matter.
    """
    parts = (report, " ".join(text.split()), str(occurrence))
    content = "\0".join(unicodedata.normalize("NFC", part) for part in parts)
    # A file name may hold bytes that are no text (lone surrogates); they still tell names apart.
    return PassageId(blake2b(content.encode(errors="surrogatepass"), digest_size=8).hexdigest())


class PassageIds:
    """Gives passages their ids, counting the repetitions of a text in each report."""

    def __init__(self) -> None:
        self._seen: Counter[PassageId] = Counter()

    def next(self, report: str, text: str) -> PassageId:
        """The id of the next passage of the report in reading order."""
        first = passage_id(report, text, 1)
        self._seen[first] += 1
        count = self._seen[first]
        return first if count == 1 else passage_id(report, text, count)


def _best_cuts(words: list[int], least: int, most: int) -> list[int]:
    """Where to begin a new part, as sentence numbers, so that parts are alike in length.

    The cheapest of all partitions, by squared distance from the even length (in words). A part
    of several sentences never has more than ``most`` words.
    """
    total, count = sum(words), len(words)
    wanted = max(-(-total // most), -(-count // _MAX_SENTENCES))
    ideal = total / max(1, min(wanted, total // least))
    # cheapest[i]: cost of the sentences before i, and where their last part begins
    cheapest: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, count + 1):
        best = (float("inf"), end - 1)
        length = 0
        for start in range(end - 1, -1, -1):
            length += words[start]
            if length > most and start < end - 1:
                break
            cost = cheapest[start][0] + (length - ideal) ** 2
            # Short tails and long runs are bearable only where nothing else is possible.
            cost += 10_000 * max(0, least - length)
            cost += 500 * max(0, end - start - _MAX_SENTENCES)
            if cost < best[0]:
                best = (cost, start)
        cheapest.append(best)
    cuts: list[int] = []
    end = count
    while end > 0:
        end = cheapest[end][1]
        cuts.append(end)
    return cuts[::-1]


def _parts(text: str, language: str, target_words: tuple[int, int]) -> list[tuple[int, int]]:
    """Character spans of the passages of one paragraph or bullet."""
    least, most = target_words
    if len(text.split()) <= most:
        start = len(text) - len(text.lstrip())
        return [(start, start + len(text.strip()))]
    sentences = split_sentences(text, language)
    cuts = _best_cuts([len(text[a:b].split()) for a, b in sentences], least, most)
    ends = [*cuts[1:], len(sentences)]
    return [
        (sentences[first][0], sentences[end - 1][1]) for first, end in zip(cuts, ends, strict=True)
    ]


def _lead_in(text: str, language: str) -> str:
    """The last sentence of a text that announces a list, '' where it announces none."""
    text = text.strip()
    if not text.endswith((":", "：")):
        return ""
    start, end = split_sentences(text, language)[-1]
    return text[start:end]


def _placed_prose(
    document: Document, language: str
) -> Iterator[tuple[int, Block, tuple[str, ...], str]]:
    """Offset, block, heading path and lead-in of each paragraph and bullet to be split."""
    placed = list(document.placed_blocks())
    headings: list[tuple[int, str]] = []
    announced: dict[int, str] = {}  # list depth (0: a paragraph) to what introduces the next list
    for number, (offset, block) in enumerate(placed):
        if block.kind is BlockKind.FOOTNOTE:
            continue  # stands between a lead-in and its list only by accident of the layout
        if block.kind is BlockKind.LIST_ITEM:
            depth = max(1, block.level)
            announced = {level: text for level, text in announced.items() if level < depth}
            yield offset, block, _path(headings), next(reversed(announced.values()), "")
            if lead_in := _lead_in(block.text, language):
                announced[depth] = lead_in
            continue
        announced = {}
        if block.kind is BlockKind.HEADING:
            level = max(1, block.level)
            while headings and headings[-1][0] >= level:
                headings.pop()
            headings.append((level, block.text.strip()))
        elif block.kind is BlockKind.PARAGRAPH:
            if lead_in := _lead_in(block.text, language):
                announced = {0: lead_in}
                following = (b.kind for _, b in islice(placed, number + 1, None))
                before = next((kind for kind in following if kind != BlockKind.FOOTNOTE), None)
                words = len(block.text.split())
                if before is BlockKind.LIST_ITEM and words <= _MAX_WORDS_OF_MERE_LEAD_IN:
                    continue
            yield offset, block, _path(headings), ""


def _path(headings: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in headings if text)


def _is_debris(block: Block) -> bool:
    text = block.text.strip()
    if not any(map(str.isalpha, text)):
        return True
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(text.split()) <= _MAX_WORDS_OF_DEBRIS
        and text[-1] not in _STOPS
    )


def split_document(
    document: Document, *, target_words: tuple[int, int] = (20, 110)
) -> list[Passage]:
    """Passages of the prose and bullets of a document, in reading order.

    A bullet and a paragraph of up to ``target_words[1]`` words is one passage; a longer one is cut
    at sentence ends into parts of alike length within ``target_words`` and of about one to four
    sentences. A single sentence over the limit stays whole. Tables, contents pages, captions,
    footnotes and headings give no passages; nor do fragments without a letter, stray labels of
    up to three words, and lead-ins of a few words, which their bullets carry.
    """
    passages: list[Passage] = []
    ids = PassageIds()
    for offset, block, heading, lead_in in _placed_prose(document, document.language):
        if _is_debris(block):
            continue
        for start, end in _parts(block.text, document.language, target_words):
            text = block.text[start:end]
            passages.append(
                Passage(
                    id=ids.next(document.name, text),
                    report=document.name,
                    order=len(passages) + 1,
                    page=block.page,
                    heading=heading,
                    language=passage_language(text, document.language),
                    text=text,
                    start=offset + start,
                    end=offset + end,
                    kind=block.kind,
                    lead_in=lead_in,
                )
            )
    return passages
