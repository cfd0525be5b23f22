"""The words of all current passages, read once, to be searched many times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ...nlp.passages import PassageId
from ...nlp.words import WordIndex
from .passages import current_texts


@dataclass(frozen=True, slots=True)
class IndexedWords:
    """The words of passages, and which passages these are."""

    ids: Sequence[PassageId]
    """In the order of a worklist: what the index finds are places in it."""
    index: WordIndex


def indexed_words(connection: Connection) -> IndexedWords:
    """Those of the newest version of every report."""
    ids: list[PassageId] = []

    def texts() -> Iterator[str]:
        for one in current_texts(connection):
            ids.append(one.id)
            yield one.text

    return IndexedWords(ids, WordIndex(texts()))
