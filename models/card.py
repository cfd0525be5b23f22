"""The head of a model card in Hugging Face's format, and the card's text without it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..nlp.encoders import BUNDLED

LANGUAGES = ("en", "es", "fr", "pt")
_BUNDLED_ID = "intfloat/multilingual-e5-small"
_KEYS = ("license", "language", "base_model", "library_name", "pipeline_tag", "tags")


def front_matter(encoder: str, said: Mapping[str, Any] | None = None) -> str:
    """The lines between ``---`` and ``---``, and these.

    Args:
        encoder: The one that the model was made on.
        said: What the model's card says already; it stays where it is plain text.
    """
    import yaml

    head: dict[str, Any] = {
        # The office that trained it has to say: the starter's own is Apache-2.0.
        "license": "other",
        "language": list(LANGUAGES),
        "library_name": "whatworks",
        "pipeline_tag": "text-classification",
        "tags": ["evaluation-reports", "multi-label"],
    }
    base = _BUNDLED_ID if encoder == BUNDLED else encoder
    # The hub knows ids only; a folder's path is nobody else's business.
    if base.count("/") == 1 and not Path(base).exists():
        head["base_model"] = base
    head |= {key: value for key, value in (said or {}).items() if key in _KEYS and _is_plain(value)}
    ordered = {key: head[key] for key in _KEYS if key in head}
    text: str = yaml.safe_dump(ordered, sort_keys=False, allow_unicode=True)
    return f"---\n{text}---\n"


def read_card(text: str) -> tuple[Mapping[str, Any], str]:
    """The head of a card, {} where it has none that can be read, and its text."""
    import yaml

    if not text.startswith("---\n") or "\n---\n" not in text[3:]:
        return {}, text
    head, _, body = text[4:].partition("\n---\n")
    try:
        said = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError, RecursionError):
        # Somebody's own remarks between two lines: they stay in the text.
        return {}, text
    return (said if isinstance(said, dict) else {}), body.lstrip("\n")


def _is_plain(value: Any) -> bool:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, str)
