"""Reports of a ``Material`` made by hand, and what else they are made of."""

import struct
import zlib

import numpy as np

from tests.synthesis_material import a_material
from whatworks.labels.agreement.bootstrap import Figure, Interval
from whatworks.labels.audit_estimates import ModelFigures
from whatworks.labels.store.audit_sample import AuditSample
from whatworks.labels.store.audit_scores import Audited, AuditFigures, AuditScores
from whatworks.labels.synthesis.content import Options, Report, report
from whatworks.labels.synthesis.estimates import Estimate, Estimates
from whatworks.labels.synthesis.figures.interface import Figure as Drawing
from whatworks.labels.synthesis.languages import texts_in
from whatworks.labels.synthesis.material import Material
from whatworks.nlp.passages import PassageId

MATERIAL = a_material()
_SHARE = Figure(0.134, Interval(0.11, 0.159))
ESTIMATES = Estimates(
    population=3106,
    not_covered=40,
    audited=200,
    model="starter",
    level=0.95,
    finding_types={"lesson": Estimate(_SHARE, Figure(0.12, Interval(0.08, 0.17)))},
    themes={"local-presence": Estimate(_SHARE, Figure(None, None, "nothing to count"))},
)


def a_report(
    material: Material = MATERIAL,
    language: str = "en",
    estimates: Estimates | None = None,
    audit: AuditFigures | None = None,
    **options: object,
) -> Report:
    """The report of a material, in English where nothing else is said."""
    return report(material, estimates, audit, texts_in(language), Options(**options))  # type: ignore[arg-type]


def an_audit() -> AuditFigures:
    """One model on three audited passages of four."""
    ids = tuple(PassageId(f"{n:016}") for n in range(4))
    sample = AuditSample(7, "2026-11-03T08:00:00.000000Z", ids, dict.fromkeys(ids, (1, "en", 0)))
    sure = Figure(0.75, Interval(0.6, 0.9))
    own = ModelFigures(sure, Figure(0.5), Figure(None, None, "nothing to count"), sure)
    scores = AuditScores("round 2", "2026-11-16T08:00:00.000000Z", 120, 3, sure, {"lesson": own})
    given = np.zeros((3, 1), np.bool_)
    return AuditFigures(Audited(sample, ids[:3], given, given), {}, {}, (scores,), None)


def a_drawing(name: str = "screening-flow", title: str = "A <figure>") -> Drawing:
    """Two red points beside each other, with a name inside that other drawings have too."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1" role="img">'
        '<clipPath id="clip"><rect width="2" height="1"/></clipPath>'
        '<rect clip-path="url(#clip)" width="2" height="1" fill="red"/></svg>\n'
    )
    return Drawing(name, title, "Two points & no more.", svg, _png(384, 192), "a,b\n1,2\n")


def _png(width: int, height: int) -> bytes:
    """A grey picture."""
    rows = zlib.compress(b"".join(b"\0" + b"\x88" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
