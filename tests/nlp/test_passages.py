from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import documents, paragraphs
from whatworks.nlp.documents import Block, BlockKind, Document
from whatworks.nlp.passages import Passage, passage_id, split_document
from whatworks.nlp.sentences import split_sentences

SENTENCE = "The fund was set up with the ministry and paid every claim within one month."
LONG = " ".join([SENTENCE] * 16)


def heading(text: str, level: int) -> Block:
    return Block(BlockKind.HEADING, text, 1, level)


def prose(text: str, page: int | None = None) -> Block:
    return Block(BlockKind.PARAGRAPH, text, page)


def item(text: str, level: int = 1) -> Block:
    return Block(BlockKind.LIST_ITEM, text, None, level)


def split(*blocks: Block) -> list[Passage]:
    return split_document(Document("report.pdf", blocks, "en"))


def test_only_prose_and_bullets_become_passages() -> None:
    others = [Block(kind, SENTENCE) for kind in BlockKind]
    assert [p.kind for p in split(*others)] == [BlockKind.PARAGRAPH, BlockKind.LIST_ITEM]


def test_a_paragraph_up_to_the_limit_stays_whole() -> None:
    text = " ".join([SENTENCE] * 7)
    assert [p.text for p in split(prose(text))] == [text]


def test_a_long_paragraph_is_cut_into_like_parts() -> None:
    words = [len(p.text.split()) for p in split(prose(LONG))]
    assert len(words) == 4
    assert max(words) - min(words) <= len(SENTENCE.split())


def test_no_tiny_tail_is_left() -> None:
    text = " ".join([SENTENCE] * 8) + " It lasts."
    assert min(len(p.text.split()) for p in split(prose(text))) >= 20


def test_a_single_long_sentence_stays_whole() -> None:
    text = "word " * 150 + "end."
    assert [p.text for p in split(prose(text))] == [text]


def test_headings_form_a_path_by_their_levels() -> None:
    passages = split(
        heading("Findings", 1),
        heading("Relevance", 3),
        prose(SENTENCE),
        heading("Results", 2),
        prose(SENTENCE),
        heading("Annex", 1),
        prose(SENTENCE),
    )
    assert [p.heading for p in passages] == [
        ("Findings", "Relevance"),
        ("Findings", "Results"),
        ("Annex",),
    ]


def test_bullets_carry_their_lead_in_and_short_ones_are_kept() -> None:
    lead_in = "The evaluation found two reasons why so few of the members paid their fees:"
    passages = split(prose(f"{SENTENCE} {lead_in}"), item("Low trust"), item("High cost"))
    assert [(p.text, p.lead_in) for p in passages[1:]] == [
        ("Low trust", lead_in),
        ("High cost", lead_in),
    ]
    assert passages[0].text.endswith(lead_in)


def test_a_mere_lead_in_is_no_passage_but_reaches_its_bullets() -> None:
    passages = split(
        prose("The reasons were:"), Block(BlockKind.FOOTNOTE, "See p. 3."), item("A cost")
    )
    assert [(p.text, p.lead_in) for p in passages] == [("A cost", "The reasons were:")]


def test_a_short_lead_in_without_bullets_stays_a_passage() -> None:
    assert [p.text for p in split(prose("The reasons were:"), prose(SENTENCE))] == [
        "The reasons were:",
        SENTENCE,
    ]


def test_nested_bullets_take_the_bullet_above_as_lead_in() -> None:
    passages = split(
        prose("There were these reasons:"),
        item("Money:"),
        item("late transfers", 2),
        item("Staff"),
        prose(SENTENCE),
        item("Unled"),
    )
    assert [p.lead_in for p in passages] == [
        "There were these reasons:",
        "Money:",
        "There were these reasons:",
        "",
        "",
    ]


def test_fragments_without_letters_and_stray_labels_are_left_out() -> None:
    blocks = prose("2"), prose("***"), prose("Chapter one"), item("3.5"), prose("It works.")
    assert [p.text for p in split(*blocks)] == ["It works."]


def test_a_foreign_passage_has_its_own_language() -> None:
    french = "L'appropriation par le ministère explique pourquoi la réforme a été adoptée."
    assert [p.language for p in split(prose(SENTENCE), prose(french))] == ["en", "fr"]


def test_repeated_texts_have_ids_of_their_own() -> None:
    passages = split(prose(SENTENCE), prose(SENTENCE))
    assert passages[0].id == passage_id("report.pdf", SENTENCE, 1)
    assert passages[1].id == passage_id("report.pdf", SENTENCE, 2)
    assert len({p.id for p in passages}) == 2


def test_ids_ignore_white_space_and_the_coding_of_accents() -> None:
    assert passage_id("a.pdf", "é  b", 1) == passage_id("a.pdf", "e\u0301\nb", 1)
    assert passage_id("a.pdf", "é b", 1) != passage_id("b.pdf", "é b", 1)
    assert len(passage_id("a.pdf", "é b", 1)) == 16


@settings(max_examples=50, deadline=None)
@given(document=documents())
def test_offsets_lead_to_the_text_and_orders_count_up(document: Document) -> None:
    passages = split_document(document)
    assert all(document.text[p.start : p.end] == p.text for p in passages)
    assert [p.order for p in passages] == list(range(1, len(passages) + 1))
    ends = [0, *(p.end for p in passages)]
    assert all(end <= p.start for end, p in zip(ends, passages, strict=False))
    assert len({p.id for p in passages}) == len(passages)


@settings(deadline=None)
@given(text=paragraphs(max_sentences=30))
def test_all_words_of_a_paragraph_are_in_its_passages(text: str) -> None:
    passages = split(prose(text + " The end of the matter."))
    assert " ".join(p.text for p in passages).split() == f"{text} The end of the matter.".split()


@settings(deadline=None)
@given(text=paragraphs(max_sentences=30))
def test_parts_of_several_sentences_keep_to_the_limit(text: str) -> None:
    for passage in split(prose(text)):
        if len(passage.text.split()) > 110:
            assert len(split_sentences(text[passage.start : passage.end], "en")) == 1


@settings(max_examples=50, deadline=None)
@given(document=documents())
def test_reading_again_gives_the_same_passages(document: Document) -> None:
    assert split_document(document) == split_document(replace(document))


@settings(max_examples=50, deadline=None)
@given(document=documents(), data=st.data(), text=paragraphs())
def test_editing_one_paragraph_changes_only_its_own_ids(
    document: Document, data: st.DataObject, text: str
) -> None:
    places = [i for i, b in enumerate(document.blocks) if b.kind is BlockKind.PARAGRAPH]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    edited_block = replace(document.blocks[place], text=text + " Edited here for good.")
    blocks = (*document.blocks[:place], edited_block, *document.blocks[place + 1 :])
    edited = replace(document, blocks=blocks)

    def parted(whole: Document) -> tuple[list[Passage], list[Passage]]:
        """The passages of the edited paragraph, and all others."""
        offset, block = list(whole.placed_blocks())[place]
        inside, outside = [], []
        for passage in split_document(whole):
            is_inside = offset <= passage.start and passage.end <= offset + len(block.text)
            (inside if is_inside and block.text else outside).append(passage)
        return inside, outside

    own_before, before = parted(document)
    own_after, after = parted(edited)
    assert [p.text for p in before] == [p.text for p in after]
    # Repetitions of the edited text elsewhere may be counted anew; nothing else changes.
    own = {passage_id(p.report, p.text, 1) for p in (*own_before, *own_after)}
    for old, new in zip(before, after, strict=True):
        if passage_id(old.report, old.text, 1) not in own:
            assert old.id == new.id
