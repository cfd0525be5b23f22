"""How often the intervals of an audit sample hold the truth, and those of learning rounds.

    python benchmarks/audit.py
    python benchmarks/audit.py --samples 300 --svg docs/images/audit-coverage.svg

Each time, reports with some 5,000 passages in four languages are made up, whose findings and whose
model's suggestions are known for all of them. An audit sample of 300 is drawn by report and
language; every other time 200 first, and then, when ten more reports have come in, enlarged to 300.
Beside it the same number of passages as learning rounds choose them: those that the model is least
sure of, which are then taken for a sample, as one would who reports scores on what was labelled.
"""

import argparse
import platform
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np
from numpy.typing import NDArray

from whatworks.cli.web.charts import Dot, Dots, dots
from whatworks.cli.web.marks import LABELS, WIDTH, Chart
from whatworks.labels.agreement.bootstrap import Figure
from whatworks.labels.audit_estimates import gain, macro_f1, model_figures, prevalence, weights
from whatworks.labels.audit_sample import draw_audit
from whatworks.labels.shares import Share
from whatworks.nlp.passages import PassageId
from whatworks.training.calibration import expected_calibration_error

TYPES = ("success_factor", "obstacle", "lesson", "good_practice")
PREVALENCES = (0.18, 0.12, 0.06, 0.03)
LANGUAGES = ("en", "fr", "es", "pt")
LEVELS = (0.9, 0.95)
REPORTS = 45
SIZE, FIRST = 300, 200
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """All passages of some reports, with what is known of them here alone."""

    ids: tuple[PassageId, ...]
    strata: tuple[tuple[str, str], ...]
    is_late: Bools
    """(n,): of reports that came in later."""
    given: Bools
    """(n, n_types)."""
    probabilities: Floats
    """(n, n_types)."""
    suggested: Bools
    earlier: Bools
    """(n, n_types): what a weaker model suggested."""


def made_up(random: np.random.Generator, reports: int = REPORTS) -> Population:
    sizes = random.lognormal(4.6, 0.6, size=reports).astype(int) + 5
    report = np.repeat(np.arange(len(sizes)), sizes)
    n = len(report)
    language = random.integers(len(LANGUAGES), size=len(sizes))[report]
    # One passage in thirty is of another language than its report.
    other = random.random(n) < 1 / 30
    language = np.where(other, random.integers(len(LANGUAGES), size=n), language)
    base = np.log(np.array(PREVALENCES) / (1 - np.array(PREVALENCES)))
    # Reports differ; passages differ by what a model sees of them, and by what it does not.
    seen = 1.6 * random.standard_normal((n, len(TYPES)))
    logit = base - 1.0 + 0.6 * random.standard_normal((len(sizes), len(TYPES)))[report] + 1.6 * seen
    given = random.random(logit.shape) < 1 / (1 + np.exp(-logit))
    # Too sure of itself, as models are.
    said = 1.3 * (logit + 0.5)
    weaker = logit + 1.2 * random.standard_normal(logit.shape)
    return Population(
        ids=tuple(PassageId(f"{number:016x}") for number in range(n)),
        strata=tuple(
            (f"report {one}", LANGUAGES[int(code)])
            for one, code in zip(report, language, strict=True)
        ),
        is_late=report >= len(sizes) - 10,
        given=given,
        probabilities=1 / (1 + np.exp(-said)),
        suggested=said > -0.5,
        earlier=weaker > -0.5,
    )


def audit_rows(people: Population, number: int) -> NDArray[np.intp]:
    """The rows of an audit sample, every other time of one that was enlarged."""
    strata = dict(zip(people.ids, people.strata, strict=True))
    if number % 2:
        early = {
            one: stratum
            for (one, stratum), late in zip(strata.items(), people.is_late, strict=True)
            if not late
        }
        drawn = draw_audit(early, FIRST, number)
    else:
        drawn = []
    # Small languages of a report make strata of a passage or two, each with one drawn.
    size = max(SIZE, len(set(people.strata)) + FIRST)
    drawn = [*drawn, *draw_audit(strata, size, number, already=drawn)]
    place = {one: row for row, one in enumerate(people.ids)}
    return np.array([place[one] for one in drawn], dtype=np.intp)


def uncertain_rows(people: Population, size: int) -> NDArray[np.intp]:
    """What is nearest to one half, over the finding types."""
    return np.argsort(np.abs(people.probabilities - 0.5).min(axis=1), kind="stable")[:size]


def figures(
    people: Population, rows: NDArray[np.intp], weight: Floats, level: float
) -> dict[str, Figure]:
    """What is reported: by measure and finding type."""
    given, suggested = people.given[rows], people.suggested[rows]
    found = {
        "macro F1": macro_f1(given, suggested, weight, level),
        "gain in macro F1": gain(given, people.earlier[rows], suggested, weight, level),
    }
    for k, code in enumerate(TYPES):
        one = model_figures(
            given[:, k], suggested[:, k], people.probabilities[rows, k], weight, level
        )
        found |= {
            f"prevalence {code}": prevalence(given[:, k], weight, level),
            f"precision {code}": one.precision,
            f"recall {code}": one.recall,
            f"F1 {code}": one.f1,
            f"calibration error {code}": one.calibration_error,
        }
    return found


def truth(people: Population) -> dict[str, float]:
    """The same of all passages."""
    given, suggested = people.given, people.suggested
    f1, before = f1_values(given, suggested), f1_values(given, people.earlier)
    found = {"macro F1": float(f1.mean()), "gain in macro F1": float((f1 - before).mean())}
    for k, code in enumerate(TYPES):
        hits = (given & suggested)[:, k].sum()
        found |= {
            f"prevalence {code}": given[:, k].mean(),
            f"precision {code}": hits / suggested[:, k].sum(),
            f"recall {code}": hits / given[:, k].sum(),
            f"F1 {code}": f1[k],
            f"calibration error {code}": expected_calibration_error(
                people.probabilities[:, k], given[:, k]
            ),
        }
    return found


def f1_values(given: Bools, suggested: Bools) -> Floats:
    """(n_types,)."""
    found: Floats = (
        2 * (given & suggested).sum(axis=0) / (given.sum(axis=0) + suggested.sum(axis=0))
    )
    return found


@dataclass
class Tally:
    """How often intervals held the truth, and how far off figures were."""

    held: int = 0
    n: int = 0
    off: float = 0.0
    wide: float = 0.0

    def add(self, figure: Figure, true: float) -> None:
        if figure.value is None or figure.interval is None:
            return
        low, high = figure.interval.low, figure.interval.high
        self.n += 1
        self.held += low - 1e-12 <= true <= high + 1e-12
        self.off += figure.value - true
        self.wide += high - low


def simulated(
    samples: int, seed: int = 0, reports: int = REPORTS
) -> Mapping[tuple[str, float, str], Tally]:
    """('audit' or 'learning', level, measure) to how often the interval held the truth."""
    found: dict[tuple[str, float, str], Tally] = {}
    for number in range(samples):
        people = made_up(np.random.default_rng([seed, number]), reports)
        true = truth(people)
        rows = audit_rows(people, number)
        sizes = Counter(people.strata)
        n = len(people.ids)
        ways = {
            "audit": (rows, weights([people.strata[row] for row in rows], sizes)),
            "learning": (uncertain_rows(people, len(rows)), np.full(len(rows), n / len(rows))),
        }
        for way, (chosen, weight) in ways.items():
            for level in LEVELS:
                for name, figure in figures(people, chosen, weight, level).items():
                    if name in true:
                        found.setdefault((way, level, name), Tally()).add(figure, true[name])
    return found


def tell(found: Mapping[tuple[str, float, str], Tally]) -> None:
    print("| measure | audit sample, 90% | 95% | off by | learning rounds, 90% | 95% | off by |")
    print("|---|---|---|---|---|---|---|")
    for name in dict.fromkeys(name for _, _, name in found):
        cells = []
        for way in ("audit", "learning"):
            cells += [_shown(found[way, level, name]) for level in LEVELS]
            one = found[way, LEVELS[0], name]
            cells.append(f"{one.off / one.n:+.3f}")
        print(f"| {name.replace('_', ' ')} | " + " | ".join(cells) + " |")


def _shown(one: Tally) -> str:
    return f"{one.held / one.n:.1%}"


def picture(found: Mapping[tuple[str, float, str], Tally], samples: int) -> Chart:
    """How often intervals at 95% held the truth, by measure."""
    rows = []
    for name in dict.fromkeys(name for _, _, name in found):
        dots_ = []
        for way in ("audit", "learning"):
            one = found[way, 0.95, name]
            share = Share(one.held, one.n)
            assert share.value is not None
            assert share.interval is not None
            low, high = share.interval.low, share.interval.high
            dots_.append(Dot(way, share.value, low, high, f"{share.value:.1%}"))
        said = f"{dots_[0].value:.0%}, {dots_[1].value:.0%}"
        rows.append(Dots(name.replace("_", " "), dots_, said))
    return dots(
        "How often a 95% interval held the truth",
        f"Of {samples} simulated samples. Filled: audit samples, which should lie at the "
        "line of 95%. Hollow: learning rounds taken for a sample.",
        rows,
        low=0,
        high=1,
        ticks=[(0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (0.95, "95%")],
    )


STYLE = """
svg{background:#fff}text{fill:#1d2329;font:13px system-ui,sans-serif}
.tick,.value{fill:#565e66;font-size:12px}.head{font-size:13px}
.grid{stroke:#dcdfe3}
.range{stroke-width:2.5;stroke-linecap:round;opacity:.5}
.audit{stroke:#1f4e79;fill:#1f4e79}.learning{stroke:#b45f06;fill:#fff;stroke-width:1.5}
"""


def svg(chart: Chart) -> str:
    """The drawing as a file of its own."""
    root = Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"-8 -34 {WIDTH + 16} {chart.height + 42}",
    )
    SubElement(root, "title").text = chart.title
    SubElement(root, "desc").text = chart.description
    SubElement(root, "style").text = STYLE
    head = [("dot audit", "audit sample"), ("dot learning", "learning rounds")]
    for place, (css, said) in enumerate(head):
        at = {"cx": str(LABELS + 6 + 150 * place), "cy": "-18", "r": "5"}
        SubElement(root, "circle", {**at, "class": css})
        own = {"x": str(LABELS + 17 + 150 * place), "y": "-13.5", "class": "head"}
        SubElement(root, "text", own).text = said
    for mark in chart.marks:
        one = SubElement(root, mark.kind, {key: str(it) for key, it in mark.attributes.items()})
        one.text = mark.text or None
        if mark.tip:
            SubElement(one, "title").text = mark.tip
    indent(root, " ")
    return tostring(root, encoding="unicode") + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--svg", type=Path, help="where to put the picture")
    arguments = parser.parse_args()
    found = simulated(arguments.samples)
    print(f"{datetime.now(UTC).date()}, {platform.machine()}; {arguments.samples} samples of "
          f"about {SIZE} passages\n")  # fmt: skip
    tell(found)
    if arguments.svg:
        arguments.svg.write_text(svg(picture(found, arguments.samples)), "utf-8")


if __name__ == "__main__":
    main()
