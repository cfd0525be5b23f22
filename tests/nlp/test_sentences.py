from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import texts
from whatworks.nlp.sentences import split_sentences


def sentences_of(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["The unit (e.g. Dr. J. Smith et al.) met i.e. No. 202 was read.", "It ended."]),
        ("en", ["It cost 3.5 million vs. 2.1 million before.", "See Art. 4, para. 12 and Fig. 3."]),
        ("en", ["The answer is no.", "It came in Dec. 2019.", "Officials of the U.S. agreed."]),
        ("en", ["What works?", "What does not!", "“It lasted.”", "So they said."]),
        ("en", ["(See the annex.)", "Then it stopped.", "Annex B.", "The end."]),
        ("en", ["Finding 3. The plan held.", "1. First it rained.", "2. Then it cleared."]),
        ("fr", ["M. Diallo, p. ex., est venu.", "Cf. l'art. 5 et le no. 202.", "« Oui. »", "Non."]),
        ("fr", ["M.\u00a0Diallo\u00a0: «\u00a0Oui.\u00a0»", "Mme.\u00a0Traoré aussi."]),
        ("es", ["El Sr. Pérez, p. ej. en el Art. 4, dijo.", "¿Qué funciona?", "¡Todo!"]),
        ("es", ["La Sra. López apoyó el núm. 202.", "El n.º 3 vale 1.500 pesos."]),
        ("pt", ["O Sr. Silva e a Dra. Costa, p. ex. no n.º 202, falaram.", "O Art. 5.º vale."]),
        ("pt", ["A Profa. Lima veio.", "Gastaram-se aprox. 30 milhões."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language: str, sentences: list[str]) -> None:
    assert sentences_of(" ".join(sentences), language) == sentences


def test_a_footnote_mark_belongs_to_the_sentence_before_it() -> None:
    assert sentences_of("The end.¹ Next one.") == ["The end.¹", "Next one."]


def test_a_stop_without_a_blank_ends_a_sentence_but_not_an_address() -> None:
    text = "The roads opened.The trade grew. See www.example.org. It helps."
    assert sentences_of(text)[:2] == ["The roads opened.", "The trade grew."]
    assert "See www.example.org." in sentences_of(text)


def test_a_long_quotation_is_cut_inside() -> None:
    quotation = "“" + " ".join(["The fund paid the nurses late in every single quarter."] * 9) + "”"
    assert len(sentences_of(quotation)) == 9


def test_nothing_gives_no_sentence() -> None:
    assert split_sentences("", "en") == []
    assert split_sentences("  \u00a0 ", "fr") == []


@settings(deadline=None)
@given(text=st.one_of(texts(), st.text(max_size=80)), language=st.sampled_from(["en", "fr", "xx"]))
def test_spans_hold_all_text_in_order_without_margins(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    kept = "".join("".join(text[a:b].split()) for a, b in spans)
    assert kept == "".join(text.split())
