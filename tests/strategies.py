"""Hypothesis strategies for what the package is about: blocks, documents, passages."""

from hypothesis import strategies as st

from whatworks.nlp.documents import Block, BlockKind, Document
from whatworks.nlp.passages import Passage, passage_id

_TEXT = (
    "the project trained local staff and worked well because partners owned it although funds "
    "came late in several districts où la coopération España não há gestão 2019 3.5 e.g. No. (E24)"
)
WORDS = _TEXT.split(" ")
SENTENCE_ENDS = (".", ".", ".", "?", "!", ".”", ";")


@st.composite
def sentences(draw: st.DrawFn, min_words: int = 1, max_words: int = 45) -> str:
    """A line of words that begins and ends as a sentence does."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=min_words, max_size=max_words))
    text = " ".join(words)
    return text[0].upper() + text[1:] + draw(st.sampled_from(SENTENCE_ENDS))


@st.composite
def paragraphs(draw: st.DrawFn, max_sentences: int = 12) -> str:
    """Prose of one or more sentences on one line."""
    return " ".join(draw(st.lists(sentences(), min_size=1, max_size=max_sentences)))


def texts() -> st.SearchStrategy[str]:
    """Prose, and now and then what no one would write."""
    odd = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
    return st.one_of(paragraphs(), paragraphs(), odd.map(lambda text: " ".join(text.split())))


@st.composite
def blocks(draw: st.DrawFn, kinds: tuple[BlockKind, ...] = tuple(BlockKind)) -> Block:
    """A block of one of the kinds."""
    kind = draw(st.sampled_from(kinds))
    has_level = kind in (BlockKind.HEADING, BlockKind.LIST_ITEM)
    return Block(
        kind=kind,
        text=draw(texts()),
        page=draw(st.one_of(st.none(), st.integers(1, 400))),
        level=draw(st.integers(1, 6)) if has_level else 0,
    )


@st.composite
def documents(draw: st.DrawFn, max_blocks: int = 8) -> Document:
    """A report as it was read."""
    return Document(
        name=draw(st.sampled_from(["report.pdf", "évaluation finale.docx", "a.txt"])),
        blocks=tuple(draw(st.lists(blocks(), max_size=max_blocks))),
        language=draw(st.sampled_from(["en", "fr", "es", "pt", "de", "und"])),
    )


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    """A passage by itself."""
    text = draw(paragraphs(max_sentences=4))
    report = draw(st.sampled_from(["report.pdf", "informe.docx"]))
    return Passage(
        id=passage_id(report, text, 1),
        report=report,
        order=draw(st.integers(1, 2000)),
        page=draw(st.one_of(st.none(), st.integers(1, 400))),
        heading=tuple(draw(st.lists(sentences(max_words=5), max_size=3))),
        language=draw(st.sampled_from(["en", "fr", "es", "pt"])),
        text=text,
        end=len(text),
    )
