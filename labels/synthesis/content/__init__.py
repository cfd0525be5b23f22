"""The content of the report: what stands in it, in which order, in which words.

Sentences are fixed, with counts, names and the codebook's definitions in them; all else is quoted.
Nothing here knows how a page looks: ``html.py`` and ``docx.py`` do.
"""

from ...store.audit_scores import AuditFigures
from ...texts import Texts
from ..estimates import Estimates
from ..material import Material
from . import annexes
from .blocks import Report
from .estimated import estimated
from .evaluations import evaluations
from .limitations import limitations
from .method import method
from .models_used import models_annex
from .opening import opening
from .questions import done, for_whom, works
from .subject import Options, Subject
from .why import why

__all__ = ["Options", "Report", "report"]


def report(
    material: Material,
    estimates: Estimates | None,
    audit: AuditFigures | None,
    texts: Texts,
    options: Options,
) -> Report:
    """The whole report in the language of ``texts``; the same material gives the same report.

    Args:
        material: What is counted and quoted.
        estimates: None leaves a sentence on how to get them.
        audit: The scores of the models; None says that they are not known.
        texts: Of the catalogue of the synthesis.
        options: What the office says of it.
    """
    subject = Subject(material, estimates, texts, options)
    blocks = (
        *opening(subject),
        *method(subject),
        *evaluations(subject),
        *done(subject),
        *works(subject),
        *for_whom(subject),
        *why(subject),
        *estimated(subject),
        *limitations(subject),
        *annexes.evaluations_annex(subject),
        *annexes.excluded_annex(subject),
        *annexes.matrix_annex(subject),
        *models_annex(subject, audit),
        *annexes.codebook_annex(subject),
    )
    return Report(
        title=options.title or texts("What works, for whom and why"),
        subtitle=texts.counted(
            "Synthesis of %(num)s evaluation: %(project)s",
            "Synthesis of %(num)s evaluations: %(project)s",
            len(material.included),
            project=material.project,
        ),
        office=options.office,
        authors=options.authors,
        date=texts.date(material.as_of),
        as_of=material.as_of,
        language=texts.language,
        blocks=blocks,
    )
