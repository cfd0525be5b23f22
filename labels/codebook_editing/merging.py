"""Two people's changes of one text brought together, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it."""

    text: str
    """Both people's changes; where they clash, mine."""
    clashes: tuple[tuple[str, str], ...]
    """What both changed: my lines, and theirs. () where all goes together."""


def merged(before: str, mine: str, theirs: str) -> Merged:
    """The text with the changes of both.

    Lines that only one of the two changed are theirs who changed them; a change next to another
    one is seen as one with it, since nobody looked at both.

    Args:
        before: The text that both began with.
        mine: One person's.
        theirs: The other's.
    """
    old, a, b = (text.splitlines() for text in (before, mine, theirs))
    lines: list[str] = []
    clashes: list[tuple[str, str]] = []
    for was, here, there in _regions(old, a, b):
        if here == there or there == was:
            lines += here
        elif here == was:
            lines += there
        else:
            lines += here
            clashes.append(("\n".join(here), "\n".join(there)))
    return Merged("".join(f"{line}\n" for line in lines), tuple(clashes))


def _regions(
    old: list[str], a: list[str], b: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The three texts cut at the lines that all have."""
    in_a, in_b = _matches(old, a), _matches(old, b)
    at = at_a = at_b = 0
    for line in (*(n for n in range(len(old)) if n in in_a and n in in_b), len(old)):
        to_a, to_b = in_a.get(line, len(a)), in_b.get(line, len(b))
        if line == len(old):
            to_a, to_b = len(a), len(b)
        yield old[at:line], a[at_a:to_a], b[at_b:to_b]
        if line < len(old):
            yield ([old[line]],) * 3
        at, at_a, at_b = line + 1, to_a + 1, to_b + 1


def _matches(old: list[str], new: list[str]) -> dict[int, int]:
    """Line of the old text to where it stands in the new one."""
    return {
        block.a + n: block.b + n
        for block in SequenceMatcher(None, old, new, False).get_matching_blocks()
        for n in range(block.size)
    }
