"""The words and numbers that the terminal and the page of ``whatworks evaluate`` share."""

from collections.abc import Mapping

from ..labels.agreement.bootstrap import Figure
from ..labels.codebook import Codebook
from ..labels.exchange.words import percent
from ..training.assessing.assessment import Basis
from ..training.assessing.doubtful import Doubt, Reason
from ..training.assessing.paired import Difference, Paired
from ..training.assessing.passages import count_of
from ..training.assessing.scores import Row
from ..training.evaluation import NONE

NO_FINDING = "no finding"
SCORES = (
    ("micro_f1", "finding types, micro F1"),
    ("macro_f1", "finding types, macro F1"),
    ("first_right", "first finding type right"),
    ("theme_at_1", "theme right"),
    ("theme_at_3", "theme among the first three"),
    ("calibration_error", "error of the probabilities"),
)
"""Of a set of passages, with what each is called."""


_FEW_REPORTS = 5
"""Of fewer, an interval says little: there is hardly anything to draw."""


def code_names(codebook: Codebook) -> dict[str, str]:
    """What finding types and themes are called, by id."""
    names = {code.id: code.name() for code in (*codebook.finding_types, *codebook.themes)}
    return names | {NONE: NO_FINDING}


def number(value: float) -> str:
    """Two places, never rounded up to all."""
    return "0.99" if 0.995 <= value < 1 else f"{value:.2f}"


def signed(value: float) -> str:
    """Three places with the sign, as differences are small."""
    return f"{value:+.3f}".replace("-0.000", "+0.000")


def shown(figure: Figure) -> str:
    """'0.71 (0.64 to 0.77)', '0.71' without an interval, '–' for nothing."""
    if figure.value is None:
        return "–"
    if figure.interval is None:
        return number(figure.value)
    return (
        f"{number(figure.value)} ({number(figure.interval.low)} to {number(figure.interval.high)})"
    )


def error(row: Row) -> str:
    """The calibration error with three places, as most are small."""
    value = row.figures["calibration_error"].value
    return "–" if value is None else f"{value:.3f}"


def remark(row: Row) -> str:
    """What is said beside a row that rests on next to nothing."""
    if row.too_few:
        return "too few to say"
    return f"only {count_of(row.reports, 'report')}" if row.reports < _FEW_REPORTS else ""


def rests_on(basis: Basis) -> str:
    """What every figure rests on, in a sentence."""
    where = f"{count_of(basis.passages, 'passage')} of {count_of(basis.reports, 'report')}"
    if basis.file:
        what = f"{where} in {basis.file}"
    else:
        what = where.replace(" passage", " confirmed passage", 1)
    how = (
        f"{basis.model}, refitted: each report by heads that learned from the other reports "
        f"({basis.folds} folds)"
        if basis.refitted
        else f"{basis.model} as it is"
    )
    return f"Rests on {what}. Model: {how}. Codebook: {basis.codebook}."


def model_name(basis: Basis) -> str:
    """What suggested, in a few words."""
    return f"{basis.model} refitted" if basis.refitted else basis.model


def limits(basis: Basis) -> list[str]:
    """What nobody should conclude from the figures."""
    found = [
        "Intervals (95%) come from drawing the reports anew a thousand times: passages of one "
        "report resemble each other."
        if basis.by_report
        else "Intervals (95%) come from drawing the passages anew a thousand times, as if each "
        "were of a report of its own. They are narrower than they should be.",
        "Rows of fewer than ten passages say nothing for sure, whatever the figure.",
    ]
    if not basis.file:
        found += [
            "People saw suggestions while they decided most of these passages. That flatters the "
            "model whose suggestions they saw.",
            "Confirmed passages are no random sample: what people chose to decide first may be "
            "easier or harder than the rest. The scores say how models compare on them, not how "
            "good a model will be on reports to come.",
        ]
    else:
        found.append(
            "The scores hold for passages like these. Unless they were drawn by lot from the "
            "reports you care about, they say little of the others."
        )
    return found


def verdict(paired: Paired) -> str:
    """Which of two models is better, or that it cannot be told."""
    micro = paired.micro_f1
    if not micro.is_clear:
        said = f"No clear difference between {paired.first} and {paired.second}"
    elif micro.value > 0:
        said = f"{paired.first} is better than {paired.second}"
    else:
        said = f"{paired.first} is worse than {paired.second}"
    return f"{said}: micro F1 {difference(micro)}, macro F1 {difference(paired.macro_f1)}."


def difference(one: Difference) -> str:
    """'+0.054 (+0.031 to +0.076, p = 0.002)'."""
    if one.interval is None or one.p_value is None:
        return signed(one.value)
    low, high = signed(one.interval.low), signed(one.interval.high)
    return f"{signed(one.value)} ({low} to {high}, {p_value(one.p_value)})"


def first_right(paired: Paired) -> str:
    """What McNemar's test says, in a sentence."""
    return (
        f"First finding type right: {paired.only_first_right:,} passages only by {paired.first}, "
        f"{paired.only_second_right:,} only by {paired.second} (exact McNemar test, "
        f"{p_value(paired.first_right_p_value)})."
    )


def p_value(value: float) -> str:
    """'p = 0.03', 'p < 0.001'."""
    return (
        "p < 0.001" if value < 0.001 else f"p = {value:.3f}" if value < 0.1 else f"p = {value:.2f}"
    )


def labels(codes: tuple[str, ...], names: Mapping[str, str]) -> str:
    """'Lesson; Obstacle', or 'no finding'."""
    return "; ".join(names.get(code, code) for code in codes) or NO_FINDING


def why(doubt: Doubt, names: Mapping[str, str]) -> str:
    """Why a passage is on the list."""
    found = [_reason(one, names) for one in doubt.reasons]
    if doubt.torn:
        found.append("the same text has other labels elsewhere")
    return "; ".join(found)


def _reason(one: Reason, names: Mapping[str, str]) -> str:
    name = names.get(one.finding_type, one.finding_type)
    said = "given" if one.given else "not given"
    return f"{name} was {said}, the model holds it for {percent(one.probability)} likely"
