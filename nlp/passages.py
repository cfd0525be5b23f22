"""Passages: the units that are suggested, decided and counted."""

from dataclasses import dataclass
from typing import NewType

from .documents import BlockKind, Document

PassageId = NewType("PassageId", str)


@dataclass(frozen=True, slots=True)
class Passage:
    """One to about four sentences of a report: a bullet, a short paragraph or part of a long one."""

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


def split_document(document: Document, *, target_words: tuple[int, int] = (20, 110)) -> list[Passage]:
    """Passages of the prose and bullets of a document, in reading order."""
    raise NotImplementedError
