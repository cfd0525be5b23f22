"""Single signs in a PDF: ligatures, odd spaces, bullets, footnote marks."""

import re

BULLETS = "•▪▫■□●○◦◆◇►▶▸▻➢➤➔✓✔❖⁃‣∙·⮚☐✦★"
DASH_BULLETS = "–—-*−"
"""Signs that begin a list item only where the place of the line says so."""

_REPLACED = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "\x02": "-", "\ufffe": "-", "\u2010": "-", "\u2011": "-", "\u00ad": "\u00ad",
    "\uf0b7": "•", "\uf0a7": "▪", "\uf06e": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf02d": "–",
    "\uf076": "❖", "\uf0a8": "□", "\uf071": "□", "\uf0e0": "➔", "\u02da": "°",
    "\u202f": " ", "\u3000": " ", "\ufeff": "", "\u200b": "", "\u200c": "", "\u200d": "",
}  # fmt: skip
_TABLE: dict[int, str | None] = {ord(sign): text for sign, text in _REPLACED.items()}
_TABLE |= dict.fromkeys(
    [*range(2), *range(3, 9), *range(14, 32), 127, 0xFFFD, *range(0xD800, 0xE000)]
)
_TABLE |= {code: None for code in range(0xE000, 0xF900) if code not in _TABLE}

_SYMBOLS = {
    "§": "▪", "Ø": "➢", "ü": "✓", "q": "□", "v": "❖", "·": "•", "à": "➔", "n": "■", "l": "●",
    "u": "◆", "Ÿ": "•", "¨": "□", "ð": "➔", "è": "➔", "w": "◆", "o": "□",
}  # fmt: skip
_SIGN_ALONE = re.compile(
    rf"[{re.escape(BULLETS + DASH_BULLETS)}o]|\(?(?:\d{{1,2}}|[a-z]|[ivx]{{1,5}})\)|"
    r"(?:\d{1,2}|[a-zA-Z]|[IVX]{1,5})\.|\d{1,2}(?:\.\d{1,2}){1,4}\.?"
)
_MARK = re.compile(
    r"(?:\d{1,3}|[*†‡§]{1,3}|[a-z])(?:[,;\s-]+(?:\d{1,3}|[*†‡§]{1,3}|[a-z]))*,?|[,;]"
)
_UNIT = re.compile(r"(?:^|[\s\d/])(?:k|c|m)?m$")
_AFTER_ORDINAL = re.compile(r"\d$|\b[nN]$")
_WRITTEN_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:!?)\]”»\"'’])[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,\s][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*")


def clean_glyphs(text: str) -> str:
    """The text with ligatures spelt out and control signs and empty signs removed."""
    return text if text.isascii() and "\x02" not in text else text.translate(_TABLE)


def sign_of_symbol(text: str) -> str:
    """The bullet or arrow that a letter of a font such as Wingdings shows."""
    return _SYMBOLS.get(text, text)


def is_sign(text: str) -> bool:
    """Whether a text is nothing but a bullet, dash or number that begins a list item or heading."""
    return bool(_SIGN_ALONE.fullmatch(text))


def is_mark(text: str, before: str) -> bool:
    """Whether raised text is a footnote mark, and no square metre or ordinal."""
    if not _MARK.fullmatch(text):
        return False
    if text.isalpha():
        return not _AFTER_ORDINAL.search(before)
    return not (text in "23" and _UNIT.search(before))


def without_written_marks(text: str) -> str:
    """The text without marks written with superscript digits ('possible.¹'); km² stays."""

    def keep_units(match: re.Match[str]) -> str:
        before = text[: match.start()]
        return match[0] if match[0] in "²³" and _UNIT.search(before) else ""

    return _WRITTEN_MARK.sub(keep_units, text)
