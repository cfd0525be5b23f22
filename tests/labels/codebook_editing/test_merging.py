from hypothesis import given
from hypothesis import strategies as st

from whatworks.labels.codebook_editing.merging import merged

OLD = "".join(f"line {n}\n" for n in range(10))
lines = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=8).map(
    lambda some: "".join(f"{one}\n" for one in some)
)


def test_changes_of_different_lines_go_together() -> None:
    mine = OLD.replace("line 2\n", "mine\nmore\n")
    theirs = OLD.replace("line 7\n", "").replace("line 9\n", "line 9\ntheirs\n")
    found = merged(OLD, mine, theirs)
    assert found.clashes == ()
    assert found.text == mine.replace("line 7\n", "") + "theirs\n"


def test_what_both_changed_is_told_and_mine_stands_first() -> None:
    mine, theirs = OLD.replace("line 4", "mine"), OLD.replace("line 4", "theirs")
    found = merged(OLD, mine, theirs)
    assert found.text == mine
    assert found.clashes == (("mine", "theirs"),)


def test_the_same_change_of_both_is_no_clash() -> None:
    both = OLD.replace("line 4\n", "")
    assert merged(OLD, both, both).text == both
    assert merged(OLD, both, both).clashes == ()


@given(lines, lines)
def test_who_alone_changed_something_has_it_all(old: str, new: str) -> None:
    assert merged(old, new, old).text == new
    assert merged(old, old, new).text == new
    assert merged(old, new, new).text == new


@given(lines, lines, lines)
def test_both_see_the_same_clashes(old: str, mine: str, theirs: str) -> None:
    one, other = merged(old, mine, theirs), merged(old, theirs, mine)
    assert [(b, a) for a, b in one.clashes] == list(other.clashes)
    assert one.clashes or one.text == other.text
