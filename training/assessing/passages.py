"""Labelled passages that a model is measured on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...labels.codebook import Codebook
from ...labels.store.confirmed import ConfirmedPassage
from ...nlp.languages import LANGUAGES, UNKNOWN
from ...nlp.passages import Passage
from ..examples import Example
from ..own import confirmed_examples


@dataclass(frozen=True, slots=True)
class Labelled:
    """Passages with the labels that people gave them, and where they come from."""

    file: str
    """Its name; '' for what is confirmed in a project."""
    examples: tuple[Example, ...]
    passages: tuple[Passage, ...]
    """The same, as they are shown."""
    notes: tuple[str, ...] = ()
    """What a user should know of them, in whole sentences."""

    @property
    def reports(self) -> int:
        """How many reports they are of."""
        return len({one.report for one in self.examples})

    @property
    def by_report(self) -> bool:
        """Whether reports can be resampled; with one alone its passages are."""
        return self.reports > 1

    def only(self, rows: Sequence[int], *notes: str) -> "Labelled":
        """Some of them, in that order, with notes added."""
        return replace(
            self,
            examples=tuple(self.examples[n] for n in rows),
            passages=tuple(self.passages[n] for n in rows),
            notes=(*self.notes, *notes),
        )


def confirmed(found: Iterable[ConfirmedPassage], codebook: Codebook) -> Labelled:
    """What is confirmed in a project."""
    found = tuple(found)
    examples = tuple(confirmed_examples(found, codebook))
    passages = tuple(one.passage for one in found)
    return with_notes(Labelled("", examples, passages))


def with_notes(labelled: Labelled) -> Labelled:
    """With what a reader of the scores should know: contradictions, other languages."""
    notes = []
    said = defaultdict(set)
    for one in labelled.examples:
        said[" ".join(one.text.split())].add(frozenset(one.labels))
    torn = sum(len(answers) > 1 for answers in said.values())
    if torn:
        notes.append(
            f"{count_of(torn, 'text')} with different labels in different places: no model can be "
            "right on all of them."
        )
    others = sorted({one.language for one in labelled.examples} - {*LANGUAGES, UNKNOWN})
    if others:
        count = sum(one.language in others for one in labelled.examples)
        notes.append(
            f"{count_of(count, 'passage')} of a language that the starter never learned "
            f"({', '.join(others)}): read these rows by themselves."
        )
    return replace(labelled, notes=(*labelled.notes, *notes))


def count_of(number: int, what: str) -> str:
    """'1 passage', '2,000 passages'."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
