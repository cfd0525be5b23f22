"""How models were used, after the principles of the United Nations Evaluation Group.

UNEG (2025), "Ethical Principles for Harnessing AI in United Nations Evaluations": transparency and
accountability; fairness and inclusivity; data protection and privacy; validity and reliability;
human rights-based use.
"""

from collections.abc import Iterator

from ...agreement.bootstrap import Figure
from ...store.audit_scores import AuditFigures, AuditScores
from .blocks import Block, Cell, Given, Heading, List, Note, Paragraph, Table
from .estimated import figure, interval
from .subject import NOTHING, Subject


def models_annex(subject: Subject, audit: AuditFigures | None) -> Iterator[Block]:
    """The annex."""
    texts = subject.texts
    yield Heading(texts("How models were used"), 1, "annex-models", True)
    if not subject.material.models:
        yield Note(texts("No model was used."))
        return
    yield Paragraph(
        texts(
            "This annex follows the five principles of UNEG's “Ethical Principles for Harnessing "
            "AI in United Nations Evaluations” (2025)."
        )
    )
    yield Heading(texts("Transparency and accountability"), 2, "uneg-transparency")
    yield List(
        (
            texts(
                "Purpose: models suggested finding types and themes for passages and ordered what "
                "people read. They wrote no text, and no suggestion is counted that people did not "
                "confirm."
            ),
            texts(
                "People decided on every passage that is counted, and answer for it. Each decision "
                "is kept with its author and time in a log that cannot be changed unseen."
            ),
            texts(
                "The log's last entry has the fingerprint %(head)s: with it anyone can check that "
                "these figures come from that log.",
                head=subject.material.head[:16],
            ),
        )
    )
    yield _models(subject)
    yield Heading(texts("Fairness and inclusivity"), 2, "uneg-fairness")
    yield Paragraph(
        texts(
            "Reports in English, French, Spanish and Portuguese go through the same models, and "
            "quotations stand in their own language. Suggestions may be better in one language or "
            "subject than in another, and a passage that no model suggests may stay unread."
        )
    )
    yield Heading(texts("Data protection and privacy"), 2, "uneg-privacy")
    yield Paragraph(
        texts(
            "whatworks runs its models on the office's own computers and sends no text to any "
            "service. Reports, decisions and models stay there."
        )
    )
    yield Heading(texts("Validity and reliability"), 2, "uneg-validity")
    yield from _scores(subject, audit)
    yield Heading(texts("Human rights-based AI implementation"), 2, "uneg-rights")
    yield Paragraph(
        texts(
            "No model judged a person, a project or a country. What people and communities said is "
            "quoted as the evaluations give it, and everyone can follow each count back to its "
            "pages and question it."
        )
    )


def _models(subject: Subject) -> Table:
    texts, material = subject.texts, subject.material
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (Given(one.name), Given(one.fingerprint[:16]), texts.date(one.created_at), one.suggestions)
        for one in material.models
    )
    head = (
        texts("Model"),
        texts("Fingerprint"),
        texts("In use from"),
        texts("Passages it suggested for"),
    )
    return Table("models", texts("Models that were at work"), head, rows)


def _scores(subject: Subject, audit: AuditFigures | None) -> Iterator[Block]:
    texts = subject.texts
    if audit is None or not audit.models:
        yield Note(
            texts(
                "No audit sample was drawn and read, so it is not known how good the suggestions "
                "were. To draw one: whatworks round audit"
            )
        )
        return
    yield Paragraph(
        texts(
            "%(audited)s passages drawn at random were read by people and compared with what each "
            "model suggested; %(open)s more are not confirmed yet. Precision is how much of what a "
            "model suggests is right, recall how much of what there is it suggests, and F1 their "
            "harmonic mean; 95%% intervals stand in brackets. The sample is of the whole project, "
            "with evaluations that are not included.",
            audited=texts.number(len(audit.audited.ids)),
            open=texts.number(audit.audited.open),
        )
    )
    yield _models_scores(subject, audit)
    yield _types_scores(subject, audit.models[-1])


def _models_scores(subject: Subject, audit: AuditFigures) -> Table:
    texts = subject.texts
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (Given(one.model), one.learned_from, one.passages, _with_interval(subject, one.macro_f1))
        for one in audit.models
    )
    head = (
        texts("Model"),
        texts("Confirmed passages it learned from"),
        texts("Audited passages"),
        texts("F1, mean of the finding types"),
    )
    return Table("model-scores", texts("Scores of the models on the audit sample"), head, rows)


def _types_scores(subject: Subject, one: AuditScores) -> Table:
    texts = subject.texts
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            subject.finding_type(code),
            _with_interval(subject, found.precision),
            _with_interval(subject, found.recall),
            _with_interval(subject, found.f1),
        )
        for code, found in one.finding_types.items()
    )
    head = (texts("Finding type"), texts("Precision"), texts("Recall"), texts("F1"))
    title = texts("Scores of the last model, “%(model)s”, by finding type", model=one.model)
    return Table("type-scores", title, head, rows)


def _with_interval(subject: Subject, given: Figure) -> str:
    """'71.2% (64.0% to 77.5%)'."""
    if given.value is None:
        return NOTHING
    around = interval(subject, given)
    return figure(subject, given) + (f" ({around})" if around != NOTHING else "")
