"""All that is measured of a model on labelled passages."""

from dataclasses import dataclass

from ...labels.codebook import Codebook
from ..evaluation import Predictions
from ..ground import Ground, fold_rows, out_of_fold
from .confusion import Confusion, confusion
from .curves import Crossing, CurvePoint, crossings, learning_curve
from .doubtful import Doubt, doubtful
from .paired import Paired, paired
from .passages import Labelled
from .reliability import Reliability, reliabilities
from .resampling import Resampling
from .scores import Answers, Row, answers, by_finding_type, by_group, by_theme, group_row


@dataclass(frozen=True, slots=True)
class Basis:
    """What every figure rests on."""

    file: str
    """Its name; '' for what is confirmed in a project."""
    passages: int
    reports: int
    by_report: bool
    """Whether intervals come from resampling reports; else passages were."""
    model: str
    """Name and version of what suggests, or of what heads were refitted from."""
    refitted: bool
    """Whether each report was looked at by heads refitted on the others."""
    folds: int
    """0 where the model is looked at as it is."""
    codebook: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """How good a model is, and how sure that is."""

    basis: Basis
    overall: Row
    finding_types: tuple[Row, ...]
    themes: tuple[Row, ...]
    languages: tuple[Row, ...]
    reports: tuple[Row, ...]
    confusion: Confusion
    reliability: tuple[Reliability, ...]
    paired: Paired | None = None
    curve: tuple[CurvePoint, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    doubtful: tuple[Doubt, ...] = ()
    probabilities: Predictions | None = None
    """Of every passage, for who writes the doubtful ones into a table."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is worked out beside the scores; each takes a while."""

    curve: bool = False
    crossings: bool = False
    doubtful: int = 0


def assess(
    labelled: Labelled,
    ground: Ground,
    model: str,
    codebook: str,
    *,
    refitted: bool,
    against: tuple[str, Predictions] | None = None,
    wanted: Wanted | None = None,
) -> Assessment:
    """Scores of a model as it is, or of heads refitted out of fold.

    Args:
        labelled: The passages.
        ground: The model with their vectors, in the codebook's words.
        model: What to call it.
        codebook: The codebook's name and version.
        refitted: Whether heads are refitted, each report's on the others; needs two reports. Then
            the model as it is stands beside them unless there is another to compare with.
        against: Another model's name and what it says of the same passages.
        wanted: What else.
    """
    wanted = wanted or Wanted()
    examples, book = labelled.examples, ground.codebook
    parts = fold_rows(examples) if refitted else []
    found = out_of_fold(ground, parts) if parts else ground.as_it_is()
    names = [one.report for one in examples]
    drawing = Resampling(names if labelled.by_report else [str(n) for n in range(len(names))])
    said = answers(examples, found, book)
    if against is None and parts:
        against = (f"{model} as it is", ground.as_it_is())
    shown = [one.report for one in labelled.passages]
    still = Resampling(names, resamples=0)
    return Assessment(
        basis=Basis(
            file=labelled.file,
            passages=len(examples),
            reports=labelled.reports,
            by_report=labelled.by_report,
            model=model,
            refitted=bool(parts),
            folds=len(parts),
            codebook=codebook,
            notes=labelled.notes,
        ),
        overall=group_row("", said, drawing, names),
        finding_types=tuple(by_finding_type(said, drawing, names, book)),
        themes=tuple(by_theme(examples, said, drawing, names, book)),
        languages=tuple(by_group(said, drawing, [one.language for one in examples], names)),
        # One report cannot be resampled.
        reports=tuple(by_group(said, still, shown, names)),
        confusion=confusion(said, labelled.passages, book),
        reliability=tuple(reliabilities(said, book)),
        paired=_paired(model, said, against, labelled, drawing, book, refitted=bool(parts)),
        curve=tuple(learning_curve(ground, parts)) if parts and wanted.curve else (),
        crossings=tuple(crossings(ground, said, drawing)) if parts and wanted.crossings else (),
        doubtful=tuple(doubtful(examples, labelled.passages, said, book, wanted.doubtful)),
        probabilities=found,
    )


def _paired(
    model: str,
    said: Answers,
    against: tuple[str, Predictions] | None,
    labelled: Labelled,
    drawing: Resampling,
    book: Codebook,
    *,
    refitted: bool,
) -> Paired | None:
    if against is None:
        return None
    name, other = against
    own = f"{model} refitted" if refitted else model
    return paired((own, name), said, answers(labelled.examples, other, book), drawing)
