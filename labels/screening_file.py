"""Screening that was done in a spreadsheet: verdicts and quality appraisals, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..nlp.errors import WhatworksError
from ..nlp.table_formats import Cell, open_records
from .register import Evaluation, title_key
from .register_file import ENDINGS, WrongCellsError, cell_text
from .register_names import named
from .register_words import HEADINGS as REGISTER_HEADINGS
from .register_words import listed
from .screening import Appraised, ScreeningPlan
from .screening_rules import Said
from .screening_words import answer_of, reason_of, settles_of, verdict_of

_HEADINGS: Mapping[str, str] = {
    "mark": "Mark, Evaluation mark, Marque, Marca",
    "symbol": REGISTER_HEADINGS["symbol"],
    "title": REGISTER_HEADINGS["title"],
    "verdict": (
        "Verdict, Decision, Screening, Screening decision, Décision, Veredicto, Decisión, Decisão"
    ),
    "reasons": (
        "Reasons, Reason, Criterion, Criteria, Raison, Raisons, Motif, Motifs, Critère, Critères, "
        "Razón, Razones, Criterio, Criterios, Motivo, Motivos, Razão, Razões, Critério, Critérios"
    ),
    "note": (
        "Note, Notes, Comment, Comments, Remark, Remarks, Remarque, Remarques, Commentaire, "
        "Commentaires, Nota, Notas, Comentario, Comentarios, Observación, Observaciones, "
        "Comentário, Comentários, Observação, Observações"
    ),
    "screener": (
        "Screener, Screened by, Appraiser, Appraised by, Reviewer, By, Name, Examinateur, "
        "Examinatrice, Évaluateur, Évaluatrice, Par, Nom, Evaluador, Evaluadora, Revisor, "
        "Revisora, Por, Nombre, Avaliador, Avaliadora, Nome"
    ),
    "settles": "Settles, Settled, Settlement, Tranche, Arbitrage, Resuelve, Arbitraje, Resolve",
}
_EVALUATION: Mapping[str, Sequence[str]] = {
    "mark": ("mark", "number", "symbol", "report", "title"),
    "symbol": ("symbol", "report", "title", "mark"),
    "title": ("title", "report", "symbol", "mark"),
}
"""What says which evaluation a row is about, and as what it is read: a symbol before a mark, and
never as a mere number."""


@dataclass(frozen=True, slots=True)
class ScreeningFile:
    """What a file says of evaluations, in its order."""

    path: Path
    said: tuple[tuple[int, Said], ...]
    """Ids of entries of the register, and what is said of each."""
    said_in: tuple[int, ...]
    """The row of each of ``said``, as a spreadsheet counts, from 1."""
    appraised: tuple[tuple[int, Appraised], ...]
    rows: int
    """Below the header, those too that say nothing yet."""
    left_out: tuple[str, ...] = ()
    """Headings of columns that are none of ours: nothing of them is taken."""


@dataclass(slots=True)
class _Row:
    """A row on its way, and what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    """Column key to what stands there; only what is filled in."""
    headings: Mapping[str, str]
    wrong: list[str] = field(default_factory=list)

    def add(self, key: str, problem: object) -> None:
        """Notes what is wrong with a cell."""
        self.wrong.append(f"Row {self.number}: {self.headings[key]}: {problem}")


def read_screening(
    path: Path, plan: ScreeningPlan, evaluations: Sequence[Evaluation], screener: str
) -> ScreeningFile:
    """The verdicts and appraisals in a list, checked against settings and register.

    Columns may stand in any order, under headings in English, French, Spanish or Portuguese: mark,
    symbol or title, verdict, reasons, note, screener, settles, and the items of the checklist.

    Args:
        path: .xlsx or .csv.
        plan: As it stands in the settings.
        evaluations: Those on the list.
        screener: Whose word it is where a row does not say.

    Raises:
        WhatworksError: it cannot be read or has no such columns, or cells of it are wrong: then
            each is told with its row and column.
    """
    if path.suffix.lower() not in ENDINGS:
        raise WhatworksError(
            f"{path}: screening is not read from '{path.suffix}' files. Save it as .xlsx or .csv."
        )
    if not evaluations:
        raise WhatworksError(
            f"{path}: the register lists no evaluation yet. Bring in a list first: whatworks "
            "register import FILE"
        )
    wanted = {title_key(name) for key in (*_EVALUATION, "verdict") for name in _names(key)}
    header, records = open_records(path, lambda name: title_key(name) in wanted)
    columns = _columns(path, header, plan)
    keys = {heading: key for key, heading in columns.items()}
    rows = [_Row(number, _filled(cells, keys), columns) for number, cells in records]
    said: list[tuple[int, Said]] = []
    said_in: list[int] = []
    appraised: list[tuple[int, Appraised]] = []
    for row in rows:
        verdict, answers = _said(row, plan, screener), _answers(row, plan)
        if verdict is None and not answers and not row.wrong:
            continue
        entry = _entry(row, evaluations)
        if entry is None or row.wrong:
            continue
        if verdict is not None:
            said.append((entry, verdict))
            said_in.append(row.number)
        if answers:
            note = "" if verdict is not None else row.cells.get("note", "")
            by = row.cells.get("screener", screener)
            appraised.append((entry, Appraised(by, answers, note)))
    if wrong := [one for row in rows for one in row.wrong]:
        raise WrongCellsError(path, wrong)
    return ScreeningFile(
        path,
        tuple(said),
        tuple(said_in),
        tuple(appraised),
        sum(bool(row.cells) for row in rows),
        tuple(one for one in header if one not in keys),
    )


def _columns(path: Path, header: Sequence[str], plan: ScreeningPlan) -> dict[str, str]:
    """Column key to its heading; items of the checklist are 'item:Complete'."""
    known = {title_key(name): key for key in _HEADINGS for name in _names(key)}
    known |= {title_key(item): f"item:{item}" for item in plan.checklist}
    columns: dict[str, str] = {}
    for heading in header:
        key = known.get(title_key(heading))
        if key in columns:
            raise WhatworksError(
                f"{path}: the columns '{columns[key]}' and '{heading}' both give the same. Rename "
                "or delete one of them."
            )
        if key is not None:
            columns[key] = heading
    shown = ", ".join(f"'{one}'" for one in header[:12])
    if not any(key in columns for key in _EVALUATION):
        raise WhatworksError(
            f"{path}: no column says which evaluation a row is about; the columns are {shown}. "
            "Name it 'Mark', 'Symbol' or 'Title'."
        )
    if "verdict" not in columns and not any(key.startswith("item:") for key in columns):
        raise WhatworksError(
            f"{path}: there is neither a column 'Verdict' nor one of the checklist "
            f"({', '.join(plan.checklist)}); the columns are {shown}."
        )
    return columns


def _filled(cells: Mapping[str, Cell], keys: Mapping[str, str]) -> dict[str, str]:
    texts = {key: cell_text(cells[heading]) for heading, key in keys.items()}
    return {key: text for key, text in texts.items() if text}


def _entry(row: _Row, evaluations: Sequence[Evaluation]) -> int | None:
    """The id of the evaluation that a row is about; None where it is wrong, which is noted."""
    found: dict[str, Evaluation] = {}
    for key, by in _EVALUATION.items():
        if key in row.cells:
            try:
                found[key] = named(row.cells[key], evaluations, by)
            except WhatworksError as error:
                # Beside a mark or a symbol a title may be shortened, or in other words.
                if key == "title" and found:
                    continue
                row.add(key, error)
                return None
    if not found:
        row.wrong.append(f"Row {row.number}: it does not say which evaluation it is about.")
        return None
    meant = {one.id: one for one in found.values()}
    if len(meant) > 1:
        said = " and ".join(f"'{row.cells[key]}' is {one.mark}" for key, one in found.items())
        row.wrong.append(f"Row {row.number}: it names two evaluations: {said}.")
        return None
    return next(iter(meant))


def _said(row: _Row, plan: ScreeningPlan, screener: str) -> Said | None:
    """The verdict in a row; None where there is none."""
    if "verdict" not in row.cells:
        for key in ("reasons", "settles"):
            if key in row.cells and (key == "reasons" or _settles(row)):
                row.add(key, "the row gives no verdict. Give one, or empty this cell.")
        return None
    try:
        verdict = verdict_of(row.cells["verdict"])
    except WhatworksError as error:
        row.add("verdict", error)
        return None
    reasons = []
    for given in listed(row.cells.get("reasons", "")):
        try:
            reasons.append(reason_of(given, verdict, plan))
        except WhatworksError as error:
            row.add("reasons", error)
    by, note = row.cells.get("screener", screener), row.cells.get("note", "")
    return Said(by, verdict, tuple(reasons), note, settles=_settles(row))


def _settles(row: _Row) -> bool:
    try:
        return settles_of(row.cells.get("settles", ""))
    except WhatworksError as error:
        row.add("settles", error)
        return False


def _answers(row: _Row, plan: ScreeningPlan) -> dict[str, str]:
    answers: dict[str, str] = {}
    for item in plan.checklist:
        key = f"item:{item}"
        try:
            if key in row.cells:
                answers[item] = answer_of(row.cells[key])
        except WhatworksError as error:
            row.add(key, error)
    return answers


def _names(key: str) -> list[str]:
    return [name.strip() for name in _HEADINGS[key].split(",")]
