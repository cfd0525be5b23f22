"""The project folder: where a team's reports, codebook, suggestions and decisions come together."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, func, select

from ..nlp.errors import WhatworksError
from .codebook import DEFAULT_CODEBOOK
from .codebook_file import codebook_source, read_codebook
from .resolution import Policy
from .settings import (
    DEFAULT_DATABASE,
    SETTINGS_FILE,
    Settings,
    project_database,
    read_settings,
    settings_text,
)
from .store.codebooks import FILE_NAME as CODEBOOK_FILE
from .store.codebooks import add_codebook, current_codebook
from .store.database import Store, create_store, open_store
from .store.decisions import set_policy
from .store.schema import codebook_version, decision, report


@dataclass(frozen=True, slots=True)
class Project:
    """An open project."""

    folder: Path
    """Absolute."""
    settings: Settings
    store: Store
    notes: tuple[str, ...] = ()
    """What a user should know of its opening: 'The policy changed: 12 passages changed state.'"""

    @property
    def settings_file(self) -> Path:
        """``whatworks.toml``."""
        return self.folder / SETTINGS_FILE

    @property
    def codebook_file(self) -> Path:
        """``codebook.yaml``: what is edited; it holds from ``whatworks codebook apply`` on."""
        return self.folder / CODEBOOK_FILE


def init_project(
    folder: Path,
    *,
    name: str = "",
    codebook: str | Path = DEFAULT_CODEBOOK,
    database: str = DEFAULT_DATABASE,
    by: str = "",
) -> Settings:
    """Makes a project in a folder, new or not: its settings, its codebook, its database.

    No file is overwritten. The settings come last, so that a folder with them is whole: when
    something ends this half-way, it can simply be done again.

    Args:
        folder: Made where it is not there.
        name: What the project is called; by default as the folder.
        codebook: The name of a shipped codebook, or a file.
        database: A database address, as it is to stand in the settings.
        by: Who makes it, for the record.

    Raises:
        WhatworksError: it is a project already, holds another codebook, or its database holds
            another project's work, or cannot be made.
    """
    folder = folder.absolute()
    settings_file = folder / SETTINGS_FILE
    if settings_file.exists():
        raise WhatworksError(
            f"{folder}: this is a project already. See where it stands with: "
            f"whatworks status --project {shlex.quote(str(folder))}"
        )
    name = " ".join(name.split()) or folder.name or "project"
    if not name.isprintable():
        raise WhatworksError(f"The project's name {name!r} has signs that cannot be shown.")
    url = project_database(database, folder, "--database")
    source = codebook_source(codebook)
    read_codebook(source, str(codebook))
    text = settings_text(name, database)
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(folder / CODEBOOK_FILE, source, write=False)
        _fill(url, source, by)
        _write_new(folder / CODEBOOK_FILE, source)
        _write_new(settings_file, text)
    except OSError as error:
        _remove_empty(folder, is_new)
        raise WhatworksError(
            f"{error.filename or folder}: the project cannot be made there: "
            f"{error.strerror or error}. Give another folder, or mend this and try again."
        ) from error
    except WhatworksError:
        _remove_empty(folder, is_new)
        raise
    return read_settings(settings_file)


def find_project(given: Path | None = None, start: Path | None = None) -> Path:
    """The folder of the project that is meant.

    That is the one given (the folder or its ``whatworks.toml``), else the nearest one from
    ``start`` upward.

    Args:
        given: What the user named, if anything.
        start: Where to begin; by default the working directory.

    Raises:
        WhatworksError: there is none.
    """
    if given is not None:
        folder = given.parent if given.name == SETTINGS_FILE else given
        if not _is_project(folder):
            raise WhatworksError(
                f"{given}: there is no project here ({SETTINGS_FILE} is missing). "
                f"Name its folder, or make one with: whatworks init {folder}"
            )
        return folder.absolute()
    start = (start or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        if _is_project(folder):
            return folder
    raise WhatworksError(
        f"There is no project in {start} or above it. Go to its folder, name it with "
        "--project DIR, or make one with: whatworks init DIR"
    )


@contextmanager
def open_project(given: Path | None = None, *, start: Path | None = None) -> Iterator[Project]:
    """The project that ``find_project`` finds, with its store open.

    A policy that was changed in the settings takes effect here.

    Raises:
        WhatworksError: no project, wrong settings, or a database that cannot be opened.
    """
    folder = find_project(given, start)
    settings = read_settings(folder / SETTINGS_FILE)
    url = project_database(settings.database, folder, str(folder / SETTINGS_FILE))
    store = open_store(url)
    try:
        changed = set_policy(store, settings.policy)
        notes = (_policy_note(settings, changed),) if changed else ()
        yield Project(folder, settings, store, notes)
    finally:
        store.close()


def _remove_empty(folder: Path, is_new: bool) -> None:
    if is_new:
        # A database that was begun stays in it, and is gone on with.
        with suppress(OSError):
            folder.rmdir()


def _is_project(folder: Path) -> bool:
    # Path.is_file raises where a folder above may not be looked into.
    return os.path.isfile(folder / SETTINGS_FILE)  # noqa: PTH113


def _policy_note(settings: Settings, changed: int) -> str:
    passages = "1 passage" if changed == 1 else f"{changed:,} passages"
    return f"The policy is now '{settings.policy.name}': {passages} changed state."


def _write_new(path: Path, text: str, *, write: bool = True) -> None:
    """Writes a file whole or not at all; one that holds just this is left as it is.

    Args:
        path: The file.
        text: What it is to hold.
        write: Only looks whether it could be written where this is False.
    """
    if path.exists():
        if path.read_text("utf-8-sig") == text:
            return
        raise WhatworksError(
            f"{path}: this file is there already and is not overwritten. To use it as the "
            f"project's codebook give --codebook {path}; else move it away."
        )
    if not write:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _fill(url: URL, source: str, by: str) -> None:
    """A database with the codebook as its first version; one begun before is gone on with."""
    try:
        store = create_store(url)
    except WhatworksError as error:
        try:
            store = open_store(url)
        except WhatworksError:
            raise error from None
    try:
        with store.reading() as connection:
            used = any(
                connection.scalar(select(func.count()).select_from(table))
                for table in (report, decision)
            )
            versions = connection.scalar(select(func.count()).select_from(codebook_version))
            same = versions == 1 and current_codebook(connection).source == source
        if used or (versions and not same):
            raise WhatworksError(
                "The database holds a project already. To work on it from here, copy that "
                f"project's {SETTINGS_FILE} and {CODEBOOK_FILE} into this folder; else give "
                "another database, or delete this one if a broken-off whatworks init left it."
            )
        if not versions:
            add_codebook(store, source, by)
        set_policy(store, Policy())
    finally:
        store.close()
