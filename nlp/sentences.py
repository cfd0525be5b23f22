"""Where the sentences of a text begin and end."""

import re
from itertools import pairwise

import sentencex

from .languages import LANGUAGES

# What the splitter does not know of evaluation reports, by what must follow for the stop to be
# an abbreviation's. One list for all languages: reports quote titles and laws of the others.
_TITLES_AND_SIGNS = """
dr dra drs mr mrs ms prof profa profs sr sra srs sras srta mme mmes mlle mm exmo exma hon rev gen
gral lic ing eng arq st ste sto sta e.g i.e eg ie cf vs approx aprox env viz c.-à-d c-à-d p.ej p.ex
v.gr v.g ud uds vol núm nro art arts fig figs págs pp chap ee resp incl excl
"""
_PLACES_AND_MONTHS = """
no nos n nº p pg pág pag para paras par ch cap caps sec sect séc tab ref refs res rec conv col ed
inc lit al art num cuadro anx app ca jan feb febr mar apr jun jul aug sep sept oct nov dec janv févr
fév avr juil déc ene abr ago dic fev dez
"""
_BEFORE_ANYTHING = frozenset(_TITLES_AND_SIGNS.split())
_BEFORE_NUMBER = frozenset(_PLACES_AND_MONTHS.split())
_TWO_WORDS = re.compile(r"(?:^|[\s(«“\"])(?:p\.\s?(?:ej|ex)|par\s+ex|por\s+ej|et\s+al)\.$", re.I)
_LAST_TOKEN = re.compile(r"(\S+)$")
_INITIAL = re.compile(r"(?:^|[\s(\-])[A-ZÀ-Þ]\.$")
# 'Annex B. The …' ends a sentence, 'J. Smith' does not.
_LETTERED = re.compile(
    r"\b(?:annex|annexe|anexo|appendix|apéndice|apêndice|phase|plan|plano|option|opción|opção|group|"
    r"groupe|grupo|part|partie|parte|section|sección|secção|table|box|type|category|vitamin|"
    r"hepatitis)\s+[A-Z]\.$",
    re.I,
)
# '1.', '(iv)', 'Finding 3.': a label belongs to what it labels.
_ENUMERATOR = re.compile(
    r"^\(?(?:(?:[^\W\d_]+\s)?\d{1,3}(?:\.\d{1,2})*|[A-Za-z]|[ivxIVX]{1,5})[.)]$"
)
_ADDRESS = re.compile(r"www\.|https?:|[/@]")
_MARKS = re.compile(r"[¹²³⁰⁴-⁹]+(?=\s|$)|(?:\[\d{1,3}\])+(?=\s|$)")
_NUMBER_AHEAD = re.compile(r"[(\[]?(?:\d|[IVXLC]+\b(?!\s+[a-z])|n[.º°])")
# Ends that the splitter passes over: after a closing bracket, and inside long quotations.
_CLOSED_END = re.compile(r"[.!?][)\]]\s+(?=[“\"«(¿¡]?[A-ZÀ-Þ])")
_PLAIN_END = re.compile(r"(?<=[\w)%\]”\"»’'][.!?])[”\"»’')\]]*\s+(?=[“\"«‘(¿¡]*\s?[A-ZÀ-Þ0-9])")
_WIDE_SPACE = re.compile(r"[^\S\n]")
_LONG_WORDS = 60
_NEAR = 120


def _joins(left: str, right: str, has_space: bool) -> bool:
    """Whether what looks like a sentence end between two pieces is none."""
    first = right[0]
    if first.islower() or first in "ºª°)]»”,;:.!?%…":
        return True
    if not any(map(str.isalpha, right)):
        return True
    if _ENUMERATOR.match(left):
        return True
    token = match.group(1) if (match := _LAST_TOKEN.search(left)) else ""
    if not has_space and (not first.isupper() or _ADDRESS.search(token)):
        return True
    if not left.endswith("."):
        return False
    if _INITIAL.search(left):
        return not _LETTERED.search(left) and first.isalpha()
    if _TWO_WORDS.search(left):
        return not left.lower().endswith("al.") or first in "([&"
    word = token[:-1].lstrip("(«“\"[¿¡'’").lower()
    if "’" in word or "'" in word:  # l'art., d’env.
        word = re.split("[’']", word)[-1]
    if word in _BEFORE_ANYTHING:
        return True
    return word in _BEFORE_NUMBER and bool(_NUMBER_AHEAD.match(right))


def _candidates(text: str, language: str) -> list[int]:
    """Offsets where a sentence may begin, in order, without 0."""
    # The splitter panics on a white space of several bytes, such as the one in 'M. Diallo'.
    plain = _WIDE_SPACE.sub(" ", text)
    pieces = sentencex.segment(language if language in LANGUAGES else "en", plain)
    found: set[int] = set()
    position = 0
    for piece in pieces:
        # The pieces follow each other but may leave out white space between them.
        start = plain.find(piece, position) if piece else -1
        if start < 0:
            continue
        if start - position and text[position:start].strip():
            start = position
        found.add(start)
        position = start + len(piece)
        if len(piece.split()) > _LONG_WORDS:
            found.update(start + match.end() for match in _PLAIN_END.finditer(piece))
        else:
            found.update(start + match.end() for match in _CLOSED_END.finditer(piece))
    return sorted(offset for offset in found if 0 < offset < len(text))


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, in characters, without surrounding white space.

    The spans follow each other and hold every character that is not white space. Abbreviations,
    initials, enumerators ('1.'), decimals and bracketed asides do not end a sentence.

    Args:
        text: One paragraph, white space normalised.
        language: ISO 639-1; any other than the supported ones is split by English rules.

    >>> text = "La Sra. López llegó. Véase el Art. 4."
    >>> [text[start:end] for start, end in split_sentences(text, "es")]
    ['La Sra. López llegó.', 'Véase el Art. 4.']
    """
    bounds = [0]
    for offset in _candidates(text, language):
        if marks := _MARKS.match(text, offset):
            offset = marks.end()  # a footnote mark belongs to the sentence before it
        left = text[max(bounds[-1], offset - _NEAR) : offset].strip()
        right = text[offset : offset + _NEAR].lstrip()
        has_space = text[offset - 1].isspace() or text[offset : offset + 1].isspace()
        if left and right and not _joins(left, right, has_space):
            bounds.append(offset)
    bounds.append(len(text))
    spans = []
    for start, end in pairwise(bounds):
        piece = text[start:end]
        if stripped := piece.strip():
            begin = start + len(piece) - len(piece.lstrip())
            spans.append((begin, begin + len(stripped)))
    return spans
