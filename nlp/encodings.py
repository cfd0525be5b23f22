"""Bytes of a text file in, text out, whatever it was written with."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from .errors import UnreadableReportError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SURE = frozenset({"utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"})
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
# What English, French, Spanish and Portuguese set beyond ASCII.
_WESTERN = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒŠŽß"
    "‘’“”«»–—…•·¿¡ºª°§€£%©®™²³¹½¼¾±×\xa0\xad†‹›"
)
_MOSTLY = 0.9
_MAX_ACCENTS = 0.4
_SAMPLE = 64_000
_STRETCH = 1_000_000


def decode(data: bytes, path: str | Path, declared: str | None = None) -> tuple[str, list[str]]:
    r"""The text of a file and what a user should know about its reading.

    Tried in this order: byte order mark, UTF-16 without one, UTF-8, the encoding the file
    declares itself to be in, Windows-1252 (which holds Latin-1), and what charset-normalizer
    makes of it. Line ends become ``\n``.

    Raises:
        UnreadableReportError: The bytes are no text.
    """
    encoding = _encoding(data, declared)
    text = data.decode(encoding, errors="replace") if encoding else ""
    if encoding is None or _is_junk(text):
        raise UnreadableReportError(
            path, "It is not a text file.", "Check that it is complete and has the right ending."
        )
    warnings: list[str] = []
    if encoding not in _SURE and encoding != declared and not encoding.startswith("utf-16"):
        warnings.append(f"Its encoding was guessed to be {encoding}.")
    if "\0" in text:
        text = text.replace("\0", "")
        warnings.append("NUL bytes were removed from its text.")
    if "\ufffd" in text:
        warnings.append(f"{text.count(chr(0xFFFD))} of its characters could not be decoded.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), warnings


def encoding_of(path: Path) -> str:
    """The encoding of a long file, told as in ``decode`` but a stretch at a time.

    Raises:
        UnreadableReportError: The bytes are no text.
        OSError: The file cannot be opened.
    """
    with path.open("rb") as file:
        first = stretch = file.read(_STRETCH)
        encoding = _encoding(first, None)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            # The first accents may stand far behind the first stretch.
            while stretch and encoding in ("utf-8", "cp1252", "latin-1"):
                decoder.decode(stretch)
                stretch = file.read(_STRETCH)
                encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = _encoding(stretch, None)
    if encoding is None or _is_junk(first.decode(encoding, errors="replace")):
        raise UnreadableReportError(
            path, "It is not a text file.", "Check that it is complete and has the right ending."
        )
    return encoding


def _encoding(data: bytes, declared: str | None) -> str | None:
    """The name of the encoding, None where the bytes look like no text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if wide := _wide(data):
        return wide
    if _decodes(data, "utf-8"):
        return "utf-8"
    damaged = data.decode("utf-8", errors="replace")
    # A few broken bytes among many sound accents: cut or patched UTF-8, not another encoding.
    broken = damaged.count("\ufffd")
    if sum(char > "\x7f" for char in damaged) - broken > 4 * broken:
        return "utf-8"
    if declared and _decodes(data, declared):
        return declared
    windows = "cp1252" if _decodes(data, "cp1252") else "latin-1"
    text = data.decode(windows)
    accents = [char for char in text if char > "\x7f"]
    western = sum(char in _WESTERN for char in accents) >= _MOSTLY * len(accents)
    # Where every letter has an accent, another alphabet is read as the wrong one.
    if western and len(accents) < _MAX_ACCENTS * sum(map(str.isalpha, text)):
        return windows
    best = from_bytes(data[:_SAMPLE]).best()
    return best.encoding if best else None


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _wide(data: bytes) -> str | None:
    """The UTF-16 that a file without byte order mark is in: every other byte of it is NUL."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    return None


def _is_junk(text: str) -> bool:
    sample = text[:_SAMPLE]
    strange = len(_CONTROL.findall(sample)) + sample.count("\ufffd")
    nuls = sample.count("\0")
    return bool(sample) and (strange > 0.05 * len(sample) or nuls > 0.3 * len(sample))
