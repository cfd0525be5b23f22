"""What the audit sample says, in words and as facts: how much there is, how good each model is."""

import textwrap
from collections.abc import Iterator
from typing import Any

from ..labels.agreement.bootstrap import Figure
from ..labels.codebook import Codebook
from ..labels.store.audit_scores import AuditFigures, AuditScores
from .evaluate_words import shown, signed
from .round_pages import table

_WIDTH = 96
_LIMITS = (
    "Intervals (95%) come from how the passages were drawn: by lot from each report and language, "
    "and each stands for as many as were not drawn. They speak of the passages of these reports, "
    "not of reports to come.",
    "What is drawn and not confirmed yet is taken to be like what is.",
)


def audit_page(found: AuditFigures, codebook: Codebook) -> str:
    """Prevalence, the scores of the model that suggested last, and the learning curve."""
    names = {code.id: code.name() for code in codebook.finding_types}
    sample, audited = found.audited.sample, found.audited
    basis = (
        f"Rests on {len(audited.ids):,} confirmed passages of the audit sample of "
        f"{len(sample.passages):,}, drawn by lot from {len(sample.strata):,} on "
        f"{sample.drawn_at[:10]} and kept apart from learning."
    )
    lines = [
        *textwrap.wrap(basis, _WIDTH),
        "",
        "How many of all passages have it",
        *table(
            [(names[code], shown(one)) for code, one in found.finding_types.items()], indent="  "
        ),
        "",
        *curve_lines(found),
        "",
    ]
    if found.models:
        last = found.models[-1]
        lines.append(f"{last.model}, by finding type (error: that of the probabilities)")
        rows: list[tuple[str, ...]] = [("", "precision", "recall", "F1", "error")]
        for code, one in last.finding_types.items():
            figures = (one.precision, one.recall, one.f1, one.calibration_error)
            rows.append((names[code], *map(shown, figures)))
        lines += [*table(rows, indent="  "), ""]
    for limit in _LIMITS:
        lines += textwrap.wrap(limit, _WIDTH)
    return "\n".join(lines) + "\n"


def curve_lines(found: AuditFigures | None) -> Iterator[str]:
    """The learning curve: every model that was at work, and what the last one gained."""
    if found is None or not found.models:
        yield "How good the model is: not known without decided passages in the audit sample."
        return
    yield f"How good the model is, on {len(found.audited.ids):,} audited passages (95% intervals):"
    rows = [("model", "learned from", "macro F1")]
    rows += [(one.model, f"{one.learned_from:,}", shown(one.macro_f1)) for one in found.models]
    yield from table(rows, right=(1,), indent="  ")
    gain = found.last_gain
    if gain is not None and gain.value is not None and gain.interval is not None:
        low, high = gain.interval.low, gain.interval.high
        verdict = "better" if low > 0 else "worse" if high < 0 else "no clear difference"
        yield (
            f"The last beside the one before: {signed(gain.value)} ({signed(low)} to "
            f"{signed(high)}), {verdict}."
        )


def audit_facts(found: AuditFigures) -> dict[str, Any]:
    """The same for a program."""
    sample = found.audited.sample
    return {
        "drawn_at": sample.drawn_at,
        "passages": len(sample.passages),
        "confirmed": len(found.audited.ids),
        "not_covered": sample.not_covered,
        "finding_types": {code: figure_facts(one) for code, one in found.finding_types.items()},
        "themes": {code: figure_facts(one) for code, one in found.themes.items()},
        "models": [_scores(one) for one in found.models],
        "last_gain": None if found.last_gain is None else figure_facts(found.last_gain),
    }


def figure_facts(one: Figure) -> dict[str, float | None]:
    """A figure with its interval; null for nothing."""
    low, high = (None, None) if one.interval is None else (one.interval.low, one.interval.high)
    return {"value": one.value, "low": low, "high": high}


def _scores(one: AuditScores) -> dict[str, Any]:
    return {
        "model": one.model,
        "made_at": one.made_at,
        "learned_from": one.learned_from,
        "passages": one.passages,
        "macro_f1": figure_facts(one.macro_f1),
        "finding_types": {
            code: {
                name: figure_facts(getattr(figures, name))
                for name in ("precision", "recall", "f1", "calibration_error")
            }
            for code, figures in one.finding_types.items()
        },
    }
