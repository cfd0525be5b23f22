"""What the readers share: how a line or paragraph looks that is no plain prose."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ..documents import Block, BlockKind, Document
from ..languages import prose_language
from .pdf_glyphs import BULLETS, clean_glyphs, without_written_marks

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]"
)
_BULLET = re.compile(
    rf"(?:[-–—*+−]\s+)?[{re.escape(BULLETS)}]+\s*(?=\S)|[-–—*+−]\s+(?=\S)|o\s+(?=[A-ZÀ-Þ])"
)
_ENUMERATED = re.compile(
    r"(?:\((?:\d{1,3}|[a-z]|[ivx]{1,5})\)|(?:\d{1,3}|[a-z]|[ivx]{1,5})\)|\d{1,3}\.(?!\d)|[a-z]\.)\s+(?=\S)"
)
_NUMBERED_HEADING = re.compile(
    r"(?:(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+|(?P<part>(?i:chapter|chapitre|capítulo|annexe?|"
    r"anexo|appendix|apéndice|apêndice|part|partie|parte))\b(?:\s+(?:\d+|[IVXLC]+|[A-Z])\b)?"
    r"(?:\s*[:.–—-]+\s*|$))(?=[^\W\d_]|[¿¡“\"«'‘(]|$)"
)
_CAPTION = re.compile(
    r"(?:table|figure|fig\.|box|chart|graph|map|photo|exhibit|tableau|graphique|encadré|carte|"
    r"cuadro|tabla|gráfico|gráfica|figura|recuadro|mapa|quadro|tabela|caixa|ilustración|imagem)"
    r"\s*(?:n[°ºo.]+\s*)?(?:[A-Z]?\d+(?:[.\-–]\d+)*|[IVX]+)(?:\s*[.:|]|\s+[–—-]|$)|"
    r"(?:sources?|fuentes?|fontes?)\s?:",
    re.I,
)
_FOOTNOTE = re.compile(r"(?:[¹²³⁰⁴-⁹]+|\[\^?\d{1,3}\]:?)\s*(?=[^\W\d_]|[“\"«'‘(<])")
_CONTENTS_LINE = re.compile(r"\S\s*(?:(?:\.\s?){4,}|…{2,}|_{4,})\s*(?:\d{1,4}|[ivxl]{1,6})\s*$")
_BRACKET_MARK = re.compile(r"(?<=[\w.,;:!?)”\"»’%])\[\^?\d{1,3}\](?=[\s.,;:!?)]|$)")
_LINK = re.compile(r"!?\[([^\[\]]+)\]\((?:[^()\s]|\([^()]*\))*\)")
_UNFINISHED = re.compile(r"(?:[^\W_]|[,–—(-]|[)\]’'”\"»])$")
# No paragraph ends with one of these, unless a page end or a footnote cut it there.
_ARTICLES_AND_PREPOSITIONS = """
the an of in to and or with by for from at as its their this these which who de du des la le les un
une et ou à au aux en dans par pour avec sur que qui el los las y o con para por del al e da do das
dos os um uma em na no nas nos com pela pelo ao
"""
_OPEN_WORDS = frozenset(_ARTICLES_AND_PREPOSITIONS.split())
_CONTENTS_TAIL = 80
_MAX_HEADING_WORDS = 16
_HALF_WORD = re.compile(r"[^\W\d_]-$")
_MAX_CAPTION_WORDS = 40

MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
CONTENTS_TITLE = re.compile(
    r"(?:table of )?contents$|table des matières$|sommaire$|índice(?: general| geral)?$|"
    r"(?:tabla de )?contenidos?$|sumário$|conteúdo$",
    re.I,
)


def normalise(text: str) -> str:
    """The text on one line: single blanks, composed accents, no invisible characters."""
    text = _INVISIBLE.sub("", text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def drop_marks(text: str) -> str:
    """The text without footnote marks such as 'word.³' or 'word[12]', links by their text."""
    text = _BRACKET_MARK.sub("", without_written_marks(text))
    return _LINK.sub(r"\1", text) if "](" in text else text


def heading_level(text: str) -> int:
    """1 to 6 by the numbering of a heading ('3.2 Title' is 2), 0 for one without a number."""
    match = _NUMBERED_HEADING.match(without_bullet(text))
    if not match:
        return 0
    number = match["number"]
    return min(6, number.count(".") + 1) if number else 1


def names_a_part(text: str) -> bool:
    """Whether a line says what it begins: 'Chapter 2', 'Annexe 1 : Bibliographie'."""
    match = _NUMBERED_HEADING.match(without_bullet(text))
    return bool(match and match["part"])


def without_bullet(text: str) -> str:
    """The text without the bullet sign it begins with: headings and captions have them too."""
    match = _BULLET.match(text)
    return text[match.end() :] if match else text


def looks_like_heading(text: str) -> bool:
    """Whether a line by itself could be a heading: short, begins like one, no final stop."""
    text = without_bullet(text)
    words = text.split()
    if not words or len(words) > _MAX_HEADING_WORDS or len(text) > 150:
        return False
    start = _NUMBERED_HEADING.sub("", text, count=1).lstrip("¿¡“\"«'‘( ")
    if text[-1] in ".:;,!…" and start:
        return False
    return any(map(str.isalpha, text)) and (not start or not start[0].islower())


def typed_block(text: str, page: int | None = None, depth: int = 1) -> Block:
    """A paragraph as the block that the signs typed in it make it.

    A footnote ('¹ See …'), a caption or source line ('Table 2. …'), a line of contents
    ('2.1 Findings .... 14'), a bullet or numbered item ('• …', 'a) …'), else a paragraph.
    """
    text = normalise(clean_glyphs(text))
    if match := _FOOTNOTE.match(text):
        return Block(BlockKind.FOOTNOTE, text[match.end() :], page)
    if _CONTENTS_LINE.search(text[-_CONTENTS_TAIL:]):
        return Block(BlockKind.CONTENTS, text, page)
    bare = without_bullet(text)
    if _CAPTION.match(bare) and bare[0].isupper() and len(bare.split()) <= _MAX_CAPTION_WORDS:
        return Block(BlockKind.CAPTION, drop_marks(bare), page)
    numeral = _ENUMERATED.match(bare)
    if bare != text or numeral:
        bare = bare[numeral.end() :] if numeral else bare
        return Block(BlockKind.LIST_ITEM, drop_marks(bare), page, depth)
    return Block(BlockKind.PARAGRAPH, drop_marks(text), page)


def typed_blocks(text: str, page: int | None = None) -> list[Block]:
    """A paragraph that may hold line breaks: one block, or the items of a list typed with them."""
    lines = [line for line in text.split("\n") if line.strip()]
    blocks = [typed_block(line, page) for line in lines]
    if len(blocks) > 1 and any(block.kind is BlockKind.LIST_ITEM for block in blocks[1:]):
        return blocks
    return [typed_block(text, page)]


def join_interrupted(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, with each paragraph made whole that a footnote, page or table cut in two.

    Cut is what ends without a stop where the next paragraph goes on in lower case, or what ends
    with an article or a preposition.
    """
    joined: list[Block] = []
    between = (BlockKind.FOOTNOTE, BlockKind.TABLE, BlockKind.CAPTION)
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH:
            before = next(
                (i for i in range(len(joined) - 1, -1, -1) if joined[i].kind not in between), None
            )
            if before is not None and _is_cut(joined[before], block.text):
                first = joined[before]
                # A word cut by the page end, too; a dash between words has a blank before it.
                half = _HALF_WORD.search(first.text)
                text = first.text[:-1] + block.text if half else f"{first.text} {block.text}"
                joined[before] = Block(first.kind, text, first.page, first.level)
                continue
        joined.append(block)
    return joined


def _is_cut(block: Block, following: str) -> bool:
    words = block.text.split()
    # Short lines without a stop are labels and list items, whole as they stand.
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or len(words) <= 8:
        return False
    if following[:1].islower():
        return bool(_UNFINISHED.search(block.text))
    return block.kind is BlockKind.PARAGRAPH and words[-1] in _OPEN_WORDS


def join_contents(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, with the lines of a contents page as one block."""
    joined: list[Block] = []
    for block in blocks:
        if joined and block.kind is joined[-1].kind is BlockKind.CONTENTS:
            first = joined[-1]
            joined[-1] = Block(first.kind, f"{first.text}\n{block.text}", first.page)
        else:
            joined.append(block)
    return joined


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """A table as a block's text: a line a row, ' | ' between cells; empty rows left out."""
    lines = (" | ".join(normalise(cell) for cell in row) for row in rows)
    return "\n".join(line for line in lines if line.replace("|", "").strip())


def make_document(
    name: str,
    blocks: Iterable[Block],
    *,
    title: str = "",
    pages: int | None = None,
    warnings: Iterable[str] = (),
) -> Document:
    """The document of the blocks that hold text, with its language and, failing one, its title.

    Paragraphs that were cut in two and the lines of a contents page are joined.
    """
    kept = tuple(join_contents(join_interrupted(block for block in blocks if block.text.strip())))
    prose = [b.text for b in kept if b.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)]
    first = next((b.text for b in kept if b.kind is BlockKind.HEADING and b.level <= 1), "")
    return Document(
        name=name,
        blocks=kept,
        language=prose_language(prose or [block.text for block in kept]),
        title=normalise(title) or first,
        pages=pages,
        warnings=tuple(warnings),
    )
