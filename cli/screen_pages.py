"""Screening on paper."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..labels.agreement.bootstrap import Figure
from ..labels.agreement.tables import Agreement
from ..labels.exchange.rows import printable
from ..labels.exchange.words import percent
from ..labels.register import Evaluation
from ..labels.resolution import name_key
from ..labels.screening import Appraised, Criterion, Flow, Screened, Screening, ScreeningPlan
from ..labels.screening_rules import Said
from .round_pages import table

_WIDEST_TITLE = 60


def list_page(
    plan: ScreeningPlan, evaluations: Sequence[Evaluation], screened: Mapping[int, Screened]
) -> str:
    """A row an evaluation."""
    rows = [
        (
            one.mark,
            in_words(screened[one.id], plan),
            ", ".join(reason.id for reason in screened[one.id].reasons),
            _cut(one.facts.title),
        )
        for one in evaluations
    ]
    return "\n".join(table([("mark", "where it stands", "reasons", "title"), *rows]))


def in_words(one: Screened, plan: ScreeningPlan) -> str:
    """'open (1 of 2 screened)', 'superseded by E5', 'included'."""
    if one.state is Screening.OPEN and one.screeners:
        return f"{one.state} ({len(one.screeners)} of {plan.screeners} screened)"
    return f"{one.state} by {one.superseded_by}" if one.superseded_by else str(one.state)


def show_page(
    evaluation: Evaluation,
    screened: Screened,
    plan: ScreeningPlan,
    said: Sequence[Said],
    appraised: Sequence[Appraised],
) -> str:
    """Where one evaluation stands, and who said what when."""
    lines = [
        f"{evaluation.mark}  {evaluation.facts.title}",
        f"Where it stands: {in_words(screened, plan)}",
        *(f"  {reason_in_words(one)}" for one in screened.reasons),
    ]
    if screened.note:
        lines.append(f"  Note: {screened.note}")
    lines += ["", "What was said, the first first (times are UTC):"]
    lines += table([_said(one) for one in said], indent="  ") if said else ["  Nothing yet."]
    lines += ["", "Quality of the report:"]
    lines += table(list(_quality(plan, appraised)), indent="  ")
    return "\n".join(lines)


def flow_page(flow: Flow, agreement: Agreement | None) -> str:
    """The flow as a diagram of lines, and how far screeners agree."""
    lines = [f"Identified in the register: {_count(flow.identified)}"]
    if flow.open:
        lines += [*_leaving([f"{flow.open:,} still to be screened"])]
    if flow.is_screened:
        lines.append(f"Screened: {_count(flow.screened)}")
    lines += [*_leaving(_left_out(flow)), f"Included: {_count(flow.included)}"]
    if flow.without_file:
        lines.append(f"  {flow.without_file:,} of them without a report in the project yet")
    if not flow.is_screened:
        lines += ["", "Nothing was screened yet: until then every evaluation is taken in."]
    if agreement is not None:
        lines += ["", _agreement(agreement)]
    return "\n".join(lines)


def reason_in_words(one: Criterion | None) -> str:
    """'off-topic: It is not on the topic'."""
    if one is None:
        return "no reason given"
    return one.id if one.text == one.id else f"{one.id}: {one.text}"


def _left_out(flow: Flow) -> Iterator[str]:
    """What was screened and is not included, each with its number; nothing that is 0."""
    if flow.conflicts:
        yield f"{flow.conflicts:,} in conflict: screeners do not say the same"
    if flow.possible:
        yield f"{flow.possible:,} possible: put off"
    if flow.excluded:
        yield f"{flow.excluded:,} excluded"
        rows = [(f"{count:,}", reason_in_words(one)) for one, count in flow.excluded_by_reason]
        yield from table(rows, right=(0,), indent="   ")
    if flow.superseded:
        yield f"{flow.superseded:,} superseded: another evaluation of the project is used"


def _leaving(lines: Iterable[str]) -> Iterator[str]:
    """A branch that leaves the trunk; what is indented belongs to the line above it."""
    branches = [f"  │  {one}" if one.startswith(" ") else f"  ├─ {one}" for one in lines]
    return iter(["  │", *branches, *(["  │"] if branches else [])])


def _agreement(one: Agreement) -> str:
    same = "–" if one.percent.value is None else percent(one.percent.value / 100)
    measure, figure = "Cohen's kappa", one.kappa
    if one.n_annotators > 2:
        measure, figure = "Krippendorff's alpha", one.alpha
    return (
        f"Agreement: {_count(one.n_passages)} screened by two who did not know of each other; the "
        f"same verdict for {same}. {measure}: {_figure(figure)}."
    )


def _figure(figure: Figure) -> str:
    if figure.value is None:
        return figure.why_not.replace("passage", "evaluation")
    if figure.interval is None:
        return f"{figure.value:.2f}"
    low, high = figure.interval.low, figure.interval.high
    return f"{figure.value:.2f} (95% interval {low:.2f} to {high:.2f})"


def _said(one: Said) -> tuple[str, ...]:
    verdict = "takes it back" if one.verdict is None else one.verdict
    if one.settles:
        verdict = "takes the settlement back" if one.verdict is None else f"settles: {one.verdict}"
    at = one.made_at[:16].replace("T", " ")
    return at, one.screener, verdict, ", ".join(one.reasons), _one_line(one.note)


def _quality(plan: ScreeningPlan, said: Sequence[Appraised]) -> Iterator[tuple[str, str]]:
    last = {name_key(one.appraiser): one for one in said}.values()
    gone = [item for one in last for item in one.answers if item not in plan.checklist]
    for item in dict.fromkeys([*plan.checklist, *gone]):
        given = [f"{one.answers[item]} ({one.appraiser})" for one in last if item in one.answers]
        yield item, ", ".join(given) or "–"
    for one in last:
        if one.note:
            yield f"Note ({one.appraiser})", _one_line(one.note)


def _cut(title: str) -> str:
    title = _one_line(title)
    return title if len(title) <= _WIDEST_TITLE else f"{title[: _WIDEST_TITLE - 1]}…"


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _count(number: int) -> str:
    return f"{number:,} {'evaluation' if number == 1 else 'evaluations'}"
