"""Models on paper: the list of them, and one in full."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..labels.exchange.rows import printable
from ..labels.store.codebooks import StoredCodebook
from ..models.card import read_card
from ..models.registry import (
    IMPORTED,
    KeptModel,
    Unlearned,
    read_scorecard,
    score_of,
    unlearned,
)
from ..nlp.errors import WhatworksError

_COLUMNS = ("model", "made", "passages", "reports", "codebook", "micro F1", "")
_FIGURES = ("precision", "recall", "f1", "support")


def models_page(models: Sequence[KeptModel], codebook: StoredCodebook) -> str:
    """The table of models, and below it what is wrong or missing."""
    rows = [_COLUMNS, *(_row(one) for one in models)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_COLUMNS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    notes = [line for one in models for line in _notes(one, codebook)]
    return "\n".join([*lines, *(["", *notes] if notes else [])])


def model_page(kept: KeptModel, codebook: StoredCodebook) -> str:
    """One model in full: what it is, its figures, its card."""
    model = kept.whole()
    made, heads = model.made_from, model.heads
    facts = {
        "called": f"{model.name} {model.version}{', in use' if kept.in_use else ''}",
        "taken over" if IMPORTED in made else "made": _when(kept.made_at),
        "from": _from(made),
        "begun with": made.get("refitted_from", ""),
        "codebook": _codebook_of(made),
        "encoder": model.encoder + (", with tuned layers" if model.layers is not None else ""),
        "knows": f"{len(heads.finding_types)} finding types, {len(heads.themes)} themes",
        "folder": str(kept.folder),
    }
    lines = [kept.name, *(f"  {key:11}{value}" for key, value in facts.items() if value)]
    lines += ["", "Suggested from this probability on"]
    lines += [
        f"  {code:24}{model.calibration.thresholds[code]:6.2f}"
        for code in model.heads.finding_types
    ]
    lines += _score_lines(kept)
    notes = list(_notes(kept, codebook))
    lines += ["", *notes] if notes else []
    text = read_card(_card(kept))[1].strip()
    return "\n".join(_shown(line) for line in [*lines, *(["", *text.split("\n")] if text else [])])


def model_facts(kept: KeptModel) -> dict[str, Any]:
    """The same for programs."""
    model = kept.whole()
    return {
        "name": kept.name,
        "folder": str(kept.folder),
        "in_use": kept.in_use,
        "made_at": kept.made_at or None,
        "model": {"name": model.name, "version": model.version},
        "encoder": model.encoder,
        "finding_types": model.heads.finding_types,
        "themes": model.heads.themes,
        "thresholds": dict(model.calibration.thresholds),
        "calibration": asdict(model.calibration),
        "made_from": dict(model.made_from),
        "scores": read_scorecard(kept.folder),
        "card": _card(kept),
    }


def unlearned_lines(missing: Unlearned) -> Iterator[str]:
    """What a model does not know of the codebook, in sentences."""
    if missing.older_version is not None:
        yield f"It was made under codebook version {missing.older_version}; a newer one holds."
    if missing.finding_types:
        yield f"It does not suggest {', '.join(missing.finding_types)}, which it never learned."
    if missing.themes:
        count = len(missing.themes)
        themes = "1 theme" if count == 1 else f"{count} themes"
        first = ", ".join(missing.themes[:5]) + (", ..." if count > 5 else "")
        yield f"It suggests {themes} by the definition alone: {first}."


def _row(kept: KeptModel) -> tuple[str, ...]:
    made = kept.model.made_from if kept.model is not None else {}
    return (
        _shown(kept.name),
        _when(kept.made_at),
        _count(made.get("passages")),
        _count(made.get("reports")),
        _shown(_codebook_of(made)),
        _f1(kept),
        ("in use" if kept.in_use else "") if not kept.trouble else "no whole model",
    )


def _f1(kept: KeptModel) -> str:
    if kept.trouble:
        return ""
    try:
        scores = read_scorecard(kept.folder)
    except WhatworksError:
        # What is wrong with it stands among the notes.
        return "unreadable"
    before, after = (score_of(scores, when, "micro_f1") for when in ("before", "after"))
    if before is not None and after is not None:
        return f"{before:.3f} -> {after:.3f}"
    of_all = score_of(scores, "all", "micro_f1")
    return "" if of_all is None else f"{of_all:.3f}"


def _notes(kept: KeptModel, codebook: StoredCodebook) -> Iterator[str]:
    """What is wrong with a model, or what it does not know."""
    name = _shown(kept.name)
    if kept.model is None:
        used = " It is in use: choose another with whatworks models use NAME" if kept.in_use else ""
        yield f"{name}: {_shown(kept.trouble)}{used}"
        return
    try:
        read_scorecard(kept.folder)
        lines = list(unlearned_lines(unlearned(kept.model, codebook)))
    except WhatworksError as error:
        lines = [_shown(str(error))]
    for line in lines:
        yield f"{name}: {line}"


def _score_lines(kept: KeptModel) -> Iterator[str]:
    scores = read_scorecard(kept.folder)
    for group, words in (("all", ""), ("before", ", before"), ("after", ", after")):
        labels = scores.get(group, {}).get("labels")
        if isinstance(labels, Mapping) and labels:
            yield ""
            heading = f"Scores by finding type{words}"
            yield f"{heading:34}{'precision':>10}{'recall':>8}{'F1':>8}{'passages':>10}"
            for code in labels:
                precision, recall, f1, support = (
                    score_of(scores, group, "labels", code, one) for one in _FIGURES
                )
                yield (
                    f"  {code:32}{_figure(precision):>10}{_figure(recall):>8}{_figure(f1):>8}"
                    f"{_count(None if support is None else int(support)):>10}"
                )


def _from(made: Mapping[str, Any]) -> str:
    passages, reports = _count(made.get("passages")), _count(made.get("reports"))
    return f"{passages} passages of {reports} reports" if passages and reports else ""


def _codebook_of(made: Mapping[str, Any]) -> str:
    said = made.get("codebook", "")
    if not isinstance(said, int):
        return str(said)
    return f"version {said}" + (" (theirs)" if IMPORTED in made else "")


def _when(iso: str) -> str:
    return _shown(f"{iso[:10]} {iso[11:16]}".strip())


def _count(number: Any) -> str:
    return f"{number:,}" if isinstance(number, int) else ""


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _card(kept: KeptModel) -> str:
    path = kept.folder / "README.md"
    if not path.is_file():
        return ""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WhatworksError(f"{path}: the model's card cannot be read: {error}.") from error


def _shown(text: str) -> str:
    """Without what a stranger's file could do to a terminal."""
    return printable(text).replace("\n", " ")
