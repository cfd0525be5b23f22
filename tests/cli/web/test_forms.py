import pytest
from starlette.datastructures import FormData, UploadFile

from whatworks.cli.web.forms import number_of, seconds_of, text_in, texts_in, theme_named
from whatworks.labels.codebook import load_codebook


def test_fields_that_are_missing_or_files_are_empty() -> None:
    form = FormData([("a", "1"), ("a", ""), ("a", "2"), ("f", UploadFile(None))])  # type: ignore[arg-type]

    assert (text_in(form, "a"), text_in(form, "b"), text_in(form, "f")) == ("2", "", "")
    assert texts_in(form, "a") == ["1", "2"]
    assert texts_in(form, "f") == []


@pytest.mark.parametrize(
    ("given", "found"),
    [("12", 12), ("0", 0), ("", None), ("-1", None), ("1.5", None), ("٣", None), ("9" * 10, None)],
)
def test_numbers_are_whole_and_fit_an_id(given: str, found: int | None) -> None:
    assert number_of(given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [("8.5", 8.5), ("", None), ("-1", None), ("nan", None), ("inf", None), ("86400", None)],
)
def test_seconds_that_cannot_be_right_are_none(given: str, found: float | None) -> None:
    assert seconds_of(given) == found


def test_a_theme_is_known_by_its_name_in_any_language() -> None:
    codebook = load_codebook()

    assert theme_named(codebook, " local  PRESENCE ") == "local-presence"
    assert theme_named(codebook, "Présence locale") == "local-presence"
    assert theme_named(codebook, "no such theme") == "no such theme"
