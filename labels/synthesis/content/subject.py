"""What every section is written from, and how its words are found."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ...codebook import Code
from ...texts import Texts
from .. import naming, tables
from ..estimates import Estimates
from ..material import Finding, Listed, Material
from ..quotations import boxes
from ..tables import Cell, Table
from .blocks import Given, Quotation

NOTHING = "–"
"""In a cell where nothing stands."""
MOST_NAMED = 10
"""How many names stand in a sentence."""
_MOST_BOXES = 6


@dataclass(frozen=True, slots=True)
class Options:
    """What an office says of its report."""

    title: str = ""
    """'' for the one that whatworks gives."""
    office: str = ""
    authors: tuple[str, ...] = ()
    quotations: int = 3
    """The most that are shown of a theme under a finding type."""


@dataclass(frozen=True)
class Subject:
    """The material in a language."""

    material: Material
    estimates: Estimates | None
    texts: Texts
    options: Options

    @cached_property
    def by_theme(self) -> Table:
        """Themes in rows, finding types in columns."""
        return tables.finding_types_by_theme(self.material)

    @cached_property
    def boxed(self) -> tuple[Finding, ...]:
        """The good practices that stand in boxes."""
        return boxes(self.material, _MOST_BOXES)

    @property
    def basis(self) -> str:
        """'412 of 3,106 passages confirmed': beside each table."""
        return naming.basis(self.material, self.texts) + "."

    def finding_type(self, code: str) -> str:
        """What a finding type is called."""
        return self.material.codebook.finding_type(code).name(self.texts.language)

    def theme(self, code: str) -> str:
        """What a theme is called; '' is no theme."""
        return naming.theme_name(self.material, code, self.texts)

    def value(self, attribute: str, value: str) -> str:
        """What a value of one of ``tables.ATTRIBUTES`` is called."""
        return naming.value_name(self.material, attribute, value, self.texts)

    def values(self, attribute: str, listed: Listed) -> str:
        """What an evaluation has of an attribute: 'Peru, Chile'; '' where nobody said."""
        found = tables.values_of(listed.evaluation, attribute)
        return ", ".join(self.value(attribute, one) for one in found)

    def evidence(self, cell: Cell) -> str:
        """How strong it is: '14 passages in 5 evaluations; 9 were read by two ...'."""
        said = f"{self.passages(cell.passages)} {self.in_evaluations(cell.reports)}"
        if not cell.double_read:
            return self.texts("%(evidence)s; none was read by two people independently.",
                              evidence=said)  # fmt: skip
        return self.texts.counted(
            "%(evidence)s; %(num)s was read by two or more people independently, "
            "who all agreed on %(agreed)s.",
            "%(evidence)s; %(num)s were read by two or more people independently, "
            "who all agreed on %(agreed)s.",
            cell.double_read,
            evidence=said,
            agreed=self.texts.number(cell.agreed),
        )

    def counts(self, cell: Cell) -> str:
        """'5 (14)': evaluations, and their passages; '–' for none."""
        if not cell.passages:
            return NOTHING
        return f"{self.texts.number(cell.reports)} ({self.texts.number(cell.passages)})"

    def passages(self, count: int) -> str:
        """'14 passages'."""
        return self.texts.counted("%(num)s passage", "%(num)s passages", count)

    def evaluations(self, count: int) -> str:
        """'5 evaluations'."""
        return self.texts.counted("%(num)s evaluation", "%(num)s evaluations", count)

    def in_evaluations(self, count: int) -> str:
        """'in 5 evaluations'."""
        return self.texts.counted("in %(num)s evaluation", "in %(num)s evaluations", count)

    def definition(self, code: Code) -> Given:
        """A code's definition, in the language that the codebook is written in."""
        return Given(code.definition)

    def quotation(self, finding: Finding) -> Quotation:
        """The confirmed words of a finding, and where they stand."""
        passage = finding.passage
        text = Given(passage.text, passage.language)
        return Quotation(text, finding.evaluation.mark, naming.place_of(passage, self.texts))

    def title_of(self, listed: Listed) -> Given:
        """The title of an evaluation, in its language."""
        facts = listed.evaluation.facts
        return Given(facts.title or facts.report, facts.language)

    def some(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The first of many names, and how many more there are."""
        left = len(names) - MOST_NAMED
        if left <= 1:
            return names
        return (*names[:MOST_NAMED], self.texts("%(count)s more", count=self.texts.number(left)))

    def listing(self, names: Iterable[str]) -> str:
        """Names in a row: 'women, youth and migrants'."""
        from babel.lists import format_list

        return format_list(tuple(names), locale=self.texts.language)


def marks_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The marks of the evaluations from which these come, in their order."""
    return tuple(dict.fromkeys(one.evaluation.mark for one in findings))
