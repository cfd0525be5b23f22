"""Which passages a model has learned from: on those its score would be memory."""

import json
from collections.abc import Iterable
from pathlib import Path

from ...models.folder import Model
from ...models.registry import MODELS
from ...nlp.errors import WhatworksError
from ..examples import Example, load_corpus
from ..own import fingerprint
from .passages import Labelled, count_of


def refuse_memory(
    model: Model, name: str, project_folder: Path, examples: Iterable[Example]
) -> None:
    """Lets a model through that was not made from a project's confirmed passages.

    It was where its folder stands among the project's models, or where it was made from just
    what one of those was made from.

    Args:
        model: The one to be measured.
        name: As it was given: a folder, or 'starter'.
        project_folder: The project's.
        examples: What is confirmed there.

    Raises:
        WhatworksError: it was.
    """
    made_from = model.made_from.get("data")
    if made_from is None or "refitted_from" not in model.made_from:
        return
    models = project_folder / MODELS
    if (
        Path(name).resolve().parent == models.resolve()
        or made_from == fingerprint(tuple(examples))
        or made_from in _made_here(models)
    ):
        raise WhatworksError(
            f"{name}: this model was made from the very passages that are confirmed here: its "
            "score on them would be memory, not skill. Leave it out: without --model and "
            "--against each report is looked at by heads that learned from the others. Or give a "
            "file of labelled passages that it has not seen: whatworks evaluate FILE"
        )


def without_learned(labelled: Labelled, learned: Iterable[Example], whose: str) -> Labelled:
    """The passages of which the text is in nothing that a model learned from.

    Args:
        labelled: What it is to be measured on.
        learned: What it learned from, beside the starter corpus, which is in every model.
        whose: What to call those.

    Raises:
        WhatworksError: none is left.
    """
    known = {_words(one.text) for one in (*load_corpus(), *learned)}
    rows = [n for n, one in enumerate(labelled.examples) if _words(one.text) not in known]
    count = len(labelled.examples) - len(rows)
    if not count:
        return labelled
    what = f"{count_of(count, 'passage')} {'is' if count == 1 else 'are'} {whose}, from which the "
    if not rows:
        raise WhatworksError(
            f"{labelled.file}: all {what}model learned: its score would be memory, not skill. "
            "Give passages that it has not seen."
        )
    return labelled.only(rows, f"{what}model learned: left out.")


def _made_here(models: Path) -> set[str]:
    """The fingerprints of what the project's own models were made from."""
    found = set()
    for config in models.glob("*/config.json"):
        try:
            made_from = json.loads(config.read_text("utf-8"))["made_from"]
            found.add(str(made_from["data"]))
        except (ValueError, KeyError, TypeError):
            # A damaged model beside the one that is asked for says nothing of it.
            continue
    return found


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()
