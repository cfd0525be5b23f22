import pytest

from whatworks.nlp.languages import LANGUAGES, detect_language, passage_language, prose_language

PROSE = {
    "en": "Strong ownership by the ministry explains why the reform was adopted without delay.",
    "fr": "L'appropriation par le ministère explique pourquoi la réforme a été adoptée sans délai.",
    "es": "La apropiación por parte del ministerio explica por qué se aprobó la reforma a tiempo.",
    "pt": "A apropriação pelo ministério explica por que a reforma foi aprovada sem demora.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_supported_language_is_told(language: str) -> None:
    assert detect_language(PROSE[language]) == language


@pytest.mark.parametrize("text", ["", "   ", "12 345", "SPF 2012", "www.example.org/a/b", "• ▶ |"])
def test_too_little_text_is_undetermined(text: str) -> None:
    assert detect_language(text) == "und"


def test_other_languages_are_named_and_not_forced_into_the_four() -> None:
    assert detect_language("Die Evaluierung wurde im vergangenen Jahr abgeschlossen.") == "de"


def test_line_breaks_and_capitals_do_not_mislead() -> None:
    assert detect_language(PROSE["fr"].upper().replace(" ", "\n")) == "fr"


def test_a_short_passage_takes_its_documents_language() -> None:
    assert passage_language("Governo local", "en") == "en"


def test_a_long_clear_passage_keeps_its_own_language() -> None:
    assert passage_language(PROSE["es"], "en") == "es"


def test_a_passage_of_a_document_without_language_is_judged_alone() -> None:
    assert passage_language(PROSE["pt"], "und") == "pt"


def test_most_of_the_prose_decides_for_a_document() -> None:
    texts = [PROSE["pt"]] * 3 + [PROSE["en"], "Anexo 1", ""]
    assert prose_language(texts) == "pt"


def test_many_short_texts_tell_together() -> None:
    assert prose_language(["Las mujeres", "El agua", "Los niños", "La escuela"]) == "es"
    assert prose_language([]) == "und"
