"""Values written as YAML are read back as they were."""

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from whatworks.labels.codebook_editing.writing import clean, item_lines, key_lines, one_line

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
TRICKY = (
    """- a|a: b|a #b|#a|'|"|{a}|[a|no|null|~|3.10|2026-11-23|*a|&a|!a|%a|@a|`a|>-|? a|a:|---|<<|="""
)
tricky = st.sampled_from([*TRICKY.split("|"), "|", "a\u00a0b", ""])
long = st.lists(texts | tricky, min_size=1, max_size=30).map(" ".join)


def read(lines: list[str]) -> object:
    return yaml.load("\n".join(lines) + "\n", Loader=yaml.BaseLoader)


@example(f"{'0' * 90} \xa0", 0)
@example(f"{'0' * 90} \xa0 {'0' * 90}", 4)
@given(texts | tricky | long, st.integers(0, 8))
def test_any_text_is_read_back_whole(text: str, indent: int) -> None:
    text = clean(text)
    pad = " " * indent
    lines = [f"{pad}before: 1", *key_lines("definition", text, indent), f"{pad}after: 2"]
    assert read(lines) == {"before": "1", "definition": text, "after": "2"}


@given(st.lists(texts | tricky | long, max_size=5), st.booleans())
def test_any_list_is_read_back_whole(items: list[str], flow: bool) -> None:
    items = [one_line(one) for one in items]
    assert read(key_lines("include", items, 2, flow=flow)) == {"include": items}


@given(st.dictionaries(st.sampled_from(["en", "fr", "no", "y"]), texts | tricky, min_size=1))
def test_any_entry_is_read_back_whole(names: dict[str, str]) -> None:
    names = {language: one_line(name) for language, name in names.items()}
    entry = {"id": "fees", "names": names, "examples": [{"text": "a: b", "language": "no"}]}
    assert read(item_lines(entry, 4)) == [entry]


def test_lines_are_no_longer_than_those_of_shipped_codebooks() -> None:
    lines = key_lines("definition", "What users pay for water. " * 20, 8)
    assert lines[0] == "        definition: >-"
    assert max(map(len, lines)) <= 100


def test_paragraphs_stay_paragraphs() -> None:
    assert key_lines("definition", "One.\n\nTwo.", 2) == [
        "  definition: |-",
        "    One.",
        "",
        "    Two.",
    ]


def test_what_no_file_can_hold_is_left_out_and_no_break_spaces_stay() -> None:
    assert clean(" Qui\u00a0?\r\n a\tb\x00\x07  c \u2028d\ufeff ") == "Qui\u00a0?\na b c\nd"
    assert one_line("two\n\n  lines") == "two lines"
