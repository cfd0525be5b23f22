"""The words of ``whatworks simulate``, and its tables as text."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ..labels.agreement.bootstrap import Figure
from .evaluate_words import signed

if TYPE_CHECKING:
    from ..training.simulating.material import Material
    from ..training.simulating.measures import Summary
    from ..training.simulating.running import Simulation
    from ..training.simulating.stopping import Stops

_WIDTH = 96
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures rest on."""

    file: str
    passages: int
    reports: int
    labels: int
    exclusive: bool
    encoder: str
    seeds: int
    batch: int
    against: str

    @classmethod
    def of(cls, material: "Material", wanted: "Simulation", encoder: str) -> Self:
        """Of some passages and settings."""
        return cls(
            file=material.name,
            passages=len(material),
            reports=len(set(material.reports)),
            labels=len(material.labels),
            exclusive=material.exclusive,
            encoder=encoder,
            seeds=wanted.seeds,
            batch=wanted.batch,
            against=wanted.against,
        )

    @property
    def sentence(self) -> str:
        """All of it in words."""
        how = "one to a passage" if self.exclusive else "any number to a passage"
        return (
            f"{self.file}: {self.passages:,} passages of {self.reports:,} reports, {self.labels} "
            f"labels, {how}. {self.seeds} replays of each strategy, in rounds of {self.batch}; "
            "each time another third of the reports was held out to score on. Vectors: "
            f"{self.encoder}."
        )


LIMITS = (
    "A replay takes people's labels as right and given at once, whatever the passage.",
    "The classifier begins with nothing. One that begins with the starter is ahead of these curves "
    "in the first rounds.",
    "Other reports and other labels can put the strategies in another order.",
)
"""What the figures cannot say."""


def verdict(one: "Summary", basis: Basis) -> str:
    """What a strategy was worth, in a sentence or two."""
    ahead, ratio = one.ahead, one.ratios[1]
    interval = ahead.interval
    if interval is not None and interval.low > 0:
        first = f"{one.strategy} is better than {basis.against}"
    elif interval is not None and interval.high < 0:
        first = f"{one.strategy} is worse than {basis.against}"
    else:
        first = f"{one.strategy} and {basis.against} cannot be told apart"
    said = f"{first} over all rounds ({difference(ahead)} of the full score)."
    if not math.isnan(ratio):
        said += (
            f" 95% of the full score took {number(one.needed[1])} passages, {ratio:.0%} of those "
            f"that {basis.against} took."
        )
    return said


def area(figure: Figure) -> str:
    """'0.912 (0.894 to 0.930)': strategies differ in the third place."""
    if figure.value is None:
        return "–"
    if figure.interval is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.interval.low:.3f} to {figure.interval.high:.3f})"


def difference(figure: Figure) -> str:
    """'+0.021 (+0.012 to +0.030)'."""
    if figure.value is None:
        return "–"
    if figure.interval is None:
        return signed(figure.value)
    low, high = figure.interval.low, figure.interval.high
    return f"{signed(figure.value)} ({signed(low)} to {signed(high)})"


def number(figure: Figure) -> str:
    """A count of passages, or '–'."""
    return "–" if figure.value is None else f"{figure.value:,.0f}"


def share(figure: Figure) -> str:
    """A share in percent, or '–'."""
    return "–" if figure.value is None else f"{figure.value:.0%}"


def most(share_: float) -> str:
    """A share in percent, never rounded up to all."""
    return "99%" if 0.995 <= share_ < 1 else f"{share_:.0%}"


def simulation_text(found: "Sequence[Summary]", stops: "Sequence[Stops]", basis: Basis) -> str:
    """The tables, and what they mean."""
    lines = [*_wrapped(basis.sentence), ""]
    rows: list[tuple[str, ...]] = [
        ("strategy", "area under the curve", f"ahead of {basis.against}", "90%", "95%", "99%")
    ]
    for one in found:
        mine = one.strategy != basis.against
        rows.append(
            (
                one.strategy,
                area(one.area),
                difference(one.ahead) if mine else "",
                *(
                    number(figure) + (f" ({ratio:.0%})" if mine and not math.isnan(ratio) else "")
                    for figure, ratio in zip(one.needed, one.ratios, strict=True)
                ),
            )
        )
    lines += [
        *_wrapped(
            "Macro F1 as a share of what learning from the whole pool gives, and passages read "
            f"until 90, 95 and 99% of that (in brackets: of those that {basis.against} took)."
        ),
        "",
        *_table(rows),
        "",
    ]
    lines += [*_recall(found), *_stopping(stops)]
    for one in found:
        if one.strategy != basis.against:
            lines += _wrapped(verdict(one, basis))
    lines.append("")
    lines += [line for limit in LIMITS for line in _wrapped(limit)]
    return "\n".join(lines) + "\n"


def _recall(found: "Sequence[Summary]") -> list[str]:
    labels = found[0].found
    rows = [("label", "in the pool", *(one.strategy for one in found))]
    for place, label in enumerate(labels[:_MOST_LABELS]):
        efforts = [share(one.found[place].effort) for one in found]
        rows.append((label.label[:40], f"{label.passages:,.0f}", *efforts))
    rarest = (
        f"; the {_MOST_LABELS} rarest of {len(labels)} labels" if len(labels) > _MOST_LABELS else ""
    )
    return [
        *_wrapped(f"Share of the pool read until 90% of a label's passages were found{rarest}."),
        "",
        *_table(rows),
        "",
    ]


def _stopping(stops: "Sequence[Stops]") -> list[str]:
    """A line a strategy, over all labels."""
    rows = [("strategy", "read until stop", "found by then", "fewer than guaranteed")]
    for name in dict.fromkeys(one.strategy for one in stops):
        own = [one for one in stops if one.strategy == name]
        times = sum(one.replays for one in own)
        read = sum(one.read * one.replays for one in own) / times
        recall = sum(one.recall * one.replays for one in own) / times
        missed = sum(one.missed for one in own)
        rows.append((name, f"{read:.0%}", most(recall), f"{missed} of {times}"))
    if not stops:
        return []
    return [
        *_wrapped(
            "If the stopping rule had been followed, label by label (95% of a label's passages, "
            "with 95% confidence):"
        ),
        "",
        *_table(rows),
        "",
    ]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH)
