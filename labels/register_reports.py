"""Which report of the project an evaluation on the register is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from .register import Evaluation, Facts, clean_text, title_key


@dataclass(frozen=True, slots=True)
class ReportName:
    """What a report of the project is known by."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """The reports of a project, and which of them no evaluation has yet."""

    reports: tuple[ReportName, ...]
    free: tuple[ReportName, ...]

    @classmethod
    def of(cls, reports: Sequence[ReportName], listed: Iterable[Evaluation]) -> "ReportLinks":
        """Of these reports, while these evaluations are on the list."""
        links = cls(tuple(reports), tuple(reports))
        return links.without(one.facts.report for one in listed)

    def without(self, names: Iterable[str]) -> "ReportLinks":
        """The same when the reports of these names are taken."""
        taken = set(map(clean_text, names))
        free = tuple(one for one in self.free if clean_text(one.name) not in taken)
        return replace(self, free=free)

    def name(self, given: str) -> str:
        """The name of the report that a file's name or path means.

        Where there is none it is the file's name: a report that is added under it is found then.
        """
        file = PurePosixPath(given.replace("\\", "/")).name
        for wanted in map(clean_text, (given, file)):
            ending = [
                one.name
                for one in self.reports
                if clean_text(one.name) == wanted or clean_text(one.name).endswith(f"/{wanted}")
            ]
            if len(ending) == 1:
                return ending[0]
        plain = [one.name for one in self.reports if _stem(one.name) == title_key(file)]
        return plain[0] if len(plain) == 1 else file

    def link(self, facts: Facts) -> tuple[str, str]:
        """The only free report that is called as the evaluation is, and why; '' where none is."""
        keys = {title_key(one): what for what, one in _called(facts)}
        found = [
            (one.name, f"{where} is the {keys[key]}")
            for one in self.free
            for where, key in (("its title", title_key(one.title)), ("its name", _stem(one.name)))
            if key in keys
        ]
        return found[0] if len({name for name, _ in found}) == 1 else ("", "")


def _called(facts: Facts) -> list[tuple[str, str]]:
    return [(what, one) for what, one in (("symbol", facts.symbol), ("title", facts.title)) if one]


def _stem(name: str) -> str:
    return title_key(PurePosixPath(name).stem)
