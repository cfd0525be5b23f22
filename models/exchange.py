"""A model to another office, whole and on its own, and one from there."""

import json
import os
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..nlp.encoders import BUNDLED, load_sentence_transformer, text_prefix
from ..nlp.errors import WhatworksError
from .card import front_matter, read_card
from .folder import STARTER, Model, load_model, save_model
from .placing import alone_in, draft_in, put_in_place
from .registry import ENCODER, IMPORTED, MODELS, SCORECARD, read_scorecard, try_model
from .stranger import ENCODER_FOLDER, PARTS, check_folder

_NAME = re.compile(r"\w[\w.-]{0,63}")
_OWN_NAME = re.compile(r"(heads|tuned)-\d+")
_USE = """
## Use

`whatworks models import DIR` takes it over into a project; `whatworks models use NAME` lets it
suggest there. `encoder/` is a plain sentence-transformers folder (version 6 or later): the encoder
with all that was tuned in it, in half precision. Its own settings put '{prefix}' before every
text, as the heads want it:

```python
from sentence_transformers import SentenceTransformer

vectors = SentenceTransformer("encoder").encode(["Funds for the second phase came late."])
```

JSON, text and safetensors only: no code is run from this folder.
"""


def export_model(model: Model, source: Path, target: Path) -> None:
    """Writes a model with its encoder inside; the folder appears when it is whole.

    Args:
        model: The model.
        source: Its folder, for its scorecard and its card.
        target: Not there yet.

    Raises:
        WhatworksError: it is there already, it cannot be written, or the encoder cannot be loaded
            or has parts that nobody could take over.
    """
    from safetensors import SafetensorError

    target = target.absolute()
    if os.path.lexists(target):
        raise WhatworksError(f"{target}: this is there already. Give the name of a new folder.")
    if not target.parent.is_dir():
        raise WhatworksError(
            f"{target}: there is no folder {target.parent}. Make it, or give another one."
        )
    try:
        with draft_in(target.parent) as draft:
            prefix = _write_encoder(model, draft / ENCODER_FOLDER)
            card = source / "README.md"
            said = card.read_text("utf-8", errors="replace") if card.is_file() else ""
            head, text = read_card(said)
            text = text.partition("\n## Use\n")[0] or f"# {model.name} {model.version}\n"
            use = _USE.format(prefix=prefix)
            origin = str(model.made_from.get(ENCODER, model.encoder))
            written = f"{front_matter(origin, head)}\n{text.rstrip()}\n{use}"
            (draft / "README.md").write_text(written, "utf-8")
            if read_scorecard(source):
                shutil.copyfile(source / SCORECARD, draft / SCORECARD)
            own = replace(
                model,
                encoder=str(draft / ENCODER_FOLDER),
                layers=None,
                tuned_from=model.untuned if model.is_tuned and model.untuned == BUNDLED else "",
            )
            save_model(replace(own, made_from=_without_paths(model)), draft)
            # Nobody is sent what they could not take over.
            check_folder(draft)
            put_in_place(draft, target)
    except (OSError, SafetensorError) as error:
        why = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise WhatworksError(
            f"{target}: the model cannot be written: {why}. Give a folder on a "
            "drive that you may write to and that has some 500 MB free."
        ) from error


def import_model(source: Path, project_folder: Path, name: str = "") -> Path:
    """Copies somebody's model into a project, once it was looked through; the new folder.

    Args:
        source: Its folder.
        project_folder: The project's.
        name: What it is called there; by default as its folder.

    Raises:
        WhatworksError: anything in it is refused, it does not load, there is a model of that name,
            or it cannot be written.
    """
    source = source.absolute()
    name = name or source.name
    models = project_folder / MODELS
    _check_name(name, models, source)
    if not source.is_dir():
        raise WhatworksError(f"{source}: there is no such folder. Give the folder of a model.")
    check_folder(source)
    try_model(load_model(source))
    try:
        with alone_in(models), draft_in(models) as draft:
            for path in sorted(source.rglob("*")):
                copy = draft / path.relative_to(source)
                if path.is_dir():
                    copy.mkdir()
                else:
                    shutil.copyfile(path, copy, follow_symlinks=False)
            # What was looked at and what was copied need not be the same.
            check_folder(draft)
            load_model(draft)
            path = draft / "config.json"
            config = json.loads(path.read_text("utf-8"))
            config["made_from"][IMPORTED] = datetime.now(UTC).isoformat(timespec="seconds")
            path.write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", "utf-8")
            put_in_place(draft, models / name)
    except OSError as error:
        if os.path.lexists(models / name):
            raise _taken(models / name) from error
        why = error.strerror or error
        raise WhatworksError(f"{models}: the model cannot be copied there: {why}.") from error
    return models / name


def _write_encoder(model: Model, folder: Path) -> str:
    """Writes the encoder with its tuned layers; what it wants before a text."""
    encoder = load_sentence_transformer(model.encoder, model.layers)
    parts = [type(one).__name__ for one in encoder]
    if parts not in PARTS:
        raise WhatworksError(
            f"The model {model.name} {model.version} cannot be exported: its encoder "
            f"{model.encoder} has the parts {', '.join(parts)}, and others take over none but "
            f"{', '.join(PARTS[-1])}."
        )
    prefix = text_prefix(encoder, model.encoder)
    encoder.prompts = {"query": prefix, "document": prefix}
    encoder.default_prompt_name = "query"
    # As the bundled encoder and the tuned layers are stored anyway; half the size of the others.
    encoder.half().save(str(folder), create_model_card=False)
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    # Stored in half precision, computed in full: half is slow and coarse on a processor.
    path.write_text(json.dumps(config | {"dtype": "float32"}, indent=2) + "\n", "utf-8")
    return prefix


def _without_paths(model: Model) -> dict[str, Any]:
    """What it was made from, without where things lie on this computer."""
    made = {key: value for key, value in model.made_from.items() if key != IMPORTED}
    made[ENCODER] = made.get(ENCODER, model.encoder)
    for key in (ENCODER, "refitted_from"):
        if isinstance(made.get(key), str) and Path(made[key]).is_absolute():
            made[key] = Path(made[key]).name
    return made


def _check_name(name: str, models: Path, source: Path) -> None:
    if not _NAME.fullmatch(name) or name == STARTER or name.endswith("."):
        raise WhatworksError(
            f"A model cannot be called '{name}'. Give letters, figures, '-', '_' and '.', such as: "
            f"whatworks models import {source} --name office-2026"
        )
    if _OWN_NAME.fullmatch(name):
        raise WhatworksError(
            f"Names like '{name}' are those of the project's own models. Give another one, such "
            f"as: whatworks models import {source} --name office-{name}"
        )
    if os.path.lexists(models / name):
        raise _taken(models / name)


def _taken(folder: Path) -> WhatworksError:
    return WhatworksError(
        f"{folder}: there is a model of that name. Give another one with --name NAME."
    )
