import pytest

from whatworks.nlp.documents import Block, BlockKind
from whatworks.nlp.readers.blocks import (
    drop_marks,
    heading_level,
    join_interrupted,
    looks_like_heading,
    make_document,
    normalise,
    typed_block,
)


def test_white_space_accents_and_invisible_signs_are_normalised() -> None:
    assert normalise(" so\u00adcial\u200b  e\u0301tat\u00a0\n civil ") == "social état civil"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It worked.¹ And then²,³ it stopped.", "It worked. And then it stopped."),
        ("It worked.[12] See [the page](http://x.org/(a)).", "It worked. See the page."),
        ("40 km² and 10³ and Table [2a].", "40 km² and 10³ and Table [2a]."),
    ],
)
def test_footnote_marks_go_and_powers_stay(text: str, plain: str) -> None:
    assert drop_marks(text) == plain


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("3 Findings", 1),
        ("► 3.2 Findings", 2),
        ("3.2.1.1. Findings", 4),
        ("Annexe 2 : Sources", 1),
        ("Chapter IV", 1),
        ("Partie prenante", 0),
        ("2019 was a good year", 0),
        ("Findings", 0),
    ],
)
def test_numbers_tell_the_level_of_a_heading(text: str, level: int) -> None:
    assert heading_level(text) == level


@pytest.mark.parametrize("text", ["3.2 Findings", "¿Qué funciona?", "Lessons learned", "Annex"])
def test_short_lines_without_a_stop_look_like_headings(text: str) -> None:
    assert looks_like_heading(text)


@pytest.mark.parametrize("text", ["It works.", "The reasons:", "of the fund", "12", "word " * 20])
def test_cut_or_closed_lines_do_not_look_like_headings(text: str) -> None:
    assert not looks_like_heading(text)


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("³ See the annex.", BlockKind.FOOTNOTE, "See the annex."),
        ("Tabla 3: Costos", BlockKind.CAPTION, "Tabla 3: Costos"),
        ("Fuente: Ministerio", BlockKind.CAPTION, "Fuente: Ministerio"),
        ("Figure 3 shows the costs.", BlockKind.PARAGRAPH, "Figure 3 shows the costs."),
        ("2.1 Costs ........ 14", BlockKind.CONTENTS, "2.1 Costs ........ 14"),
        ("• Costs", BlockKind.LIST_ITEM, "Costs"),
        ("iv) Costs", BlockKind.LIST_ITEM, "Costs"),
        ("– Costs", BlockKind.LIST_ITEM, "Costs"),
        ("o Costs", BlockKind.LIST_ITEM, "Costs"),
        ("o custo subiu", BlockKind.PARAGRAPH, "o custo subiu"),
        ("-5 per cent", BlockKind.PARAGRAPH, "-5 per cent"),
        ("2.5 million was spent.", BlockKind.PARAGRAPH, "2.5 million was spent."),
    ],
)
def test_signs_typed_in_a_text_tell_its_kind(text: str, kind: BlockKind, rest: str) -> None:
    block = typed_block(text, 4)
    assert (block.kind, block.text, block.page) == (kind, rest, 4)


def test_only_paragraphs_that_were_cut_are_joined() -> None:
    cut = Block(BlockKind.PARAGRAPH, "The members of the twelve cooperatives in the north and", 1)
    note = Block(BlockKind.FOOTNOTE, "A note", 1)
    rest = Block(BlockKind.PARAGRAPH, "South Sudan agreed.", 2)
    label = Block(BlockKind.PARAGRAPH, "Some label", 2)
    small = Block(BlockKind.PARAGRAPH, "in lower case", 2)
    assert [b.text for b in join_interrupted([cut, note, rest, label, small])] == [
        "The members of the twelve cooperatives in the north and South Sudan agreed.",
        "A note",
        "Some label",
        "in lower case",
    ]


def test_a_document_drops_empty_blocks_and_finds_its_title() -> None:
    blocks = [Block(BlockKind.PARAGRAPH, " "), Block(BlockKind.HEADING, "Findings", level=1)]
    assert make_document("a.txt", blocks).title == "Findings"
    assert make_document("a.txt", blocks, title=" A  title ").title == "A title"
    assert len(make_document("a.txt", blocks).blocks) == 1
