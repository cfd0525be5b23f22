"""``whatworks.toml``: what a project is called, where its database is, how labels are confirmed."""

import json
import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, make_url

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .resolution import Policy
from .screening import ScreeningPlan
from .settings_screening import KEYS as SCREENING_KEYS
from .settings_screening import TEXT as SCREENING_TEXT
from .settings_screening import screening_plan
from .settings_synthesis import KEYS as SYNTHESIS_KEYS
from .settings_synthesis import TEXT as SYNTHESIS_TEXT
from .settings_synthesis import SynthesisPlan, synthesis_plan
from .store.addresses import database_url, sqlite_file

SETTINGS_FILE = "whatworks.toml"
DEFAULT_DATABASE = "sqlite:///whatworks.db"

_KEYS: Mapping[str, tuple[str, ...]] = {
    "project": ("name",),
    "database": ("url",),
    "review": ("policy", "adjudicators"),
    "model": ("model", "encoder"),
    "screening": SCREENING_KEYS,
    "synthesis": SYNTHESIS_KEYS,
}
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_TEXT = """\
# A whatworks project. Commands run in this folder, or in one below it, find it by this file.

[project]
name = {name}

[database]
# "sqlite:///whatworks.db" is a file beside this one. A team on several computers uses PostgreSQL:
# "postgresql://user:${{WHATWORKS_PASSWORD}}@server/database". What stands in ${{...}} is read from
# the environment, so that no password stands in a file.
url = {url}

[review]
# When a passage is confirmed:
#   "one-reviewer"     one decision is enough;
#   "two-agree"        two people must give the same answer;
#   "two-adjudicated"  as before, and where they disagree an adjudicator settles it.
policy = "one-reviewer"
# Who may settle: names as given with --as, such as ["ana", "joão"].
adjudicators = []

[model]
# "starter", or a model folder that whatworks saved, seen from here.
model = "starter"
# "" is the model's own encoder; else a sentence-transformers folder or hub id.
encoder = ""

{screening}
{synthesis}"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands in ``whatworks.toml``."""

    name: str
    database: str = DEFAULT_DATABASE
    """As it is written there: ``project_database`` fills it in."""
    policy: Policy = field(default_factory=Policy)
    model: str = "starter"
    encoder: str = ""
    """'' is the model's own."""
    screening: ScreeningPlan = field(default_factory=ScreeningPlan)
    synthesis: SynthesisPlan = field(default_factory=SynthesisPlan)


def settings_text(name: str, database: str = DEFAULT_DATABASE) -> str:
    """A new ``whatworks.toml``, with comments for the people who change it."""
    # JSON strings are TOML strings, but for DEL, which `init_project` refuses.
    return _TEXT.format(
        name=json.dumps(name, ensure_ascii=False),
        url=json.dumps(database, ensure_ascii=False),
        screening=SCREENING_TEXT,
        synthesis=SYNTHESIS_TEXT,
    )


def read_settings(path: Path) -> Settings:
    """The settings in a file; what is left out has its default.

    Raises:
        WhatworksError: the file cannot be read, or a key or value is wrong; both are named.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise WhatworksError(f"{path}: this is not valid TOML: {error}.") from error
    except UnicodeDecodeError as error:
        raise WhatworksError(f"{path}: this is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise WhatworksError(f"{path}: it cannot be read: {error.strerror}.") from error
    _check_keys(raw, path)
    project, database, review, model, screening, synthesis = (
        raw.get(section, {}) for section in _KEYS
    )
    return Settings(
        name=_text(project, "name", path.absolute().parent.name, path),
        database=_text(database, "url", DEFAULT_DATABASE, path),
        policy=_policy(review, path),
        model=_text(model, "model", "starter", path) or "starter",
        encoder=_text(model, "encoder", "", path),
        screening=screening_plan(screening, path),
        synthesis=synthesis_plan(synthesis, path),
    )


def use_model(path: Path, model: str) -> None:
    """Names another model in a settings file; all else in it stays as it is, remarks too.

    Raises:
        WhatworksError: the file cannot be read or written.
    """
    read_settings(path)
    text = path.read_text("utf-8-sig")
    line = f"model = {json.dumps(model, ensure_ascii=False)}"
    section = re.search(r"^\[model\][^\n]*(\n|\Z)", text, re.MULTILINE)
    if section is None:
        changed = f"{text.rstrip()}\n\n[model]\n{line}\n"
    else:
        begin, rest = f"{text[: section.end()].rstrip()}\n", text[section.end() :]
        following = re.search(r"^\[", rest, re.MULTILINE)
        end = following.start() if following else len(rest)
        own, after = rest[:end], rest[end:]
        own, found = re.subn(r"^model\s*=.*$", lambda _: line, own, count=1, flags=re.MULTILINE)
        changed = f"{begin}{own if found else f'{line}{chr(10)}{own}'}{after}"
    if _model_in(changed) != model:
        raise WhatworksError(
            f"{path}: the model's line cannot be found in it. Put this below [model]: {line}"
        )
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_text(changed, "utf-8")
        shutil.copymode(path, draft)
        draft.replace(path)
    except OSError as error:
        raise WhatworksError(f"{path}: it cannot be written: {error.strerror}.") from error


def _model_in(text: str) -> object:
    """The model that a settings file names; None where that is no valid TOML."""
    try:
        return tomllib.loads(text).get("model", {}).get("model")
    except tomllib.TOMLDecodeError:
        return None


def project_database(address: str, folder: Path, where: str) -> URL:
    """The address with ``${...}`` filled in from the environment, and a file's path made whole.

    A value is escaped, so that a password may hold any sign; one that is the whole address is
    taken as it is.

    Args:
        address: As it was given.
        folder: The project's: the path of a SQLite file is seen from it.
        where: What to name when it is wrong: the settings file, or an option.

    Raises:
        WhatworksError: no address, another engine, or a variable that is not set.
    """
    whole = _VARIABLE.fullmatch(address) is not None

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if not found:
            raise WhatworksError(
                f"{where}: the database's address needs the environment variable {match[1]}, "
                f"which is not set. Set it: export {match[1]}=..."
            )
        return found if whole else quote(found, safe="")

    address = _VARIABLE.sub(value, address)
    try:
        url = database_url(address)
    except WhatworksError as error:
        raise WhatworksError(f"{where}: {error}") from error
    if sqlite_file(url) is None:
        if not url.database:
            raise WhatworksError(
                f"{where}: the database's address names no database. Write it like "
                "'postgresql://user@host/database'."
            )
        return url
    return database_url(folder.absolute() / (make_url(address).database or ""))


def _check_keys(raw: Mapping[str, Any], path: Path) -> None:
    for section, values in raw.items():
        home = next((name for name, keys in _KEYS.items() if section in keys), None)
        if home is not None and section not in _KEYS:
            raise WhatworksError(
                f"{path}: '{section}' stands outside of its section. Put it below [{home}]."
            )
        if section not in _KEYS:
            raise WhatworksError(
                f"{path}: {unknown('section', section, _KEYS)} There are "
                f"{', '.join(f'[{name}]' for name in _KEYS)}."
            )
        if not isinstance(values, dict):
            raise WhatworksError(
                f"{path}: '{section}' is a section. Write a line [{section}] and its keys below."
            )
        for key in values:
            if key not in _KEYS[section]:
                raise WhatworksError(
                    f"{path}: {unknown('key', key, _KEYS[section])} [{section}] has "
                    f"{', '.join(_KEYS[section])}."
                )


def _text(section: Mapping[str, Any], key: str, default: str, path: Path) -> str:
    value = section.get(key, default)
    if not isinstance(value, str):
        raise WhatworksError(f"{path}: '{key}' is a text. Put it in quotes: {key} = \"{value}\"")
    return value.strip()


def _policy(review: Mapping[str, Any], path: Path) -> Policy:
    given = review.get("adjudicators", [])
    if not isinstance(given, list) or not all(
        isinstance(one, str) and one.strip() for one in given
    ):
        raise WhatworksError(
            f"{path}: 'adjudicators' is a list of names, such as adjudicators = [\"ana\"]."
        )
    try:
        return Policy(
            _text(review, "policy", "one-reviewer", path),
            tuple(sorted({one.strip() for one in given})),
        )
    except WhatworksError as error:
        raise WhatworksError(f"{path}: {error}") from error
