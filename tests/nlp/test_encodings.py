import codecs
from pathlib import Path

import pytest

from whatworks.nlp.encodings import decode, encoding_of
from whatworks.nlp.errors import UnreadableReportError

TEXT = "L’évaluation a constaté à Bogotá que não há gestão; mañana — “¿sí?”\n"
LATIN = "La evaluación constató que não há gestão: où, ça, là, ñ.\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        TEXT.encode("cp1252"),
    ],
)
def test_western_text_is_read_in_every_usual_encoding(data: bytes, tmp_path: Path) -> None:
    assert decode(data, "a.txt") == (TEXT, [])
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert path.read_text(encoding=encoding_of(path)).lstrip("\ufeff") == TEXT


def test_latin_1_is_read_without_a_word_about_it() -> None:
    assert decode(LATIN.encode("latin-1"), "a.txt") == (LATIN, [])


def test_other_alphabets_are_guessed_with_a_warning() -> None:
    text = "Оценка показала, что проект был полезен для жителей района. " * 5
    decoded, warnings = decode(text.encode("cp1251"), "a.txt")
    assert decoded == text
    assert "guessed" in warnings[0]


def test_line_ends_become_one_kind() -> None:
    assert decode(b"a\r\nb\rc\n", "a.txt")[0] == "a\nb\nc\n"


def test_nul_bytes_are_removed_with_a_warning() -> None:
    text, warnings = decode(b"The pro\0ject worked well.\0", "a.txt")
    assert text == "The project worked well."
    assert "NUL" in warnings[0]


def test_cut_utf_8_is_not_taken_for_another_encoding() -> None:
    text, warnings = decode(TEXT.encode() * 3 + "é".encode()[:1], "a.txt")
    assert text.startswith(TEXT)
    assert "1 of its characters" in warnings[0]


def test_a_declared_encoding_is_believed_where_it_decodes() -> None:
    text = "Αξιολόγηση"
    assert decode(text.encode("iso8859_7"), "a.html", "iso-8859-7")[0] == text
    assert decode(LATIN.encode("latin-1"), "a.html", "no-such-code")[0] == LATIN


@pytest.mark.parametrize("data", [bytes(range(32)) * 40, b"\0" * 400])
def test_binary_junk_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableReportError, match="not a text file"):
        decode(data, "a.txt")


def test_accents_far_behind_the_start_decide_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"plain text\n" * 200_000 + LATIN.encode("latin-1"))
    assert encoding_of(path) == "cp1252"
