"""``reproduce.json``: from what the products were made, so that anyone can make them again."""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from ... import __version__
from .material import Material

LIBRARIES = (
    "altair",
    "vl-convert-python",
    "xlsxwriter",
    "python-docx",
    "jinja2",
    "babel",
    "numpy",
    "sqlalchemy",
)
"""Those that products are made with."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the material comes from, besides what it says itself."""

    project_key: str
    """Of the project's database: it stays when the project is renamed or moved."""
    codebook_sha256: str
    """Of the codebook's file as it was applied."""
    settings: Mapping[str, Any]
    """What the products follow of the settings, plain values."""
    command: str
    """That makes them again."""


def reproduce_json(material: Material, origin: Origin, products: Mapping[str, bytes]) -> bytes:
    """The file: the same material and products give the same bytes.

    Args:
        material: What the products were made of.
        origin: Where that comes from.
        products: Name of each, seen from the folder they are in, to its content.
    """
    said = {
        "command": origin.command,
        "as_of": material.as_of,
        "project": {"name": material.project, "key": origin.project_key},
        "log": {"decisions": material.decisions, "head": material.head},
        "codebook": {
            "id": material.codebook.id,
            "title": material.codebook.title,
            "version": material.codebook_version,
            "sha256": origin.codebook_sha256,
        },
        "models": [asdict(one) for one in material.models],
        "counted": {
            "evaluations_listed": len(material.listed),
            "evaluations_included": len(material.included),
            "passages": material.passages,
            "confirmed": material.confirmed,
            "findings": len(material.findings),
            "findings_counted": len(material.counted),
        },
        "settings": origin.settings,
        "versions": {
            "whatworks": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
        },
        "products": {name: _sha256(products[name]) for name in sorted(products)},
    }
    return f"{json.dumps(said, ensure_ascii=False, indent=1)}\n".encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
