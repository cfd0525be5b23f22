"""The folder that products are put into: each file whole or not at all, others left alone."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from ...nlp.errors import WhatworksError
from ..exchange.files import WholeFile, explain
from .products import DOCUMENT, PAGE, REPRODUCE, WORKBOOK


class BytesFile(WholeFile):
    """A file that appears whole or not at all."""

    encoding = None

    def write(self, content: bytes) -> None:
        """Puts it in its place."""
        with self._told():
            self._file.write(content)
            self._put()


def check_folder(folder: Path, *, overwrite: bool) -> None:
    """What is wrong with the folder is said before anything is worked out.

    Raises:
        WhatworksError: it is a file, the one above it is missing, or it holds earlier products that
            may not be replaced.
    """
    if folder.exists() and not folder.is_dir():
        raise WhatworksError(f"{folder}: this is a file. Give a folder with -o.")
    if not folder.resolve().parent.is_dir():
        raise WhatworksError(
            f"{folder}: there is no folder '{folder.parent}'. Create it, or give another place "
            "with -o."
        )
    if not overwrite:
        _check_free(folder, (REPRODUCE, WORKBOOK, DOCUMENT, PAGE))


def write_products(
    folder: Path, products: Mapping[str, bytes], *, overwrite: bool
) -> Iterator[Path]:
    """Writes each product and yields it; other files stay as they are.

    Raises:
        WhatworksError: one is there already, or cannot be written; the message names it.
    """
    if not overwrite:
        _check_free(folder, products)
    for name, content in products.items():
        path = folder / name
        try:
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise explain(path.parent, error) from error
        with BytesFile(path) as file:
            file.write(content)
        yield path


def left_from_before(folder: Path, products: Collection[str]) -> tuple[str, ...]:
    """Products that an earlier run put there, by its ``reproduce.json``, and this one does not
    make: they may say something else now.
    """
    try:
        said = json.loads((folder / REPRODUCE).read_text("utf-8"))
        earlier = [str(name) for name in said["products"]]
    except (OSError, ValueError, KeyError, TypeError):
        # Not there, or not ours: then nothing is known of an earlier run.
        return ()
    return tuple(name for name in earlier if name not in products and (folder / name).is_file())


def _check_free(folder: Path, names: Collection[str]) -> None:
    for name in names:
        if (folder / name).exists():
            raise WhatworksError(
                f"{folder / name}: this file is there already. Give another folder with -o, or "
                "--overwrite to replace earlier products."
            )
